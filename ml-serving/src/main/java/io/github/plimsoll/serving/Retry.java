package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Asks the model again after a failure that may pass. The host says by choosing it that asking twice does no harm: true of a
 * model that only computes, not of one that books, sends or pays for what it does.
 *
 * <pre>{@code
 * .with(Retry.idempotentCalls(3))
 * }</pre>
 *
 * <p>Only a {@link ModelExecutionException} is tried again, unless told otherwise: an input that is invalid, an output that is
 * no answer and a refusal will be the same the next time. Of a batch, the inputs that failed are asked again, together.
 *
 * <p>Before the second attempt it waits a random time between a half and the whole of the first backoff, doubled before each
 * further one up to the longest: by default 10 ms, at most 1 s. It waits on the calling thread, and only if the wait ends before
 * the deadline of one of the calls; if not, the failure stands at once. A thread that is interrupted waits no further: its calls
 * fail with {@link CallCancelledException}.
 *
 * <p>Retries must not multiply the load of a model in trouble, so there is a budget: one retry for every ten calls, of which ten
 * are saved up. When it is spent, failures stand. A batch counts as one call and its retry as one.
 *
 * <p>Stands at {@link Stage#RETRY}: inside of limit and circuit breaker, so that a call keeps its permit and counts once, with
 * its last failure. An attempt that works costs a read. Immutable and thread-safe; each predictor has a budget of its own.
 *
 * @since 0.1
 */
public final class Retry implements Capability<Object, Object> {

    private final int attempts;
    private final long firstNanos;
    private final long longestNanos;
    private final double budget;
    private final long seed;
    private final Predicate<? super PredictionException> passing;

    private Retry(
            int attempts,
            long firstNanos,
            long longestNanos,
            double budget,
            long seed,
            Predicate<? super PredictionException> passing) {
        this.attempts = attempts;
        this.firstNanos = firstNanos;
        this.longestNanos = longestNanos;
        this.budget = budget;
        this.seed = seed;
        this.passing = passing;
    }

    /**
     * Declares that the model may be asked more than once for the same input.
     *
     * @param attempts how often at most, the first included
     * @return the capability
     * @throws IllegalArgumentException if it is less than 2
     */
    public static Retry idempotentCalls(int attempts) {
        return new Retry(
                Checks.atLeast("attempts", attempts, 2),
                Duration.ofMillis(10).toNanos(),
                Duration.ofSeconds(1).toNanos(),
                0.1,
                0,
                ModelExecutionException.class::isInstance);
    }

    /**
     * Sets how long to wait between attempts.
     *
     * @param first before the second attempt, at most
     * @param longest before any attempt, at most
     * @return a changed copy
     * @throws IllegalArgumentException if the first is negative or longer than the longest
     */
    public Retry backoff(Duration first, Duration longest) {
        if (first.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "backoff: " + first + " to " + longest + " (expected: the first not longer than the longest)");
        }
        return new Retry(
                attempts, Checks.nanos("first", first), Checks.nanos("longest", longest), budget, seed, passing);
    }

    /**
     * Sets how many retries there may be for each call.
     *
     * @param share retries a call, 0.1 unless said otherwise
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 0 < share <= 1}
     */
    public Retry budget(double share) {
        return new Retry(attempts, firstNanos, longestNanos, Checks.share("budget", share), seed, passing);
    }

    /**
     * Sets what the random waits are drawn from: different in the processes of a fleet, so that they do not come back together.
     *
     * @param number any number; 0 unless said otherwise
     * @return a changed copy
     */
    public Retry seed(long number) {
        return new Retry(attempts, firstNanos, longestNanos, budget, number, passing);
    }

    /**
     * Sets which failures may pass.
     *
     * @param failures true for those that are worth another attempt
     * @return a changed copy
     */
    public Retry on(Predicate<? super PredictionException> failures) {
        return new Retry(attempts, firstNanos, longestNanos, budget, seed, Objects.requireNonNull(failures));
    }

    /**
     * Adds retries to a predictor.
     *
     * @throws IllegalStateException if the predictor has others
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        Running running = new Running(assembly.time());
        assembly.add(running);
        assembly.measure(new Measurement(PredictionMeter.RETRIES, Map.of(), running.retries::doubleValue));
    }

    /** The retries in words, such as {@code at most 3 attempts, PT0.01S to PT1S apart, for 10 % of the calls}. */
    @Override
    public String toString() {
        return "at most " + attempts + " attempts, " + Duration.ofNanos(firstNanos) + " to "
                + Duration.ofNanos(longestNanos) + " apart, for " + Math.round(budget * 100) + " % of the calls";
    }

    private final class Running implements Interceptor<Object, Object> {

        private final TimeSource time;
        private final CallAllowance allowance = new CallAllowance(budget);
        private final AtomicLong draws = new AtomicLong(seed);
        private final LongAdder retries = new LongAdder();

        Running(TimeSource time) {
            this.time = time;
        }

        @Override
        public Stage.Position position() {
            return Stage.RETRY.at();
        }

        @Override
        public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
            allowance.earn();
            next.proceed(calls);
            for (int attempt = 2; attempt <= attempts && isWorthIt(calls, 0); attempt++) {
                long pause = pause(attempt);
                if (!isWorthIt(calls, pause) || !allowance.spend()) {
                    return;
                }
                if (!rest(pause)) {
                    cancel(calls);
                    return;
                }
                reopen(calls, pause);
                CallBatch<Object, Object> failed = calls.open();
                if (failed.size() == 0) {
                    return;
                }
                retries.increment();
                next.proceed(failed);
            }
        }

        /** Doubled each time, then shortened by up to a half, so that those who failed together do not return together. */
        private long pause(int attempt) {
            int doublings = attempt - 2;
            long whole =
                    doublings < 62 && firstNanos <= longestNanos >> doublings ? firstNanos << doublings : longestNanos;
            return whole == 0
                    ? 0
                    : whole - (long) (new SplittableRandom(draws.getAndIncrement()).nextDouble() * whole / 2);
        }

        private boolean isWorthIt(CallBatch<Object, Object> calls, long pause) {
            for (int i = 0; i < calls.size(); i++) {
                if (isWorthIt(calls.get(i), pause)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isWorthIt(Call<Object, Object> call, long pause) {
            PredictionException failure = call.failure();
            return failure != null
                    && passing.test(failure)
                    && (call.deadline() == null || call.deadline().remainingNanos() > pause);
        }

        private void reopen(CallBatch<Object, Object> calls, long pause) {
            for (int i = 0; i < calls.size(); i++) {
                Call<Object, Object> call = calls.get(i);
                if (isWorthIt(call, 0)) {
                    call.reopen();
                    call.queued(pause);
                    call.failIfUseless();
                }
            }
        }

        private void cancel(CallBatch<Object, Object> calls) {
            for (int i = 0; i < calls.size(); i++) {
                Call<Object, Object> call = calls.get(i);
                if (call.failure() != null && passing.test(call.failure())) {
                    CallCancelledException cancelled =
                            new CallCancelledException("retry: interrupted while waiting for the next attempt");
                    cancelled.addSuppressed(call.failure());
                    call.reopen();
                    call.fail(cancelled);
                }
            }
        }

        /** Whether the thread was let rest. */
        private boolean rest(long nanos) {
            long until = time.nanoTime() + nanos;
            while (until - time.nanoTime() > 0 && !Thread.currentThread().isInterrupted()) {
                time.parkUntil(this, until);
            }
            return !Thread.currentThread().isInterrupted();
        }

        @Override
        public String summary() {
            return Retry.this.toString();
        }
    }
}
