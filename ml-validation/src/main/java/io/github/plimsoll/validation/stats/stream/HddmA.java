package io.github.plimsoll.validation.stats.stream;

/**
 * The drift detection method of Hoeffding's bound for means: the mean since the beginning is above that up to the point where
 * its upper bound was lowest. Best for abrupt changes. Constant time and memory.
 *
 * @see <a href="https://doi.org/10.1109/TKDE.2014.2345382">Frías-Blanco and others: Online and non-parametric drift detection (2015)</a>
 * @since 0.1
 */
public final class HddmA extends BinaryDetector {

    private final double change;
    private final double warning;
    private final Sides sides;
    private final Convention convention;
    private final RunningMean all = new RunningMean();
    private final RunningMean lowest = new RunningMean();
    private final RunningMean highest = new RunningMean();

    /** On what libraries differ. */
    enum Convention {
        OURS,
        /** Begins anew, without a word, where the mean has fallen. */
        MOA,
        /** Bounds one side of a difference only, and tells nothing of the first 29 values. */
        FROUROS
    }

    /** For rises, with confidences of 0.001 for a change and 0.005 for a warning. */
    public HddmA() {
        this(0.001, 0.005, Sides.RISES);
    }

    /**
     * With parameters.
     *
     * @param change the probability of a false change at one cut, in (0, 1)
     * @param warning the same of a warning
     * @param sides which changes are looked for
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public HddmA(double change, double warning, Sides sides) {
        this(change, warning, sides, Convention.OURS);
    }

    HddmA(double change, double warning, Sides sides, Convention convention) {
        this.change = share("change", change);
        this.warning = share("warning", warning);
        this.sides = sides;
        this.convention = convention;
    }

    @Override
    void reset() {
        all.clear();
        lowest.clear();
        highest.clear();
    }

    @Override
    Signal next(double value, Signal before) {
        all.add(value);
        if (lowest.n() == 0 || lowest.mean() + bound(lowest) >= all.mean() + bound(all)) {
            lowest.copy(all);
        }
        if (highest.n() == 0 || highest.mean() - bound(highest) <= all.mean() - bound(all)) {
            highest.copy(all);
        }
        if (convention == Convention.FROUROS && all.n() < 30) {
            return Signal.STABLE;
        }
        if (isBeyond(change)) {
            return Signal.CHANGE;
        }
        boolean warns = isBeyond(warning);
        if (convention == Convention.MOA && isBeyond(highest.mean() - all.mean(), highest, change)) {
            reset();
        }
        return warns ? Signal.WARNING : Signal.STABLE;
    }

    private boolean isBeyond(double confidence) {
        return (sides != Sides.FALLS && isBeyond(all.mean() - lowest.mean(), lowest, confidence))
                || (sides != Sides.RISES && isBeyond(highest.mean() - all.mean(), highest, confidence));
    }

    private double bound(RunningMean mean) {
        return Math.sqrt(Math.log(1 / change) / (2.0 * mean.n()));
    }

    private boolean isBeyond(double distance, RunningMean cut, double confidence) {
        double rest = (double) all.n() - cut.n();
        double bounds = convention == Convention.FROUROS ? 1 : 2;
        return rest > 0 && distance >= Math.sqrt(rest / cut.n() * (1.0 / all.n()) / 2 * Math.log(bounds / confidence));
    }
}
