package io.github.plimsoll.validation.stats;

/**
 * Inference on proportions: a test of two, and intervals for one.
 *
 * <p>Equal to statsmodels' {@code proportions_ztest} and {@code proportion_confint}.
 *
 * @since 0.1
 */
public final class Proportion {

    private Proportion() {}

    /**
     * How an interval for a proportion is built.
     *
     * @since 0.1
     */
    public enum IntervalMethod {
        /** Wald's: the estimate and its normal error. Covers too rarely near 0 and 1. */
        WALD,
        /** Agresti and Coull's: Wald's, with two successes and two failures added at 95 %. */
        AGRESTI_COULL,
        /** Clopper and Pearson's: exact, which means it never covers too rarely. */
        CLOPPER_PEARSON,
        /** Wilson's: those proportions that a z test does not reject. The one to use by default. */
        WILSON,
        /** Quantiles of the posterior after Jeffreys' prior, Beta(1/2, 1/2). */
        JEFFREYS
    }

    /**
     * The z test with pooled variance: do two proportions differ?
     *
     * @param countX successes among the first
     * @param sizeX how many the first are
     * @param countY successes among the second
     * @param sizeY how many the second are
     * @return z, positive if the first proportion is the larger, and its two-sided p-value; {@code NaN} if all or none are successes
     * @throws IllegalArgumentException if a count is negative or above its size, or a size is not positive
     */
    public static TestResult zTest(long countX, long sizeX, long countY, long sizeY) {
        double p = share(countX, sizeX);
        double q = share(countY, sizeY);
        double pooled = ((double) countX + countY) / ((double) sizeX + sizeY);
        double z = (p - q) / Math.sqrt(pooled * (1 - pooled) * (1.0 / sizeX + 1.0 / sizeY));
        return TestResult.of(z, 2 * Distributions.normalSurvival(Math.abs(z)));
    }

    /**
     * An interval that covers the true proportion with a probability.
     *
     * @param count successes
     * @param size how many there are
     * @param level the probability, as 0.95
     * @param method how it is built
     * @return the interval, inside [0, 1]
     * @throws IllegalArgumentException if the count is negative or above the size, the size is not positive, or the level is not
     *     between 0 and 1
     */
    public static Interval interval(long count, long size, double level, IntervalMethod method) {
        double p = share(count, size);
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level: " + level + " (expected: above 0, below 1)");
        }
        double tail = (1 - level) / 2;
        double n = size;
        double z = Distributions.normalUpperQuantile(tail);
        return switch (method) {
            case WALD -> around(p, z * Math.sqrt(p * (1 - p) / n));
            case AGRESTI_COULL -> {
                double more = n + z * z;
                double centre = (count + z * z / 2) / more;
                yield around(centre, z * Math.sqrt(centre * (1 - centre) / more));
            }
            case CLOPPER_PEARSON ->
                new Interval(
                        count == 0 ? 0 : Distributions.betaQuantile(tail, (double) count, n - count + 1),
                        count == size ? 1 : Distributions.betaQuantile(1 - tail, count + 1.0, n - count));
            case WILSON -> {
                double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
                yield around(centre, z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)));
            }
            case JEFFREYS ->
                new Interval(
                        Distributions.betaQuantile(tail, count + 0.5, n - count + 0.5),
                        Distributions.betaQuantile(1 - tail, count + 0.5, n - count + 0.5));
        };
    }

    private static Interval around(double centre, double half) {
        return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
    }

    private static double share(long count, long size) {
        if (size < 1 || count < 0 || count > size) {
            throw new IllegalArgumentException(
                    "count " + count + " of " + size + " (expected: a positive size, and a count from 0 to it)");
        }
        return (double) count / size;
    }
}
