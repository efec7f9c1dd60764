package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.validation.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What can be said of a window beside the kind of its incident: which cells moved, where, and what it did to predictions. */
final class Explanation {

    private static final int MAX_SHIFTS = 3;
    private static final double LEAST_GAIN = 0.1;
    private static final double NORMAL_95 = 1.959963984540054;
    private static final int MIN_VALUES = 20;

    private final Norm norm;
    private final Layout layout;
    private final Window window;
    private final List<double[]> sample;

    Explanation(Norm norm, Window window, List<double[]> sample) {
        this.norm = norm;
        layout = norm.layout;
        this.window = window;
        this.sample = sample;
    }

    /** The share of a first count of two, as the missing among all. */
    CellShift rate(int counts, String words) {
        long[] live = window.counts()[counts];
        return CellShift.of(words, rate(norm.counts[counts]), live[0], live[0] + live[1], 1);
    }

    static double rate(long[] counts) {
        return (double) counts[0] / Math.max(1, counts[0] + counts[1]);
    }

    /** The cells that gained, those first that say most of the change; none that says less than a tenth of the first. */
    List<Integer> gaining(int column) {
        long[] known = norm.counts[layout.cells[column]];
        long[] live = window.counts()[layout.cells[column]];
        double all = Math.max(1, Arrays.stream(known).sum());
        double allLive = Math.max(1, Arrays.stream(live).sum());
        TreeMap<Integer, Double> gains = new TreeMap<>();
        for (int cell = 0; cell < known.length; cell++) {
            if (live[cell] / allLive > known[cell] / all) {
                gains.put(
                        cell, live[cell] * StrictMath.log((live[cell] + 0.5) / allLive / ((known[cell] + 0.5) / all)));
            }
        }
        double most = gains.values().stream().mapToDouble(gain -> gain).max().orElse(0);
        return gains.keySet().stream()
                .filter(cell -> gains.getOrDefault(cell, 0.0) >= LEAST_GAIN * most)
                .sorted(Comparator.comparingDouble(cell -> -gains.getOrDefault(cell, 0.0)))
                .toList();
    }

    /** The share of some cells in the baseline. */
    double before(int column, List<Integer> cells) {
        long[] known = norm.counts[layout.cells[column]];
        return (double) cells.stream().mapToLong(cell -> known[cell]).sum()
                / Math.max(1, Arrays.stream(known).sum());
    }

    List<CellShift> shifts(int column) {
        long[] live = window.counts()[layout.cells[column]];
        return gaining(column).stream()
                .map(cell -> CellShift.of(
                        layout.encoder.name(column) + ' ' + layout.bins[column].words(cell),
                        before(column, List.of(cell)),
                        live[cell],
                        Arrays.stream(live).sum(),
                        live.length))
                .filter(Explanation::isSure)
                .limit(MAX_SHIFTS)
                .toList();
    }

    private static boolean isSure(CellShift shift) {
        return !shift.interval().contains(shift.before());
    }

    /**
     * The shift of one column's bin, given another's, that says most of what became of their relation; null if none is sure or
     * a value of a sensitive column would be shown.
     */
    @Nullable
    Finding relation(Unit unit) {
        if (layout.encoder.isSensitive(unit.column()) || layout.encoder.isSensitive(unit.partner())) {
            return null;
        }
        RelationTest test = (RelationTest) Objects.requireNonNull(unit.test());
        Bins targets = layout.bins[unit.column()];
        Bins predictors = layout.bins[unit.partner()];
        CellShift most = null;
        double mostGain = 0;
        for (int given = 0; given < RelationTest.BINS; given++) {
            long[] known = test.row(norm.counts[unit.counts()], given);
            long[] live = test.row(window.counts()[unit.counts()], given);
            double all = Math.max(1, Arrays.stream(known).sum());
            long allLive = Arrays.stream(live).sum();
            for (int bin = 0; bin < RelationTest.BINS; bin++) {
                double before = known[bin] / all;
                double gain = live[bin] == 0
                        ? 0
                        : live[bin] * StrictMath.log((live[bin] + 0.5) / allLive / ((known[bin] + 0.5) / all));
                if (gain <= mostGain) {
                    continue;
                }
                CellShift shift = CellShift.of(
                        layout.encoder.name(unit.column()) + ' ' + targets.wordsOfBin(bin) + " where "
                                + layout.encoder.name(unit.partner()) + ' ' + predictors.wordsOfBin(given),
                        before,
                        live[bin],
                        allLive,
                        RelationTest.BINS * RelationTest.BINS);
                if (isSure(shift)) {
                    mostGain = gain;
                    most = shift;
                }
            }
        }
        return most;
    }

