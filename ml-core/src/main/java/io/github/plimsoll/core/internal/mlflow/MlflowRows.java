package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.ArrayType;
import io.github.plimsoll.core.model.MlflowSignature.DataType;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.Field;
import io.github.plimsoll.core.model.MlflowSignature.MapType;
import io.github.plimsoll.core.model.MlflowSignature.ObjectType;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import io.github.plimsoll.core.model.MlflowSignature.TensorType;
import io.github.plimsoll.core.model.MlflowSignature.Unchecked;
import io.github.plimsoll.core.schema.Violation;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks JSON rows against a signature. Confined to one thread. */
public final class MlflowRows {

    private static final int LONGEST_TIME = 64;
    private static final String HINT =
            "; an integer column cannot have missing values, but every value that is there is whole:"
                    + " log the model with the column as double, or leave rows with missing values out";

    private final Enforcement enforcement;
    private final List<Violation> violations = new ArrayList<>();

    private MlflowRows(Enforcement enforcement) {
        this.enforcement = enforcement;
    }

    /**
     * Checks rows.
     *
     * @param signature the signature
     * @param rows the rows
     * @param enforcement how strictly
     * @return what is wrong, at most {@link MlflowSignature#MAX_VIOLATIONS}
     */
    public static List<Violation> check(
            MlflowSignature signature, List<? extends JsonNode> rows, Enforcement enforcement) {
        MlflowRows check = new MlflowRows(enforcement);
        List<Field> columns = signature.inputs();
        for (int c = 0; c < columns.size(); c++) {
            boolean hint = isInteger(columns.get(c).type()) && wholeWithNulls(columns.get(c), c, rows);
            for (int row = 0; row < rows.size() && !check.isFull(); row++) {
                check.column(columns, c, rows.get(row), "[" + row + "]", hint);
            }
        }
        return List.copyOf(check.violations);
    }

    /** What is wrong with one value of an object's type, such as a param's. */
    static List<Violation> check(ObjectType type, JsonNode value, String path) {
        MlflowRows check = new MlflowRows(Enforcement.MLFLOW);
        check.object(type, value, path);
        return check.violations;
    }

    private static boolean isInteger(DataType type) {
        return type == Scalar.INTEGER || type == Scalar.LONG;
    }

    /** Whether the column came to be floating point in Python only because some of its whole numbers are missing. */
    private static boolean wholeWithNulls(Field column, int index, List<? extends JsonNode> rows) {
        boolean missing = false;
        for (JsonNode row : rows) {
            JsonNode value = value(column, index, row);
            if (value.isNull()) {
                missing = true;
            } else if (!value.isNumber() || value.doubleValue() != Math.rint(value.doubleValue())) {
                return false;
            }
        }
        return missing;
    }

    private static JsonNode value(Field column, int index, JsonNode row) {
        return column.name() == null ? row.path(index) : row.path(column.name());
    }

    private void column(List<Field> columns, int index, JsonNode row, String path, boolean hint) {
        Field column = columns.get(index);
        if (column.type() instanceof TensorType tensor) {
            JsonNode part = column.name() != null && row.isObject() ? row.path(column.name()) : row;
            String at = column.name() == null ? path : path + "." + column.name();
            if (part.isMissingNode() || part.isNull()) {
                add(Violation.MISSING, at, part, tensor.toString());
            } else if (columns.size() > 1 && !row.isObject()) {
                add(Violation.TYPE, path, row, "an object with a tensor for each name");
            } else {
                tensor(tensor, 1, part, at);
            }
            return;
        }
        if (column.name() == null ? !row.isArray() : !row.isObject()) {
            if (index == 0) {
                add(Violation.TYPE, path, row, column.name() == null ? "an array" : "an object by column name");
            }
            return;
        }
        JsonNode value = value(column, index, row);
        String at = column.name() == null ? path + "[" + index + "]" : path + "." + column.name();
        if (value.isMissingNode()) {
            if (column.required()) {
                add(Violation.MISSING, at, value, "a value of the required column " + column);
            }
        } else if (value.isNull() && column.type() instanceof Scalar) {
            if (isInteger(column.type())) {
                add(Violation.NULL, at, value, column.type() + (hint ? HINT : ""));
            }
        } else {
            value(column.type(), value, at, column.required());
        }
    }

