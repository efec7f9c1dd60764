package io.github.plimsoll.serving;

import io.github.plimsoll.core.PredictionException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * The call was refused before any work was done for it, to protect the model and the other calls. It has no stack trace and
 * costs little: being refused must be cheaper than being served.
 *
 * @since 0.1
 */
public final class RejectedException extends PredictionException {

    private static final long serialVersionUID = 1L;

    /** What refused the call. */
    public enum Reason {
        /** As many calls as may be were running. */
        CONCURRENCY_LIMIT,
        /** As many calls as may be had come in this second. */
        RATE_LIMIT,
        /** The call's priority was too low for the load. */
        LOAD_SHED,
        /** The models that share a budget used up all of it. */
        SHARED_BUDGET,
        /** The queue of the batches was full. */
        QUEUE_FULL,
        /** The call waited in a queue and had to make room for another. */
        DROPPED,
        /** The model had failed too often, and its circuit breaker is open. */
        CIRCUIT_OPEN,
        /** The host's executor, on which the call should have gone on, had no room for it. */
        EXECUTOR_FULL;

        /** The reason as a tag of metrics: lower-case words joined by hyphens. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What refused the call. */
    private final Reason why;

    /** When it may be worth to try again. */
    private final Duration retryAfter;

    /**
     * An exception.
     *
     * @param why what refused the call
     * @param message the limit, what was found, and where
     * @param retryAfter when it may be worth to try again; zero if there is no telling
     */
    public RejectedException(Reason why, String message, Duration retryAfter) {
        super(message, null, StackTrace.OMITTED);
        this.why = Objects.requireNonNull(why);
        this.retryAfter = Objects.requireNonNull(retryAfter);
    }

    /**
     * What refused the call.
     *
     * @return the reason
     */
    public Reason why() {
        return why;
    }

    /**
     * When it may be worth to try again, as a hint for the caller's caller: the value of a {@code Retry-After} header.
     *
     * @return a time from now, zero if there is no telling
     */
    public Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public String reason() {
        return why.toString();
    }
}
