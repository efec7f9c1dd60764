package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stops asking a model that fails too often, and finds out from time to time whether it is well again.
 *
 * <pre>{@code
 * .with(CircuitBreaker.failureRate(0.5).over(100).openFor(Duration.ofSeconds(10)))
 * }</pre>
 *
 * <p><b>Closed</b>, all calls pass and their outcomes are kept, of the latest 100 calls or of a {@linkplain #over(Duration) time}.
 * When there are at least 20 (or {@link #minimumCalls}) and the share of failures reaches the rate, it opens. <b>Open</b>, calls
 * are refused with a {@link RejectedException} whose hint is when it ends: after 10 s. <b>Half-open</b>, 5 {@linkplain #probes
 * probes} pass and all others are refused. As soon as the outcomes that are still to come cannot change it, it closes, with no
 * memory of before, or opens again.
 *
 * <p><b>What counts.</b> A failure is a {@link ModelExecutionException}, a {@link ModelOutputException} or a
 * {@link DeadlineExceededException}, or what {@link #failures} says, and an answer after its deadline. Any other failure
 * (invalid input, cancelled, refused further in, closed) is no outcome at all, and a probe that ends so is given back. A call
 * that is over before the model is asked does not count either. An outcome counts for the state in which its call was let
 * through: a straggler from before does not disturb the probes. A batch counts as one call, as failed if the share of its inputs
 * that failed reaches the rate.
 *
 * <p>With {@link #slowCalls}, calls that take long are counted too, apart from failures, and open it at a rate of their own; a
 * call may be both.
 *
 * <p>A probe that has not come back after 10 s counts as failed, so that a model that hangs does not keep the breaker half-open.
 * That is noticed by the next call: there is no thread.
 *
 * <p>Stands at {@link Stage#BREAK}, inside of limits and outside of {@link Retry}. Each predictor has a breaker of its own; the
 * host's switches {@link #forceOpen}, {@link #forceClosed} and {@link #automatic} are for all predictors that were built with this
 * object. Otherwise immutable; thread-safe. Lock-free while closed with a window of calls; with a window of time, and half-open, a
 * lock is held for some instructions.
 *
 * @since 0.1
 */
public final class CircuitBreaker implements Capability<Object, Object> {

    /** What a breaker does with calls. */
    public enum State {
        /** Lets them through. */
        CLOSED,
        /** Refuses them. */
        OPEN,
        /** Lets some of them through to see what becomes of them. */
        HALF_OPEN;

        /** The state as a tag of metrics: lower-case words joined by hyphens. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Is told when a breaker goes into another state. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Takes note of a change. Called on the thread of the call that caused it, which waits meanwhile; no other does. What
         * it throws is logged.
         *
         * @param model the model whose breaker it is
         * @param from the state before
         * @param to the state now
         */
        void onTransition(ModelId model, State from, State to);
    }

    final BreakerSettings settings;
    private volatile @Nullable State forced;

    private CircuitBreaker(BreakerSettings settings) {
        this.settings = settings;
    }

    private CircuitBreaker with(Consumer<BreakerSettings> change) {
        BreakerSettings changed = new BreakerSettings(settings);
        change.accept(changed);
        return new CircuitBreaker(changed);
    }

    /**
     * A breaker that opens when a share of the calls fails.
     *
     * @param rate the share, 1 if all must fail
     * @return the capability
     * @throws IllegalArgumentException unless {@code 0 < rate <= 1}
     */
    public static CircuitBreaker failureRate(double rate) {
        return new CircuitBreaker(new BreakerSettings(Checks.share("failureRate", rate)));
    }

    /**
     * Looks at the latest calls.
     *
     * @param calls how many
     * @return a changed copy
     * @throws IllegalArgumentException unless it is from the minimum of calls to 1,000,000
     */
    public CircuitBreaker over(int calls) {
        if (calls < settings.minimumCalls || calls > 1_000_000) {
            throw new IllegalArgumentException("over: " + calls + " calls (expected: " + settings.minimumCalls
                    + ", the minimum of calls, to 1000000)");
        }
        return with(changed -> {
            changed.windowCalls = calls;
            changed.windowNanos = 0;
        });
    }

    /**
     * Looks at the calls that ended in the latest time, which moves on in steps of a tenth.
     *
     * @param time how far back
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than a microsecond
     */
    public CircuitBreaker over(Duration time) {
        if (Checks.positiveNanos("over", time) < 1_000) {
            throw new IllegalArgumentException("over: " + time + " (expected: at least PT0.000001S)");
        }
        return with(changed -> {
            changed.windowCalls = 0;
            changed.windowNanos = time.toNanos();
        });
    }

    /**
     * Sets how many calls there must be before a rate means anything.
     *
     * @param calls how many
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1 or more than the window has
     */
    public CircuitBreaker minimumCalls(int calls) {
        Checks.atLeast("minimumCalls", calls, 1);
        if (settings.windowCalls > 0 && calls > settings.windowCalls) {
            throw new IllegalArgumentException(
                    "minimumCalls: " + calls + " (expected: at most " + settings.windowCalls + ", the window)");
        }
        return with(changed -> changed.minimumCalls = calls);
    }

    /**
     * Opens when a share of the calls is slow, too.
     *
     * @param duration from how long on a call is slow
     * @param rate the share, 1 if all must be
     * @return a changed copy
     * @throws IllegalArgumentException if the duration is not positive, or unless {@code 0 < rate <= 1}
     */
    public CircuitBreaker slowCalls(Duration duration, double rate) {
        return with(changed -> {
            changed.slowNanos = Checks.positiveNanos("slowCalls", duration);
            changed.slowRate = Checks.share("slowCalls", rate);
        });
    }

    /**
     * Sets how long it stays open.
     *
     * @param time from when it opens to the first probe
     * @return a changed copy
     * @throws IllegalArgumentException if the time is not positive
     */
    public CircuitBreaker openFor(Duration time) {
        return with(changed -> changed.openNanos = Checks.positiveNanos("openFor", time));
    }

    /**
     * Sets how it finds out whether the model is well.
     *
     * @param calls how many calls are let through
     * @param longest how long each of them may take before it counts as failed
     * @return a changed copy
     * @throws IllegalArgumentException unless there are 1 to 1000 calls and some time
     */
    public CircuitBreaker probes(int calls, Duration longest) {
        if (calls < 1 || calls > 1000) {
            throw new IllegalArgumentException("probes: " + calls + " (expected: 1 to 1000)");
        }
        return with(changed -> {
            changed.probes = calls;
            changed.probeNanos = Checks.positiveNanos("probes", longest);
        });
    }

    /**
     * Sets which failures count, in place of the usual ones.
     *
     * @param which true for those that are the model's; all others are no outcome at all
     * @return a changed copy
     */
    public CircuitBreaker failures(Predicate<? super PredictionException> which) {
        return with(changed -> changed.failures = Objects.requireNonNull(which));
    }

    /**
     * Has somebody told of changes.
     *
     * @param told who is told, in place of who was before
     * @return a changed copy
     */
    public CircuitBreaker onTransition(Listener told) {
        return with(changed -> changed.listener = Objects.requireNonNull(told));
    }

    /** Refuses all calls of all predictors that have this breaker until told otherwise: the model must not be asked now. */
    public void forceOpen() {
        forced = State.OPEN;
    }

    /** Lets all calls of all predictors that have this breaker through until told otherwise, whatever becomes of them. */
    public void forceClosed() {
        forced = State.CLOSED;
    }

    /** Takes {@link #forceOpen} or {@link #forceClosed} back: each breaker goes on in the state in which it was. */
    public void automatic() {
        forced = null;
    }

    @Nullable
    State forced() {
        return forced;
    }

    /**
     * Adds a breaker to a predictor.
     *
     * @throws IllegalStateException if the predictor has another
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        BreakerInterceptor breaker =
                new BreakerInterceptor(this, assembly.model().id(), assembly.time());
        assembly.add(breaker);
        for (State state : State.values()) {
            Map<Tag, String> tags = Map.of(Tag.STATE, state.toString());
            assembly.measure(
                    new Measurement(PredictionMeter.BREAKER_STATE, tags, () -> breaker.state() == state ? 1 : 0));
            assembly.measure(new Measurement(
                    PredictionMeter.BREAKER_TRANSITIONS, tags, breaker.transitionsTo(state)::doubleValue));
        }
        assembly.measure(new Measurement(
                PredictionMeter.SHED, Map.of(Tag.REASON, Reason.CIRCUIT_OPEN.toString()), breaker.shed::doubleValue));
    }

    /** The breaker in words, such as {@code opens at 50 % failures of 100 calls, at least 20, for PT10S; 5 probes of PT10S}. */
    @Override
    public String toString() {
        return settings.toString();
    }
}
