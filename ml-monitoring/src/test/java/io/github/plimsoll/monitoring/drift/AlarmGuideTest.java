package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.GuideSnippets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/read-an-alarm.md. */
class AlarmGuideTest {

    enum Plant {
        NORTH,
        SOUTH,
        EAST,
        WEST
    }

    record Reading(double temperature, double load, Plant plant) {}

    private final Schema<Reading> readings = Schema.of(Reading.class);
    private final List<String> actions = new ArrayList<>();

    @Test
    void theGuideShowsThisCode() throws IOException {
        GuideSnippets.assertThatAllAreIn("read-an-alarm.md", AlarmGuideTest.class);
    }

    private static Reading reading(SplittableRandom random, boolean fahrenheit) {
        double temperature = Math.rint(10 * (20 + 6 * NormalScores.of(random.nextDouble(1e-9, 1)))) / 10;
        Plant plant = Plant.values()[random.nextInt(4)];
        boolean changed = fahrenheit && plant == Plant.WEST;
        return new Reading(changed ? temperature * 1_000 : temperature, random.nextDouble(), plant);
    }

    private static double score(Reading reading) {
        return 1 / (1 + Math.exp((reading.temperature() - 20) / 4));
    }

    private Baseline baseline() {
        var random = new SplittableRandom(1);
        Baseline.Builder baseline = Baseline.builder(readings.features()).windowRows(500);
        for (int i = 0; i < 4_000; i++) {
            Reading reading = reading(random, false);
            baseline.add(readings.read(reading), score(reading), Double.NaN);
        }
        return baseline.build();
    }

    private static void repair(String column, double factor) {
        assertThat(column).isEqualTo("temperature");
        assertThat(factor).isEqualTo(1_000);
    }

    @Test
    void anAlarmIsReadByItsFindings() {
        var random = new SplittableRandom(2);
        WindowMonitor monitor = WindowMonitor.against(baseline());
        Window window = monitor.window();
        for (int i = 0; i < 500; i++) {
            Reading reading = reading(random, true);
            window.add(readings.read(reading), score(reading));
        }
        WindowReport report = monitor.close(window);

        for (Incident incident : report.incidents()) {
            incident.finding(Finding.Conversion.class)
                    .ifPresent(conversion -> repair(conversion.column(), conversion.factor()));
            incident.finding(Finding.Segment.class)
                    .ifPresent(segment -> actions.add("ask " + segment.column() + ' ' + segment.cell()));
        }

        assertThat(actions).containsExactly("ask plant = WEST");
        assertThat(report.incidents().get(0).toString())
                .isEqualTo(
                        "unit change in temperature, prediction since window 0, evidence 207.5 of 4.4: "
                                + "temperature is now 1000 x what it was in 23 % of rows; "
                                + "temperature > 32.2: 2.2 % -> 23 % (18 % to 30 %); "
                                + "median of temperature: 19.9 -> 21.8 (21 to 22.6); "
                                + "100 % of what moved has plant = WEST, as 23 % of all rows; moved with it: prediction; "
                                + "predictions: mean 0.50474 -> 0.39891, median 0.50625 -> 0.38936, at least 12 % of them moved");
    }

    @Test
    void whatCannotBeSeenIsSaid() {
        WindowMonitor monitor = WindowMonitor.against(baseline());
        List<String> lines = new ArrayList<>();

        monitor.detectable(500).forEach(column -> lines.add(column.toString()));

        assertThat(lines).hasSize(5);
        assertThat(lines.get(0))
                .isEqualTo("temperature, in 500 rows: median < 18.08 or > 21.637, 0.283 sd; "
                        + "one value in 2.9 %; 0.9 % missing");
    }

    @Test
    void singleRowsAreScored() {
        Baseline baseline = baseline();
        List<String> reviews = new ArrayList<>();
        FeatureRow row = readings.read(new Reading(19.5, 1.7, Plant.EAST));

        OutlierDetector outliers = baseline.outliers();
        OutlierScore score = outliers.score(row);
        if (score.isOutlier(0.001)) {
            reviews.add(score.toString());
        }

        assertThat(reviews).containsExactly("p 0.00024994, surprise 7: load (1 of 32721000 is as far out)");
    }
}
