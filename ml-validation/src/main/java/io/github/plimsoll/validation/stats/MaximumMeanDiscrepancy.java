package io.github.plimsoll.validation.stats;

import java.util.Arrays;
import java.util.Random;

/**
 * The maximum mean discrepancy of two samples of rows: how far their means are apart after a radial basis function, exp(-d^2 / (2
 * sigma^2)), has spread the rows out in a space where every difference of distributions is a difference of means. Sees changes in how columns
 * go together, which tests column by column do not. Put the columns to one scale first.
 *
 * <p>Rows are arrays of one length, of finite numbers.
 *
 * @see "Gretton, A. et al. (2012). A Kernel Two-Sample Test"
 * @since 0.1
 */
public final class MaximumMeanDiscrepancy {

    private MaximumMeanDiscrepancy() {}

    /**
     * The usual bandwidth: the root of half the median squared distance of all pairs of rows, each row's distance from itself
     * included, as Evidently has it. O(rows^2 columns).
     *
     * @param rows rows, commonly those of both samples together
     * @return sigma; 0 if most rows are equal, in which case choose another
     * @throws IllegalArgumentException if there is no row, or if rows differ in length or hold a value that is not finite
     */
    public static double medianBandwidth(double[][] rows) {
        check("rows", rows, rows.length == 0 ? 0 : rows[0].length);
        double[] squares = new double[Math.multiplyExact(rows.length, rows.length)];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows.length; j++) {
                squares[i * rows.length + j] = squaredDistance(rows[i], rows[j]);
            }
        }
        return medianBandwidthOfSquaredDistances(squares);
    }

    /**
     * The same bandwidth from squared distances that are known already. The median is an order statistic.
     *
     * @param squaredDistances of all pairs, in any order
     * @return sigma
     * @throws IllegalArgumentException if there is none, or one that is not finite
     */
    public static double medianBandwidthOfSquaredDistances(double[] squaredDistances) {
        Samples.checkFinite("squaredDistances", squaredDistances);
        double[] sorted = Samples.sorted("squaredDistances", squaredDistances);
        return Math.sqrt(0.5 * sorted[(int) Math.rint(0.5 * (sorted.length - 1))]);
    }

    /**
     * The unbiased estimate of the squared discrepancy, about 0 if nothing differs and then negative half the time. O(rows^2
     * columns).
     *
     * @param x rows of the one sample, two or more
     * @param y rows of the other sample, two or more
     * @param bandwidth sigma
     * @return the squared discrepancy
     * @throws IllegalArgumentException if a sample has fewer than two rows, if rows differ in length or hold a value that is not
     *     finite, or if the bandwidth is not positive
     */
    public static double unbiasedSquared(double[][] x, double[][] y, double bandwidth) {
        check(x, y, bandwidth);
        return unbiasedSquared(kernel(x, y, bandwidth), identity(x.length + y.length), x.length);
    }

    /**
     * Tests whether the samples come from one distribution, by how often random permutations of the rows have a larger
     * discrepancy. O(rows^2 (columns + permutations)), and 8 bytes for each pair of rows.
     *
     * @param x rows of the one sample, two or more
     * @param y rows of the other sample, two or more
     * @param bandwidth sigma
     * @param permutations how many, 100 or more for a level of 0.05
     * @param seed of the permutations; the same seed gives the same answer
     * @return the unbiased squared discrepancy, and the share of permutations, the data themselves among them, that reach it
     * @throws IllegalArgumentException if a sample has fewer than two rows, if rows differ in length or hold a value that is not
     *     finite, or if the bandwidth or the number of permutations is not positive
     */
    public static TestResult permutationTest(
            double[][] x, double[][] y, double bandwidth, int permutations, long seed) {
        check(x, y, bandwidth);
        if (permutations < 1) {
            throw new IllegalArgumentException("permutations: " + permutations + " (expected: one or more)");
        }
        double[][] kernel = kernel(x, y, bandwidth);
        int[] order = identity(kernel.length);
        double observed = unbiasedSquared(kernel, order, x.length);
        Random random = new Random(seed);
        int reached = 1;
        for (int i = 0; i < permutations; i++) {
            shuffle(order, random);
            if (unbiasedSquared(kernel, order, x.length) >= observed) {
                reached++;
            }
        }
        return TestResult.of(observed, reached / (permutations + 1.0));
    }

    /**
     * An approximation that merges: each row becomes a vector of random Fourier features, and the squared distance of two mean
     * vectors is the squared discrepancy, with an error of about 1 over the root of the number of features. Means over parts
     * merge into the mean over all, so that samples need not be kept.
     *
     * @param columns the length of a row
     * @param features how many features, an even number, as 256
     * @param bandwidth sigma
     * @param seed of the features; only means of one seed compare
     * @return the map from rows to features
     * @throws IllegalArgumentException if a number is not positive or {@code features} is odd
     */
    public static FourierFeatures fourierFeatures(int columns, int features, double bandwidth, long seed) {
        if (columns < 1 || features < 2 || features % 2 == 1 || !(bandwidth > 0)) {
            throw new IllegalArgumentException(columns + " columns, " + features + " features, bandwidth " + bandwidth
                    + " (expected: positive numbers, and an even one of features)");
        }
        Random random = new Random(seed);
        double[][] frequencies = new double[features / 2][columns];
        for (double[] frequency : frequencies) {
            for (int c = 0; c < columns; c++) {
                frequency[c] = random.nextGaussian() / bandwidth;
            }
        }
        return new FourierFeatures(frequencies);
    }

    /**
     * A fixed random map from rows to vectors whose scalar products approximate the radial basis function. Immutable.
     *
     * @since 0.1
     */
    public static final class FourierFeatures {

        private final double[][] frequencies;

        private FourierFeatures(double[][] frequencies) {
            this.frequencies = frequencies;
        }

        /**
         * Maps a row. O(columns features).
         *
         * @param row the row
         * @return its features, a new array of length 1
         * @throws IllegalArgumentException if the row has another length
         */
        public double[] of(double[] row) {
            if (row.length != frequencies[0].length) {
                throw new IllegalArgumentException(
                        "a row of " + row.length + " columns (expected: " + frequencies[0].length + ")");
            }
            double[] features = new double[2 * frequencies.length];
            double scale = 1 / Math.sqrt(frequencies.length);
            for (int f = 0; f < frequencies.length; f++) {
                double angle = 0;
                for (int c = 0; c < row.length; c++) {
                    angle += frequencies[f][c] * row[c];
                }
                features[2 * f] = scale * Math.cos(angle);
                features[2 * f + 1] = scale * Math.sin(angle);
            }
            return features;
        }

        /**
         * The mean of the features of rows. O(rows columns features).
         *
         * @param rows one row or more
         * @return the mean, a new array
         * @throws IllegalArgumentException if there is no row or one of another length
         */
        public double[] mean(double[][] rows) {
            if (rows.length == 0) {
                throw new IllegalArgumentException("rows is empty (expected: at least one row)");
            }
            double[] mean = new double[2 * frequencies.length];
            for (double[] row : rows) {
                double[] features = of(row);
                for (int f = 0; f < mean.length; f++) {
                    mean[f] += features[f] / rows.length;
                }
            }
            return mean;
        }

        /**
         * The squared discrepancy of two samples from the means of their features. It is the biased estimate, which is never
         * negative and about 1/m + 1/n if nothing differs.
         *
         * @param x the mean of the one sample
         * @param y the mean of the other sample
         * @return the squared discrepancy
         * @throws IllegalArgumentException if a mean has another length
         */
        public double squaredDiscrepancy(double[] x, double[] y) {
            if (x.length != 2 * frequencies.length || y.length != x.length) {
                throw new IllegalArgumentException("means of " + x.length + " and " + y.length + " features (expected: "
                        + 2 * frequencies.length + ")");
            }
            return squaredDistance(x, y);
        }
    }

    private static void check(double[][] x, double[][] y, double bandwidth) {
        if (x.length < 2 || y.length < 2) {
            throw new IllegalArgumentException(
                    "samples of " + x.length + " and " + y.length + " rows (expected: two or more)");
        }
        check("x", x, x[0].length);
        check("y", y, x[0].length);
        if (!(bandwidth > 0)) {
            throw new IllegalArgumentException("bandwidth: " + bandwidth + " (expected: a positive number)");
        }
    }

    static void check(String name, double[][] rows, int columns) {
        if (rows.length == 0) {
            throw new IllegalArgumentException(name + " is empty (expected: at least one row)");
        }
        for (int i = 0; i < rows.length; i++) {
            Samples.checkFinite(name + "[" + i + "]", rows[i]);
            if (rows[i].length != columns) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] has " + rows[i].length + " columns (expected: " + columns + ")");
            }
        }
    }

    private static double[][] kernel(double[][] x, double[][] y, double bandwidth) {
        double[][] rows = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, rows, x.length, y.length);
        double[][] kernel = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < i; j++) {
                double value = Math.exp(-squaredDistance(rows[i], rows[j]) / (2 * bandwidth * bandwidth));
                kernel[i][j] = value;
                kernel[j][i] = value;
            }
        }
        return kernel;
    }

    /** With a diagonal of zeros, as no row is paired with itself. */
    private static double unbiasedSquared(double[][] kernel, int[] order, int m) {
        double within1 = 0;
        double within2 = 0;
        double between = 0;
        for (int i = 0; i < order.length; i++) {
            double[] row = kernel[order[i]];
            double first = 0;
            for (int j = 0; j < m; j++) {
                first += row[order[j]];
            }
            double second = 0;
            for (int j = m; j < order.length; j++) {
                second += row[order[j]];
            }
            if (i < m) {
                within1 += first;
                between += second;
            } else {
                within2 += second;
            }
        }
        double n = (double) order.length - m;
        return within1 / (m * (m - 1.0)) + within2 / (n * (n - 1)) - 2 * between / (m * n);
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    private static int[] identity(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        return order;
    }

    static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }
}
