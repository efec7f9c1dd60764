package io.github.plimsoll.monitoring.drift;

/** How many decimals a number is written with, at most seven. */
final class Decimals {

    private static final double RELATIVE = 1e-14; // a shift of the point by multiplication is off by some last digits

    private Decimals() {}

    static int of(double value) {
        double size = Math.abs(value);
        int decimals = 0;
        while (decimals < Layout.FORMATS - 1 && Math.abs(size - Math.rint(size)) > RELATIVE * size) {
            size *= 10;
            decimals++;
        }
        return decimals;
    }
}
