package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * Levene's test with medians, also called the Brown-Forsythe test: do samples spread alike, wherever they are centred?
 *
 * <p>Equal to SciPy's {@code levene(center="median")}.
 *
 * @since 0.1
 */
public final class Levene {

    private Levene() {}

    /**
     * Compares the spreads of samples. O(N log N).
     *
     * @param samples two samples or more, of finite numbers
     * @return the statistic W and its p-value by the F distribution; {@code NaN} if no sample spreads at all
     * @throws IllegalArgumentException if there are fewer than two samples, or if a sample is empty or holds a value that is not
     *     finite
     */
    public static TestResult kSample(double[]... samples) {
        if (samples.length < 2) {
            throw new IllegalArgumentException("samples: " + samples.length + " (expected: two or more)");
        }
        int groups = samples.length;
        double[][] distances = new double[groups][];
        for (int i = 0; i < groups; i++) {
            Samples.checkFinite("samples[" + i + "]", samples[i]);
            double median = Samples.quantile(Samples.sorted("samples", samples[i]), 0.5);
            distances[i] = Arrays.stream(samples[i])
                    .map(value -> Math.abs(value - median))
                    .toArray();
        }
        double[] pooled = Samples.pool(distances);
        double grandMean = Samples.mean(pooled);
        double between = 0;
        double within = 0;
        for (double[] group : distances) {
            double shift = Samples.mean(group) - grandMean;
            between += group.length * shift * shift;
            within += Samples.squaredDeviations(group);
        }
        int rest = pooled.length - groups;
        double w = rest / (groups - 1.0) * between / within;
        return TestResult.of(w, rest > 0 ? Distributions.fSurvival(w, groups - 1.0, rest) : Double.NaN);
    }
}
