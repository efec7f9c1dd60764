package io.github.plimsoll.monitoring.profile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often the values of one feature fell into each of its cells. Immutable.
 *
 * @since 0.1
 */
public final class FeatureProfile {

    private final FeatureBaseline baseline;
    private final long[] counts;

    /** Keeps the array. */
    FeatureProfile(FeatureBaseline baseline, long[] counts) {
        this.baseline = baseline;
        this.counts = counts;
    }

    /**
     * What the feature looked like in the baseline.
     *
     * @return the feature's baseline
     */
    public FeatureBaseline baseline() {
        return baseline;
    }

    /**
     * How many rows fell into a cell.
     *
     * @param cell the cell's index in {@link FeatureBaseline#cells()}
     * @return a number >= 0
     * @throws IndexOutOfBoundsException if there is no such cell
     */
    public long count(int cell) {
        return counts[cell];
    }

    /**
     * How many rows were counted.
     *
     * @return the sum over all cells
     */
    public long rows() {
        return Arrays.stream(counts).sum();
    }

    FeatureProfile plus(FeatureProfile other) {
        long[] sums = counts.clone();
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.addExact(sums[i], other.counts[i]);
        }
        return new FeatureProfile(baseline, sums);
    }

    /** Whether the other object is a profile of an equal feature with equal counts. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureProfile that
                && Arrays.equals(counts, that.counts)
                && baseline.equals(that.baseline);
    }

    @Override
    public int hashCode() {
        return baseline.hashCode() * 31 + Arrays.hashCode(counts);
    }

    /** The counts in words, such as {@code season: 120 = SUMMER, 3 is null}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(baseline.name());
        String separator = ": ";
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                text.append(separator)
                        .append(counts[i])
                        .append(' ')
                        .append(baseline.cells().get(i));
                separator = ", ";
            }
        }
        return text.toString();
    }
}
