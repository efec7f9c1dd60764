package io.github.plimsoll.core;

import org.jspecify.annotations.Nullable;

/**
 * A model could not be loaded: the file is missing, damaged, of an unknown format, or does not do what it is wanted for.
 *
 * @since 0.1
 */
public class ModelLoadException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message what could not be loaded, why, and what would help
     */
    public ModelLoadException(String message) {
        super(message, null);
    }

    /**
     * An exception with a cause.
     *
     * @param message what could not be loaded, why, and what would help
     * @param cause what the engine or the file system reported
     */
    public ModelLoadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
