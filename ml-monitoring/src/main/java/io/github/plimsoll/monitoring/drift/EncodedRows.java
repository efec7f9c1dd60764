package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows as numbers, a column at a time, with the outcome of each or NaN, its time, and the ranks of a column once they were asked for.
 * Grows; not thread-safe.
 */
final class EncodedRows {

    private final double[][] columns;
    private final @Nullable RankedColumn[] ranked;
    private boolean isRanked;
    private @Nullable RowCounter counter;
    private @Nullable Layout counterOf;
    private double[] outcomes;
    private long[] times;
    private int size;

    EncodedRows(int columns, int room) {
        this.columns = new double[columns][room];
        ranked = new RankedColumn[columns];
        outcomes = new double[room];
        times = new long[room];
    }

    /** Some columns of other rows, as they are now. */
    EncodedRows(EncodedRows rows, int[] kept) {
        columns = Arrays.stream(kept).mapToObj(column -> rows.columns[column]).toArray(double[][]::new);
        ranked = new RankedColumn[kept.length];
        outcomes = rows.outcomes;
        times = rows.times;
        size = rows.size;
    }

    /** Some of other rows, in their order, without outcomes and times. */
    EncodedRows(EncodedRows rows, IntPredicate kept) {
        int[] places = IntStream.range(0, rows.size).filter(kept).toArray();
        columns = Arrays.stream(rows.columns)
                .map(column ->
                        Arrays.stream(places).mapToDouble(row -> column[row]).toArray())
                .toArray(double[][]::new);
        ranked = new RankedColumn[columns.length];
        size = places.length;
        outcomes = new double[size];
        Arrays.fill(outcomes, Double.NaN);
        times = new long[size];
        Arrays.fill(times, Window.NO_TIME);
    }

    /** Puts parts of whole numbers that another column has in the place of a column's values; NaN of what is missing. */
    void replace(int column, int[] parts, int ofColumn) {
        double[] replaced = new double[size];
        for (int row = 0; row < size; row++) {
            double all = columns[ofColumn][row];
            replaced[row] = all > 0 ? parts[row] / all : Double.NaN;
        }
        columns[column] = replaced;
    }

    void add(double[] row, double outcome, long millis) {
        forgetRanks();
        if (size == outcomes.length) {
            outcomes = Arrays.copyOf(outcomes, 2 * size);
            times = Arrays.copyOf(times, 2 * size);
            for (int i = 0; i < columns.length; i++) {
                columns[i] = Arrays.copyOf(columns[i], 2 * size);
            }
        }
        for (int i = 0; i < columns.length; i++) {
            columns[i][size] = row[i];
        }
        outcomes[size] = outcome;
        times[size++] = millis;
    }

    /** Leaves out all rows but some runs of equally many, in their order. */
    void keepRuns(int runRows, boolean[] kept) {
        forgetRanks();
        int left = 0;
        for (int run = 0; run < kept.length; run++) {
            if (kept[run]) {
                int from = run * runRows;
                int to = left;
                for (double[] column : columns) {
                    System.arraycopy(column, from, column, to, runRows);
                }
                System.arraycopy(outcomes, from, outcomes, to, runRows);
                System.arraycopy(times, from, times, to, runRows);
                left += runRows;
            }
        }
        size = left;
    }

    int size() {
        return size;
    }

    int columns() {
        return columns.length;
    }

    double value(int column, int row) {
        return columns[column][row];
    }

    /** Whether a column has any finite value. */
    boolean has(int column) {
        return Arrays.stream(columns[column], 0, size).anyMatch(Double::isFinite);
    }

    /** When a row was, or NO_TIME. */
    long time(int row) {
        return times[row];
    }

    /** The ranks of a column. */
    RankedColumn ranked(int column) {
        RankedColumn known = ranked[column];
        if (known == null) {
            known = new RankedColumn(columns[column], size);
            isRanked = true;
            ranked[column] = known;
        }
        return known;
    }

    /** What counts the rows by a layout. */
    RowCounter counter(Layout layout) {
        RowCounter known = counter;
        if (known == null || counterOf != layout) {
            known = new RowCounter(layout, this);
            counter = known;
            counterOf = layout;
        }
        return known;
    }

    /** Gives back the memory that ranks take; they are found anew when they are asked for. */
    void forgetRanks() {
        if (isRanked) {
            Arrays.fill(ranked, null);
            counter = null;
            counterOf = null;
            isRanked = false;
        }
    }

    /** The finite values of a column in ascending order, of rows in [from, to). */
    double[] sorted(int column, int from, int to) {
        return ranked(column).sorted(ranked(column).times(from, to));
    }

    /** A hash of the first columns of each row in [from, to). */
    long[] hashes(int from, int to, int ofColumns) {
        long[] hashes = new long[to - from];
        Arrays.fill(hashes, ofColumns);
        for (int i = 0; i < ofColumns; i++) {
            Window.hash(columns[i], from, hashes, hashes.length);
        }
        return hashes;
    }

    /** The numbers of a column and the outcomes, of rows in [from, to) that have both. */
    double[][] outcomes(int from, int to, int column) {
        double[][] known = new double[2][to - from];
        int n = 0;
        for (int row = from; row < to; row++) {
            if (Double.isFinite(columns[column][row]) && Double.isFinite(outcomes[row])) {
                known[0][n] = columns[column][row];
                known[1][n++] = outcomes[row];
            }
        }
        return new double[][] {Arrays.copyOf(known[0], n), Arrays.copyOf(known[1], n)};
    }
}
