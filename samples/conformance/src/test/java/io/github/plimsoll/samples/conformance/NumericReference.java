package io.github.plimsoll.samples.conformance;

import static io.github.plimsoll.samples.conformance.TwoSampleTests.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.stats.Alternative;
import io.github.plimsoll.validation.stats.AndersonDarling;
import io.github.plimsoll.validation.stats.Bins;
import io.github.plimsoll.validation.stats.BrunnerMunzel;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.CramerVonMises;
import io.github.plimsoll.validation.stats.EnergyDistance;
import io.github.plimsoll.validation.stats.EppsSingleton;
import io.github.plimsoll.validation.stats.KolmogorovSmirnov;
import io.github.plimsoll.validation.stats.KruskalWallis;
import io.github.plimsoll.validation.stats.Levene;
import io.github.plimsoll.validation.stats.MannWhitney;
import io.github.plimsoll.validation.stats.PValueMethod;
import io.github.plimsoll.validation.stats.TTest;
import io.github.plimsoll.validation.stats.TestResult;
import io.github.plimsoll.validation.stats.Wasserstein;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code tests_numeric.json}: two samples of numbers, from a table's column or written out, and what each test says of them. */
final class NumericReference implements ReferenceFile {

    private static final Map<String, Quantity> QUANTITIES = quantities();
    private static final Set<String> DIVIDE_BY_VARIANCE = Set.of("epps_singleton", "student_t", "welch_t");

    /** Where the reference loses small p-values: it ends a series at 1e-7, or takes a probability near 1 from 1. */
    private static final Map<String, Double> ERRORS =
            Map.of("cramervonmises_asymptotic", 5e-7, "brunner_munzel", 1e-14);

    private interface Quantity {
        Object of(double[] x, double[] y);
    }

    @Override
    public String path() {
        return "expected/tests_numeric.json";
    }

    @Override
    public List<Check> checks(JsonNode content, Tables tables) throws Exception {
        List<Check> checks = new ArrayList<>();
        for (JsonNode entry : content) {
            double[] reference = sample(entry, "ref", tables);
            double[] current = sample(entry, "cur", tables);
            JsonNode affine = entry.path("cur_affine");
            if (affine.isArray()) {
                double factor = affine.get(0).asDouble();
                double offset = affine.get(1).asDouble();
                current = Arrays.stream(current)
                        .map(value -> value * factor + offset)
                        .toArray();
            }
            double[] compared = current;
            for (Map.Entry<String, JsonNode> expected : entry.path("expected").properties()) {
                Quantity quantity = QUANTITIES.get(expected.getKey());
                checks.add(new Check(
                        entry.path("id").asText() + " " + expected.getKey(),
                        () -> {
                            if (quantity == null) {
                                throw new Unsupported("'" + expected.getKey() + "'");
                            }
                            return quantity.of(reference, compared);
                        },
                        wanted(expected.getKey(), expected.getValue(), reference, compared),
                        Tolerance.reference(ERRORS.getOrDefault(expected.getKey(), 0.0))));
            }
        }
        return checks;
    }

    /** A row range of a column's values that are not missing, or the values themselves. */
    static double[] sample(JsonNode entry, String which, Tables tables) throws Exception {
        if (entry.has(which + "_values")) {
            return Numbers.read(entry.get(which + "_values"), Map.of());
        }
        JsonNode range = entry.get(which);
        return tables.column(entry.path("table").asText(), entry.path("column").asText()).stream()
                .filter(cell -> !cell.isEmpty())
                .skip(range.get(0).asLong())
                .limit(range.get(1).asLong() - range.get(0).asLong())
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static JsonNode wanted(String quantity, JsonNode expected, double[] x, double[] y) {
        if (!expected.isObject() || expected.has("error")) {
            return expected;
        }
        ObjectNode wanted = expected.deepCopy();
        wanted.remove(List.of("note", "rule", "critical_values"));
        if (DIVIDE_BY_VARIANCE.contains(quantity)
                && isConstant(x)
                && isConstant(y)
                && x.length > 1
                && y.length > 1
                && x[0] != y[0]) {
            // The reference divides by the rounding errors of a variance that is 0.
            wanted.put("statistic", x[0] > y[0] || quantity.equals("epps_singleton") ? "Infinity" : "-Infinity");
        }
        rename(wanted, "pvalue", "p_value");
        rename(wanted, "significance_level", "p_value");
        return wanted;
    }

    static void rename(ObjectNode object, String from, String to) {
        if (object.has(from)) {
            object.set(to, object.remove(from));
        }
    }

    private static boolean isConstant(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == values[0]);
    }

