package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.internal.pack.SafeJson;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.ArrayType;
import io.github.plimsoll.core.model.MlflowSignature.DataType;
import io.github.plimsoll.core.model.MlflowSignature.Field;
import io.github.plimsoll.core.model.MlflowSignature.MapType;
import io.github.plimsoll.core.model.MlflowSignature.ObjectType;
import io.github.plimsoll.core.model.MlflowSignature.Param;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import io.github.plimsoll.core.model.MlflowSignature.TensorType;
import io.github.plimsoll.core.model.MlflowSignature.Unchecked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads MLflow's signatures, of any of its versions, and writes them. */
public final class MlflowFormat {

    private static final int MAX_DEPTH = 32;
    private static final JsonMapper JSON = SafeJson.mapper(200);

    private MlflowFormat() {}

    /**
     * The signature of a folder.
     *
     * @param folder a folder with a file {@code MLmodel}
     * @return the signature, empty if there is none
     * @throws ModelLoadException if the file cannot be read
     */
    public static Optional<MlflowSignature> readSignature(Path folder) {
        String where = "model " + folder;
        Path file = folder.resolve(MlflowLoader.FILE);
        if (!Files.isRegularFile(file)) {
            throw new ModelLoadException(
                    where + ": no file " + MlflowLoader.FILE + " (expected: a folder as MLflow writes it)");
        }
        JsonNode content = MlflowYaml.read(where + ": " + MlflowLoader.FILE, file);
        return Optional.ofNullable(ofFile(where, content.path("signature")));
    }

    /** The signature of a file, null if it has none. */
    static @Nullable MlflowSignature ofFile(String where, JsonNode signature) {
        if (signature.isMissingNode() || signature.isNull()) {
            return null;
        }
        try {
            return signature(signature);
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(where + ": " + MlflowLoader.FILE + ": signature: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a signature.
     *
     * @param json the JSON of an object with inputs, outputs and params
     * @return the signature
     * @throws IllegalArgumentException if it is none
     */
    public static MlflowSignature signature(String json) {
        try {
            return signature(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + Shown.text(e.getOriginalMessage()), e);
        }
    }

    /**
     * Reads a signature.
     *
     * @param json an object with inputs, outputs and params
     * @return the signature
     * @throws IllegalArgumentException if it is none
     */
    public static MlflowSignature signature(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("not a mapping (expected: inputs, outputs, params)");
        }
        List<Param> params = new ArrayList<>();
        for (JsonNode param : list(json, "params")) {
            String name = name(param);
            if (name == null) {
                throw new IllegalArgumentException("params: one without a name (expected: a name)");
            }
            JsonNode value = param.path("default");
            params.add(MlflowParams.checked(new Param(
                    name,
                    type(param, "params", 0),
                    value.isMissingNode() ? JSON.nullNode() : value,
                    longs(param.path("shape"), "params"))));
        }
        return new MlflowSignature(fields(json, "inputs"), fields(json, "outputs"), params);
    }

    private static JsonNode list(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (value.isTextual()) { // as a file has it
            try {
                value = JSON.readTree(value.asText());
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        key + ": not JSON: " + Shown.text(e.getOriginalMessage()) + " (expected: a JSON array)", e);
            }
        }
        if (value == null || value.isNull() || value.isMissingNode()) {
            return JSON.createArrayNode();
        }
        if (!value.isArray()) {
            throw new IllegalArgumentException(key + ": not an array (expected: a JSON array of columns or tensors)");
        }
        return value;
    }

    private static List<Field> fields(JsonNode json, String key) {
        List<Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int tensors = 0;
        for (JsonNode entry : list(json, key)) {
            String name = name(entry);
            if (name != null && !names.add(name)) {
                throw new IllegalArgumentException(key + ": '" + Shown.text(name) + "' twice (expected: once)");
            }
            DataType type = type(entry, key, 0);
            tensors += type instanceof TensorType ? 1 : 0;
            fields.add(new Field(name, type, entry.path("required").asBoolean(true)));
        }
        if (!names.isEmpty() && names.size() != fields.size()) {
            throw new IllegalArgumentException(key + ": some have a name and some have none (expected: all or none)");
        }
        if (tensors > 0 && tensors != fields.size()) {
            throw new IllegalArgumentException(key + ": columns and tensors (expected: the one or the other)");
        }
        return fields;
    }

    private static @Nullable String name(JsonNode entry) {
        JsonNode name = entry.path("name");
        return name.isTextual() || name.isNumber() ? name.asText() : null;
    }

    private static DataType type(JsonNode entry, String where, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException(where + ": nested too deeply (expected: at most " + MAX_DEPTH + ")");
        }
        JsonNode stated = entry.isTextual() ? entry : entry.has("type") ? entry.get("type") : entry.path("dtype");
        if (!stated.isTextual()) {
            throw new IllegalArgumentException(where + ": an entry without a type (expected: such as \"double\")");
        }
        String name = stated.asText();
        return switch (name) {
            case "tensor" -> {
                JsonNode spec = entry.path("tensor-spec");
                if (!spec.path("dtype").isTextual() || !spec.path("shape").isArray()) {
                    throw new IllegalArgumentException(where + ": a tensor without dtype and shape");
                }
                yield new TensorType(spec.get("dtype").asText(), longs(spec.get("shape"), where));
            }
            case "array" -> new ArrayType(type(entry.path("items"), where, depth + 1));
            case "map" -> new MapType(type(entry.path("values"), where, depth + 1));
            case "object" -> object(entry.path("properties"), where, depth);
            default -> scalar(name);
        };
    }

