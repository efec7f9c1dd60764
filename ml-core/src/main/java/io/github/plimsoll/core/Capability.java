package io.github.plimsoll.core;

/**
 * Something a predictor can be given: a guard, a cache, a log, metrics. It brings its own interceptors and listeners, and
 * they know their place, so the order of {@link PredictorBuilder#with} calls does not matter.
 *
 * <p>A capability is configuration and should be immutable: what it needs while running it makes in {@link #attach}, anew
 * for each predictor.
 *
 * @param <I> the inputs it can handle; {@code Object} for any
 * @param <O> the answers it can handle; {@code Object} for any, if it only passes on answers it was given
 * @since 0.1
 * @see Interceptor
 * @see PredictionListener
 */
public interface Capability<I, O> {

    /**
     * Adds what this capability is made of to a predictor that is being built.
     *
     * @param assembly where to add
     * @throws IllegalStateException if the predictor lacks what the capability needs, such as a schema
     */
    void attach(Assembly<I, O> assembly);
}
