package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one predictor. Callers do all the work: one that finds a free run leads it and takes along who waits; one that
 * finds none waits in the line until somebody has answered its calls, or until it can lead itself. Thread-safe.
 *
 * <p>Invariants: (1) a {@link Waiting} is in the line, in one batch, or done, and belongs to the holder of the lock, the leader of
 * that batch, or its own thread. (2) Whenever a run is free and somebody in the line may use it, somebody who may is awake or
 * has been unparked: whoever gives back a run, leaves the line, or leads while more runs are free, sees to it; whoever comes
 * into the line looks once more before it sleeps. (3) A run is only taken together with calls of the thread that takes it.
 */
final class BatchingInterceptor implements Interceptor<Object, Object> {

    // All in one word, so that a caller who finds nobody needs one atomic operation to begin and one to end:
    // bits 0-23 threads in the line, 24-43 runs under way, 44-62 callers with several batches, 63 closed.
    private static final int RUN_SHIFT = 24;
    private static final long IN_LINE = 1;
    private static final long RUN = 1L << RUN_SHIFT;
    private static final long VISIT = 1L << 44;
    private static final long CLOSED = Long.MIN_VALUE;
    private static final long LINE_MASK = RUN - 1;
    private static final long RUN_MASK = (VISIT - 1) >> RUN_SHIFT;

    // Putting a thread to sleep and waking it costs twice as much as letting another run, and a small model takes no
    // longer.
    private static final int YIELDS = 2; // before sleeping
    private static final int CROWD = 4; // callers in a batch from which on others are let come first
    private static final long BUSY =
            500_000; // nanoseconds for others to run: the processors are wanted by somebody else

    private static final double LEAST_SLOPE = 1; // nanosecond: no row costs nothing

    private final Batching is;
    private final int runs;
    private final long delay;
    private final long objective; // 0 for none
    private final String model;
    private final TimeSource time;
    private final AtomicLong state = new AtomicLong();
    private final AtomicReference<@Nullable Runnable> whenDrained = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitingLine line; // under the lock
    private final CostModel costs = new CostModel(LEAST_SLOPE); // under the lock
    private volatile int rowLimit;
    private volatile long yieldNanos; // how long letting others run took lately, on average
    private volatile boolean crowded; // whether the latest batch had so many callers that more are likely to come

    private final LongAdder refused = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    BatchingInterceptor(Batching is, int[] tensors, String model, TimeSource time) {
        this.is = is;
        this.model = model;
        this.time = time;
        runs = is.runsAtOnce();
        delay = nanos(is.delay());
        objective = is.objective() == null ? 0 : nanos(is.objective());
        rowLimit = objective > 0 ? 1 : is.maxRows();
        line = new WaitingLine(tensors);
    }

    private static long nanos(Duration time) {
        return time.compareTo(Duration.ofDays(365)) < 0
                ? time.toNanos()
                : Duration.ofDays(365).toNanos();
    }

    void measure(Assembly<Object, Object> assembly) {
        assembly.measure(new Measurement(PredictionMeter.WAITING, Map.of(Tag.STAGE, "batch"), this::waiting));
        assembly.measure(new Measurement(
                PredictionMeter.SHED, Map.of(Tag.REASON, Reason.QUEUE_FULL.toString()), refused::doubleValue));
        assembly.measure(new Measurement(
                PredictionMeter.SHED, Map.of(Tag.REASON, Reason.DROPPED.toString()), dropped::doubleValue));
    }

    /** The rows that wait; read without the lock, so that metrics never hold up calls. */
    int waiting() {
        return line.rows();
    }

    @Override
    public Stage.Position position() {
        return Stage.BATCH.at();
    }

    @Override
    public String summary() {
        return is.toString();
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        if (calls.size() <= rowLimit && (calls.size() == 1 || oneShape(calls, 0) == calls.size())) {
            answer(calls, next, false);
            return;
        }
        if (!enter()) {
            failClosed(calls);
            return;
        }
        try {
            for (int from = 0; from < calls.size(); ) {
                int to = oneShape(calls, from);
                answer(calls.range(from, to), next, true);
                from = to;
            }
        } finally {
            leave(VISIT);
        }
    }