    private static DataType object(JsonNode properties, String where, int depth) {
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            fields.add(new Field(
                    property.getKey(),
                    type(property.getValue(), where, depth + 1),
                    property.getValue().path("required").asBoolean(true)));
        }
        return new ObjectType(fields);
    }

    private static DataType scalar(String name) {
        for (Scalar scalar : Scalar.values()) {
            if (scalar.toString().equals(name)) {
                return scalar;
            }
        }
        return new Unchecked(Shown.text(name)); // any, sparkml_vector, and what is yet to come
    }

    private static List<Long> longs(JsonNode sizes, String where) {
        List<Long> longs = new ArrayList<>();
        if (sizes.isArray()) {
            for (JsonNode size : sizes) {
                if (!size.canConvertToLong() || !size.isIntegralNumber()) {
                    throw new IllegalArgumentException(where + ": a shape that is no array of whole numbers");
                }
                longs.add(size.asLong());
            }
        }
        return longs;
    }

    /**
     * Writes a signature.
     *
     * @param signature the signature
     * @return a JSON object that {@link #signature} reads
     */
    public static String write(MlflowSignature signature) {
        ObjectNode json = JSON.createObjectNode();
        json.set("inputs", written(signature.inputs()));
        json.set("outputs", written(signature.outputs()));
        ArrayNode parameters = json.putArray("params");
        for (Param param : signature.params()) {
            ObjectNode entry = JSON.createObjectNode();
            entry.put("name", param.name());
            entry.set("default", param.defaultValue());
            if (!param.shape().isEmpty()) {
                entry.set("shape", JSON.valueToTree(param.shape()));
            }
            write(param.type(), entry);
            parameters.add(entry);
        }
        return json.toString();
    }

    private static ArrayNode written(List<Field> fields) {
        ArrayNode json = JSON.createArrayNode();
        for (Field field : fields) {
            ObjectNode entry = JSON.createObjectNode();
            if (field.name() != null) {
                entry.put("name", field.name());
            }
            write(field.type(), entry);
            if (!(field.type() instanceof TensorType)) {
                entry.put("required", field.required());
            }
            json.add(entry);
        }
        return json;
    }

    private static void write(DataType type, ObjectNode to) {
        if (type instanceof Scalar scalar) {
            to.put("type", scalar.toString());
        } else if (type instanceof TensorType tensor) {
            to.put("type", "tensor");
            ObjectNode spec = to.putObject("tensor-spec");
            spec.put("dtype", tensor.dtype());
            spec.set("shape", JSON.valueToTree(tensor.shape()));
        } else if (type instanceof ArrayType array) {
            to.put("type", "array");
            write(array.items(), to.putObject("items"));
        } else if (type instanceof MapType map) {
            to.put("type", "map");
            write(map.values(), to.putObject("values"));
        } else if (type instanceof ObjectType object) {
            to.put("type", "object");
            ObjectNode properties = to.putObject("properties");
            for (Field property : object.properties()) {
                ObjectNode entry = properties.putObject(Objects.requireNonNull(property.name()));
                write(property.type(), entry);
                entry.put("required", property.required());
            }
        } else if (type instanceof Unchecked unchecked) {
            to.put("type", unchecked.name());
        }
    }
}
