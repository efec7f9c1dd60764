package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * How often each value occurred, of at most a given number of different values; occurrences of further ones are counted
 * together. Nothing is allocated but when there is no more room. Not thread-safe.
 */
final class ValueCounts implements Occurrences.Known {

    // Values stand in the order in which they came. What leads to them is a table of ints, of which at least half is 0:
    // where a value's hash points, or at the first free place from there on, the low bits are the value's place + 1,
    // and the others are those of the hash that did not point. So what is not there is mostly seen in the table alone,
    // which is small, and merging, writing and growing go through the values one after the other.

    private static final long NAN = Double.doubleToRawLongBits(Double.NaN); // no value that is counted
    private static final int NONE = -1;
    private static final int SMALLEST = 64;
    private static final int LARGEST = 1 << 30;

    private final int most;
    private int[] table;
    private long[] keys; // by place, as are counts; half as many as the table has ints
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
        table = new int[length(Math.min(room, most))];
        keys = new long[table.length / 2];
        counts = new int[keys.length];
    }

    /** With the bound that the form's reader knows, whatever the form says. */
    ValueCounts(int most, FormReader in) {
        this.most = most;
        int size = in.length(2);
        if (size > most) {
            throw in.wrong("values", size + " (expected: at most " + most + ")");
        }
        table = new int[length(size)];
        keys = new long[table.length / 2];
        counts = new int[keys.length];
        long key = 0;
        for (int i = 0; i < size; i++) {
            key += in.whole();
            int times = in.whole(Integer.MAX_VALUE);
            int hash = hash(key);
            int slot = slot(key, hash);
            if (key == NAN || times == 0 || place(slot) != NONE) {
                throw in.wrong("values", "one stands twice or has no count");
            }
            put(slot, key, hash, times);
        }
        others = in.count();
    }

    void write(FormWriter out) {
        long[] sorted = Arrays.copyOf(keys, distinct);
        Arrays.sort(sorted);
        out.whole(sorted.length);
        long before = 0;
        for (long key : sorted) {
            out.whole(key - before).whole(counts[find(key)]);
            before = key;
        }
        out.whole(others);
    }

    void add(double value) {
        add(value, 1);
    }

    /** Adds occurrences of a number that is not NaN. */
    void add(double value, int times) {
        add(key(value), times);
    }

    /** Adds one more of a number that is not NaN; tells its place, below 0 if it is counted together with others. */
    int addOne(double value) {
        return add(key(value), 1);
    }

    /** Adds one more of the value at a place. */
    void addAt(int place) {
        counts[place]++;
        told++;
    }

    private int add(long key, int times) {
        int hash = hash(key);
        int slot = slot(key, hash);
        int place = place(slot);
        if (place != NONE) {
            counts[place] += times;
            told += times;
            return place;
        }
        if (distinct == most) {
            others += times;
            return NONE;
        }
        return put(slot, key, hash, times);
    }

    /** Puts a value that is not there yet behind all others, and what leads to it at the free place that was found. */
    private int put(int free, long key, int hash, int times) {
        int slot = free;
        if (distinct == keys.length) {
            grow(2 * table.length);
            slot = slot(key, hash);
        }
        keys[distinct] = key;
        counts[distinct] = times;
        told += times;
        table[slot] = lead(distinct, hash);
        return distinct++;
    }

    /** Finds the places of some values, below 0 of those that are not there, among which NaN always is. */
    void find(double[] values, int size, int[] places) {
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) { // what has to come from far away comes together
            places[i] = table[hash(key(values[i])) & mask];
        }
        for (int i = 0; i < size; i++) {
            places[i] = places[i] == 0 ? NONE : find(key(values[i]));
        }
    }

    /** Adds an occurrence of any 64 bits, such as a hash. */
    void addKey(long key) {
        add(key == NAN ? 0 : key, 1);
    }

    /** Adds occurrences of values that are not told apart. */
    void addOthers(long times) {
        others += times;
    }

    void addAll(ValueCounts more) {
        reserve((int) Math.min(Integer.MAX_VALUE, (long) distinct + more.distinct));
        for (int place = 0; place < more.distinct; place++) {
            add(more.keys[place], more.counts[place]);
        }
        others += more.others;
    }

    @Override
    public int count(double value) {
        long key = key(value);
        int place = find(key);
        return place == NONE ? 0 : counts[place];
    }

    void forEach(Action action) {
        for (int place = 0; place < distinct; place++) {
            action.accept(Double.longBitsToDouble(keys[place]), counts[place]);
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
        for (int place = 0; place < distinct; place++) {
            singles += counts[place] == 1 ? 1 : 0;
        }
        return singles;
    }

    @Override
    public long total() {
        return told + others;
    }

    /** The mean of the values, those counted together left out; NaN if there are none. The same in whatever order they came. */
    double mean() {
        long[] sorted = Arrays.copyOf(keys, distinct);
        Arrays.sort(sorted);
        double sum = 0;
        for (long key : sorted) {
            sum += counts[find(key)] * Double.longBitsToDouble(key);
        }
        return sum / told;
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
        for (int i = 0; i < distinct; i++) {
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

    /** The bits of a number; the two zeros are one value. */
    private static long key(double value) {
        return Double.doubleToRawLongBits(value + 0.0);
    }

    /** The high bits are brought down first: whole numbers and the like have no others. */
    private static int hash(long key) {
        return (int) (((key ^ (key >>> Integer.SIZE)) * 0x9E37_79B9_7F4A_7C15L) >>> Integer.SIZE);
    }

    /** What leads to a value at a place. */
    private int lead(int place, int hash) {
        return (hash & -table.length) | (place + 1);
    }

    /** The place to which a slot of the table leads. */
    private int place(int slot) {
        return (table[slot] & (table.length - 1)) - 1;
    }

    /** Where a value is in the table, or is to be put. */
    private int slot(long key, int hash) {
        int mask = table.length - 1;
        int slot = hash & mask;
        while (table[slot] != 0 && (((table[slot] ^ hash) & ~mask) != 0 || keys[place(slot)] != key)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int find(long key) {
        return place(slot(key, hash(key)));
    }

    /** The length of a table for so many values, of which at least half is empty. */
    private static int length(int values) {
        return (int) Math.min(LARGEST, Math.max(SMALLEST, Long.highestOneBit(4L * values - 1)));
    }

    /** Makes room for so many values, if there may be as many. */
    private void reserve(int values) {
        int length = length(Math.min(values, most));
        if (length > table.length) {
            grow(length);
        }
    }

    private void grow(int length) {
        table = new int[length];
        keys = Arrays.copyOf(keys, length / 2);
        counts = Arrays.copyOf(counts, length / 2);
        for (int place = 0; place < distinct; place++) {
            int hash = hash(keys[place]);
            int slot = hash & (length - 1);
            while (table[slot] != 0) { // all differ
                slot = (slot + 1) & (length - 1);
            }
            table[slot] = lead(place, hash);
        }
    }
}
