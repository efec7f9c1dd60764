package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.validation.stats.EmptyCells;
import io.github.plimsoll.validation.stats.PopulationStability;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What windows are compared with: the counts of some rows, and what is known of values that these do not have. Immutable. */
final class Norm {

    private static final double SMALLEST_EFFECT = 0.01;
    private static final int MAX_VALUES = 65_536;
    private static final int MIN_TIMES = 2;
    private static final int ATOMS = 12;

    final Layout layout;
    final long[][] counts;
    private final Occurrences.Known[] occurrences; // of the values of each column
    private final ValueCounts[] values; // the same, if this is of all rows
    private final TailLaw[] tails;
    private final double[][] quantiles;
    private final DuplicateLaw duplicates;
    private final CountTest.@Nullable Against[] tests;

    /** Of the rows in [from, to); if these are not all, without what only a diagnosis asks for. */
    Norm(Layout layout, EncodedRows rows, int from, int to) {
        this.layout = layout;
        int columns = rows.columns();
        boolean all = from == 0 && to == rows.size();
        RowCounter counter = rows.counter(layout);
        occurrences = new Occurrences.Known[columns];
        values = new ValueCounts[all ? columns : 0];
        tails = new TailLaw[columns];
        quantiles = new double[columns][0];
        for (int column = 0; column < columns; column++) {
            double[] sorted = layout.encoder.isNumber(column) ? rows.sorted(column, from, to) : new double[0];
            tails[column] = new TailLaw(sorted);
            RankedCounts ranked = counter.occurrences(column, from, to);
            occurrences[column] = ranked;
            if (all) {
                values[column] = ranked.hashed(MAX_VALUES);
                occurrences[column] = values[column];
                quantiles[column] = Quantiles.of(sorted);
            }
        }
        duplicates = counter.duplicates(from, to, false);
        counts = counter.counts(from, to);
        for (int column = 0; column < columns; column++) {
            countUnseen(column);
        }
        tests = tests(layout, counts);
    }

    /** Without what only a diagnosis asks for, and with counts of which those of unseen values are still to be made. */
    Norm(Layout layout, long[][] counts, Occurrences.Known[] occurrences, TailLaw[] tails, DuplicateLaw duplicates) {
        this.layout = layout;
        this.counts = counts;
        this.occurrences = occurrences;
        this.tails = tails;
        this.duplicates = duplicates;
        values = new ValueCounts[0];
        quantiles = new double[tails.length][0];
        for (int column = 0; column < tails.length; column++) {
            countUnseen(column);
        }
        tests = tests(layout, counts);
    }

    private void countUnseen(int column) {
        long singles = occurrences[column].singles();
        counts[layout.unseen[column]] = new long[] {singles, occurrences[column].total() - singles};
    }

    Norm(Layout layout, FormReader in) {
        this.layout = layout;
        counts = layout.lengths.stream().map(in::counts).toArray(long[][]::new);
        int columns = layout.encoder.columns();
        values = new ValueCounts[columns];
        tails = new TailLaw[columns];
        quantiles = new double[columns][];
        for (int column = 0; column < columns; column++) {
            values[column] = new ValueCounts(MAX_VALUES, in);
            tails[column] = new TailLaw(in);
            quantiles[column] = in.numbers();
            if (quantiles[column].length != Quantiles.COUNT) {
                throw in.wrong("quantiles", quantiles[column].length + " (expected: " + Quantiles.COUNT + ")");
            }
        }
        occurrences = values;
        duplicates = new DuplicateLaw(in);
        tests = tests(layout, counts);
    }

    void write(FormWriter out) {
        for (long[] some : counts) {
            out.counts(some);
        }
        for (int column = 0; column < values.length; column++) {
            values[column].write(out);
            tails[column].write(out);
            out.numbers(quantiles[column]);
        }
        duplicates.write(out);
    }

