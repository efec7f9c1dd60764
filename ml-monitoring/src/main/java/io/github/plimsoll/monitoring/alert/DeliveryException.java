package io.github.plimsoll.monitoring.alert;

import io.github.plimsoll.core.PlimsollException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A message or a request did not arrive. Sinks and targets of the host may throw it, too.
 *
 * @since 0.1
 */
public final class DeliveryException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    /** Whether to try again would be in vain. */
    private final boolean last;

    /** How long to wait at least before trying again; zero if the receiver has not said. */
    private final Duration retryAfter;

    private DeliveryException(String message, @Nullable Throwable cause, boolean last, Duration retryAfter) {
        super(message, cause);
        this.last = last;
        this.retryAfter = retryAfter;
    }

    /**
     * A failure that may be over later: the receiver is down, busy, or misconfigured.
     *
     * @param message what failed
     * @param cause what was thrown underneath, or null
     * @param retryAfter the time before which the receiver does not want to be asked again; zero if it did not say
     * @return the exception
     */
    public static DeliveryException passing(String message, @Nullable Throwable cause, Duration retryAfter) {
        return new DeliveryException(message, cause, false, retryAfter);
    }

    /**
     * A failure of this message alone, which the receiver will never take.
     *
     * @param message what failed
     * @return the exception
     */
    public static DeliveryException refused(String message) {
        return new DeliveryException(message, null, true, Duration.ZERO);
    }

    /**
     * Whether trying again is in vain.
     *
     * @return true if the receiver will never take the message
     */
    public boolean isFinal() {
        return last;
    }

    /**
     * How long the receiver asked to be left alone.
     *
     * @return a time; zero if it did not say
     */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** A pause, or what the receiver asked for if that is longer, but for no more than a day. */
    Duration pauseOf(Duration pause) {
        if (retryAfter.compareTo(pause) <= 0) {
            return pause;
        }
        return retryAfter.compareTo(LONGEST_PAUSE) < 0 ? retryAfter : LONGEST_PAUSE;
    }
}
