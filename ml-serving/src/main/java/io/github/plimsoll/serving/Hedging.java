package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a second predictor as well when the model is slower than it mostly is, and takes the first answer.
 *
 * <pre>{@code
 * .with(Hedging.to(otherReplica, executor))
 * }</pre>
 *
 * <p>The second predictor must be another one that computes elsewhere: a replica on another device or host. On the same cores,
 * asking twice makes both slower. It is asked after a {@linkplain #after delay}, or after the time within which a
 * {@linkplain #afterQuantile share} of the latest 256 runs were answered: by default 95 %, once there are 32 of them.
 *
 * <p>The first <em>answer</em> wins: a failure does not end the wait for the other. If neither has one, the call fails as the
 * model did. If the deadline passes first, the caller is released with a {@link DeadlineExceededException}. What the loser
 * returns is dropped. It is not interrupted, and keeps its permits of limits until it is done; if it has not begun yet, it does
 * not begin. Answers of the second predictor have the source {@link Source#HEDGE}. Failures alone are no reason to hedge:
 * that is a {@link Fallback}.
 *
 * <p><b>Threads.</b> While a call can be hedged, the rest of its way runs on the host's executor, the second predictor too, and
 * the caller's thread waits: one thread hop a call. It runs on the caller's own thread, as without hedging, while there is no delay
 * to go by, when the budget is spent, and when the executor refuses it or has not begun it by the end of the delay. So a pool
 * that is full, even of the callers themselves, slows nobody down for good.
 *
 * <p><b>Budget.</b> At most one call in twenty is given to both, of which ten may come in a row: a model that has become slow
 * must not double the load. A batch counts as one call, and wins or loses as a whole unless both fail in part.
 *
 * <p>Stands at {@link Stage#HEDGE}. Immutable and thread-safe. The second predictor and the executor stay the host's.
 *
 * @param <I> the inputs that the second predictor takes
 * @param <O> the type of its answers: exactly that of the predictor's
 * @since 0.1
 * @see <a href="https://doi.org/10.1145/2408776.2408794">Dean, Barroso: The Tail at Scale</a>
 */
public final class Hedging<I, O> implements Capability<I, O> {

    private final Predictor<I, O> second;
    private final Executor executor;
    private final long delayNanos; // negative for a quantile
    private final double quantile;
    private final double budget;

    private Hedging(Predictor<I, O> second, Executor executor, long delayNanos, double quantile, double budget) {
        this.second = second;
        this.executor = executor;
        this.delayNanos = delayNanos;
        this.quantile = quantile;
        this.budget = budget;
    }

    /**
     * Hedges with another predictor.
     *
     * @param second the other predictor
     * @param executor the host's, for both predictors; a thread of it may wait as long as either of them takes
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the capability
     */
    public static <I, O> Hedging<I, O> to(Predictor<I, O> second, Executor executor) {
        return new Hedging<>(Objects.requireNonNull(second), Objects.requireNonNull(executor), -1, 0.95, 0.05);
    }

    /**
     * Sets after what time the second predictor is asked.
     *
     * @param delay the time; zero for at once
     * @return a changed copy
     * @throws IllegalArgumentException if the time is negative
     */
    public Hedging<I, O> after(Duration delay) {
        return new Hedging<>(second, executor, Checks.nanos("after", delay), quantile, budget);
    }

    /**
     * Has the second predictor asked when this share of the latest runs would have been answered.
     *
     * @param share the quantile of how long runs that were answered took
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 0.5 <= share < 1}
     */
    public Hedging<I, O> afterQuantile(double share) {
        if (!(share >= 0.5 && share < 1)) {
            throw new IllegalArgumentException("afterQuantile: " + share + " (expected: >= 0.5 and < 1)");
        }
        return new Hedging<>(second, executor, -1, share, budget);
    }

    /**
     * Sets how many calls may be given to both.
     *
     * @param share the share of the calls
     * @return a changed copy
     * @throws IllegalArgumentException unless {@code 0 < share <= 1}
     */
    public Hedging<I, O> budget(double share) {
        return new Hedging<>(second, executor, delayNanos, quantile, Checks.share("budget", share));
    }

    /**
     * Adds hedging to a predictor.
     *
     * @throws IllegalStateException if the predictor has it already
     */
    @Override
    public void attach(Assembly<I, O> assembly) {
        Running running = new Running(assembly.time());
        assembly.add(running);
        assembly.measure(result("first", running.firstWon));
        assembly.measure(result("second", running.secondWon));
        assembly.measure(result("none", running.noneWon));
    }

    private static Measurement result(String result, LongAdder count) {
        return new Measurement(PredictionMeter.HEDGES, Map.of(Tag.RESULT, result), count::doubleValue);
    }

    /** The hedging in words, such as {@code a second predictor after the 0.95 quantile, for 5 % of the calls}. */
    @Override
    public String toString() {
        return "a second predictor after "
                + (delayNanos < 0 ? "the " + quantile + " quantile" : Duration.ofNanos(delayNanos)) + ", for "
                + Math.round(budget * 100) + " % of the calls";
    }

    private final class Running implements Interceptor<I, O> {

        private final TimeSource time;
        private final CallAllowance allowance = new CallAllowance(budget);
        private final LatencyQuantile latencies = new LatencyQuantile(quantile);
        private final LongAdder firstWon = new LongAdder();
        private final LongAdder secondWon = new LongAdder();
        private final LongAdder noneWon = new LongAdder();

        Running(TimeSource time) {
            this.time = time;
        }

        @Override
        public Stage.Position position() {
            return Stage.HEDGE.at();
        }

        @Override
        public void intercept(CallBatch<I, O> calls, Next<I, O> next) {
            allowance.earn();
            long delay = delayNanos < 0 ? latencies.nanos() : delayNanos;
            if (delay < 0 || !allowance.isLeft()) {
                runFirst(calls, next);
                return;
            }
            Race race = new Race(calls, next);
            if (!race.start(delay)) {
                runFirst(calls, next);
            }
        }

        private void runFirst(CallBatch<I, O> calls, Next<I, O> next) {
            long start = time.nanoTime();
            next.proceed(calls);
            if (delayNanos < 0 && areAnswered(calls)) {
                latencies.add(time.nanoTime() - start);
            }
        }

        private boolean areAnswered(CallBatch<I, O> calls) {
            for (int i = 0; i < calls.size(); i++) {
                if (calls.get(i).value() == null) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String summary() {
            return Hedging.this.toString();
        }

        /** Calls that may be given to both predictors, and the thread of their caller, which waits for either. */
        private final class Race {

            private final CallBatch<I, O> calls;
            private final CallBatch<I, O> forks;
            private final Next<I, O> next;
            private final Thread caller = Thread.currentThread();
            private final AtomicBoolean begun = new AtomicBoolean(); // by the executor, or kept from it
            private volatile boolean firstIsDone;
            private volatile @Nullable List<Outcome<O>> secondIsDone;
            private volatile boolean over;

            Race(CallBatch<I, O> calls, Next<I, O> next) {
                this.calls = calls;
                this.next = next;
                List<Call<I, O>> copies = new ArrayList<>(calls.size());
                for (Call<I, O> call : calls) {
                    copies.add(call.fork());
                }
                forks = CallBatch.of(copies);
            }

            /** False if the executor does not do the work, and nobody has begun it. */
            boolean start(long delay) {
                long start = time.nanoTime();
                long end = latestDeadline(start);
                long hedgeAt = end - start < delay ? end : start + delay;
                if (!isTaken(this::first)) {
                    return false;
                }
                waitFor(() -> firstIsDone, hedgeAt);
                if (!firstIsDone && begun.compareAndSet(false, true)) {
                    return false;
                }
                boolean both = !firstIsDone
                        && end - time.nanoTime() > 0
                        && !Thread.currentThread().isInterrupted()
                        && allowance.spend()
                        && isTaken(this::second);
                waitFor(() -> isDecided(both), end);
                finish(both);
                return true;
            }

            private boolean isTaken(Runnable task) {
                try {
                    executor.execute(task);
                    return true;
                } catch (RejectedExecutionException full) {
                    return false;
                }
            }

            private void first() {
                if (!begun.compareAndSet(false, true)) {
                    return;
                }
                try {
                    runFirst(forks, next);
                } catch (Error broken) {
                    for (Call<I, O> fork : forks.open()) {
                        fork.fail(new PredictionException("hedging: the model's run ended with " + broken, broken));
                    }
                    throw broken;
                } finally {
                    firstIsDone = true;
                    LockSupport.unpark(caller);
                }
            }

            private void second() {
                List<Outcome<O>> outcomes = List.of();
                try {
                    if (!over) {
                        outcomes = ask();
                    }
                } catch (RuntimeException none) { // a lambda of the host's may throw anything: it has no answer
                    outcomes = List.of();
                } finally {
                    secondIsDone = outcomes;
                    LockSupport.unpark(caller);
                }
            }

            private List<Outcome<O>> ask() {
                Call<I, O> any = calls.get(0);
                CallOptions options = CallOptions.DEFAULT.withPriority(any.priority());
                Deadline deadline = any.deadline();
                if (deadline != null) {
                    options = options.withDeadline(deadline);
                }
                List<I> inputs = new ArrayList<>(calls.size());
                for (Call<I, O> call : calls) {
                    inputs.add(call.input());
                }
                return second.with(options).predictEach(inputs);
            }

            private void waitFor(BooleanSupplier done, long until) {
                while (!done.getAsBoolean()
                        && until - time.nanoTime() > 0
                        && !Thread.currentThread().isInterrupted()) {
                    time.parkUntil(this, until);
                }
            }

            private long latestDeadline(long now) {
                long longest = 0;
                for (Call<I, O> call : calls) {
                    Deadline deadline = call.deadline();
                    longest = Math.max(longest, deadline == null ? Long.MAX_VALUE / 2 : deadline.remainingNanos());
                }
                return now + longest;
            }

            private boolean isDecided(boolean both) {
                List<Outcome<O>> others = secondIsDone;
                if (firstIsDone) {
                    return !both || others != null || areAnswered(forks);
                }
                return others != null && hasAnswers(others);
            }

            private boolean hasAnswers(List<Outcome<O>> outcomes) {
                return outcomes.size() == calls.size()
                        && outcomes.stream().allMatch(Outcome.Answered.class::isInstance);
            }

            private void finish(boolean both) {
                boolean first = firstIsDone; // looked at once: the forks are touched only if it was true
                List<Outcome<O>> others = both && secondIsDone != null ? secondIsDone : List.of();
                over = true;
                for (int i = 0; i < calls.size(); i++) {
                    Call<I, O> call = calls.get(i);
                    if (first && (forks.get(i).value() != null || others.isEmpty())) {
                        call.join(forks.get(i));
                    } else if (i < others.size() && others.get(i) instanceof Outcome.Answered<O> answered) {
                        call.answer(answered.prediction().value(), Source.HEDGE);
                    } else if (first) {
                        call.join(forks.get(i));
                    } else if (Thread.currentThread().isInterrupted()) {
                        call.fail(new CallCancelledException("hedging: interrupted while waiting for an answer"));
                    } else {
                        call.fail(new DeadlineExceededException("hedging: no answer in time"));
                    }
                    if (both) {
                        count(call);
                    }
                }
            }

            private void count(Call<I, O> call) {
                if (call.value() == null) {
                    noneWon.increment();
                } else if (call.source() == Source.HEDGE) {
                    secondWon.increment();
                } else {
                    firstWon.increment();
                }
            }
        }
    }
}
