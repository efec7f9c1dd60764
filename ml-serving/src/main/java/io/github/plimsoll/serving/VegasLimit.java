package io.github.plimsoll.serving;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;

/**
 * A limit that estimates how many calls wait inside of it from the shortest time a call ever took: few, and it grows; many,
 * and it shrinks. Named after the same idea in TCP.
 *
 * <p>With the shortest time {@code T} and the latest {@code S}, {@code ceil(limit x (1 - T / S))} calls wait. At most
 * {@code threshold}: the limit grows by {@code beta}. Less than {@code alpha}: it goes to {@code increase}. More than
 * {@code beta}, or a call was dropped: it goes to {@code decrease}. Otherwise it stays. It grows only while at least half of it
 * is in use. After a random 15 to 30 times {@code limit} samples the shortest time is taken anew, so that a model that has
 * become slower for good is not throttled for good.
 *
 * <p>Defaults, with {@code log = max(1, floor(log10(limit)))}: 1 to 1000, alpha {@code 3 log}, beta {@code 6 log}, threshold
 * {@code log}, increase and decrease by {@code log}, smoothing 1. The same arithmetic as {@code VegasLimit} of Netflix's
 * concurrency-limits; what is drawn at random comes from the seed here. Immutable and thread-safe, if the functions are pure.
 *
 * @since 0.1
 * @see <a href="https://github.com/Netflix/concurrency-limits">concurrency-limits</a>
 */
public final class VegasLimit implements AdaptiveLimit {

    private static final int PROBE_MULTIPLIER = 30;

    private final Settings settings;
    private final double estimate;
    private final long shortest; // 0 before the first sample
    private final long samples; // since the shortest time was last taken anew
    private final long probes; // how often it was

    private VegasLimit(Settings settings, double estimate, long shortest, long samples, long probes) {
        this.settings = settings;
        this.estimate = estimate;
        this.shortest = shortest;
        this.samples = samples;
        this.probes = probes;
    }

    /**
     * A limit that has seen no call.
     *
     * @param limit where to start; outside of the bounds it holds until the first change
     * @return the limit
     * @throws IllegalArgumentException if it is less than 1
     */
    public static VegasLimit startingAt(int limit) {
        return new VegasLimit(
                new Settings(
                        new Bounds(1, 1000),
                        1,
                        calls -> 3 * log10(calls),
                        calls -> 6 * log10(calls),
                        VegasLimit::log10,
                        calls -> calls + log10((int) calls),
                        calls -> calls - log10((int) calls),
                        0),
                Bounds.start(limit),
                0,
                0,
                0);
    }

    private static int log10(int limit) {
        return Math.max(1, (int) Math.log10(limit));
    }

    private VegasLimit with(Settings changed) {
        return new VegasLimit(changed, estimate, shortest, samples, probes);
    }

    /**
     * Sets how far the limit may go.
     *
     * @param min the smallest limit
     * @param max the largest limit
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 1 <= min <= max}
     */
    public VegasLimit between(int min, int max) {
        Settings s = settings;
        return with(new Settings(
                new Bounds(min, max), s.smoothing, s.alpha, s.beta, s.threshold, s.increase, s.decrease, s.seed));
    }

    /**
     * Sets how much of a new estimate is taken over at once.
     *
     * @param share more than 0; 1 for all of it
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 0 < share <= 1}
     */
    public VegasLimit smoothing(double share) {
        Settings s = settings;
        return with(new Settings(
                s.bounds,
                Checks.share("smoothing", share),
                s.alpha,
                s.beta,
                s.threshold,
                s.increase,
                s.decrease,
                s.seed));
    }

    /**
     * Sets below how many waiting calls the limit grows.
     *
     * @param calls given the limit, the number of calls
     * @return a changed copy
     */
    public VegasLimit alpha(IntUnaryOperator calls) {
        Settings s = settings;
        return with(new Settings(
                s.bounds,
                s.smoothing,
                Objects.requireNonNull(calls),
                s.beta,
                s.threshold,
                s.increase,
                s.decrease,
                s.seed));
    }

