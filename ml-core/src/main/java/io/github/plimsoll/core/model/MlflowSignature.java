package io.github.plimsoll.core.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.internal.mlflow.MlflowFormat;
import io.github.plimsoll.core.internal.mlflow.MlflowParams;
import io.github.plimsoll.core.internal.mlflow.MlflowRows;
import io.github.plimsoll.core.internal.mlflow.MlflowRules;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What MLflow has noted of a model's inputs and outputs: columns or tensors, with MLflow's types. Immutable.
 *
 * <p>A predictor on an MLflow folder checks its features against it without being asked. A host may want it to make a schema
 * from it, or to check a whole request at once:
 *
 * <pre>{@code
 * MlflowSignature signature = MlflowSignature.read(folder).orElseThrow();
 * Schema<JsonNode> schema = Schema.ofJson(signature.features());
 * List<Violation> violations = signature.check(rows, MlflowSignature.Enforcement.EXACT);
 * }</pre>
 *
 * <p>Which value may go into which column:
 *
 * <table>
 *   <caption>Accepted values</caption>
 *   <thead><tr><th>column</th><th>{@link Enforcement#MLFLOW}</th><th>{@link Enforcement#EXACT}</th></tr></thead>
 *   <tbody>
 *   <tr><td>boolean</td><td>true, false</td><td>the same</td></tr>
 *   <tr><td>integer</td><td>whole numbers of 32 bits, never null</td><td>also {@code 3.0}</td></tr>
 *   <tr><td>long</td><td>whole numbers of 64 bits, never null</td><td>also {@code 3.0}</td></tr>
 *   <tr><td>float</td><td>fractional numbers, rounded to 32 bits but not to infinity</td><td>also whole numbers that 32-bit
 *       floating point holds exactly</td></tr>
 *   <tr><td>double</td><td>fractional numbers, whole numbers of 32 bits</td><td>also larger whole numbers that 64-bit
 *       floating point holds exactly</td></tr>
 *   <tr><td>string, binary</td><td>text</td><td>the same</td></tr>
 *   <tr><td>datetime</td><td>a time with its offset, as ISO 8601 has it</td><td>the same</td></tr>
 *   <tr><td>array, object, map</td><td>element by element, where only integers and nested elements must not be null; an object's
 *       unknown property is wrong</td><td>the same</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>MLflow looks at the type of a whole column where this looks at each value: JSON has one kind of number, so a whole number
 * counts as the narrowest integer that holds it, and a fractional one may be rounded into a float column as MLflow's own
 * server does.
 *
 * @param inputs the input columns or tensors, empty if the signature states none; copied
 * @param outputs the output columns or tensors, empty if the signature states none; copied
 * @param params the parameters that MLflow would pass on to a model in Python, see {@link #resolveParams}; copied
 * @since 0.1
 */
public record MlflowSignature(List<Field> inputs, List<Field> outputs, List<Param> params) {

    /** The entry of {@link ModelDescription#metadata()} that holds the signature of a loaded model, as JSON. */
    public static final String METADATA = "mlflow.signature";

    /** How strictly values are held to the signature. */
    public enum Enforcement {
        /** By MLflow's own table: what Python would refuse is refused here. */
        MLFLOW,
        /** By value: a number is accepted wherever it is kept exactly. */
        EXACT
    }

    /** What a column, a property or an element is. */
    public sealed interface DataType permits Scalar, TensorType, ArrayType, ObjectType, MapType, Unchecked {}

    /** MLflow's scalar types. */
    public enum Scalar implements DataType {
        /** True or false. */
        BOOLEAN,
        /** A whole number of 32 bits. */
        INTEGER,
        /** A whole number of 64 bits. */
        LONG,
        /** A floating-point number of 32 bits. */
        FLOAT,
        /** A floating-point number of 64 bits. */
        DOUBLE,
        /** Text. */
        STRING,
        /** Bytes. */
        BINARY,
        /** A point in time. */
        DATETIME;

        /**
         * Whether MLflow takes data of a type for a column of this one: the same kind if it is no wider, an unsigned integer if it is
         * narrower than a signed one, integers of at most 32 bits for a double.
         *
         * @param dtype the data's type as numpy names it, such as {@code int64} or {@code datetime64[ns]}, or {@code decimal},
         *     {@code string}, {@code bytes}, {@code date}, {@code object}
         * @return false also for a type that is none of these
         */
        public boolean accepts(String dtype) {
            return MlflowRules.accepts(dtype, this);
        }

        /** MLflow's name, such as {@code double}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A tensor.
     *
     * @param dtype the elements' type as numpy names it, such as {@code float32}
     * @param shape the sizes, rows first, -1 where not fixed
     */
    public record TensorType(String dtype, List<Long> shape) implements DataType {

        /** Copies the shape. */
        public TensorType {
            Objects.requireNonNull(dtype);
            shape = List.copyOf(shape);
        }

        @Override
        public String toString() {
            return "tensor " + dtype + " " + shape;
        }
    }

    /**
     * An array.
     *
     * @param items what its elements are
     */
    public record ArrayType(DataType items) implements DataType {
        @Override
        public String toString() {
            return "array of " + items;
        }
    }

    /**
     * An object. Unlike at the top, a property that is not listed is wrong.
     *
     * @param properties what it holds, each with a name; copied
     */
    public record ObjectType(List<Field> properties) implements DataType {

        /** Copies the list. */
        public ObjectType {
            properties = List.copyOf(properties);
        }

        @Override
        public String toString() {
            return "object " + properties;
        }
    }

    /**
     * A map from texts.
     *
     * @param values what its values are
     */
    public record MapType(DataType values) implements DataType {
        @Override
        public String toString() {
            return "map of " + values;
        }
    }

    /**
     * A type whose values are not looked at, such as {@code any}; null is a value, too.
     *
     * @param name the type's name
     */
    public record Unchecked(String name) implements DataType {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A column, a tensor or a property.
     *
     * @param name its name, or null if the signature names none
     * @param type what it is
     * @param required whether it must be there
     */
    public record Field(@Nullable String name, DataType type, boolean required) {
        /** The field as one line, such as {@code age: double}, or {@code age: double, optional}. */
        @Override
        public String toString() {
            return (name == null ? "" : name + ": ") + type + (required ? "" : ", optional");
        }
    }

    /**
     * A parameter.
     *
     * @param name its name
     * @param type what it is
     * @param defaultValue the value it has if none is given, as JSON
     * @param shape the sizes of an array, empty for a single value; copied
     */
    public record Param(String name, DataType type, JsonNode defaultValue, List<Long> shape) {
        /** Copies the shape. */
        public Param {
            shape = List.copyOf(shape);
        }
    }

    /**
     * The parameters' values of one call.
     *
     * @param values a value for each param of the signature, in its order
     * @param ignored the names that were given and are no params of the signature, sorted; copied
     */
    public record ParamValues(Map<String, JsonNode> values, List<String> ignored) {
        /** Copies both. */
        public ParamValues {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
            ignored = List.copyOf(ignored);
        }
    }

    /** Copies the lists. */
    public MlflowSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        params = List.copyOf(params);
    }

    /**
     * Reads the signature of a folder, without loading its model.
     *
     * @param folder a folder with a file {@code MLmodel}
     * @return the signature, empty if the file states none
     * @throws io.github.plimsoll.core.ModelLoadException if the file cannot be read
     */
    public static Optional<MlflowSignature> read(Path folder) {
        return MlflowFormat.readSignature(folder);
    }

    /**
     * The signature of a loaded model.
     *
     * @param model the model's description
     * @return the signature, empty if the model came from no MLflow folder, or from one without a signature
     */
    public static Optional<MlflowSignature> of(ModelDescription model) {
        String json = model.metadata().get(METADATA);
        return json == null ? Optional.empty() : Optional.of(parse(json));
    }

    /**
     * Reads a signature from JSON.
     *
     * @param json an object with {@code inputs}, {@code outputs} and {@code params}, each null, absent, an array, or an array
     *     as a text
     * @return the signature
     * @throws IllegalArgumentException if the text is no such JSON
     */
    public static MlflowSignature parse(String json) {
        return MlflowFormat.signature(json);
    }

    /**
     * Reads a signature from a JSON object.
     *
     * @param json as for {@link #parse(String)}
     * @return the signature
     * @throws IllegalArgumentException if it is no signature
     */
    public static MlflowSignature parse(JsonNode json) {
        return MlflowFormat.signature(json);
    }

    /**
     * The signature as JSON that {@link #parse(String)} reads.
     *
     * @return a JSON object
     */
    public String toJson() {
        return MlflowFormat.write(this);
    }

    /**
     * The input columns as features of a schema, an optional column as a nullable one.
     *
     * @return a feature for each column, in their order
     * @throws IllegalStateException if a column has no name, or a type that no feature has: binary, object, map, any, and
     *     arrays and tensors that are not of floating-point numbers
     */
    public List<Feature> features() {
        List<Feature> features = new ArrayList<>();
        for (Field column : inputs) {
            String name = column.name();
            Feature feature = name == null || name.isBlank() ? null : feature(name, column.type());
            if (feature == null) {
                throw new IllegalStateException(
                        "column " + column + ": no feature can stand for it (expected: a schema of the host's own)");
            }
            features.add(column.required() ? feature : feature.nullable());
        }
        return features;
    }

    private static @Nullable Feature feature(String name, DataType type) {
        if (type instanceof Scalar scalar) {
            return switch (scalar) {
                case BOOLEAN -> Feature.bool(name);
                case INTEGER -> Feature.integer(name).range(Integer.MIN_VALUE, Integer.MAX_VALUE);
                case LONG -> Feature.integer(name);
                case FLOAT, DOUBLE -> Feature.number(name);
                case STRING -> Feature.text(name);
                case DATETIME -> Feature.timestamp(name);
                case BINARY -> null;
            };
        }
        if (type instanceof ArrayType array && (array.items() == Scalar.FLOAT || array.items() == Scalar.DOUBLE)) {
            return Feature.tensor(name, -1);
        }
        if (type instanceof TensorType tensor
                && tensor.dtype().startsWith("float")
                && tensor.shape().size() > 1) {
            long[] shape =
                    tensor.shape().stream().skip(1).mapToLong(size -> size).toArray();
            boolean held = Arrays.stream(shape).skip(1).allMatch(size -> size > 0) && shape[0] != 0;
            return held ? Feature.tensor(name, shape) : null;
        }
        return null;
    }

    /**
     * The columns that a model gets out of those given: MLflow puts them in the signature's order and drops what the
     * signature does not know.
     *
     * @param given the names of the columns given
     * @return the names of those that the model gets, in its order
     * @throws IllegalArgumentException if a required column is not given
     * @throws IllegalStateException if the signature does not name its columns
     */
    public List<String> select(Collection<String> given) {
        List<String> selected = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Field column : inputs) {
            String name = column.name();
            if (name == null) {
                throw new IllegalStateException("signature " + inputs + ": no names (expected: named columns)");
            }
            if (given.contains(name)) {
                selected.add(name);
            } else if (column.required()) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            List<String> surplus = new ArrayList<>(given);
            surplus.removeAll(selected);
            throw new IllegalArgumentException("missing " + missing + (surplus.isEmpty() ? "" : ", surplus " + surplus)
                    + " (expected: the columns " + inputs + ")");
        }
        return selected;
    }

    /**
     * Checks rows against the inputs.
     *
     * @param rows objects by column name; arrays if the columns have no names; for a signature of one tensor without a name,
     *     each row's part of it
     * @param enforcement how strictly
     * @return what is wrong, at most {@value #MAX_VIOLATIONS}, each with its row as in {@code [3].age}; empty if nothing is
     */
    public List<Violation> check(List<? extends JsonNode> rows, Enforcement enforcement) {
        return MlflowRows.check(this, rows, enforcement);
    }

    /**
     * The values that the parameters have when some are given, as MLflow has it: one that is not given has its default, one that
     * the signature does not know is ignored with a warning, and one of another type is wrong. A whole number is taken for a float
     * or a double; null is taken for any single value.
     *
     * <p>No engine takes params here. MLflow itself hands none to onnx and lightgbm models. An xgboost model whose params change its
     * answers, and a pytorch model with params other than {@code device}, is refused when it is loaded, since it would answer
     * otherwise than in Python. What is left is for the host: a threshold, say, that it applies to the answer.
     *
     * @param given an object with values by name
     * @return the values
     * @throws io.github.plimsoll.core.InvalidInputException if a value does not fit; it lists all that do not
     */
    public ParamValues resolveParams(JsonNode given) {
        return MlflowParams.resolve(this, given);
    }

    /** The largest number of violations that {@link #check} lists. */
    public static final int MAX_VIOLATIONS = 1_000;
}
