package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.ModelSource;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Folders that hold a model and an {@code expected.json}: predictors answer as the trainer did. An ONNX model is asked both
 * ways; a booster's input is a matrix without names, and TorchScript, which does not say what it takes, is declared as the
 * expected file has it.
 */
final class ModelFolders {

    private static final double TOLERANCE = 1e-5; // 32-bit arithmetic in another order
    private static final Tolerance NEAR = (key, expected, actual) -> Math.abs(actual - expected) <= TOLERANCE;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelFolders() {}

    static Map<String, List<Check>> in(Path models, boolean torch) throws IOException {
        Map<String, List<Check>> checks = new TreeMap<>();
        try (Stream<Path> folders = Files.list(models)) {
            for (Path folder : folders.filter(f -> Files.exists(f.resolve("expected.json")))
                    .toList()) {
                checks.put(folder.getFileName().toString(), checks(folder, torch));
            }
        }
        return checks;
    }

    private static List<Check> checks(Path folder, boolean torch) throws IOException {
        JsonNode json = JSON.readTree(folder.resolve("expected.json").toFile());
        List<Check> checks = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> !f.endsWith("expected.json")
                            && (torch || !f.toString().endsWith(".pt")))
                    .sorted()
                    .toList()) {
                checks.addAll(checks(file, json));
            }
        }
        return checks;
    }

    private static List<Check> checks(Path file, JsonNode json) {
        String name = file.getFileName().toString();
        try {
            if (name.endsWith(".onnx")) {
                return onnx(file, json);
            }
            return name.endsWith(".pt") ? torch(file, json) : List.of(booster(file, json));
        } catch (ModelLoadException refused) {
            return List.of(new Check(
                    name,
                    () -> {
                        throw refused;
                    },
                    json,
                    NEAR));
        }
    }

    private static List<Check> onnx(Path file, JsonNode json) {
        ModelSignature signature = signature(file);
        boolean labelled = signature.outputs().stream().anyMatch(TensorSpec::isLabelled);
        List<Check> checks = new ArrayList<>();
        for (Execution way : labelled ? List.of(Execution.DIRECT) : List.of(Execution.DIRECT, Execution.DJL)) {
            ModelSource source = Plimsoll.load(file).with(LoadOptions.defaults().execution(way));
            for (TensorSpec output : signature.outputs()) {
                checks.add(check(
                        file.getFileName() + " " + way + " " + output.name(),
                        source,
                        signature.inputs(),
                        output,
                        json));
            }
        }
        return checks;
    }

    private static ModelSignature signature(Path file) {
        try (Model model = Plimsoll.load(file).open()) {
            return model.description().signature();
        }
    }

    private static List<Check> torch(Path file, JsonNode json) {
        ModelSignature signature = new ModelSignature(tensors(json.get("input")), tensors(json.get("expected")));
        ModelSource source = Plimsoll.load(file).with(LoadOptions.defaults().signature(signature));
        return signature.outputs().stream()
                .map(output ->
                        check(file.getFileName() + " " + output.name(), source, signature.inputs(), output, json))
                .toList();
    }

    private static List<TensorSpec> tensors(JsonNode named) {
        List<TensorSpec> tensors = new ArrayList<>();
        named.properties().forEach(tensor -> {
            List<Long> shape = new ArrayList<>(List.of(-1L));
            for (JsonNode inner = tensor.getValue().get(0); inner.isArray(); inner = inner.get(0)) {
                shape.add((long) inner.size());
            }
            tensors.add(TensorSpec.of(
                    tensor.getKey(),
                    ElementType.FLOAT32,
                    shape.stream().mapToLong(Long::longValue).toArray()));
        });
        return tensors;
    }

    private static Check booster(Path file, JsonNode json) {
        double[][] rows = Numbers.readRows(json.get("input"));
        boolean vectors = json.get("expected").get(0).isArray();
        return new Check(
                file.getFileName().toString(),
                () -> {
                    Output<?> output = vectors ? Output.vector() : Output.number();
                    try (Predictor<double[], ?> predictor = Plimsoll.load(file)
                            .as(Schema.ofDoubles(rows[0].length), output)
                            .build()) {
                        return predictor.predictAll(Arrays.asList(rows));
                    }
                },
                json.get("expected"),
                NEAR);
    }

    private static Check check(
            String name, ModelSource source, List<TensorSpec> inputs, TensorSpec output, JsonNode json) {
        List<JsonNode> rows = rows(inputs, json.get("input"));
        JsonNode expected = json.get("expected").get(output.name());
        return new Check(name, () -> answers(source, inputs, output, rows, json), flat(expected, output), NEAR);
    }

    /** A single number a row may stand in an array of one. */
    private static JsonNode flat(JsonNode expected, TensorSpec output) {
        if (output.isLabelled() || isVector(output)) {
            return expected;
        }
        List<JsonNode> flat = new ArrayList<>();
        expected.forEach(row -> flat.add(row.isArray() ? row.get(0) : row));
        return JSON.valueToTree(flat);
    }

    private static boolean isVector(TensorSpec output) {
        return output.type() == ElementType.FLOAT32 || output.type() == ElementType.FLOAT64;
    }

    private static List<?> answers(
            ModelSource source, List<TensorSpec> inputs, TensorSpec output, List<JsonNode> rows, JsonNode json) {
        if (output.isLabelled()) {
            List<String> labels = new ArrayList<>();
            json.get("classes").forEach(label -> labels.add(label.asText()));
            boolean asObject = json.get("expected").get(output.name()).get(0).isObject();
            return answers(source, inputs, Output.classes().from(output.name()), rows).stream()
                    .map(row -> asObject
                            ? labels.stream().collect(Collectors.toMap(l -> l, row::of))
                            : labels.stream().map(row::of).toList())
                    .toList();
        }
        if (output.type() == ElementType.STRING) {
            return answers(source, inputs, Output.label().from(output.name()), rows);
        }
        return isVector(output)
                ? answers(source, inputs, Output.vector().from(output.name()), rows)
                : answers(source, inputs, Output.number().from(output.name()), rows);
    }

    private static <O> List<O> answers(
            ModelSource source, List<TensorSpec> inputs, Output<O> output, List<JsonNode> rows) {
        try (Predictor<JsonNode, O> predictor =
                source.as(Schema.ofJson(features(inputs)), output).build()) {
            O first = predictor.predict(rows.get(0)); // one row alone goes another way than many
            List<O> all = new ArrayList<>(predictor.predictAll(rows));
            all.set(0, first);
            return all;
        } catch (EngineUnavailableException none) {
            throw new Unsupported(none.getMessage());
        }
    }

    /** A matrix has a feature for each column, another tensor is one feature, a column is one of its own type. */
    private static List<Feature> features(List<TensorSpec> inputs) {
        List<Feature> features = new ArrayList<>();
        for (TensorSpec input : inputs) {
            long[] shape = input.shape();
            if (shape.length > 2) {
                features.add(Feature.tensor(input.name(), Arrays.copyOfRange(shape, 1, shape.length)));
            } else if (input.elementsPerRow() > 1) {
                IntStream.range(0, (int) input.elementsPerRow())
                        .forEach(c -> features.add(Feature.number(input.name() + c)));
            } else {
                features.add(
                        switch (input.type()) {
                            case STRING -> Feature.category(input.name());
                            case BOOL -> Feature.bool(input.name());
                            case FLOAT32, FLOAT64 -> Feature.number(input.name());
                            default -> Feature.integer(input.name());
                        });
            }
        }
        return features;
    }

    private static List<JsonNode> rows(List<TensorSpec> inputs, JsonNode given) {
        List<JsonNode> rows = new ArrayList<>();
        int count = given.get(inputs.get(0).name()).size();
        for (int row = 0; row < count; row++) {
            ObjectNode object = JSON.createObjectNode();
            for (TensorSpec input : inputs) {
                JsonNode value = given.get(input.name()).get(row);
                if (input.shape().length > 2) {
                    object.set(input.name(), value);
                } else if (input.elementsPerRow() > 1) {
                    for (int c = 0; c < value.size(); c++) {
                        object.set(input.name() + c, value.get(c));
                    }
                } else {
                    object.set(input.name(), value.isArray() ? value.get(0) : value);
                }
            }
            rows.add(object);
        }
        return rows;
    }
}
