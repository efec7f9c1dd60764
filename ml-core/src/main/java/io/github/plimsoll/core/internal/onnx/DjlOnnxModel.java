package io.github.plimsoll.core.internal.onnx;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Causes;
import io.github.plimsoll.core.internal.djl.DjlEngines;
import io.github.plimsoll.core.internal.djl.DjlModel;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** An ONNX model in DJL's engine. */
public final class DjlOnnxModel extends DjlModel {

    private final Set<String> halves;

    private DjlOnnxModel(ai.djl.Model model, SessionOptions options, ModelDescription description, Set<String> halves) {
        super(model, description, () -> {
            model.close();
            options.close();
        });
        this.halves = halves;
    }

    static DjlOnnxModel open(
            Path file, ModelDescription description, OnnxSignature signature, LoadOptions loadOptions) {
        if (!signature.undjl().isEmpty()) {
            throw new ModelLoadException(
                    "model " + file + ": cannot run through DJL: " + String.join("; ", signature.undjl()));
        }
        return open(file, description, signature.halves(), loadOptions);
    }

    /** A model whose inputs and outputs a translator knows. */
    public static DjlOnnxModel open(Path file, ModelDescription description, LoadOptions loadOptions) {
        return open(file, description, Set.of(), loadOptions);
    }

    private static DjlOnnxModel open(
            Path file, ModelDescription description, Set<String> halves, LoadOptions loadOptions) {
        SessionOptions options = new SessionOptions();
        ai.djl.Model model = ai.djl.Model.newInstance(description.id().name(), DjlEngines.ONNX_RUNTIME);
        boolean loaded = false;
        try {
            OnnxSession.configure(options, loadOptions, "model " + file);
            model.load(file, null, Map.of("sessionOptions", options));
            loaded = true;
            return new DjlOnnxModel(model, options, description, halves);
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
    protected boolean isHalf(TensorSpec input) {
        return halves.contains(input.name());
    }

    @Override
    protected NDArray output(NDList results, TensorSpec output) {
        return results.get(output.name());
    }
}
