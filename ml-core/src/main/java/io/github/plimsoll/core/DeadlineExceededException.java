package io.github.plimsoll.core;

/**
 * The time for the call was over before there was an answer. It has no stack trace: under load it is an expected outcome.
 *
 * @since 0.1
 * @see Deadline
 */
public final class DeadlineExceededException extends PredictionException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception.
     *
     * @param message what was not reached in time, and where the call was
     */
    public DeadlineExceededException(String message) {
        super(message, null, StackTrace.OMITTED);
    }

    @Override
    public String reason() {
        return "deadline";
    }
}
