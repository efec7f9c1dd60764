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
    private final Convention convention;
    private final List<Row> rows = new ArrayList<>(); // that of the newest values first
    private long values;
    private double width;
    private double total;
    private double squares;

    /** On what libraries differ. */
    enum Convention {
        OURS(0, -1, true, true, false, false),
        /** Rises only, of longer parts; the window is kept after a change. */
        MOA(2, -1, true, true, true, true),
        /** Cuts beside the newest bucket of a size are not looked at, and its values count as newer than all smaller buckets. */
        RIVER_0_19(0, -1, false, true, false, false),
        /** The same; the window is kept, and buckets are joined without the spread of the older one. */
        SCIKIT_MULTIFLOW(0, -1, false, false, true, false),
        /** The same as River's, of longer parts, of which two values more count for nothing. */
        FROUROS(1, 1, false, true, false, false);

        private final int longer; // than the smallest part a part must be
        private final int ignored; // of a part's values, beside the smallest part
        private final boolean countsAllBuckets;
        private final boolean addsBothSpreads;
        private final boolean keepsWindow;
        private final boolean tellsRisesOnly;

        Convention(
                int longer,
                int ignored,
                boolean countsAllBuckets,
                boolean addsBothSpreads,
                boolean keepsWindow,
                boolean tellsRisesOnly) {
            this.longer = longer;
            this.ignored = ignored;
            this.countsAllBuckets = countsAllBuckets;
            this.addsBothSpreads = addsBothSpreads;
            this.keepsWindow = keepsWindow;
            this.tellsRisesOnly = tellsRisesOnly;
        }
    }

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
        this(delta, clock, maxBuckets, minPart, warmUp, Convention.OURS);
    }

    /** As a library does it, with its numbers of buckets and values. */
    Adwin(double delta, int clock, Convention convention) {
        this(delta, clock, 5, 5, 10, convention);
    }

    private Adwin(double delta, int clock, int maxBuckets, int minPart, int warmUp, Convention convention) {
        this.delta = share("delta", delta);
        this.clock = count("clock", clock);
        this.maxBuckets = count("buckets", maxBuckets);
        this.minPart = count("smallest part", minPart);
        this.warmUp = count("warm-up", warmUp);
        this.convention = convention;
        clear();
    }

    @Override
    void reset() {
        if (!convention.keepsWindow) {
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
        return changes && (!convention.tellsRisesOnly || mean() > meanBefore) ? Signal.CHANGE : Signal.STABLE;
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
            double squaresOfOlder = convention.addsBothSpreads ? row.squares[0] : 0;
            rows.get(i + 1)
                    .add(
                            row.totals[0] + row.totals[1],
                            squaresOfOlder + row.squares[1] + each * each * distance * distance / (2 * each));
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
        int shortest = minPart + convention.longer;
        for (int i = rows.size() - 1; i >= 0; i--) {
            Row row = rows.get(i);
            double each = Math.scalb(1.0, i);
            int counted = convention.countsAllBuckets ? row.size : row.size - 1;
            for (int k = 0; k < counted; k++) {
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
        double ignored = minPart + convention.ignored;
        double parts = 1 / (older - ignored) + 1 / (newer - ignored);
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
