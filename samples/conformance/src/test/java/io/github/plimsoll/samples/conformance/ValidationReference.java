package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.ColumnContract;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.data.TableValidation;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.Profile;
import io.github.plimsoll.validation.profile.ProfileRecorder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * {@code validation.json}: facts of training tables, and serving tables in which some cells, rows and columns are wrong. A contract made
 * of the facts has to find each cell that breaks them, and no other. What was changed into something that the facts allow, such as a
 * category into another one of the domain, cannot be found and is not asked for.
 */
final class ValidationReference implements ReferenceFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String path() {
        return "validation/validation.json";
    }

    @Override
    public List<Check> checks(JsonNode content, Tables tables) throws Exception {
        List<Check> checks = new ArrayList<>();
        for (JsonNode entry : content) {
            checks.addAll(new Entry(entry, tables).checks());
        }
        return checks;
    }

    /** One training and one serving table. What is computed of them is computed once. */
    private static final class Entry {

        private final JsonNode entry;
        private final Table training;
        private final Table serving;
        private final Map<String, JsonNode> facts = new LinkedHashMap<>();
        private final List<Map<String, String>> cells = new ArrayList<>(); // of the serving table
        private final List<String> header;
        private final Map<String, Set<Integer>> found = new HashMap<>(); // rows, by column
        private final TableReport report;
        private final Profile trained;

        Entry(JsonNode entry, Tables tables) throws Exception {
            this.entry = entry;
            training = tables.table("datasets/" + entry.at("/train/table").asText() + ".csv.gz");
            serving = tables.table("validation/" + entry.path("file").asText());
            entry.path("schema_facts")
                    .forEach(fact -> facts.put(fact.path("column").asText(), fact));
            Map<Long, Integer> rowAt = new HashMap<>();
            try (TableReader reader = serving.open()) {
                header = List.copyOf(reader.columns());
                for (TableRow row : reader) {
                    rowAt.put(row.offset(), cells.size());
                    Map<String, String> values = new HashMap<>();
                    header.forEach(column -> values.put(column, row.isNull(column) ? "" : row.text(column)));
                    cells.add(values);
                }
            }
            report = TableValidation.of(contract())
                    .rejects((row, violations) -> violations.forEach(
                            violation -> found.computeIfAbsent(violation.path(), column -> new TreeSet<>())
                                    .add(rowAt.get(row.offset()))))
                    .profiling()
                    .validate(serving);
            trained = trained();
        }

        private DataContract contract() {
            List<ColumnContract> columns = facts.values().stream()
                    .map(fact -> ColumnContract.of(feature(fact)))
                    .toList();
            return DataContract.of(entry.path("id").asText(), columns).duplicates(0);
        }

        private Feature feature(JsonNode fact) {
            String name = fact.path("column").asText();
            Feature feature = switch (fact.path("type").asText()) {
                case "int" -> Feature.integer(name).range(bound(fact, "min"), bound(fact, "max"));
                case "float" -> Feature.number(name).range(bound(fact, "min"), bound(fact, "max"));
                default -> isCategory(fact) ? Feature.category(name, domain(fact)) : Feature.text(name);
            };
            return fact.path("missing").asLong() > 0 ? feature.nullable() : feature;
        }

        private static double bound(JsonNode fact, String end) {
            return Numbers.read(fact.get(end));
        }

        /** A column of texts has a domain if it was compared as one. */
        private boolean isCategory(JsonNode fact) {
            return fact.has("domain")
                    && entry.path("l_infinity").has(fact.path("column").asText());
        }

        private static List<String> domain(JsonNode fact) {
            return StreamSupport.stream(fact.path("domain").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        }

        private Profile trained() {
            List<Feature> features = facts.values().stream()
                    .map(this::feature)
                    .map(Feature::nullable)
                    .toList();
            ProfileRecorder recorder = Profile.recorder(features);
            Schema<TableRow> schema = Schema.ofTable(features);
            int from = entry.at("/train/rows/0").asInt();
            int to = entry.at("/train/rows/1").asInt();
            int index = 0;
            try (TableReader reader = training.open()) {
                for (TableRow row : reader) {
                    if (index >= from && index < to) {
                        recorder.record(schema.read(row));
                    }
                    index++;
                }
            }
            return recorder.profile();
        }

        List<Check> checks() {
            List<Check> checks = new ArrayList<>();
            String id = entry.path("id").asText();
            facts.forEach((column, fact) -> checks.add(new Check(
                    id + " facts of " + column,
                    () -> factsOf(column),
                    wanted(fact, trained.feature(column)),
                    Tolerance.reference())));
            checks.add(check(id + " columns and duplicates", this::structure, wantedStructure()));
            checks.add(check(id + " clean rows", this::foundInCleanCells, List.of()));
            for (JsonNode natural : entry.path("natural_anomalies")) {
                String column = natural.path("column").asText();
                if (header.contains(column)) {
                    int rows = naturalRows(natural);
                    checks.add(check(id + " natural in " + column, () -> foundOutsideInjected(column), rows));
                }
            }
            int number = 0;
            for (JsonNode injected : entry.path("injected")) {
                String column = injected.path("column").asText();
                String name = id + " injected " + number++ + ", "
                        + injected.path("kind").asText() + " " + column;
                if (header.contains(column) && facts.containsKey(column)) {
                    checks.add(check(name, () -> missed(column, injected), List.of()));
                }
            }
            entry.path("l_infinity").properties().forEach(distance -> {
                if (isUntouched(distance.getKey())) {
                    checks.add(new Check(
                            id + " distance of " + distance.getKey(),
                            () -> Distance.L_INFINITY.between(
                                    trained.feature(distance.getKey()),
                                    report.profile().orElseThrow().feature(distance.getKey())),
                            distance.getValue().get("value"),
                            (key, expected, actual) -> Math.abs(expected - actual) <= 1e-8)); // rounded in the file
                }
            });
            return checks;
        }

        private static Check check(String name, java.util.concurrent.Callable<?> answer, Object expected) {
            return new Check(name, answer, JSON.valueToTree(expected), Tolerance.reference());
        }

        // ---- facts ------------------------------------------------------------------------------------------------

        private Object factsOf(String column) {
            FeatureProfile profile = trained.feature(column);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("rows", profile.rows());
            answer.put("missing", profile.missing());
            answer.put("distinct", profile.distinct());
            answer.put("min", profile.min());
            answer.put("max", profile.max());
            answer.put("mean", profile.mean());
            return answer;
        }

        /** Without the number of different values where the profile gives an estimate, and with it where it is exact. */
        private static JsonNode wanted(JsonNode fact, FeatureProfile profile) {
            List<String> keys = new ArrayList<>(List.of("rows", "missing", "min", "max", "mean"));
            if (profile.isDistinctExact()) {
                keys.add("distinct");
            }
            Map<String, JsonNode> wanted = new LinkedHashMap<>();
            keys.stream().filter(fact::has).forEach(key -> wanted.put(key, fact.get(key)));
            return JSON.valueToTree(wanted);
        }

        // ---- columns ----------------------------------------------------------------------------------------------

        private Object structure() {
            Set<String> structure = new TreeSet<>();
            for (Anomaly anomaly : report.anomalies()) {
                if (anomaly.code().equals("duplicates")) {
                    structure.add(anomaly.count() + " duplicates");
                } else if (anomaly.examples().isEmpty()) {
                    structure.add(anomaly.code() + " " + anomaly.path());
                }
            }
            return structure;
        }

        private Object wantedStructure() {
            Set<String> structure = new TreeSet<>();
            for (String column : facts.keySet()) {
                if (!header.contains(column)) {
                    structure.add("missing " + column);
                }
            }
            for (String column : header) {
                if (!facts.containsKey(column)) {
                    structure.add("unexpected " + column);
                }
            }
            int duplicates = entry.path("serving_exact_duplicate_rows").asInt();
            if (duplicates > 0) {
                structure.add(duplicates + " duplicates");
            }
            return structure;
        }

        // ---- cells ------------------------------------------------------------------------------------------------

        /** Whether a cell breaks the facts of its column, told from its text alone. */
        private boolean isWrong(String column, String cell) {
            JsonNode fact = facts.get(column);
            if (cell.isEmpty()) {
                return fact.path("missing").asLong() == 0;
            }
            if (fact.has("min")) {
                try {
                    double number = Double.parseDouble(cell);
                    return !(number >= bound(fact, "min") && number <= bound(fact, "max"));
                } catch (NumberFormatException noNumber) {
                    return true;
                }
            }
            return isCategory(fact) && !domain(fact).contains(cell);
        }

        /** Rows that a change names, and the copies of them that were added at the end. */
        private Set<Integer> rows(JsonNode injected) {
            Set<Integer> rows = new TreeSet<>();
            injected.path("row_indices").forEach(row -> rows.add(row.asInt()));
            for (JsonNode other : entry.path("injected")) {
                if (other.path("kind").asText().equals("duplicate")) {
                    int first = cells.size() - other.path("row_indices").size();
                    for (int i = 0; i < other.path("row_indices").size(); i++) {
                        if (rows.contains(other.path("row_indices").get(i).asInt())) {
                            rows.add(first + i);
                        }
                    }
                }
            }
            return rows;
        }

        private Set<Integer> injectedRows(String column) {
            Set<Integer> rows = new HashSet<>();
            for (JsonNode injected : entry.path("injected")) {
                if (!injected.path("column").asText().equals(column)) {
                    continue;
                }
                rows.addAll(rows(injected));
                if (injected.path("kind").asText().equals("blank")) {
                    for (int row = 0; row < cells.size(); row++) {
                        if (cells.get(row).getOrDefault(column, "").isEmpty()) {
                            rows.add(row);
                        }
                    }
                }
            }
            return rows;
        }

        private Set<Integer> found(String column) {
            return found.getOrDefault(column, Set.of());
        }

        /** Rows of a change that break the facts and were not found. */
        private Object missed(String column, JsonNode injected) {
            boolean blank = injected.path("kind").asText().equals("blank");
            Set<Integer> missed = new TreeSet<>();
            for (int row : blank ? injectedRows(column) : rows(injected)) {
                if (isWrong(column, cells.get(row).get(column))
                        && !found(column).contains(row)) {
                    missed.add(row);
                }
            }
            return missed;
        }

        private int foundOutsideInjected(String column) {
            Set<Integer> rows = new HashSet<>(found(column));
            rows.removeAll(injectedRows(column));
            return rows.size();
        }

        private int naturalRows(JsonNode natural) {
            String column = natural.path("column").asText();
            Set<Integer> copies = new HashSet<>();
            int rows = 0;
            for (JsonNode other : entry.path("natural_anomalies")) {
                rows += other.path("column").asText().equals(column)
                        ? other.path("rows").asInt()
                        : 0;
            }
            for (JsonNode injected : entry.path("injected")) {
                if (injected.path("kind").asText().equals("duplicate")) {
                    int size = injected.path("row_indices").size();
                    for (int row = cells.size() - size; row < cells.size(); row++) {
                        if (isWrong(column, cells.get(row).get(column))) {
                            copies.add(row);
                        }
                    }
                }
            }
            copies.removeAll(injectedRows(column));
            return rows + copies.size();
        }

        /** Rows that were found in columns that nobody touched and that are not naturally wrong. */
        private Object foundInCleanCells() {
            List<String> surplus = new ArrayList<>();
            Set<String> natural = new HashSet<>();
            entry.path("natural_anomalies")
                    .forEach(one -> natural.add(one.path("column").asText()));
            found.forEach((column, rows) -> {
                Set<Integer> clean = new TreeSet<>(rows);
                clean.removeAll(injectedRows(column));
                if (!natural.contains(column) && !clean.isEmpty()) {
                    surplus.add(column + " in rows " + clean);
                }
            });
            return surplus;
        }

        private boolean isUntouched(String column) {
            for (JsonNode injected : entry.path("injected")) {
                String kind = injected.path("kind").asText();
                if (injected.path("column").asText().equals(column) || kind.equals("duplicate")) {
                    return false;
                }
            }
            return header.contains(column);
        }
    }
}
