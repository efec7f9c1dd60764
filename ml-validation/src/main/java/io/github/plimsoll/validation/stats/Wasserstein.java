package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * The Wasserstein distance of order 1, also called earth mover's distance: how far values move on average to turn one sample into
 * the other. In the values' own unit, so it says how large a shift is and not whether it is chance.
 *
 * <p>Equal to SciPy's {@code wasserstein_distance}. All samples are finite numbers; O(n log n).
 *
 * @since 0.1
 */
public final class Wasserstein {

    /** Evidently's floor, so that a constant reference does not divide by 0. */
    private static final double LEAST_SPREAD = 0.001;

    private Wasserstein() {}

    /**
     * The distance of two samples.
     *
     * @param x the one sample
     * @param y the other sample
     * @return the distance, in the unit of the values
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite
     */
    public static double distance(double[] x, double[] y) {
        return EmpiricalDistributions.integral(x, y, Math::abs);
    }

    /**
     * The distance of two weighted samples.
     *
     * @param x the values of the one sample
     * @param weightsX a weight each
     * @param y the values of the other sample
     * @param weightsY a weight each
     * @return the distance, in the unit of the values
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite, or if weights are negative, not
     *     finite, all 0, or not as many as values
     */
    public static double distance(double[] x, double[] weightsX, double[] y, double[] weightsY) {
        return EmpiricalDistributions.integral(x, weightsX, y, weightsY, Math::abs);
    }

    /**
     * The distance over the standard deviation of the reference, or over 0.001 if that is smaller: Evidently's default for numbers.
     *
     * @param reference the reference
     * @param current what is compared with it
     * @return the distance, in standard deviations (with n, not n - 1, below the root)
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite
     */
    public static double overReferenceDeviation(double[] reference, double[] current) {
        double distance = distance(reference, current);
        double deviation = Math.sqrt(Samples.squaredDeviations(reference) / reference.length);
        return distance / Math.max(deviation, LEAST_SPREAD);
    }

    /**
     * The distance over the range of both samples together, after a share of the smallest and the largest values of each is left
     * out: Deepchecks' earth mover's distance. What is beyond a sample's own quantiles, which interpolate linearly, is left out.
     *
     * @param x the one sample
     * @param y the other sample
     * @param margin the share left out at either end, as 0.025; at least 0 and below 0.5
     * @return the distance, from 0 to 1; 0 if all values that are left are equal
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite, or the margin is out of range
     */
    public static double overRange(double[] x, double[] y, double margin) {
        if (!(margin >= 0 && margin < 0.5)) {
            throw new IllegalArgumentException("margin: " + margin + " (expected: at least 0, below 0.5)");
        }
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        double[] keptX = trimmed(Samples.sorted("x", x), margin);
        double[] keptY = trimmed(Samples.sorted("y", y), margin);
        double range = Math.max(keptX[keptX.length - 1], keptY[keptY.length - 1]) - Math.min(keptX[0], keptY[0]);
        return range == 0 ? 0 : distance(keptX, keptY) / range;
    }

    /**
     * The distance when only counts in common cells are known. Values are taken to be spread evenly inside their cell; if they are
     * not, the distance of the values themselves is at most {@code error} away.
     *
     * @param bins the cells, with finite ends
     * @param x counts of the one sample per cell
     * @param y counts of the other sample per cell
     * @return the distance, in the unit of the edges
     * @throws IllegalArgumentException if the counts are negative, all 0 or not one for each cell, or if the first and last cells
     *     are open
     */
    public static Estimate fromCounts(Bins bins, long[] x, long[] y) {
        double[] edges = bins.edges();
        if (edges.length != bins.size() + 1) {
            throw new IllegalArgumentException(
                    "the first and the last cell are open (expected: cells with finite ends)");
        }
        double[] p = Shares.of("x", x, bins.size());
        double[] q = Shares.of("y", y, bins.size());
        double before = 0;
        double value = 0;
        double error = 0;
        for (int cell = 0; cell < p.length; cell++) {
            double width = edges[cell + 1] - edges[cell];
            double after = before + p[cell] - q[cell];
            value += width * meanAbsolute(before, after);
            error += width * (p[cell] + q[cell]) / 2;
            before = after;
        }
        return new Estimate(value, error);
    }

    /** Of a line from {@code a} to {@code b}. */
    private static double meanAbsolute(double a, double b) {
        return a * b >= 0 ? Math.abs(a + b) / 2 : (a * a + b * b) / (2 * Math.abs(a - b));
    }

    private static double[] trimmed(double[] sorted, double margin) {
        double lower = Samples.quantile(sorted, margin);
        double upper = Samples.quantile(sorted, 1 - margin);
        double[] kept = Arrays.stream(sorted)
                .filter(value -> value >= lower && value <= upper)
                .toArray();
        return kept.length == 0 ? sorted : kept; // two values may both be beyond quantiles between them
    }
}