    private static CountTest.@Nullable Against[] tests(Layout layout, long[][] counts) {
        return layout.units.stream()
                .map(unit -> unit.test() == null ? null : unit.test().against(counts[unit.counts()]))
                .toArray(CountTest.Against[]::new);
    }

    /** Whether a value or a code is none that the rows have, as far as that is known. */
    boolean isUnseen(int column, double value) {
        return !occurrences[column].isFull() && occurrences[column].count(value) == 0;
    }

    /** The same of some values: 1 in the place of each that is unseen, else 0; any of what is not finite. */
    void findUnseen(int column, double[] values, int size, int[] unseen) {
        Occurrences.Known known = occurrences[column];
        if (known.isFull()) {
            Arrays.fill(unseen, 0, size, 0);
        } else if (known instanceof ValueCounts counts) {
            counts.find(values, size, unseen);
            for (int i = 0; i < size; i++) {
                unseen[i] >>>= Integer.SIZE - 1;
            }
        } else {
            for (int i = 0; i < size; i++) {
                unseen[i] = known.count(values[i]) == 0 ? 1 : 0;
            }
        }
    }

    TailLaw tail(int column) {
        return tails[column];
    }

    /** Whether counts are so little beside those of the norm that nobody needs to know, by their population stability index. */
    boolean isSmallShift(int ofCounts, long[] now) {
        long[] before = counts[ofCounts];
        int[] cells = IntStream.range(0, now.length)
                .filter(cell -> before[cell] > 0 || now[cell] > 0) // a kind that never occurs is no cell
                .toArray();
        long[] used = Arrays.stream(cells).mapToLong(cell -> before[cell]).toArray();
        long[] usedNow = Arrays.stream(cells).mapToLong(cell -> now[cell]).toArray();
        return cells.length < 2
                || LongStream.of(used).sum() == 0
                || PopulationStability.of(used, usedNow, EmptyCells.adding(0.5)).corrected() < SMALLEST_EFFECT;
    }

    /** The evidence of a unit in one window. */
    double evidence(int unit, Window window) {
        Unit tested = layout.units.get(unit);
        CountTest.Against test = tests[unit];
        return test == null ? special(tested, window) : test.evidence(window.counts()[tested.counts()]);
    }

    /** The comparison of a unit that is tested on counts, else null. */
    CountTest.@Nullable Against test(int unit) {
        return tests[unit];
    }

    private double special(Unit unit, Window window) {
        return switch (unit.channel()) {
            case ATOM -> atoms(occurrences[unit.column()], window.values(unit.column()));
            case TAIL -> window.tailEvidence(unit.column());
            case DUPLICATES -> duplicates.evidence(window.duplicates(), window.rows());
            case CLOCK -> 0; // learned from live windows only
            default -> throw new IllegalStateException(unit + " (expected: one with counts)");
        };
    }

    /** Whether one of the most frequent values occurs more often than it did, for as many values as there are. */
    static double atoms(Occurrences before, ValueCounts now) {
        long rows = now.total();
        double most = 0;
        for (double value : now.mostFrequent(ATOMS, MIN_TIMES)) {
            double surprise = Tails.betaBinomial(now.count(value), rows, before.count(value), before.total());
            most = Math.max(most, surprise - StrictMath.log10(now.distinct()));
        }
        return most;
    }

    /** The quantiles of a number from 0 to 100 %. */
    double[] quantiles(int column) {
        return quantiles[column];
    }

    /** The share of one value among those of a column. */
    double share(int column, double value) {
        return (double) values[column].count(value) / Math.max(1.0, (double) values[column].total());
    }

    /** The share of numbers with at most so many decimals. */
    double shareOfFormatsUpTo(int column, int decimals) {
        long[] formats = counts[layout.formats[column]];
        return Arrays.stream(formats, 0, decimals + 1).sum()
                / Math.max(1.0, (double) Arrays.stream(formats).sum());
    }

    ValueCounts values(int column) {
        return values[column];
    }

    @Override
    public String toString() {
        return "norm of " + Arrays.stream(counts[layout.missing[0]]).sum() + " rows";
    }
}
