package io.github.plimsoll.core;

import java.util.List;

/**
 * Some inputs of a {@link Predictor#predictAll} got no answer. The others did, and their answers are here.
 *
 * @since 0.1
 */
public final class PartialFailureException extends PredictionException {

    private static final long serialVersionUID = 1L;

    private final transient List<? extends Outcome<?>> outcomes;

    /**
     * An exception whose cause is the first failure.
     *
     * @param outcomes one for each input, in order, at least one of them failed; copied
     * @throws IllegalArgumentException if none failed
     */
    public PartialFailureException(List<? extends Outcome<?>> outcomes) {
        super(message(outcomes), firstFailure(outcomes));
        this.outcomes = List.copyOf(outcomes);
    }

    private static String message(List<? extends Outcome<?>> outcomes) {
        long failed = outcomes.stream().filter(o -> o instanceof Outcome.Failed).count();
        PredictionException first = firstFailure(outcomes);
        int index = 0;
        while (!(outcomes.get(index) instanceof Outcome.Failed)) {
            index++;
        }
        return failed + " of " + outcomes.size() + " inputs failed, first inputs[" + index + "]: " + first.getMessage();
    }

    private static PredictionException firstFailure(List<? extends Outcome<?>> outcomes) {
        for (Outcome<?> outcome : outcomes) {
            if (outcome instanceof Outcome.Failed<?> failed) {
                return failed.failure();
            }
        }
        throw new IllegalArgumentException("outcomes: none failed (expected: at least one)");
    }

    /**
     * What became of each input, in the order of the inputs.
     *
     * @return an immutable list
     */
    public List<? extends Outcome<?>> outcomes() {
        return outcomes;
    }

    @Override
    public String reason() {
        return "partial";
    }
}
