package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * The Brunner-Munzel test: does one sample tend to larger values than the other, where their spreads may differ? What
 * Mann-Whitney is to Student's t, this is to Welch's.
 *
 * <p>Infinite values are ordinary. Equal to SciPy's {@code brunnermunzel}.
 *
 * @since 0.1
 */
public final class BrunnerMunzel {

    private BrunnerMunzel() {}

    /**
     * Compares two samples. O(n log n).
     *
     * @param x the one sample
     * @param y the other sample
     * @return the statistic, positive if {@code y} tends to larger values, and its two-sided p-value by the t distribution;
     *     infinite with a p-value of {@code NaN} if the samples do not overlap, {@code NaN} if one has a single value
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static TestResult twoSample(double[] x, double[] y) {
        int m = Samples.check("x", x).length;
        int n = Samples.check("y", y).length;
        double[] pooled = Ranks.of(Samples.pool(x, y)).of();
        double[] ranksX = Arrays.copyOfRange(pooled, 0, m);
        double[] ranksY = Arrays.copyOfRange(pooled, m, m + n);
        double spreadX = m * placementVariance(ranksX, x);
        double spreadY = n * placementVariance(ranksY, y);
        double spread = spreadX + spreadY;
        double shift = Samples.mean(ranksY) - Samples.mean(ranksX);
        double statistic = (double) m * n * shift / (m + n) / Math.sqrt(spread);
        double degreesOfFreedom = spread * spread / (spreadX * spreadX / (m - 1) + spreadY * spreadY / (n - 1));
        return new TestResult(statistic, Distributions.tTwoSided(statistic, degreesOfFreedom), degreesOfFreedom);
    }

    /** The variance of the pooled ranks less the ranks within the sample. */
    private static double placementVariance(double[] pooledRanks, double[] sample) {
        double[] own = Ranks.of(sample).of();
        double[] placements = new double[own.length];
        for (int i = 0; i < own.length; i++) {
            placements[i] = pooledRanks[i] - own[i];
        }
        return Samples.variance(placements);
    }
}
