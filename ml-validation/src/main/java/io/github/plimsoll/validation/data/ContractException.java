package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.PlimsollException;
import org.jspecify.annotations.Nullable;

/**
 * A contract cannot be read: it is not of the form, of a newer version, or contradicts itself. The message says where, what was
 * found and what was expected.
 *
 * @since 0.1
 */
public final class ContractException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message where, what was found and what was expected
     * @param cause what was thrown underneath, or null
     */
    public ContractException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
