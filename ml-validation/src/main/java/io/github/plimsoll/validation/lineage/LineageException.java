package io.github.plimsoll.validation.lineage;

import io.github.plimsoll.core.PlimsollException;
import org.jspecify.annotations.Nullable;

/**
 * A record of where data came from cannot be read: a fingerprint or a {@code .dvc} file that is not of its form, or a file that it
 * speaks of. The message says where, what was found and what was expected.
 *
 * @since 0.1
 */
public final class LineageException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message where, what was found and what was expected
     * @param cause what was thrown underneath, or null
     */
    public LineageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
