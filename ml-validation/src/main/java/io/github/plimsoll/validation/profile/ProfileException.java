package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.PlimsollException;
import org.jspecify.annotations.Nullable;

/**
 * A stored profile cannot be read: it is damaged, cut off, of a newer version, or no profile at all. The message says what was found
 * where, and what was expected.
 *
 * @since 0.1
 */
public final class ProfileException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    ProfileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
