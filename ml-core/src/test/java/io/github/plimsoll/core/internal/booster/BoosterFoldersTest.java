package io.github.plimsoll.core.internal.booster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Boosted trees answer as the trainer did, for every folder that has a model of XGBoost or LightGBM and an {@code expected.json}, or
 * are refused with the reason that is there instead. Other folders of that form: {@code -Dplimsoll.models=DIR}.
 */
class BoosterFoldersTest {

    private static final Path FOLDER = Path.of(System.getProperty("plimsoll.models", "src/test/resources/models"));
    private static final double OF_32_BITS = 1e-5;
    private static final double OF_64_BITS = 1e-12;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> boostersAnswerAsTheTrainer() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders()) {
            JsonNode expected = JSON.readTree(folder.resolve("expected.json").toFile());
            for (String file : List.of("model.json", "model.ubj", "model.txt")) {
                if (Files.exists(folder.resolve(file))) {
                    tests.add(DynamicTest.dynamicTest(
                            folder.getFileName() + " " + file, () -> check(folder.resolve(file), expected)));
                }
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> folders = Files.walk(FOLDER, 2)) {
            return folders.filter(folder -> Files.exists(folder.resolve("expected.json")))
                    .sorted()
                    .toList();
        }
    }

    private static void check(Path file, JsonNode json) {
        if (json.has("refused")) {
            assertThatThrownBy(() -> ModelLoading.load(file, LoadOptions.defaults()))
                    .isExactlyInstanceOf(ModelLoadException.class)
                    .hasMessageContainingAll(
                            file.toString(), json.get("refused").asText(), "expected:");
            return;
        }
        JsonNode rows = json.get("input");
        JsonNode expected = json.get("expected");
        try (Model model = ModelLoading.load(file, LoadOptions.defaults())) {
            var plan = model.plan(
                    List.of(model.description().signature().outputs().get(0).name()));
            int columns = rows.get(0).size();
            double[][] alone = new double[rows.size()][];
            for (int row = 0; row < rows.size(); row++) {
                try (Inference inference = plan.begin(1)) {
                    fill(inference.input(0), 0, rows.get(row));
                    inference.run();
                    alone[row] = TestModels.numbers(inference.output(0));
                    close(alone[row], expected.get(row), inference.output(0), file + " row " + row);
                }
            }
            try (Inference inference = plan.begin(rows.size())) {
                for (int row = 0; row < rows.size(); row++) {
                    fill(inference.input(0), row * columns, rows.get(row));
                }
                inference.run();
                assertThat(TestModels.numbers(inference.output(0)))
                        .containsExactly(Stream.of(alone)
                                .flatMapToDouble(java.util.Arrays::stream)
                                .toArray());
            }
        }
    }

    private static void fill(Tensor input, int from, JsonNode row) {
        for (int c = 0; c < row.size(); c++) {
            input.number(from + c, row.get(c).isNull() ? Double.NaN : row.get(c).asDouble());
        }
    }

    private static void close(double[] actual, JsonNode expected, Tensor output, String where) {
        List<JsonNode> wanted = TestModels.leaves(
                expected.isArray() ? expected : JSON.createArrayNode().add(expected));
        double tolerance = output.type() == io.github.plimsoll.core.model.ElementType.FLOAT64 ? OF_64_BITS : OF_32_BITS;
        assertThat(actual).as(where).hasSize(wanted.size());
        for (int i = 0; i < actual.length; i++) {
            double value = wanted.get(i).asDouble();
            assertThat(actual[i]).as(where).isCloseTo(value, within(tolerance * Math.max(1, Math.abs(value))));
        }
    }
}
