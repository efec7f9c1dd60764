package io.github.plimsoll.validation.stats;

/**
 * The energy distance of two samples: sqrt(2) times the root of the integrated squared difference of their distribution
 * functions. In the root of the values' unit.
 *
 * <p>Equal to SciPy's {@code energy_distance}. All samples are finite numbers; O(n log n).
 *
 * @since 0.1
 */
public final class EnergyDistance {

    private EnergyDistance() {}

    /**
     * The distance of two samples.
     *
     * @param x the one sample
     * @param y the other sample
     * @return the distance
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite
     */
    public static double distance(double[] x, double[] y) {
        return Math.sqrt(2 * EmpiricalDistributions.integral(x, y, d -> d * d));
    }

    /**
     * The distance of two weighted samples.
     *
     * @param x the values of the one sample
     * @param weightsX a weight each
     * @param y the values of the other sample
     * @param weightsY a weight each
     * @return the distance
     * @throws IllegalArgumentException if a sample is empty or holds a value that is not finite, or if weights are negative, not
     *     finite, all 0, or not as many as values
     */
    public static double distance(double[] x, double[] weightsX, double[] y, double[] weightsY) {
        return Math.sqrt(2 * EmpiricalDistributions.integral(x, weightsX, y, weightsY, d -> d * d));
    }
}
