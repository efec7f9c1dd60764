package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/** The quantiles from 0 to 100 % of some values, and how far those of two samples are apart. */
final class Quantiles {

    static final int COUNT = 101;

    private Quantiles() {}

    /** The quantiles of values in any order; zeros without any. */
    static double[] of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] quantiles = new double[COUNT];
        for (int i = 0; i <= 100; i++) {
            quantiles[i] = sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1L) * i / 100)];
        }
        return quantiles;
    }

    /** The mean distance of quantiles from those that a factor and a shift make of the known ones. */
    static double misfit(double[] live, double[] known, double factor, double shift) {
        double sum = 0;
        for (int i = 5; i <= 95; i += 5) {
            sum += Math.abs(live[i] - (known[i] * factor + shift));
        }
        return sum / 19;
    }

    /** The factor that makes most of the known quantiles; 1 if none does. */
    static double fittedFactor(double[] live, double[] known) {
        double both = 0;
        double square = 0;
        for (int i = 5; i <= 95; i += 5) {
            both += live[i] * known[i];
            square += known[i] * known[i];
        }
        return square == 0 || both == 0 ? 1 : both / square;
    }
}
