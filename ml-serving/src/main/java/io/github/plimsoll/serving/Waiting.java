package io.github.plimsoll.serving;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.TimeSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a run of the model, with its calls. Guarded by the owner's lock but for {@link #place}. */
final class Waiting {

    /** Where it is. */
    enum Place {
        /** In the line, and may leave it. */
        IN_LINE,
        /** In a batch: its calls belong to the thread that leads it. */
        IN_BATCH,
        /** Its calls are answered or have failed, and belong to its own thread again. */
        DONE
    }

    /** For {@link #deadline}: there is none. */
    static final long NEVER = Long.MIN_VALUE;

    final Thread thread;
    final Priority priority;
    final long since;
    final long goBy; // when it wants to be run even in a batch that is not full
    volatile Place place = Place.DONE; // until it is put into the line
    volatile boolean asleep; // set before its thread looks at its place for the last time and sleeps
    volatile long
            deadline; // of the first call that will be too late, or NEVER; read by its own thread without the lock

    @Nullable
    Waiting before;

    @Nullable
    Waiting after;

    private CallBatch<Object, Object> calls;

    /** The current thread, waiting with one or more open calls of one shape since {@code now}. */
    Waiting(CallBatch<Object, Object> calls, long now, long delay) {
        this.calls = calls;
        thread = Thread.currentThread();
        since = now;
        Priority highest = calls.get(0).priority();
        for (int i = 1; i < calls.size(); i++) {
            Priority other = calls.get(i).priority();
            highest = other.compareTo(highest) > 0 ? other : highest;
        }
        priority = highest;
        deadline = earliest(now);
        goBy = deadline != NEVER && deadline - now <= delay ? now : now + delay;
    }

    private long earliest(long now) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < calls.size(); i++) {
            Deadline end = calls.get(i).deadline();
            if (end != null) {
                least = Math.min(least, end.remainingNanos());
            }
        }
        return least == Long.MAX_VALUE ? NEVER : now + least;
    }

    boolean isLate(long now) {
        return deadline != NEVER && deadline - now <= 0;
    }

    CallBatch<Object, Object> calls() {
        return calls;
    }

    int rows() {
        return calls.size();
    }

    /** Counts how long the calls have waited. */
    void queued(long now) {
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).queued(now - since);
        }
    }

    /** Fails the calls that nobody waits for any more and lets go of them. */
    void dropUseless(TimeSource time) {
        boolean dropped = false;
        for (int i = 0; i < calls.size(); i++) {
            Call<Object, Object> call = calls.get(i);
            if (call.failIfUseless()) {
                call.queued(time.nanoTime() - since);
                dropped = true;
            }
        }
        if (dropped) {
            calls = calls.open();
            deadline = earliest(time.nanoTime());
        }
    }

    /** Fails all calls, which are open. */
    void fail(Function<Call<?, ?>, PredictionException> failure, TimeSource time) {
        queued(time.nanoTime());
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).fail(failure.apply(calls.get(i)));
        }
    }

    /** Fails the calls that are open. */
    void failOpen(PredictionException failure) {
        for (Call<Object, Object> call : calls.open()) {
            call.fail(failure);
        }
    }
}
