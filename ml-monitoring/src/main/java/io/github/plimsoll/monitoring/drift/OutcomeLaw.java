package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes by prediction: of two kinds, how many of each came true in each tenth of the scores; of numbers, how far they were
 * from the prediction, in units of the usual distance in that tenth. Immutable.
 */
final class OutcomeLaw {

    private static final int TENTHS = 10;

    private final double[] ends;
    private final double[] scales = new double[TENTHS];
    private final Bins.@Nullable OfNumber distances; // null for outcomes of two kinds
    final CountTest test;

    /** For the baseline's predictions and their outcomes. */
    OutcomeLaw(double[] predictions, double[] outcomes) {
        double[] sorted = predictions.clone();
        Arrays.sort(sorted);
        ends = new double[TENTHS - 1];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = sorted[(int) ((long) sorted.length * (i + 1) / TENTHS)];
        }
        if (Arrays.stream(outcomes).allMatch(outcome -> outcome == 0 || outcome == 1)) {
            distances = null;
            test = new OutcomeTest();
        } else {
            for (int tenth = 0; tenth < TENTHS; tenth++) {
                scales[tenth] = usualDistance(predictions, outcomes, tenth);
            }
            double[] all = new double[predictions.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = distance(predictions[i], outcomes[i]);
            }
            Arrays.sort(all);
            distances = new Bins.OfNumber(all);
            test = CountTest.cells(distances.ordered());
        }
    }

    OutcomeLaw(FormReader in) {
        ends = in.numbers();
        double[] read = in.numbers();
        if (ends.length != TENTHS - 1 || read.length != TENTHS) {
            throw in.wrong("outcomes", ends.length + " ends (expected: " + (TENTHS - 1) + ")");
        }
        System.arraycopy(read, 0, scales, 0, TENTHS);
        distances = in.flag() ? new Bins.OfNumber(in) : null;
        test = distances == null ? new OutcomeTest() : CountTest.cells(distances.ordered());
    }

    void write(FormWriter out) {
        out.numbers(ends).numbers(scales).flag(distances != null);
        if (distances != null) {
            distances.write(out);
        }
    }

    /** How many counts there are. */
    int cells() {
        return distances == null ? 2 * TENTHS : distances.cells();
    }

    private double usualDistance(double[] predictions, double[] outcomes, int tenth) {
        double[] all = new double[predictions.length];
        int n = 0;
        for (int i = 0; i < predictions.length; i++) {
            if (tenth(predictions[i]) == tenth) {
                all[n++] = Math.abs(outcomes[i] - predictions[i]);
            }
        }
        Arrays.sort(all, 0, n);
        return n == 0 || all[n / 2] == 0 ? 1 : all[n / 2];
    }

    private int tenth(double prediction) {
        int tenth = 0;
        while (tenth < ends.length && prediction >= ends[tenth]) {
            tenth++;
        }
        return tenth;
    }

    private double distance(double prediction, double outcome) {
        return (outcome - prediction) / scales[tenth(prediction)];
    }

    /** Counts, of pairs of which neither is missing. */
    long[] counts(double[] predictions, double[] outcomes) {
        long[] counts = new long[cells()];
        for (int i = 0; i < predictions.length; i++) {
            if (Double.isFinite(predictions[i]) && Double.isFinite(outcomes[i])) {
                counts[
                        distances == null
                                ? 2 * tenth(predictions[i]) + (outcomes[i] > 0.5 ? 1 : 0)
                                : distances.cell(distance(predictions[i], outcomes[i]))]++;
            }
        }
        return counts;
    }
}
