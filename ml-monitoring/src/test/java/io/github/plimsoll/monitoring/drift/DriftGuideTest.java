package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.GuideSnippets;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.monitoring.profile.Profile;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/drift.md. */
class DriftGuideTest {

    record Ride(double temperature, int hour) {}

    private final FakeModel model = FakeModel.ofRows("bike", 2, row -> 2 * row[0]);
    private final MeterRegistry meterRegistry = new SimpleMeterRegistry();
    private final List<String> alerts = new ArrayList<>();

    @Test
    void theGuideShowsThisCode() throws IOException {
        GuideSnippets.assertThatAllAreIn("drift.md", DriftGuideTest.class);
    }

    @Test
    void watch(@TempDir Path folder) {
        Path file = folder.resolve("baseline.json");
        makeBaseline(file, rides(1).limit(2_000).toList());

        DriftMonitor drift = DriftMonitor.against(Baseline.read(file)).metrics(meterRegistry);
        try (var demand =
                Plimsoll.use(model).as(Ride.class, Output.number()).with(drift).build()) {
            rides(2).limit(500).forEach(demand::predict);
            lookAt(drift);
            assertThat(alerts).isEmpty();

            rides(3).limit(200)
                    .map(ride -> new Ride(ride.temperature() * 9 / 5 + 32, ride.hour()))
                    .forEach(demand::predict);
            lookAt(drift);
            assertThat(alerts.toString()).contains("temperature: drifted", "temperature > ");
        }
    }

    private static void makeBaseline(Path file, List<Ride> trainingRides) {
        Schema<Ride> rides = Schema.of(Ride.class);
        Iterable<FeatureRow> rows =
                () -> trainingRides.stream().map(rides::read).iterator();
        Baseline.of(rides.features(), rows).write(file);
    }

    private void lookAt(DriftMonitor drift) {
        DriftReport report = drift.look();
        DriftVerdict verdict = report.verdict();
        if (verdict instanceof DriftVerdict.Drifted drifted) {
            drifted.features().forEach(feature -> alerts.add(feature.toString()));
        }
    }

    @Test
    void severalProcesses() {
        Schema<Ride> rides = Schema.of(Ride.class);
        Baseline baseline = Baseline.of(
                rides.features(), rides(1).limit(2_000).map(rides::read).toList());
        DriftMonitor here = DriftMonitor.against(baseline);
        Profile ofOtherProcess = DriftMonitor.against(baseline).profile();

        DriftReport ofAll = here.look(here.profile().merge(ofOtherProcess));

        assertThat(ofAll.rows()).isZero();
    }

    private static Stream<Ride> rides(long seed) {
        var random = new SplittableRandom(seed);
        return Stream.generate(() -> new Ride(
                Math.round(10 * (12 + 6 * NormalScores.of(random.nextDouble(1e-9, 1)))) / 10.0, random.nextInt(24)));
    }
}
