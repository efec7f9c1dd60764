package io.github.plimsoll.serving.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.serving.Batching;
import io.github.plimsoll.serving.FittedCosts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Answers cases of the area {@code serving.batching}. What is asked is told by the inputs:
 *
 * <ul>
 *   <li>{@code samples} of {@code n} and {@code seconds}: the line {@code a * n + b}, {@code a} at least 1e-6 seconds;
 *   <li>{@code allowed} sizes and {@code rows}, or {@code input} and a {@code model} of {@code x}: the size that was run;
 *   <li>{@code shapes}, rows first: whether they ran together. The servers that the cases describe fail a batch of unequal
 *       shapes; ours never forms one, which is said here in their word;
 *   <li>{@code cases} of a default and a request's own timeout: the one that holds. A request's is handed on where the cases say that
 *       the queue lets it be: allowed, and with a default.
 * </ul>
 */
public final class BatchingCases {

    private static final JsonNodeFactory JSON = new ObjectMapper().getNodeFactory();
    private static final double LEAST_SECONDS = 1e-6;

    private BatchingCases() {}

    /**
     * The answer to one case.
     *
     * @param inputs the case's inputs
     * @return an object with what the case's expected object asks for
     * @throws IllegalArgumentException if the inputs have another form
     */
    public static JsonNode answer(JsonNode inputs) {
        if (inputs.has("samples")) {
            return line(inputs.get("samples"));
        }
        if (inputs.has("allowed")) {
            return sizes(inputs);
        }
        if (inputs.has("shapes")) {
            return shapes(inputs.get("shapes"));
        }
        if (inputs.has("cases")) {
            return timeouts(inputs.get("cases"));
        }
        throw new IllegalArgumentException("inputs: " + inputs + " (expected: samples, allowed, shapes or cases)");
    }

    private static JsonNode line(JsonNode samples) {
        int[] rows = new int[samples.size()];
        double[] seconds = new double[samples.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = samples.get(i).get("n").asInt();
            seconds[i] = samples.get(i).get("seconds").asDouble();
        }
        double[] line = FittedCosts.fit(rows, seconds, LEAST_SECONDS);
        return JSON.objectNode().put("a", line[0]).put("b", line[1]);
    }

    private static JsonNode sizes(JsonNode inputs) {
        int[] allowed = IntStream.range(0, inputs.get("allowed").size())
                .map(i -> inputs.get("allowed").get(i).asInt())
                .toArray();
        int max = allowed[allowed.length - 1];
        double[] values = inputs.has("input")
                ? IntStream.range(0, inputs.get("input").size())
                        .mapToDouble(i -> inputs.get("input").get(i).asDouble())
                        .toArray()
                : new double[inputs.get("rows").asInt()];
        DoubleUnaryOperator function =
                inputs.has("model") ? Expression.of(inputs.get("model").asText()) : x -> x;
        List<long[]> runs = new ArrayList<>();
        Predictor<float[], Double> predictor = predictor(
                1,
                function,
                runs,
                Batching.rows(max)
                        .paddedTo(
                                IntStream.of(allowed).limit(allowed.length - 1).toArray()));
        List<float[]> rows = new ArrayList<>();
        for (double value : values) {
            rows.add(new float[] {(float) value});
        }
        ArrayNode output = JSON.arrayNode();
        predictor.predictAll(rows).forEach(output::add);
        ObjectNode answer = JSON.objectNode()
                .put("executed_batch", runs.get(0)[0])
                .put("padding", runs.stream().mapToLong(shape -> shape[0]).sum() - values.length);
        answer.set("output", output);
        return answer;
    }

