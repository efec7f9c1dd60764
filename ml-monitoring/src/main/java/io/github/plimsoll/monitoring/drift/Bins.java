package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the values of one column are told apart: finely in cells for the column itself, in at most eight bins for its relations.
 * Immutable.
 */
abstract sealed class Bins {

    /** The number of cells. */
    abstract int cells();

    /** The cell of a finite value or of a code. */
    abstract int cell(double value);

    /** The bin of a finite value or of a code, from 0 to 7. */
    abstract int bin(double value);

    /** The cells of some values; any of what is not finite. */
    abstract void cells(double[] values, int size, byte[] found);

    /** The bins of some values; any of what is not finite. */
    abstract void bins(double[] values, int size, byte[] found);

    /** The cells of values in ascending order, of which none is NaN. */
    abstract byte[] cells(double[] ascending);

    /** The bins of values in ascending order, of which none is NaN. */
    abstract byte[] bins(double[] ascending);

    /** The cells that are numbers, in ascending order. */
    abstract int[] ordered();

    /** A cell in words that follow the column's name. */
    abstract String words(int cell);

    /** A bin in words that follow the column's name. */
    abstract String wordsOfBin(int bin);

    /** The number of parts in which another column's incident may be: the bins of numbers, the cells of names. */
    abstract int parts();

    /** The part of a finite value or of a code. */
    abstract int part(double value);

    /** Some neighbouring parts in words that follow the column's name; of names only one at a time. */
    abstract String wordsOfParts(int first, int last);

    abstract void write(FormWriter out);

    static Bins read(RowEncoder encoder, int column, FormReader in) {
        return encoder.isNumber(column) ? new OfNumber(in) : new OfNames(encoder, column, in);
    }

    static Bins of(RowEncoder encoder, EncodedRows rows, int column) {
        return encoder.isNumber(column)
                ? new OfNumber(rows.sorted(column, 0, rows.size()))
                : new OfNames(encoder, rows, column);
    }

    /** Ranges of about as many rows of the baseline each; a value that many rows have is a range of its own. */
    static final class OfNumber extends Bins {

        private static final int CELLS = 32;
        private static final int MAX_ENDS = 3 * CELLS + 2;
        private static final double OWN_SHARE = 0.7 / CELLS;

        private final double[] ends; // each belongs to the range below it; above the last there is one more range
        private final double[] binEnds;

        OfNumber(double[] sorted) {
            ends = ends(sorted);
            binEnds = quantiles(sorted);
        }

        OfNumber(FormReader in) {
            ends = ascending(in);
            binEnds = ascending(in);
            if (ends.length > MAX_ENDS || binEnds.length >= RelationTest.BINS) {
                throw in.wrong("ranges", ends.length + " and " + binEnds.length + " ends");
            }
        }

        private static double[] ascending(FormReader in) {
            double[] ends = in.numbers();
            for (int i = 0; i < ends.length; i++) {
                if (Double.isNaN(ends[i]) || (i > 0 && ends[i] <= ends[i - 1])) {
                    throw in.wrong("ranges", "ends that do not ascend");
                }
            }
            return ends;
        }

        @Override
        void write(FormWriter out) {
            out.numbers(ends).numbers(binEnds);
        }

        private static double[] ends(double[] sorted) {
            double[] ends = new double[MAX_ENDS];
            int size = 0;
            double own = Math.max(2, sorted.length * OWN_SHARE);
            double full = Math.max(1, (double) sorted.length / CELLS);
            int since = 0;
            for (int i = 0; i < sorted.length; ) {
                int next = i + 1;
                while (next < sorted.length && sorted[next] == sorted[i]) {
                    next++;
                }
                if (next - i >= own) {
                    // The boundary lies just below the value: what is a little less must not hide among its rows.
                    size = add(ends, size, Math.nextDown(sorted[i]));
                    size = add(ends, size, sorted[i]);
                    since = next;
                } else if (next - since >= full && next < sorted.length) {
                    size = add(ends, size, sorted[i]);
                    since = next;
                }
                i = next;
            }
            return Arrays.copyOf(ends, size);
        }

