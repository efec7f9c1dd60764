package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/**
 * What a monitor can and cannot see: for each kind of change the size from which on the counts that are to be expected of a
 * window make an alarm. By bisection on the evidence itself. Immutable.
 */
final class Detection {

    private static final int STEPS = 40;
    private static final double LARGEST_SHIFT = 6;
    private static final int RECENT = 10;

    private final Norm norm;
    private final Layout layout;
    private final List<UnitState> states;
    private final double threshold;
    private final boolean timeOrdered;

    Detection(Norm norm, List<UnitState> states, double threshold, boolean timeOrdered) {
        this.norm = norm;
        layout = norm.layout;
        this.states = states;
        this.threshold = threshold;
        this.timeOrdered = timeOrdered;
    }

    List<Detectable> of(int rows) {
        return IntStream.range(0, layout.encoder.columns())
                .mapToObj(column -> of(column, rows))
                .toList();
    }

    private Detectable of(int column, int rows) {
        double present = 1 - share(norm.counts[layout.missing[column]]);
        int known = (int) Math.round(rows * present); // the others say nothing of how values are spread
        double[] medians = {Double.NaN, Double.NaN};
        double shift = Double.NaN;
        int cells = unit(Channel.CELLS, column);
        if (cells >= 0 && layout.encoder.isNumber(column) && layout.bins[column].cells() > 1 && known > 0) {
            double up = smallest(LARGEST_SHIFT, t -> isFound(cells, expected(tilted(column, t), known)));
            double down = smallest(LARGEST_SHIFT, t -> isFound(cells, expected(tilted(column, -t), known)));
            shift = Math.max(up, down);
            if (!layout.encoder.isSensitive(column)) {
                medians = new double[] {median(column, -down), median(column, up)};
            }
        }
        return new Detectable(
                layout.encoder.name(column),
                rows,
                shift,
                medians[0],
                medians[1],
                known > 0 && cells >= 0 ? smallest(1, e -> isOneValueFound(column, cells, e, known)) : Double.NaN,
                rate(column == layout.encoder.fallbackColumn() ? Channel.FALLBACK : Channel.MISSING, column, rows),
                layout.encoder.isNumber(column) ? Double.NaN : rate(Channel.UNSEEN_NAME, column, known));
    }

    private static double share(long[] counts) {
        return counts[0] / Math.max(1.0, counts[0] + (double) counts[1]);
    }

    private int unit(Channel channel, int column) {
        return IntStream.range(0, states.size())
                .filter(i -> layout.units.get(i).channel() == channel
                        && layout.units.get(i).column() == column)
                .findFirst()
                .orElse(-1);
    }

