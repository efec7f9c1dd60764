package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Permits to run a model, shared by several predictors: what keeps the models of one process from asking for more cores than
 * there are. The host makes one and gives it to each of them.
 *
 * <pre>{@code
 * SharedBudget cores = SharedBudget.permits(8).queue(64, Duration.ofMillis(20));
 *
 * var risk = ....with(cores.weight(3)).build();
 * var churn = ....with(cores).build(); // weight 1
 * }</pre>
 *
 * <p>A run of a model takes one permit, whether it is for one input or for a batch, and gives it back when it ends. So the
 * permits should be as many as the cores divided by the threads that the engine uses for a run.
 *
 * <p><b>Fairness.</b> A free permit is anybody's: a model that is alone may use all of them, and nothing is taken away from a
 * run. When calls wait, the next permit goes to the highest {@linkplain io.github.plimsoll.core.Priority priority}; among
 * these to the predictor that runs least for its weight; among these to the one that was served longest ago; and within a
 * predictor to the first that came. So under load from everybody the runs under way are divided by weight, and a model that
 * was idle gets the very next permit. Without a {@linkplain #queue queue} it is first come, first served.
 *
 * <p><b>No deadlock.</b> Waiting always has a limit. A call that is made from within a run, by a model that asks another
 * predictor on the same thread, runs under the permit that its thread has. A predictor that is closed holds nothing: what it
 * is still running gives its permits back as it ends.
 *
 * <p>Who gets no permit is refused with a {@link RejectedException} without a hint. Stands after {@link Stage#BATCH}, next to
 * the model, so that calls which wait for a batch hold no permit. Thread-safe; guarded by one lock that is held for some
 * instructions at a time.
 *
 * @since 0.1
 * @see ConcurrencyLimit
 */
public final class SharedBudget implements Capability<Object, Object> {

    private final int permits;
    private final int places;
    private final long longestNanos;
    private final Object lock = new Object();
    private final List<Thread> runners = new ArrayList<>(); // those that hold a permit, as many as are running
    private final List<Member> waiting = new ArrayList<>(); // those with waiters, the one served longest ago first

    private SharedBudget(int permits, int places, long longestNanos) {
        this.permits = permits;
        this.places = places;
        this.longestNanos = longestNanos;
    }

    /**
     * A budget that refuses at once who finds no permit.
     *
     * @param runs how many runs there may be at once, over all predictors
     * @return the budget
     * @throws IllegalArgumentException if it is less than 1
     */
    public static SharedBudget permits(int runs) {
        return new SharedBudget(Checks.atLeast("permits", runs, 1), 0, 0);
    }

    /**
     * A budget of as many permits, whose predictors wait for one: on the thread of the run, no longer than its deadline.
     *
     * @param waiters how many runs of each predictor may wait at once
     * @param longest how long each of them may wait
     * @return another budget, with permits of its own
     * @throws IllegalArgumentException if there is no place or no time
     */
    public SharedBudget queue(int waiters, Duration longest) {
        return new SharedBudget(permits, Checks.atLeast("queue", waiters, 1), Checks.positiveNanos("queue", longest));
    }

    /**
     * This budget for a predictor that deserves more of it than others.
     *
     * @param share how much, against the weights of the others; a predictor that is given the budget itself has 1
     * @return what to give to the predictor
     * @throws IllegalArgumentException unless it is from 1 to 1000
     */
    public Capability<Object, Object> weight(int share) {
        if (share < 1 || share > 1000) {
            throw new IllegalArgumentException("weight: " + share + " (expected: 1 to 1000)");
        }
        return assembly -> {
            Member member = new Member(share, assembly.time());
            assembly.add(member);
            assembly.measure(new Measurement(
                    PredictionMeter.SHED,
                    Map.of(Tag.REASON, Reason.SHARED_BUDGET.toString()),
                    member.shed::doubleValue));
            assembly.measure(new Measurement(PredictionMeter.BUDGET, Map.of(), () -> permits));
            assembly.measure(new Measurement(PredictionMeter.BUDGET_ACTIVE, Map.of(), member::running));
        };
    }

    /**
     * Gives the predictor a weight of 1.
     *
     * @throws IllegalStateException if the predictor has a shared budget already
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        weight(1).attach(assembly);
    }

    /**
     * How many permits are taken.
     *
     * @return a number from 0 to that of the permits
     */
    public int running() {
        synchronized (lock) {
            return runners.size();
        }
    }

    /** The budget in words, such as {@code 8 permits, 64 wait up to PT0.02S}. */
    @Override
    public String toString() {
        return permits + " permits, "
                + (places == 0 ? "no queue" : places + " wait up to " + Duration.ofNanos(longestNanos));
    }

    private void admitWaiters() {
        while (runners.size() < permits && !waiting.isEmpty()) {
            Member next = waiting.get(0);
            for (Member other : waiting) {
                next = other.isBefore(next) ? other : next;
            }
            Waiter waiter = next.first();
            next.line.remove(waiter);
            next.take(waiter.thread);
            waiting.remove(next);
            if (next.line.size() > 0) {
                waiting.add(next);
            }
            waiter.end(Waiter.State.ADMITTED);
        }
    }

    private enum Admission {
        ADMITTED,
        /** Under the permit that the thread has. */
        NESTED,
        REFUSED
    }

    /** What one predictor has of the budget. */
    private final class Member implements Interceptor<Object, Object> {

        private final int weight;
        private final TimeSource time;
        private final PermitLine line = new PermitLine(places);
        private final LongAdder shed = new LongAdder();
        private int mine; // runs under way, guarded by the budget's lock

        Member(int weight, TimeSource time) {
            this.weight = weight;
            this.time = time;
        }

        private Waiter first() {
            return Objects.requireNonNull(line.first());
        }

        /** Whether the next permit should rather go here; of equals, the other keeps it. */
        boolean isBefore(Member other) {
            int byPriority = first().priority.compareTo(other.first().priority);
            return byPriority > 0 || (byPriority == 0 && (long) mine * other.weight < (long) other.mine * weight);
        }

        private double running() {
            synchronized (lock) {
                return mine;
            }
        }

        private void take(Thread runner) {
            runners.add(runner);
            mine++;
        }

        private void giveBack() {
            synchronized (lock) {
                runners.remove(Thread.currentThread());
                mine--;
                admitWaiters();
            }
        }

        @Override
        public Stage.Position position() {
            return Stage.BATCH.after();
        }

        @Override
        public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
            switch (admission(calls)) {
                case REFUSED -> {}
                case NESTED -> next.proceed(calls);
                case ADMITTED -> {
                    try {
                        next.proceed(calls);
                    } finally {
                        giveBack();
                    }
                }
            }
        }

        private Admission admission(CallBatch<Object, Object> calls) {
            Waiter waiter = null;
            synchronized (lock) {
                Thread caller = Thread.currentThread();
                if (runners.contains(caller)) {
                    return Admission.NESTED;
                }
                if (waiting.isEmpty() && runners.size() < permits) {
                    take(caller);
                    return Admission.ADMITTED;
                }
                if (places > 0) {
                    waiter = queue(new Waiter(Waiter.highestPriority(calls)));
                }
            }
            return waiter == null ? refuse(calls) : await(waiter, calls);
        }

        private @Nullable Waiter queue(Waiter waiter) {
            if (!line.add(waiter)) {
                return null;
            }
            if (!waiting.contains(this)) {
                waiting.add(this);
            }
            return waiter;
        }

        private Admission await(Waiter waiter, CallBatch<Object, Object> calls) {
            long start = time.nanoTime();
            waiter.await(time, Waiter.until(calls, time, longestNanos));
            synchronized (lock) {
                if (line.remove(waiter) && line.size() == 0) {
                    waiting.remove(this);
                }
            }
            long waited = time.nanoTime() - start;
            for (int i = 0; i < calls.size(); i++) {
                calls.get(i).queued(waited);
            }
            if (waiter.state() == Waiter.State.ADMITTED) {
                return Admission.ADMITTED; // the model is asked next, and what is over by then is not given to it
            }
            if (Thread.currentThread().isInterrupted()) {
                fail(calls, new CallCancelledException("shared budget: interrupted while waiting for a permit"));
                return Admission.REFUSED;
            }
            for (int i = 0; i < calls.size(); i++) {
                calls.get(i).failIfUseless();
            }
            return refuse(calls.open());
        }

        private Admission refuse(CallBatch<Object, Object> calls) {
            shed.add(calls.size());
            fail(
                    calls,
                    new RejectedException(
                            Reason.SHARED_BUDGET,
                            "shared budget: no permit for one more run (expected: at most " + permits + " at once)",
                            Duration.ZERO));
            return Admission.REFUSED;
        }

        private static void fail(CallBatch<Object, Object> calls, PredictionException failure) {
            for (int i = 0; i < calls.size(); i++) {
                calls.get(i).fail(failure);
            }
        }

        @Override
        public String summary() {
            return "weight " + weight + " in a budget of " + SharedBudget.this;
        }
    }
}
