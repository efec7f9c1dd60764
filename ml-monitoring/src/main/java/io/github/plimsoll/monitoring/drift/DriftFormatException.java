package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.PlimsollException;
import org.jspecify.annotations.Nullable;

/**
 * A written baseline, window or state cannot be read: it is none, is damaged, is of a newer version, or belongs to another
 * baseline. The message says what was found and what was expected.
 *
 * @since 0.1
 */
public final class DriftFormatException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message what was found and what was expected
     * @param cause what was thrown underneath, or null
     */
    public DriftFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