    /**
     * Sets above how many waiting calls the limit shrinks; by as many it grows when hardly any call waits.
     *
     * @param calls given the limit, the number of calls
     * @return a changed copy
     */
    public VegasLimit beta(IntUnaryOperator calls) {
        Settings s = settings;
        return with(new Settings(
                s.bounds,
                s.smoothing,
                s.alpha,
                Objects.requireNonNull(calls),
                s.threshold,
                s.increase,
                s.decrease,
                s.seed));
    }

    /**
     * Sets up to how many waiting calls the limit grows by all of {@code beta}.
     *
     * @param calls given the limit, the number of calls
     * @return a changed copy
     */
    public VegasLimit threshold(IntUnaryOperator calls) {
        Settings s = settings;
        return with(new Settings(
                s.bounds, s.smoothing, s.alpha, s.beta, Objects.requireNonNull(calls), s.increase, s.decrease, s.seed));
    }

    /**
     * Sets how the limit grows while some calls wait.
     *
     * @param next given the limit, the one after it
     * @return a changed copy
     */
    public VegasLimit increase(DoubleUnaryOperator next) {
        Settings s = settings;
        return with(new Settings(
                s.bounds, s.smoothing, s.alpha, s.beta, s.threshold, Objects.requireNonNull(next), s.decrease, s.seed));
    }

    /**
     * Sets how the limit shrinks.
     *
     * @param next given the limit, the one after it
     * @return a changed copy
     */
    public VegasLimit decrease(DoubleUnaryOperator next) {
        Settings s = settings;
        return with(new Settings(
                s.bounds, s.smoothing, s.alpha, s.beta, s.threshold, s.increase, Objects.requireNonNull(next), s.seed));
    }

    /**
     * Sets what decides when the shortest time is taken anew: different in the processes of a fleet, so that they do not do it
     * together.
     *
     * @param number any number; 0 unless said otherwise
     * @return a changed copy
     */
    public VegasLimit seed(long number) {
        Settings s = settings;
        return with(new Settings(s.bounds, s.smoothing, s.alpha, s.beta, s.threshold, s.increase, s.decrease, number));
    }

    @Override
    public int limit() {
        return (int) estimate;
    }

    @Override
    public VegasLimit after(long nanos, int inFlight, boolean dropped) {
        Bounds.checkSample(nanos);
        long seen = samples + 1;
        if (seen >= settings.probeShare(probes) * PROBE_MULTIPLIER * estimate) {
            return new VegasLimit(settings, estimate, nanos, 0, probes + 1);
        }
        if (shortest == 0 || nanos < shortest) {
            return new VegasLimit(settings, estimate, nanos, seen, probes);
        }
        return new VegasLimit(settings, next(nanos, inFlight, dropped), shortest, seen, probes);
    }

    private double next(long nanos, int inFlight, boolean dropped) {
        double wanted = wanted(nanos, inFlight, dropped);
        return wanted == estimate
                ? estimate // also if it is outside of the bounds: not moving is no change
                : (1 - settings.smoothing) * estimate + settings.smoothing * settings.bounds.clamp(wanted);
    }

    private double wanted(long nanos, int inFlight, boolean dropped) {
        if (dropped) {
            return settings.decrease.applyAsDouble(estimate);
        }
        if (inFlight * 2L < estimate) {
            return estimate;
        }
        int waiting = (int) Math.ceil(estimate * (1 - (double) shortest / nanos));
        int beta = settings.beta.applyAsInt(limit());
        if (waiting <= settings.threshold.applyAsInt(limit())) {
            return estimate + beta;
        }
        if (waiting < settings.alpha.applyAsInt(limit())) {
            return settings.increase.applyAsDouble(estimate);
        }
        return waiting > beta ? settings.decrease.applyAsDouble(estimate) : estimate;
    }

    /** The limit in words, such as {@code Vegas, at 20, 1 to 1000}. */
    @Override
    public String toString() {
        return "Vegas, at " + limit() + ", " + settings.bounds;
    }

    private record Settings(
            Bounds bounds,
            double smoothing,
            IntUnaryOperator alpha,
            IntUnaryOperator beta,
            IntUnaryOperator threshold,
            DoubleUnaryOperator increase,
            DoubleUnaryOperator decrease,
            long seed) {

        /** From 0.5 to 1, the same for the same probe. */
        double probeShare(long probe) {
            return 0.5 + new SplittableRandom(seed + probe).nextDouble() / 2;
        }
    }
}
