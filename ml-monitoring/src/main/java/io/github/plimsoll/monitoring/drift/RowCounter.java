package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows of a baseline a column at a time, by the cells, bins and decimals that each rank has: the same counts as a window
 * makes that looks up each value. Takes up to 16 bytes for each value. Not thread-safe.
 */
final class RowCounter {

    static final int MAX_VALUES = 65_536; // different ones of a column that are told apart

    private static final byte NONE = -1; // no bin

    private final Layout layout;
    private final EncodedRows rows;
    private final byte[][] cells; // by column and rank
    private final byte[][] formats; // of numbers
    private final int[][] below; // of numbers: how many rows have a value of less rank
    private final byte[][] bins; // by column and row, of columns that have pairs
    private final int[] seen; // by rank; 0 between uses
    private final DuplicateLaw.Repeats repeats;
    private final long[] hashes;
    private final @Nullable RankedCounts[] ofAll; // by column
    private final @Nullable Norm[] halves = new Norm[2];

    RowCounter(Layout layout, EncodedRows rows) {
        this.layout = layout;
        this.rows = rows;
        int columns = rows.columns();
        cells = new byte[columns][];
        formats = new byte[columns][];
        below = new int[columns][];
        bins = new byte[columns][0];
        ofAll = new RankedCounts[columns];
        int most = 0;
        for (int column = 0; column < columns; column++) {
            RankedColumn ranked = rows.ranked(column);
            boolean number = layout.encoder.isNumber(column);
            cells[column] = layout.bins[column].cells(ranked.values);
            formats[column] = number ? formats(ranked.values) : new byte[0];
            below[column] = number ? below(ranked.times) : new int[0];
            most = Math.max(most, ranked.values.length);
        }
        for (Layout.Pair pair : layout.pairs) {
            for (int column : new int[] {pair.first(), pair.second()}) {
                if (bins[column].length == 0) {
                    bins[column] = bins(layout.bins[column], rows.ranked(column));
                }
            }
        }
        seen = new int[most];
        hashes = rows.hashes(0, rows.size(), layout.encoder.rowColumns());
        repeats = new DuplicateLaw.Repeats(hashes);
    }

    private static byte[] formats(double[] values) {
        byte[] formats = new byte[values.length];
        for (int rank = 0; rank < values.length; rank++) {
            formats[rank] = (byte) Decimals.of(values[rank]);
        }
        return formats;
    }

    private static int[] below(int[] times) {
        int[] below = new int[times.length + 1];
        for (int rank = 0; rank < times.length; rank++) {
            below[rank + 1] = below[rank] + times[rank];
        }
        return below;
    }

    /** The bin of each row, below 0 where there is none. */
    static byte[] bins(Bins bins, RankedColumn ranked) {
        byte[] byRank = bins.bins(ranked.values);
        byte[] byRow = new byte[ranked.ranks.length];
        for (int row = 0; row < byRow.length; row++) {
            byRow[row] = ranked.ranks[row] < 0 ? NONE : byRank[ranked.ranks[row]];
        }
        return byRow;
    }

    // ---- norms --------------------------------------------------------------------------------------------------

    /** All counts of the rows in [from, to) but those of unseen values, with none unseen. */
    long[][] counts(int from, int to) {
        long[][] counts = layout.noCounts();
        for (int column = 0; column < rows.columns(); column++) {
            RankedColumn ranked = rows.ranked(column);
            int missing = 0;
            int invalid = 0;
            for (int row = from; row < to; row++) {
                missing += ranked.ranks[row] == RankedColumn.MISSING ? 1 : 0;
                invalid += ranked.ranks[row] == RankedColumn.INVALID ? 1 : 0;
            }
            countPresence(counts, column, to - from, missing, invalid);
            int[] times = ranked.times(from, to);
            for (int rank = 0; rank < times.length; rank++) {
                counts[layout.cells[column]][cells[column][rank]] += times[rank];
            }
            for (int rank = 0; rank < formats[column].length; rank++) {
                counts[layout.formats[column]][formats[column][rank]] += times[rank];
            }
        }
        countPairs(counts, from, to);
        return counts;
    }

    private void countPresence(long[][] counts, int column, long all, long missing, long invalid) {
        counts[layout.missing[column]][0] = missing;
        counts[layout.missing[column]][1] = all - missing;
        counts[layout.invalid[column]][0] = invalid;
        counts[layout.invalid[column]][1] = all - missing - invalid;
    }

    private void countPairs(long[][] counts, int from, int to) {
        for (int i = 0; i < layout.tables.length; i++) {
            byte[] first = bins[layout.pairs.get(i).first()];
            byte[] second = bins[layout.pairs.get(i).second()];
            long[] table = counts[layout.tables[i]];
            for (int row = from; row < to; row++) {
                if ((first[row] | second[row]) >= 0) {
                    table[first[row] * RelationTest.BINS + second[row]]++;
                }
            }
        }
    }

