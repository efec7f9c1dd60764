package io.github.plimsoll.validation.audit;

import java.util.Arrays;

/**
 * The different rows of a table by their 64-bit hashes, up to a limit: where each was first, how often it was there, and whether its label
 * was always the same. Two rows that differ have one hash with a chance of one in 2<sup>64</sup>.
 */
final class RowIndex {

    static final int MOST = 1 << 20;

    private static final long SEED = 0x9e37_79b9_7f4a_7c15L;

    private long[] keys = new long[1 << 10]; // 0 is free
    private long[] labels = new long[1 << 10];
    private long[] lines = new long[1 << 10];
    private int[] counts = new int[1 << 10]; // negative if labels differ; stops at the end of int
    private int size;
    private boolean full;

    /** Adds a row; the line where one of its hash was first, or 0 if it is new or there is no room. */
    long add(long hash, long label, long line) {
        int slot = slot(keys, hash == 0 ? SEED : hash);
        if (keys[slot] != 0) {
            boolean differs = labels[slot] != label || counts[slot] < 0;
            int count = Math.min(Math.abs(counts[slot]), Integer.MAX_VALUE - 1) + 1;
            counts[slot] = differs ? -count : count;
            return lines[slot];
        }
        if (size == MOST) {
            full = true;
            return 0;
        }
        keys[slot] = hash == 0 ? SEED : hash;
        labels[slot] = label;
        lines[slot] = line;
        counts[slot] = 1;
        if (++size * 2 > keys.length) {
            grow();
        }
        return 0;
    }

    /** The label of the first row of a hash that is there. */
    long label(long hash) {
        return labels[slot(keys, hash == 0 ? SEED : hash)];
    }

    /** The line of the first row of a hash, or 0. */
    long line(long hash) {
        int slot = slot(keys, hash == 0 ? SEED : hash);
        return keys[slot] == 0 ? 0 : lines[slot];
    }

    /** How many rows share their features with rows of another label. */
    long conflicts() {
        return Arrays.stream(counts)
                .filter(count -> count < 0)
                .mapToLong(count -> -(long) count)
                .sum();
    }

    boolean isFull() {
        return full;
    }

    private static int slot(long[] keys, long key) {
        int slot = (int) (key ^ (key >>> 32)) & (keys.length - 1);
        while (keys[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldLabels = labels;
        long[] oldLines = lines;
        int[] oldCounts = counts;
        int room = oldKeys.length * 2;
        keys = new long[room];
        labels = new long[room];
        lines = new long[room];
        counts = new int[room];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                int slot = slot(keys, oldKeys[i]);
                keys[slot] = oldKeys[i];
                labels[slot] = oldLabels[i];
                lines[slot] = oldLines[i];
                counts[slot] = oldCounts[i];
            }
        }
    }
}
