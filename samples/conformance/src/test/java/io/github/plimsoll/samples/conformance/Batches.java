package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.Stage;
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
import io.github.plimsoll.serving.Timeout;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Batches, the line that sizes them, and how long a call waits for one. The form of the inputs tells what is asked:
 *
 * <ul>
 *   <li>{@code samples} of {@code n} and {@code seconds}: the line {@code a * n + b}, {@code a} at least 1e-6 seconds;
 *   <li>{@code allowed} sizes and {@code rows}, or {@code input} and a {@code model} of {@code x}: the size that was run;
 *   <li>{@code shapes} of requests, rows first: the size of the run. A request whose rows have another shape than those of the first
 *       is refused where that shape is declared, as it is here; where it is declared open, the rows run apart and nobody fails,
 *       while the anchor fails all that are in the batch;
 *   <li>{@code cases} of a default and a request's own timeout: how long the call has. A host decides whether to hand on what a
 *       request asks for, and the anchor's host does so where it is allowed and there is a default; the shorter holds.
 * </ul>
 */
final class Batches implements Subject {

    private static final double LEAST_SECONDS = 1e-6;
    private static final String INPUT = "input";

    @Override
    public Map<String, Answer> answers() {
        return Map.of("serving.batching", given -> answer(given.inputs()));
    }

    private static Object answer(JsonNode inputs) {
        if (inputs.has("samples")) {
            return line(inputs.get("samples"));
        }
        if (inputs.has("allowed")) {
            return sizes(inputs);
        }
        if (inputs.has("shapes")) {
            return shapes(inputs.get("shapes"));
        }
        if (inputs.path("cases").path(0).has("default_us")) {
            return Map.of("effective_us", timeouts(inputs.get("cases")));
        }
        throw new Unsupported("inputs of 'serving.batching'");
    }

    private static Object line(JsonNode samples) {
        int[] rows = new int[samples.size()];
        double[] seconds = new double[samples.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = samples.get(i).get("n").asInt();
            seconds[i] = samples.get(i).get("seconds").asDouble();
        }
        double[] line = FittedCosts.fit(rows, seconds, LEAST_SECONDS);
        return Map.of("a", line[0], "b", line[1]);
    }

    private static Object sizes(JsonNode inputs) {
        int[] allowed = Arrays.stream(Numbers.read(inputs.get("allowed"), Map.of()))
                .mapToInt(size -> (int) size)
                .sorted()
                .toArray();
        int most = allowed[allowed.length - 1];
        Batching batching = Batching.rows(most).paddedTo(Arrays.copyOf(allowed, allowed.length - 1));
        double[] values = inputs.has("input")
                ? Numbers.read(inputs.get("input"), Map.of())
                : new double[inputs.get("rows").asInt()];
        DoubleUnaryOperator function =
                inputs.has("model") ? new Formula(inputs.get("model").asText()) : x -> x;
        List<Integer> runs = new ArrayList<>();
        Feature number = Feature.number(INPUT);
        List<Double> output;
        try (Predictor<Map<String, ?>, Double> predictor =
                predictor(number, function, runs).with(batching).build()) {
            output = predictor.predictAll(Arrays.stream(values)
                    .<Map<String, ?>>mapToObj(value -> Map.of(INPUT, value))
                    .toList());
        }
        return Map.of(
                "executed_batch",
                runs.get(0),
                "padding",
                runs.stream().mapToInt(rows -> rows).sum() - values.length,
                "output",
                output);
    }

    private static Object shapes(JsonNode shapes) {
        long[] declared = rowShape(shapes.get(0));
        List<Map<String, ?>> rows = new ArrayList<>();
        for (JsonNode shape : shapes) {
            Object row = zeros(rowShape(shape), 0);
            rows.addAll(Collections.nCopies(shape.get(0).asInt(), Map.of(INPUT, row)));
        }
        List<Integer> runs = new ArrayList<>();
        try (Predictor<Map<String, ?>, Double> predictor = predictor(Feature.tensor(INPUT, declared), x -> x, runs)
                .with(Batching.rows(rows.size()))
                .build()) {
            predictor.predictAll(rows);
        }
        return Map.of("executed_batch", runs.get(0));
    }

    private static long[] rowShape(JsonNode shape) {
        return IntStream.range(1, shape.size())
                .mapToLong(d -> shape.get(d).asLong())
                .toArray();
    }

    private static Object zeros(long[] shape, int from) {
        return from == shape.length ? (Object) 0.0 : Collections.nCopies((int) shape[from], zeros(shape, from + 1));
    }

    /** Gives the function of each row's first number, and notes how many rows each run has. */
    private static PredictorBuilder<Map<String, ?>, Double> predictor(
            Feature input, DoubleUnaryOperator function, List<Integer> runs) {
        long[] shape = LongStream.concat(
                        LongStream.of(-1), input.shape().length == 0 ? LongStream.of(1) : LongStream.of(input.shape()))
                .toArray();
        ModelSignature signature = new ModelSignature(
                List.of(TensorSpec.of(INPUT, ElementType.FLOAT64, shape)),
                List.of(TensorSpec.of("output", ElementType.FLOAT64, -1, 1)));
        FakeModel model = FakeModel.of(new ModelId("case", "1"), signature, (inputs, outputs) -> {
            int rows = inputs.get(0).rows();
            runs.add(rows);
            for (int row = 0; row < rows; row++) {
                int first = row * (inputs.get(0).length() / rows);
                outputs.get(0).number(row, function.applyAsDouble(inputs.get(0).number(first)));
            }
        });
        return Plimsoll.use(model).as(Schema.ofMap(input), Output.number());
    }

    private static List<Long> timeouts(JsonNode cases) {
        List<Long> effective = new ArrayList<>();
        for (JsonNode one : cases) {
            long standard = one.get("default_us").asLong();
            long own = one.get("override_us").asLong();
            boolean handedOn = own > 0 && one.get("allow").asBoolean() && standard > 0;
            effective.add(timeout(standard, handedOn ? own : 0));
        }
        return effective;
    }

    /** How long a call has when it would wait for a batch, in microseconds; 0 stands for no end. */
    private static long timeout(long standard, long own) {
        ManualClock clock = ManualClock.at(Instant.EPOCH);
        Remaining remaining = new Remaining();
        var builder = predictor(Feature.number(INPUT), x -> x, new ArrayList<>())
                .time(clock)
                .with(remaining);
        if (standard > 0) {
            builder = builder.with(Timeout.of(micros(standard)));
        }
        CallOptions options =
                own > 0 ? CallOptions.DEFAULT.withDeadline(Deadline.after(micros(own), clock)) : CallOptions.DEFAULT;
        try (Predictor<Map<String, ?>, Double> predictor = builder.build()) {
            predictor.with(options).predict(Map.of(INPUT, 0.0));
        }
        return remaining.micros;
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /** Stands where calls would wait for a batch. */
    private static final class Remaining implements Interceptor<Object, Object> {

        private long micros;

        @Override
        public Stage.Position position() {
            return Stage.BATCH.before();
        }

        @Override
        public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
            for (Call<Object, Object> call : calls) {
                Deadline deadline = call.deadline();
                micros = deadline == null ? 0 : deadline.remainingNanos() / 1_000;
            }
            next.proceed(calls);
        }
    }
}
