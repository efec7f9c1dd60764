package io.github.plimsoll.core;

import org.jspecify.annotations.Nullable;

/**
 * The engine that a model needs cannot be used in this process: its jar or native library is missing, or it was started
 * by someone else in a way that does not allow what is asked. The message says what to change.
 *
 * @since 0.1
 */
public final class EngineUnavailableException extends ModelLoadException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message what is missing and what to change
     * @param cause what was thrown when the engine was used, or null
     */
    public EngineUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
