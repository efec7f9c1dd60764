package io.github.plimsoll.core;

/**
 * Where a predictor takes its time from: a wall clock for what is written down and a ticker for what is measured.
 * Thread-safe; reading it neither blocks nor allocates.
 *
 * @since 0.1
 * @see io.github.plimsoll.core.fake.ManualClock
 */
public interface TimeSource {

    /**
     * The wall clock. It may jump.
     *
     * @return milliseconds since 1970-01-01T00:00:00Z
     */
    long currentTimeMillis();

    /**
     * The ticker. It never goes back; only differences between two readings mean anything.
     *
     * @return nanoseconds since some moment
     */
    long nanoTime();

    /**
     * The JVM's own clocks.
     *
     * @return the time source that predictors use unless told otherwise
     */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
