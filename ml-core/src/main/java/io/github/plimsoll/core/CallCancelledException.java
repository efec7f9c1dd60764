package io.github.plimsoll.core;

/**
 * Nobody waits for the answer any more: the caller cancelled the future or interrupted the waiting thread. It has no stack
 * trace. Who was interrupted finds the thread's interrupt status set.
 *
 * @since 0.1
 */
public final class CallCancelledException extends PredictionException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message who gave up, and where the call was
     */
    public CallCancelledException(String message) {
        super(message, null, StackTrace.OMITTED);
    }

    @Override
    public String reason() {
        return "cancelled";
    }
}