    /** The end of the batch that begins somewhere: no more rows than may be, all of one shape. */
    private int oneShape(CallBatch<Object, Object> calls, int from) {
        int end = Math.min(calls.size(), from + rowLimit);
        if (!line.hasShapes()) {
            return end;
        }
        FeatureRow first = Objects.requireNonNull(calls.get(from).features());
        int to = from + 1;
        while (to < end
                && line.isSameShape(first, Objects.requireNonNull(calls.get(to).features()))) {
            to++;
        }
        return to;
    }

    /** Stays: until it leaves, the model is not closed. */
    private boolean enter() {
        long seen = state.get();
        while (seen >= 0 && !state.compareAndSet(seen, seen + VISIT)) {
            seen = state.get();
        }
        return seen >= 0;
    }

    private void leave(long unit) {
        long now = unit == 0 ? state.get() : state.addAndGet(-unit);
        if (now == CLOSED) {
            drained();
        }
    }

    private void answer(CallBatch<Object, Object> calls, Next<Object, Object> next, boolean entered) {
        if (delay == 0 && !(crowded && yieldNanos < BUSY)) {
            long seen = state.get();
            while (seen >= 0 && (seen & LINE_MASK) == 0 && runsIn(seen) < runs) {
                if (state.compareAndSet(seen, seen + RUN)) {
                    runAlone(calls, next);
                    return;
                }
                seen = state.get();
            }
        }
        join(calls, next, entered);
    }

    private static int runsIn(long state) {
        return (int) (state >>> RUN_SHIFT & RUN_MASK);
    }

    /** Runs the calls of one thread, with a run that is taken. */
    private void runAlone(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        if (objective > 0) {
            long nanos = 0;
            try {
                nanos = runMeasured(calls, next);
            } finally {
                giveBack(calls.size(), nanos);
            }
            return;
        }
        try {
            run(calls, next);
        } finally {
            long now = state.addAndGet(-RUN);
            if ((now & LINE_MASK) != 0) {
                lock.lock();
                try {
                    wakeLeader();
                } finally {
                    lock.unlock();
                }
            } else if (now == CLOSED) {
                drained();
            }
        }
    }

    private void join(CallBatch<Object, Object> calls, Next<Object, Object> next, boolean entered) {
        Waiting mine = new Waiting(calls, time.nanoTime(), delay);
        try {
            join(mine, next, entered);
        } catch (RuntimeException | Error failure) { // such as one of the host's time source
            withdraw(mine);
            throw failure;
        }
    }

    /** Leaves nobody in the line whose thread has gone. */
    private void withdraw(Waiting mine) {
        lock.lock();
        try {
            if (mine.place == Waiting.Place.IN_LINE) {
                line.remove(mine);
                done(mine);
            }
        } finally {
            lock.unlock();
        }
        leave(0);
    }

    private void join(Waiting mine, Next<Object, Object> next, boolean entered) {
        CallBatch<Object, Object> calls = mine.calls();
        List<Waiting> batch = null;
        boolean alone = false;
        int yields = yields();
        lock.lock();
        try {
            if (state.get() < 0 && !entered) {
                failClosed(calls);
                return;
            }
            if (hasRoomFor(mine)) {
                line.add(mine);
                mine.place = Waiting.Place.IN_LINE;
                state.addAndGet(IN_LINE);
                batch = crowded && yields > 0 ? null : lead(mine);
            } else if (is.whenFull() == Batching.WhenFull.RUN_ALONE) {
                state.addAndGet(RUN);
                alone = true;
            } else {
                refuse(mine);
                return;
            }
        } finally {
            lock.unlock();
        }
        if (alone) {
            runAlone(calls, next);
        } else if (batch != null) {
            runTogether(batch, mine, next);
        } else {
            await(mine, next, yields);
        }
    }

