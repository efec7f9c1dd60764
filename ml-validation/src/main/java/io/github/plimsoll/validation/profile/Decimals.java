package io.github.plimsoll.validation.profile;

import java.util.stream.LongStream;

/** How a number looks in decimal notation. */
final class Decimals {

    /** The number of decimals from which on they are not told apart. */
    static final int MANY = 10;

    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    private static final long[] WHOLE_POWERS =
            LongStream.iterate(1, power -> power * 10).limit(18).toArray();
    private static final double EXACT = 1L << 52;
    private static final int FEW = 3;
    private static final int NO_FEW_DIGITS = 31;

    private Decimals() {}

    /** Whether a finite number has at most so many decimals. */
    static boolean fits(double x, int decimals) {
        double scaled = x * POWERS[decimals];
        return Math.rint(scaled) / POWERS[decimals] == x && (Math.abs(scaled) < EXACT || decimals == 0);
    }

    /** The number of decimals of a finite number, {@link #MANY} if there are more than nine. */
    static int of(double x) {
        int decimals = 0;
        while (decimals < MANY && !fits(x, decimals)) {
            decimals++;
        }
        return decimals;
    }

    /**
     * A rank that puts numbers of few significant digits first, as 0, -1, 999, 1e6 and 0.5: those that people, defaults, limits and
     * marks of missing values use. Numbers of equally many digits are in an order without meaning.
     */
    static long rank(double x, long id) {
        return ((long) significantDigits(x) << 59) | (KnownValues.mix(id) >>> 5);
    }

    /** Whether the rank of a number is beyond a limit for a reason that is cheap to see: it has too many decimals. */
    static boolean isSurelyBeyond(double x, long limit) {
        double scaled = x * POWERS[FEW];
        return scaled != Math.rint(scaled) && (limit >>> 59) < NO_FEW_DIGITS;
    }

    private static int significantDigits(double x) {
        double scaled = Math.abs(x) * POWERS[FEW];
        long rest = (long) scaled;
        if (scaled != rest || scaled >= EXACT) {
            return NO_FEW_DIGITS;
        }
        for (long less = rest / 10; rest != 0 && less * 10 == rest; less = rest / 10) {
            rest = less;
        }
        int digits = ((64 - Long.numberOfLeadingZeros(rest)) * 1233) >>> 12; // 1233 / 4096 is nearly log10(2)
        return digits + (rest >= WHOLE_POWERS[digits] ? 1 : 0);
    }
}
