package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Predictors answer as the trainer did, by both ways, for every folder that has a {@code model.onnx} and an
 * {@code expected.json}. Other folders of that form: {@code -Dplimsoll.models=DIR}.
 */
class ModelFoldersTest {

    private static final Path FOLDER = Path.of(System.getProperty("plimsoll.models", "src/test/resources/models"));
    private static final double TOLERANCE = 1e-5; // 32-bit arithmetic in another order
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> predictorsAnswerAsTheTrainer() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
            ModelSignature signature = signature(folder);
            boolean labelled = signature.outputs().stream().anyMatch(TensorSpec::isLabelled);
            for (Execution way : labelled ? List.of(Execution.DIRECT) : List.of(Execution.DIRECT, Execution.DJL)) {
                for (TensorSpec output : signature.outputs()) {
                    tests.add(DynamicTest.dynamicTest(
                            folder.getFileName() + " " + way + " " + output.name(),
                            () -> check(folder, way, signature.inputs(), output, expected)));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(folder ->
                            Files.exists(folder.resolve("model.onnx")) && Files.exists(folder.resolve("expected.json")))
                    .sorted()
                    .toList();
        }
    }

    private static ModelSignature signature(Path folder) {
        try (Model model = Plimsoll.load(folder).open()) {
            return model.description().signature();
        }
    }

    private static void check(
            Path folder, Execution way, List<TensorSpec> inputs, TensorSpec output, JsonNode expected) {
        List<JsonNode> rows = rows(inputs, expected.get("input"));
        JsonNode answers = expected.get("expected").get(output.name());
        switch (output.type()) {
            case STRING -> {
                List<String> labels =
                        answers(folder, way, inputs, Output.label().from(output.name()), rows);
                for (int row = 0; row < rows.size(); row++) {
                    assertThat(labels.get(row)).isEqualTo(answers.get(row).asText());
                }
            }
            case FLOAT32, FLOAT64 -> {
                if (output.isLabelled()) {
                    List<ClassProbabilities> classes =
                            answers(folder, way, inputs, Output.classes().from(output.name()), rows);
                    for (int row = 0; row < rows.size(); row++) {
                        checkLabelled(classes.get(row), answers.get(row), expected.get("classes"));
                    }
                    return;
                }
                List<double[]> vectors =
                        answers(folder, way, inputs, Output.vector().from(output.name()), rows);
                for (int row = 0; row < rows.size(); row++) {
                    assertThat(vectors.get(row)).containsExactly(numbers(answers.get(row)), within(TOLERANCE));
                }
            }
            default -> {
                List<Double> numbers =
                        answers(folder, way, inputs, Output.number().from(output.name()), rows);
                for (int row = 0; row < rows.size(); row++) {
                    assertThat(numbers.get(row)).isEqualTo(numbers(answers.get(row))[0]);
                }
            }
        }
    }

    private static void checkLabelled(ClassProbabilities actual, JsonNode expected, JsonNode classes) {
        for (int c = 0; c < classes.size(); c++) {
            String label = classes.get(c).asText();
            double probability = expected.isObject()
                    ? expected.get(label).asDouble()
                    : expected.get(c).asDouble();
            assertThat(actual.of(label)).isCloseTo(probability, within(TOLERANCE));
        }
    }

    private static <O> List<O> answers(
            Path folder, Execution way, List<TensorSpec> inputs, Output<O> output, List<JsonNode> rows) {
        try (Predictor<JsonNode, O> predictor = Plimsoll.load(folder)
                .with(LoadOptions.defaults().execution(way))
                .as(Schema.ofJson(features(inputs)), output)
                .build()) {
            List<O> together = predictor.predictAll(rows);
            assertThat(together).hasSameSizeAs(rows);
            predictor.predict(rows.get(0));
            return together;
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

    private static double[] numbers(JsonNode value) {
        if (!value.isArray()) {
            return new double[] {value.asDouble()};
        }
        List<Double> numbers = new ArrayList<>();
        for (Iterator<JsonNode> elements = value.elements(); elements.hasNext(); ) {
            numbers.add(elements.next().asDouble());
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
