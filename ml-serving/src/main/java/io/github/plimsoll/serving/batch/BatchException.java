package io.github.plimsoll.serving.batch;

import io.github.plimsoll.core.PlimsollException;
import org.jspecify.annotations.Nullable;

/**
 * A table was not scored to its end. What was written up to the last checkpoint is kept, and a later run goes on there, unless
 * {@link #reason()} says that it cannot.
 *
 * @since 0.1
 */
public final class BatchException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    /** Why a run stopped, or did not begin. */
    public enum Reason {
        /** There is a finished output already. Nothing was touched. */
        OUTPUT_EXISTS,
        /** Another run is writing this output. Nothing was touched. */
        OUTPUT_IN_USE,
        /** The output that was begun is shorter than its checkpoint says. Nothing was touched. */
        OUTPUT_CHANGED,
        /** The checkpoint cannot be read. Nothing was touched. */
        CHECKPOINT_UNREADABLE,
        /** The output was begun with other columns, rows a batch, or another way to read the input. Nothing was touched. */
        SETTINGS_CHANGED,
        /** The input is not the one that the run began with. */
        INPUT_CHANGED,
        /** An answer came from a model that had given none before the run was resumed. */
        MODEL_CHANGED,
        /** More rows were rejected than allowed. */
        TOO_MANY_REJECTS,
        /** The calling thread was interrupted; it still is. */
        INTERRUPTED,
        /** The output, the rejects or the checkpoint could not be written: the disk is full, or the folder is not there. */
        WRITE_FAILED,
        /** The predictor failed as a whole instead of failing rows, such as one that was closed. */
        PREDICTOR_FAILED
    }

    /** Why the run stopped. */
    private final Reason reason;

    BatchException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why the run stopped.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
