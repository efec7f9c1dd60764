package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes by prediction: of two kinds, how many of each came true in each tenth of the scores; of numbers, how far they were
 * from the prediction, in units of the usual distance in that tenth. Immutable.
 */
final class OutcomeLaw {

    private static final int TENTHS = 10;
    private static final int MAX_SHIFTS = 3;

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

    /** What moved most from the baseline's counts: how often outcomes came true at some predictions, or how far off these were. */
    List<Finding> findings(long[] baseline, long[] counts) {
        int step = distances == null ? 2 : 1;
        double all = Math.max(1, Arrays.stream(baseline).sum());
        long rows = Arrays.stream(counts).sum();
        Map<CellShift, Double> gains = new HashMap<>();
        for (int i = step - 1; i < counts.length; i += step) {
            int first = i - step + 1;
            long ofAll = step == 1 ? rows : counts[first] + counts[i];
            double before = baseline[i] / (step == 1 ? all : Math.max(1, baseline[first] + baseline[i]));
            if (ofAll > 0) {
                CellShift shift = CellShift.of(words(i / step), before, counts[i], ofAll, counts.length / step);
                double distance = shift.now() - before;
                gains.put(shift, ofAll * distance * distance / Math.max(1e-9, (before + 1e-3) * (1 - before + 1e-3)));
            }
        }
        return gains.entrySet().stream()
                .sorted(Map.Entry.<CellShift, Double>comparingByValue().reversed())
                .limit(MAX_SHIFTS)
                .<Finding>map(Map.Entry::getKey)
                .toList();
    }

    private String words(int cell) {
        if (distances != null) {
            return "distance of outcome and prediction, in usual distances, " + distances.words(cell);
        }
        String from = cell == 0 ? "" : " >= " + Words.number(ends[cell - 1]);
        String to = cell == ends.length ? "" : " < " + Words.number(ends[cell]);
        return "outcome 1 at prediction" + from + (from.isEmpty() || to.isEmpty() ? "" : " and") + to;
    }
}