    private static JsonNode shapes(JsonNode shapes) {
        List<float[]> rows = new ArrayList<>();
        for (JsonNode shape : shapes) {
            int elements = 1;
            for (int d = 1; d < shape.size(); d++) {
                elements *= shape.get(d).asInt();
            }
            for (int row = 0; row < shape.get(0).asInt(); row++) {
                rows.add(new float[elements]);
            }
        }
        List<long[]> runs = new ArrayList<>();
        predictor(-1, x -> x, runs, Batching.rows(rows.size())).predictAll(rows);
        return runs.size() == 1
                ? JSON.objectNode().put("executed_batch", runs.get(0)[0])
                : JSON.objectNode().put("error", "FailedPrecondition").put("affects", "every task of that batch");
    }

    private static Predictor<float[], Double> predictor(
            long elements, DoubleUnaryOperator function, List<long[]> runs, Batching batching) {
        ModelSignature signature = new ModelSignature(
                List.of(TensorSpec.of("t", ElementType.FLOAT32, -1, elements)),
                List.of(TensorSpec.of("y", ElementType.FLOAT64, -1, 1)));
        FakeModel model = FakeModel.of(new ModelId("case", "1"), signature, (inputs, outputs) -> {
            long[] shape = inputs.get(0).shape();
            runs.add(shape);
            for (int row = 0; row < inputs.get(0).rows(); row++) {
                outputs.get(0).number(row, function.applyAsDouble(inputs.get(0).number((int) (row * shape[1]))));
            }
        });
        Schema<float[]> schema = Schema.builder(float[].class)
                .tensor(Feature.tensor("t", elements), row -> row)
                .build();
        return Plimsoll.use(model).as(schema, Output.number()).with(batching).build();
    }

    private static JsonNode timeouts(JsonNode cases) {
        ArrayNode effective = JSON.arrayNode();
        for (JsonNode one : cases) {
            ManualClock clock = ManualClock.at(Instant.EPOCH);
            long standard = one.get("default_us").asLong();
            long own = one.get("override_us").asLong();
            CallOptions options = CallOptions.DEFAULT;
            if (own > 0 && standard > 0 && one.get("allow").asBoolean()) {
                options = options.withDeadline(Deadline.after(Duration.ofNanos(own * 1_000), clock));
            }
            if (standard > 0) {
                options = options.withDeadline(Deadline.after(Duration.ofNanos(standard * 1_000), clock));
            }
            Deadline deadline = options.deadline();
            effective.add(deadline == null ? 0 : deadline.remainingNanos() / 1_000);
        }
        return JSON.objectNode().set("effective_us", effective);
    }

    /** Arithmetic of one variable: numbers, {@code x}, {@code + - * /} and parentheses. */
    private static final class Expression {

        private final String text;
        private final double x;
        private int at;

        private Expression(String text, double x) {
            this.text = text.replace(" ", "");
            this.x = x;
        }

        static DoubleUnaryOperator of(String text) {
            return x -> {
                Expression expression = new Expression(text, x);
                double value = expression.sum();
                if (expression.at < expression.text.length()) {
                    throw new IllegalArgumentException("model: '" + text + "' (expected: arithmetic of x)");
                }
                return value;
            };
        }

        private boolean next(char wanted) {
            boolean found = at < text.length() && text.charAt(at) == wanted;
            at += found ? 1 : 0;
            return found;
        }

        private double sum() {
            double value = product();
            while (true) {
                if (next('+')) {
                    value += product();
                } else if (next('-')) {
                    value -= product();
                } else {
                    return value;
                }
            }
        }

        private double product() {
            double value = factor();
            while (true) {
                if (next('*')) {
                    value *= factor();
                } else if (next('/')) {
                    value /= factor();
                } else {
                    return value;
                }
            }
        }

        private double factor() {
            if (next('-')) {
                return -factor();
            }
            if (next('x')) {
                return x;
            }
            if (next('(')) {
                double value = sum();
                if (!next(')')) {
                    throw new IllegalArgumentException("model: '" + text + "' (expected: ')' at " + at + ")");
                }
                return value;
            }
            int from = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            return Double.parseDouble(text.substring(from, at));
        }
    }
}