        private static int add(double[] ends, int size, double end) {
            if (size > 0 && ends[size - 1] >= end) {
                return size;
            }
            ends[size] = end;
            return size + 1;
        }

        private static double[] quantiles(double[] sorted) {
            return IntStream.range(1, RelationTest.BINS)
                    .mapToDouble(
                            i -> sorted.length == 0 ? 0 : sorted[(int) ((long) sorted.length * i / RelationTest.BINS)])
                    .map(Math::nextDown)
                    .distinct()
                    .toArray();
        }

        @Override
        int cells() {
            return ends.length + 1;
        }

        @Override
        int cell(double value) {
            return firstAtLeast(ends, value);
        }

        @Override
        int bin(double value) {
            return firstAtLeast(binEnds, value);
        }

        @Override
        void cells(double[] values, int size, byte[] found) {
            firstAtLeast(ends, values, size, found);
        }

        @Override
        void bins(double[] values, int size, byte[] found) {
            firstAtLeast(binEnds, values, size, found);
        }

        private static void firstAtLeast(double[] ends, double[] values, int size, byte[] first) {
            for (int i = 0; i < size; i++) {
                first[i] = (byte) firstAtLeast(ends, values[i]);
            }
        }

        @Override
        byte[] cells(double[] ascending) {
            return firstAtLeast(ends, ascending);
        }

        @Override
        byte[] bins(double[] ascending) {
            return firstAtLeast(binEnds, ascending);
        }

        private static byte[] firstAtLeast(double[] ends, double[] ascending) {
            byte[] first = new byte[ascending.length];
            int end = 0;
            for (int i = 0; i < ascending.length; i++) {
                while (end < ends.length && ends[end] < ascending[i]) {
                    end++;
                }
                first[i] = (byte) end;
            }
            return first;
        }

        /** Without a branch on the value: which half it is in cannot be foreseen. */
        private static int firstAtLeast(double[] ends, double value) {
            int from = 0;
            for (int size = ends.length; size > 0; ) {
                int half = (size + 1) / 2;
                from = ends[from + half - 1] < value ? from + half : from;
                size -= half;
            }
            return from;
        }

        @Override
        int[] ordered() {
            return IntStream.range(0, cells()).toArray();
        }

        @Override
        String words(int cell) {
            if (ends.length == 0) {
                return "is a number";
            }
            if (cell == 0) {
                return "<= " + Words.number(ends[0]);
            }
            if (cell == ends.length) {
                return "> " + Words.number(ends[cell - 1]);
            }
            return Math.nextUp(ends[cell - 1]) == ends[cell]
                    ? "= " + Words.number(ends[cell])
                    : "> " + Words.number(ends[cell - 1]) + " and <= " + Words.number(ends[cell]);
        }

        @Override
        String wordsOfBin(int bin) {
            return wordsOfParts(bin, bin);
        }

        @Override
        int parts() {
            return binEnds.length + 1;
        }

        @Override
        int part(double value) {
            return bin(value);
        }

        @Override
        String wordsOfParts(int first, int last) {
            if (first == 0 && last == binEnds.length) {
                return "is a number";
            }
            String from =
                    first == 0 ? "" : ">= " + Words.number(Math.nextUp(binEnds[first - 1])); // each end is just below
            String to = last == binEnds.length ? "" : "< " + Words.number(Math.nextUp(binEnds[last]));
            return from + (from.isEmpty() || to.isEmpty() ? "" : " and ") + to;
        }
    }

    /** The most frequent names, and all others together. */
    static final class OfNames extends Bins {

        private static final int CELLS = 41;
        private static final int MIN_ROWS = 5; // rarer names are together: each alone was seen by luck

        private final int[] rankOfCode;
        private final int cells;
        private final List<String> names;

