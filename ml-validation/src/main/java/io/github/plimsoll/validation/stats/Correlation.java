package io.github.plimsoll.validation.stats;

/**
 * How strongly two columns go together, as one number. {@link CramersV} does the same for two columns of categories.
 *
 * @since 0.1
 */
public final class Correlation {

    private Correlation() {}

    /**
     * Pearson's correlation: how well a straight line tells one column from the other. Equal to SciPy's {@code pearsonr}. O(n).
     *
     * @param x the one column
     * @param y the other column, row by row
     * @return a number from -1 to 1; {@code NaN} if a column holds fewer than two different values
     * @throws IllegalArgumentException if the columns differ in length or are empty, or a value is {@code NaN} or infinite
     */
    public static double pearson(double[] x, double[] y) {
        checkPairs(x, y);
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        return ofFinite(x, y);
    }

    /**
     * Spearman's correlation: how well the order of one column tells that of the other; ties share the mean of their ranks. Equal to SciPy's
     * {@code spearmanr}. O(n log n).
     *
     * @param x the one column
     * @param y the other column, row by row; infinite values are ordinary
     * @return a number from -1 to 1; {@code NaN} if a column holds fewer than two different values
     * @throws IllegalArgumentException if the columns differ in length or are empty, or a value is {@code NaN}
     */
    public static double spearman(double[] x, double[] y) {
        checkPairs(x, y);
        return ofFinite(
                Ranks.of(Samples.check("x", x)).of(),
                Ranks.of(Samples.check("y", y)).of());
    }

    /**
     * The correlation ratio, eta: how well the group that a value is in tells the value; the root of the share of the variance that lies
     * between the groups. O(n).
     *
     * @param groups the values of each group; groups may be empty
     * @return a number from 0, if all groups have the same mean, to 1, if the values of each group are equal; {@code NaN} if there are fewer
     *     than two different values
     * @throws IllegalArgumentException if there are no values, or one is {@code NaN} or infinite
     */
    public static double ratio(double[]... groups) {
        double[] all = Samples.pool(groups);
        Samples.checkFinite("groups", all);
        double within = 0;
        for (double[] group : groups) {
            within += group.length == 0 ? 0 : Samples.squaredDeviations(group);
        }
        double total = Samples.squaredDeviations(all);
        return total == 0 ? Double.NaN : Math.sqrt(Math.max(0, 1 - within / total));
    }

    private static void checkPairs(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "y has " + y.length + " values (expected: " + x.length + ", as many as x)");
        }
    }

    private static double ofFinite(double[] x, double[] y) {
        // Scaled by the largest deviation first, so that squares neither overflow nor vanish.
        double[] dx = scaledDeviations(x);
        double[] dy = scaledDeviations(y);
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += dx[i] * dx[i];
            yy += dy[i] * dy[i];
            xy += dx[i] * dy[i];
        }
        double correlation = xy / Math.sqrt(xx * yy); // 0 / 0 where a column is constant
        return Math.max(-1, Math.min(1, correlation));
    }

    private static double[] scaledDeviations(double[] values) {
        double mean = Samples.mean(values);
        double[] deviations = new double[values.length];
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            deviations[i] = values[i] - mean;
            largest = Math.max(largest, Math.abs(deviations[i]));
        }
        for (int i = 0; i < values.length; i++) {
            deviations[i] = largest == 0 ? 0 : deviations[i] / largest;
        }
        return deviations;
    }
}
