package io.github.plimsoll.core.model;

import java.nio.file.Path;

/**
 * How an input becomes an answer when the input is not a table row: an image, a text, a sequence.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 * @see DjlTranslation
 */
public interface Translation<I, O> {

    /**
     * A loaded model that takes inputs as they are. Thread-safe.
     *
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     */
    interface TranslatedModel<I, O> extends AutoCloseable {

        /**
         * What the model is and what runs it.
         *
         * @return the description, the same at each call
         */
        ModelDescription description();

        /**
         * Answers one input on the calling thread.
         *
         * @param input the input
         * @return the answer
         * @throws io.github.plimsoll.core.ModelExecutionException if the engine or the translation fails
         * @throws io.github.plimsoll.core.ModelClosedException if the model has been closed
         */
        O answer(I input);

        /**
         * Lets go of the model; does not wait and does not throw. What it holds is freed when the last call that is running
         * ends. Further calls do nothing.
         */
        @Override
        void close();
    }

    /**
     * Loads a model together with this translation.
     *
     * @param location a file or folder that exists
     * @param options how to load and run it
     * @return the model, to be closed by the caller
     * @throws io.github.plimsoll.core.ModelLoadException if it cannot be loaded
     */
    TranslatedModel<I, O> open(Path location, LoadOptions options);
}
