package io.github.plimsoll.serving;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.TimeSource;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a permit. Whoever ends the waiting does so under the lock of the queue that the waiter is in. */
final class Waiter {

    /** What has become of a waiter. */
    enum State {
        WAITING,
        /** It has a permit. */
        ADMITTED,
        /** It had to make room for one of a higher priority. */
        DISPLACED
    }

    final Priority priority;
    final Thread thread = Thread.currentThread();
    private volatile State state = State.WAITING;

    Waiter(Priority priority) {
        this.priority = priority;
    }

    State state() {
        return state;
    }

    void end(State end) {
        state = end;
        LockSupport.unpark(thread);
    }

    /** Returns when the waiting is ended, the time has come or the thread is interrupted, which it stays. */
    void await(TimeSource time, long nanoTime) {
        while (state == State.WAITING
                && nanoTime - time.nanoTime() > 0
                && !Thread.currentThread().isInterrupted()) {
            time.parkUntil(this, nanoTime);
        }
    }

    /** Until when a batch may wait: the longest time, or earlier if no call in it has that long. */
    static long until(CallBatch<Object, Object> calls, TimeSource time, long longestNanos) {
        long longest = 0;
        for (int i = 0; i < calls.size(); i++) {
            @Nullable Deadline deadline = calls.get(i).deadline();
            longest = Math.max(
                    longest, deadline == null ? longestNanos : Math.min(longestNanos, deadline.remainingNanos()));
        }
        return time.nanoTime() + longest;
    }

    static Priority highestPriority(CallBatch<Object, Object> calls) {
        Priority highest = calls.get(0).priority();
        for (int i = 1; i < calls.size(); i++) {
            Call<Object, Object> call = calls.get(i);
            highest = call.priority().compareTo(highest) > 0 ? call.priority() : highest;
        }
        return highest;
    }
}
