package io.github.plimsoll.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.ColumnContract;
import io.github.plimsoll.validation.data.ContractInference;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.Environment;
import io.github.plimsoll.validation.data.InferredContract;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.data.TableValidation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Contracts that were inferred from the tables of a reference folder, held against tables that are clean and tables that are
 * not. Runs with {@code -Dplimsoll.reference=DIR}, if it has {@code validation/validation.json}.
 */
@EnabledIfSystemProperty(named = "plimsoll.reference", matches = ".+")
class InferredContractsTest {

    private static final Path FOLDER = Path.of(System.getProperty("plimsoll.reference", ""));

    @TempDir
    static Path slices;

    private static int count;

    /** The rows of a table whose number, from 0, is wanted. */
    private static Table rows(String table, LongPredicate wanted) throws IOException {
        Path file = slices.resolve(table + "-" + count++ + ".csv");
        try (TableReader reader = Table.csv(FOLDER.resolve("datasets/" + table + ".csv.gz"))
                        .open();
                BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(String.join(",", reader.columns()) + "\n");
            for (TableRow row : reader) {
                if (wanted.test(row.line() - 2)) { // no cell of these tables has a line break
                    out.write(row.raw() + "\n");
                }
            }
        }
        return Table.csv(file);
    }

    // ---- tables in which something is wrong -------------------------------------------------------------------------

    @TestFactory
    Stream<DynamicTest> everythingInjectedIsFoundAndNothingElse() throws IOException {
        Path file = FOLDER.resolve("validation/validation.json");
        if (!Files.exists(file)) {
            return Stream.empty();
        }
        return StreamSupport.stream(new ObjectMapper().readTree(file.toFile()).spliterator(), false)
                .map(entry -> DynamicTest.dynamicTest(entry.path("id").asText(), () -> check(entry)));
    }

    private static void check(JsonNode entry) throws IOException {
        long from = entry.at("/train/rows/0").asLong();
        long to = entry.at("/train/rows/1").asLong();
        Table training = rows(entry.at("/train/table").asText(), row -> row >= from && row < to);
        Table serving =
                Table.csv(FOLDER.resolve("validation/" + entry.path("file").asText()));
        DataContract contract =
                ContractInference.of(entry.path("id").asText()).infer(training).contract();

        TableReport clean = TableValidation.of(contract).validate(training);
        TableReport report = TableValidation.of(contract).validate(serving);
        Set<String> found =
                report.anomalies().stream().map(Anomaly::path).collect(Collectors.toCollection(TreeSet::new));
        for (String column : columnsThatMoved(contract, training, serving)) {
            found.add(column);
        }
        System.out.println(entry.path("id").asText() + ": found in " + found);

        assertThat(clean.isAccepted())
                .as("the training table itself: %s", clean)
                .isTrue();
        assertThat(found).containsAll(injected(entry));
        Set<String> allowed = new HashSet<>(injected(entry));
        entry.path("natural_anomalies")
                .forEach(natural -> allowed.add(natural.path("column").asText()));
        assertThat(report.anomalies()).allMatch(anomaly -> allowed.contains(anomaly.path()));
    }

    /** The columns that were spoilt. Whole numbers written with a point are the numbers they were, and no fault. */
    private static Set<String> injected(JsonNode entry) {
        Set<String> columns = new TreeSet<>();
        for (JsonNode injected : entry.path("injected")) {
            switch (injected.path("kind").asText()) {
                case "duplicate" -> columns.add("table");
                case "rename_column" -> {
                    columns.add(injected.path("column").asText());
                    columns.add(injected.path("to").asText());
                }
                case "as_float" -> {}
                default -> columns.add(injected.path("column").asText());
            }
        }
        return columns;
    }

    /** Columns of a few values whose shares lie further apart than the contract's limit of skew. */
    private static Set<String> columnsThatMoved(DataContract contract, Table training, Table serving) {
        Set<String> moved = new TreeSet<>();
        for (ColumnContract column : contract.columns()) {
            if (column.skew() != null && column.skew().distance() == ColumnContract.Distance.L_INFINITY) {
                Map<String, Double> before = shares(training, column.name());
                Map<String, Double> after = shares(serving, column.name());
                double distance = before.keySet().stream()
                        .mapToDouble(value -> Math.abs(before.get(value) - after.getOrDefault(value, 0.0)))
                        .max()
                        .orElse(0);
                if (!after.isEmpty() && distance > column.skew().most()) {
                    moved.add(column.name());
                }
            }
        }
        return moved;
    }