    /** The median of a number with the interval that the ranks of the sample's values give it; null if it did not surely move. */
    Finding.@Nullable MedianShift median(int column) {
        double[] sorted = values(column);
        Arrays.sort(sorted);
        int n = sorted.length;
        if (n < MIN_VALUES) {
            return null;
        }
        // The number of values below the median is binomial: half of them, give or take 1.96 standard deviations.
        double half = NORMAL_95 * Math.sqrt(n) / 2;
        int low = (int) Math.max(0, Math.floor(n / 2.0 - half));
        int high = (int) Math.min(n - 1.0, Math.ceil(n / 2.0 + half));
        Interval interval = new Interval(sorted[low], sorted[high]);
        double before = norm.quantiles(column)[50];
        return interval.contains(before)
                ? null
                : new Finding.MedianShift(layout.encoder.name(column), before, sorted[(n - 1) / 2], interval);
    }

    /** How many answers were not the model's. */
    Finding.Fallbacks fallbacks() {
        CellShift rate = rate(layout.invalid[layout.encoder.fallbackColumn()], "");
        return new Finding.Fallbacks(rate.before(), rate.now(), rate.interval());
    }

    /** How far the numbers of an output moved; null if there are too few. */
    Finding.@Nullable PredictionShift predictions(int prediction) {
        double[] values = values(prediction);
        Arrays.sort(values);
        long[] known = norm.counts[layout.cells[prediction]];
        long[] live = window.counts()[layout.cells[prediction]];
        if (values.length < MIN_VALUES || Arrays.stream(known).sum() < MIN_VALUES) {
            return null;
        }
        return new Finding.PredictionShift(
                layout.encoder.name(prediction),
                norm.values(prediction).mean(),
                Arrays.stream(values).average().orElseThrow(),
                norm.quantiles(prediction)[50],
                values[(values.length - 1) / 2],
                moved(known, live));
    }

    /** The total variation distance of two samples' cells, less its mean when both have one law. */
    private static double moved(long[] known, long[] live) {
        double n0 = Arrays.stream(known).sum();
        double n = Arrays.stream(live).sum();
        double distance = 0;
        double byChance = 0;
        for (int cell = 0; cell < known.length; cell++) {
            double p = (known[cell] + live[cell]) / (n0 + n);
            distance += Math.abs(live[cell] / n - known[cell] / n0) / 2;
            byChance +=
                    Math.sqrt(p * (1 - p) * (1 / n + 1 / n0) / (2 * Math.PI)); // half of the mean distance of a normal
        }
        return Math.max(0, distance - byChance);
    }

    private double[] values(int column) {
        return sample.stream()
                .mapToDouble(row -> row[column])
                .filter(Double::isFinite)
                .toArray();
    }

    /** Some of the names that the baseline does not have, the most frequent first. */
    List<String> newNames(int column, int most) {
        ValueCounts unseen = new ValueCounts(sample.size());
        for (double code : values(column)) {
            if (norm.isUnseen(column, code)) {
                unseen.add(code);
            }
        }
        List<String> names = new ArrayList<>();
        for (double code : unseen.mostFrequent(most)) {
            names.add(window.name(column, code));
        }
        return names;
    }
}
