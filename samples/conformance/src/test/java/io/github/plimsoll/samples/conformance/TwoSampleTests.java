package io.github.plimsoll.samples.conformance;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.stats.Alternative;
import io.github.plimsoll.validation.stats.AndersonDarling;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.CramerVonMises;
import io.github.plimsoll.validation.stats.EnergyDistance;
import io.github.plimsoll.validation.stats.EppsSingleton;
import io.github.plimsoll.validation.stats.KolmogorovSmirnov;
import io.github.plimsoll.validation.stats.MannWhitney;
import io.github.plimsoll.validation.stats.MaximumMeanDiscrepancy;
import io.github.plimsoll.validation.stats.PValueMethod;
import io.github.plimsoll.validation.stats.TTest;
import io.github.plimsoll.validation.stats.TestResult;
import io.github.plimsoll.validation.stats.Wasserstein;
import io.github.plimsoll.validation.stats.compat.DataSketchesDefaults;
import io.github.plimsoll.validation.stats.compat.WhylogsDefaults;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tests and distances of two samples of numbers. */
final class TwoSampleTests implements Subject {

    private static final Pattern NORMALS = Pattern.compile(
            "numpy RandomState seed (\\d+): reference normal\\((\\S+),1,(\\d+)\\) then current normal\\((\\S+),1,(\\d+)\\)");

    @Override
    public Map<String, Answer> answers() {
        return Map.ofEntries(
                entry(
                        "ks_2samp",
                        given -> result(KolmogorovSmirnov.twoSample(
                                reference(given), current(given), alternative(given), method(given)))),
                entry(
                        "ks_statistic",
                        given -> KolmogorovSmirnov.twoSample(reference(given), current(given))
                                .statistic()),
                entry(
                        "ks_one_sample_sf",
                        given -> KolmogorovSmirnov.oneSampleSurvival(given.number("d"), (long) given.number("n"))),
                entry("datasketches_ks_threshold", TwoSampleTests::sketchThreshold),
                entry("drift_category", TwoSampleTests::driftCategory),
                entry(
                        "hellinger_from_sketch",
                        given -> WhylogsDefaults.hellinger(given.numbers("reference"), given.numbers("target"))),
                entry("kll_rank_error", TwoSampleTests::sketchErrors),
                entry("kolmogorov_sf", given -> KolmogorovSmirnov.limitSurvival(given.number("x"))),
                entry("kolmogorov_isf", given -> KolmogorovSmirnov.limitUpperQuantile(given.number("p"))),
                entry(
                        "cramer_von_mises_p_value",
                        given -> result(CramerVonMises.twoSample(reference(given), current(given), method(given)))),
                entry(
                        "cvm_exact",
                        given ->
                                result(CramerVonMises.twoSample(reference(given), current(given), PValueMethod.EXACT))),
                entry(
                        "cvm_asymptotic",
                        given -> result(
                                CramerVonMises.twoSample(reference(given), current(given), PValueMethod.ASYMPTOTIC))),
                entry("anderson_ksamp", of((x, y) -> AndersonDarling.kSample(x, y))),
                entry("anderson_darling_ksamp_p_value", of((x, y) -> AndersonDarling.kSample(x, y))),
                entry("epps_singleton", of(EppsSingleton::twoSample)),
                entry("epps_singleton_p_value", of(EppsSingleton::twoSample)),
                entry(
                        "student_t_p_value",
                        given -> result(
                                given.params().path("equal_var").asBoolean(true)
                                        ? TTest.student(reference(given), current(given))
                                        : TTest.welch(reference(given), current(given)))),
                entry("welch_t", of(TTest::welch)),
                entry("mann_whitney_u_p_value", TwoSampleTests::mannWhitney),
                entry("mann_whitney_two_sided", given -> u(MannWhitney.twoSample(reference(given), current(given)))),
                entry("energy_distance", TwoSampleTests::energy),
                entry("wasserstein_1", TwoSampleTests::wasserstein),
                entry("wasserstein_1_histogram_10000bins", TwoSampleTests::wassersteinOfNormals),
                entry(
                        "wasserstein_1_over_ref_std_ddof0",
                        given -> Wasserstein.overReferenceDeviation(reference(given), current(given))),
                entry(
                        "wasserstein_1_range_scaled",
                        given -> Wasserstein.overRange(
                                reference(given), current(given), given.param("margin_quantile_filter", 0))),
                entry(
                        "mmd_sigma_median",
                        given -> Map.of(
                                "sigma",
                                MaximumMeanDiscrepancy.medianBandwidthOfSquaredDistances(Arrays.stream(
                                                Numbers.readRows(given.inputs().path("squared_distance_matrix")))
                                        .flatMapToDouble(Arrays::stream)
                                        .toArray()))));
    }