        OfNames(RowEncoder encoder, EncodedRows rows, int column) {
            int[] counts = new int[Math.max(2, encoder.names(column))];
            RankedColumn ranked = rows.ranked(column);
            for (int rank = 0; rank < ranked.values.length && ranked.values[rank] < counts.length; rank++) {
                counts[(int) ranked.values[rank]] += ranked.times[rank];
            }
            List<Integer> codes = IntStream.range(0, counts.length)
                    .boxed()
                    .sorted(Comparator.comparingInt(code -> -counts[code]))
                    .toList();
            rankOfCode = new int[counts.length];
            for (int rank = 0; rank < counts.length; rank++) {
                rankOfCode[codes.get(rank)] = rank;
            }
            int frequent = (int)
                    IntStream.of(counts).filter(count -> count >= MIN_ROWS).count();
            cells = Math.max(2, Math.min(CELLS, frequent + 1));
            names = names(encoder, column);
        }

        OfNames(RowEncoder encoder, int column, FormReader in) {
            cells = in.whole(CELLS);
            rankOfCode = in.integers();
            boolean[] taken = new boolean[rankOfCode.length];
            for (int rank : rankOfCode) {
                if (rank < 0 || rank >= taken.length || taken[rank]) {
                    throw in.wrong("names", "ranks that are no order");
                }
                taken[rank] = true;
            }
            if (cells < 2 || rankOfCode.length != Math.max(2, encoder.names(column))) {
                throw in.wrong("names", cells + " cells and " + rankOfCode.length + " ranks");
            }
            names = names(encoder, column);
        }

        /** The names that have a cell of their own, in the order of the cells. */
        private List<String> names(RowEncoder encoder, int column) {
            String[] found = new String[Math.min(cells - 1, rankOfCode.length)];
            for (int code = 0; code < rankOfCode.length; code++) {
                if (rankOfCode[code] < found.length) {
                    found[rankOfCode[code]] = encoder.text(column, code);
                }
            }
            return List.of(found);
        }

        @Override
        void write(FormWriter out) {
            out.whole(cells).integers(rankOfCode);
        }

        @Override
        int cells() {
            return cells;
        }

        @Override
        int cell(double code) {
            return Math.min(rank(code), cells - 1);
        }

        @Override
        int bin(double code) {
            return Math.min(rank(code), RelationTest.BINS - 1);
        }

        @Override
        void cells(double[] codes, int size, byte[] found) {
            for (int i = 0; i < size; i++) {
                found[i] = (byte) cell(codes[i]);
            }
        }

        @Override
        void bins(double[] codes, int size, byte[] found) {
            for (int i = 0; i < size; i++) {
                found[i] = (byte) bin(codes[i]);
            }
        }

        @Override
        byte[] cells(double[] codes) {
            byte[] found = new byte[codes.length];
            for (int i = 0; i < codes.length; i++) {
                found[i] = (byte) cell(codes[i]);
            }
            return found;
        }

        @Override
        byte[] bins(double[] codes) {
            byte[] found = new byte[codes.length];
            for (int i = 0; i < codes.length; i++) {
                found[i] = (byte) bin(codes[i]);
            }
            return found;
        }

        private int rank(double code) {
            return code < rankOfCode.length ? rankOfCode[(int) code] : Integer.MAX_VALUE;
        }

        @Override
        int[] ordered() {
            return new int[0];
        }

        @Override
        String words(int cell) {
            return cell < names.size() ? "= " + names.get(cell) : "is another name";
        }

        @Override
        String wordsOfBin(int bin) {
            boolean own = bin < RelationTest.BINS - 1 && bin < cells - 1;
            return own ? words(bin) : "is another name";
        }

        @Override
        int parts() {
            return cells;
        }

        @Override
        int part(double code) {
            return cell(code);
        }

        @Override
        String wordsOfParts(int first, int last) {
            return words(first);
        }
    }
}
