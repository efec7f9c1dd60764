package io.github.plimsoll.core;

import org.jspecify.annotations.Nullable;

/**
 * The model ran, but what came out is no answer: NaN, infinite, outside 0 to 1 for a probability, of the wrong size, or
 * something that the host's mapping function refused.
 *
 * @since 0.1
 */
public final class ModelOutputException extends PredictionException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message which output, what was in it, and what was expected
     * @param cause what the mapping function threw, or null
     */
    public ModelOutputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String reason() {
        return "output";
    }
}
