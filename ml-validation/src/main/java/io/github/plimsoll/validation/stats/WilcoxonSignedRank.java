package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * Wilcoxon's signed-rank test: are differences of pairs as often and as far above 0 as below? Needs no normal distribution, where
 * the paired t-test does.
 *
 * <p>Equal to SciPy's {@code wilcoxon} with its defaults: pairs without a difference are left out.
 *
 * @since 0.1
 */
public final class WilcoxonSignedRank {

    private static final int LARGEST_EXACT = 50;

    private WilcoxonSignedRank() {}

    /**
     * Compares pairs in both directions: exactly for up to 50 pairs without ties or zeros, by the normal limit without continuity
     * correction otherwise. O(n log n), exactly O(n^3).
     *
     * @param x the first of each pair
     * @param y the second of each pair, in the same order
     * @return the smaller of the rank sums of positive and negative differences, and its p-value; {@code NaN} for the p-value if no
     *     pair differs
     * @throws IllegalArgumentException if the samples differ in length, are empty or hold a value that is not finite
     */
    public static TestResult paired(double[] x, double[] y) {
        double[] differences = TTest.differences(x, y);
        double[] nonZero = Arrays.stream(differences).filter(d -> d != 0).toArray();
        int n = nonZero.length;
        Ranks ranks = Ranks.of(Arrays.stream(nonZero).map(Math::abs).toArray());
        double positive = 0;
        double negative = 0;
        for (int i = 0; i < n; i++) {
            if (nonZero[i] > 0) {
                positive += ranks.of()[i];
            } else {
                negative += ranks.of()[i];
            }
        }
        double statistic = Math.min(positive, negative);
        if (n <= LARGEST_EXACT && n == differences.length && ranks.tieTerm() == 0) {
            return TestResult.of(statistic, Math.min(1, 2 * exactCumulative((int) statistic, n)));
        }
        double pairs = n;
        double mean = pairs * (pairs + 1) / 4;
        double variance = (pairs * (pairs + 1) * (2 * pairs + 1) - ranks.tieTerm() / 2) / 24;
        double z = Math.abs(statistic - mean) / Math.sqrt(variance);
        return TestResult.of(statistic, 2 * Distributions.normalSurvival(z));
    }

    /** The share of sign patterns whose positive ranks add up to at most {@code sum}. */
    private static double exactCumulative(int sum, int n) {
        double[] shares = new double[n * (n + 1) / 2 + 1];
        shares[0] = 1;
        for (int rank = 1; rank <= n; rank++) {
            for (int s = shares.length - 1; s >= 0; s--) {
                shares[s] = 0.5 * (shares[s] + (s >= rank ? shares[s - rank] : 0));
            }
        }
        double cumulative = 0;
        for (int s = 0; s <= sum; s++) {
            cumulative += shares[s];
        }
        return cumulative;
    }
}
