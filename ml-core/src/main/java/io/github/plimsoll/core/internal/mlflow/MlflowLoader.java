package io.github.plimsoll.core.internal.mlflow;

import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads folders as MLflow writes them, without its server and without Python.
 *
 * <p><b>Which model.</b> The first of the flavors onnx, xgboost, lightgbm and pytorch that the file {@code MLmodel} has and
 * whose data can be loaded; the file that the flavor names is handed to whichever {@link ModelLoader} accepts it. The flavor
 * python_function is never executed. What only Python can read is refused, with the line that saves it anew.
 *
 * <p><b>Which name and version.</b> {@link LoadOptions#id()} if the host gave one; else those that MLflow, or
 * {@link io.github.plimsoll.core.model.MlflowRegistry}, left in the file {@code registered_model_meta} of a download; else the
 * folder's name, and the first of: the version that the model file states, the model id, the run id.
 *
 * <p><b>What is checked.</b> The data file lies in the folder, also once links are followed. If the folder has an input
 * example, the model must answer it.
 */
public final class MlflowLoader implements ModelLoader {

    /** The file that makes a folder an MLflow model. */
    static final String FILE = "MLmodel";

    /** For {@link java.util.ServiceLoader}. */
    public MlflowLoader() {}

    @Override
    public String format() {
        return "MLflow (a folder with MLmodel)";
    }

    @Override
    public boolean accepts(Path location) {
        return Files.isDirectory(location) && Files.isRegularFile(location.resolve(FILE));
    }

    @Override
    public Model load(Path location, LoadOptions options) {
        return MlflowOpening.open(location, options); // its own class: this one links without the YAML parser
    }
}
