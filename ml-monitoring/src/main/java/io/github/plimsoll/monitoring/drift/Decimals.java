package io.github.plimsoll.monitoring.drift;

/** How many decimals a number is written with, at most seven. */
final class Decimals {

    private static final double RELATIVE = 1e-14; // a shift of the point by multiplication is off by some last digits

    // Rounding widens that by less while the point is shifted. So what is no whole number by this measure
    // after the last shift was none before.
    private static final double SURELY = 1.1e-14;
    private static final double LAST_SHIFT = 1e6;

    private Decimals() {}

    static int of(double value) {
        double size = Math.abs(value);
        double last = size * LAST_SHIFT;
        if (Math.abs(last - Math.rint(last)) > SURELY * last) {
            return Layout.FORMATS - 1;
        }
        int decimals = 0;
        while (decimals < Layout.FORMATS - 1 && Math.abs(size - Math.rint(size)) > RELATIVE * size) {
            size *= 10;
            decimals++;
        }
        return decimals;
    }
}
