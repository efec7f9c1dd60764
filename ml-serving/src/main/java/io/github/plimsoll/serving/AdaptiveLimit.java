package io.github.plimsoll.serving;

/**
 * A limit on calls at once that follows what it is told about them: an immutable state, each of which says what comes after
 * it. Nothing but these three numbers moves it, so that a recorded sequence gives the same limits anywhere.
 *
 * <pre>{@code
 * AdaptiveLimit limit = AimdLimit.startingAt(20);
 * limit.after(4_000_000, 18, false).limit(); // 21
 * }</pre>
 *
 * <p>{@link Gradient2Limit}, {@link VegasLimit} and {@link AimdLimit} are the ones that come along; a host may write another.
 * {@link ConcurrencyLimit#adaptive} tells it about a window of calls at a time. Implementations are immutable and thread-safe.
 *
 * @since 0.1
 */
public interface AdaptiveLimit {

    /**
     * How many calls may run at once.
     *
     * @return the limit
     */
    int limit();

    /**
     * The limit after some calls.
     *
     * @param nanos how long a call took, in the mean: nanoseconds, at least 1
     * @param inFlight how many ran at once, at most
     * @param dropped whether a call was given up because it took too long
     * @return the next state; may be this one
     * @throws IllegalArgumentException if {@code nanos} is less than 1
     */
    AdaptiveLimit after(long nanos, int inFlight, boolean dropped);
}
