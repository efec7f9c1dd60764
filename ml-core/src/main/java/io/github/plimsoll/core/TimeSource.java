package io.github.plimsoll.core;

import java.util.concurrent.locks.LockSupport;

/**
 * Where a predictor takes its time from: a wall clock for what is written down, a ticker for what is measured, and a way to
 * wait until the ticker has moved on. Thread-safe; reading it neither blocks nor allocates.
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
     * Waits until the ticker has come to a moment, the calling thread is {@linkplain LockSupport#unpark unparked} or
     * interrupted, or for no reason: whoever waits for something looks again, in a loop.
     *
     * @param blocker what the thread waits for, for thread dumps
     * @param nanoTime when to stop waiting; returns at once if that is past
     */
    default void parkUntil(Object blocker, long nanoTime) {
        LockSupport.parkNanos(blocker, nanoTime - nanoTime());
    }

    /**
     * The JVM's own clocks.
     *
     * @return the time source that predictors use unless told otherwise
     */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
