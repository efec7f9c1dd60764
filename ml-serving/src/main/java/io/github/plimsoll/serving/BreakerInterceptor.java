package io.github.plimsoll.serving;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.serving.CircuitBreaker.State;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breaker of one predictor. Thread-safe.
 *
 * <p>The state is an object that is replaced as a whole, from exactly the one that was looked at: of several threads that want
 * the same change, one makes it, and an outcome always reaches the object that let its call through, be it replaced or not.
 */
final class BreakerInterceptor implements Interceptor<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

    private final CircuitBreaker options; // the host's switches
    private final BreakerSettings settings;
    private final ModelId model;
    private final String name;
    private final TimeSource time;
    private final boolean readsClock; // at the end of each call
    private final AtomicReference<Phase> phase;
    private final Map<State, LongAdder> transitions =
            Map.of(State.CLOSED, new LongAdder(), State.OPEN, new LongAdder(), State.HALF_OPEN, new LongAdder());
    final LongAdder shed = new LongAdder();

    BreakerInterceptor(CircuitBreaker options, ModelId model, TimeSource time) {
        this.options = options;
        settings = options.settings;
        this.model = model;
        name = "circuit breaker of " + model + ": ";
        this.time = time;
        readsClock = settings.slowNanos > 0 || settings.windowCalls == 0;
        phase = new AtomicReference<>(closed());
    }

    @Override
    public Stage.Position position() {
        return Stage.BREAK.at();
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        State forced = options.forced();
        if (forced == State.CLOSED) {
            next.proceed(calls);
            return;
        }
        if (forced == State.OPEN) {
            refuse(calls, "forced open by the host", 0);
            return;
        }
        boolean useful = false;
        for (int i = 0; i < calls.size(); i++) {
            useful |= !calls.get(i).failIfUseless();
        }
        if (useful) {
            intercept(phase(), calls, next);
        }
    }

    private void intercept(Phase now, CallBatch<Object, Object> calls, Next<Object, Object> next) {
        if (now instanceof Closed closed) {
            long start = settings.slowNanos > 0 ? time.nanoTime() : 0;
            boolean ended = false;
            try {
                next.proceed(calls);
                ended = true;
            } finally {
                long end = readsClock ? time.nanoTime() : 0;
                closed.count(ended ? outcome(calls, end - start) : Outcome.FAILED, end);
            }
        } else if (now instanceof Open open) {
            long left = open.until - time.nanoTime();
            if (left > 0) {
                refuse(calls.open(), "open", left);
            } else {
                change(now, new HalfOpen());
                intercept(phase(), calls, next);
            }
        } else if (now instanceof HalfOpen halfOpen) {
            probe(halfOpen, calls, next);
        }
    }

    private void probe(HalfOpen halfOpen, CallBatch<Object, Object> calls, Next<Object, Object> next) {
        Probe probe = halfOpen.tryProbe(time.nanoTime());
        if (probe == null) {
            Phase now = phase();
            if (now == halfOpen) {
                refuse(calls.open(), "half-open, and all " + settings.probes + " probes are under way", 0);
            } else {
                intercept(now, calls, next); // a probe that was overdue has just decided
            }
            return;
        }
        long start = settings.slowNanos > 0 ? time.nanoTime() : 0;
        boolean ended = false;
        try {
            next.proceed(calls);
            ended = true;
        } finally {
            long end = readsClock ? time.nanoTime() : 0;
            halfOpen.end(probe, ended ? outcome(calls, end - start) : Outcome.FAILED);
        }
    }

    /** What a batch counts as. */
    private Outcome outcome(CallBatch<Object, Object> calls, long nanos) {
        int failed = 0;
        int counted = 0;
        for (int i = 0; i < calls.size(); i++) {
            Call<Object, Object> call = calls.get(i);
            PredictionException failure = call.failure();
            if (failure == null) {
                counted++;
                Deadline deadline = call.deadline();
                failed += deadline != null && deadline.isOver() ? 1 : 0;
            } else if (settings.failures.test(failure)) {
                counted++;
                failed++;
            }
        }
        if (counted == 0) {
            return Outcome.NONE;
        }
        boolean slow = settings.slowNanos > 0 && nanos >= settings.slowNanos;
        return failed >= settings.failureRate * counted
                ? slow ? Outcome.FAILED_SLOWLY : Outcome.FAILED
                : slow ? Outcome.SLOW : Outcome.GOOD;
    }

    private void refuse(CallBatch<Object, Object> calls, String why, long retryNanos) {
        shed.add(calls.size());
        RejectedException refusal = new RejectedException(
                Reason.CIRCUIT_OPEN, name + why + " (expected: closed)", Duration.ofNanos(retryNanos));
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).fail(refusal);
        }
    }

    private Closed closed() {
        return new Closed(
                settings.windowCalls > 0
                        ? new CallWindow(settings.windowCalls)
                        : new TimeWindow(settings.windowNanos, time.nanoTime()));
    }

    private void open(Phase from) {
        change(from, new Open(time.nanoTime() + settings.openNanos));
    }

    private void change(Phase from, Phase to) {
        if (phase.compareAndSet(from, to)) {
            transitionsTo(to.state()).increment();
            try {
                settings.listener.onTransition(model, from.state(), to.state());
            } catch (RuntimeException failure) {
                LOG.warn("{}: a listener of the circuit breaker failed; the breaker is {}", model, to.state(), failure);
            }
        }
    }

    State state() {
        State forced = options.forced();
        return forced != null ? forced : phase().state();
    }

    LongAdder transitionsTo(State state) {
        return Objects.requireNonNull(transitions.get(state));
    }

    private Phase phase() {
        return Objects.requireNonNull(phase.get());
    }

    @Override
    public String summary() {
        return options.toString();
    }

    /** What a call counts as. */
    enum Outcome {
        GOOD,
        FAILED,
        SLOW,
        FAILED_SLOWLY,
        NONE;

        boolean isFailed() {
            return this == FAILED || this == FAILED_SLOWLY;
        }

        boolean isSlow() {
            return this == SLOW || this == FAILED_SLOWLY;
        }
    }

    private sealed interface Phase {
        State state();
    }

    private final class Closed implements Phase {

        private final Window window;

        Closed(Window window) {
            this.window = window;
        }

        @Override
        public State state() {
            return State.CLOSED;
        }

        void count(Outcome outcome, long now) {
            if (outcome == Outcome.NONE || window.isGoodWith(outcome, now)) {
                return;
            }
            int failed = window.failed();
            int slow = window.slow();
            int calls = window.calls();
            if (calls >= settings.minimumCalls
                    && (failed >= settings.failureRate * calls
                            || (settings.slowNanos > 0 && slow >= settings.slowRate * calls))) {
                open(this);
            }
        }
    }

    private record Open(long until) implements Phase {

        @Override
        public State state() {
            return State.OPEN;
        }
    }

    /** A call that is let through half-open. */
    private static final class Probe {

        private final long until;
        private boolean ended;

        Probe(long until) {
            this.until = until;
        }
    }

    private final class HalfOpen implements Phase {

        private final Probe[] probes = new Probe[settings.probes];
        private int taken;
        private int ended;
        private int failed;
        private int slow;

        @Override
        public State state() {
            return State.HALF_OPEN;
        }

        /** A probe, or null if there is none left. */
        @Nullable
        Probe tryProbe(long now) {
            synchronized (this) {
                for (int i = 0; i < taken; i++) {
                    if (!probes[i].ended && now - probes[i].until >= 0) {
                        count(probes[i], Outcome.FAILED);
                    }
                }
                if (!isDecided()) {
                    if (taken == probes.length) {
                        return null;
                    }
                    Probe probe = new Probe(now + settings.probeNanos);
                    probes[taken++] = probe;
                    return probe;
                }
            }
            decide();
            return null;
        }

        void end(Probe probe, Outcome outcome) {
            synchronized (this) {
                if (probe.ended) {
                    return; // overdue, and counted as failed
                }
                if (outcome == Outcome.NONE) {
                    giveBack(probe);
                } else {
                    count(probe, outcome);
                }
            }
            decide();
        }

        private void count(Probe probe, Outcome outcome) {
            probe.ended = true;
            ended++;
            failed += outcome.isFailed() ? 1 : 0;
            slow += outcome.isSlow() ? 1 : 0;
        }

        private void giveBack(Probe probe) {
            int index = 0;
            while (probes[index] != probe) {
                index++;
            }
            probes[index] = probes[--taken];
        }

        private boolean isDecided() {
            return isBad() || isGood();
        }

        private boolean isBad() {
            return failed >= settings.failureRate * probes.length
                    || (settings.slowNanos > 0 && slow >= settings.slowRate * probes.length);
        }

        private boolean isGood() {
            int toCome = probes.length - ended;
            return failed + toCome < settings.failureRate * probes.length
                    && (settings.slowNanos == 0 || slow + toCome < settings.slowRate * probes.length);
        }

        private void decide() {
            boolean bad;
            boolean good;
            synchronized (this) {
                bad = isBad();
                good = isGood();
            }
            if (bad) {
                open(this);
            } else if (good) {
                change(this, closed());
            }
        }
    }

    /** The outcomes that a closed breaker looks at. Thread-safe. */
    private interface Window {

        /** Adds an outcome; true if no call in the window has failed or was slow. */
        boolean isGoodWith(Outcome outcome, long now);

        int calls();

        int failed();

        int slow();
    }

    /**
     * The latest calls, without a lock: a call takes a place in a ring by counting and exchanges what was there. The two sums
     * are changed by each exchange that changes something, so they always end up as the sums over the ring.
     */
    private static final class CallWindow implements Window {

        private final AtomicReferenceArray<Outcome> ring; // filled with good calls
        private final AtomicLong count = new AtomicLong();
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicInteger slow = new AtomicInteger();

        CallWindow(int calls) {
            ring = new AtomicReferenceArray<>(calls);
            for (int i = 0; i < calls; i++) {
                ring.set(i, Outcome.GOOD);
            }
        }

        @Override
        public boolean isGoodWith(Outcome outcome, long now) {
            int place = (int) (count.getAndIncrement() % ring.length());
            if (ring.get(place) != outcome) { // good after good is the usual case, and only read
                Outcome before = ring.getAndSet(place, outcome);
                change(failed, before.isFailed(), outcome.isFailed());
                change(slow, before.isSlow(), outcome.isSlow());
            }
            return failed.get() == 0 && slow.get() == 0;
        }

        private static void change(AtomicInteger sum, boolean before, boolean after) {
            if (before != after) {
                sum.addAndGet(after ? 1 : -1);
            }
        }

        @Override
        public int calls() {
            return (int) Math.min(count.get(), ring.length());
        }

        @Override
        public int failed() {
            return failed.get();
        }

        @Override
        public int slow() {
            return slow.get();
        }
    }

    /** The calls of the latest time, in ten steps of a tenth each. */
    private static final class TimeWindow implements Window {

        private static final int STEPS = 10;

        private final long stepNanos;
        private final int[] stepCalls = new int[STEPS];
        private final int[] stepFailed = new int[STEPS];
        private final int[] stepSlow = new int[STEPS];
        private int calls;
        private int failed;
        private int slow;
        private long stepEnd;
        private int step;

        TimeWindow(long nanos, long now) {
            stepNanos = nanos / STEPS;
            stepEnd = now + stepNanos;
        }

        @Override
        public synchronized boolean isGoodWith(Outcome outcome, long now) {
            moveOn(now);
            calls++;
            stepCalls[step]++;
            if (outcome.isFailed()) {
                failed++;
                stepFailed[step]++;
            }
            if (outcome.isSlow()) {
                slow++;
                stepSlow[step]++;
            }
            return failed == 0 && slow == 0;
        }

        private void moveOn(long now) {
            long late = now - stepEnd;
            if (late < 0) {
                return;
            }
            long steps = late / stepNanos + 1;
            stepEnd += steps * stepNanos;
            for (long i = Math.min(steps, STEPS); i > 0; i--) {
                step = (step + 1) % STEPS;
                calls -= stepCalls[step];
                failed -= stepFailed[step];
                slow -= stepSlow[step];
                stepCalls[step] = 0;
                stepFailed[step] = 0;
                stepSlow[step] = 0;
            }
        }

        @Override
        public synchronized int calls() {
            return calls;
        }

        @Override
        public synchronized int failed() {
            return failed;
        }

        @Override
        public synchronized int slow() {
            return slow;
        }
    }
}
