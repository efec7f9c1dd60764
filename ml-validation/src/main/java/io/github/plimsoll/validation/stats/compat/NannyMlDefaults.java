package io.github.plimsoll.validation.stats.compat;

import io.github.plimsoll.validation.stats.Bins;
import io.github.plimsoll.validation.stats.Divergence;
import io.github.plimsoll.validation.stats.Interval;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * NannyML's default drift distances and thresholds, as of version 0.13. A column's distance is computed for each chunk of rows, and
 * a chunk alarms when it is above the mean of the reference's own chunks plus three of their standard deviations.
 *
 * <p>Those chunks are part of the reference that the distance was fitted on, so that thresholds are too low: about 6 % of unchanged
 * chunks alarm, not the 0.13 % of three standard deviations.
 *
 * @since 0.1
 */
public final class NannyMlDefaults {

    private static final double DEVIATIONS = 3;

    private NannyMlDefaults() {}

    /**
     * The Jensen-Shannon distance of numbers, in bits: over cells of Doane's rule on the reference, and one more for all values
     * outside its range.
     *
     * @param reference the reference, of finite numbers
     * @param chunk what is compared with it, without {@code NaN}
     * @return the distance, from 0 to 1
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static double jensenShannon(double[] reference, double[] chunk) {
        return numbers(reference, chunk).jensenShannonDistanceBase2();
    }

    /**
     * The Jensen-Shannon distance of categories, in bits.
     *
     * @param reference the reference
     * @param chunk what is compared with it
     * @return the distance, from 0 to 1
     * @throws IllegalArgumentException if a sample is empty
     */
    public static double jensenShannon(Collection<?> reference, Collection<?> chunk) {
        return categories(reference, chunk).jensenShannonDistanceBase2();
    }

    /**
     * The Hellinger distance of numbers, over the same cells as {@link #jensenShannon(double[], double[])}.
     *
     * @param reference the reference, of finite numbers
     * @param chunk what is compared with it, without {@code NaN}
     * @return the distance, from 0 to 1
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static double hellinger(double[] reference, double[] chunk) {
        return numbers(reference, chunk).hellinger();
    }

    /**
     * The Hellinger distance of categories.
     *
     * @param reference the reference
     * @param chunk what is compared with it
     * @return the distance, from 0 to 1
     * @throws IllegalArgumentException if a sample is empty
     */
    public static double hellinger(Collection<?> reference, Collection<?> chunk) {
        return categories(reference, chunk).hellinger();
    }

    /**
     * The L-infinity distance of categories.
     *
     * @param reference the reference
     * @param chunk what is compared with it
     * @return the distance, from 0 to 1
     * @throws IllegalArgumentException if a sample is empty
     */
    public static double lInfinity(Collection<?> reference, Collection<?> chunk) {
        return categories(reference, chunk).lInfinity();
    }

    /**
     * The thresholds: mean plus and minus three standard deviations of the values of the reference's chunks.
     *
     * @param chunkValues one value for each chunk of the reference
     * @return the lower and the upper threshold; distances are compared with the upper one only
     * @throws IllegalArgumentException if there is no value
     */
    public static Interval thresholds(double... chunkValues) {
        return thresholds(DEVIATIONS, chunkValues);
    }

    /**
     * The thresholds with another number of standard deviations.
     *
     * @param deviations how many
     * @param chunkValues one value for each chunk of the reference
     * @return the lower and the upper threshold
     * @throws IllegalArgumentException if there is no value or {@code deviations} is negative
     */
    public static Interval thresholds(double deviations, double[] chunkValues) {
        if (chunkValues.length == 0 || !(deviations >= 0)) {
            throw new IllegalArgumentException(chunkValues.length + " values, " + deviations
                    + " standard deviations (expected: one value or more, and not negative)");
        }
        double mean = Arrays.stream(chunkValues).average().orElseThrow();
        double variance = Arrays.stream(chunkValues)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        double half = deviations * Math.sqrt(variance);
        return new Interval(mean - half, mean + half);
    }

    /**
     * The sampling error of a metric that is a mean over some of the rows.
     *
     * @param deviation the standard deviation of the metric's component over those rows of the reference
     * @param fraction which share of the rows those are
     * @param rows the size of a chunk
     * @return the standard error, deviation / sqrt(rows fraction)
     * @throws IllegalArgumentException if a number is negative, or the fraction or the size is 0
     */
    public static double standardError(double deviation, double fraction, long rows) {
        if (!(deviation >= 0 && fraction > 0 && fraction <= 1) || rows < 1) {
            throw new IllegalArgumentException("deviation " + deviation + ", fraction " + fraction + ", rows " + rows
                    + " (expected: a deviation from 0, a fraction up to 1, one row or more)");
        }
        return deviation / Math.sqrt(rows * fraction);
    }

    private static Divergence numbers(double[] reference, double[] chunk) {
        Bins bins = Bins.doane(reference);
        return Divergence.between(withOutside(bins, reference), withOutside(bins, chunk));
    }

    private static long[] withOutside(Bins bins, double[] values) {
        long[] counts = Arrays.copyOf(bins.count(values), bins.size() + 1);
        counts[bins.size()] = bins.outside(values);
        return counts;
    }

    private static Divergence categories(Collection<?> reference, Collection<?> chunk) {
        CategoryCounts counts = CategoryCounts.of(List.copyOf(reference), List.copyOf(chunk));
        return Divergence.between(counts.reference(), counts.current());
    }
}
