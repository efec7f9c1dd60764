package io.github.plimsoll.core;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that Plimsoll throws for what happens at run time: {@link ModelLoadException} before a model
 * answers, {@link PredictionException} when it is asked, {@link io.github.plimsoll.core.table.TableException} when a table
 * is read. A caller's mistake, such as a null argument or an option that is
 * out of range, is a {@link NullPointerException}, {@link IllegalArgumentException} or {@link IllegalStateException}.
 *
 * @since 0.1
 */
public abstract class PlimsollException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message what failed, with the value, what was expected, and where
     * @param cause what was thrown underneath, or null
     */
    protected PlimsollException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    PlimsollException(String message, @Nullable Throwable cause, StackTrace stackTrace) {
        super(message, cause, true, stackTrace == StackTrace.RECORDED);
    }

    /** Whether an exception knows where it was made. */
    protected enum StackTrace {
        /** It does, at a cost of microseconds. */
        RECORDED,
        /** It does not: for outcomes that are expected under load and whose message says all. */
        OMITTED
    }
}