    /** As MLflow goes down: what is required of a column is required of the elements of its arrays and maps. */
    private void value(DataType type, JsonNode value, String path, boolean required) {
        if (isFull() || type instanceof Unchecked) {
            return;
        }
        if (value.isNull()) {
            if (required && !holdsUnchecked(type)) {
                add(Violation.NULL, path, value, type.toString());
            }
        } else if (type instanceof Scalar scalar) {
            scalar(scalar, value, path);
        } else if (type instanceof ArrayType array) {
            array(array, value, path, required);
        } else if (type instanceof MapType map) {
            if (!value.isObject()) {
                add(Violation.TYPE, path, value, type.toString());
                return;
            }
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                value(map.values(), entry.getValue(), path + "." + entry.getKey(), required);
            }
        } else if (type instanceof ObjectType object && (required || !value.isEmpty() || !value.isObject())) {
            object(object, value, path);
        }
    }

    private static boolean holdsUnchecked(DataType type) {
        return (type instanceof ArrayType array && array.items() instanceof Unchecked)
                || (type instanceof MapType map && map.values() instanceof Unchecked);
    }

    private void array(ArrayType type, JsonNode value, String path, boolean required) {
        if (!value.isArray()) {
            add(Violation.TYPE, path, value, type.toString());
            return;
        }
        boolean scalars = type.items() instanceof Scalar;
        for (int i = 0; i < value.size() && !isFull(); i++) {
            // An array of scalars is a column of its own in Python, which only integers keep from having gaps.
            if (!scalars || !value.get(i).isNull() || isInteger(type.items())) {
                value(type.items(), value.get(i), path + "[" + i + "]", required || scalars);
            }
        }
    }

    private void object(ObjectType type, JsonNode value, String path) {
        if (!value.isObject()) {
            add(Violation.TYPE, path, value, type.toString());
            return;
        }
        Set<String> unknown = new HashSet<>();
        value.fieldNames().forEachRemaining(unknown::add);
        for (Field property : type.properties()) {
            unknown.remove(property.name());
            JsonNode part = value.path(property.name());
            String at = path + "." + property.name();
            if (!part.isMissingNode()) {
                value(property.type(), part, at, property.required());
            } else if (property.required()) {
                add(Violation.MISSING, at, part, "a value of the required property " + property);
            }
        }
        for (String name : unknown) {
            add(Violation.UNEXPECTED, path + "." + name, value.path(name), "only the properties " + type.properties());
        }
    }

    private void scalar(Scalar type, JsonNode value, String path) {
        switch (type) {
            case BOOLEAN -> require(value.isBoolean(), type, value, path);
            case STRING, BINARY -> require(value.isTextual() || value.isBinary(), type, value, path);
            case DATETIME -> require(value.isTextual() && isTime(value.asText()), type, value, path);
            case INTEGER, LONG, FLOAT, DOUBLE -> {
                if (!value.isNumber()) {
                    add(Violation.TYPE, path, value, type.toString());
                    return;
                }
                String expected = !value.isIntegralNumber()
                        ? MlflowRules.number(value.doubleValue(), type, enforcement)
                        : value.canConvertToLong()
                                ? MlflowRules.integer(value.longValue(), type, enforcement)
                                : "a whole number of at most 64 bits";
                if (expected != null) {
                    add(Violation.INEXACT, path, value, expected);
                }
            }
        }
    }

    private static boolean isTime(String text) {
        if (text.length() > LONGEST_TIME) {
            return false;
        }
        try {
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void tensor(TensorType type, int dimension, JsonNode value, String path) {
        if (isFull()) {
            return;
        }
        List<Long> shape = type.shape();
        if (dimension < shape.size()) {
            long size = shape.get(dimension);
            if (!value.isArray() || (size >= 0 && value.size() != size)) {
                add(Violation.LENGTH, path, value, (size < 0 ? "an array" : size + " elements") + " of " + type);
                return;
            }
            for (int i = 0; i < value.size(); i++) {
                tensor(type, dimension + 1, value.get(i), path + "[" + i + "]");
            }
            return;
        }
        String dtype = type.dtype();
        boolean fits;
        if (dtype.startsWith("float")) {
            fits = value.isNumber();
        } else if (dtype.startsWith("int") || dtype.startsWith("uint")) {
            fits = value.isIntegralNumber();
        } else {
            fits = dtype.equals("bool") ? value.isBoolean() : (value.isValueNode() && !value.isNull());
        }
        if (!fits) {
            add(Violation.TYPE, path, value, dtype);
        }
    }

    private void require(boolean fits, Scalar type, JsonNode value, String path) {
        if (!fits) {
            add(Violation.TYPE, path, value, type.toString());
        }
    }

    private boolean isFull() {
        return violations.size() >= MlflowSignature.MAX_VIOLATIONS;
    }

    private void add(String code, String path, @Nullable JsonNode observed, String expected) {
        if (!isFull()) {
            String seen = observed == null || observed.isMissingNode()
                    ? "missing"
                    : observed.isArray()
                            ? "an array of " + observed.size()
                            : observed.isObject() ? "an object" : observed.asText();
            violations.add(new Violation(code, path, seen, expected, Violation.Severity.ERROR));
        }
    }
}
