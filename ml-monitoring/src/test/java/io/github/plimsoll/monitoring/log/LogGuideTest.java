package io.github.plimsoll.monitoring.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.FeatureSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.monitoring.GuideSnippets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The code of docs/guide/prediction-log.md. */
class LogGuideTest {

    record Ride(
            double temperature,
            int hour,
            @FeatureSpec(sensitive = true) String rider) {}

    private final FakeModel model = FakeModel.of(
            new ModelId("bike", "7"),
            new ModelSignature(
                    List.of(
                            TensorSpec.of("temperature", ElementType.FLOAT64, -1, 1),
                            TensorSpec.of("hour", ElementType.INT64, -1, 1),
                            TensorSpec.of("rider", ElementType.STRING, -1, 1)),
                    List.of(TensorSpec.of("demand", ElementType.FLOAT64, -1, 1))),
            (inputs, outputs) -> outputs.get(0).number(0, 43.0));

    @Test
    void theGuideShowsThisCode() throws IOException {
        GuideSnippets.assertThatAllAreIn("prediction-log.md", LogGuideTest.class);
    }

    @Test
    void log(@TempDir Path folder) throws IOException {
        var log = PredictionLog.jsonLines(folder.resolve("predictions")).features("temperature", "rider");
        try (var demand =
                Plimsoll.use(model).as(Ride.class, Output.number()).with(log).build()) {
            demand.predict(new Ride(21.5, 8, "Ada"));
        }
        assertThat(log.written()).isEqualTo(1);

        try (Stream<Path> files = Files.list(folder.resolve("predictions"))) {
            var line = new ObjectMapper()
                    .readTree(Files.readString(files.findFirst().orElseThrow()));
            assertThat(line.path("features")).hasToString("{\"temperature\":21.5,\"rider\":\"***\"}");
        }
    }

    @Test
    void logToTheHostsLogger() {
        var log = PredictionLog.to(LoggerFactory.getLogger("predictions"));
        try (var demand =
                Plimsoll.use(model).as(Ride.class, Output.number()).with(log).build()) {
            demand.predict(new Ride(21.5, 8, "Ada"));
        }

        assertThat(log.written()).isEqualTo(1);
    }
}
