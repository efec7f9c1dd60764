package io.github.plimsoll.validation.profile;

import java.util.Arrays;

/**
 * Counts of keys, at most {@value #MOST} of which are told apart. When there would be more, each two neighbours become one, again
 * and again until they fit: the level is how often. It depends on nothing but which keys were counted, since part of them never
 * needs a higher level than all of them, so counts that are merged in any order end alike (uniform collapse: Epicoco et al.,
 * UDDSketch, 2020).
 */
final class Buckets {

    static final int MOST = 4096;

    private static final int NEAR = 2 * MOST;

    private static final long FREE = Long.MIN_VALUE; // no key: keys are shifted values of 63 bits at most

    private int level;
    private int size;
    private int shift; // of a hash's highest bits to a slot
    private long[] keys = new long[0]; // an open-addressing table while counting
    private long[] counts = new long[0];
    private long[] near =
            new long[0]; // counts of the keys from nearFrom on, of parts that were added: not yet in the table
    private long nearFrom;
    private int nearLevel;

    Buckets(int firstLevel) {
        level = firstLevel;
        room(32);
    }

    private void room(int slots) {
        keys = new long[slots];
        Arrays.fill(keys, FREE);
        counts = new long[slots];
        shift = Long.numberOfLeadingZeros(slots) + 1;
        size = 0;
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> shift);
        while (keys[slot] != key && keys[slot] != FREE) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Counts a value, which is shifted by the level to become its key. */
    void add(long value) {
        add(value >> level, 1);
    }

    private void add(long key, long count) {
        int slot = slot(key);
        if (keys[slot] == FREE) {
            keys[slot] = key;
            counts[slot] = count;
            size++;
            if (size > MOST) {
                raise(level + 1);
            } else if (size * 2 > keys.length) {
                rehash(keys.length * 2, 0);
            }
        } else {
            counts[slot] += count;
        }
    }

    /** Joins neighbours until a level is reached and all fit. */
    private void raise(int least) {
        int wanted = least;
        while (level < wanted) {
            rehash(keys.length, 1);
            level++;
            if (size > MOST) {
                wanted = Math.max(wanted, level + 1);
            }
        }
    }

    private void rehash(int slots, int levels) {
        long[] oldKeys = keys;
        long[] oldCounts = counts;
        room(slots);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int slot = slot(oldKeys[i] >> levels);
                if (keys[slot] == FREE) {
                    keys[slot] = oldKeys[i] >> levels;
                    size++;
                }
                counts[slot] += oldCounts[i];
            }
        }
    }

    /**
     * Adds what a part has counted. Parts of one feature have much the same keys, near to each other, so their counts are first added in
     * place, and put into the table when that is asked for or when the place is too narrow.
     */
    void add(Sorted other) {
        if (other.keys.length == 0) {
            return;
        }
        if (other.level == level && isNear(other.keys[0], other.keys[other.keys.length - 1])) {
            for (int i = 0; i < other.keys.length; i++) {
                near[(int) (other.keys[i] - nearFrom)] += other.counts[i];
            }
            return;
        }
        gather();
        if (other.level > level) {
            raise(other.level);
        }
        for (int i = 0; i < other.keys.length; i++) {
            add(other.keys[i] >> (level - other.level), other.counts[i]);
        }
    }

    /** Whether all keys of a range have a place, after it was moved if need be. */
    private boolean isNear(long first, long last) {
        if (nearLevel == level && first >= nearFrom && last < nearFrom + near.length) {
            return true;
        }
        long span = last - first;
        if (span < 0 || span >= MOST) {
            return false;
        }
        gather();
        if (near.length == 0) {
            near = new long[NEAR];
        }
        nearFrom = first - (NEAR - span) / 2;
        nearLevel = level;
        return true;
    }

    /** Puts what was added in place into the table. */
    private void gather() {
        for (int i = 0; i < near.length; i++) {
            if (near[i] != 0) {
                add((nearFrom + i) >> (level - nearLevel), near[i]); // which may raise the level
                near[i] = 0;
            }
        }
    }

    Sorted sorted() {
        gather();
        near = new long[0];
        long[] ordered = new long[size];
        int n = 0;
        for (long key : keys) {
            if (key != FREE) {
                ordered[n++] = key;
            }
        }
        Arrays.sort(ordered);
        long[] of = new long[size];
        for (int i = 0; i < size; i++) {
            of[i] = counts[slot(ordered[i])];
        }
        return new Sorted(level, ordered, of);
    }

    /** The index in which the value of a rank is counted, from 1 to the sum of the counts. */
    static int indexOfRank(long[] counts, long rank) {
        long seen = 0;
        int i = -1;
        while (seen < rank) {
            seen += counts[++i];
        }
        return i;
    }

    /** Counts of keys in ascending order. Immutable by convention. */
    static final class Sorted {

        final int level;
        final long[] keys;
        final long[] counts;

        Sorted(int level, long[] keys, long[] counts) {
            this.level = level;
            this.keys = keys;
            this.counts = counts;
        }
    }
}
