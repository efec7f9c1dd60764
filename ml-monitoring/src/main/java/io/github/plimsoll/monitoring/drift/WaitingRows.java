package io.github.plimsoll.monitoring.drift;

import java.time.LocalDate;

/**
 * Rows that a window has not counted yet: some are counted together, a column at a time, so that what is looked up for a column
 * stays near. Not thread-safe.
 */
final class WaitingRows {
    private static final int MAX_VALUES = 4_096;
    private static final int MAX_ROWS = 256;
    private static final byte NO_HOUR = -1;
    private static final long MILLIS_OF_HOUR = 3_600_000;
    private static final long MILLIS_OF_DAY = 24 * MILLIS_OF_HOUR;

    final double[][] columns;
    final byte[][] bins; // of columns that have pairs
    final long[] times;
    final byte[] hours; // by which part of a clock's counts each row is counted, below 0 without a time
    final byte[] weekdays;
    final byte[] months;
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
        hours = new byte[room];
        weekdays = new byte[room];
        months = new byte[room];
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

    /** Finds the hour, the weekday and the month of UTC of each row; tells whether any has a time. */
    boolean readTimes() {
        boolean any = false;
        long day = Long.MIN_VALUE;
        int month = 0;
        for (int row = 0; row < size; row++) {
            hours[row] = NO_HOUR;
            if (times[row] != Window.NO_TIME) {
                long epochDay = Math.floorDiv(times[row], MILLIS_OF_DAY);
                if (epochDay != day) { // rows come mostly day by day
                    day = epochDay;
                    month = LocalDate.ofEpochDay(epochDay).getMonthValue();
                }
                long hour = Math.floorMod(times[row], MILLIS_OF_DAY) / MILLIS_OF_HOUR;
                long weekday = Math.floorMod(epochDay + 3, 7L); // 1970-01-01 was a Thursday, the fourth day
                hours[row] = (byte) hour;
                weekdays[row] = (byte) (ClockRelations.WEEKDAYS + weekday);
                months[row] = (byte) (ClockRelations.MONTHS + month - 1);
                any = true;
            }
        }
        return any;
    }

    double[] row(int index) {
        double[] row = new double[columns.length];
        for (int column = 0; column < row.length; column++) {
            row[column] = columns[column][index];
        }
        return row;
    }
}