    private static Map<String, Quantity> quantities() {
        Map<String, Quantity> of = new HashMap<>();
        of.put("n_ref", (x, y) -> x.length);
        of.put("n_cur", (x, y) -> y.length);
        of.put("ks_2samp", (x, y) -> result(ks(x, y, Alternative.TWO_SIDED, PValueMethod.ASYMPTOTIC)));
        of.put("ks_2samp_less", (x, y) -> result(ks(x, y, Alternative.LESS, PValueMethod.ASYMPTOTIC)));
        of.put("ks_2samp_greater", (x, y) -> result(ks(x, y, Alternative.GREATER, PValueMethod.ASYMPTOTIC)));
        of.put("ks_2samp_exact", (x, y) -> result(ks(x, y, Alternative.TWO_SIDED, PValueMethod.EXACT)));
        of.put("ks_limit_pvalue", (x, y) -> {
            double m = x.length;
            double n = y.length;
            return KolmogorovSmirnov.limitSurvival(
                    KolmogorovSmirnov.twoSample(x, y).statistic() * Math.sqrt(m * n / (m + n)));
        });
        of.put("mannwhitneyu", (x, y) -> result(u(x, y, PValueMethod.ASYMPTOTIC, Correction.CONTINUITY)));
        of.put("mannwhitneyu_no_continuity", (x, y) -> result(u(x, y, PValueMethod.ASYMPTOTIC, Correction.NONE)));
        of.put("mannwhitneyu_exact", (x, y) -> result(u(x, y, PValueMethod.EXACT, Correction.NONE)));
        of.put("cramervonmises_asymptotic", (x, y) -> result(CramerVonMises.twoSample(x, y, PValueMethod.ASYMPTOTIC)));
        of.put("cramervonmises_exact", (x, y) -> result(CramerVonMises.twoSample(x, y, PValueMethod.EXACT)));
        of.put("anderson_ksamp", (x, y) -> result(AndersonDarling.kSample(x, y)));
        of.put("epps_singleton", (x, y) -> result(EppsSingleton.twoSample(x, y)));
        of.put("energy_distance", EnergyDistance::distance);
        of.put("wasserstein", Wasserstein::distance);
        of.put("wasserstein_over_ref_sd", Wasserstein::overReferenceDeviation);
        of.put("welch_t", (x, y) -> result(TTest.welch(x, y)));
        of.put("student_t", (x, y) -> result(TTest.student(x, y)));
        of.put("levene_median", (x, y) -> result(Levene.kSample(x, y)));
        of.put("kruskal", (x, y) -> result(KruskalWallis.kSample(x, y)));
        of.put("brunner_munzel", (x, y) -> result(BrunnerMunzel.twoSample(x, y)));
        of.put("ref_quantile_bins_10", (x, y) -> binned(Bins.quantiles(x, 10), x, y));
        of.put("equal_width_bins_10", (x, y) -> binned(overBoth(x, y), x, y));
        return of;
    }

    private static TestResult ks(double[] x, double[] y, Alternative alternative, PValueMethod method) {
        return KolmogorovSmirnov.twoSample(x, y, alternative, method);
    }

    private static TestResult u(double[] x, double[] y, PValueMethod method, Correction correction) {
        return MannWhitney.twoSample(x, y, Alternative.TWO_SIDED, method, correction);
    }

    private static Bins overBoth(double[] x, double[] y) {
        double[] sorted = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, sorted, x.length, y.length);
        Arrays.sort(sorted);
        return Bins.equalWidth(sorted[0], sorted[sorted.length - 1], 10);
    }

    private static Object binned(Bins bins, double[] x, double[] y) {
        Map<String, Object> answer = new HashMap<>(CategoricalReference.distances(bins.count(x), bins.count(y)));
        answer.put("edges", bins.edges());
        answer.put("ref_counts", bins.count(x));
        answer.put("cur_counts", bins.count(y));
        return answer;
    }
}
