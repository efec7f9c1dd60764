package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.internal.pack.SafeJson;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model its own input example before anyone else does: what it cannot answer, no request should meet first. Also warms
 * the engine up.
 *
 * <p>An example that is not understood is no fault of the model: it is left out, and the description says why.
 */
final class MlflowExample {

    private static final long MAX_BYTES = 16 << 20;
    private static final int MAX_ROWS = 100;
    private static final int MAX_RANK = 8;
    private static final JsonMapper JSON = SafeJson.mapper(200);

    /** The example cannot be turned into the model's inputs. */
    private static final class NotUnderstood extends Exception {
        private static final long serialVersionUID = 1L;

        private NotUnderstood(String reason) {
            super(reason);
        }
    }

    private MlflowExample() {}

    /** Runs the example, if there is one. What became of it, in words; a model that fails on it throws. */
    static String run(MlflowFolder mlflow, Model model) {
        JsonNode info = mlflow.key("saved_input_example_info");
        String name = info.path("artifact_path").asText("input_example.json");
        try {
            if (!Files.exists(mlflow.folder().resolve(name))) {
                return info.isObject() ? "left out: no file " + Shown.text(name) : "none";
            }
        } catch (InvalidPathException e) {
            return "left out: no file " + Shown.text(name);
        }
        List<TensorSpec> specs = model.description().signature().inputs();
        List<JsonNode> inputs;
        try {
            inputs = inputs(read(mlflow, name), specs);
        } catch (NotUnderstood e) {
            return "left out: " + e.getMessage();
        }
        String where = "model " + mlflow.folder() + ": fails on its own input example " + Shown.text(name);
        try {
            int rows = ask(model, specs, inputs);
            return "answered, " + rows + (rows == 1 ? " row" : " rows");
        } catch (NotUnderstood e) {
            return "left out: " + e.getMessage();
        } catch (PredictionException e) {
            throw new ModelLoadException(where + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ModelLoadException(
                    where + ": " + e.getMessage() + " (expected: an example that fits the model)", e);
        }
    }

    private static JsonNode read(MlflowFolder mlflow, String name) throws NotUnderstood {
        Path file = MlflowFolder.confined("model " + mlflow.folder(), mlflow.folder(), "input example", name);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes((int) MAX_BYTES + 1);
        } catch (IOException e) {
            throw new NotUnderstood("cannot be read: " + e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new NotUnderstood("larger than " + MAX_BYTES + " bytes");
        }
        try {
            JsonNode example = JSON.readTree(bytes);
            if (example == null || !example.isContainerNode() || example.isEmpty()) {
                throw new NotUnderstood("no rows");
            }
            return example;
        } catch (JsonProcessingException e) {
            throw new NotUnderstood("not JSON: " + Shown.text(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new NotUnderstood("cannot be read: " + e);
        }
    }

    /** The example's part for each of the model's inputs. */
    private static List<JsonNode> inputs(JsonNode example, List<TensorSpec> specs) throws NotUnderstood {
        if (example.path("columns").isArray() && example.path("data").isArray()) {
            return columns(example.get("columns"), example.get("data"), specs);
        }
        JsonNode tensors = example.has("inputs") ? example.get("inputs") : example;
        List<JsonNode> inputs = new ArrayList<>();
        for (TensorSpec spec : specs) {
            JsonNode part = tensors.isObject() ? tensors.get(spec.name()) : specs.size() == 1 ? tensors : null;
            if (part == null || !part.isArray()) {
                throw new NotUnderstood("neither a table in split orientation nor an array for input '"
                        + Shown.text(spec.name()) + "'");
            }
            inputs.add(part);
        }
        return inputs;
    }

    private static List<JsonNode> columns(JsonNode columns, JsonNode data, List<TensorSpec> specs)
            throws NotUnderstood {
        if (specs.size() == 1 && specs.get(0).shape().length == 2) {
            return List.of(data);
        }
        List<JsonNode> inputs = new ArrayList<>();
        for (TensorSpec spec : specs) {
            int column = indexOf(columns, spec.name());
            if (column < 0) {
                throw new NotUnderstood("no column for input '" + Shown.text(spec.name()) + "'");
            }
            var values = JSON.createArrayNode();
            for (JsonNode row : data) {
                values.add(row.path(column));
            }
            inputs.add(values);
        }
        return inputs;
    }

    private static int indexOf(JsonNode names, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).asText().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static int ask(Model model, List<TensorSpec> specs, List<JsonNode> inputs) throws NotUnderstood {
        InferencePlan plan = model.plan(model.description().signature().outputs().stream()
                .map(TensorSpec::name)
                .toList());
        int rows = Math.min(MAX_ROWS, plan.maxRows());
        for (JsonNode input : inputs) {
            rows = Math.min(rows, input.size());
        }
        if (rows == 0) {
            throw new NotUnderstood("no rows");
        }
        try (Inference inference = plan.begin(rows)) {
            for (int i = 0; i < specs.size(); i++) {
                fill(inference, i, specs.get(i), inputs.get(i), rows);
            }
            inference.run();
            for (int i = 0; i < model.description().signature().outputs().size(); i++) {
                inference.output(i);
            }
        }
        return rows;
    }

    private static void fill(Inference inference, int index, TensorSpec spec, JsonNode values, int rows)
            throws NotUnderstood {
        List<JsonNode> elements = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            collect(values.get(row), elements, 0);
        }
        if (elements.size() % rows != 0) {
            throw new IllegalArgumentException("input '" + spec.name() + "': rows of different lengths");
        }
        long perRow = elements.size() / rows;
        Tensor tensor;
        if (spec.elementsPerRow() >= 0) {
            if (perRow != spec.elementsPerRow()) {
                throw new IllegalArgumentException("input '" + spec.name() + "': " + perRow
                        + " values a row, but the model takes " + spec.elementsPerRow());
            }
            tensor = inference.input(index);
        } else {
            tensor = inference.input(index, shape(spec, values, rows));
            if (tensor.length() != elements.size()) {
                throw new IllegalArgumentException("input '" + spec.name() + "': rows of different lengths");
            }
        }
        for (int e = 0; e < elements.size(); e++) {
            set(tensor, e, elements.get(e));
        }
    }

    private static long[] shape(TensorSpec spec, JsonNode values, int rows) throws NotUnderstood {
        long[] shape = spec.shape();
        shape[0] = rows;
        JsonNode at = values.get(0);
        for (int d = 1; d < shape.length; d++) {
            boolean scalars = d == 1 && at != null && !at.isArray(); // a column of its own
            if (at == null || !(at.isArray() || scalars)) {
                throw new NotUnderstood("fewer dimensions than input '" + Shown.text(spec.name()) + "'");
            }
            shape[d] = scalars ? 1 : at.size();
            at = scalars ? at : at.get(0);
        }
        return shape;
    }

    private static void collect(@Nullable JsonNode node, List<JsonNode> elements, int depth) throws NotUnderstood {
        if (node == null || depth > MAX_RANK || node.isObject()) {
            throw new NotUnderstood("values that are no numbers or texts");
        }
        if (node.isArray()) {
            for (JsonNode child : node) {
                collect(child, elements, depth + 1);
            }
        } else {
            elements.add(node);
        }
    }

    private static void set(Tensor tensor, int element, JsonNode value) throws NotUnderstood {
        ElementType type = tensor.type();
        if (type == ElementType.STRING && value.isTextual()) {
            tensor.text(element, value.asText());
        } else if (type != ElementType.STRING && value.isBoolean()) {
            tensor.number(element, value.booleanValue() ? 1 : 0);
        } else if (type.isFloating() && value.isNull()) {
            tensor.number(element, Double.NaN);
        } else if (type.isFloating() && value.isNumber()) {
            tensor.number(element, value.doubleValue());
        } else if (type.isIntegral() && value.canConvertToLong() && value.isIntegralNumber()) {
            tensor.integer(element, value.longValue());
        } else {
            throw new NotUnderstood("a value that " + type + " cannot hold");
        }
    }
}
