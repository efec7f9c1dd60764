package io.github.plimsoll.validation.stats.stream;

/**
 * The exponentially weighted mean of distances from the running mean has gone above a threshold. Finds rises only: hand in negative
 * values to find falls. Constant time and memory.
 *
 * @see <a href="https://doi.org/10.1080/00401706.1959.10489860">Roberts: Control chart tests based on geometric moving averages (1959)</a>
 * @since 0.1
 */
public final class GeometricMovingAverage extends ChangeDetector {

    private final int warmUp;
    private final double forgetting;
    private final double threshold;
    private final RunningMean mean = new RunningMean();
    private double average;

    /** With 30 values before anything is told, a forgetting factor of 0.99 and a threshold of 1. */
    public GeometricMovingAverage() {
        this(30, 0.99, 1);
    }

    /**
     * With parameters.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param forgetting what is left of the mean with each value, in (0, 1)
     * @param threshold which mean distance is a change, above 0
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public GeometricMovingAverage(int warmUp, double forgetting, double threshold) {
        this.warmUp = count("warm-up", warmUp);
        this.forgetting = share("forgetting", forgetting);
        this.threshold = positive("threshold", threshold);
    }

    @Override
    void reset() {
        mean.clear();
        average = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        mean.add(value);
        average = forgetting * average + (1 - forgetting) * (value - mean.mean());
        return mean.n() >= warmUp && average > threshold ? Signal.CHANGE : Signal.STABLE;
    }
}
