package io.github.plimsoll.core.internal;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.NoopTranslator;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An ONNX model that runs through DJL's predictors, one for each call at a time.
 *
 * <p>Close frees at once: wrap in a {@link LeasedModel}.
 */
final class DjlModel implements Model, DjlSession {

    private final ai.djl.Model model;
    private final SessionOptions options;
    private final ModelDescription description;
    private final Set<String> halves;
    private final Pool<Predictor<NDList, NDList>> predictors = new Pool<>(Predictor::close);
    private final AtomicBoolean closed = new AtomicBoolean();

    private DjlModel(ai.djl.Model model, SessionOptions options, ModelDescription description, Set<String> halves) {
        this.model = model;
        this.options = options;
        this.description = description;
        this.halves = halves;
    }

    static Model open(Path file, ModelDescription description, OnnxSignature signature, LoadOptions loadOptions) {
        if (!signature.undjl().isEmpty()) {
            throw new ModelLoadException(
                    "model " + file + ": cannot run through DJL: " + String.join("; ", signature.undjl()));
        }
        return open(file, description, signature.halves(), loadOptions);
    }

    /** A model whose inputs and outputs a translator knows. */
    static DjlModel open(Path file, ModelDescription description, LoadOptions loadOptions) {
        return open(file, description, Set.of(), loadOptions);
    }

    private static DjlModel open(Path file, ModelDescription description, Set<String> halves, LoadOptions loadOptions) {
        SessionOptions options = new SessionOptions();
        ai.djl.Model model = ai.djl.Model.newInstance(description.id().name(), DjlEngines.ONNX_RUNTIME);
        boolean loaded = false;
        try {
            OnnxSession.configure(options, loadOptions, "model " + file);
            model.load(file, null, Map.of("sessionOptions", options));
            loaded = true;
            return new DjlModel(model, options, description, halves);
        } catch (IOException | MalformedModelException | OrtException e) {
            throw new ModelLoadException("model " + file + ": DJL cannot load it: " + Causes.words(e), e);
        } finally {
            if (!loaded) {
                model.close();
                options.close();
            }
        }
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public InferencePlan plan(List<String> outputs) {
        return new Plan(Outputs.named(outputs, description));
    }

    @Override
    public void close() {
        // DJL's own close must not be called twice: it throws.
        if (closed.compareAndSet(false, true)) {
            predictors.close();
            model.close();
            options.close();
        }
    }

    ai.djl.Model model() {
        return model;
    }

    @Override
    public Predictor<NDList, NDList> takePredictor() {
        Predictor<NDList, NDList> predictor = predictors.take();
        return predictor != null ? predictor : model.newPredictor(new NoopTranslator(null));
    }

    @Override
    public void givePredictor(Predictor<NDList, NDList> predictor) {
        predictors.give(predictor);
    }

    @Override
    public NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    @Override
    public boolean isHalf(TensorSpec input) {
        return halves.contains(input.name());
    }

    @Override
    public NDArray output(NDList results, TensorSpec output) {
        return results.get(output.name());
    }

    private final class Plan implements InferencePlan {
        private final List<TensorSpec> outputs;
        private final int maxRows;

        private Plan(List<TensorSpec> outputs) {
            this.outputs = outputs;
            List<TensorSpec> inputs = description.signature().inputs();
            List<TensorSpec> tensors = new ArrayList<>(inputs);
            tensors.addAll(outputs);
            maxRows = OnnxPlan.maxRows(inputs, OnnxPlan.rowBytes(tensors));
        }

        @Override
        public Inference begin(int rows) {
            if (rows < 1 || rows > maxRows) {
                throw new IllegalArgumentException(
                        "rows: " + rows + " (expected: 1 to " + maxRows + " for model " + description.id() + ")");
            }
            return new DjlInference(DjlModel.this, description.signature().inputs(), outputs, rows);
        }

        @Override
        public int maxRows() {
            return maxRows;
        }
    }
}
