package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Gives each call a deadline, so that no work begins for an answer that comes too late.
 *
 * <pre>{@code
 * var risk = Plimsoll.load(Path.of("models/credit-risk"))
 *         .as(Applicant.class, Output.probabilityOf("default"))
 *         .with(Timeout.of(Duration.ofMillis(50)).strict(requestThreads))
 *         .with(Fallback.to(0.5))
 *         .build();
 * }</pre>
 *
 * <p>Engines run native code, which nothing can interrupt. So there are two promises to choose from:
 *
 * <ul>
 *   <li><b>Cooperative</b>, as made by {@link #of}: the call stays on its thread. What waits, waits no longer than the deadline, and
 *       the model is not asked after it; the call fails with a {@link io.github.plimsoll.core.DeadlineExceededException}. Once the
 *       model runs, its answer is waited for, and given even if it is late.
 *   <li><b>{@linkplain #strict Strict}</b>: the call goes on in a thread of the host's executor, and the caller is let go at its
 *       deadline whatever that thread does. The thread, and every permit and place it holds, is free only when the work really
 *       ends; what comes out is given to nobody.
 * </ul>
 *
 * <p>Either way an answer that comes after the deadline counts as an overrun: {@link PredictionMeter#OVERRUNS}. Deadlines only shrink:
 * where the caller has an earlier one, by {@link io.github.plimsoll.core.CallOptions} or from the context, that holds. Each row of a
 * batch has its own.
 *
 * <p>Stands at {@link Stage#DEADLINE}, inside the fallback, which therefore answers calls that were too late, after their deadline. To
 * leave it time, choose the timeout shorter than what the caller's own caller waits. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Timeout implements Capability<Object, Object> {

    private final Duration time;
    private final @Nullable Executor executor;

    private Timeout(Duration time, @Nullable Executor executor) {
        this.time = time;
        this.executor = executor;
    }

    /**
     * A deadline for each call that nothing starts after.
     *
     * @param time from the call's beginning; that of the first, for inputs that are asked together
     * @return the capability, cooperative
     * @throws IllegalArgumentException if the time is not positive
     */
    public static Timeout of(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("timeout: " + time + " (expected: > 0)");
        }
        return new Timeout(time, null);
    }

    /**
     * A deadline at which the caller is let go. Costs two changes of threads a call, or a batch of calls. An interrupt lets the caller go
     * at once, with a {@link io.github.plimsoll.core.CallCancelledException}. What is bound to the calling thread, such as
     * transactions and logging contexts, is not there behind this stage unless the executor brings it along.
     *
     * @param host runs the rest of the way, one task a call or batch; not shut down by the predictor. If it refuses a task, the calls
     *     fail with a {@link RejectedException}. It should have as many threads as calls may run, since work that hangs
     *     keeps its thread
     * @return the capability, strict
     */
    public Timeout strict(Executor host) {
        return new Timeout(time, Objects.requireNonNull(host));
    }

    /**
     * Adds the deadline to a predictor.
     *
     * @throws IllegalStateException if there is a timeout already
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        LongAdder overruns = new LongAdder();
        assembly.measure(new Measurement(PredictionMeter.OVERRUNS, Map.of(), overruns::doubleValue));
        if (executor == null) {
            assembly.add(new TimeoutInterceptor(time, overruns));
        } else {
            LongAdder refused = new LongAdder();
            assembly.measure(new Measurement(
                    PredictionMeter.SHED, Map.of(Tag.REASON, Reason.EXECUTOR_FULL.toString()), refused::doubleValue));
            assembly.add(new StrictTimeoutInterceptor(time, executor, assembly.time(), overruns, refused));
        }
    }

    /** The capability in words, such as {@code a deadline after PT0.05S, cooperative}. */
    @Override
    public String toString() {
        return words(time, executor != null);
    }

    static String words(Duration time, boolean strict) {
        return "a deadline after " + time + (strict ? ", strict: on the host's executor" : ", cooperative");
    }
}
