package io.github.plimsoll.samples.conformance;

import static java.util.Map.entry;

import io.github.plimsoll.validation.stats.OnlineTesting;
import io.github.plimsoll.validation.stats.PValueAdjustment;
import java.util.Arrays;
import java.util.Map;

/** Many tests at once, and one after the other. */
final class MultipleTests implements Subject {

    private static final double ALPHA = 0.05;

    @Override
    public Map<String, Answer> answers() {
        return Map.ofEntries(
                entry("bh_adjust", given -> adjusted(given, PValueAdjustment.BENJAMINI_HOCHBERG)),
                entry("by_adjust", given -> adjusted(given, PValueAdjustment.BENJAMINI_YEKUTIELI)),
                entry("fdr_bh_any", MultipleTests::anyBelow),
                entry(
                        "lord_plus_plus",
                        given -> inOrder(
                                given,
                                given.params().has("w0")
                                        ? OnlineTesting.lordPlusPlus(alpha(given), given.param("w0", 0))
                                        : OnlineTesting.lordPlusPlus(alpha(given)))),
                entry(
                        "saffron",
                        given -> inOrder(
                                given,
                                OnlineTesting.saffron(
                                        alpha(given),
                                        given.param("w0", alpha(given) / 2),
                                        given.param("lambda", 0.5)))),
                entry("lond", given -> inOrder(given, OnlineTesting.lond(alpha(given)))));
    }

    private static double alpha(Case given) {
        return given.param("alpha", ALPHA);
    }

    private static Object adjusted(Case given, PValueAdjustment adjustment) {
        return Map.of("adjusted", adjustment.adjust(given.numbers("p"), alpha(given)));
    }

    /** Whether any adjusted p-value is below the level, or at it where the comparison is not strict. */
    private static Object anyBelow(Case given) {
        double level = given.param("q", ALPHA);
        double[] adjusted = PValueAdjustment.BENJAMINI_HOCHBERG.adjust(given.numbers("p"), level);
        boolean strict = given.params().path("comparison").asText().startsWith("strict");
        return Map.of("any", Arrays.stream(adjusted).anyMatch(p -> strict ? p < level : p <= level));
    }

    private static Object inOrder(Case given, OnlineTesting testing) {
        double[] p = given.numbers("p");
        double[] levels = new double[p.length];
        boolean[] rejected = new boolean[p.length];
        for (int i = 0; i < p.length; i++) {
            levels[i] = testing.nextLevel();
            rejected[i] = testing.reject(p[i]);
        }
        return Map.of("alpha_i", levels, "reject", rejected);
    }
}
