package io.github.plimsoll.serving;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.serving.RejectedException.Reason;
import io.github.plimsoll.serving.Waiter.State;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one predictor. Thread-safe.
 *
 * <p>A permit is taken by a compare-and-set on the number running, so it never exceeds the limit. With a queue, two more rules
 * hold: nobody takes a permit past those who wait, and whoever gives one back looks for waiters after the number has gone
 * down. A waiter looks for a permit after it has been counted as waiting; so one of the two sees the other.
 */
final class LimitInterceptor implements Interceptor<Object, Object> {

    private static final int MIN_SAMPLES = 10;

    private final ConcurrencyLimit options;
    private final boolean adapts;
    private final TimeSource time;
    private final AtomicInteger running = new AtomicInteger();
    private volatile Shares most; // replaced as a whole
    private final PermitLine line;
    private volatile int waiting; // written under the lock of the line
    private volatile long lastPermitNanos; // how long the latest call took that had the last permit
    final LongAdder refused = new LongAdder(); // by the limit
    final LongAdder shed = new LongAdder(); // for their priority
    private final Window window;

    LimitInterceptor(ConcurrencyLimit options, TimeSource time) {
        this.options = options;
        adapts = options.adapts;
        this.time = time;
        line = new PermitLine(options.places);
        most = shares(options.start.limit());
        window = new Window(options.start, time.nanoTime() + options.windowNanos);
    }

    private Shares shares(int limit) {
        int whole = Math.max(1, limit); // a limit of the host's own may say 0: nothing would ever end to change it
        return new Shares(Shares.of(whole, options.lowShare), Shares.of(whole, options.normalShare), whole);
    }

    @Override
    public Stage.Position position() {
        return Stage.LIMIT.at();
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        Priority priority = Waiter.highestPriority(calls);
        int inFlight = take(priority);
        if (inFlight == 0) {
            inFlight = options.places == 0 ? refuse(calls, priority) : await(calls, priority);
            if (inFlight == 0) {
                return;
            }
        }
        boolean timed = adapts || inFlight == most.high;
        long start = timed ? time.nanoTime() : 0;
        try {
            next.proceed(calls);
        } finally {
            long end = timed ? time.nanoTime() : 0;
            giveBack();
            if (timed) {
                ended(calls, start, end, inFlight);
            }
        }
    }

    /** Takes a permit: how many are taken then, or 0 if there is none for the priority. */
    private int take(Priority priority) {
        return waiting > 0 ? 0 : takeFree(priority);
    }

    private int takeFree(Priority priority) {
        int now = running.get();
        while (now < most.of(priority)) {
            int witness = running.compareAndExchange(now, now + 1);
            if (witness == now) {
                return now + 1;
            }
            now = witness;
        }
        return 0;
    }

    private void giveBack() {
        running.decrementAndGet();
        admitWaiters();
    }

    private void admitWaiters() {
        if (waiting > 0) {
            synchronized (line) {
                admitWaitersLocked();
            }
        }
    }

    private void admitWaitersLocked() {
        // Shares grow with the priority: if there is none for the first in line, there is none for anybody behind.
        for (Waiter first = line.first(); first != null && takeFree(first.priority) > 0; first = line.first()) {
            line.remove(first);
            first.end(State.ADMITTED);
        }
        waiting = line.size();
    }

