package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often the values of a column occurred in some rows of a baseline, of at most a given number of different values, maybe
 * without those of a block. Says the same as {@link ValueCounts} of these rows, and is made without hashing. Immutable.
 */
final class RankedCounts implements Occurrences.Known {

    private final RankedColumn column;
    private final int[] times; // by rank, of those that are told apart
    private final long total;
    private final int distinct;
    private final int singles;
    private final boolean full;
    private final @Nullable ValueCounts left; // what is left out

    /** Of the rows in [from, to), in which each rank occurs so many times. */
    RankedCounts(RankedColumn column, int[] often, int from, int to, int most) {
        this.column = column;
        int different = 0;
        long sum = 0;
        for (int count : often) {
            different += count > 0 ? 1 : 0;
            sum += count;
        }
        total = sum;
        distinct = Math.min(different, most);
        full = different > most;
        times = full ? firstOnes(column, from, to, most) : often;
        int ones = 0;
        for (int count : times) {
            ones += count == 1 ? 1 : 0;
        }
        singles = ones;
        left = null;
    }

    /** All but some. */
    RankedCounts(RankedCounts all, ValueCounts left) {
        column = all.column;
        times = all.times;
        total = all.total - left.total();
        distinct = all.distinct;
        full = all.full;
        this.left = left;
        int[] gained = {all.singles};
        left.forEach((value, without) -> {
            int rank = all.rank(value);
            int before = rank < 0 ? 0 : all.times[rank];
            gained[0] += (before - without == 1 ? 1 : 0) - (before == 1 ? 1 : 0);
        });
        singles = gained[0];
    }

    /** Of the values that come first only. */
    private static int[] firstOnes(RankedColumn column, int from, int to, int most) {
        int[] kept = new int[column.values.length];
        int size = 0;
        for (int row = from; row < to; row++) {
            int rank = column.ranks[row];
            if (rank >= 0 && (kept[rank] > 0 || size < most)) {
                size += kept[rank] == 0 ? 1 : 0;
                kept[rank]++;
            }
        }
        return kept;
    }

    /** The same by hash, to be looked up often. */
    ValueCounts hashed(int most) {
        ValueCounts counts = new ValueCounts(most, distinct);
        for (int rank = 0; rank < times.length; rank++) {
            if (times[rank] > 0) {
                counts.add(column.values[rank], times[rank]);
            }
        }
        counts.addOthers(total - counts.total());
        return counts;
    }

    private int rank(double value) {
        return Arrays.binarySearch(column.values, value == 0 ? 0.0 : value);
    }

    @Override
    public int count(double value) {
        int rank = rank(value);
        int found = rank < 0 ? 0 : times[rank];
        return left == null ? found : Math.max(0, found - left.count(value));
    }

    @Override
    public long total() {
        return total;
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public int singles() {
        return singles;
    }
}
