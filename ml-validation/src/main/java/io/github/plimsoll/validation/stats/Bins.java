package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * Cells of the number line, in which values are counted so that distributions can be compared by {@link Divergence} and by the
 * tests on counts. Cut once, at the reference, and count both samples in the same cells.
 *
 * @since 0.1
 */
public final class Bins {

    private final double[] edges;
    private final boolean open;

    private Bins(double[] edges, boolean open) {
        this.edges = edges;
        this.open = open;
    }

    /**
     * Cells that hold about equally many values of a reference: cut at its quantiles, which interpolate linearly. The first and
     * the last are open, so that every value falls into one. A cell holds its upper edge. Ties may leave fewer cells than asked.
     *
     * @param reference the values to cut at
     * @param cells how many cells at most, two or more
     * @return the cells
     * @throws IllegalArgumentException if there are fewer than two cells, or if the reference is empty or holds a value that is not
     *     finite
     */
    public static Bins quantiles(double[] reference, int cells) {
        if (cells < 2) {
            throw new IllegalArgumentException("cells: " + cells + " (expected: two or more)");
        }
        Samples.checkFinite("reference", reference);
        double[] sorted = Samples.sorted("reference", reference);
        double[] edges = new double[cells - 1];
        for (int i = 1; i < cells; i++) {
            edges[i - 1] = Samples.quantile(sorted, (double) i / cells);
        }
        return new Bins(Arrays.stream(edges).distinct().toArray(), true);
    }

    /**
     * Cells of equal width between two ends. A cell holds its lower edge, the last one both; see {@link #outside} for values beyond
     * the ends.
     *
     * @param lower the lower end
     * @param upper the upper end, not below the lower; if the two are equal, the last cell holds that one value
     * @param cells how many cells, one or more
     * @return the cells
     * @throws IllegalArgumentException if an end is not finite, the ends are in the wrong order, or there is no cell
     */
    public static Bins equalWidth(double lower, double upper, int cells) {
        if (!(Math.abs(lower) <= Double.MAX_VALUE && Math.abs(upper) <= Double.MAX_VALUE && lower <= upper)
                || cells < 1) {
            throw new IllegalArgumentException(cells + " cells from " + lower + " to " + upper
                    + " (expected: one or more, between finite ends in order)");
        }
        double range = upper - lower;
        double step = range <= Double.MAX_VALUE ? range / cells : upper / cells - lower / cells;
        double[] edges = new double[cells + 1];
        for (int i = 0; i < cells; i++) {
            edges[i] = i * step + lower;
        }
        edges[cells] = upper;
        return new Bins(edges, false);
    }

    /**
     * Cells of equal width over the range of values, about log2(n) + 1 of them: Sturges' rule. Evidently's index uses it on both
     * samples pooled.
     *
     * @param values the values
     * @return the cells
     * @throws IllegalArgumentException if there is no value, or one that is not finite
     */
    public static Bins sturges(double... values) {
        Samples.checkFinite("values", values);
        return overRange(values, log2(values.length) + 1);
    }

    /**
     * Cells of equal width over the range of values, more of them for skewed values: Doane's rule. NannyML uses it on the
     * reference.
     *
     * @param values the values
     * @return the cells
     * @throws IllegalArgumentException if there is no value, or one that is not finite
     */
    public static Bins doane(double... values) {
        Samples.checkFinite("values", values);
        double n = values.length;
        double mean = Samples.mean(values);
        double deviation = Math.sqrt(Samples.squaredDeviations(values) / n);
        if (n < 3 || deviation == 0) {
            return overRange(values, 1);
        }
        double skewness = 0;
        for (double value : values) {
            skewness += Math.pow((value - mean) / deviation, 3) / n;
        }
        double skewnessError = Math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        return overRange(values, 1 + log2(n) + log2(1 + Math.abs(skewness) / skewnessError));
    }

    /** As NumPy: a width from the rule, then as many cells as it takes; one value alone gets a cell of width 1 around it. */
    private static Bins overRange(double[] values, double wanted) {
        double lower = Arrays.stream(values).min().orElseThrow();
        double upper = Arrays.stream(values).max().orElseThrow();
        if (lower == upper) {
            return equalWidth(lower - 0.5, upper + 0.5, 1);
        }
        double range = upper - lower;
        return equalWidth(lower, upper, (int) Math.ceil(range / (range / wanted)));
    }

    /**
     * How many cells there are.
     *
     * @return the number of cells
     */
    public int size() {
        return open ? edges.length + 1 : edges.length - 1;
    }

    /**
     * Where the cells are cut, in ascending order; with the two ends if these are finite.
     *
     * @return a new array
     */
    public double[] edges() {
        return edges.clone();
    }

    /**
     * Counts values. O(n log cells).
     *
     * @param values the values
     * @return how many are in each cell
     * @throws IllegalArgumentException if a value is {@code NaN}
     */
    public long[] count(double... values) {
        long[] counts = new long[size()];
        for (double value : values) {
            int cell = cell(value);
            if (cell >= 0) {
                counts[cell]++;
            }
        }
        return counts;
    }

    /**
     * Counts values that are in no cell. O(n log cells).
     *
     * @param values the values
     * @return how many are below the first cell or above the last
     * @throws IllegalArgumentException if a value is {@code NaN}
     */
    public long outside(double... values) {
        return Arrays.stream(values).filter(value -> cell(value) < 0).count();
    }

    /** The cell of a value, or -1. */
    private int cell(double value) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException(
                    "a value is NaN (expected: a number; drop or count what is missing first)");
        }
        if (open) {
            return firstEdge(value, false);
        }
        if (value < edges[0] || value > edges[edges.length - 1]) {
            return -1;
        }
        return Math.min(firstEdge(value, true) - 1, size() - 1);
    }

    /** The index of the first edge not below the value, or above it. */
    private int firstEdge(double value, boolean above) {
        int from = 0;
        int to = edges.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (edges[middle] < value || (above && edges[middle] == value)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
