package io.github.plimsoll.core.model;

/**
 * One run of a model: fill the inputs, run, read the outputs, close.
 *
 * <p>Confined to one thread at a time. Tensors belong to the inference and must not be used once it is closed; inputs hold
 * arbitrary values when it begins, so every element must be set.
 *
 * @since 0.1
 */
public interface Inference extends AutoCloseable {

    /**
     * An input to fill.
     *
     * @param index its index in {@link ModelSignature#inputs()}
     * @return a tensor with this inference's number of rows
     * @throws IllegalStateException if the input's size after the rows is not fixed and has not been given, or the
     *     inference is closed
     */
    Tensor input(int index);

    /**
     * Gives an input a size of its own, for an input whose size after the rows is not fixed. The elements set before are
     * lost.
     *
     * @param index its index in {@link ModelSignature#inputs()}
     * @param shape the whole shape, rows first
     * @return the tensor to fill
     * @throws IllegalArgumentException if the shape does not fit the model's
     * @throws IllegalStateException if the inference is closed
     */
    Tensor input(int index, long... shape);

    /**
     * Runs the model. Called once.
     *
     * @throws io.github.plimsoll.core.ModelExecutionException if the engine fails, with the engine's exception as cause
     * @throws IllegalArgumentException if a string input has an element that was not set
     * @throws IllegalStateException if it was run before or is closed
     */
    void run();

    /**
     * An output to read, after {@link #run()}.
     *
     * @param index its index in the list given to {@link Model#plan}
     * @return a tensor whose first size is the number of rows
     * @throws io.github.plimsoll.core.ModelOutputException if the model gave another number of rows, or labels that differ
     *     from row to row
     * @throws IllegalStateException if the model has not been run or the inference is closed
     */
    Tensor output(int index);

    /** Gives back what the inference borrowed. Further calls do nothing. */
    @Override
    void close();
}
