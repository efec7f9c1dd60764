package io.github.plimsoll.serving;

import java.time.Duration;

/** What the options of several capabilities are held to. */
final class Checks {

    private Checks() {}

    static int atLeast(String option, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: >= " + least + ")");
        }
        return value;
    }

    /** A share of something: more than none, at most all. */
    static double share(String option, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: > 0 and <= 1)");
        }
        return value;
    }

    static long positiveNanos(String option, Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(option + ": " + time + " (expected: > 0)");
        }
        return nanos(option, time);
    }

    static long nanos(String option, Duration time) {
        if (time.isNegative() || time.compareTo(Duration.ofDays(36_500)) > 0) {
            throw new IllegalArgumentException(option + ": " + time + " (expected: >= 0 and at most 36500 days)");
        }
        return time.toNanos();
    }
}
