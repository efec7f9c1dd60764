package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

/** What a model answers: the label and how sure it is of it are watched apart. */
class OutputTest {

    private static final int ROWS = 400;
    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(Feature.number("size"), Feature.number("weight"));
    private static final List<String> ANIMALS = List.of("cat", "dog", "horse");

    private final SplittableRandom random = new SplittableRandom(7);

    private FeatureRow row(double size) {
        return SCHEMA.read(Map.of("size", size, "weight", random.nextDouble()));
    }

    /** A third each, and as sure of each. */
    private ClassProbabilities classes(double size) {
        return classes((int) (3 * size), 0.5 + 0.4 * random.nextDouble());
    }

    private static ClassProbabilities classes(int top, double confidence) {
        double[] probabilities = {(1 - confidence) / 2, (1 - confidence) / 2, (1 - confidence) / 2};
        probabilities[top] = confidence;
        return ClassProbabilities.of(ANIMALS, probabilities);
    }

    private Baseline baseline(DoubleFunction<Object> answer) {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(ROWS);
        for (int i = 0; i < 3_000; i++) {
            double size = random.nextDouble();
            builder.add(row(size), answer.apply(size), random.nextDouble() < size ? 1 : 0);
        }
        return builder.build();
    }

    private List<Incident> incidents(Baseline baseline, DoubleFunction<Object> answer) {
        WindowMonitor monitor = WindowMonitor.against(baseline);
        return monitor.close(window(monitor, answer)).incidents();
    }

    private Window window(WindowMonitor monitor, DoubleFunction<Object> answer) {
        Window window = monitor.window();
        for (int i = 0; i < ROWS; i++) {
            double size = random.nextDouble();
            window.add(row(size), answer.apply(size));
        }
        return window;
    }

    @Test
    void probabilitiesOfClassesAreALabelAndAConfidence() {
        Baseline baseline = baseline(this::classes);
        WindowMonitor monitor = WindowMonitor.against(baseline);
        WindowReport report = monitor.close(window(monitor, this::classes));

        assertThat(report.incidents()).isEmpty();
        assertThat(report.states()).containsKeys("size", "weight", "prediction", "confidence");
        assertThat(monitor.detectable(ROWS))
                .extracting(Detectable::column)
                .containsSubsequence("size", "weight", "prediction", "confidence");
        assertThat(Baseline.of(baseline.toBytes())).isEqualTo(baseline);
    }

    @Test
    void anotherClassIsPredictedAsSurelyAsBefore() {
        Baseline baseline = baseline(this::classes);
        List<Incident> incidents = incidents(
                baseline,
                size -> classes(random.nextInt(2) == 0 ? 2 : (int) (3 * size), 0.5 + 0.4 * random.nextDouble()));

        assertThat(incidents).hasSize(1);
        assertThat(incidents.get(0).kind()).isEqualTo(Kind.PREDICTION_SHIFT);
        assertThat(incidents.get(0).columns()).startsWith("prediction").doesNotContain("confidence");
        assertThat(incidents.get(0).details()).anyMatch(detail -> detail.startsWith("prediction = horse: 3"));
    }

    @Test
    void theSameClassesArePredictedLessSurely() {
        Baseline baseline = baseline(this::classes);
        List<Incident> incidents =
                incidents(baseline, size -> classes((int) (3 * size), 0.45 + 0.3 * random.nextDouble()));

        assertThat(incidents).hasSize(1);
        assertThat(incidents.get(0).kind()).isEqualTo(Kind.PREDICTION_SHIFT);
        assertThat(incidents.get(0).columns()).startsWith("confidence").doesNotContain("prediction");
        assertThat(incidents.get(0).finding(Finding.PredictionShift.class)).hasValueSatisfying(shift -> {
            assertThat(shift.column()).isEqualTo("confidence");
            assertThat(shift.toString()).startsWith("confidence: mean 0.7");
        });
    }

