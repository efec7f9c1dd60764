package io.github.plimsoll.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuickstartTest {

    @Test
    void printsWhatTheReadmeShows(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Quickstart.run(folder, new PrintStream(bytes, true, StandardCharsets.UTF_8));

        String output = bytes.toString(StandardCharsets.UTF_8);
        assertThat(rounded(Files.readString(Path.of("../../README.md"))))
                .contains("```text\n" + rounded(output) + "```");
        assertThat(output.lines().count()).as("lines: one screen").isLessThanOrEqualTo(40);
    }

    /** Long fractions cut: their last digits are the processor's business. */
    private static String rounded(String text) {
        return text.replaceAll("(\\.\\d{3})\\d+", "$1");
    }

    @Test
    void writesALogLineForEachPrediction(@TempDir Path folder) throws IOException {
        Quickstart.run(folder, new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

        try (Stream<Path> logs = Files.list(folder.resolve("predictions"))) {
            List<String> lines = logs.flatMap(QuickstartTest::lines).toList();
            assertThat(lines).hasSize(1_000 + 1_000 + 1 + 200);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersAsTheTrainerDoes(LoadOptions.Execution execution) throws IOException {
        Path model = Path.of("src/main/resources/bike/model.onnx");
        JsonNode expected =
                new ObjectMapper().readTree(Files.readString(Path.of("src/test/resources/bike/expected.json")));
        Schema<JsonNode> schema = Schema.ofJson(Schema.of(Ride.class).features());

        try (Predictor<JsonNode, Double> demand = Plimsoll.load(model)
                .with(LoadOptions.defaults().execution(execution))
                .as(schema, Output.number())
                .build()) {
            for (JsonNode row : expected.get("rows")) {
                double rentals = row.get("expected").asDouble();
                // 32-bit arithmetic over 100 trees and an exponential: a few units in the last place, relative
                assertThat(demand.predict(row.get("input"))).isCloseTo(rentals, within(1e-5 * rentals));
            }
        }
    }
}
