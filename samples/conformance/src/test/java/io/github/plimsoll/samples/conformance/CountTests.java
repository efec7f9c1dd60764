package io.github.plimsoll.samples.conformance;

import static io.github.plimsoll.samples.conformance.TwoSampleTests.result;
import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.stats.ChiSquare;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.Divergence;
import io.github.plimsoll.validation.stats.EmptyCells;
import io.github.plimsoll.validation.stats.FisherExact;
import io.github.plimsoll.validation.stats.GTest;
import io.github.plimsoll.validation.stats.PopulationStability;
import io.github.plimsoll.validation.stats.Proportion;
import io.github.plimsoll.validation.stats.TestResult;
import io.github.plimsoll.validation.stats.compat.DeepchecksDefaults;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Tests and distances of counts. */
final class CountTests implements Subject {

    @Override
    public Map<String, Answer> answers() {
        return Map.ofEntries(
                entry("chi_square_p_value", given -> result(ChiSquare.goodnessOfFit(counts(given)[1], scaled(given)))),
                entry("chi_square_gof", CountTests::goodnessOfFit),
                entry("g_test_gof", given -> result(GTest.goodnessOfFit(observed(given), given.numbers("expected")))),
                entry("g_test_p_value", given -> result(GTest.goodnessOfFit(counts(given)[1], scaled(given)))),
                entry("chi2_contingency", given -> result(ChiSquare.independence(table(given), yates(given)))),
                entry("g_test_contingency", given -> result(GTest.independence(table(given), yates(given)))),
                entry(
                        "fisher_exact_p_value",
                        given -> result(FisherExact.independence(counts(given), TwoSampleTests.alternative(given)))),
                entry("two_proportion_z_p_value", CountTests::proportions),
                entry("contingency_2x2", CountTests::twoByTwo),
                entry("cramers_v_bias_corrected", CountTests::cramersV),
                entry(
                        "psi",
                        given -> divergence(given).replacing(emptyCells(given)).populationStabilityIndex()),
                entry("kl_divergence", given -> divergence(given).kullbackLeibler()),
                entry("js_distance", CountTests::jensenShannon),
                entry("js_distance_base2", given -> divergence(given).jensenShannonDistanceBase2()),
                entry("hellinger_distance", given -> divergence(given).hellinger()),
                entry("total_variation", given -> divergence(given).totalVariation()),
                entry(
                        "histogram_intersection_complement",
                        given -> divergence(given).totalVariation()),
                entry("l_infinity", given -> divergence(given).lInfinity()),
                entry("bhattacharyya_distance", given -> divergence(given).bhattacharyyaDistance()),
                entry("psi_critical_value", CountTests::psiByChance));
    }

    /** The reference's counts and the current ones, in the same cells; a category that one of them lacks counts 0. */
    static long[][] counts(Case given) {
        JsonNode reference = given.inputs().path("reference_counts");
        JsonNode current = given.inputs().path("current_counts");
        Set<String> keys = new LinkedHashSet<>();
        reference.fieldNames().forEachRemaining(keys::add);
        current.fieldNames().forEachRemaining(keys::add);
        keys.remove("NaN"); // a missing value is no category
        long[][] counts = {Numbers.counts(reference, keys), Numbers.counts(current, keys)};
        long outside = given.inputs().path("current_out_of_range").asLong();
        if (outside > 0) {
            counts[0] = Arrays.copyOf(counts[0], counts[0].length + 1);
            counts[1] = Arrays.copyOf(counts[1], counts[1].length + 1);
            counts[1][counts[1].length - 1] = outside;
        }
        return counts;
    }

    /** What the current sample would count if it were distributed as the reference. */
    private static double[] scaled(Case given) {
        long[][] counts = counts(given);
        double scale = (double) Arrays.stream(counts[1]).sum()
                / Arrays.stream(counts[0]).sum();
        return Arrays.stream(counts[0]).mapToDouble(count -> count * scale).toArray();
    }

    private static Divergence divergence(Case given) {
        if (given.inputs().has("p")) {
            return Divergence.between(given.numbers("p"), given.numbers("q"));
        }
        long[][] counts = counts(given);
        return Divergence.between(counts[0], counts[1]);
    }

    private static EmptyCells emptyCells(Case given) {
        double share = given.param("empty", 0);
        return share == 0 ? EmptyCells.kept() : EmptyCells.replacedBy(share);
    }

    private static long[] observed(Case given) {
        return Arrays.stream(given.numbers("observed")).mapToLong(Math::round).toArray();
    }

    private static Object goodnessOfFit(Case given) {
        return result(
                given.inputs().has("expected")
                        ? ChiSquare.goodnessOfFit(observed(given), given.numbers("expected"))
                        : ChiSquare.goodnessOfFit(observed(given)));
    }

    private static long[][] table(Case given) {
        if (!given.inputs().has("table")) {
            return counts(given);
        }
        return Arrays.stream(Numbers.readRows(given.inputs().get("table")))
                .map(row -> Arrays.stream(row).mapToLong(Math::round).toArray())
                .toArray(long[][]::new);
    }

    /** As SciPy, corrected unless told otherwise; a text says that the table is no 2 x 2 one. */
    private static Correction yates(Case given) {
        return given.params().path("correction").asBoolean(true) ? Correction.CONTINUITY : Correction.NONE;
    }

    private static Object proportions(Case given) {
        long[][] counts = counts(given);
        TestResult z = Proportion.zTest(
                counts[0][0],
                Arrays.stream(counts[0]).sum(),
                counts[1][0],
                Arrays.stream(counts[1]).sum());
        return result(z);
    }

    private static Object twoByTwo(Case given) {
        double[] reference = given.numbers("reference");
        double[] current = given.numbers("current");
        return Map.of("table", new long[][] {onesAndZeros(current), onesAndZeros(reference)});
    }

    private static long[] onesAndZeros(double[] values) {
        long ones = Arrays.stream(values).filter(value -> value == 1).count();
        return new long[] {ones, values.length - ones};
    }

    /** Deepchecks', whose cases these are. */
    private static Object cramersV(Case given) {
        long[][] counts = counts(given);
        if (!given.params().path("yates_on_2x2").asBoolean(true)) {
            throw new Unsupported("'" + given.method() + "' without a correction of 2 x 2 tables");
        }
        return given.params().path("balance_classes").asBoolean()
                ? DeepchecksDefaults.balancedCramersV(counts[0], counts[1])
                : DeepchecksDefaults.cramersV(counts[0], counts[1]);
    }

    private static Object jensenShannon(Case given) {
        Divergence divergence = divergence(given);
        return given.params().path("base").asText("e").equals("2")
                ? divergence.jensenShannonDistanceBase2()
                : divergence.jensenShannonDistance();
    }

    private static Object psiByChance(Case given) {
        PopulationStability chance =
                new PopulationStability(0, (int) given.number("B"), (long) given.number("N"), (long) given.number("M"));
        return Map.of(
                "critical", chance.criticalValue(1 - given.param("level", 0.95)),
                "mean", chance.expectedByChance(),
                "sd", chance.chanceDeviation());
    }
}
