package io.github.plimsoll.validation.stats.stream;

/**
 * The early drift detection method: errors come closer together than they did. Finds slow rises; alarms more easily than
 * {@link Ddm}. Constant time and memory.
 *
 * @see <a href="https://api.semanticscholar.org/CorpusID:10911652">Baena-García and others: Early drift detection method (2006)</a>
 * @since 0.1
 */
public final class Eddm extends BinaryDetector {

    private final int warmUp;
    private final int firstLook;
    private final Convention convention;
    private final double warning;
    private final double change;
    private final RunningMean distances = new RunningMean();
    private long values;
    private long lastError;
    private double farthest;

    /** On what libraries differ. */
    enum Convention {
        /** Deviations with n - 1; a warning lasts until an error ends it. */
        OURS,
        /** Deviations with n; a warning lasts over right answers, and an error that decides nothing ends it. */
        MOA,
        /** Deviations with n; whatever decides nothing ends a warning. */
        FROUROS
    }

    /** With 30 errors before anything is told, and shares of 0.95 and 0.9. */
    public Eddm() {
        this(30, 0.95, 0.9);
    }

    /**
     * With parameters.
     *
     * @param warmUp how many errors to read before anything is told, >= 1
     * @param warning at which share of the largest distance to warn, in (0, 1)
     * @param change at which share a change is told, in (0, {@code warning}]
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Eddm(int warmUp, double warning, double change) {
        this(warmUp + 1, warmUp, warning, change, Convention.OURS);
    }

    Eddm(int firstLook, int warmUp, double warning, double change, Convention convention) {
        this.firstLook = firstLook;
        this.convention = convention;
        this.warmUp = count("warm-up", warmUp);
        this.warning = share("warning", warning);
        this.change = share("change", change);
        if (change > warning) {
            throw new IllegalArgumentException("change: " + change + " (expected: <= warning, " + warning + ")");
        }
        reset();
    }

    @Override
    void reset() {
        distances.clear();
        values = 0;
        lastError = 0;
        farthest = -1;
    }

    @Override
    Signal next(double value, Signal before) {
        values++;
        if (value == 0) {
            return convention == Convention.FROUROS ? Signal.STABLE : before;
        }
        distances.add((double) values - lastError);
        lastError = values;
        Signal undecided = convention == Convention.OURS ? before : Signal.STABLE;
        if (values < firstLook) {
            return undecided;
        }
        double deviation = convention == Convention.OURS ? distances.deviation() : distances.populationDeviation();
        double distance = distances.mean() + 2 * deviation;
        if (distance > farthest) {
            farthest = distance;
            return undecided;
        }
        if (distances.n() <= warmUp) {
            return undecided;
        }
        double level = distance / farthest;
        if (level < change) {
            return Signal.CHANGE;
        }
        return level < warning ? Signal.WARNING : Signal.STABLE;
    }
}
