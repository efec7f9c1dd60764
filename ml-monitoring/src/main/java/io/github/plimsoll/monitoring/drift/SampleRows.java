package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The rows that a window keeps to explain an alarm by: of all rows those with the smallest keys, so that it does not matter in
 * which order they come. Not thread-safe.
 */
final class SampleRows {

    static final int MOST = 1_024;

    private static final int FEW = 16;

    // A heap: no key is less than the two that follow it, at twice its place + 1 and + 2, so the largest comes first.
    private long[] keys = new long[FEW];
    private double[][] rows = new double[FEW][];
    private int size;

    int size() {
        return size;
    }

    /** Whether a row of this key is one of those to be kept. */
    boolean takes(long key) {
        return size < MOST || key < keys[0];
    }

    /** Adds a row, which must not change from then on, and drops the one with the largest key if there are too many. */
    void add(long key, double[] row) {
        if (size < MOST) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, 2 * size);
                rows = Arrays.copyOf(rows, 2 * size);
            }
            rise(size++, key, row);
        } else if (key < keys[0]) {
            sink(key, row);
        }
    }

    /** Puts a row at a free place at the end, or above. */
    private void rise(int place, long key, double[] row) {
        int at = place;
        while (at > 0 && keys[(at - 1) / 2] < key) {
            keys[at] = keys[(at - 1) / 2];
            rows[at] = rows[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        keys[at] = key;
        rows[at] = row;
    }

    /** Puts a row in the place of the first one, or below. */
    private void sink(long key, double[] row) {
        int at = 0;
        for (int below = 1; below < size; below = 2 * at + 1) {
            int larger = below + 1 < size && keys[below + 1] > keys[below] ? below + 1 : below;
            if (keys[larger] <= key) {
                break;
            }
            keys[at] = keys[larger];
            rows[at] = rows[larger];
            at = larger;
        }
        keys[at] = key;
        rows[at] = row;
    }

    void addAll(SampleRows more) {
        for (int i = 0; i < more.size; i++) {
            add(more.keys[i], more.rows[i]);
        }
    }

    /** The rows by rising key. */
    List<double[]> inOrder() {
        return IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingLong(i -> keys[i]))
                .map(i -> rows[i])
                .toList();
    }
}
