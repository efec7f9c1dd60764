package io.github.plimsoll.validation.stats.stream;

/**
 * The drift detection method: the rate of errors has risen by some standard deviations above the lowest it has had. Finds abrupt
 * rises; blind to falls. Constant time and memory.
 *
 * @see <a href="https://doi.org/10.1007/978-3-540-28645-5_29">Gama, Medas, Castillo, Rodrigues: Learning with drift detection (2004)</a>
 * @since 0.1
 */
public final class Ddm extends BinaryDetector {

    private final int warmUp;
    private final double warning;
    private final double change;
    private final RunningMean rate = new RunningMean();
    private double lowestRate;
    private double lowestDeviation;

    /** With 30 values before anything is told, 2 standard deviations for a warning and 3 for a change. */
    public Ddm() {
        this(30, 2, 3);
    }

    /**
     * With parameters.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param warning by how many standard deviations the rate rises for a warning, above 0
     * @param change by how many for a change, above 0
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Ddm(int warmUp, double warning, double change) {
        this.warmUp = count("warm-up", warmUp);
        this.warning = positive("warning", warning);
        this.change = positive("change", change);
        reset();
    }

    @Override
    void reset() {
        rate.clear();
        lowestRate = Double.POSITIVE_INFINITY;
        lowestDeviation = Double.POSITIVE_INFINITY;
    }

    @Override
    Signal next(double value, Signal before) {
        rate.add(value);
        if (rate.n() <= warmUp) {
            return Signal.STABLE;
        }
        double p = rate.mean();
        double deviation = Math.sqrt(Math.max(0, p * (1 - p)) / rate.n());
        if (p + deviation <= lowestRate + lowestDeviation) {
            lowestRate = p;
            lowestDeviation = deviation;
        }
        if (p + deviation > lowestRate + change * lowestDeviation) {
            return Signal.CHANGE;
        }
        return p + deviation > lowestRate + warning * lowestDeviation ? Signal.WARNING : Signal.STABLE;
    }
}
