package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a listener is told about one input that was answered or that failed. Immutable and thread-safe: a listener may keep
 * it and read it on another thread, at the price of keeping the input.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public interface PredictionEvent<I, O> {

    /**
     * The input as the host gave it.
     *
     * @return the input
     */
    I input();

    /**
     * The input's features as the model saw them, after repairs.
     *
     * @return the features, or null if the predictor has no schema or one of the input's accessors threw
     */
    @Nullable
    FeatureRow features();

    /**
     * The answer's id, also for an input that failed.
     *
     * @return letters, digits and a hyphen
     * @see Prediction#id()
     */
    String id();

    /**
     * The model that was asked.
     *
     * @return its name and version
     */
    ModelId model();

    /**
     * When the call came in, by the predictor's clock.
     *
     * @return a time, to the millisecond
     */
    Instant time();

    /**
     * Where the time went.
     *
     * @return the timings
     */
    Prediction.Timings timings();

    /**
     * From the call to its answer.
     *
     * @return nanoseconds >= 0
     */
    long totalNanos();

    /**
     * Waiting for other calls or for a free place: a part of {@link #totalNanos()}.
     *
     * @return nanoseconds >= 0
     */
    long queueNanos();

    /**
     * Turning rows into the model's inputs and its outputs into values: a part of {@link #totalNanos()}.
     *
     * @return nanoseconds >= 0
     */
    long prepareNanos();

    /**
     * In the engine: a part of {@link #totalNanos()}. For inputs that were answered together, the whole of their common run.
     *
     * @return nanoseconds >= 0
     */
    long inferenceNanos();

    /**
     * What became of the input.
     *
     * @return the outcome
     */
    Outcome<O> outcome();

    /**
     * The answer's value.
     *
     * @return the value, or null if the input failed
     */
    @Nullable
    O value();

    /**
     * Where the answer came from.
     *
     * @return the source, or null if the input failed
     */
    Prediction.@Nullable Source source();

    /**
     * Why the input got no answer.
     *
     * @return the failure, or null if it was answered
     */
    @Nullable
    PredictionException failure();

    /**
     * What was wrong with the input without keeping it from being answered.
     *
     * @return an immutable list, mostly empty
     */
    List<Violation> warnings();
}
