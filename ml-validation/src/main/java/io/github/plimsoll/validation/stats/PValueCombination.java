package io.github.plimsoll.validation.stats;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * One p-value from those of several independent tests of one hypothesis.
 *
 * <p>Equal to SciPy's {@code combine_pvalues}.
 *
 * @since 0.1
 */
public enum PValueCombination {
    /** Minus twice the sum of logarithms: strong where one test is very sure. */
    FISHER,
    /** Twice the sum of the logarithms of the complements: strong where no test is at ease. */
    PEARSON,
    /** The smallest. */
    TIPPETT,
    /** The sum of normal scores over the root of their number: strong where all lean alike. */
    STOUFFER,
    /** Minus the sum of logits: between Fisher's and Stouffer's. */
    MUDHOLKAR_GEORGE;

    /**
     * Combines p-values. O(n).
     *
     * @param pValues one or more
     * @return the statistic that the constant names, and the combined p-value; {@code NaN} where 0 and 1 contradict each other
     * @throws IllegalArgumentException if there is none, or one that is not in [0, 1]
     */
    public TestResult combine(double... pValues) {
        if (pValues.length == 0) {
            throw new IllegalArgumentException("pValues is empty (expected: at least one)");
        }
        PValueAdjustment.check(pValues, 0);
        int n = pValues.length;
        return switch (this) {
            case FISHER -> {
                double statistic = -2 * sum(pValues, Math::log);
                yield new TestResult(statistic, Distributions.chiSquareSurvival(statistic, 2.0 * n), 2.0 * n);
            }
            case PEARSON -> {
                double statistic = 2 * sum(pValues, p -> Math.log1p(-p));
                yield new TestResult(statistic, Distributions.chiSquareCumulative(-statistic, 2.0 * n), 2.0 * n);
            }
            case TIPPETT -> {
                double statistic = Arrays.stream(pValues).min().orElseThrow();
                yield TestResult.of(statistic, -Math.expm1(n * Math.log1p(-statistic)));
            }
            case STOUFFER -> {
                double statistic = sum(pValues, Distributions::normalUpperQuantile) / Math.sqrt(n);
                yield TestResult.of(statistic, Distributions.normalSurvival(statistic));
            }
            case MUDHOLKAR_GEORGE -> {
                double statistic = -sum(pValues, Math::log) + sum(pValues, p -> Math.log1p(-p));
                double degreesOfFreedom = 5.0 * n + 4;
                double scale = Math.sqrt(3.0 / n) / Math.PI * Math.sqrt(degreesOfFreedom / (degreesOfFreedom - 2));
                yield new TestResult(
                        statistic, Distributions.tSurvival(statistic * scale, degreesOfFreedom), degreesOfFreedom);
            }
        };
    }

    private static double sum(double[] values, DoubleUnaryOperator function) {
        double sum = 0;
        for (double value : values) {
            sum += function.applyAsDouble(value);
        }
        return sum;
    }
}
