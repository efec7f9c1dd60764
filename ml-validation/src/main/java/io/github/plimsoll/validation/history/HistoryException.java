package io.github.plimsoll.validation.history;

import io.github.plimsoll.core.PlimsollException;
import org.jspecify.annotations.Nullable;

/**
 * A history cannot be read or written. The message says where, what was found and what was expected.
 *
 * @since 0.1
 */
public final class HistoryException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message where, what was found and what was expected
     * @param cause what was thrown underneath, or null
     */
    public HistoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
