package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How often each value occurred, of at most a given number of different values; occurrences of further ones are counted
 * together. Open addressing: nothing is allocated but when the table grows. Not thread-safe.
 */
final class ValueCounts {

    private static final long EMPTY = Double.doubleToRawLongBits(Double.NaN); // no value that is counted

    private final int most;
    private long[] keys = new long[64];
    private int[] counts = new int[64];
    private int distinct;
    private long told; // occurrences that are not counted together
    private long others;
    private @Nullable ValueCounts left; // what is left out

    ValueCounts(int most) {
        this.most = most;
        Arrays.fill(keys, EMPTY);
    }

    /** All but some of the values, which both share their tables with this; read only. */
    ValueCounts(ValueCounts all, ValueCounts left) {
        most = all.most;
        keys = all.keys;
        counts = all.counts;
        distinct = all.distinct;
        told = all.told;
        others = all.others;
        this.left = left;
    }

    /** With the bound that the form's reader knows, whatever the form says. */
    ValueCounts(int most, FormReader in) {
        this(most);
        int size = in.length(2);
        if (size > most) {
            throw in.wrong("values", size + " (expected: at most " + most + ")");
        }
        long key = 0;
        for (int i = 0; i < size; i++) {
            key += in.whole();
            int times = in.whole(Integer.MAX_VALUE);
            if (key == EMPTY || counts[slot(key)] > 0 || times == 0) {
                throw in.wrong("values", "one stands twice or has no count");
            }
            add(key, times);
        }
        others = in.count();
    }

    void write(FormWriter out) {
        long[] sorted = Arrays.stream(keys).filter(key -> key != EMPTY).sorted().toArray();
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
    private void add(double value, int times) {
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
                grow();
            }
        }
    }

    /** Adds an occurrence of any 64 bits, such as a hash. */
    void addKey(long key) {
        add(key == EMPTY ? 0 : key, 1);
    }

    void addAll(ValueCounts more) {
        for (int i = 0; i < more.keys.length; i++) {
            if (more.keys[i] != EMPTY) {
                add(more.keys[i], more.counts[i]);
            }
        }
        others += more.others;
    }

    int count(double value) {
        long key = Double.doubleToRawLongBits(value == 0 ? 0.0 : value);
        int slot = slot(key);
        int found = keys[slot] == key ? counts[slot] : 0;
        return left == null ? found : Math.max(0, found - left.count(value));
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
    boolean isFull() {
        return others > 0;
    }

    /** How many values occurred exactly once. */
    int singles() {
        int singles = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != EMPTY && counts[i] == 1) {
                singles++;
            }
        }
        return left == null ? singles : singles + singlesGained(left);
    }

    private int singlesGained(ValueCounts without) {
        int gained = 0;
        for (int i = 0; i < without.keys.length; i++) {
            int slot = without.keys[i] == EMPTY ? -1 : slot(without.keys[i]);
            if (slot >= 0 && keys[slot] == without.keys[i]) {
                gained += counts[slot] - without.counts[i] == 1 ? 1 : 0;
                gained -= counts[slot] == 1 ? 1 : 0;
            }
        }
        return gained;
    }

    long total() {
        return told + others - (left == null ? 0 : left.total());
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

    private void grow() {
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        keys = new long[oldKeys.length * 2];
        counts = new int[keys.length];
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
