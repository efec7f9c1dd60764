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
    private final boolean asMoa;
    private final double warning;
    private final double change;
    private final RunningMean distances = new RunningMean();
    private long values;
    private long lastError;
    private double farthest;

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
        this(warmUp + 1, warmUp, warning, change, false);
    }

    /** As MOA does it: deviations with n, and an error that decides nothing ends a warning. */
    Eddm(int firstLook, int warmUp, double warning, double change, boolean asMoa) {
        this.firstLook = firstLook;
        this.asMoa = asMoa;
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
            return before;
        }
        distances.add((double) values - lastError);
        lastError = values;
        Signal undecided = asMoa ? Signal.STABLE : before;
        if (values < firstLook) {
            return undecided;
        }
        double deviation = asMoa ? distances.populationDeviation() : distances.deviation();
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
