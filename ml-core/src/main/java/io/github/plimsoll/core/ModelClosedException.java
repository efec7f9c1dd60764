package io.github.plimsoll.core;

/**
 * The predictor, or the model under it, has been closed. Calls that were running when it was closed end as usual.
 *
 * @since 0.1
 */
public final class ModelClosedException extends PredictionException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param model the model's name and version
     */
    public ModelClosedException(String model) {
        super("model " + model + " is closed (expected: predict before close)", null);
    }

    @Override
    public String reason() {
        return "closed";
    }
}