    @Test
    void aConstantClassIsAFallback() {
        Baseline baseline = baseline(this::classes);

        assertThat(incidents(baseline, size -> classes(1, 0.5 + 0.4 * random.nextDouble())))
                .extracting(Incident::kind)
                .containsExactly(Kind.PREDICTION_FALLBACK);
        assertThat(incidents(baseline, size -> random.nextInt(3) == 0 ? "unknown" : classes(size)))
                .singleElement()
                .satisfies(incident -> {
                    assertThat(incident.kind()).isEqualTo(Kind.PREDICTION_FALLBACK);
                    assertThat(incident.details().get(0)).startsWith("prediction = unknown: 0 % -> 3");
                });
        assertThat(incidents(baseline, size -> random.nextInt(3) == 0 ? "e" + random.nextInt(9) : classes(size)))
                .singleElement()
                .satisfies(incident -> {
                    assertThat(incident.kind()).isEqualTo(Kind.PREDICTION_SHIFT);
                    assertThat(incident.finding(Finding.NewNames.class)).isPresent();
                });
    }

    @Test
    void aLabelHasNoConfidence() {
        Baseline baseline = baseline(size -> ANIMALS.get((int) (3 * size)));
        WindowMonitor monitor = WindowMonitor.against(baseline);
        WindowReport report = monitor.close(window(monitor, size -> "dog"));

        assertThat(report.states()).containsEntry("prediction", State.DRIFT).doesNotContainKey("confidence");
        assertThat(report.incidents()).extracting(Incident::kind).containsExactly(Kind.PREDICTION_FALLBACK);
        assertThat(monitor.outcomes(0, new double[] {1}, new double[] {1})).isEmpty();
        assertThat(Baseline.of(baseline.toBytes()).toBytes()).isEqualTo(baseline.toBytes());
    }

    /** What the numbers of answers come to does not depend on how they were handed in. */
    @Test
    void aNumberIsWatchedAsANumber() {
        var asNumbers = Baseline.builder(SCHEMA.features()).windowRows(50);
        var asAnswers = Baseline.builder(SCHEMA.features()).windowRows(50);
        for (int i = 0; i < 300; i++) {
            FeatureRow row = row(random.nextDouble());
            asNumbers.add(row, i % 7, i % 2);
            asAnswers.add(row, (Object) (i % 7), i % 2);
        }

        assertThat(asAnswers.build()).isEqualTo(asNumbers.build());
        assertThat(WindowMonitor.against(asAnswers.build()).detectable(50))
                .extracting(Detectable::column)
                .doesNotContain("confidence");
    }

    @Test
    void outcomesAreComparedAtTheConfidence() {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(ROWS);
        for (int i = 0; i < 3_000; i++) {
            double confidence = 0.5 + 0.4 * random.nextDouble();
            builder.add(
                    row(random.nextDouble()),
                    classes(random.nextInt(3), confidence),
                    random.nextDouble() < confidence ? 1 : 0);
        }
        WindowMonitor monitor = WindowMonitor.against(builder.build());
        monitor.close(window(monitor, this::classes));
        double[] confidences = random.doubles(ROWS, 0.5, 0.9).toArray();

        assertThat(monitor.outcomes(0, confidences, new double[ROWS]))
                .extracting(Incident::kind)
                .containsExactly(Kind.LABEL_FLIP);
    }

    @Test
    void theClassesOfLiveAnswersAreWatched() {
        var clock = ManualClock.at(Instant.parse("2024-05-01T10:00:00Z"));
        var recorder = BaselineRecorder.rows(2_000);
        var rule = Plimsoll.function(
                        new ModelId("animals", "1"), (Map<String, ?> row) -> classes((double) row.get("size")))
                .features(SCHEMA)
                .time(clock);
        try (var predictor = rule.with(recorder).build()) {
            for (int i = 0; i < 2_000; i++) {
                predictor.predict(Map.of("size", random.nextDouble(), "weight", random.nextDouble()));
            }
        }
        Baseline baseline = recorder.baseline(ROWS);
        DriftMonitor monitor = DriftMonitor.against(baseline);
        var broken = Plimsoll.function(
                        new ModelId("animals", "1"),
                        (Map<String, ?> row) -> classes(2, 0.5 + 0.4 * random.nextDouble()))
                .features(SCHEMA)
                .time(clock);
        try (var predictor = broken.with(monitor).build()) {
            for (int i = 0; i < ROWS; i++) {
                predictor.predict(Map.of("size", random.nextDouble(), "weight", random.nextDouble()));
            }
            clock.advance(Duration.ofHours(1));
            assertThat(monitor.look()).singleElement().satisfies(incident -> {
                assertThat(incident.kind()).isEqualTo(Kind.PREDICTION_FALLBACK);
                assertThat(incident.details().get(0)).startsWith("prediction = horse: ");
            });
        }
    }
}
