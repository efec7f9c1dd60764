package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.stats.compat.ColumnDrift;
import io.github.plimsoll.validation.stats.compat.EvidentlyDefaults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code drift_decisions.json}: which test Evidently gives each column of two windows, and what it decides. */
final class DecisionsReference implements ReferenceFile {

    private static final Map<ColumnDrift.Test, String> NAMES = Map.of(
            ColumnDrift.Test.KOLMOGOROV_SMIRNOV, "ks",
            ColumnDrift.Test.CHI_SQUARE, "chisquare",
            ColumnDrift.Test.PROPORTION_Z, "z",
            ColumnDrift.Test.WASSERSTEIN, "wasserstein",
            ColumnDrift.Test.JENSEN_SHANNON, "jensenshannon");

    @Override
    public String path() {
        return "expected/drift_decisions.json";
    }

    @Override
    public List<Check> checks(JsonNode content, Tables tables) {
        List<Check> checks = new ArrayList<>();
        for (JsonNode entry : content) {
            String id = entry.path("id").asText();
            for (JsonNode column : entry.path("columns_result")) {
                checks.add(new Check(
                        id + " " + column.path("column").asText(),
                        () -> column(entry, column, tables),
                        column,
                        // The reference takes the cumulative probability of z from 1.
                        Tolerance.reference(column.path("test").asText().equals("z") ? 1e-15 : 0)));
            }
            JsonNode dataSet = ((ObjectNode) entry.deepCopy()).retain("drifted", "share", "dataset_drift");
            checks.add(new Check(id + " data set", () -> dataSet(entry, tables), dataSet, Tolerance.reference()));
        }
        return checks;
    }

    private static Object column(JsonNode entry, JsonNode column, Tables tables) throws Exception {
        String name = column.path("column").asText();
        List<String> reference = window(entry, "ref", name, tables);
        List<String> current = window(entry, "cur", name, tables);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("column", name);
        answer.put("kind", column.path("kind").asText());
        answer.put("n_ref", reference.size());
        answer.put("n_cur", current.size());
        boolean numeric = isNumeric(column);
        ColumnDrift drift = numeric
                ? EvidentlyDefaults.numbers(numbers(reference), numbers(current))
                : EvidentlyDefaults.categories(reference, current);
        answer.put("test", NAMES.get(drift.test()));
        answer.put("threshold", drift.threshold());
        answer.put("value", drift.value());
        answer.put("drift", drift.drifted());
        answer.put(
                "psi_sturges_bins",
                numeric
                        ? EvidentlyDefaults.populationStabilityIndex(numbers(reference), numbers(current))
                        : EvidentlyDefaults.populationStabilityIndex(reference, current));
        return answer;
    }

    private static Object dataSet(JsonNode entry, Tables tables) throws Exception {
        List<ColumnDrift> columns = new ArrayList<>();
        for (JsonNode column : entry.path("columns_result")) {
            List<String> reference = window(entry, "ref", column.path("column").asText(), tables);
            List<String> current = window(entry, "cur", column.path("column").asText(), tables);
            columns.add(
                    isNumeric(column)
                            ? EvidentlyDefaults.numbers(numbers(reference), numbers(current))
                            : EvidentlyDefaults.categories(reference, current));
        }
        double drifted = columns.stream().filter(ColumnDrift::drifted).count();
        return Map.of(
                "drifted",
                drifted,
                "share",
                drifted / columns.size(),
                "dataset_drift",
                EvidentlyDefaults.dataSetDrifted(columns));
    }

    private static boolean isNumeric(JsonNode column) {
        return column.path("kind").asText().equals("numeric");
    }

    /** The values present among a range of rows. */
    private static List<String> window(JsonNode entry, String which, String column, Tables tables) throws Exception {
        List<String> cells = tables.column(entry.path("table").asText(), column);
        int from = entry.get(which).get(0).asInt();
        int to = Math.min(entry.get(which).get(1).asInt(), cells.size());
        return cells.subList(from, to).stream().filter(cell -> !cell.isEmpty()).toList();
    }

    private static double[] numbers(List<String> cells) {
        return cells.stream().mapToDouble(Double::parseDouble).toArray();
    }
}