    static double[] reference(Case given) {
        return sample(given, "reference", "x", "u");
    }

    static double[] current(Case given) {
        return sample(given, "current", "y", "v");
    }

    /** Named in one of several ways, or as counts of listed values. */
    private static double[] sample(Case given, String... names) {
        JsonNode counts = given.inputs().path(names[0] + "_counts");
        if (counts.isArray()) {
            double[] values = given.numbers("values");
            long[] times = Numbers.counts(counts, List.of());
            double[] sample = new double[(int) Arrays.stream(times).sum()];
            int at = 0;
            for (int i = 0; i < values.length; i++) {
                Arrays.fill(sample, at, at += (int) times[i], values[i]);
            }
            return sample;
        }
        for (String name : names) {
            if (given.inputs().has(name)) {
                return given.numbers(name);
            }
        }
        throw new Unsupported("inputs of '" + given.method() + "'");
    }

    private static Answer of(Test test) {
        return given -> result(test.of(reference(given), current(given)));
    }

    private interface Test {
        TestResult of(double[] x, double[] y);
    }

    static Map<String, Object> result(TestResult result) {
        return Map.of("statistic", result.statistic(), "p_value", result.pValue(), "dof", result.degreesOfFreedom());
    }

    private static Object mannWhitney(Case given) {
        double[] x = reference(given);
        double[] y = current(given);
        TestResult asked = MannWhitney.twoSample(x, y, alternative(given), method(given), Correction.CONTINUITY);
        return Map.of(
                "U",
                asked.statistic(),
                "p_value",
                asked.pValue(),
                "two_sided_p",
                MannWhitney.twoSample(x, y).pValue());
    }

    private static Map<String, Object> u(TestResult result) {
        return Map.of("U", result.statistic(), "p_value", result.pValue());
    }

    private static Object sketchThreshold(Case given) {
        double[] retained = given.numbers("retained");
        double[] rankErrors = given.numbers("eps");
        return DataSketchesDefaults.kolmogorovSmirnovThreshold(
                (long) retained[0], rankErrors[0], (long) retained[1], rankErrors[1], given.number("alpha"));
    }

    private static Object sketchErrors(Case given) {
        int k = (int) given.number("k");
        return Map.of("single", DataSketchesDefaults.rankError(k), "pmf", DataSketchesDefaults.shareError(k));
    }

    /** Whylogs' own thresholds; a case that states others is answered with these. */
    private static Object driftCategory(Case given) {
        double[] reference = given.numbers("reference");
        double[] target = given.numbers("target");
        return Map.of(
                "category",
                switch (given.params().path("algorithm").asText()) {
                    case "ks" -> WhylogsDefaults.ofPValue(WhylogsDefaults.kolmogorovSmirnov(reference, target));
                    case "hellinger" -> WhylogsDefaults.ofDistance(WhylogsDefaults.hellinger(reference, target));
                    default -> throw new Unsupported("algorithm of '" + given.method() + "'");
                });
    }

    private static Object energy(Case given) {
        double distance = weighted(given)
                ? EnergyDistance.distance(
                        reference(given), given.numbers("u_weights"), current(given), given.numbers("v_weights"))
                : EnergyDistance.distance(reference(given), current(given));
        return Map.of("value", distance, "distance", distance);
    }

    private static Object wasserstein(Case given) {
        return weighted(given)
                ? Wasserstein.distance(
                        reference(given), given.numbers("u_weights"), current(given), given.numbers("v_weights"))
                : Wasserstein.distance(reference(given), current(given));
    }

    /** The distance itself, of which a histogram of 10,000 cells is an estimate. */
    private static Object wassersteinOfNormals(Case given) {
        Matcher generator = NORMALS.matcher(given.inputs().path("generator").asText());
        if (!generator.matches()) {
            throw new Unsupported("generator of '" + given.method() + "'");
        }
        NumPyNormals normals = new NumPyNormals(Integer.parseInt(generator.group(1)));
        double[] reference = normals.draw(Double.parseDouble(generator.group(2)), Integer.parseInt(generator.group(3)));
        double[] current = normals.draw(Double.parseDouble(generator.group(4)), Integer.parseInt(generator.group(5)));
        return Wasserstein.distance(reference, current);
    }

    private static boolean weighted(Case given) {
        return given.inputs().path("u_weights").isArray();
    }

    static Alternative alternative(Case given) {
        String name = given.params().path("alternative").asText("two-sided");
        return Alternative.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static PValueMethod method(Case given) {
        String name = given.params().path("method").asText("auto");
        if (name.startsWith("auto")) {
            return PValueMethod.AUTO;
        }
        return name.startsWith("exact") ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC;
    }
}
