package io.github.plimsoll.core;

import org.jspecify.annotations.Nullable;

/**
 * The engine failed while it ran the model. The cause is the engine's own exception.
 *
 * @since 0.1
 */
public final class ModelExecutionException extends PredictionException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message which model, how many rows, and what the engine said
     * @param cause the engine's exception
     */
    public ModelExecutionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
