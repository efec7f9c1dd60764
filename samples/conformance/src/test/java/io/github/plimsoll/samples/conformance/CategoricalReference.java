package io.github.plimsoll.samples.conformance;

import static io.github.plimsoll.samples.conformance.TwoSampleTests.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.stats.ChiSquare;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.CramersV;
import io.github.plimsoll.validation.stats.Divergence;
import io.github.plimsoll.validation.stats.EmptyCells;
import io.github.plimsoll.validation.stats.FisherExact;
import io.github.plimsoll.validation.stats.GTest;
import io.github.plimsoll.validation.stats.Proportion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** {@code tests_categorical.json}: two samples of categories, and what each test and distance says of their counts. */
final class CategoricalReference implements ReferenceFile {

    @Override
    public String path() {
        return "expected/tests_categorical.json";
    }

    @Override
    public List<Check> checks(JsonNode content, Tables tables) throws Exception {
        List<Check> checks = new ArrayList<>();
        for (JsonNode entry : content) {
            List<String> reference = sample(entry, "ref", tables);
            List<String> current = sample(entry, "cur", tables);
            Map<String, Quantity> quantities = quantities(reference, current);
            for (Map.Entry<String, JsonNode> expected : entry.path("expected").properties()) {
                Quantity quantity = quantities.get(expected.getKey());
                JsonNode wanted = expected.getValue().deepCopy();
                if (wanted instanceof ObjectNode object) {
                    NumericReference.rename(object, "pvalue", "p_value");
                }
                checks.add(new Check(
                        entry.path("id").asText() + " " + expected.getKey(),
                        () -> {
                            if (quantity == null) {
                                throw new Unsupported("'" + expected.getKey() + "'");
                            }
                            return quantity.get();
                        },
                        wanted,
                        Tolerance.reference()));
            }
        }
        return checks;
    }

    private interface Quantity {
        Object get();
    }

    static List<String> sample(JsonNode entry, String which, Tables tables) throws Exception {
        if (entry.has(which + "_values")) {
            return StreamSupport.stream(entry.get(which + "_values").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        }
        JsonNode range = entry.get(which);
        return tables.column(entry.path("table").asText(), entry.path("column").asText()).stream()
                .filter(cell -> !cell.isEmpty())
                .skip(range.get(0).asLong())
                .limit(range.get(1).asLong() - range.get(0).asLong())
                .toList();
    }

    static List<String> categories(List<String> reference, List<String> current) {
        TreeSet<String> categories = new TreeSet<>(reference);
        categories.addAll(current);
        return new ArrayList<>(categories);
    }

    static long[] counts(List<String> categories, List<String> values) {
        Map<String, Long> counts = new HashMap<>();
        values.forEach(value -> counts.merge(value, 1L, Long::sum));
        return categories.stream().mapToLong(c -> counts.getOrDefault(c, 0L)).toArray();
    }

    /** What the distances of two rows of counts are called here. */
    static Map<String, Double> distances(long[] reference, long[] current) {
        Divergence plain = Divergence.between(reference, current);
        EmptyCells small = EmptyCells.replacedBy(1e-4);
        return Map.of(
                "psi", plain.replacing(small).populationStabilityIndex(),
                "js_distance_nat", plain.jensenShannonDistance(),
                "js_distance_base2", plain.jensenShannonDistanceBase2(),
                "js_divergence_base2", plain.jensenShannon() / Math.log(2),
                "kl_ref_cur_smoothed", plain.replacing(small.rescaled()).kullbackLeibler(),
                "kl_cur_ref_smoothed",
                        Divergence.between(current, reference)
                                .replacing(small.rescaled())
                                .kullbackLeibler(),
                "hellinger", plain.hellinger(),
                "total_variation", plain.totalVariation(),
                "l_infinity", plain.lInfinity(),
                "bhattacharyya_coefficient", plain.bhattacharyyaCoefficient());
    }

    private static Map<String, Quantity> quantities(List<String> reference, List<String> current) {
        List<String> categories = categories(reference, current);
        long[] x = counts(categories, reference);
        long[] y = counts(categories, current);
        long[][] table = {x, y};
        Map<String, Quantity> of = new HashMap<>();
        distances(x, y).forEach((name, value) -> of.put(name, () -> value));
        of.put("n_ref", reference::size);
        of.put("n_cur", current::size);
        of.put("categories", () -> categories);
        of.put("ref_counts", () -> x);
        of.put("cur_counts", () -> y);
        of.put("chi2_contingency", () -> result(ChiSquare.independence(table)));
        of.put("g_test", () -> result(GTest.independence(table)));
        of.put("chi2_yates", () -> result(ChiSquare.independence(table, Correction.CONTINUITY)));
        of.put("cramers_v", () -> CramersV.of(table));
        of.put("fisher_exact", () -> result(FisherExact.independence(table)));
        of.put("two_proportion_z", () -> result(Proportion.zTest(x[0], reference.size(), y[0], current.size())));
        of.put("chisquare_cur_vs_ref_shares", () -> {
            double scale = (double) current.size() / reference.size();
            return result(ChiSquare.goodnessOfFit(
                    y, Arrays.stream(x).mapToDouble(count -> count * scale).toArray()));
        });
        of.put("entropy_ref_nat", () -> Divergence.between(x, y).referenceEntropy());
        of.put("entropy_cur_nat", () -> Divergence.between(y, x).referenceEntropy());
        of.put("new_in_cur", () -> only(categories, x));
        of.put("gone_from_cur", () -> only(categories, y));
        return of;
    }

    /** The categories of which nothing was counted. */
    private static List<String> only(List<String> categories, long[] counts) {
        List<String> none = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                none.add(categories.get(i));
            }
        }
        return none;
    }
}
