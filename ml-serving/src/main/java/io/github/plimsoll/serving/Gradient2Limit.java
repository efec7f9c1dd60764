package io.github.plimsoll.serving;

import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * A limit that follows the ratio of the long-term mean of how long calls take to how long they take now: while the two are
 * alike it grows, and when calls get slower it shrinks with their ratio. Needs no number from the host.
 *
 * <p>With the long-term mean {@code L} and the latest time {@code S}, the next limit is
 * {@code limit x gradient + queue} with {@code gradient = max(0.5, min(1, tolerance x L / S))}, of which a share of
 * {@code smoothing} is taken over. It moves only while at least half of it is in use. If {@code L} is more than twice
 * {@code S}, {@code L} is taken back by 5 % a step, so that a long overload is soon forgotten. Drops do not move it: how long
 * the dropped calls took does.
 *
 * <p>Defaults: 1 to 200, smoothing 0.2, a queue of 4, a long term of 600 samples, whose first 10 are averaged, tolerance 1.5.
 * The same arithmetic as {@code Gradient2Limit} of Netflix's concurrency-limits, but for the minimum, which is 20 there and
 * more than a model in the same process can use. Immutable and thread-safe.
 *
 * @since 0.1
 * @see <a href="https://github.com/Netflix/concurrency-limits">concurrency-limits</a>
 */
public final class Gradient2Limit implements AdaptiveLimit {

    private static final int WARM_UP = 10;

    private final Settings settings;
    private final double estimate;
    private final LongTerm longTerm;

    private Gradient2Limit(Settings settings, double estimate, LongTerm longTerm) {
        this.settings = settings;
        this.estimate = estimate;
        this.longTerm = longTerm;
    }

    /**
     * A limit that has seen no call.
     *
     * @param limit where to start; outside of the bounds it holds until the first change
     * @return the limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public static Gradient2Limit startingAt(int limit) {
        return new Gradient2Limit(
                new Settings(new Bounds(1, 200), 0.2, any -> 4, 600, 1.5), Bounds.start(limit), new LongTerm(0, 0, 0));
    }

    private Gradient2Limit with(Settings changed) {
        return new Gradient2Limit(changed, estimate, longTerm);
    }

    /**
     * Sets how far the limit may go.
     *
     * @param min the smallest limit
     * @param max the largest limit
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 1 <= min <= max}
     */
    public Gradient2Limit between(int min, int max) {
        Settings s = settings;
        return with(new Settings(new Bounds(min, max), s.smoothing, s.queue, s.longWindow, s.tolerance));
    }

    /**
     * Sets how much of a new estimate is taken over at once.
     *
     * @param share more than 0; 1 for all of it
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 0 < share <= 1}
     */
    public Gradient2Limit smoothing(double share) {
        Settings s = settings;
        return with(new Settings(s.bounds, Checks.share("smoothing", share), s.queue, s.longWindow, s.tolerance));
    }

    /**
     * Sets by how much the limit may grow while calls are quick.
     *
     * @param calls given the limit, how many calls may wait inside of it; pure
     * @return a changed copy
     */
    public Gradient2Limit queue(IntUnaryOperator calls) {
        Settings s = settings;
        return with(new Settings(s.bounds, s.smoothing, Objects.requireNonNull(calls), s.longWindow, s.tolerance));
    }

    /**
     * Sets how far the long-term mean looks back.
     *
     * @param samples the span of an exponential mean: each sample weighs {@code 2 / (samples + 1)}
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     */
    public Gradient2Limit longWindow(int samples) {
        Settings s = settings;
        return with(
                new Settings(s.bounds, s.smoothing, s.queue, Checks.atLeast("longWindow", samples, 1), s.tolerance));
    }

    /**
     * Sets how much slower than in the long term calls may be before the limit shrinks.
     *
     * @param ratio 2 for twice as slow
     * @return a changed copy
     * @throws IllegalArgumentException unless it is a number of at least 1
     */
    public Gradient2Limit tolerance(double ratio) {
        if (!(ratio >= 1 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tolerance: " + ratio + " (expected: >= 1)");
        }
        Settings s = settings;
        return with(new Settings(s.bounds, s.smoothing, s.queue, s.longWindow, ratio));
    }

    @Override
    public int limit() {
        return (int) estimate;
    }

    @Override
    public Gradient2Limit after(long nanos, int inFlight, boolean dropped) {
        Bounds.checkSample(nanos);
        LongTerm seen = longTerm.and(nanos, settings.longWindow);
        LongTerm next = seen.mean / nanos > 2 ? new LongTerm(seen.count, seen.sum, seen.mean * 0.95) : seen;
        if (inFlight < estimate / 2) {
            return new Gradient2Limit(settings, estimate, next); // what is not used tells nothing about more of it
        }
        double gradient = Math.max(0.5, Math.min(1, settings.tolerance * seen.mean / nanos));
        double wanted = estimate * gradient + settings.queue.applyAsInt(limit());
        double smooth = estimate * (1 - settings.smoothing) + wanted * settings.smoothing;
        return new Gradient2Limit(settings, settings.bounds.clamp(smooth), next);
    }

    /** The limit in words, such as {@code Gradient2, at 20, 1 to 200}. */
    @Override
    public String toString() {
        return "Gradient2, at " + limit() + ", " + settings.bounds;
    }

    private record Settings(
            Bounds bounds, double smoothing, IntUnaryOperator queue, int longWindow, double tolerance) {}

    /** A mean of all samples while there are few, an exponential one from then on. */
    private record LongTerm(int count, double sum, double mean) {

        LongTerm and(long nanos, int window) {
            if (count < WARM_UP) {
                return new LongTerm(count + 1, sum + nanos, (sum + nanos) / (count + 1));
            }
            double weight = 2.0 / (window + 1);
            return new LongTerm(count, sum, mean * (1 - weight) + nanos * weight);
        }
    }
}
