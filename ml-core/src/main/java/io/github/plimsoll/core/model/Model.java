package io.github.plimsoll.core.model;

import java.util.List;
import java.util.Optional;

/**
 * A loaded model: something that turns input tensors into output tensors.
 *
 * <p>Users reach a model through a {@link io.github.plimsoll.core.Predictor}; this interface is for those who add an
 * engine, and for those who let several predictors share one model. The contract for implementors:
 *
 * <ul>
 *   <li>Thread-safe: any number of threads may {@link InferencePlan#begin begin} and run inferences at once.
 *   <li>{@link #close()} may be called at any time, more than once. It frees native memory only when the last inference
 *       that was begun has been closed; an inference that is begun later throws
 *       {@link io.github.plimsoll.core.ModelClosedException}. Models that come out of
 *       {@link io.github.plimsoll.core.ModelSource#open()} have this by construction: a {@link ModelLoader} may return a
 *       model whose close frees at once.
 * </ul>
 *
 * @since 0.1
 */
public interface Model extends AutoCloseable {

    /**
     * What the model is and what runs it.
     *
     * @return the description, the same at each call
     */
    ModelDescription description();

    /**
     * Prepares for inferences that read only some of the outputs, so that the others need not be computed or copied.
     *
     * @param outputs the names of the outputs that will be read, in the order that gives their index
     * @return a plan that is valid until the model is closed
     * @throws IllegalArgumentException if the model has no output of one of the names
     * @throws io.github.plimsoll.core.ModelClosedException if the model has been closed
     */
    InferencePlan plan(List<String> outputs);

    /**
     * The package that the model was loaded from.
     *
     * @return the package, or empty if the model came from a bare file or was never on disk
     */
    default Optional<ModelPackage> origin() {
        return Optional.empty();
    }

    /** Lets go of the model; does not wait and does not throw. Further calls do nothing. */
    @Override
    void close();
}
