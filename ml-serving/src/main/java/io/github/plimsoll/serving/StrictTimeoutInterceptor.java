package io.github.plimsoll.serving;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A deadline at which callers are let go, while forks of their calls go on in a thread of the host's. Thread-safe. */
final class StrictTimeoutInterceptor implements Interceptor<Object, Object> {

    private final Duration timeout;
    private final Executor executor;
    private final TimeSource time;
    private final LongAdder overruns;
    private final LongAdder refused;

    StrictTimeoutInterceptor(
            Duration timeout, Executor executor, TimeSource time, LongAdder overruns, LongAdder refused) {
        this.timeout = timeout;
        this.executor = executor;
        this.time = time;
        this.overruns = overruns;
        this.refused = refused;
    }

    @Override
    public Stage.Position position() {
        return Stage.DEADLINE.at();
    }

    @Override
    public String summary() {
        return Timeout.words(timeout, true);
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        Deadline end = calls.get(0).deadlineAfter(timeout);
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).tighten(end);
            calls.get(i).failIfUseless();
        }
        CallBatch<Object, Object> open = calls.open();
        if (open.size() == 0) {
            return;
        }
        Work work = new Work(open, next, time.nanoTime());
        try {
            executor.execute(work);
        } catch (RejectedExecutionException refusal) {
            refused.add(open.size());
            fail(
                    open,
                    new RejectedException(
                            Reason.EXECUTOR_FULL,
                            "timeout: the host's executor refused the call (expected: a thread for each call under"
                                    + " way): "
                                    + refusal.getMessage(),
                            Duration.ZERO));
            return;
        }
        work.await();
    }

    private static void fail(CallBatch<Object, Object> calls, PredictionException failure) {
        for (Call<Object, Object> call : calls.open()) {
            call.fail(failure);
        }
    }

    /** Where the work is. */
    private enum Progress {
        /** The executor has it. */
        SUBMITTED,
        /** A thread is at it. */
        RUNNING,
        /** The forks are over, and the caller's. */
        DONE,
        /** The caller has gone: the forks are nobody's. */
        ABANDONED
    }

    /** Calls and their forks: the calls are the waiting caller's, the forks the executor's until the work is done. */
    private final class Work implements Runnable {

        private final CallBatch<Object, Object> calls;
        private final CallBatch<Object, Object> forks;
        private final Next<Object, Object> next;
        private final long submitted;
        private final Thread caller = Thread.currentThread();
        private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.SUBMITTED);
        private @Nullable Throwable died; // written before DONE, read after

        Work(CallBatch<Object, Object> calls, Next<Object, Object> next, long now) {
            this.calls = calls;
            this.next = next;
            submitted = now;
            List<Call<Object, Object>> copies = new ArrayList<>(calls.size());
            for (Call<Object, Object> call : calls) {
                copies.add(call.fork());
            }
            forks = CallBatch.of(copies);
        }

        @Override
        public void run() {
            if (!progress.compareAndSet(Progress.SUBMITTED, Progress.RUNNING)) {
                return; // nobody waits any more: nothing has begun, so nothing overran
            }
            long waited = time.nanoTime() - submitted;
            for (Call<Object, Object> fork : forks) {
                fork.queued(waited);
            }
            try {
                next.proceed(forks);
            } catch (Throwable failure) { // the caller must learn of an error as well, the executor's thread gets it
                died = failure;
                throw failure;
            } finally {
                if (progress.compareAndSet(Progress.RUNNING, Progress.DONE)) {
                    LockSupport.unpark(caller);
                } else {
                    for (Call<Object, Object> fork : forks) {
                        countIfAnswered(fork);
                    }
                }
            }
        }

        private void countIfAnswered(Call<Object, Object> fork) {
            if (fork.value() != null) {
                overruns.increment();
            }
        }

        /** Waits until the work is done or all callers' deadlines are over, whichever is first. */
        void await() {
            boolean interrupted = false;
            boolean open = true;
            while (open && progress.get() != Progress.DONE) {
                interrupted = Thread.interrupted();
                if (interrupted) {
                    for (Call<Object, Object> call : calls.open()) {
                        call.fail(new CallCancelledException(
                                "call " + call.id() + ": its thread was interrupted while it waited for the answer"));
                    }
                    open = false;
                } else {
                    long limit = failWhatIsOver();
                    open = calls.open().size() > 0;
                    if (open) {
                        time.parkUntil(this, limit);
                    }
                }
            }
            if (open || !abandon()) {
                join();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** True if the forks now go to nobody, false if they were done at the last moment. */
        private boolean abandon() {
            return progress.getAndUpdate(now -> now == Progress.DONE ? now : Progress.ABANDONED) != Progress.DONE;
        }

        /** Returns when the next of the deadlines is over. */
        private long failWhatIsOver() {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < calls.size(); i++) {
                Call<Object, Object> call = calls.get(i);
                if (call.isOpen()) {
                    long remaining = Objects.requireNonNull(call.deadline()).remainingNanos();
                    if (remaining <= 0) {
                        call.fail(new DeadlineExceededException("call " + call.id() + ": over by "
                                + Duration.ofNanos(-remaining) + " before there was an answer"));
                    } else {
                        least = Math.min(least, remaining);
                    }
                }
            }
            return time.nanoTime() + least;
        }

        private void join() {
            for (int i = 0; i < calls.size(); i++) {
                Call<Object, Object> call = calls.get(i);
                Call<Object, Object> fork = forks.get(i);
                if (!call.isOpen()) {
                    countIfAnswered(fork);
                } else if (fork.isOpen()) {
                    call.fail(new PredictionException("timeout: the executor's thread failed: " + died, died));
                } else {
                    call.join(fork);
                    if (call.isLate()) {
                        overruns.increment();
                    }
                }
            }
        }
    }
}
