package io.github.plimsoll.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says about its calls beside their inputs: until when an answer is of use, and how much it matters.
 *
 * <pre>{@code
 * var urgent = CallOptions.DEFAULT.withDeadline(deadline).withPriority(Priority.HIGH);
 * double p = risk.with(urgent).predict(applicant);
 * }</pre>
 *
 * <p>A deadline is honoured by every predictor that a builder made: what is over is not given to the model. What waits, such
 * as a batch or a limit, waits no longer than it. Releasing the caller while the model is running takes a capability that
 * says so. Immutable and thread-safe.
 *
 * @since 0.1
 * @see Predictor#with(CallOptions)
 * @see PredictorBuilder#options
 */
public final class CallOptions {

    /** No deadline, and a priority that is {@link Priority#NORMAL} unless options around it say otherwise. */
    public static final CallOptions DEFAULT = new CallOptions(null, null);

    private final @Nullable Deadline deadline;
    private final @Nullable Priority priority;

    private CallOptions(@Nullable Deadline deadline, @Nullable Priority priority) {
        this.deadline = deadline;
        this.priority = priority;
    }

    /**
     * These options with a deadline. A deadline only ever shrinks: if there is an earlier one already, that stays.
     *
     * @param end until when an answer is of use
     * @return changed options
     */
    public CallOptions withDeadline(Deadline end) {
        return new CallOptions(deadline == null ? Objects.requireNonNull(end) : deadline.earlier(end), priority);
    }

    /**
     * These options with a priority.
     *
     * @param importance how much the calls matter
     * @return changed options
     */
    public CallOptions withPriority(Priority importance) {
        return new CallOptions(deadline, Objects.requireNonNull(importance));
    }

    /** What holds for a call made with {@code inner} options by somebody who has these. */
    CallOptions and(CallOptions inner) {
        if (inner == DEFAULT || this == DEFAULT) {
            return inner == DEFAULT ? this : inner;
        }
        CallOptions both = inner.deadline == null ? this : withDeadline(inner.deadline);
        return inner.priority == null ? both : both.withPriority(inner.priority);
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
     * How much the calls matter.
     *
     * @return the priority
     */
    public Priority priority() {
        return priority == null ? Priority.NORMAL : priority;
    }

    /** The options in words, such as {@code deadline in PT0.05S, priority HIGH}. */
    @Override
    public String toString() {
        return (deadline == null ? "no deadline" : "deadline " + deadline) + ", priority " + priority();
    }
}
