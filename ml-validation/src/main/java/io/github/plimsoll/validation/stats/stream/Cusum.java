package io.github.plimsoll.validation.stats.stream;

/**
 * The cumulative sum of distances from the running mean, never below 0, has gone above a threshold. Finds rises only: hand in
 * negative values to find falls. Constant time and memory.
 *
 * @see <a href="https://doi.org/10.1093/biomet/41.1-2.100">Page: Continuous inspection schemes, Biometrika 41 (1954)</a>
 * @since 0.1
 */
public final class Cusum extends ChangeDetector {

    private final int warmUp;
    private final double tolerance;
    private final double threshold;
    private final double forgetting;
    private final RunningMean mean = new RunningMean();
    private double sum;

    /** With 30 values before anything is told, a tolerance of 0.005 and a threshold of 50. */
    public Cusum() {
        this(30, 0.005, 50);
    }

    /**
     * With parameters.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param tolerance which distance from the mean does not count, >= 0
     * @param threshold which sum of distances is a change, above 0
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Cusum(int warmUp, double tolerance, double threshold) {
        this(warmUp, tolerance, threshold, 1);
    }

    /**
     * With parameters, and a sum that forgets. With a forgetting factor of 0.9999, and 29 values for a minimum of 30, this is what
     * scikit-multiflow calls the test of Page and Hinkley.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param tolerance which distance from the mean does not count, >= 0
     * @param threshold which sum of distances is a change, above 0
     * @param forgetting what is left of the sum with each value, in (0, 1]
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Cusum(int warmUp, double tolerance, double threshold, double forgetting) {
        this.warmUp = count("warm-up", warmUp);
        this.tolerance = notNegative("tolerance", tolerance);
        this.threshold = positive("threshold", threshold);
        this.forgetting = forgetting(forgetting);
    }

    @Override
    void reset() {
        mean.clear();
        sum = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        mean.add(value);
        sum = Math.max(0, forgetting * sum + value - mean.mean() - tolerance);
        return mean.n() >= warmUp && sum > threshold ? Signal.CHANGE : Signal.STABLE;
    }
}
