package io.github.plimsoll.monitoring.drift;

/**
 * Rows that a window has not counted yet: some are counted together, a column at a time, so that what is looked up for a column
 * stays near. Not thread-safe.
 */
final class WaitingRows {
    private static final int MAX_VALUES = 4_096;
    private static final int MAX_ROWS = 256;

    final double[][] columns;
    final byte[][] bins; // of columns that have pairs
    final long[] times;
    final long[] hashes;
    final long[] keys;
    int size;

    // of one column at a time
    final byte[] cells;
    final int[] traits;
    final int[] places;
    final int[] fresh; // rows whose values are looked up, and these and what is found
    final double[] values;
    final int[] found;

    WaitingRows(Layout layout) {
        int count = layout.encoder.columns();
        int room = Math.max(1, Math.min(MAX_ROWS, MAX_VALUES / count));
        columns = new double[count][room];
        bins = new byte[count][0];
        for (Layout.Pair pair : layout.pairs) {
            bins[pair.first()] = new byte[room];
            bins[pair.second()] = new byte[room];
        }
        times = new long[room];
        hashes = new long[room];
        keys = new long[room];
        cells = new byte[room];
        traits = new int[room];
        places = new int[room];
        fresh = new int[room];
        values = new double[room];
        found = new int[room];
    }

    /** Tells whether there is no more room. */
    boolean add(double[] row, long millis) {
        for (int column = 0; column < row.length; column++) {
            columns[column][size] = row[column];
        }
        times[size++] = millis;
        return size == times.length;
    }

    double[] row(int index) {
        double[] row = new double[columns.length];
        for (int column = 0; column < row.length; column++) {
            row[column] = columns[column][index];
        }
        return row;
    }
}
