package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * The Epps-Singleton test: do two samples come from one distribution, continuous or discrete? It compares the empirical
 * characteristic functions at 0.4 and 0.8 over half the pooled interquartile range, and is often stronger than
 * Kolmogorov-Smirnov.
 *
 * <p>Equal to SciPy's {@code epps_singleton_2samp}.
 *
 * @since 0.1
 */
public final class EppsSingleton {

    private static final double[] POINTS = {0.4, 0.8};
    private static final int FEWEST = 5;
    private static final int SMALL = 25;
    private static final double EPSILON = Math.ulp(1.0);

    private EppsSingleton() {}

    /**
     * Compares two samples. O(n log n).
     *
     * @param x the one sample, of finite numbers
     * @param y the other sample, of finite numbers
     * @return the statistic W and its p-value by the chi-square limit; {@code NaN} if a sample has fewer than five values or if the
     *     middle half of all values is one value; infinite with a p-value of 0 if each sample has one value of its own
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite
     */
    public static TestResult twoSample(double[] x, double[] y) {
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        double[] pooled = Samples.sorted("pooled", Samples.pool(x, y));
        double scale = (Samples.quantile(pooled, 0.75) - Samples.quantile(pooled, 0.25)) / 2;
        if (Math.min(x.length, y.length) < FEWEST || scale == 0) {
            return TestResult.of(Double.NaN, Double.NaN);
        }
        if (isConstant(x) && isConstant(y)) {
            return TestResult.of(Double.POSITIVE_INFINITY, 0);
        }
        double[][] wavesX = waves(x, scale);
        double[][] wavesY = waves(y, scale);
        double n = pooled.length;
        int size = wavesX.length;
        double[][] covariance = new double[size][size];
        double[] difference = new double[size];
        for (int i = 0; i < size; i++) {
            difference[i] = Samples.mean(wavesX[i]) - Samples.mean(wavesY[i]);
            for (int j = 0; j < size; j++) {
                covariance[i][j] = n / x.length * covariance(wavesX[i], wavesX[j])
                        + n / y.length * covariance(wavesY[i], wavesY[j]);
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(covariance);
        double largest = Arrays.stream(eigen.values()).max().orElseThrow();
        double w = 0;
        int rank = 0;
        for (int k = 0; k < size; k++) {
            // Directions in which nothing varies, up to rounding, say nothing.
            if (eigen.values()[k] > size * EPSILON * largest) {
                double projection = 0;
                for (int i = 0; i < size; i++) {
                    projection += eigen.vectors()[i][k] * difference[i];
                }
                w += n * projection * projection / eigen.values()[k];
                rank++;
            }
        }
        if (Math.max(x.length, y.length) < SMALL) {
            w /= 1 + Math.pow(n, -0.45) + 10.1 * (Math.pow(x.length, -1.7) + Math.pow(y.length, -1.7));
        }
        return new TestResult(w, Distributions.chiSquareSurvival(w, rank), rank);
    }

    private static boolean isConstant(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == values[0]);
    }

    private static double[][] waves(double[] values, double scale) {
        double[][] waves = new double[2 * POINTS.length][];
        for (int p = 0; p < POINTS.length; p++) {
            double frequency = POINTS[p] / scale;
            waves[p] = Arrays.stream(values).map(v -> Math.cos(v * frequency)).toArray();
            waves[POINTS.length + p] =
                    Arrays.stream(values).map(v -> Math.sin(v * frequency)).toArray();
        }
        return waves;
    }

    private static double covariance(double[] a, double[] b) {
        double meanA = Samples.mean(a);
        double meanB = Samples.mean(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - meanA) * (b[i] - meanB);
        }
        return sum / a.length;
    }
}
