package io.github.plimsoll.validation.stats.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adaptive windowing: a window that grows while its mean stays, and drops its older part where any cut of it has two means that
 * differ by more than chance. Reads any bounded number; finds rises and falls of the mean, not of the spread. Memory and time of a value:
 * proportional to the logarithm of the window.
 *
 * @see <a href="https://doi.org/10.1137/1.9781611972771.42">Bifet, Gavaldà: Learning from time-changing data with adaptive windowing (2007)</a>
 * @since 0.1
 */
public final class Adwin extends ChangeDetector {

    private final double delta;
    private final int clock;
    private final int maxBuckets;
    private final int minPart;
    private final int warmUp;
    private final boolean asMoa;
    private final List<Row> rows = new ArrayList<>(); // that of the newest values first
    private long values;
    private double width;
    private double total;
    private double squares;

    /** Buckets of as many values each, the oldest first. */
    private static final class Row {
        private final double[] totals;
        private final double[] squares; // sums of squared distances from the bucket's mean
        private int size;

        private Row(int most) {
            totals = new double[most + 1];
            squares = new double[most + 1];
        }

        private void add(double total, double squared) {
            totals[size] = total;
            squares[size++] = squared;
        }

        private void removeOldest(int count) {
            System.arraycopy(totals, count, totals, 0, size - count);
            System.arraycopy(squares, count, squares, 0, size - count);
            size -= count;
        }
    }

    /** With a delta of 0.002, a look every 32 values, 5 buckets of each size, parts of 5 values at least, after 10 values. */
    public Adwin() {
        this(0.002, 32, 5, 5, 10);
    }

    /**
     * With parameters.
     *
     * @param delta the probability of a false change of one look, in (0, 1)
     * @param clock every how many values all cuts are looked at, >= 1
     * @param maxBuckets how many buckets of each size are kept, >= 1: more see changes earlier and cost more
     * @param minPart the fewest values on either side of a cut, >= 1
     * @param warmUp how many values to read before anything is told, >= 1
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Adwin(double delta, int clock, int maxBuckets, int minPart, int warmUp) {
        this(delta, clock, maxBuckets, minPart, warmUp, false);
    }

    /** As MOA does it: rises only, the window is kept after a change, parts must be longer. */
    Adwin(double delta, int clock, int maxBuckets, int minPart, int warmUp, boolean asMoa) {
        this.delta = share("delta", delta);
        this.clock = count("clock", clock);
        this.maxBuckets = count("buckets", maxBuckets);
        this.minPart = count("smallest part", minPart);
        this.warmUp = count("warm-up", warmUp);
        this.asMoa = asMoa;
        clear();
    }

    @Override
    void reset() {
        if (!asMoa) {
            clear();
        }
    }

    private void clear() {
        rows.clear();
        rows.add(new Row(maxBuckets));
        values = 0;
        width = 0;
        total = 0;
        squares = 0;
    }

    /**
     * How many values the window has.
     *
     * @return a number >= 0
     */
    public long width() {
        return (long) width;
    }

    /**
     * The mean of the window.
     *
     * @return the mean, NaN of an empty window
     */
    public double mean() {
        return total / width;
    }

    @Override
    Signal next(double value, Signal before) {
        double meanBefore = mean();
        rows.get(0).add(value, 0);
        if (width > 0) {
            double distance = value - total / width;
            squares += width * distance * distance / (width + 1);
        }
        width++;
        total += value;
        compress();
        values++;
        boolean changes = false;
        if (values % clock == 0 && width > warmUp) {
            while (hasCut()) {
                changes = true;
                dropOldest();
            }
        }
        return changes && (!asMoa || mean() > meanBefore) ? Signal.CHANGE : Signal.STABLE;
    }

    /** Of a size that has too many buckets, the two oldest become one of twice the size. */
    private void compress() {
        for (int i = 0; i < rows.size() && rows.get(i).size > maxBuckets; i++) {
            if (i + 1 == rows.size()) {
                rows.add(new Row(maxBuckets));
            }
            Row row = rows.get(i);
            double each = Math.scalb(1.0, i);
            double distance = row.totals[0] / each - row.totals[1] / each;
            rows.get(i + 1)
                    .add(
                            row.totals[0] + row.totals[1],
                            row.squares[0] + row.squares[1] + each * each * distance * distance / (2 * each));
            row.removeOldest(2);
        }
    }

    private void dropOldest() {
        Row oldest = rows.get(rows.size() - 1);
        double each = Math.scalb(1.0, rows.size() - 1);
        double mean = oldest.totals[0] / each;
        width -= each;
        total -= oldest.totals[0];
        double distance = mean - total / width;
        squares -= oldest.squares[0] + each * width * distance * distance / (each + width);
        oldest.removeOldest(1);
        if (oldest.size == 0) {
            rows.remove(rows.size() - 1);
        }
    }

    /** Whether some cut, from the oldest on, has means that differ by more than chance. */
    private boolean hasCut() {
        double older = 0;
        double ofOlder = 0;
        int shortest = asMoa ? minPart + 2 : minPart;
        for (int i = rows.size() - 1; i >= 0; i--) {
            Row row = rows.get(i);
            double each = Math.scalb(1.0, i);
            for (int k = 0; k < row.size; k++) {
                older += each;
                ofOlder += row.totals[k];
                double newer = width - older;
                if (newer >= shortest && older >= shortest && isCut(older, ofOlder, newer, total - ofOlder)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isCut(double older, double ofOlder, double newer, double ofNewer) {
        double logs = Math.log(2 * Math.log(width) / delta);
        double parts = 1 / (older - minPart + 1) + 1 / (newer - minPart + 1);
        double bound = Math.sqrt(2 * parts * (squares / width) * logs) + 2.0 / 3 * logs * parts;
        return Math.abs(ofOlder / older - ofNewer / newer) > bound;
    }

    /** The window in a few words. */
    @Override
    public String toString() {
        return "window of " + width() + " values, buckets "
                + Arrays.toString(rows.stream().mapToInt(row -> row.size).toArray());
    }
}
