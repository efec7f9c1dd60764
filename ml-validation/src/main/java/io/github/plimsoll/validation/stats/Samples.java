package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/** Samples as the tests need them: checked, sorted, ranked, with their moments. */
final class Samples {

    private Samples() {}

    /** The samples in ascending order; -0.0 stands before 0.0 and compares as equal. */
    static double[] sorted(String name, double[] values) {
        double[] sorted = check(name, values).clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Refuses what no test can use. */
    static double[] check(String name, double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(name + " is empty (expected: at least one value)");
        }
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] is NaN (expected: a number; drop or count what is missing first)");
            }
        }
        return values;
    }

    static void checkFinite(String name, double[] values) {
        check(name, values);
        for (int i = 0; i < values.length; i++) {
            if (Double.isInfinite(values[i])) {
                throw new IllegalArgumentException(name + "[" + i + "]: " + values[i] + " (expected: a finite number)");
            }
        }
    }

    /** The mean, corrected once for rounding, so that the mean of equal values is that value. */
    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double rest = 0;
        for (double value : values) {
            rest += value - mean;
        }
        return Double.isFinite(rest) ? mean + rest / values.length : mean;
    }

    /** The sum of squared deviations from the mean, in two passes. */
    static double squaredDeviations(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum;
    }

    /** The unbiased variance; {@code NaN} for one value. */
    static double variance(double[] values) {
        return squaredDeviations(values) / (values.length - 1);
    }

    /** The quantile of sorted values that interpolates linearly between order statistics (Hyndman and Fan's type 7). */
    static double quantile(double[] sorted, double level) {
        double at = level * (sorted.length - 1);
        int below = (int) at;
        if (below + 1 >= sorted.length) {
            return sorted[sorted.length - 1];
        }
        double part = at - below;
        double step = sorted[below + 1] - sorted[below];
        // From the nearer end, so that both ends are met exactly.
        return part < 0.5 ? sorted[below] + step * part : sorted[below + 1] - step * (1 - part);
    }

    static double[] pool(double[]... samples) {
        double[] pooled =
                new double[Arrays.stream(samples).mapToInt(s -> s.length).sum()];
        int at = 0;
        for (double[] sample : samples) {
            System.arraycopy(sample, 0, pooled, at, sample.length);
            at += sample.length;
        }
        return pooled;
    }
}
