package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds how many calls a model works on at once, and refuses the others while refusing is cheap.
 *
 * <pre>{@code
 * .with(ConcurrencyLimit.fixed(8))
 * .with(ConcurrencyLimit.adaptive(Gradient2Limit.startingAt(8).between(1, 64)).queue(32, Duration.ofMillis(20)))
 * }</pre>
 *
 * <p>A call takes a permit on its way in and gives it back when the work for it has really ended, however it ended and whether
 * or not its caller still waits. A batch of any number of inputs that were given to {@code predictAll} takes one permit: it is
 * one run. Who finds no permit is refused with a {@link RejectedException}, at once unless there is a {@linkplain #queue queue}.
 * Its hint is how long the latest call took that had the last permit; zero as long as there was none.
 *
 * <p><b>Priorities.</b> {@link Priority#HIGH} may use the whole limit, the others the {@linkplain #shares shares} of it that
 * are set, rounded down, at least one permit: by default a half for {@code LOW} and all for {@code NORMAL}. So as load grows,
 * {@code LOW} is refused first. In the queue, a higher priority goes first, and may take the place of the newest of a lower one
 * when the queue is full; within a priority it is first come, first served. A batch has the highest priority of its inputs.
 *
 * <p><b>Adaptive.</b> The limit is told about a window of calls at a time: how long they took in the mean, how many ran at
 * most, and whether one was given up. A window ends with the first call after one second (or {@link #window}) and ten calls.
 * A call counts with its time if it was answered before its deadline, and as dropped if it was not; one that failed for another
 * reason, quickly or slowly, says nothing about load and is left out.
 *
 * <p>Stands at {@link Stage#LIMIT}. The limit is never exceeded; when an adaptive limit shrinks below what is running, nobody
 * gets a permit until enough have ended. Taking and giving back a permit without a queue is lock-free and allocates nothing.
 * Immutable and thread-safe; each predictor has a limit of its own.
 *
 * @since 0.1
 * @see SharedBudget
 * @see RateLimit
 */
public final class ConcurrencyLimit implements Capability<Object, Object> {

    final AdaptiveLimit start;
    final boolean adapts;
    final double lowShare;
    final double normalShare;
    final int places;
    final long longestNanos;
    final long windowNanos;

    private ConcurrencyLimit(
            AdaptiveLimit start,
            boolean adapts,
            double lowShare,
            double normalShare,
            int places,
            long longestNanos,
            long windowNanos) {
        this.start = start;
        this.adapts = adapts;
        this.lowShare = lowShare;
        this.normalShare = normalShare;
        this.places = places;
        this.longestNanos = longestNanos;
        this.windowNanos = windowNanos;
    }

    private static ConcurrencyLimit of(AdaptiveLimit start, boolean adapts) {
        return new ConcurrencyLimit(
                start, adapts, 0.5, 1, 0, 0, Duration.ofSeconds(1).toNanos());
    }

    /**
     * A limit that stays.
     *
     * @param calls how many may run at once
     * @return the capability
     * @throws IllegalArgumentException if it is less than 1
     */
    public static ConcurrencyLimit fixed(int calls) {
        return of(new Fixed(Checks.atLeast("fixed", calls, 1)), false);
    }

    /**
     * A limit that follows how long calls take.
     *
     * @param start how it follows and where it starts; each predictor begins there
     * @return the capability
     */
    public static ConcurrencyLimit adaptive(AdaptiveLimit start) {
        return of(Objects.requireNonNull(start), true);
    }

    /**
     * Lets calls that find no permit wait for one, on their own thread, no longer than their deadline.
     *
     * @param places how many may wait at once
     * @param longest how long each of them may wait
     * @return a changed copy
     * @throws IllegalArgumentException if there is no place or no time
     */
    public ConcurrencyLimit queue(int places, Duration longest) {
        return new ConcurrencyLimit(
                start,
                adapts,
                lowShare,
                normalShare,
                Checks.atLeast("queue", places, 1),
                Checks.positiveNanos("queue", longest),
                windowNanos);
    }

    /**
     * Sets how much of the limit calls of a priority may use. What is left above it is kept for the higher ones.
     *
     * @param low the share of {@link Priority#LOW}
     * @param normal the share of {@link Priority#NORMAL}
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 0 < low <= normal <= 1}
     */
    public ConcurrencyLimit shares(double low, double normal) {
        if (!(low <= normal)) {
            throw new IllegalArgumentException("shares: " + low + " and " + normal + " (expected: low <= normal)");
        }
        return new ConcurrencyLimit(
                start,
                adapts,
                Checks.share("low", low),
                Checks.share("normal", normal),
                places,
                longestNanos,
                windowNanos);
    }

    /**
     * Sets for how long calls are gathered before an adaptive limit is told about them.
     *
     * @param time the shortest window
     * @return a changed copy
     * @throws IllegalArgumentException if the time is not positive
     * @throws IllegalStateException if the limit is fixed
     */
    public ConcurrencyLimit window(Duration time) {
        if (!adapts) {
            throw new IllegalStateException("window: " + time + " for a fixed limit (expected: an adaptive one)");
        }
        return new ConcurrencyLimit(
                start, true, lowShare, normalShare, places, longestNanos, Checks.positiveNanos("window", time));
    }

    /**
     * Adds a limit to a predictor.
     *
     * @throws IllegalStateException if the predictor has another limit at this stage
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        LimitInterceptor limit = new LimitInterceptor(this, assembly.time());
        assembly.add(limit);
        assembly.measure(new Measurement(PredictionMeter.LIMIT, Map.of(), limit::limit));
        assembly.measure(new Measurement(PredictionMeter.LIMIT_ACTIVE, Map.of(), limit::running));
        if (places > 0) {
            assembly.measure(new Measurement(PredictionMeter.WAITING, Map.of(Tag.STAGE, "limit"), limit::waiting));
        }
        assembly.measure(shed(Reason.CONCURRENCY_LIMIT, limit.refused));
        assembly.measure(shed(Reason.LOAD_SHED, limit.shed));
    }

    private static Measurement shed(Reason reason, LongAdder count) {
        return new Measurement(PredictionMeter.SHED, Map.of(Tag.REASON, reason.toString()), count::doubleValue);
    }

    /** The limit in words, such as {@code at most 8 at once, LOW 50 %, NORMAL 100 % of it, no queue}. */
    @Override
    public String toString() {
        return "at most " + start + " at once, LOW " + percent(lowShare) + ", NORMAL " + percent(normalShare)
                + " of it, "
                + (places == 0 ? "no queue" : places + " wait up to " + Duration.ofNanos(longestNanos))
                + (adapts ? ", window " + Duration.ofNanos(windowNanos) : "");
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    private record Fixed(int limit) implements AdaptiveLimit {

        @Override
        public AdaptiveLimit after(long nanos, int inFlight, boolean dropped) {
            return this;
        }

        @Override
        public String toString() {
            return Integer.toString(limit);
        }
    }
}
