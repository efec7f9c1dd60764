package io.github.plimsoll.samples.conformance;

/** The standard normal numbers of NumPy's {@code RandomState(seed)}: the Mersenne twister and Marsaglia's polar method. */
final class NumPyNormals {

    private static final int SIZE = 624;
    private static final int MIDDLE = 397;

    private final int[] state = new int[SIZE];
    private int used = SIZE;
    private double spare = Double.NaN;

    NumPyNormals(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1_812_433_253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** So many, moved by the mean. */
    double[] draw(double mean, int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = mean + next();
        }
        return numbers;
    }

    private double next() {
        if (!Double.isNaN(spare)) {
            double next = spare;
            spare = Double.NaN;
            return next;
        }
        while (true) {
            double x = 2 * uniform() - 1;
            double y = 2 * uniform() - 1;
            double square = x * x + y * y;
            if (square > 0 && square < 1) {
                double factor = Math.sqrt(-2 * Math.log(square) / square);
                spare = factor * x;
                return factor * y;
            }
        }
    }

    /** Of 53 bits. */
    private double uniform() {
        int high = bits() >>> 5;
        int low = bits() >>> 6;
        return (high * 0x1p26 + low) * 0x1p-53;
    }

    private int bits() {
        if (used == SIZE) {
            for (int i = 0; i < SIZE; i++) {
                int joined = (state[i] & 0x8000_0000) | (state[(i + 1) % SIZE] & 0x7fff_ffff);
                state[i] = state[(i + MIDDLE) % SIZE] ^ (joined >>> 1) ^ ((joined & 1) * 0x9908_b0df);
            }
            used = 0;
        }
        int bits = state[used++];
        bits ^= bits >>> 11;
        bits ^= (bits << 7) & 0x9d2c_5680;
        bits ^= (bits << 15) & 0xefc6_0000;
        return bits ^ (bits >>> 18);
    }
}
