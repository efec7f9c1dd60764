package io.github.plimsoll.serving;

import java.time.Duration;

/**
 * Additive increase, multiplicative decrease: a limit that grows by one as long as calls are quick and shrinks by a share when
 * one is not. The simplest of the three, for a host that knows how long a call may take.
 *
 * <p>It grows only while at least half of it is in use, and shrinks if a call was dropped or took longer than the timeout.
 * Defaults: 1 to 200, to 0.9 of it, 5 s. The same arithmetic as {@code AIMDLimit} of Netflix's concurrency-limits, but for the
 * minimum, which is 20 there. Immutable and thread-safe.
 *
 * @since 0.1
 * @see <a href="https://github.com/Netflix/concurrency-limits">concurrency-limits</a>
 */
public final class AimdLimit implements AdaptiveLimit {

    private final Bounds bounds;
    private final double backoff;
    private final long timeoutNanos;
    private final int limit;

    private AimdLimit(Bounds bounds, double backoff, long timeoutNanos, int limit) {
        this.bounds = bounds;
        this.backoff = backoff;
        this.timeoutNanos = timeoutNanos;
        this.limit = limit;
    }

    /**
     * A limit that has seen no call.
     *
     * @param limit where to start; outside of the bounds it holds until the first call
     * @return the limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public static AimdLimit startingAt(int limit) {
        return new AimdLimit(new Bounds(1, 200), 0.9, Duration.ofSeconds(5).toNanos(), Bounds.start(limit));
    }

    /**
     * Sets how far the limit may go.
     *
     * @param min the smallest limit
     * @param max the largest limit
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 1 <= min <= max}
     */
    public AimdLimit between(int min, int max) {
        return new AimdLimit(new Bounds(min, max), backoff, timeoutNanos, limit);
    }

    /**
     * Sets what is left of the limit when it shrinks.
     *
     * @param ratio a share, rounded down
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 0.5 <= ratio < 1}
     */
    public AimdLimit backoff(double ratio) {
        if (!(ratio >= 0.5 && ratio < 1)) {
            throw new IllegalArgumentException("backoff: " + ratio + " (expected: >= 0.5 and < 1)");
        }
        return new AimdLimit(bounds, ratio, timeoutNanos, limit);
    }

    /**
     * Sets how long a call may take before the limit shrinks.
     *
     * @param time a time; a call of just this long is quick enough
     * @return a changed copy
     * @throws IllegalArgumentException if the time is not positive
     */
    public AimdLimit timeout(Duration time) {
        return new AimdLimit(bounds, backoff, Checks.positiveNanos("timeout", time), limit);
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public AimdLimit after(long nanos, int inFlight, boolean dropped) {
        Bounds.checkSample(nanos);
        int next = limit;
        if (dropped || nanos > timeoutNanos) {
            next = (int) (limit * backoff);
        } else if (inFlight * 2L >= limit) {
            next = limit + 1;
        }
        next = (int) bounds.clamp(next);
        return next == limit ? this : new AimdLimit(bounds, backoff, timeoutNanos, next);
    }

    /** The limit in words, such as {@code AIMD, at 20, 1 to 200}. */
    @Override
    public String toString() {
        return "AIMD, at " + limit + ", " + bounds;
    }
}
