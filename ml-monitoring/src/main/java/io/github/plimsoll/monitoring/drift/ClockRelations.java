package io.github.plimsoll.monitoring.drift;

/**
 * Columns that are nothing but the hour, the weekday or the month of the row's time, learned from windows in which nothing was
 * wrong: a clock in another time zone breaks that, even where every hour is as frequent as any other. Not thread-safe.
 */
final class ClockRelations {

    /** Hours, weekdays and months of UTC, one after the other. */
    private static final int[] STARTS = {0, 24, 31, 43};

    static final int WEEKDAYS = STARTS[1];
    static final int MONTHS = STARTS[2];
    static final int PARTS = STARTS[3];

    private static final long MIN_ROWS = 100;
    static final double MIN_PURITY = 0.98;
    static final int MIN_VALUES = 3;

    private final long[][] sums; // null where no row had a time

    ClockRelations(int columns) {
        sums = new long[columns][];
    }

    void write(FormWriter out) {
        for (long[] sum : sums) {
            out.flag(sum != null);
            if (sum != null) {
                out.counts(sum);
            }
        }
    }

    void read(FormReader in, Layout layout) {
        for (int column = 0; column < sums.length; column++) {
            sums[column] = in.flag() ? in.counts(PARTS * layout.bins[column].cells()) : null;
        }
    }

    void accept(Window window) {
        for (int column = 0; column < sums.length; column++) {
            long[] counts = window.clock(column);
            if (counts == null) {
                return;
            }
            long[] sum = sums[column] == null ? new long[counts.length] : sums[column];
            for (int i = 0; i < sum.length; i++) {
                sum[i] += counts[i];
            }
            sums[column] = sum;
        }
    }

    /** The evidence that a column is no longer what it was by the clock; 0 where it never was. */
    double evidence(int column, Window window) {
        long[] live = window.clock(column);
        if (sums[column] == null || live == null) {
            return 0;
        }
        double most = 0;
        for (int clock = 0; clock + 1 < STARTS.length; clock++) {
            most = Math.max(
                    most,
                    evidence(sums[column], live, STARTS[clock], STARTS[clock + 1])
                            - StrictMath.log10(STARTS.length - 1.0));
        }
        return most;
    }

    private static double evidence(long[] learned, long[] live, int from, int to) {
        int cells = learned.length / PARTS;
        long rows = 0;
        long kept = 0;
        long liveRows = 0;
        long liveKept = 0;
        boolean[] values = new boolean[cells];
        int different = 0;
        for (int part = from; part < to; part++) {
            int usual = part * cells;
            long ofPart = 0;
            long liveOfPart = 0;
            for (int i = part * cells; i < (part + 1) * cells; i++) {
                usual = learned[i] > learned[usual] ? i : usual;
                ofPart += learned[i];
                liveOfPart += live[i];
            }
            if (ofPart > 0) {
                rows += ofPart;
                kept += learned[usual];
                liveRows += liveOfPart;
                liveKept += live[usual];
                different += values[usual - part * cells] ? 0 : 1;
                values[usual - part * cells] = true;
            }
        }
        boolean dependent = rows >= MIN_ROWS && kept >= MIN_PURITY * rows && different >= MIN_VALUES;
        return dependent ? Tails.betaBinomial(liveRows - liveKept, liveRows, rows - kept, rows) : 0;
    }
}
