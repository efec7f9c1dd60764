package io.github.plimsoll.core.model;

/**
 * A model made ready to compute a choice of its outputs. Thread-safe.
 *
 * @since 0.1
 * @see Model#plan
 */
public interface InferencePlan {

    /**
     * Begins an inference.
     *
     * @param rows how many rows, from 1 to {@link #maxRows()}
     * @return the inference, to be closed by the caller on whatever thread
     * @throws IllegalArgumentException if the number of rows is not allowed
     * @throws io.github.plimsoll.core.ModelClosedException if the model has been closed
     */
    Inference begin(int rows);

    /**
     * The largest number of rows that one inference may have; larger batches are split.
     *
     * @return a number >= 1
     */
    int maxRows();
}
