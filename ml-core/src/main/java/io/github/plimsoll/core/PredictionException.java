package io.github.plimsoll.core;

import org.jspecify.annotations.Nullable;

/**
 * An input got no answer. Subclasses say why; this class itself stands for an interceptor that failed, with what it threw
 * as the cause.
 *
 * @since 0.1
 */
public class PredictionException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message what failed, with the value, what was expected, and where
     * @param cause what was thrown underneath, or null
     */
    public PredictionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * An exception for an outcome that is expected under load.
     *
     * @param message what failed, with the value, what was expected, and where
     * @param cause what was thrown underneath, or null
     * @param stackTrace whether to record where it was made
     */
    protected PredictionException(String message, @Nullable Throwable cause, StackTrace stackTrace) {
        super(message, cause, stackTrace);
    }

    /**
     * Why there is no answer, as a short stable word for metrics and logs.
     *
     * @return lower-case words joined by hyphens; {@code error} unless a subclass says otherwise
     */
    public String reason() {
        return "error";
    }
}
