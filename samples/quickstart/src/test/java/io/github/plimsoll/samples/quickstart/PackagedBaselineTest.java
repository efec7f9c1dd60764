package io.github.plimsoll.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.Packager;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftFormatException;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.drift.WindowReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monitor that is handed no baseline takes the one that came with the model. */
class PackagedBaselineTest {

    private static final Path BIKE = Path.of("src/main/resources/bike");

    @Test
    void theBaselineInThePackageIsTaken(@TempDir Path folder) throws IOException {
        Schema<Ride> schema = Schema.of(Ride.class);
        List<Ride> rides = Files.readAllLines(BIKE.resolve("baseline.csv")).stream()
                .skip(1)
                .map(Ride::parse)
                .toList();
        Baseline.Builder learned = Baseline.builder(schema.features()).windowRows(200);
        rides.forEach(ride -> learned.add(schema.read(ride), Double.NaN, Double.NaN));
        Path part = folder.resolve("baseline.plb");
        learned.build().write(part);
        Packager.of(BIKE.resolve("model.onnx"), schema, Output.number())
                .part(Baseline.PACKAGE_PART, part)
                .write(folder.resolve("bike"));
        ManualClock clock = ManualClock.at(Instant.EPOCH);
        DriftMonitor drift = DriftMonitor.falseAlarms(1).per(Duration.ofDays(90));

        try (var demand = Plimsoll.load(folder.resolve("bike"))
                .as(schema, Output.number())
                .time(clock)
                .with(drift)
                .build()) {
            rides.subList(0, 200).forEach(ride -> demand.predict(ride.inFahrenheit()));
            clock.advance(Duration.ofHours(1));

            assertThat(drift.look().get(0).columns()).startsWith("temperature");
            assertThat(drift.reports(demand.prediction(rides.get(0)).model()))
                    .extracting(WindowReport::rows)
                    .containsExactly(200L);
        }

        Path other = Files.writeString(folder.resolve("other"), "{}");
        Packager.of(BIKE.resolve("model.onnx"), schema, Output.number())
                .part(Baseline.PACKAGE_PART, other)
                .write(folder.resolve("broken"));
        assertThatThrownBy(() -> Plimsoll.load(folder.resolve("broken"))
                        .as(schema, Output.number())
                        .with(drift.window(Duration.ofMinutes(10)))
                        .build())
                .isInstanceOf(DriftFormatException.class)
                .hasMessageContaining("not a baseline");
    }
}
