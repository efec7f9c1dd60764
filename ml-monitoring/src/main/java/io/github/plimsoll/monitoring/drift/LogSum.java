package io.github.plimsoll.monitoring.drift;

/** The logarithm of a sum of numbers that are given by their logarithms. */
final class LogSum {

    private static final double NEGLIGIBLE = -60; // however many there are, they are lost in the rounding

    private LogSum() {}

    /** Of at least one number; in the given order, so that equal arguments give equal bits. */
    static double of(double... logs) {
        double max = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            max = Math.max(max, log);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return max;
        }
        double sum = 0;
        for (double log : logs) {
            sum += log - max > NEGLIGIBLE ? StrictMath.exp(log - max) : 0;
        }
        return max + StrictMath.log(sum);
    }
}