    /** Waits in the line until the calls are over, or this thread can lead them, which it looks for after its first rest. */
    @SuppressWarnings("ThreadPriorityCheck") // a yield that the scheduler ignores costs its own call, and is timed
    private void await(Waiting mine, Next<Object, Object> next, int mostYields) {
        boolean interrupted = false;
        int yields = mostYields;
        while (mine.place != Waiting.Place.DONE) {
            if (yields > 0) {
                yields--;
                long start = time.nanoTime();
                Thread.yield();
                long before = yieldNanos;
                yieldNanos = before + (time.nanoTime() - start - before) / 16; // threads may race: it is an estimate
            } else {
                mine.asleep = true;
                park(mine);
                mine.asleep = false;
            }
            interrupted |= Thread.interrupted();
            if (mine.place == Waiting.Place.IN_LINE
                    && (interrupted || runsIn(state.get()) < runs || mine.isLate(time.nanoTime()))) {
                List<Waiting> batch = null;
                lock.lock();
                try {
                    if (mine.place == Waiting.Place.IN_LINE) {
                        if (interrupted) {
                            giveUp(mine);
                        } else {
                            if (mine.isLate(time.nanoTime())) {
                                dropUseless(mine);
                            }
                            batch = mine.place == Waiting.Place.DONE ? null : lead(mine);
                        }
                    }
                } finally {
                    lock.unlock();
                }
                if (batch != null) {
                    runTogether(batch, mine, next);
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        leave(0);
    }

    /** How often to let others run before sleeping: not while they keep the processor for long, which is tried again in time. */
    private int yields() {
        long nanos = yieldNanos;
        if (nanos < BUSY) {
            return YIELDS;
        }
        yieldNanos = nanos - nanos / 64;
        return 0;
    }

    private void park(Waiting mine) {
        switch (mine.place) {
            case IN_LINE -> {
                long limit = mine.deadline;
                if (delay > 0 && runsIn(state.get()) < runs && (limit == Waiting.NEVER || mine.goBy - limit < 0)) {
                    limit = mine.goBy;
                }
                if (limit == Waiting.NEVER) {
                    LockSupport.park(this);
                } else {
                    time.parkUntil(this, limit);
                }
            }
            case IN_BATCH -> LockSupport.park(this);
            case DONE -> {}
        }
    }

    /** Takes a run and the batch that the thread is to lead; null if it cannot, as of now. Under the lock. */
    private @Nullable List<Waiting> lead(Waiting mine) {
        if (runsIn(state.get()) >= runs || !isRipe(mine)) {
            return null;
        }
        List<Waiting> batch;
        boolean changed;
        do {
            batch = line.next(rowLimit, firstToGo());
            changed = false;
            for (Waiting waiting : batch) {
                changed |= dropUseless(waiting);
            }
        } while (changed && line.rows() > 0);
        if (!batch.contains(mine) || mine.place != Waiting.Place.IN_LINE) {
            wakeLeader();
            return null;
        }
        line.take(batch);
        for (Waiting waiting : batch) {
            waiting.place = Waiting.Place.IN_BATCH;
        }
        state.addAndGet(RUN - batch.size() * IN_LINE);
        wakeLeader();
        return batch;
    }

    private boolean isRipe(Waiting mine) {
        return delay == 0 || state.get() < 0 || line.rows() >= rowLimit || mine.goBy - time.nanoTime() <= 0;
    }

    /** Has somebody look whether it can lead, if there is a run for it. Under the lock. */
    private void wakeLeader() {
        if (line.rows() > 0 && runsIn(state.get()) < runs) {
            LockSupport.unpark(firstToGo().thread);
        }
    }

    /** Who makes the next batch go, of a line that is not empty: in a batch that waits for others, who has waited longest. */
    private Waiting firstToGo() {
        boolean inOrder = delay == 0 || state.get() < 0 || line.rows() >= rowLimit;
        return Objects.requireNonNull(inOrder ? line.first() : line.mostUrgent());
    }

    /** Drops calls that are too late or cancelled; true if nothing is left and its thread can go. Under the lock. */
    private boolean dropUseless(Waiting waiting) {
        if (!line.dropUseless(waiting, time)) {
            return false;
        }
        done(waiting);
        return true;
    }

    private void giveUp(Waiting mine) {
        mine.fail(
                call -> new CallCancelledException(
                        "call " + call.id() + ": its thread was interrupted while it waited for a batch"),
                time);
        line.remove(mine);
        done(mine);
    }

    private void done(Waiting waiting) {
        state.addAndGet(-IN_LINE);
        waiting.place = Waiting.Place.DONE;
        LockSupport.unpark(waiting.thread);
        wakeLeader();
    }

    private boolean hasRoomFor(Waiting mine) {
        if (line.rows() + mine.rows() > is.queueRows()) {
            line.forEach(this::dropUseless);
        }
        if (is.whenFull() == Batching.WhenFull.DROP_OLDEST
                && line.rowsAbove(mine.priority) + mine.rows() <= is.queueRows()) {
            while (line.rows() + mine.rows() > is.queueRows()) {
                drop(Objects.requireNonNull(line.leastImportant()));
            }
        }
        return line.rows() + mine.rows() <= is.queueRows();
    }

    private void drop(Waiting victim) {
        dropped.add(victim.rows());
        RejectedException refusal = new RejectedException(
                Reason.DROPPED,
                "model " + model + ": dropped from the queue of the batches, which is full with " + line.rows()
                        + " rows (expected: at most " + is.queueRows() + ")",
                retryAfter());
        victim.fail(call -> refusal, time);
        line.remove(victim);
        done(victim);
    }

    private void refuse(Waiting mine) {
        refused.add(mine.rows());
        RejectedException refusal = new RejectedException(
                Reason.QUEUE_FULL,
                "model " + model + ": " + line.rows() + " rows wait in the queue of the batches, " + mine.rows()
                        + " came (expected: at most " + is.queueRows() + ")",
                retryAfter());
        mine.fail(call -> refusal, time);
    }

    /** When those who wait now will have been answered; zero as long as no run was measured. */
    private Duration retryAfter() {
        int batches = (line.rows() + rowLimit - 1) / rowLimit;
        return Duration.ofNanos((long) (batches * costs.of(rowLimit) / runs));
    }

    private void failClosed(CallBatch<Object, Object> calls) {
        ModelClosedException closed = new ModelClosedException(model);
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).fail(closed);
        }
    }

    /** Runs a batch of several threads, with a run that is taken, and lets the other threads go. */
    private void runTogether(List<Waiting> batch, Waiting mine, Next<Object, Object> next) {
        int rows = 0;
        long nanos = 0;
        boolean isCrowd = batch.size() >= CROWD;
        if (crowded != isCrowd) { // written only when it changes, as all callers read it
            crowded = isCrowd;
        }
        try {
            long start = time.nanoTime();
            for (Waiting waiting : batch) {
                waiting.queued(start);
                rows += waiting.rows();
            }
            nanos = runMeasured(batch.size() == 1 ? mine.calls() : together(batch), next);
        } catch (RuntimeException | Error failure) {
            PredictionException ended = new PredictionException(
                    "model " + model + ": the thread that ran the batch failed: " + failure, failure);
            for (Waiting waiting : batch) {
                if (waiting != mine) {
                    waiting.failOpen(ended);
                }
            }
            throw failure;
        } finally {
            for (Waiting waiting : batch) {
                if (waiting != mine) {
                    waiting.place = Waiting.Place.DONE;
                }
            }
            giveBack(rows, nanos);
            for (Waiting waiting : batch) {
                if (waiting != mine && waiting.asleep) {
                    LockSupport.unpark(waiting.thread);
                }
            }
        }
    }

    private static CallBatch<Object, Object> together(List<Waiting> batch) {
        List<Call<Object, Object>> calls = new ArrayList<>();
        for (Waiting waiting : batch) {
            for (int i = 0; i < waiting.rows(); i++) {
                calls.add(waiting.calls().get(i));
            }
        }
        return CallBatch.of(calls);
    }

    private void run(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        ask(calls, next);
        isolate(calls, next, is.extraRuns());
    }

    /** Runs calls; returns how long the first run of the model took, or 0 if it tells nothing because it failed. */
    private long runMeasured(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        long start = time.nanoTime();
        ask(calls, next);
        long nanos = calls.get(0).value() == null ? 0 : time.nanoTime() - start;
        isolate(calls, next, is.extraRuns());
        return nanos;
    }

    private void ask(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        next.proceed(padded(calls));
    }

    private CallBatch<Object, Object> padded(CallBatch<Object, Object> calls) {
        int wanted = is.paddedSize(calls.size());
        if (wanted == calls.size()) {
            return calls;
        }
        List<Call<Object, Object>> more = new ArrayList<>(wanted);
        calls.forEach(more::add);
        while (more.size() < wanted) {
            more.add(calls.get(calls.size() - 1).fork()); // forgotten after the run: no listener is told
        }
        return CallBatch.of(more);
    }

    /** Finds the rows that make runs fail, by running halves of what failed together. Returns the extra runs that are left. */
    private int isolate(CallBatch<Object, Object> calls, Next<Object, Object> next, int extraRuns) {
        int left = extraRuns;
        if (left > 0 && calls.size() > 1) {
            for (CallBatch<Object, Object> failed : failedTogether(calls)) {
                int half = failed.size() / 2;
                left = again(failed.range(0, half), next, left);
                left = again(failed.range(half, failed.size()), next, left);
            }
        }
        return left;
    }

    private int again(CallBatch<Object, Object> calls, Next<Object, Object> next, int left) {
        if (left == 0) {
            return 0;
        }
        calls.forEach(Call::reopen);
        ask(calls, next);
        return isolate(calls, next, left - 1);
    }

    /** The calls that share an exception of the engine, which they do if they were in one run. */
    private static List<CallBatch<Object, Object>> failedTogether(CallBatch<Object, Object> calls) {
        Map<PredictionException, List<Call<Object, Object>>> byFailure = null;
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).failure() instanceof ModelExecutionException failure) {
                if (byFailure == null) {
                    byFailure = new LinkedHashMap<>(); // exceptions are equal only to themselves
                }
                byFailure.computeIfAbsent(failure, key -> new ArrayList<>()).add(calls.get(i));
            }
        }
        if (byFailure == null) {
            return List.of();
        }
        return byFailure.values().stream()
                .filter(group -> group.size() > 1)
                .map(CallBatch::of)
                .toList();
    }

    /** Gives back a run after it was measured; 0 nanoseconds if it was not. */
    private void giveBack(int rows, long nanos) {
        lock.lock();
        try {
            if (nanos > 0) {
                costs.add(is.paddedSize(rows), (double) nanos);
                if (objective > 0) {
                    rowLimit = Math.min(is.maxRows(), costs.rowsWithin(objective / 2.0));
                }
            }
            state.addAndGet(-RUN);
            wakeLeader();
        } finally {
            lock.unlock();
        }
        leave(0);
    }

    /** Answers whoever waits, then lets the model be closed; from here on calls fail. */
    void close(Runnable then) {
        whenDrained.set(then);
        lock.lock();
        try {
            state.updateAndGet(seen -> seen | CLOSED); // under the lock: nobody comes between looking and joining
            wakeLeader();
        } finally {
            lock.unlock();
        }
        leave(0);
    }

    private void drained() {
        Runnable then = whenDrained.getAndSet(null);
        if (then != null) {
            then.run();
        }
    }
}
