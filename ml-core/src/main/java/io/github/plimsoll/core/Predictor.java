package io.github.plimsoll.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Answers inputs with predictions.
 *
 * <pre>{@code
 * try (Predictor<Ride, Double> demand = Plimsoll.load(Path.of("models/bike"))
 *         .as(Ride.class, Output.number())
 *         .build()) {
 *     double rentals = demand.predict(new Ride(21.5, 60.0, 8));
 * }
 * }</pre>
 *
 * <p>A predictor that {@link PredictorBuilder#build()} made is thread-safe, answers on the calling thread unless one of its
 * capabilities says otherwise, and keeps the inputs of one call apart: an input that is refused or that fails does not
 * touch the others.
 *
 * <p>Only {@link #predict} is abstract, so a lambda is a predictor: a rule, a stand-in, a fallback. The other methods then
 * call it once for each input on the calling thread.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
@FunctionalInterface
public interface Predictor<I, O> extends AutoCloseable {

    /**
     * Answers one input.
     *
     * @param input the input
     * @return the answer's value
     * @throws PredictionException if there is no answer; its subclasses say why
     * @throws NullPointerException if the input is null
     */
    O predict(I input);

    /**
     * Answers one input, with how the answer came about.
     *
     * @param input the input
     * @return the answer
     * @throws PredictionException if there is no answer; its subclasses say why
     * @throws NullPointerException if the input is null
     */
    default Prediction<O> prediction(I input) {
        return Prediction.of(predict(input));
    }

    /**
     * Answers several inputs, together where the model can.
     *
     * @param inputs the inputs; may be empty
     * @return the answers' values in the order of the inputs
     * @throws PartialFailureException if one or more inputs got no answer; it has the answers of the others
     * @throws NullPointerException if the list or an input is null; then no input is answered
     */
    default List<O> predictAll(List<? extends I> inputs) {
        List<Outcome<O>> outcomes = predictEach(inputs);
        List<O> values = new ArrayList<>(outcomes.size());
        for (Outcome<O> outcome : outcomes) {
            if (!(outcome instanceof Outcome.Answered<O> answered)) {
                throw new PartialFailureException(outcomes);
            }
            values.add(answered.prediction().value());
        }
        return values;
    }

    /**
     * Answers several inputs, together where the model can, and says for each what became of it.
     *
     * @param inputs the inputs; may be empty
     * @return an outcome for each input, in the order of the inputs
     * @throws NullPointerException if the list or an input is null; then no input is answered
     */
    default List<Outcome<O>> predictEach(List<? extends I> inputs) {
        int index = 0;
        for (I input : inputs) {
            if (input == null) {
                throw new NullPointerException("inputs[" + index + "]");
            }
            index++;
        }
        List<Outcome<O>> outcomes = new ArrayList<>(inputs.size());
        for (I input : inputs) {
            try {
                outcomes.add(new Outcome.Answered<>(prediction(input)));
            } catch (PredictionException failure) {
                outcomes.add(new Outcome.Failed<>(failure));
            }
        }
        return outcomes;
    }

    /**
     * Answers one input on another thread: that of the executor given to {@link PredictorBuilder#executor}. A lambda
     * answers on the calling thread.
     *
     * <p>A future that is cancelled before its call began keeps the call from beginning; until the model is asked, it makes
     * the call fail with a {@link CallCancelledException}, of which the listeners are told; later, the call runs to its end
     * and its answer is dropped.
     *
     * @param input the input
     * @return a future that ends with the answer's value, or with the {@link PredictionException}
     * @throws NullPointerException if the input is null
     * @throws IllegalStateException if the predictor was built without an executor
     */
    default CompletableFuture<O> predictAsync(I input) {
        Objects.requireNonNull(input, "input");
        try {
            return CompletableFuture.completedFuture(predict(input));
        } catch (PredictionException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /**
     * This predictor for calls with a deadline or a priority: the same model, caches, limits and listeners.
     *
     * <pre>{@code
     * double p = risk.with(CallOptions.DEFAULT.withDeadline(deadline)).predict(applicant);
     * }</pre>
     *
     * @param options what holds for the calls, on top of the options that this predictor has: deadlines only shrink, a
     *     priority replaces the other
     * @return a predictor that is open as long as this one, and closes it if it is closed; itself if it knows no options,
     *     as a lambda does
     */
    default Predictor<I, O> with(CallOptions options) {
        Objects.requireNonNull(options);
        return this;
    }

    /**
     * What the predictor is made of, for people: the model, its engine, the schema, and the stages in the order of a call.
     *
     * @return some lines of text, whose form may change
     */
    default String describe() {
        return getClass().getName();
    }

    /**
     * Closes the predictor and what it owns. Calls that are running end as usual, later ones fail with
     * {@link ModelClosedException}. Does not wait for running calls; native memory is freed when the last of them ends.
     * Further calls do nothing.
     */
    @Override
    default void close() {}
}