    private static Map<String, Double> shares(Table table, String column) {
        Map<String, Long> counts = new HashMap<>();
        try (TableReader reader = table.open()) {
            for (TableRow row : reader) {
                if (!row.isNull(column)) {
                    counts.merge(String.valueOf(row.text(column)), 1L, Long::sum);
                }
            }
        }
        double all = counts.values().stream().mapToLong(Long::longValue).sum();
        return counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, value -> value.getValue() / all));
    }

    // ---- tables that are clean --------------------------------------------------------------------------------------

    @TestFactory
    Stream<DynamicTest> theOtherHalfOfATableKeepsToTheContractOfTheFirst() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve("datasets"))) {
            return files
                    .map(file -> String.valueOf(file.getFileName()).replace(".csv.gz", ""))
                    .sorted()
                    .toList()
                    .stream()
                    .map(table -> DynamicTest.dynamicTest(table, () -> halves(table)));
        }
    }

    /** A fair coin for each row: rows that follow on each other are alike in many tables. */
    private static boolean isFirstHalf(long row) {
        long z = (row + 1) * 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z < 0;
    }

    private static void halves(String table) throws IOException {
        Table one = rows(table, InferredContractsTest::isFirstHalf);
        Table other = rows(table, row -> !isFirstHalf(row));

        for (List<Table> pair : List.of(List.of(one, other), List.of(other, one))) {
            DataContract contract =
                    ContractInference.of(table).infer(pair.get(0)).contract();
            TableReport report = TableValidation.of(contract).validate(pair.get(1));

            List<Anomaly> errors = report.anomalies().stream()
                    .filter(anomaly -> anomaly.severity() == Severity.ERROR)
                    .toList();
            // one row may have the first null of its column, after 2,500 rows without one: that is what the rule is for
            assertThat(errors)
                    .as("%s", report)
                    .hasSizeLessThanOrEqualTo(1)
                    .allMatch(error -> error.code().equals("null") && error.count() == 1);
        }
    }

    // ---- the taxi walk-through --------------------------------------------------------------------------------------

    @Test
    void theTaxiWalkThroughHasItsKnownFindings() throws IOException {
        if (!Files.exists(FOLDER.resolve("datasets/taxi_train.csv.gz"))) {
            return;
        }
        Table training = rows("taxi_train", row -> true);
        Table eval = rows("taxi_eval", row -> true);
        ContractInference inference = ContractInference.of("taxi").label("tips");

        InferredContract inferred = inference.infer(training);
        DataContract taxi = inferred.contract();
        TableReport report = TableValidation.of(taxi).validate(eval);

        // the evaluation split: a payment type in 1 row of 5,000 and companies that training never saw
        assertThat(report.isAccepted()).isTrue();
        assertThat(report.anomalies()).extracting(Anomaly::path).contains("payment_type", "company");
        assertThat(anomaly(report, "payment_type").count()).isEqualTo(1);
        assertThat(anomaly(report, "payment_type").examples().get(0).observed()).isEqualTo("'Prcard'");
        assertThat(anomaly(report, "company").count()).isEqualTo(16);
        assertThat(taxi.column("company").mass()).isLessThan(1); // new companies are to be expected

        // the serving split has no label, and must have none
        assertThat(TableValidation.of(taxi)
                        .in(Environment.SERVING)
                        .validate(eval)
                        .anomalies())
                .anyMatch(anomaly ->
                        anomaly.path().equals("tips") && anomaly.code().equals("unexpected"));
        TableReport serving = TableValidation.of(taxi)
                .in(Environment.SERVING)
                .validate(Table.csv(FOLDER.resolve("validation/taxi_serving_like_serving.csv.gz")));
        assertThat(serving.anomalies()).noneMatch(anomaly -> anomaly.path().equals("tips"));
        assertThat(anomaly(serving, "trip_start_hour").count()).isEqualTo(12);

        // the fix of the walk-through: the new payment type is agreed on
        Feature payment = taxi.column("payment_type").feature();
        List<String> categories = new ArrayList<>(payment.categories());
        categories.add("Prcard");
        DataContract fixed =
                taxi.with(taxi.column("payment_type").feature(Feature.category("payment_type", categories)));
        assertThat(TableValidation.of(fixed).validate(eval).anomalies())
                .noneMatch(anomaly -> anomaly.path().equals("payment_type"));

        // a column without a value in training is known and not checked, until it has values
        assertThat(inference.migrate(taxi, eval).changes()).isEmpty();
        assertThat(taxi.column("pickup_census_tract").isCheckedIn(Environment.TRAINING))
                .isFalse();
    }

    private static Anomaly anomaly(TableReport report, String path) {
        return report.anomalies().stream()
                .filter(anomaly -> anomaly.path().equals(path))
                .findFirst()
                .orElseThrow();
    }
}
