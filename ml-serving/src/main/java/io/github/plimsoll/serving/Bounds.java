package io.github.plimsoll.serving;

/** How far an adaptive limit may go. */
record Bounds(int min, int max) {

    Bounds {
        if (min < 1 || min > max) {
            throw new IllegalArgumentException("between: " + min + " and " + max + " (expected: 1 <= min <= max)");
        }
    }

    static int start(int limit) {
        return Checks.atLeast("startingAt", limit, 1);
    }

    static void checkSample(long nanos) {
        if (nanos < 1) {
            throw new IllegalArgumentException("nanos: " + nanos + " (expected: >= 1)");
        }
    }

    double clamp(double limit) {
        return Math.max(min, Math.min(max, limit));
    }

    @Override
    public String toString() {
        return min + " to " + max;
    }
}
