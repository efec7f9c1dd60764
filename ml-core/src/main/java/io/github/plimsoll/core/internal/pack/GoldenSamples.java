package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.ModelMismatchException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Ranking;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows with the answers that the model gave when it was packaged.
 *
 * <p>The file: {@code {"formatVersion": "1.0", "samples": [{"input": {feature: value}, "answers": [answer]}]}}, with an
 * answer for each output of the manifest. NaN and the infinities, which JSON lacks, are the texts {@code "NaN"},
 * {@code "Infinity"} and {@code "-Infinity"}; a timestamp is an ISO-8601 text; a tensor is a flat array.
 */
final class GoldenSamples {

    /** Where the packager puts them. */
    static final String FILE = "golden-samples.json";

    /** The largest file in bytes. */
    static final int LARGEST = 32 << 20;

    /** Most samples. */
    static final int MOST = 1_000;

    private final List<Map<String, Object>> inputs;
    private final List<List<JsonNode>> answers;

    private GoldenSamples(List<Map<String, Object>> inputs, List<List<JsonNode>> answers) {
        this.inputs = inputs;
        this.answers = answers;
    }

    int size() {
        return inputs.size();
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    static GoldenSamples parse(JsonNode document, Manifest manifest, String subject) {
        String name = String.valueOf(manifest.golden());
        Problems problems = new Problems();
        JsonFields root = new JsonFields(document, name + " $", problems);
        problems.throwIfAny(subject);
        String format = root.needText("formatVersion", Manifest.FORMAT);
        if (!format.matches(Manifest.MAJOR + "\\.\\d{1,4}") && !format.equals("?")) {
            root.problem("formatVersion", "'" + Shown.text(format) + "'", Manifest.MAJOR + ".x");
        }
        problems.throwIfAny(subject);
        List<Map<String, Object>> inputs = new ArrayList<>();
        List<List<JsonNode>> answers = new ArrayList<>();
        for (JsonFields sample : root.objects("samples", MOST)) {
            inputs.add(input(sample, manifest.features()));
            JsonNode given = sample.array("answers", Manifest.MOST_OUTPUTS);
            if (given.size() != manifest.outputs().size()) {
                sample.problem(
                        "answers",
                        given.size() + " answers",
                        "one for each of the manifest's " + manifest.outputs().size() + " outputs");
            }
            List<JsonNode> list = new ArrayList<>();
            given.forEach(list::add);
            answers.add(list);
        }
        if (inputs.isEmpty()) {
            problems.add(name + " $.samples: none (expected: at least one)");
        }
        problems.throwIfAny(subject);
        return new GoldenSamples(inputs, answers);
    }

    /** Refuses what is too large to be read again. */
    static void requireReadable(byte[] json, String subject) {
        if (json.length > LARGEST) {
            throw Problems.one(subject, FILE + ": " + json.length + " bytes (expected: at most " + LARGEST + ")");
        }
        SafeJson.parse(json, subject, FILE);
    }

    private static Map<String, Object> input(JsonFields sample, List<Feature> features) {
        Map<String, Object> row = new LinkedHashMap<>();
        JsonFields input = sample.needObject("input");
        if (input == null) {
            return row;
        }
        for (Feature feature : features) {
            JsonNode value = input.raw(feature.name());
            if (value != null) {
                row.put(feature.name(), value(feature, value));
            } else if (feature.isNullable()) {
                row.put(feature.name(), null);
            } else {
                input.problem(feature.name(), "missing", "a value, since the feature is not nullable");
            }
        }
        for (String unknown : input.unknown()) {
            sample.problem("input", unknown + " is no feature", "only features of the manifest");
        }
        return row;
    }

    /** What the schema for maps takes; a value that is none of the feature's becomes a violation there. */
    private static Object value(Feature feature, JsonNode value) {
        return switch (feature.type()) {
            case NUMBER -> number(value);
            case INTEGER -> value.isIntegralNumber() && value.canConvertToLong() ? (Object) value.longValue() : value;
            case BOOLEAN -> value.isBoolean() ? (Object) value.booleanValue() : value;
            case CATEGORY, TEXT, TIMESTAMP -> value.isTextual() ? value.textValue() : value;
            case TENSOR -> {
                double[] elements = new double[value.size()];
                boolean numbers = value.isArray();
                for (int i = 0; i < elements.length && numbers; i++) {
                    if (number(value.get(i)) instanceof Double element) {
                        elements[i] = element;
                    } else {
                        numbers = false;
                    }
                }
                yield numbers ? elements : value;
            }
        };
    }

    private static Object number(JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        return switch (value.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> value;
        };
    }

    // ---- running ------------------------------------------------------------------------------------------------

    /**
     * Asks the model for the samples, one at a time and in batches, and compares. This is the warm-up, too.
     *
     * @param model the model
     * @param manifest what the package says
     * @param batches the sizes of further batches, whose rows are the samples again and again
     * @param problems where differences are reported
     */
    void check(Model model, Manifest manifest, int[] batches, Problems problems) {
        Schema<Map<String, ?>> schema = Schema.ofMap(manifest.features());
        for (int i = 0; i < size(); i++) {
            FeatureRow row = schema.read(inputs.get(i));
            for (Violation violation : row.violations()) {
                problems.add("golden sample " + i + ": " + Shown.text(violation.toString()));
            }
        }
        if (!problems.isEmpty()) {
            return;
        }
        for (int o = 0; o < manifest.outputs().size(); o++) {
            check(model, schema, manifest.outputs().get(o), o, batches, problems);
        }
    }

    private void check(
            Model model,
            Schema<Map<String, ?>> schema,
            DescribedOutput described,
            int output,
            int[] batches,
            Problems problems) {
        try (Predictor<Map<String, ?>, ?> predictor =
                Plimsoll.use(model).as(schema, described.output()).build()) {
            for (int i = 0; i < size(); i++) {
                compare(predictor.predictEach(List.of(inputs.get(i))), i, "", described, output, problems);
            }
            compare(predictor.predictEach(inputs), 0, " in a batch of " + size(), described, output, problems);
            for (int size : batches) {
                List<Map<String, Object>> rows = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    rows.add(inputs.get(i % size()));
                }
                compare(predictor.predictEach(rows), 0, " in a batch of " + size, described, output, problems);
            }
        } catch (ModelMismatchException e) {
            e.mismatches().forEach(mismatch -> problems.add("the model is not what the manifest says: " + mismatch));
        } catch (ModelLoadException | IllegalStateException e) {
            problems.add("golden samples: " + e.getMessage());
        }
    }

