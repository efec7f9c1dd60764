package io.github.plimsoll.core.internal;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.TensorSpec;
import org.jspecify.annotations.Nullable;

/** A loaded model as a {@link DjlInference} sees it. Thread-safe. */
interface DjlSession {

    ModelDescription description();

    Predictor<NDList, NDList> takePredictor();

    void givePredictor(Predictor<NDList, NDList> predictor);

    NDManager newManager();

    /** Whether an input that is filled with 32-bit numbers has 16 in the model. */
    boolean isHalf(TensorSpec input);

    /** One of the arrays that a run gave, null if it is not among them. */
    @Nullable
    NDArray output(NDList results, TensorSpec output);
}
