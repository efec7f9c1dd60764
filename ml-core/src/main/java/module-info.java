import org.jspecify.annotations.NullMarked;

/**
 * What a prediction is: predictors, schemas, model packages, loading and fakes.
 *
 * <p>The engines are the host's choice and need not be present: only loading a model with them asks for their jars.
 */
@NullMarked
@SuppressWarnings("requires-automatic") // DJL and ONNX Runtime publish no descriptor, only automatic module names.
module io.github.plimsoll.core {
    requires transitive com.fasterxml.jackson.databind;
    requires transitive java.net.http;
    requires org.slf4j;
    requires org.snakeyaml.engine.v2;
    requires static transitive org.jspecify;
    requires static ai.djl.api;
    requires static com.microsoft.onnxruntime;

    exports io.github.plimsoll.core;
    exports io.github.plimsoll.core.fake;
    exports io.github.plimsoll.core.meter;
    exports io.github.plimsoll.core.model;
    exports io.github.plimsoll.core.schema;
    exports io.github.plimsoll.core.table;

    uses io.github.plimsoll.core.model.ModelLoader;

    provides io.github.plimsoll.core.model.ModelLoader with
            io.github.plimsoll.core.internal.mlflow.MlflowLoader,
            io.github.plimsoll.core.internal.onnx.OnnxLoader,
            io.github.plimsoll.core.internal.booster.XgboostLoader,
            io.github.plimsoll.core.internal.booster.LightgbmLoader,
            io.github.plimsoll.core.internal.djl.TorchLoader,
            io.github.plimsoll.core.internal.djl.SavedModelLoader;
}
