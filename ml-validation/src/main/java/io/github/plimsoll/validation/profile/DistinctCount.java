package io.github.plimsoll.validation.profile;

/**
 * Estimates how many different values there were, from their hashes: HyperLogLog with 4,096 registers (Flajolet et al., 2007) and
 * the estimator of Otmar Ertl (New Cardinality Estimation Algorithms for HyperLogLog Sketches, 2017), which needs no table of
 * corrections. The standard error is 1.04 / 64, which is 1.6 %. A register holds the largest rank seen, so merging is the maximum.
 */
final class DistinctCount {

    static final int REGISTERS = 1 << 12;
    static final int MOST_RANK = 53;

    private static final int BITS = 12;
    private static final int RANKS = 64 - BITS; // a rank is at most one more
    private static final long HIGH = 0x8080_8080_8080_8080L;

    private final long[] words; // eight registers each, lowest byte first

    DistinctCount() {
        this(new long[REGISTERS / 8]);
    }

    private DistinctCount(long[] words) {
        this.words = words;
    }

    void add(long hash) {
        int register = (int) (hash >>> RANKS);
        long rank = Long.numberOfLeadingZeros((hash << BITS) | (1L << (BITS - 1))) + 1L;
        int shift = (register & 7) << 3;
        int word = register >>> 3;
        long held = (words[word] >>> shift) & 0xff;
        if (rank > held) {
            words[word] += (rank - held) << shift;
        }
    }

    void add(DistinctCount other) {
        long[] mine = words;
        long[] theirs = other.words;
        for (int i = 0; i < mine.length; i++) {
            long a = mine[i];
            long b = theirs[i];
            long greater = ((a | HIGH) - b) & HIGH; // of the bytes in which a >= b; ranks are below 128
            long mask = (greater << 1) - (greater >>> 7);
            mine[i] = (a & mask) | (b & ~mask);
        }
    }

    DistinctCount copy() {
        return new DistinctCount(words.clone());
    }

    private int register(int index) {
        return (int) (words[index >>> 3] >>> ((index & 7) << 3)) & 0xff;
    }

    byte[] registers() {
        byte[] registers = new byte[REGISTERS];
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = (byte) register(i);
        }
        return registers;
    }

    static DistinctCount of(byte[] registers) {
        DistinctCount count = new DistinctCount();
        for (int i = 0; i < REGISTERS; i++) {
            count.words[i >>> 3] |= (registers[i] & 0xffL) << ((i & 7) << 3);
        }
        return count;
    }

    double estimate() {
        int[] of = new int[RANKS + 2];
        for (int i = 0; i < REGISTERS; i++) {
            of[register(i)]++;
        }
        double z = REGISTERS * tau(1 - (double) of[RANKS + 1] / REGISTERS);
        for (int rank = RANKS; rank >= 1; rank--) {
            z = 0.5 * (z + of[rank]);
        }
        z += REGISTERS * sigma((double) of[0] / REGISTERS);
        return REGISTERS / (2 * Math.log(2)) * REGISTERS / z;
    }

    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (z != before);
        return z;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (z != before);
        return z / 3;
    }
}