    private <O> void compare(
            List<Outcome<O>> outcomes,
            int first,
            String how,
            DescribedOutput described,
            int output,
            Problems problems) {
        for (int i = 0; i < outcomes.size(); i++) {
            int sample = (first + i) % size();
            String at = "golden sample " + sample + how + ", output " + described.output();
            Outcome<O> outcome = outcomes.get(i);
            if (outcome instanceof Outcome.Answered<O> answered) {
                JsonNode answer = json(answered.prediction().value());
                JsonNode golden = answers.get(sample).get(output);
                if (!matches(answer, golden, described)) {
                    problems.add(at + ": " + Shown.text(answer.toString()) + " (expected: "
                            + Shown.text(golden.toString()) + " within " + described.absolute() + " + "
                            + described.relative() + " of its size)");
                }
            } else if (outcome instanceof Outcome.Failed<O> failed) {
                problems.add(at + ": " + failed.failure().getMessage());
            }
        }
    }

    private static boolean matches(JsonNode answer, JsonNode golden, DescribedOutput tolerance) {
        if (answer.isNumber()) {
            return golden.isNumber() && tolerance.allows(answer.doubleValue(), golden.doubleValue());
        }
        if (answer.isArray()) {
            boolean alike = golden.isArray() && golden.size() == answer.size();
            for (int i = 0; alike && i < answer.size(); i++) {
                alike = matches(answer.get(i), golden.get(i), tolerance);
            }
            return alike;
        }
        if (answer.isObject()) {
            boolean alike = golden.isObject() && golden.size() == answer.size();
            for (Map.Entry<String, JsonNode> field : answer.properties()) {
                JsonNode other = golden.get(field.getKey());
                alike &= other != null && matches(field.getValue(), other, tolerance);
            }
            return alike;
        }
        return answer.equals(golden);
    }

    // ---- writing ------------------------------------------------------------------------------------------------

    /** The samples as a file's content; answers by output, then by row. */
    static byte[] write(List<FeatureRow> rows, List<? extends List<?>> answers) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("formatVersion", Manifest.FORMAT);
        ArrayNode samples = root.putArray("samples");
        for (int r = 0; r < rows.size(); r++) {
            ObjectNode sample = samples.addObject();
            FeatureRow row = rows.get(r);
            ObjectNode input = sample.putObject("input");
            for (int i = 0; i < row.size(); i++) {
                Feature feature = row.features().get(i);
                input.set(feature.name(), json(feature.type(), row, i));
            }
            ArrayNode given = sample.putArray("answers");
            for (List<?> output : answers) {
                given.add(json(output.get(r)));
            }
        }
        return SafeJson.bytes(root);
    }

    private static JsonNode json(FeatureType type, FeatureRow row, int index) {
        if (row.isNull(index)) {
            return NullNode.instance;
        }
        if (type == FeatureType.TENSOR) {
            ArrayNode elements = JsonNodeFactory.instance.arrayNode();
            for (int e = 0; e < row.tensorLength(index); e++) {
                elements.add(json(row.tensorElement(index, e)));
            }
            return elements;
        }
        return json(row.value(index));
    }

    /** A value or answer as JSON. */
    private static JsonNode json(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof Double number) {
            return Double.isFinite(number) ? DoubleNode.valueOf(number) : TextNode.valueOf(number.toString());
        }
        if (value instanceof Long number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Boolean bool) {
            return nodes.booleanNode(bool);
        }
        if (value instanceof Instant instant) {
            return nodes.textNode(instant.toString());
        }
        if (value instanceof double[] numbers) {
            ArrayNode array = nodes.arrayNode();
            for (double number : numbers) {
                array.add(json(number));
            }
            return array;
        }
        if (value instanceof ClassProbabilities classes) {
            return object(classes.labels(), classes.toArray());
        }
        if (value instanceof Ranking ranking) {
            return object(
                    ranking.items().stream().map(Ranking.Item::name).toList(),
                    ranking.items().stream().mapToDouble(Ranking.Item::score).toArray());
        }
        return nodes.textNode(String.valueOf(value));
    }

    private static ObjectNode object(List<String> names, double[] numbers) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < numbers.length; i++) {
            object.put(seen.add(names.get(i)) ? names.get(i) : names.get(i) + "#" + i, numbers[i]);
        }
        return object;
    }

    /** The answers of a model for rows, by output. */
    static <I> List<List<Object>> answers(
            Model model, Schema<I> schema, List<Output<?>> outputs, List<? extends I> rows) {
        List<List<Object>> answers = new ArrayList<>();
        for (Output<?> output : outputs) {
            try (Predictor<I, ?> predictor =
                    Plimsoll.use(model).as(schema, output).build()) {
                List<Object> values = new ArrayList<>();
                for (I row : rows) {
                    values.add(predictor.predict(row));
                }
                answers.add(values);
            }
        }
        return answers;
    }
}
