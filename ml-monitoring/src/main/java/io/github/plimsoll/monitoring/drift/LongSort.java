package io.github.plimsoll.monitoring.drift;

/** Sorts numbers by their bits, each with an int that goes with it. */
final class LongSort {

    // Numbers are first dealt into 2,048 piles by the lowest 11 of the 33 highest bits in which they
    // differ, then by the next 11, then by the highest: nearly all of them are in order then, and the rest
    // is inserted. Where too many differ in lower bits only, these are dealt by as well.

    private static final int DIGIT = 11;
    private static final int PILES = 1 << DIGIT;
    private static final int FIRST_DIGITS = 3;
    private static final int MOVES = 8; // a number, of those that are inserted; dealing by all bits costs as much

    private LongSort() {}

    /** The bits of a number that is not NaN, so that a lesser number has less bits, of which no sign is taken; -0.0 is less than 0.0. */
    static long key(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return bits ^ (bits >> (Long.SIZE - 1) | Long.MIN_VALUE);
    }

    /** The number that has a key. */
    static double value(long key) {
        return Double.longBitsToDouble(key ^ (~key >> (Long.SIZE - 1) | Long.MIN_VALUE));
    }

    /** Sorts the first so many keys, without sign, and moves what goes with each; equal keys are in no certain order. */
    static void sort(long[] keys, int[] with, int size) {
        long varying = 0;
        for (int i = 1; i < size; i++) {
            varying |= keys[i] ^ keys[0];
        }
        int highest = Long.SIZE - Long.numberOfLeadingZeros(varying);
        int lowest = Math.max(0, highest - FIRST_DIGITS * DIGIT);
        Piles piles = new Piles(keys, with, size);
        piles.deal(lowest, highest, varying);
        if (lowest > 0 && !piles.insert()) {
            piles.deal(0, highest, varying);
        }
        piles.copyTo(keys, with);
    }

    /** The keys while they are sorted. */
    private static final class Piles {
        private final int size;
        private long[] keys;
        private int[] with;
        private long[] otherKeys;
        private int[] otherWith;

        Piles(long[] keys, int[] with, int size) {
            this.size = size;
            this.keys = keys;
            this.with = with;
            otherKeys = new long[size];
            otherWith = new int[size];
        }

        /** Puts the keys in the order of their bits in [lowest, highest), those of equal bits as they were. */
        void deal(int lowest, int highest, long varying) {
            for (int shift = lowest; shift < highest; shift += DIGIT) {
                if ((varying >>> shift & (PILES - 1)) != 0) {
                    deal(shift);
                }
            }
        }

        private void deal(int shift) {
            int[] next = new int[PILES + 1];
            for (int i = 0; i < size; i++) {
                next[(int) (keys[i] >>> shift & (PILES - 1)) + 1]++;
            }
            for (int pile = 0; pile < PILES; pile++) {
                next[pile + 1] += next[pile];
            }
            for (int i = 0; i < size; i++) {
                int to = next[(int) (keys[i] >>> shift & (PILES - 1))]++;
                otherKeys[to] = keys[i];
                otherWith[to] = with[i];
            }
            long[] dealtKeys = otherKeys;
            int[] dealtWith = otherWith;
            otherKeys = keys;
            otherWith = with;
            keys = dealtKeys;
            with = dealtWith;
        }

        /** Sorts by insertion; tells whether that came to an end with few moves. */
        boolean insert() {
            long left = (long) MOVES * size;
            for (int i = 1; i < size && left >= 0; i++) {
                long key = keys[i];
                int value = with[i];
                int at = i;
                for (; at > 0 && Long.compareUnsigned(keys[at - 1], key) > 0; at--) {
                    keys[at] = keys[at - 1];
                    with[at] = with[at - 1];
                    left--;
                }
                keys[at] = key;
                with[at] = value;
            }
            return left >= 0;
        }

        void copyTo(long[] wantedKeys, int[] wantedWith) {
            if (keys != wantedKeys) {
                System.arraycopy(keys, 0, wantedKeys, 0, size);
                System.arraycopy(with, 0, wantedWith, 0, size);
            }
        }
    }
}
