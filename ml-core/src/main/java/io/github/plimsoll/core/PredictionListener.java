package io.github.plimsoll.core;

/**
 * Is told after each input what became of it: the place for metrics, logs and profiles.
 *
 * <p>Called on the thread that made the call, before the call returns: it must be quick, must not block, and must be
 * thread-safe. It cannot change the answer. If it throws, that is counted and logged, the other listeners are still told,
 * and the call returns as if nothing had happened.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
@FunctionalInterface
public interface PredictionListener<I, O> extends Capability<I, O> {

    /**
     * Takes note of one input.
     *
     * @param event what became of it
     */
    void onPrediction(PredictionEvent<I, O> event);

    /** Adds this listener. */
    @Override
    default void attach(Assembly<I, O> assembly) {
        assembly.add(this);
    }
}
