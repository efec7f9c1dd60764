package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.Field;
import io.github.plimsoll.core.model.MlflowSignature.ObjectType;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import io.github.plimsoll.core.model.MlflowSignature.Unchecked;
import io.github.plimsoll.core.schema.Violation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MLflow's signatures of columns. The form of the inputs tells what is asked:
 *
 * <ul>
 *   <li>an array of {@code {data, declared}}: whether a column of the one type takes data of the other
 *   <li>{@code {schema, cases}} or {@code {schema, data}}: the columns that are left of those given. A column is a name, or
 *       {@code {name, required}}
 *   <li>{@code {properties, cases}}: whether an object is taken; a property is {@code required} or {@code optional}
 *   <li>{@code {cases}}, with {@code declared} unless it is an integer column: whether the values of a column are refused, and
 *       whether that comes with the hint about missing values
 * </ul>
 */
final class Signatures implements Subject {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern MISSING = Pattern.compile("missing \\[(.*?)\\]");

    @Override
    public Map<String, Answer> answers() {
        return Map.of("validation.signature", given -> answer(given.inputs()));
    }

    private static JsonNode answer(JsonNode inputs) {
        if (inputs.isArray()) {
            ArrayNode accepted = JSON.createArrayNode();
            inputs.forEach(input -> accepted.add(
                    scalar(input.get("declared")).accepts(input.get("data").asText())));
            return accepted;
        }
        ObjectNode answer = JSON.createObjectNode();
        if (inputs.has("schema")) {
            MlflowSignature signature = columns(inputs.get("schema"));
            if (inputs.has("data")) {
                return answer.set("result", select(signature, inputs.get("data")));
            }
            ArrayNode results = answer.putArray("result");
            inputs.get("cases").forEach(given -> results.add(select(signature, given)));
        } else if (inputs.has("properties")) {
            MlflowSignature signature = signature("object", object(inputs.get("properties")));
            ArrayNode ok = answer.putArray("ok");
            inputs.get("cases")
                    .forEach(value -> ok.add(
                            check(signature, List.of(row("object", value))).isEmpty()));
        } else if (inputs.has("cases")) {
            Scalar declared = inputs.has("declared") ? scalar(inputs.get("declared")) : Scalar.INTEGER;
            MlflowSignature signature = signature("column", declared);
            ArrayNode errors = answer.putArray("error");
            ArrayNode hints = answer.putArray("hint");
            for (JsonNode values : inputs.get("cases")) {
                List<JsonNode> rows = new ArrayList<>();
                values.forEach(value -> rows.add(row("column", value)));
                List<Violation> violations = check(signature, rows);
                errors.add(!violations.isEmpty());
                hints.add(violations.stream()
                        .anyMatch(violation -> violation.expected().contains("cannot have missing values")));
            }
        } else {
            throw new Unsupported("inputs of 'validation.signature'");
        }
        return answer;
    }

    private static List<Violation> check(MlflowSignature signature, List<JsonNode> rows) {
        return signature.check(rows, Enforcement.MLFLOW);
    }

    private static JsonNode row(String column, JsonNode value) {
        return JSON.createObjectNode().set(column, value);
    }

    private static MlflowSignature signature(String name, MlflowSignature.DataType type) {
        return new MlflowSignature(List.of(new Field(name, type, true)), List.of(), List.of());
    }

    private static Scalar scalar(JsonNode name) {
        return Scalar.valueOf(name.asText().toUpperCase(Locale.ROOT));
    }

    private static MlflowSignature columns(JsonNode schema) {
        List<Field> fields = new ArrayList<>();
        for (JsonNode column : schema) {
            String name =
                    column.isTextual() ? column.asText() : column.get("name").asText();
            fields.add(new Field(
                    name, new Unchecked("any"), column.path("required").asBoolean(true)));
        }
        return new MlflowSignature(fields, List.of(), List.of());
    }

    private static ObjectType object(JsonNode properties) {
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            boolean required = property.getValue().asText().equals("required");
            fields.add(new Field(property.getKey(), new Unchecked("any"), required));
        }
        return new ObjectType(fields);
    }

    private static JsonNode select(MlflowSignature signature, JsonNode given) {
        Set<String> names = new LinkedHashSet<>();
        given.forEach(name -> names.add(name.asText()));
        try {
            return JSON.valueToTree(signature.select(names));
        } catch (IllegalArgumentException e) {
            Matcher missing = MISSING.matcher(e.getMessage());
            return JSON.getNodeFactory()
                    .textNode(missing.find() ? "error: missing " + missing.group(1) : "error: " + e.getMessage());
        }
    }
}
