package io.github.plimsoll.core.internal.djl;

import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.internal.OfflineByDefault;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Recognises TensorFlow SavedModel folders and says how to get from there to a model that runs.
 *
 * <p>There is no native library of TensorFlow for DJL on Maven Central that fits a current engine, and nothing is downloaded from
 * elsewhere. A model converted to ONNX gives the same answers without TensorFlow. A host that has an engine all the same uses it with
 * {@code DjlTranslation.of(translator).engine("TensorFlow")}.
 */
public final class SavedModelLoader implements ModelLoader {

    private static final String ENGINE = "TensorFlow";

    /** For {@link java.util.ServiceLoader}. */
    public SavedModelLoader() {}

    @Override
    public String format() {
        return "TensorFlow SavedModel (converted)";
    }

    @Override
    public boolean accepts(Path location) {
        return Files.isDirectory(location)
                && (Files.isRegularFile(location.resolve("saved_model.pb"))
                        || Files.isRegularFile(location.resolve("saved_model.pbtxt")));
    }

    @Override
    public Model load(Path location, LoadOptions options) {
        throw refusal(location, hasEngine());
    }

    static EngineUnavailableException refusal(Path location, boolean hasEngine) {
        String folder = String.valueOf(location.getFileName());
        String convert = "python -m tf2onnx.convert --saved-model " + folder + " --output " + folder
                + ".onnx, and that file loaded in its place";
        return new EngineUnavailableException(
                "model " + location + ": holds saved_model.pb, a TensorFlow SavedModel, "
                        + (hasEngine
                                ? "whose inputs and outputs only a translator can name (expected: as(DjlTranslation.of(translator)"
                                        + ".engine(\"TensorFlow\")); or "
                                : "and TensorFlow is not on the class path (expected: ")
                        + convert
                        + (hasEngine
                                ? ")"
                                : "; or ai.djl.tensorflow:tensorflow-engine:0.36.0 with a native library of TensorFlow 2.16.1, which"
                                        + " Maven Central does not have, and DjlTranslation)"),
                null);
    }

    private static boolean hasEngine() {
        OfflineByDefault.apply();
        try {
            return DjlEngines.has(ENGINE);
        } catch (LinkageError e) {
            return false; // no DJL at all
        }
    }
}
