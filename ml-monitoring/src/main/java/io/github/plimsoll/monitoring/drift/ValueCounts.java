package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * How often each value occurred, of at most a given number of different values; occurrences of further ones are counted
 * together. Open addressing: nothing is allocated but when the table grows. Not thread-safe.
 */
final class ValueCounts implements Occurrences.Known {

    private static final long EMPTY = Double.doubleToRawLongBits(Double.NaN); // no value that is counted
    private static final int SMALLEST = 64;
    private static final int LARGEST = 1 << 30;

    private final int most;
    private long[] keys;
    private int[] counts;
    private int distinct;
    private long told; // occurrences that are not counted together
    private long others;

    /** What is done with a value and how often it occurred. */
    @FunctionalInterface
    interface Action {
        void accept(double value, int times);
    }

    ValueCounts(int most) {
        this(most, 0);
    }

    /** With room for some of the most values. */
    ValueCounts(int most, int room) {
        this.most = most;
        keys = new long[length(Math.min(room, most))];
        counts = new int[keys.length];
        Arrays.fill(keys, EMPTY);
    }

    /** With the bound that the form's reader knows, whatever the form says. */
    ValueCounts(int most, FormReader in) {
        this(most);
        int size = in.length(2);
        if (size > most) {
            throw in.wrong("values", size + " (expected: at most " + most + ")");
        }
        reserve(size);
        long key = 0;
        for (int i = 0; i < size; i++) {
            key += in.whole();
            int times = in.whole(Integer.MAX_VALUE);
            int slot = slot(key);
            if (key == EMPTY || keys[slot] == key || times == 0) {
                throw in.wrong("values", "one stands twice or has no count");
            }
            keys[slot] = key;
            counts[slot] = times;
            told += times;
            distinct++;
        }
        others = in.count();
    }

    void write(FormWriter out) {
        long[] sorted = new long[distinct];
        int size = 0;
        for (long key : keys) {
            if (key != EMPTY) {
                sorted[size++] = key;
            }
        }
        Arrays.sort(sorted);
        out.whole(sorted.length);
        long before = 0;
        for (long key : sorted) {
            out.whole(key - before).whole(counts[slot(key)]);
            before = key;
        }
        out.whole(others);
    }

    void add(double value) {
        add(value, 1);
    }

    /** Adds occurrences of a number that is not NaN; the two zeros are one value. */
    void add(double value, int times) {
        add(Double.doubleToRawLongBits(value == 0 ? 0.0 : value), times);
    }

    private void add(long key, int times) {
        int slot = slot(key);
        if (keys[slot] == key) {
            counts[slot] += times;
            told += times;
        } else if (distinct == most) {
            others += times;
        } else {
            keys[slot] = key;
            counts[slot] = times;
            told += times;
            if (++distinct * 2 > keys.length) {
                grow(2 * keys.length);
            }
        }
    }

    /** Adds an occurrence of any 64 bits, such as a hash. */
    void addKey(long key) {
        add(key == EMPTY ? 0 : key, 1);
    }

    /** Adds occurrences of values that are not told apart. */
    void addOthers(long times) {
        others += times;
    }

    void addAll(ValueCounts more) {
        reserve((int) Math.min(Integer.MAX_VALUE, (long) distinct + more.distinct));
        for (int i = 0; i < more.keys.length; i++) {
            if (more.keys[i] != EMPTY) {
                add(more.keys[i], more.counts[i]);
            }
        }
        others += more.others;
    }

    @Override
    public int count(double value) {
        long key = Double.doubleToRawLongBits(value == 0 ? 0.0 : value);
        int slot = slot(key);
        return keys[slot] == key ? counts[slot] : 0;
    }

    void forEach(Action action) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != EMPTY) {
                action.accept(Double.longBitsToDouble(keys[i]), counts[i]);
            }
        }
    }

    /** How many occurrences were not the first of their value, those counted together left out. */
    long repeated() {
        return told - distinct;
    }

    /** How many different values there are, those counted together left out. */
    int distinct() {
        return distinct;
    }

    /** Whether there were more values than can be told apart. */
    @Override
    public boolean isFull() {
        return others > 0;
    }

    /** How many values occurred exactly once. */
    @Override
    public int singles() {
        int singles = 0;
        for (int count : counts) {
            singles += count == 1 ? 1 : 0;
        }
        return singles;
    }

    @Override
    public long total() {
        return told + others;
    }

    /** The mean of the values, those counted together left out; NaN if there are none. */
    double mean() {
        double sum = 0;
        double rows = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != EMPTY) {
                sum += counts[i] * Double.longBitsToDouble(keys[i]);
                rows += counts[i];
            }
        }
        return sum / rows;
    }

    /** The most frequent values, at most a few, by falling count, those of equal count in ascending order. */
    double[] mostFrequent(int few) {
        return mostFrequent(few, 1);
    }

    /** The same of values that occurred at least so many times. */
    double[] mostFrequent(int few, int least) {
        double[] values = new double[Math.min(few, distinct)];
        int[] best = new int[values.length];
        int size = 0;
        for (int i = 0; i < keys.length; i++) {
            if (counts[i] >= least) {
                double value = Double.longBitsToDouble(keys[i]);
                int at = size;
                while (at > 0 && (best[at - 1] < counts[i] || (best[at - 1] == counts[i] && values[at - 1] > value))) {
                    at--;
                }
                if (at < values.length) {
                    size = Math.min(size + 1, values.length);
                    System.arraycopy(values, at, values, at + 1, size - at - 1);
                    System.arraycopy(best, at, best, at + 1, size - at - 1);
                    values[at] = value;
                    best[at] = counts[i];
                }
            }
        }
        return size == values.length ? values : Arrays.copyOf(values, size);
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 40) & mask;
        while (keys[slot] != key && keys[slot] != EMPTY) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** The length of a table for so many values, of which at least half is empty. */
    private static int length(int values) {
        return (int) Math.min(LARGEST, Math.max(SMALLEST, Long.highestOneBit(4L * values - 1)));
    }

    /** Makes room for so many values, if there may be as many. */
    private void reserve(int values) {
        int length = length(Math.min(values, most));
        if (length > keys.length) {
            grow(length);
        }
    }

    private void grow(int length) {
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        keys = new long[length];
        counts = new int[length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                counts[slot] = oldCounts[i];
            }
        }
    }
}