    /** The smallest size in (0, largest] that is found, given that larger ones are; NaN if none is. */
    private static double smallest(double largest, DoublePredicate isFound) {
        if (!isFound.test(largest)) {
            return Double.NaN;
        }
        double low = 0;
        double high = largest;
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            if (isFound.test(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    // ---- evidence -----------------------------------------------------------------------------------------------

    private boolean isEnough(int unit, double evidence) {
        double deflation = timeOrdered ? states.get(unit).fromBaseline.deflation() : 1;
        return new UnitState().evidenceOfOne(evidence / deflation) >= threshold;
    }

    private boolean isFound(int unit, long[] counts) {
        Unit tested = layout.units.get(unit);
        CountTest.Against against = norm.test(unit);
        boolean found = against != null
                && isEnough(unit, against.evidence(counts))
                && (tested.channel() != Channel.CELLS || !norm.isSmallShift(tested.counts(), counts));
        return found && (!timeOrdered || !tested.channel().isSoft() || isNewToRecent(unit, counts));
    }

    /** Whether counts differ enough from those of the last windows, if these were like the baseline. */
    private boolean isNewToRecent(int unit, long[] counts) {
        Unit tested = layout.units.get(unit);
        CountTest test = tested.test();
        int rows = (int) Arrays.stream(counts).sum();
        long[] recent = expected(asDoubles(norm.counts[tested.counts()]), RECENT * rows);
        return test == null
                || test.against(recent).evidence(counts)
                                / states.get(unit).fromRecent.deflation()
                        >= threshold;
    }

    private double rate(Channel channel, int column, int rows) {
        int unit = unit(channel, column);
        return unit < 0
                ? Double.NaN
                : smallest(1, share -> {
                    long hits = Math.round(share * rows);
                    return isFound(unit, new long[] {hits, rows - hits});
                });
    }

    private boolean isOneValueFound(int column, int cells, double share, int rows) {
        double[] shares = asDoubles(norm.counts[layout.cells[column]]);
        double all = Math.max(1, Arrays.stream(shares).sum());
        int typical = typical(shares);
        for (int cell = 0; cell < shares.length; cell++) {
            shares[cell] *= (1 - share) / all;
        }
        shares[typical] += share;
        int atom = unit(Channel.ATOM, column);
        long hits = Math.round(share * rows);
        ValueCounts values = norm.values(column);
        long usual = values.total() / Math.max(1, values.distinct()); // how often the baseline has one value
        double others = Math.min(values.distinct(), rows - hits + 1.0);
        double ofAtom = Tails.betaBinomial(hits, rows, usual, values.total()) - StrictMath.log10(others);
        return isFound(cells, expected(shares, rows)) || (atom >= 0 && !timeOrdered && isEnough(atom, ofAtom));
    }

    /** The cell in the middle of those with rows, by how many these are. */
    private static int typical(double[] rows) {
        int[] order = IntStream.range(0, rows.length)
                .boxed()
                .filter(cell -> rows[cell] > 0)
                .sorted((a, b) -> Double.compare(rows[a], rows[b]))
                .mapToInt(cell -> cell)
                .toArray();
        return order.length == 0 ? 0 : order[order.length / 2];
    }

    // ---- laws ---------------------------------------------------------------------------------------------------

    /** The shares of a number's cells after a shift by some standard deviations of the normal scores. */
    private double[] tilted(int column, double shift) {
        long[] known = norm.counts[layout.cells[column]];
        double[] m = new double[known.length];
        for (int cell = 0; cell < m.length; cell++) {
            m[cell] = known[cell] + 1.0 / m.length;
        }
        int[] ordered = layout.bins[column].ordered();
        return NormalTilt.tilted(
                m,
                ordered,
                NormalTilt.scores(m, ordered),
                shift,
                Arrays.stream(m).sum());
    }

    /** The median after a shift: the value at the rank of the baseline at which half of the shifted rows are below. */
    private double median(int column, double shift) {
        if (Double.isNaN(shift)) {
            return Double.NaN;
        }
        double[] before = tilted(column, 0);
        double[] after = tilted(column, shift);
        double all = Arrays.stream(before).sum();
        double below = 0;
        double rank = 0;
        int cell = 0;
        while (cell < after.length - 1 && below + after[cell] < all / 2) {
            below += after[cell];
            rank += before[cell++];
        }
        rank += before[cell] * (all / 2 - below) / after[cell];
        double[] quantiles = norm.quantiles(column);
        double at = Math.min(quantiles.length - 1.0, Math.max(0, (quantiles.length - 1) * rank / all));
        int index = (int) Math.min(quantiles.length - 2.0, Math.floor(at));
        return quantiles[index] + (at - index) * (quantiles[index + 1] - quantiles[index]);
    }

    /** Whole rows in the proportion of some weights: the largest remainders are rounded up. */
    private static long[] expected(double[] weights, int rows) {
        double all = Arrays.stream(weights).sum();
        long[] counts = new long[weights.length];
        double[] remainders = new double[weights.length];
        long given = 0;
        for (int i = 0; i < counts.length; i++) {
            double exact = rows * weights[i] / all;
            counts[i] = (long) exact;
            remainders[i] = exact - counts[i];
            given += counts[i];
        }
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, counts.length).boxed().toList());
        order.sort((a, b) -> Double.compare(remainders[b], remainders[a]));
        for (int i = 0; i < rows - given; i++) {
            counts[order.get(i)]++;
        }
        return counts;
    }

    private static double[] asDoubles(long[] counts) {
        return Arrays.stream(counts).asDoubleStream().toArray();
    }
}
