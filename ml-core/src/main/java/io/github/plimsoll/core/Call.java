package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One input on its way through the stages, open until it is answered or fails.
 *
 * <p>Confined to one thread at a time: an interceptor that hands a call to another thread must not touch it until that
 * thread is done with it, and must pass it over safely (an executor does). When the call is over, it never changes again and
 * serves the listeners as the {@link PredictionEvent}.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public final class Call<I, O> implements PredictionEvent<I, O> {

    private final CallOrigin origin;
    private final I input;
    private final long number;
    private final long startMillis;
    private final long startNanos;
    private final Priority priority;
    private final @Nullable CompletableFuture<?> caller;
    private @Nullable Deadline deadline;
    private @Nullable FeatureRow features;
    private @Nullable O value;
    private Prediction.@Nullable Source source;
    private @Nullable PredictionException failure;
    private @Nullable List<Violation> warnings;
    private long queueNanos;
    private long prepareNanos;
    private long inferenceNanos;
    private long totalNanos;
    private long answeredNanos; // when the model had the answer, if measured
    private boolean measured;
    private boolean over;
    private @Nullable Outcome<O> outcome;

    Call(
            CallOrigin origin,
            I input,
            @Nullable FeatureRow features,
            long number,
            long startMillis,
            long startNanos,
            CallOptions options,
            @Nullable CompletableFuture<?> caller) {
        this.origin = origin;
        this.input = input;
        this.features = features;
        this.number = number;
        this.startMillis = startMillis;
        this.startNanos = startNanos;
        this.priority = options.priority();
        this.deadline = options.deadline();
        this.caller = caller;
    }

    private Call(
            Call<I, O> original,
            Priority priority,
            @Nullable Deadline deadline,
            @Nullable CompletableFuture<?> caller) {
        origin = original.origin;
        input = original.input;
        features = original.features;
        number = original.number;
        startMillis = original.startMillis;
        startNanos = original.startNanos;
        this.priority = priority;
        this.deadline = deadline;
        this.caller = caller;
    }

    @Override
    public I input() {
        return input;
    }

    @Override
    public @Nullable FeatureRow features() {
        return features;
    }

    /**
     * Puts other features in the place of those read from the input. Only for interceptors up to {@link Stage#VALIDATE}:
     * later stages count on the features staying as they are.
     *
     * @param repaired the features that the model shall see
     * @throws IllegalStateException if the predictor has no schema or the call is over
     */
    public void repair(FeatureRow repaired) {
        if (features == null || over) {
            throw new IllegalStateException("repair: " + (over ? "the call is over" : "the predictor has no schema"));
        }
        features = Objects.requireNonNull(repaired);
    }

    /**
     * How much the call matters to its caller.
     *
     * @return the priority
     */
    public Priority priority() {
        return priority;
    }

    /**
     * Until when an answer is of use.
     *
     * @return the deadline, or null if there is none
     */
    public @Nullable Deadline deadline() {
        return deadline;
    }

    /**
     * Sets a deadline. It only ever shrinks: if there is an earlier one already, that stays.
     *
     * @param end until when an answer is of use
     */
    public void tighten(Deadline end) {
        deadline = deadline == null ? Objects.requireNonNull(end) : deadline.earlier(end);
    }

    /**
     * The moment that comes some time after the call's beginning, which is when its predictor was asked. Reads no clock.
     *
     * @param sinceBeginning how long the call may take
     * @return a deadline, not set: see {@link #tighten}
     */
    public Deadline deadlineAfter(Duration sinceBeginning) {
        return Deadline.after(sinceBeginning, startNanos, origin.time());
    }

    /**
     * Whether the call was answered after its deadline: by when the model had the answer, or by now if the answer is not the
     * model's.
     *
     * @return false if it has no answer or no deadline
     */
    public boolean isLate() {
        if (value == null || deadline == null) {
            return false;
        }
        return (measured && source == Prediction.Source.MODEL)
                ? deadline.isOver(answeredNanos, origin.time())
                : deadline.isOver();
    }

    /**
     * Whether the caller has cancelled the future of {@link Predictor#predictAsync}. May be asked on any thread.
     *
     * @return true if nobody waits for the answer
     */
    public boolean isCancelled() {
        return caller != null && caller.isCancelled();
    }

    /**
     * Has a thread that waits for this call's sake woken when the caller cancels it; the thread then finds
     * {@link #isCancelled()}. To be asked before the first wait, once. The thread may also be woken for no reason later.
     *
     * @param waiting the thread to {@linkplain LockSupport#unpark unpark}
     */
    public void unparkIfCancelled(Thread waiting) {
        if (caller != null) {
            var unused = caller.whenComplete((answer, failure) -> LockSupport.unpark(waiting));
        }
    }

    /**
     * Fails the call if it is over before its time: its deadline has passed or its caller has cancelled it. What would
     * start work asks this first.
     *
     * @return true if it has failed now
     * @throws IllegalStateException if the call is not open
     */
    public boolean failIfUseless() {
        return failIfUseless(deadline == null ? 0 : origin.time().nanoTime());
    }

    /** Fails the call if its deadline has passed at a reading of the predictor's ticker, or its caller has cancelled it. */
    boolean failIfUseless(long now) {
        if (isCancelled()) {
            fail(new CallCancelledException("call " + id() + ": cancelled by its caller before the model was asked"));
            return true;
        }
        if (deadline != null && deadline.isOver(now, origin.time())) {
            fail(new DeadlineExceededException("call " + id() + ": over by "
                    + Duration.ofNanos(-deadline.remainingNanos()) + " before the model was asked"));
            return true;
        }
        return false;
    }

    /**
     * Another call for the same input, for a second thread to work on while the first waits no longer than it wants. It has
     * the state that this call has, and what happens to one of them does not touch the other.
     *
     * @return an open call, about which no listener is told; to be {@linkplain #join joined} or forgotten
     * @throws IllegalStateException if this call is not open
     */
    public Call<I, O> fork() {
        checkOpen();
        return new Call<>(this, priority, deadline, caller);
    }

    /**
     * Another call for the same input that no caller waits for, such as one that refreshes what is kept for later calls: like
     * a {@linkplain #fork() fork}, but without a deadline, not cancelled with this call, and of {@link Priority#LOW}.
     *
     * @return an open call, about which no listener is told; not to be joined
     * @throws IllegalStateException if this call is not open
     */
    public Call<I, O> background() {
        checkOpen();
        return new Call<>(this, Priority.LOW, null, null);
    }

    /**
     * Takes over what became of a fork: its answer or failure, its warnings and its timings.
     *
     * @param fork a call that was made by {@link #fork()} of this one, and that no other thread works on any more
     * @throws IllegalStateException if this call is not open or the fork is
     */
    public void join(Call<I, O> fork) {
        checkOpen();
        if (fork.isOpen() || fork.number != number) {
            throw new IllegalStateException(
                    "join: call " + fork.id() + (fork.isOpen() ? " is open" : " is no fork of " + id()));
        }
        value = fork.value;
        source = fork.source;
        failure = fork.failure;
        if (fork.warnings != null) {
            fork.warnings.forEach(this::warn);
        }
        queueNanos += fork.queueNanos;
        prepareNanos += fork.prepareNanos;
        inferenceNanos += fork.inferenceNanos;
        answeredNanos = fork.answeredNanos;
        measured = fork.measured;
    }

    /**
     * Notes something that is wrong without keeping the call from going on.
     *
     * @param violation what is wrong
     * @throws IllegalStateException if the call is over
     */
    public void warn(Violation violation) {
        checkNotOver();
        if (warnings == null) {
            warnings = new ArrayList<>();
        }
        warnings.add(Objects.requireNonNull(violation));
    }

    /**
     * Whether the call is neither answered nor failed.
     *
     * @return true if it needs an answer
     */
    public boolean isOpen() {
        return source == null && failure == null;
    }

    /**
     * Answers the call.
     *
     * @param answer the answer's value
     * @param from where it came from
     * @throws IllegalStateException if the call is not open
     */
    public void answer(O answer, Prediction.Source from) {
        checkOpen();
        value = Objects.requireNonNull(answer);
        source = Objects.requireNonNull(from);
    }

    /**
     * Fails the call.
     *
     * @param reason why there is no answer
     * @throws IllegalStateException if the call is not open
     */
    public void fail(PredictionException reason) {
        checkOpen();
        failure = Objects.requireNonNull(reason);
    }

    /**
     * Takes back the answer or the failure, to answer otherwise or to try again.
     *
     * @throws IllegalStateException if the call is over
     */
    public void reopen() {
        checkNotOver();
        value = null;
        source = null;
        failure = null;
        measured = false;
    }

    /**
     * Counts time spent waiting for other calls or for a free place.
     *
     * @param nanos nanoseconds, added to those counted before
     */
    public void queued(long nanos) {
        queueNanos += nanos;
    }

    /** Counts what the model took, and when it had the answer, by the predictor's ticker. */
    void measured(long prepare, long inference, long end) {
        prepareNanos += prepare;
        inferenceNanos += inference;
        answeredNanos = end;
        measured = true;
    }

    private void checkOpen() {
        checkNotOver();
        if (!isOpen()) {
            throw new IllegalStateException(
                    "call: already " + (failure == null ? "answered" : "failed") + " (expected: open)");
        }
    }

    private void checkNotOver() {
        if (over) {
            throw new IllegalStateException("call: over (expected: a change before the listeners are told)");
        }
    }

    /** Ends the call: from here on it never changes. */
    void end(long nanoTime) {
        if (isOpen()) {
            failure = new PredictionException(
                    "no stage answered the call (expected: each interceptor answers or proceeds)", null);
        }
        totalNanos = Math.max(0, nanoTime - startNanos);
        over = true;
    }

    /** The value, or the failure thrown. */
    O valueOrThrow() {
        if (value == null) {
            throw Objects.requireNonNull(failure);
        }
        return value;
    }

    Prediction<O> predictionOrThrow() {
        if (outcome() instanceof Outcome.Answered<O> answered) {
            return answered.prediction();
        }
        throw Objects.requireNonNull(failure);
    }

    @Override
    public String id() {
        return origin.idPrefix() + '-' + Long.toHexString(number);
    }

    @Override
    public ModelId model() {
        return origin.model();
    }

    @Override
    public Instant time() {
        return Instant.ofEpochMilli(startMillis);
    }

    @Override
    public Prediction.Timings timings() {
        return nanos().toTimings();
    }

    private Prediction.Nanos nanos() {
        return new Prediction.Nanos(totalNanos, queueNanos, prepareNanos, inferenceNanos);
    }

    @Override
    public long totalNanos() {
        return totalNanos;
    }

    @Override
    public long queueNanos() {
        return queueNanos;
    }

    @Override
    public long prepareNanos() {
        return prepareNanos;
    }

    @Override
    public long inferenceNanos() {
        return inferenceNanos;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the call is not over
     */
    @Override
    public Outcome<O> outcome() {
        if (!over) {
            throw new IllegalStateException("call: not over (expected: an outcome is asked for after the call)");
        }
        Outcome<O> result = outcome;
        if (result == null) {
            result = failure != null
                    ? new Outcome.Failed<>(failure)
                    : new Outcome.Answered<>(new Prediction<>(
                            valueOrThrow(),
                            origin.idPrefix(),
                            number,
                            origin.model(),
                            Objects.requireNonNull(source),
                            nanos(),
                            warnings()));
            outcome = result; // threads may race here: each writes an immutable object that says the same
        }
        return result;
    }

    @Override
    public @Nullable O value() {
        return value;
    }

    @Override
    public Prediction.@Nullable Source source() {
        return source;
    }

    @Override
    public @Nullable PredictionException failure() {
        return failure;
    }

    @Override
    public List<Violation> warnings() {
        return warnings == null ? List.of() : List.copyOf(warnings);
    }
}
