package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * The Anderson-Darling test of k samples: do they come from one distribution, whatever it is? It weighs differences in the
 * tails more than Kolmogorov-Smirnov and Cramer-von Mises do.
 *
 * <p>Infinite values are ordinary; ties are treated by mid-ranks. Equal to SciPy's {@code anderson_ksamp} with
 * {@code midrank=True}.
 *
 * @see "Scholz, F. W., Stephens, M. A. (1987). K-Sample Anderson-Darling Tests"
 * @since 0.1
 */
public final class AndersonDarling {

    private static final double[] LEVELS = {0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};
    private static final double[] B0 = {0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085};
    private static final double[] B1 = {-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615};
    private static final double[] B2 = {-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154};

    private AndersonDarling() {}

    /**
     * Compares samples. O(N log N) for N values in all.
     *
     * @param samples two samples or more, of four values or more together
     * @return the standardised statistic, and a p-value interpolated in the published table, which ends at 0.25 and 0.001: beyond
     *     its ends the p-value is that end
     * @throws IllegalArgumentException if there are fewer than two samples or four values, if a sample is empty or holds
     *     {@code NaN}, or if all values are equal
     */
    public static TestResult kSample(double[]... samples) {
        if (samples.length < 2) {
            throw new IllegalArgumentException("samples: " + samples.length + " (expected: two or more)");
        }
        double[][] sorted = new double[samples.length][];
        for (int i = 0; i < samples.length; i++) {
            sorted[i] = Samples.sorted("samples[" + i + "]", samples[i]);
        }
        double[] pooled = Samples.pool(sorted);
        Arrays.sort(pooled);
        int total = pooled.length;
        if (total < 4 || pooled[0] == pooled[total - 1]) {
            throw new IllegalArgumentException("samples: " + total + " values from " + pooled[0] + " to "
                    + pooled[total - 1] + " (expected: at least four, not all equal)");
        }
        double statistic = 0;
        for (double[] sample : sorted) {
            statistic += squaredDistance(sample, pooled) / sample.length;
        }
        statistic *= (total - 1.0) / total;
        int groups = samples.length;
        double standardised = (statistic - (groups - 1)) / Math.sqrt(variance(sorted, total));
        return TestResult.of(standardised, pValue(standardised, groups - 1));
    }

    private static double squaredDistance(double[] sample, double[] pooled) {
        double n = pooled.length;
        double sum = 0;
        int below = 0; // values of the sample before those at hand
        for (int from = 0; from < pooled.length; ) {
            double at = pooled[from];
            int to = from + 1;
            while (to < pooled.length && pooled[to] == at) {
                to++;
            }
            int through = below;
            while (through < sample.length && sample[through] == at) {
                through++;
            }
            double ties = to - from;
            double pooledRank = from + ties / 2;
            double ownRank = below + (through - below) / 2.0;
            double difference = n * ownRank - pooledRank * sample.length;
            sum += ties / n * difference * difference / (pooledRank * (n - pooledRank) - n * ties / 4);
            below = through;
            from = to;
        }
        return sum;
    }

    private static double variance(double[][] samples, int total) {
        double k = samples.length;
        double n = total;
        double inverseSizes = 0;
        for (double[] sample : samples) {
            inverseSizes += 1.0 / sample.length;
        }
        double h = 0; // 1 + 1/2 + ... + 1/(n - 1)
        double g = 0; // of 1 / ((n - i) j) over i < j < n
        for (int i = 1; i <= total - 2; i++) {
            h += 1.0 / (total - i);
            g += h / (i + 1);
        }
        h += 1;
        double a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * inverseSizes;
        double b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * inverseSizes - 8 * h + 4 * g - 6;
        double c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * inverseSizes + 4 * h;
        double d = (2 * h + 6) * k * k - 4 * h * k;
        return (a * n * n * n + b * n * n + c * n + d) / ((n - 1) * (n - 2) * (n - 3));
    }

    /** A parabola through the logarithms of the table's levels, fitted by least squares. */
    private static double pValue(double statistic, double m) {
        int rows = LEVELS.length;
        double[] critical = new double[rows];
        double[] logLevels = new double[rows];
        for (int i = 0; i < rows; i++) {
            critical[i] = B0[i] + B1[i] / Math.sqrt(m) + B2[i] / m;
            logLevels[i] = Math.log(LEVELS[i]);
        }
        if (statistic < critical[0]) {
            return LEVELS[0];
        }
        if (statistic > critical[rows - 1]) {
            return LEVELS[rows - 1];
        }
        return Math.exp(parabola(critical, logLevels, statistic));
    }

    /** By orthogonal polynomials, which need no solving. */
    private static double parabola(double[] x, double[] y, double at) {
        int n = x.length;
        double mean = Samples.mean(x);
        double sum1 = 0;
        double cube1 = 0;
        for (double value : x) {
            double linear = value - mean;
            sum1 += linear * linear;
            cube1 += linear * linear * linear;
        }
        double slope = cube1 / sum1;
        double constant = sum1 / n;
        double fit = Samples.mean(y);
        double linearFit = 0;
        double squareFit = 0;
        double squareNorm = 0;
        for (int i = 0; i < n; i++) {
            double linear = x[i] - mean;
            double square = linear * linear - slope * linear - constant;
            linearFit += linear * y[i];
            squareFit += square * y[i];
            squareNorm += square * square;
        }
        double linear = at - mean;
        return fit + linearFit / sum1 * linear + squareFit / squareNorm * (linear * linear - slope * linear - constant);
    }
}
