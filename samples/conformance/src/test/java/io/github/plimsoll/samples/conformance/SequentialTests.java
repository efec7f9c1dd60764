package io.github.plimsoll.samples.conformance;

import static java.util.Map.entry;

import io.github.plimsoll.validation.stats.ConfidenceSequence;
import io.github.plimsoll.validation.stats.CountEvidence;
import io.github.plimsoll.validation.stats.Interval;
import io.github.plimsoll.validation.stats.MixtureBoundary;
import io.github.plimsoll.validation.stats.StitchedBoundary;
import io.github.plimsoll.validation.stats.compat.NannyMlDefaults;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Boundaries and intervals that hold at all times, and other monitors' thresholds. */
final class SequentialTests implements Subject {

    private static final double ALPHA = 0.05;

    @Override
    public Map<String, Answer> answers() {
        return Map.ofEntries(
                entry(
                        "normal_mixture_rho",
                        given -> MixtureBoundary.twoSidedRho(of(given, "v_opt"), given.param("alpha_opt", ALPHA))),
                entry("normal_log_mixture", logEvidence(SequentialTests::normal)),
                entry("normal_mixture_bound", bound(SequentialTests::normal)),
                entry("gamma_exponential_log_mixture", logEvidence(SequentialTests::gammaExponential)),
                entry("gamma_exponential_mixture_bound", bound(SequentialTests::gammaExponential)),
                entry("gamma_poisson_log_mixture", logEvidence(SequentialTests::gammaPoisson)),
                entry("gamma_poisson_mixture_bound", bound(SequentialTests::gammaPoisson)),
                entry("beta_binomial_log_mixture", logEvidence(SequentialTests::betaBinomial)),
                entry("beta_binomial_mixture_bound", bound(SequentialTests::betaBinomial)),
                entry(
                        "poly_stitching_bound",
                        given -> StitchedBoundary.polynomial(
                                of(given, "v"), of(given, "alpha"), of(given, "v_min"), of(given, "c"))),
                entry(
                        "empirical_process_lil_bound",
                        given -> StitchedBoundary.empiricalProcess(
                                of(given, "t"), of(given, "alpha"), of(given, "t_min"), of(given, "A"))),
                entry(
                        "double_stitching_bound",
                        given -> StitchedBoundary.quantile(
                                of(given, "p"), of(given, "t"), of(given, "alpha"), of(given, "t_opt"))),
                entry(
                        "bernoulli_confidence_sequence",
                        given -> interval(ConfidenceSequence.bernoulli(
                                (long) given.number("successes"),
                                (long) given.number("trials"),
                                of(given, "alpha"),
                                of(given, "t_opt")))),
                entry(
                        "quantile_ab_always_valid_p",
                        given -> Map.of(
                                "p_value",
                                ConfidenceSequence.quantilePValue(
                                        given.numbers("a"),
                                        given.numbers("b"),
                                        of(given, "quantile"),
                                        of(given, "t_opt")))),
                entry("log_e_value_dirichlet_multinomial", SequentialTests::countEvidence),
                entry(
                        "std_threshold",
                        given -> interval(
                                NannyMlDefaults.thresholds(given.param("multiplier", 3), given.numbers("values")))),
                entry(
                        "standard_error",
                        given -> NannyMlDefaults.standardError(
                                given.number("component_std"), given.number("component_fraction"), (long)
                                        of(given, "n"))));
    }

    private static double of(Case given, String param) {
        return given.param(param, Double.NaN);
    }

    private static boolean oneSided(Case given) {
        return given.params().path("one_sided").asBoolean(true);
    }

    private static MixtureBoundary normal(Case given) {
        return oneSided(given)
                ? MixtureBoundary.oneSidedNormal(of(given, "v_opt"), given.param("alpha_opt", ALPHA))
                : MixtureBoundary.normal(of(given, "v_opt"), given.param("alpha_opt", ALPHA));
    }

    private static MixtureBoundary gammaExponential(Case given) {
        return MixtureBoundary.gammaExponential(of(given, "v_opt"), given.param("alpha_opt", ALPHA), of(given, "c"));
    }

    private static MixtureBoundary gammaPoisson(Case given) {
        return MixtureBoundary.gammaPoisson(of(given, "v_opt"), given.param("alpha_opt", ALPHA), of(given, "c"));
    }

    private static MixtureBoundary betaBinomial(Case given) {
        double alpha = given.param("alpha_opt", ALPHA);
        return oneSided(given)
                ? MixtureBoundary.oneSidedBetaBinomial(of(given, "v_opt"), alpha, of(given, "g"), of(given, "h"))
                : MixtureBoundary.betaBinomial(of(given, "v_opt"), alpha, of(given, "g"), of(given, "h"));
    }

    private static Answer logEvidence(Function<Case, MixtureBoundary> boundary) {
        return given -> boundary.apply(given).logEvidence(of(given, "s"), of(given, "v"));
    }

    private static Answer bound(Function<Case, MixtureBoundary> boundary) {
        return given -> boundary.apply(given).at(of(given, "v"), of(given, "alpha"));
    }

    private static Map<String, Object> interval(Interval interval) {
        return Map.of("lower", interval.lower(), "upper", interval.upper());
    }

    private static Object countEvidence(Case given) {
        long[] spacings = Numbers.counts(given.inputs().path("baseline_spacings"), List.of());
        long[] counts = Numbers.counts(given.inputs().path("live_counts"), List.of());
        return Map.of(
                "log_e", CountEvidence.log(spacings, counts),
                "log_null_marginal", CountEvidence.logNullMarginal(spacings, counts));
    }
}
