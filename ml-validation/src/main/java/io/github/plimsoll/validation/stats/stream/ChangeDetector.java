package io.github.plimsoll.validation.stats.stream;

/**
 * Reads a series value by value and says when it has changed. After a change the detector begins anew with the next value, unless it says
 * otherwise.
 *
 * <pre>{@code
 * ChangeDetector detector = new Adwin();
 * for (Answer answer : answers) {
 *     if (detector.add(answer.isWrong() ? 1 : 0) == Signal.CHANGE) {
 *         retrain();
 *     }
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public abstract sealed class ChangeDetector
        permits Adwin,
                BinaryDetector,
                Bocd,
                Cusum,
                GeometricMovingAverage,
                Kswin,
                OnlineCramerVonMises,
                PageHinkley,
                Seed {

    /** What a value comes to. */
    public enum Signal {
        /** No change. */
        STABLE,
        /** Perhaps the beginning of one; not all detectors warn. */
        WARNING,
        /** The series has changed. */
        CHANGE
    }

    private Signal last = Signal.STABLE;

    ChangeDetector() {}

    /**
     * Reads the next value.
     *
     * @param value a finite number; of detectors that read errors, 1 for an error and 0 for none
     * @return what it comes to
     * @throws IllegalArgumentException if the value is none that the detector reads; nothing is changed then
     */
    public final Signal add(double value) {
        check(value);
        if (last == Signal.CHANGE) {
            reset();
        }
        last = next(value, last == Signal.CHANGE ? Signal.STABLE : last);
        return last;
    }

    /** Refuses what is no value of the series. */
    void check(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value: " + value + " (expected: a finite number)");
        }
    }

    /** Begins anew after a change. */
    abstract void reset();

    /** Reads a value; the last signal stays where a value decides nothing. */
    abstract Signal next(double value, Signal before);

    static double positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: above 0)");
        }
        return value;
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
        return value;
    }

    static double share(String name, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: above 0, below 1)");
        }
        return value;
    }

    static double forgetting(double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("forgetting: " + value + " (expected: above 0, at most 1)");
        }
        return value;
    }

    static int count(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
        return value;
    }
}
