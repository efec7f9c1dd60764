package io.github.plimsoll.core;

/**
 * What became of one input: it was answered or it failed. There will be no third case.
 *
 * @param <O> the type of the answer
 * @since 0.1
 */
public sealed interface Outcome<O> {

    /**
     * The input was answered.
     *
     * @param prediction the answer
     * @param <O> the type of the answer
     */
    record Answered<O>(Prediction<O> prediction) implements Outcome<O> {}

    /**
     * The input got no answer.
     *
     * @param failure why
     * @param <O> the type of the answer
     */
    record Failed<O>(PredictionException failure) implements Outcome<O> {}
}