    /** The bins of a column that has pairs by row, below 0 where there is none. */
    byte[] bins(int column) {
        return bins[column];
    }

    int cell(int column, int rank) {
        return cells[column][rank];
    }

    RankedCounts occurrences(int column, int from, int to) {
        RankedColumn ranked = rows.ranked(column);
        return new RankedCounts(ranked, ranked.times(from, to), from, to, MAX_VALUES);
    }

    /** The law of repeated rows in [from, to), or in all others. */
    DuplicateLaw duplicates(int from, int to, boolean others) {
        return new DuplicateLaw(repeats, from, to, others);
    }

    /** What one half of the rows is compared with: the other half. */
    Norm otherHalf(int from, int to) {
        int half = from == 0 ? 0 : 1;
        Norm known = halves[half];
        if (known == null) {
            known = from == 0 ? new Norm(layout, rows, to, rows.size()) : new Norm(layout, rows, 0, from);
            halves[half] = known;
        }
        return known;
    }

    // ---- blocks -------------------------------------------------------------------------------------------------

    /** How often each value occurs in a block of a column. */
    private static final class Tally {
        private final int[] ranks; // in the order in which they are first met
        private final int[] times;
        private int size;
        private int missing;
        private int invalid;
        private int finite;

        private Tally(int rows) {
            ranks = new int[rows];
            times = new int[rows];
        }
    }

    /** Some rows by value. */
    private Tally[] tallies(int from, int to) {
        Tally[] tallies = new Tally[rows.columns()];
        for (int column = 0; column < tallies.length; column++) {
            Tally tally = new Tally(to - from);
            int[] ranks = rows.ranked(column).ranks;
            for (int row = from; row < to; row++) {
                int rank = ranks[row];
                if (rank >= 0) {
                    if (seen[rank]++ == 0) {
                        tally.ranks[tally.size++] = rank;
                    }
                    tally.finite++;
                } else if (rank == RankedColumn.MISSING) {
                    tally.missing++;
                } else {
                    tally.invalid++;
                }
            }
            for (int i = 0; i < tally.size; i++) {
                tally.times[i] = seen[tally.ranks[i]];
                seen[tally.ranks[i]] = 0;
            }
            tallies[column] = tally;
        }
        return tallies;
    }

    /** The counts of some rows, with none unseen. */
    private long[][] counts(Tally[] tallies, int from, int to) {
        long[][] counts = layout.noCounts();
        for (int column = 0; column < tallies.length; column++) {
            Tally tally = tallies[column];
            countPresence(counts, column, to - from, tally.missing, tally.invalid);
            counts[layout.unseen[column]][1] = tally.finite;
            long[] ofCells = counts[layout.cells[column]];
            for (int i = 0; i < tally.size; i++) {
                ofCells[cells[column][tally.ranks[i]]] += tally.times[i];
            }
            if (formats[column].length > 0) {
                long[] ofFormats = counts[layout.formats[column]];
                for (int i = 0; i < tally.size; i++) {
                    ofFormats[formats[column][tally.ranks[i]]] += tally.times[i];
                }
            }
        }
        countPairs(counts, from, to);
        return counts;
    }

    /**
     * The rows in [from, to) as a window that is compared with a norm of others; of hashes and values without those that no
     * rows of the baseline share.
     */
    Window window(Norm norm, int from, int to) {
        Tally[] tallies = tallies(from, to);
        return window(norm, tallies, counts(tallies, from, to), values(tallies), from, to);
    }

    private Window window(
            Norm norm, Tally[] tallies, long[][] counts, @Nullable ValueCounts[] values, int from, int to) {
        Window window = new Window(norm, counts);
        for (int column = 0; column < tallies.length; column++) {
            Tally tally = tallies[column];
            boolean number = layout.encoder.isNumber(column);
            if (!number || layout.discrete[column]) { // else nothing is tested on it
                countUnseen(norm, counts, column, tally);
            }
            if (number) {
                countOutside(window, norm.tail(column), column, tally);
            }
            ValueCounts known = values[column];
            if (number && known != null) {
                window.values(
                        column,
                        known.distinct() <= Window.MAX_VALUES
                                ? known
                                : values(rows.ranked(column), tally, Window.MAX_VALUES));
            }
        }
        for (int row = from; row < to; row++) {
            if (repeats.kind(row) >= 0) {
                window.addHash(hashes[row]);
            }
        }
        window.addRows(to - from);
        return window;
    }

    private void countUnseen(Norm norm, long[][] counts, int column, Tally tally) {
        double[] values = rows.ranked(column).values;
        for (int i = 0; i < tally.size; i++) {
            if (norm.isUnseen(column, values[tally.ranks[i]])) {
                counts[layout.unseen[column]][0] += tally.times[i];
                counts[layout.unseen[column]][1] -= tally.times[i];
                if (!layout.encoder.isNumber(column)) { // how often to expect new names is a question of its own
                    counts[layout.cells[column]][cells[column][tally.ranks[i]]] -= tally.times[i];
                }
            }
        }
    }

