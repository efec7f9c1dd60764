package io.github.plimsoll.validation.stats;

/** Counts and weights as shares that add up to 1. */
final class Shares {

    private Shares() {}

    static double[] of(String name, long[] counts) {
        return of(name, weights(name, counts));
    }

    static double[] of(String name, long[] counts, int cells) {
        return of(name, weights(name, counts), cells);
    }

    static double[] of(String name, double[] weights, int cells) {
        if (weights.length != cells) {
            throw new IllegalArgumentException(
                    name + " has " + weights.length + " cells (expected: " + cells + ", as many as the other)");
        }
        return of(name, weights);
    }

    static double[] of(String name, double[] weights) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        name + "[" + i + "]: " + weights[i] + " (expected: a finite number, not negative)");
            }
            sum += weights[i];
        }
        if (!(sum > 0)) {
            throw new IllegalArgumentException(name + " adds up to 0 (expected: something counted)");
        }
        double[] shares = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            shares[i] = weights[i] / sum;
        }
        return shares;
    }

    static double[] weights(String name, long[] counts) {
        double[] weights = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            weights[i] = count(name + "[" + i + "]", counts[i]);
        }
        return weights;
    }

    static long count(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + ": " + count + " (expected: a count, not negative)");
        }
        return count;
    }
}
