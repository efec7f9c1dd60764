package io.github.plimsoll.validation.stats.compat;

import io.github.plimsoll.validation.stats.KolmogorovSmirnov;

/**
 * What DataSketches says of its KLL sketches of quantiles, as of version 9: how far their ranks may be off, and when two of them differ.
 * The errors are fits to its own simulations, each for 99 of 100 sketches.
 *
 * @since 0.1
 */
public final class DataSketchesDefaults {

    private static final int SMALLEST = 8;
    private static final int LARGEST = 65_535;

    private DataSketchesDefaults() {}

    /**
     * How far a single rank may be off: 2.296 / k^0.9723.
     *
     * @param k the size that the sketch was made with, from 8 to 65,535; DataSketches has 200, whylogs 1,024
     * @return the error, as a share of all values
     * @throws IllegalArgumentException if k is out of its range
     */
    public static double rankError(int k) {
        return 2.296 / Math.pow(checked(k), 0.9723);
    }

    /**
     * How far the share of values between two points may be off: 2.446 / k^0.9433.
     *
     * @param k the size that the sketch was made with, from 8 to 65,535
     * @return the error, as a share of all values
     * @throws IllegalArgumentException if k is out of its range
     */
    public static double shareError(int k) {
        return 2.446 / Math.pow(checked(k), 0.9433);
    }

    /**
     * From which Kolmogorov-Smirnov statistic on two sketches are of different distributions: what so many values as the sketches retain
     * exceed by chance, and the rank errors of both. It takes the retained values for all that were read, so that it sees large changes
     * only: with k = 200, and 20,000 values on either side, not a tenth of a standard deviation.
     *
     * @param retainedX how many values the one sketch retains
     * @param errorX its rank error
     * @param retainedY how many values the other sketch retains
     * @param errorY its rank error
     * @param alpha the probability of a larger statistic by chance
     * @return the threshold; may be above 1
     * @throws IllegalArgumentException if a size is not positive, an error is negative, or alpha is not between 0 and 1
     */
    public static double kolmogorovSmirnovThreshold(
            long retainedX, double errorX, long retainedY, double errorY, double alpha) {
        if (!(errorX >= 0 && errorY >= 0)) {
            throw new IllegalArgumentException(
                    "rank errors " + errorX + " and " + errorY + " (expected: shares, not negative)");
        }
        return KolmogorovSmirnov.criticalValue(retainedX, retainedY, alpha) + errorX + errorY;
    }

    private static int checked(int k) {
        if (k < SMALLEST || k > LARGEST) {
            throw new IllegalArgumentException("k: " + k + " (expected: from " + SMALLEST + " to " + LARGEST + ")");
        }
        return k;
    }
}
