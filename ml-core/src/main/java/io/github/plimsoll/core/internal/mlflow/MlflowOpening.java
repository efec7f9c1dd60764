package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.DescribedModel;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.Field;
import io.github.plimsoll.core.model.MlflowSignature.Param;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import io.github.plimsoll.core.model.MlflowSignature.TensorType;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens the model of an MLflow folder. */
final class MlflowOpening {

    /** What MLflow's own download leaves beside a model of the registry. */
    static final String REGISTERED = "registered_model_meta";

    private MlflowOpening() {}

    static Model open(Path location, LoadOptions options) {
        Path folder = location.toAbsolutePath().normalize();
        MlflowFolder mlflow = MlflowFolder.read(folder);
        @Nullable MlflowSignature signature = MlflowFormat.ofFile("model " + folder, mlflow.key("signature"));
        if (signature != null) {
            String objection = MlflowParams.objection(mlflow.flavor(), signature.params());
            if (objection != null) {
                throw new ModelLoadException("model " + folder + ": " + objection);
            }
        }
        List<String> notes = sessionOptions(mlflow);
        Model model = ModelLoading.loadBare(mlflow.data(), declared(mlflow.flavor(), signature, options));
        boolean kept = false;
        try {
            String example = MlflowExample.run(mlflow, model);
            Model described = DescribedModel.as(
                    model, description(mlflow, model.description(), options.id(), signature, example, notes));
            kept = true;
            return described;
        } finally {
            if (!kept) {
                model.close();
            }
        }
    }

    /** TorchScript does not state its inputs and outputs; the signature does, if it is of one input and one tensor. */
    private static LoadOptions declared(String flavor, @Nullable MlflowSignature signature, LoadOptions options) {
        if (!flavor.equals("pytorch") || options.signature() != null || signature == null) {
            return options;
        }
        TensorSpec input = input(signature.inputs());
        TensorSpec output = signature.outputs().size() == 1
                ? tensor("output", signature.outputs().get(0))
                : null;
        return input == null || output == null
                ? options
                : options.signature(new ModelSignature(List.of(input), List.of(output)));
    }

    /** One tensor, or the matrix of 32-bit numbers that MLflow makes of columns for PyTorch. */
    private static @Nullable TensorSpec input(List<Field> inputs) {
        if (inputs.size() == 1 && inputs.get(0).type() instanceof TensorType) {
            return tensor("input", inputs.get(0));
        }
        boolean numbers = !inputs.isEmpty()
                && inputs.stream()
                        .allMatch(column -> column.type() == Scalar.FLOAT
                                || column.type() == Scalar.DOUBLE
                                || column.type() == Scalar.INTEGER
                                || column.type() == Scalar.LONG);
        return numbers ? TensorSpec.of("input", ElementType.FLOAT32, -1, inputs.size()) : null;
    }

    private static @Nullable TensorSpec tensor(String name, Field field) {
        if (!(field.type() instanceof TensorType tensor) || tensor.shape().isEmpty()) {
            return null;
        }
        for (ElementType type : ElementType.values()) {
            if (type.toString().equals(tensor.dtype())) {
                String stated = field.name() == null || field.name().isBlank() ? name : field.name();
                return TensorSpec.of(
                        stated,
                        type,
                        tensor.shape().stream().mapToLong(size -> size).toArray());
            }
        }
        return null;
    }

    /**
     * The names of what {@code onnx_session_options} ask for. None of it is taken over: how much of the machine a model gets
     * is the host's to say.
     */
    private static List<String> sessionOptions(MlflowFolder mlflow) {
        List<String> asked = new ArrayList<>();
        if (mlflow.flavorKey("onnx_session_options") instanceof ObjectNode wanted) {
            for (Map.Entry<String, JsonNode> option : wanted.properties()) {
                if (!option.getValue().isNull() && asked.size() < 20) {
                    asked.add(Shown.text(option.getKey()));
                }
            }
        }
        return asked;
    }

    private static ModelDescription description(
            MlflowFolder mlflow,
            ModelDescription engine,
            @Nullable ModelId given,
            @Nullable MlflowSignature signature,
            String example,
            List<String> notes) {
        Map<String, String> facts = new HashMap<>(engine.metadata());
        facts.put("mlflow.flavor", mlflow.flavor());
        facts.put("mlflow.inputExample", example);
        if (!notes.isEmpty()) {
            facts.put("mlflow.sessionOptionsLeftOut", String.join(", ", notes));
        }
        if (signature != null) {
            if (!signature.params().isEmpty()) {
                facts.put(
                        "mlflow.paramsLeftOut",
                        signature.params().stream().map(Param::name).collect(Collectors.joining(", ")));
            }
            facts.put(MlflowSignature.METADATA, signature.toJson());
        }
        for (String key : List.of("mlflow_version", "model_uuid", "model_id", "run_id", "utc_time_created")) {
            put(facts, key, mlflow.key(key));
        }
        for (String key : List.of("model_class", "model_format")) {
            put(facts, key, mlflow.flavorKey(key));
        }
        ModelDescription described = new ModelDescription(
                id(mlflow, engine.id(), given),
                engine.engine(),
                engine.engineVersion(),
                engine.execution(),
                engine.signature(),
                facts);
        return described;
    }

    private static void put(Map<String, String> facts, String key, JsonNode value) {
        if (value.isTextual() && !value.asText().isBlank()) {
            facts.put(key.startsWith("mlflow") ? key.replace('_', '.') : "mlflow." + key, value.asText());
        }
    }

    private static ModelId id(MlflowFolder mlflow, ModelId engine, @Nullable ModelId given) {
        if (given != null) {
            return given;
        }
        Path name = mlflow.folder().getFileName();
        JsonNode registered = registered(mlflow.folder());
        String version = ModelId.UNVERSIONED;
        for (String candidate : List.of(
                registered.path("model_version").asText(""),
                engine.version().equals(ModelId.UNVERSIONED) ? "" : engine.version(),
                text(mlflow.key("model_id")),
                text(mlflow.key("run_id")),
                text(mlflow.key("model_uuid")))) {
            if (!candidate.isBlank()) {
                version = candidate;
                break;
            }
        }
        String stated = registered.path("model_name").asText("");
        return new ModelId(
                !stated.isBlank() ? stated : name == null || name.toString().isBlank() ? "model" : name.toString(),
                version);
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : "";
    }

    private static JsonNode registered(Path folder) {
        Path file = folder.resolve(REGISTERED);
        if (!Files.isRegularFile(file)) {
            return JsonNodeFactory.instance.objectNode();
        }
        String where = "model " + folder;
        return MlflowYaml.read(
                where + ": " + REGISTERED, MlflowFolder.confined(where, folder, "registration", REGISTERED));
    }
}
