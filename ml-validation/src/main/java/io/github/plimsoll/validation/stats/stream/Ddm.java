package io.github.plimsoll.validation.stats.stream;

/**
 * The drift detection method: the rate of errors has risen by some standard deviations above the lowest it has had. Finds abrupt
 * rises; blind to falls. Constant time and memory.
 *
 * @see <a href="https://doi.org/10.1007/978-3-540-28645-5_29">Gama, Medas, Castillo, Rodrigues: Learning with drift detection (2004)</a>
 * @since 0.1
 */
public final class Ddm extends BinaryDetector {

    private final double warning;
    private final double change;
    private final ErrorRate rate;

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
        this.rate = new ErrorRate(count("warm-up", warmUp) + 1L);
        this.warning = positive("warning", warning);
        this.change = positive("change", change);
    }

    @Override
    void reset() {
        rate.clear();
    }

    @Override
    Signal next(double value, Signal before) {
        rate.add(value);
        if (rate.isAboveLowest(change)) {
            return Signal.CHANGE;
        }
        return rate.isAboveLowest(warning) ? Signal.WARNING : Signal.STABLE;
    }
}
