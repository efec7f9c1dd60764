package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.ObjectType;
import io.github.plimsoll.core.model.MlflowSignature.Param;
import io.github.plimsoll.core.model.MlflowSignature.ParamValues;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import io.github.plimsoll.core.schema.Violation;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Params of MLflow signatures: which values they take, and which of them a flavor would hand to its engine. */
public final class MlflowParams {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowParams.class);
    private static final int LONGEST_TIME = 64;
    private static final int DATE = 10; // characters, and a time has more

    /** What XGBoost's {@code predict} in Python takes beside the rows, and whether it leaves the answer as it is. */
    private static final Set<String> XGBOOST = Set.of(
            "output_margin",
            "pred_leaf",
            "pred_contribs",
            "approx_contribs",
            "pred_interactions",
            "training",
            "strict_shape",
            "iteration_range",
            "base_margin");

    private MlflowParams() {}

    /**
     * The values that params have, given some of them.
     *
     * @param signature the signature
     * @param given values by name
     * @return a value for each param, and the names that were ignored
     * @throws InvalidInputException if a value does not fit its param
     */
    public static ParamValues resolve(MlflowSignature signature, JsonNode given) {
        List<Violation> violations = new ArrayList<>();
        if (!given.isObject()) {
            throw new InvalidInputException(
                    List.of(violation(Violation.TYPE, "params", given, "an object with values by name")));
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        Set<String> ignored = new HashSet<>();
        given.fieldNames().forEachRemaining(ignored::add);
        for (Param param : signature.params()) {
            JsonNode value = ignored.remove(param.name()) ? given.get(param.name()) : param.defaultValue();
            values.put(param.name(), value(param, value, "params." + param.name(), violations));
        }
        if (!violations.isEmpty()) {
            throw new InvalidInputException(violations);
        }
        List<String> unknown = ignored.stream().sorted().toList();
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "params {} are not in the model's signature and are ignored (it has {})",
                    Shown.text(unknown.toString()),
                    values.keySet());
        }
        return new ParamValues(values, unknown);
    }

    /** A param whose default fits it; MLflow reads no other. */
    static Param checked(Param param) {
        List<Violation> violations = new ArrayList<>();
        boolean array = param.shape().equals(List.of(-1L));
        if ((!array && !param.shape().isEmpty())
                || param.type() == Scalar.BINARY
                || !(param.type() instanceof Scalar || (param.type() instanceof ObjectType && !array))) {
            throw new IllegalArgumentException("params: '" + Shown.text(param.name()) + "' is " + param.type()
                    + " of shape " + param.shape()
                    + " (expected: a scalar other than binary, an array of such with shape [-1], or an object)");
        }
        value(param, param.defaultValue(), "params." + param.name() + ".default", violations);
        if (!violations.isEmpty()) {
            throw new IllegalArgumentException(violations.get(0).toString());
        }
        return param;
    }

    private static JsonNode value(Param param, JsonNode value, String path, List<Violation> violations) {
        if (param.shape().isEmpty()) {
            return single(param, value, path, violations);
        }
        if (!value.isArray()) {
            violations.add(violation(Violation.TYPE, path, value, "an array of " + param.type()));
            return value;
        }
        ArrayNode elements = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size() && violations.size() < MlflowSignature.MAX_VIOLATIONS; i++) {
            elements.add(single(param, value.get(i), path + "[" + i + "]", violations));
        }
        return elements;
    }

    private static JsonNode single(Param param, JsonNode value, String path, List<Violation> violations) {
        if (param.type() instanceof ObjectType object) {
            violations.addAll(MlflowRows.check(object, value, path));
            return value;
        }
        JsonNode converted = value.isNull() ? value : converted((Scalar) param.type(), value);
        if (converted == null) {
            violations.add(violation(Violation.TYPE, path, value, param.type().toString()));
            return value;
        }
        return converted;
    }

    /** The value as the type has it, null if it is of another. */
    private static @Nullable JsonNode converted(Scalar type, JsonNode value) {
        return switch (type) {
            case BOOLEAN -> value.isBoolean() ? value : null;
            case STRING -> value.isTextual() ? value : null;
            case INTEGER -> value.isIntegralNumber() && value.canConvertToInt() ? value : null;
            case LONG -> value.isIntegralNumber() && value.canConvertToLong() ? value : null;
            case FLOAT, DOUBLE -> value.isNumber() ? JsonNodeFactory.instance.numberNode(value.doubleValue()) : null;
            case DATETIME -> value.isTextual() && isTime(value.textValue()) ? value : null;
            case BINARY -> null;
        };
    }

    private static boolean isTime(String text) {
        if (text.length() > LONGEST_TIME) {
            return false;
        }
        try {
            DateTimeFormatter form =
                    text.length() > DATE ? DateTimeFormatter.ISO_DATE_TIME : DateTimeFormatter.ISO_LOCAL_DATE;
            return form.parse(text, TemporalQueries.localDate()) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Violation violation(String code, String path, JsonNode observed, String expected) {
        String seen = observed.isContainerNode() ? (observed.isArray() ? "an array" : "an object") : observed.asText();
        return new Violation(code, path, seen, expected, Violation.Severity.ERROR);
    }

    /**
     * Why an engine of ours would answer otherwise than Python, which hands the defaults of params to the flavor's predict; null
     * if it would not.
     */
    static @Nullable String objection(String flavor, List<Param> params) {
        for (Param param : params) {
            boolean passedOn = switch (flavor) {
                case "xgboost" -> XGBOOST.contains(param.name()) && !isNeutral(param.defaultValue());
                case "pytorch" -> !param.name().equals("device"); // every other is an argument of the model
                default -> false; // onnx and lightgbm hand on none
            };
            if (passedOn) {
                return "param '" + Shown.text(param.name()) + "', by default "
                        + Shown.text(param.defaultValue().toString()) + ": MLflow would hand it to the " + flavor
                        + " model at each call, which no engine here can do (expected: a model that needs no params;"
                        + " log it again without, or as ONNX)";
            }
        }
        return null;
    }

    /** Null, false, and the range of all trees. */
    private static boolean isNeutral(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isArray()
                        && value.size() == 2
                        && value.get(0).asLong(1) == 0
                        && value.get(1).asLong(1) == 0);
    }
}