    private void countOutside(Window window, TailLaw tail, int column, Tally tally) {
        double[] values = rows.ranked(column).values;
        int least = Integer.MAX_VALUE;
        int greatest = 0;
        for (int i = 0; i < tally.size; i++) {
            least = Math.min(least, tally.ranks[i]);
            greatest = Math.max(greatest, tally.ranks[i]);
        }
        if (tally.size == 0 || !(tail.isOutside(values[least]) || tail.isOutside(values[greatest]))) {
            return;
        }
        for (int i = 0; i < tally.size; i++) {
            double value = values[tally.ranks[i]];
            for (int time = 0; tail.isOutside(value) && time < tally.times[i]; time++) {
                window.addOutside(column, tail.distance(value));
            }
        }
    }

    /** The values of some rows; null of a column in which no rows share any, which is all that is asked for. */
    private @Nullable ValueCounts[] values(Tally[] tallies) {
        @Nullable ValueCounts[] values = new ValueCounts[tallies.length];
        for (int column = 0; column < tallies.length; column++) {
            RankedColumn ranked = rows.ranked(column);
            if (ranked.hasRepeated() || !layout.encoder.isNumber(column) || layout.discrete[column]) {
                values[column] = values(ranked, tallies[column], MAX_VALUES);
            }
        }
        return values;
    }

    private static ValueCounts values(RankedColumn ranked, Tally tally, int most) {
        ValueCounts values = new ValueCounts(most, tally.size);
        for (int i = 0; i < tally.size; i++) {
            values.add(ranked.values[tally.ranks[i]], tally.times[i]);
        }
        return values;
    }

    /** A block of rows, and the norm of all others. */
    record Block(Norm others, Window window) {}

    /**
     * Takes the rows in [from, to) out of all, in a time that does not depend on how many these are; without what only a
     * diagnosis asks for.
     */
    Block block(Norm all, int from, int to) {
        Tally[] tallies = tallies(from, to);
        long[][] left = counts(tallies, from, to);
        long[][] counts = new long[left.length][];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = all.counts[i].clone();
            for (int cell = 0; cell < counts[i].length; cell++) {
                counts[i][cell] -= left[i][cell];
            }
        }
        @Nullable ValueCounts[] values = values(tallies);
        Occurrences.Known[] known = new Occurrences.Known[tallies.length];
        TailLaw[] tails = new TailLaw[tallies.length];
        for (int column = 0; column < tallies.length; column++) {
            ValueCounts ofBlock = values[column];
            known[column] = ofBlock == null ? ofAll(column) : new RankedCounts(ofAll(column), ofBlock);
            tails[column] = layout.encoder.isNumber(column) ? tailWithout(column, tallies[column]) : all.tail(column);
        }
        Norm others = new Norm(layout, counts, known, tails, duplicates(from, to, true));
        return new Block(others, window(others, tallies, left, values, from, to));
    }

    private RankedCounts ofAll(int column) {
        RankedCounts known = ofAll[column];
        if (known == null) {
            known = occurrences(column, 0, rows.size());
            ofAll[column] = known;
        }
        return known;
    }

    /** The tail of a column without a block. */
    private TailLaw tailWithout(int column, Tally left) {
        RankedColumn ranked = rows.ranked(column);
        for (int i = 0; i < left.size; i++) {
            seen[left.ranks[i]] = left.times[i];
        }
        int values = ranked.finite - left.finite;
        int ends = Math.min(values, TailLaw.ends(values));
        double[] rising = new double[ends];
        for (int rank = 0, size = 0; size < ends; rank++) {
            for (int times = ranked.times[rank] - seen[rank]; times > 0 && size < ends; times--) {
                rising[size++] = ranked.values[rank];
            }
        }
        double[] falling = new double[ends];
        for (int rank = ranked.values.length - 1, size = 0; size < ends; rank--) {
            for (int times = ranked.times[rank] - seen[rank]; times > 0 && size < ends; times--) {
                falling[size++] = ranked.values[rank];
            }
        }
        double median = values == 0 ? 0 : ranked.values[rankWithout(column, left, values / 2)];
        for (int i = 0; i < left.size; i++) {
            seen[left.ranks[i]] = 0;
        }
        return new TailLaw(values, median, rising, falling);
    }

    /** The rank of the value that stands at a place, in ascending order, of all that are not left out. */
    private int rankWithout(int column, Tally left, int place) {
        int found = Arrays.binarySearch(below[column], place);
        int rank = found < 0 ? -found - 2 : found; // the one whose rows hold the place if none is left out
        int before = below[column][rank];
        for (int i = 0; i < left.size; i++) {
            before -= left.ranks[i] < rank ? left.times[i] : 0;
        }
        int[] times = rows.ranked(column).times;
        while (before + times[rank] - seen[rank] <= place) {
            before += times[rank] - seen[rank];
            rank++;
        }
        return rank;
    }
}
