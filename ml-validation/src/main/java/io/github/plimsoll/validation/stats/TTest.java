package io.github.plimsoll.validation.stats;

/**
 * Student's t and its relatives: do means differ?
 *
 * <p>All p-values are two-sided. Equal to SciPy's {@code ttest_ind} and {@code ttest_rel}. Sums are plain: values beyond 1e154
 * overflow when they are squared, and the statistic is 0 then.
 *
 * @since 0.1
 */
public final class TTest {

    private TTest() {}

    /**
     * Compares the means of two samples whose variances are taken to be equal. O(n).
     *
     * @param x the one sample, of finite numbers
     * @param y the other sample, of finite numbers
     * @return t, positive if the mean of {@code x} is the larger; infinite if nothing varies but the means differ, {@code NaN} if
     *     they do not or if there is one value each
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite
     */
    public static TestResult student(double[] x, double[] y) {
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        double degreesOfFreedom = x.length + y.length - 2.0;
        double pooled = (Samples.squaredDeviations(x) + Samples.squaredDeviations(y)) / degreesOfFreedom;
        return result(Samples.mean(x) - Samples.mean(y), pooled * (1.0 / x.length + 1.0 / y.length), degreesOfFreedom);
    }

    /**
     * Compares the means of two samples whose variances may differ, by Welch's approximation. O(n).
     *
     * @param x the one sample, of finite numbers
     * @param y the other sample, of finite numbers
     * @return t, positive if the mean of {@code x} is the larger; infinite if nothing varies but the means differ, {@code NaN} if
     *     they do not or if a sample has one value
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite
     */
    public static TestResult welch(double[] x, double[] y) {
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        double partX = Samples.variance(x) / x.length;
        double partY = Samples.variance(y) / y.length;
        double sum = partX + partY;
        double degreesOfFreedom = sum * sum / (partX * partX / (x.length - 1) + partY * partY / (y.length - 1));
        // They are 0 / 0 without variance and inf / inf after an overflow, and do not matter then.
        return result(Samples.mean(x) - Samples.mean(y), sum, Double.isNaN(degreesOfFreedom) ? 1 : degreesOfFreedom);
    }

    /**
     * Tells whether differences of pairs are 0 on average. O(n).
     *
     * @param x the first of each pair
     * @param y the second of each pair, in the same order
     * @return t, positive if {@code x} is larger on average; {@code NaN} for a single pair
     * @throws IllegalArgumentException if the samples differ in length, are empty or hold a value that is not finite
     */
    public static TestResult paired(double[] x, double[] y) {
        return overlapping(differences(x, y), 0);
    }

    /**
     * The corrected resampled t-test of Nadeau and Bengio, for scores of two models on the same random splits of one data set,
     * whose training parts overlap: plain t finds differences there that are none.
     *
     * @param x the scores of the one model, a split each
     * @param y the scores of the other model on the same splits
     * @param testToTrain the size of a split's test part over that of its training part, as 1/9 for ten folds
     * @return t, positive if {@code x} scores higher on average; {@code NaN} for a single split
     * @throws IllegalArgumentException if the scores differ in number, are none or not finite, or if the ratio is negative
     */
    public static TestResult correctedResampled(double[] x, double[] y, double testToTrain) {
        if (!(testToTrain >= 0)) {
            throw new IllegalArgumentException("testToTrain: " + testToTrain + " (expected: not negative)");
        }
        return overlapping(differences(x, y), testToTrain);
    }

    private static TestResult overlapping(double[] differences, double overlap) {
        int n = differences.length;
        return result(Samples.mean(differences), Samples.variance(differences) * (1.0 / n + overlap), n - 1.0);
    }

    static double[] differences(double[] x, double[] y) {
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "y has " + y.length + " values (expected: " + x.length + ", a pair each)");
        }
        double[] differences = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            differences[i] = x[i] - y[i];
        }
        return differences;
    }

    private static TestResult result(double difference, double squaredError, double degreesOfFreedom) {
        double t = difference / Math.sqrt(squaredError);
        return new TestResult(t, Distributions.tTwoSided(t, degreesOfFreedom), degreesOfFreedom);
    }
}
