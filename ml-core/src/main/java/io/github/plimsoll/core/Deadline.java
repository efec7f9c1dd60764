package io.github.plimsoll.core;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The moment after which an answer is of no use to the caller. Made once, where a request enters the service, and handed
 * down from there, so that every step knows how much time is left for all of them.
 *
 * <pre>{@code
 * Deadline deadline = Deadline.after(Duration.ofMillis(50), TimeSource.system());
 * risk.with(CallOptions.DEFAULT.withDeadline(deadline)).predict(applicant);
 * }</pre>
 *
 * <p>Measured by a ticker, so a wall clock that jumps does not move it. Immutable and thread-safe.
 *
 * @since 0.1
 * @see CallOptions
 */
public final class Deadline {

    /** Far enough to be never, near enough for differences of tickers not to overflow: 146 years. */
    private static final long FOREVER = Long.MAX_VALUE / 2;

    private static final Pattern GRPC_TIMEOUT = Pattern.compile("(\\d{1,8})([HMSmun])");
    private static final long LARGEST_GRPC_VALUE = 99_999_999;

    private final long nanoTime;
    private final TimeSource time;

    private Deadline(long nanoTime, TimeSource time) {
        this.nanoTime = nanoTime;
        this.time = time;
    }

    /**
     * The moment that comes when some time has passed.
     *
     * @param timeout from now; zero or less for a deadline that is over
     * @param time where to take the time from: the one that the predictor has
     * @return the deadline
     */
    public static Deadline after(Duration timeout, TimeSource time) {
        return after(timeout, time.nanoTime(), time);
    }

    /** The moment that comes some time after a reading of the ticker. */
    static Deadline after(Duration timeout, long start, TimeSource time) {
        return new Deadline(start + Math.max(-FOREVER, Math.min(FOREVER, nanos(timeout))), time);
    }

    private static long nanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException tooLong) {
            return timeout.isNegative() ? -FOREVER : FOREVER;
        }
    }

    /**
     * The deadline that another service sent along as the time left: the value of a {@code grpc-timeout} header, at most
     * eight digits and a unit, such as {@code 250m}. Units are {@code H}ours, {@code M}inutes, {@code S}econds,
     * {@code m}illiseconds, {@code u} for microseconds and {@code n}anoseconds.
     *
     * @param header the value
     * @param time where to take the time from: the one that the predictor has
     * @return the deadline, counted from now
     * @throws IllegalArgumentException if the value has another form
     * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP2, Timeout</a>
     */
    public static Deadline ofGrpcTimeout(String header, TimeSource time) {
        Matcher matcher = GRPC_TIMEOUT.matcher(header);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "timeout: '" + header + "' (expected: 1 to 8 digits and one of H M S m u n, such as 250m)");
        }
        long value = Long.parseLong(matcher.group(1));
        Duration timeout = switch (matcher.group(2)) {
            case "H" -> Duration.ofHours(value);
            case "M" -> Duration.ofMinutes(value);
            case "S" -> Duration.ofSeconds(value);
            case "m" -> Duration.ofMillis(value);
            case "u" -> Duration.ofNanos(value * 1_000);
            default -> Duration.ofNanos(value);
        };
        return after(timeout, time);
    }

    /**
     * The time left, as the value of a {@code grpc-timeout} header for the next service: in the finest unit that has room
     * for it, rounded down, so that the next service never believes to have more time than there is.
     *
     * @return 1 to 8 digits and a unit; {@code 0n} if the deadline is over
     */
    public String toGrpcTimeout() {
        long nanos = Math.max(0, remainingNanos());
        long[] unit = {1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L};
        int index = 0;
        while (nanos / unit[index] > LARGEST_GRPC_VALUE) {
            index++;
        }
        return nanos / unit[index] + String.valueOf("numSMH".charAt(index));
    }

    /**
     * Whether it is too late.
     *
     * @return true if no time is left
     */
    public boolean isOver() {
        return remainingNanos() <= 0;
    }

    /** Whether it was too late at a reading of a ticker, or is now if that is another ticker. */
    boolean isOver(long now, TimeSource ticker) {
        return time == ticker ? nanoTime - now <= 0 : isOver();
    }

    /**
     * The time left.
     *
     * @return nanoseconds; zero or less if the deadline is over
     */
    public long remainingNanos() {
        return nanoTime - time.nanoTime();
    }

    /**
     * The moment on the ticker of its {@link TimeSource}, for {@link TimeSource#parkUntil}.
     *
     * @return a reading of {@link TimeSource#nanoTime()}
     */
    public long nanoTime() {
        return nanoTime;
    }

    /**
     * The stricter of two deadlines.
     *
     * @param other another deadline
     * @return whichever comes first; this one if they come together
     */
    public Deadline earlier(Deadline other) {
        boolean first =
                time == other.time ? nanoTime - other.nanoTime <= 0 : remainingNanos() <= other.remainingNanos();
        return first ? this : other;
    }

    /** The time left at this moment, such as {@code in PT0.05S}. */
    @Override
    public String toString() {
        return "in " + Duration.ofNanos(remainingNanos());
    }
}