    /** Waits for a permit: how many are taken then, or 0 if the calls have failed. */
    private int await(CallBatch<Object, Object> calls, Priority priority) {
        Waiter waiter = new Waiter(priority);
        synchronized (line) {
            Waiter first = line.first();
            int free = first == null || first.priority.compareTo(priority) < 0 ? takeFree(priority) : 0;
            if (free > 0) {
                return free; // past those who wait for a lower priority's share
            }
            if (!line.add(waiter)) {
                return refuse(calls, priority);
            }
            waiting = line.size();
            admitWaitersLocked();
        }
        long start = time.nanoTime();
        waiter.await(time, Waiter.until(calls, time, options.longestNanos));
        if (waiter.state() == State.WAITING) {
            synchronized (line) {
                if (line.remove(waiter)) {
                    waiting = line.size();
                    admitWaitersLocked(); // those behind may have a share where the one who leaves had none
                }
            }
        }
        long waited = time.nanoTime() - start;
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).queued(waited);
        }
        if (waiter.state() == State.ADMITTED) {
            return start(calls);
        }
        if (Thread.currentThread().isInterrupted()) {
            fail(calls, new CallCancelledException("concurrency limit: interrupted while waiting for a permit"));
            return 0;
        }
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).failIfUseless();
        }
        return waiter.state() == State.DISPLACED
                ? refuse(
                        calls.open(),
                        Reason.LOAD_SHED,
                        "a call of a higher priority than " + priority + " took the place in the queue of "
                                + options.places)
                : refuse(calls.open(), priority);
    }

    /** The permit that a waiter was given, unless nobody waits for the answers any more. */
    private int start(CallBatch<Object, Object> calls) {
        boolean useful = false;
        for (int i = 0; i < calls.size(); i++) {
            useful |= !calls.get(i).failIfUseless();
        }
        if (!useful) {
            giveBack();
            return 0;
        }
        return Math.max(1, running.get());
    }

    private int refuse(CallBatch<Object, Object> calls, Priority priority) {
        Shares shares = most;
        int now = running.get();
        return now < shares.high && priority != Priority.HIGH
                ? refuse(
                        calls,
                        Reason.LOAD_SHED,
                        now + " calls running (expected: < " + shares.of(priority) + " for " + priority + ")")
                : refuse(calls, Reason.CONCURRENCY_LIMIT, now + " calls running (expected: < " + shares.high + ")");
    }

    private int refuse(CallBatch<Object, Object> calls, Reason reason, String found) {
        if (calls.size() > 0) {
            (reason == Reason.LOAD_SHED ? shed : refused).add(calls.size());
            fail(
                    calls,
                    new RejectedException(reason, "concurrency limit: " + found, Duration.ofNanos(lastPermitNanos)));
        }
        return 0;
    }

    private static void fail(CallBatch<Object, Object> calls, PredictionException failure) {
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).fail(failure);
        }
    }

    private void ended(CallBatch<Object, Object> calls, long start, long end, int inFlight) {
        lastPermitNanos = Math.max(0, end - start);
        if (!adapts) {
            return;
        }
        boolean answered = false;
        boolean dropped = false;
        for (int i = 0; i < calls.size(); i++) {
            Call<Object, Object> call = calls.get(i);
            @Nullable Deadline deadline = call.deadline();
            dropped |= call.failure() instanceof DeadlineExceededException || (deadline != null && deadline.isOver());
            answered |= call.value() != null;
        }
        if (answered || dropped) {
            window.add(Math.max(0, end - start), end, inFlight, dropped);
        }
    }

    double limit() {
        return most.high;
    }

    double running() {
        return running.get();
    }

    double waiting() {
        return waiting;
    }

    @Override
    public String summary() {
        return options.toString();
    }

    /** How many permits may be taken when a call of a priority comes. */
    private record Shares(int low, int normal, int high) {

        static int of(int whole, double share) {
            return Math.max(1, (int) (whole * share + 1e-9)); // 0.29 of 100 is 29, not 28.999...
        }

        int of(Priority priority) {
            return priority == Priority.NORMAL ? normal : priority == Priority.HIGH ? high : low;
        }
    }

    /** Gathers calls until the limit is told about them. */
    private final class Window {

        private AdaptiveLimit limit;
        private long end;
        private long nanos;
        private int samples;
        private int inFlight;
        private boolean dropped;

        Window(AdaptiveLimit limit, long end) {
            this.limit = limit;
            this.end = end;
        }

        void add(long took, long now, int ran, boolean drop) {
            boolean grown;
            synchronized (this) {
                nanos += took;
                samples++;
                inFlight = Math.max(inFlight, ran);
                dropped |= drop;
                if (samples < MIN_SAMPLES || now - end < 0) {
                    return;
                }
                int before = limit.limit();
                limit = limit.after(Math.max(1, nanos / samples), inFlight, dropped);
                end = now + options.windowNanos;
                nanos = 0;
                samples = 0;
                inFlight = 0;
                dropped = false;
                grown = limit.limit() > before;
                if (limit.limit() != before) {
                    most = shares(limit.limit());
                }
            }
            if (grown) {
                admitWaiters();
            }
        }
    }
}
