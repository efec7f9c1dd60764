package io.github.plimsoll.core.internal.djl;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.NoopTranslator;
import io.github.plimsoll.core.internal.LeasedModel;
import io.github.plimsoll.core.internal.Outputs;
import io.github.plimsoll.core.internal.Pool;
import io.github.plimsoll.core.internal.RowLimit;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A model that runs through DJL's predictors, one for each call at a time.
 *
 * <p>Close frees at once: wrap in a {@link LeasedModel}.
 */
public abstract class DjlModel implements Model {

    private final ai.djl.Model model;
    private final ModelDescription description;
    private final Runnable free;
    private final Pool<Predictor<NDList, NDList>> predictors = new Pool<>(Predictor::close);
    private final AtomicBoolean closed = new AtomicBoolean();

    /** {@code free} is run once, when no predictor is left. */
    public DjlModel(ai.djl.Model model, ModelDescription description, Runnable free) {
        this.model = model;
        this.description = description;
        this.free = free;
    }

    /** One of the arrays that a run gave, null if it is not among them. */
    protected abstract @Nullable NDArray output(NDList results, TensorSpec output);

    /** Whether an input that is filled with 32-bit numbers has 16 in the model. */
    protected boolean isHalf(TensorSpec input) {
        return false;
    }

    @Override
    public final ModelDescription description() {
        return description;
    }

    @Override
    public final InferencePlan plan(List<String> outputs) {
        return new Plan(Outputs.named(outputs, description));
    }

    @Override
    public final void close() {
        if (closed.compareAndSet(false, true)) { // what DJL closes twice throws
            predictors.close();
            free.run();
        }
    }

    /** What DJL itself has loaded, for a translator. */
    public final ai.djl.Model model() {
        return model;
    }

    final Predictor<NDList, NDList> takePredictor() {
        Predictor<NDList, NDList> predictor = predictors.take();
        return predictor != null ? predictor : model.newPredictor(new NoopTranslator(null));
    }

    final void givePredictor(Predictor<NDList, NDList> predictor) {
        predictors.give(predictor);
    }

    final NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    private final class Plan implements InferencePlan {
        private final List<TensorSpec> outputs;
        private final RowLimit limit;

        private Plan(List<TensorSpec> outputs) {
            this.outputs = outputs;
            limit = RowLimit.of(description.signature().inputs(), outputs);
        }

        @Override
        public Inference begin(int rows) {
            limit.check(rows, description.id());
            return new DjlInference(DjlModel.this, description.signature().inputs(), outputs, rows);
        }

        @Override
        public int maxRows() {
            return limit.max();
        }
    }
}
