package io.github.plimsoll.validation.stats.stream;

/**
 * The drift detection method of McDiarmid's bound for weighted means: the exponentially weighted mean since a cut is above that up
 * to it. Better for slow changes than {@link HddmA}. Constant time and memory.
 *
 * @see <a href="https://doi.org/10.1109/TKDE.2014.2345382">Frías-Blanco and others: Online and non-parametric drift detection (2015)</a>
 * @since 0.1
 */
public final class HddmW extends BinaryDetector {

    private final double change;
    private final double warning;
    private final double weight;
    private final Sides sides;
    private final Convention convention;
    private long values;
    private Weighted all = Weighted.NONE;
    private Weighted beforeRise = Weighted.NONE;
    private Weighted sinceRise = Weighted.NONE;
    private Weighted beforeFall = Weighted.NONE;
    private Weighted sinceFall = Weighted.NONE;
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;

    /** On what libraries differ: mostly with what a weighted mean begins. */
    enum Convention {
        /** With the first error. */
        OURS,
        /** With the first value. */
        MOA,
        /** With 0; and the cut is bounded by the weight instead of the confidence, and nothing is told of the first 29 values. */
        FROUROS
    }

    /** For rises, with confidences of 0.001 for a change and 0.005 for a warning, and a weight of 0.05. */
    public HddmW() {
        this(0.001, 0.005, 0.05, Sides.RISES);
    }

    /**
     * With parameters.
     *
     * @param change the probability of a false change at one cut, in (0, 1)
     * @param warning the same of a warning
     * @param weight the weight of the newest value, in (0, 1)
     * @param sides which changes are looked for
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public HddmW(double change, double warning, double weight, Sides sides) {
        this(change, warning, weight, sides, Convention.OURS);
    }

    HddmW(double change, double warning, double weight, Sides sides, Convention convention) {
        this.change = share("change", change);
        this.warning = share("warning", warning);
        this.weight = share("weight", weight);
        this.sides = sides;
        this.convention = convention;
    }

    /** An exponentially weighted mean, and the sum of the squared weights of its values. */
    private record Weighted(double mean, double squares, boolean isKnown) {

        private static final Weighted NONE = new Weighted(0, 1, false);

        Weighted add(double value, double weight, Convention convention) {
            double next = weight * value + (1 - weight) * mean;
            return switch (convention) {
                case OURS -> new Weighted(mean == 0 ? value : next, squares(weight), true);
                case MOA -> isKnown ? new Weighted(next, squares(weight), true) : new Weighted(value, 1, true);
                case FROUROS -> new Weighted(next, squares(weight), true);
            };
        }

        private double squares(double weight) {
            return weight * weight + (1 - weight) * (1 - weight) * squares;
        }

        double bound(double confidence) {
            return Math.sqrt(squares * Math.log(1 / confidence) / 2);
        }
    }

    @Override
    void reset() {
        all = Weighted.NONE;
        beforeRise = Weighted.NONE;
        sinceRise = Weighted.NONE;
        beforeFall = Weighted.NONE;
        sinceFall = Weighted.NONE;
        lowest = Double.POSITIVE_INFINITY;
        highest = Double.NEGATIVE_INFINITY;
        values = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        all = all.add(value, weight, convention);
        double bound = all.bound(convention == Convention.FROUROS ? weight : change);
        if (all.mean() + bound < lowest) {
            lowest = all.mean() + bound;
            beforeRise = all;
            sinceRise = Weighted.NONE;
        } else {
            sinceRise = sinceRise.add(value, weight, convention);
        }
        if (all.mean() - bound > highest) {
            highest = all.mean() - bound;
            beforeFall = all;
            sinceFall = Weighted.NONE;
        } else {
            sinceFall = sinceFall.add(value, weight, convention);
        }
        values++;
        if (convention == Convention.FROUROS && values < 30) {
            return Signal.STABLE;
        }
        if (isBeyond(change)) {
            return Signal.CHANGE;
        }
        return isBeyond(warning) ? Signal.WARNING : Signal.STABLE;
    }

    private boolean isBeyond(double confidence) {
        return (sides != Sides.FALLS && isAbove(sinceRise, beforeRise, confidence))
                || (sides != Sides.RISES && isAbove(beforeFall, sinceFall, confidence));
    }

    private static boolean isAbove(Weighted upper, Weighted lower, double confidence) {
        double squares = upper.squares() + lower.squares();
        return upper.isKnown()
                && lower.isKnown()
                && upper.mean() - lower.mean() > Math.sqrt(squares * Math.log(1 / confidence) / 2);
    }
}
