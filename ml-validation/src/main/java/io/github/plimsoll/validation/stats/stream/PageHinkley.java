package io.github.plimsoll.validation.stats.stream;

/**
 * Page and Hinkley's test: the sum of distances from the running mean has gone up from its lowest point, or down from its
 * highest, by more than a threshold. The threshold is in the unit of the values. Constant time and memory.
 *
 * @see <a href="https://doi.org/10.1093/biomet/41.1-2.100">Page: Continuous inspection schemes, Biometrika 41 (1954)</a>
 * @since 0.1
 */
public final class PageHinkley extends ChangeDetector {

    private final int warmUp;
    private final double tolerance;
    private final double threshold;
    private final double forgetting;
    private final Sides sides;
    private final boolean fromStart;
    private final RunningMean mean = new RunningMean();
    private double up;
    private double down;
    private double lowest;
    private double highest;

    /** With 30 values before anything is told, a tolerance of 0.005, a threshold of 50, a forgetting factor of 0.9999, for both sides. */
    public PageHinkley() {
        this(30, 0.005, 50, 0.9999, Sides.BOTH);
    }

    /**
     * With parameters.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param tolerance which distance from the mean does not count, >= 0
     * @param threshold which sum of distances is a change, above 0
     * @param forgetting what is left of the sum with each value, in (0, 1]
     * @param sides which changes are looked for
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public PageHinkley(int warmUp, double tolerance, double threshold, double forgetting, Sides sides) {
        this(warmUp, tolerance, threshold, forgetting, sides, false);
    }

    private PageHinkley(
            int warmUp, double tolerance, double threshold, double forgetting, Sides sides, boolean fromStart) {
        this.warmUp = count("warm-up", warmUp);
        this.tolerance = notNegative("tolerance", tolerance);
        this.threshold = positive("threshold", threshold);
        this.forgetting = forgetting(forgetting);
        this.sides = sides;
        this.fromStart = fromStart;
        reset();
    }

    /**
     * The test of the sum itself instead of its way from its lowest or highest point: a series that has first gone the other way must
     * come all the way back, so this is slower, and false changes are rarer. MOA and Frouros have it, for rises only.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param tolerance which distance from the mean does not count, >= 0
     * @param threshold which sum of distances is a change, above 0
     * @param forgetting what is left of the sum with each value, in (0, 1]
     * @param sides which changes are looked for
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static PageHinkley fromStart(
            int warmUp, double tolerance, double threshold, double forgetting, Sides sides) {
        return new PageHinkley(warmUp, tolerance, threshold, forgetting, sides, true);
    }

    @Override
    void reset() {
        mean.clear();
        up = 0;
        down = 0;
        lowest = fromStart ? 0 : Double.POSITIVE_INFINITY;
        highest = fromStart ? 0 : Double.NEGATIVE_INFINITY;
    }

    @Override
    Signal next(double value, Signal before) {
        mean.add(value);
        double distance = value - mean.mean();
        up = forgetting * up + distance - tolerance;
        down = forgetting * down + distance + tolerance;
        if (!fromStart) {
            lowest = Math.min(lowest, up);
            highest = Math.max(highest, down);
        }
        boolean rises = sides != Sides.FALLS && up - lowest > threshold;
        boolean falls = sides != Sides.RISES && highest - down > threshold;
        return mean.n() >= warmUp && (rises || falls) ? Signal.CHANGE : Signal.STABLE;
    }
}
