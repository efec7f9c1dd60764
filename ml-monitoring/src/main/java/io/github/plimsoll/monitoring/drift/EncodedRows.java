package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/** Rows as numbers, a column at a time, with the outcome of each or NaN. Grows; not thread-safe. */
final class EncodedRows {

    private final double[][] columns;
    private double[] outcomes;
    private int size;

    EncodedRows(int columns, int room) {
        this.columns = new double[columns][room];
        outcomes = new double[room];
    }

    void add(double[] row, double outcome) {
        if (size == outcomes.length) {
            outcomes = Arrays.copyOf(outcomes, 2 * size);
            for (int i = 0; i < columns.length; i++) {
                columns[i] = Arrays.copyOf(columns[i], 2 * size);
            }
        }
        for (int i = 0; i < columns.length; i++) {
            columns[i][size] = row[i];
        }
        outcomes[size++] = outcome;
    }

    /** Leaves out all rows but some runs of equally many, in their order. */
    void keepRuns(int runRows, boolean[] kept) {
        int left = 0;
        for (int run = 0; run < kept.length; run++) {
            if (kept[run]) {
                int from = run * runRows;
                int to = left;
                for (double[] column : columns) {
                    System.arraycopy(column, from, column, to, runRows);
                }
                System.arraycopy(outcomes, from, outcomes, to, runRows);
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

    double outcome(int row) {
        return outcomes[row];
    }

    void read(int row, double[] into) {
        for (int i = 0; i < columns.length; i++) {
            into[i] = columns[i][row];
        }
    }

    /** The finite values of a column in ascending order, of rows in [from, to). */
    double[] sorted(int column, int from, int to) {
        double[] values = new double[to - from];
        int n = 0;
        for (int row = from; row < to; row++) {
            if (Double.isFinite(columns[column][row])) {
                values[n++] = columns[column][row];
            }
        }
        double[] sorted = Arrays.copyOf(values, n);
        Arrays.sort(sorted);
        return sorted;
    }

    /** A hash of each row in [from, to), without the last column, the prediction. */
    long[] hashes(int from, int to) {
        long[] hashes = new long[to - from];
        double[] row = new double[columns.length];
        for (int i = from; i < to; i++) {
            read(i, row);
            hashes[i - from] = Window.hash(row, columns.length - 1);
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
