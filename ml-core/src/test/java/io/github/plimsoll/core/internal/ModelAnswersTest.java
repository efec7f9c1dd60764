package io.github.plimsoll.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The engine gives the answers that the trainer computed, by both ways, one row at a time and all rows at once. */
class ModelAnswersTest {

    private static final double TOLERANCE = 1e-5; // 32-bit arithmetic in another order; the largest seen is 2.4e-7

    @TestFactory
    Stream<DynamicTest> answersAreThoseOfTheTrainer() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : List.of(
                "iris-logreg",
                "iris-logreg-zipmap",
                "credit20-gbt-v1",
                "credit20-gbt-v2",
                "credit20-mlp",
                "churn-multi-input",
                "digits-cnn")) {
            for (Execution way : List.of(Execution.DIRECT, Execution.DJL)) {
                if (way == Execution.DJL && name.endsWith("zipmap")) {
                    continue; // refused: see OnnxModelTest
                }
                for (boolean single : new boolean[] {true, false}) {
                    tests.add(dynamicTest(
                            name + " " + way + (single ? " row by row" : " all rows"), () -> check(name, way, single)));
                }
            }
        }
        return tests.stream();
    }

    private static void check(String name, Execution way, boolean single) {
        JsonNode json = TestModels.expected(name);
        try (Model model =
                ModelLoading.load(TestModels.path(name), LoadOptions.defaults().execution(way))) {
            int all = json.get("input").elements().next().size();
            int step = single ? 1 : all;
            for (int row = 0; row < all; row += step) {
                check(model, json, row, step);
            }
        }
    }

    private static void check(Model model, JsonNode json, int from, int rows) {
        List<TensorSpec> inputs = model.description().signature().inputs();
        List<TensorSpec> outputs = model.description().signature().outputs();
        try (Inference inference =
                model.plan(outputs.stream().map(TensorSpec::name).toList()).begin(rows)) {
            for (int i = 0; i < inputs.size(); i++) {
                TestModels.fill(
                        inference.input(i),
                        rows(json.get("input").get(inputs.get(i).name()), from, rows));
            }
            inference.run();
            for (int o = 0; o < outputs.size(); o++) {
                JsonNode expected = json.get("expected").get(outputs.get(o).name());
                Tensor actual = inference.output(o);
                assertThat(actual.rows()).isEqualTo(rows);
                if (outputs.get(o).isLabelled()) {
                    assertThat(actual.labels())
                            .isEqualTo(TestModels.leaves(json.get("classes")).stream()
                                    .map(JsonNode::asText)
                                    .toList());
                    expected = byLabel(expected, actual.labels());
                }
                compare(actual, rows(expected, from, rows));
            }
        }
    }

    private static JsonNode byLabel(JsonNode maps, List<String> labels) {
        var table = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        for (JsonNode map : maps) {
            var row = table.addArray();
            if (map.isObject()) {
                labels.forEach(label -> row.add(map.get(label)));
            } else {
                map.forEach(row::add);
            }
        }
        return table;
    }

    private static List<JsonNode> rows(JsonNode table, int from, int count) {
        List<JsonNode> leaves = new ArrayList<>();
        for (int row = from; row < from + count; row++) {
            leaves.addAll(TestModels.leaves(table.get(row)));
        }
        return leaves;
    }

    private static void compare(Tensor actual, List<JsonNode> expected) {
        assertThat(actual.length()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            if (actual.type() == ElementType.STRING) {
                assertThat(actual.text(i)).isEqualTo(expected.get(i).asText());
            } else {
                assertThat(actual.number(i)).isCloseTo(expected.get(i).asDouble(), within(TOLERANCE));
            }
        }
    }
}
