package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * The numbers of a column as their ranks: all different values in ascending order, and which of them each row has. What depends
 * on a value alone is then found once a value, and rows are counted without a search. Takes up to 16 bytes a row. Immutable.
 */
final class RankedColumn {

    /** In the place of a rank: no value. */
    static final int MISSING = -1;

    /** In the place of a rank: no finite value. */
    static final int INVALID = -2;

    final double[] values;
    final int[] times; // how often each occurs in all rows
    final int[] ranks; // by row
    final int finite;

    /** Of the first so many numbers. */
    RankedColumn(double[] column, int size) {
        ranks = new int[size];
        long[] keys = new long[size];
        int[] rows = new int[size];
        int n = 0;
        for (int row = 0; row < size; row++) {
            double value = column[row] + 0.0; // the two zeros are one value
            if (Double.isFinite(value)) {
                keys[n] = LongSort.key(value);
                rows[n++] = row;
            } else {
                ranks[row] = Double.isNaN(value) ? MISSING : INVALID;
            }
        }
        finite = n;
        LongSort.sort(keys, rows, n);
        int different = 0;
        for (int i = 0; i < n; i++) {
            different += i == 0 || keys[i] != keys[i - 1] ? 1 : 0;
        }
        values = new double[different];
        times = new int[different];
        int rank = -1;
        for (int i = 0; i < n; i++) {
            if (i == 0 || keys[i] != keys[i - 1]) {
                values[++rank] = LongSort.value(keys[i]);
            }
            times[rank]++;
            ranks[rows[i]] = rank;
        }
    }

    /** Whether some rows have the same value. */
    boolean hasRepeated() {
        return values.length < finite;
    }

    /** How often each value occurs in the rows of [from, to); read only. */
    int[] times(int from, int to) {
        if (from == 0 && to == ranks.length) {
            return times;
        }
        int[] some = new int[values.length];
        for (int row = from; row < to; row++) {
            if (ranks[row] >= 0) {
                some[ranks[row]]++;
            }
        }
        return some;
    }

    /** Values that occur so often, in ascending order; read only. */
    double[] sorted(int[] often) {
        if (often == times && !hasRepeated()) {
            return values;
        }
        double[] sorted = new double[Arrays.stream(often).sum()];
        int at = 0;
        for (int rank = 0; rank < often.length; rank++) {
            for (int i = 0; i < often[rank]; i++) {
                sorted[at++] = values[rank];
            }
        }
        return sorted;
    }
}
