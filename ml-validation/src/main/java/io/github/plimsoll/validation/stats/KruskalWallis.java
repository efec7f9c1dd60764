package io.github.plimsoll.validation.stats;

/**
 * The Kruskal-Wallis test: does any of several samples tend to larger or smaller values than the others? Mann-Whitney for more
 * than two.
 *
 * <p>Infinite values are ordinary. Equal to SciPy's {@code kruskal}.
 *
 * @since 0.1
 */
public final class KruskalWallis {

    private KruskalWallis() {}

    /**
     * Compares samples. O(N log N).
     *
     * @param samples two samples or more
     * @return the statistic H, corrected for ties, and its p-value by the chi-square limit; {@code NaN} if all values are equal
     * @throws IllegalArgumentException if there are fewer than two samples, or if a sample is empty or holds {@code NaN}
     */
    public static TestResult kSample(double[]... samples) {
        if (samples.length < 2) {
            throw new IllegalArgumentException("samples: " + samples.length + " (expected: two or more)");
        }
        for (int i = 0; i < samples.length; i++) {
            Samples.check("samples[" + i + "]", samples[i]);
        }
        Ranks ranks = Ranks.of(Samples.pool(samples));
        double total = ranks.of().length;
        double sum = 0;
        int from = 0;
        for (double[] sample : samples) {
            double rankSum = ranks.sum(from, from + sample.length);
            sum += rankSum * rankSum / sample.length;
            from += sample.length;
        }
        double h = (12 / (total * (total + 1)) * sum - 3 * (total + 1))
                / (1 - ranks.tieTerm() / (total * total * total - total));
        int degreesOfFreedom = samples.length - 1;
        return new TestResult(
                h,
                Double.isNaN(h) ? h : Distributions.chiSquareSurvival(Math.max(0, h), degreesOfFreedom),
                degreesOfFreedom);
    }
}
