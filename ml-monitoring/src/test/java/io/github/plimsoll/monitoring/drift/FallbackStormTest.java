package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Answers that are not the model's. */
class FallbackStormTest {

    private static final int ROWS = 400;
    private static final Schema<Map<String, ?>> SCHEMA =
            Schema.ofMap(Feature.number("load"), Feature.category("region"));
    private static final ModelId MODEL = new ModelId("load", "1");

    private final ManualClock clock = ManualClock.at(Instant.parse("2024-05-01T10:00:00Z"));
    private final SplittableRandom random = new SplittableRandom(3);

    /** Answers some calls in the model's place. */
    private record Stub(Predicate<Map<String, ?>> isFallback) implements Interceptor<Map<String, ?>, Double> {

        @Override
        public Stage.Position position() {
            return Stage.CACHE.before();
        }

        @Override
        public void intercept(CallBatch<Map<String, ?>, Double> calls, Next<Map<String, ?>, Double> next) {
            calls.forEach(this::answer);
            next.proceed(calls);
        }

        private void answer(Call<Map<String, ?>, Double> call) {
            if (isFallback.test(call.input())) {
                call.answer(0.5, Prediction.Source.FALLBACK);
            }
        }

        @Override
        public String summary() {
            return "stub";
        }
    }

    private Map<String, Object> row() {
        return Map.of("load", random.nextDouble(), "region", "region " + random.nextInt(4));
    }

    private Predictor<Map<String, ?>, Double> predictor(
            Capability<Object, Object> watching, Predicate<Map<String, ?>> isFallback) {
        return Plimsoll.function(MODEL, (Map<String, ?> row) -> (double) row.get("load"))
                .features(SCHEMA)
                .with(watching)
                .with(new Stub(isFallback))
                .time(clock)
                .build();
    }

    private boolean chance(double share) {
        return random.nextDouble() < share;
    }

    private Baseline baseline(double fallbacks) {
        var recorder = BaselineRecorder.rows(3_000);
        try (var predictor = predictor(recorder, row -> chance(fallbacks))) {
            for (int i = 0; i < 3_000; i++) {
                predictor.predict(row());
            }
        }
        return recorder.baseline(ROWS);
    }

    private List<Incident> incidents(DriftMonitor monitor, Predicate<Map<String, ?>> isFallback) {
        try (var predictor = predictor(monitor, isFallback)) {
            for (int i = 0; i < ROWS; i++) {
                predictor.predict(row());
            }
            clock.advance(Duration.ofHours(1));
            return monitor.look();
        }
    }

    @Test
    void aStormOfFallbacksIsFoundAndSaysWhere() {
        DriftMonitor monitor = DriftMonitor.against(baseline(0));

        assertThat(incidents(monitor, row -> false)).isEmpty();
        assertThat(incidents(monitor, row -> row.get("region").equals("region 2")))
                .singleElement()
                .satisfies(incident -> {
                    assertThat(incident.kind()).isEqualTo(Kind.FALLBACK_STORM);
                    assertThat(incident.columns()).startsWith("fallback").contains("prediction");
                    assertThat(incident.details().get(0)).startsWith("answers that are not the model's: 0 % -> 2");
                    assertThat(incident.finding(Finding.Fallbacks.class))
                            .hasValueSatisfying(
                                    storm -> assertThat(storm.before()).isZero());
                    assertThat(incident.finding(Finding.Segment.class))
                            .hasValueSatisfying(
                                    segment -> assertThat(segment.cell()).isEqualTo("= region 2"));
                });
        assertThat(monitor.states(MODEL)).containsEntry("fallback", State.DRIFT);
    }

    @Test
    void callsWithoutAnAnswerAreCountedAsWell() {
        DriftMonitor monitor = DriftMonitor.against(baseline(0));
        try (var predictor = Plimsoll.function(MODEL, (Map<String, ?> row) -> {
                    if ((double) row.get("load") * 1_000 % 1 < 0.1) {
                        throw new IllegalStateException("no");
                    }
                    return (double) row.get("load");
                })
                .features(SCHEMA)
                .with(monitor)
                .time(clock)
                .build()) {
            for (int i = 0; i < ROWS; i++) {
                Map<String, Object> row = row();
                if ((double) row.get("load") * 1_000 % 1 < 0.1) {
                    assertThatThrownBy(() -> predictor.predict(row)).isInstanceOf(ModelExecutionException.class);
                } else {
                    predictor.predict(row);
                }
            }
            clock.advance(Duration.ofHours(1));
            assertThat(monitor.look()).extracting(Incident::kind).containsExactly(Kind.FALLBACK_STORM);
        }
    }

    @Test
    void aBaselineThatHadFallbacksExpectsThem() {
        DriftMonitor monitor = DriftMonitor.against(baseline(0.1));

        assertThat(incidents(monitor, row -> chance(0.1))).isEmpty();
        assertThat(incidents(monitor, row -> chance(0.3)))
                .singleElement()
                .satisfies(incident -> assertThat(incident.finding(Finding.Fallbacks.class))
                        .hasValueSatisfying(storm -> assertThat(storm.before()).isBetween(0.07, 0.13)));
    }

    @Test
    void aBrokenInputThatCausesFallbacksIsNamedFirst() {
        DriftMonitor monitor = DriftMonitor.against(baseline(0));
        try (var predictor = predictor(monitor, row -> row.get("region").equals("region 9"))) {
            for (int i = 0; i < ROWS; i++) {
                predictor.predict(Map.of("load", random.nextDouble(), "region", "region " + 3 * random.nextInt(4)));
            }
            clock.advance(Duration.ofHours(1));
            assertThat(monitor.look()).singleElement().satisfies(incident -> {
                assertThat(incident.kind()).isEqualTo(Kind.NEW_CATEGORY);
                assertThat(incident.columns()).startsWith("region").contains("fallback");
                assertThat(incident.finding(Finding.Fallbacks.class)).isPresent();
            });
        }
    }

    /** Of the rows of a table nobody knows who answered. */
    @Test
    void rowsOfTablesHaveNoStorm() {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(ROWS);
        for (int i = 0; i < 2_000; i++) {
            builder.add(SCHEMA.read(row()), Double.NaN, Double.NaN);
        }
        WindowMonitor monitor = WindowMonitor.against(builder.build());
        Window window = monitor.window();
        for (int i = 0; i < ROWS; i++) {
            window.add(SCHEMA.read(row()), Double.NaN);
        }
        WindowReport report = monitor.close(window);

        assertThat(report.incidents()).isEmpty();
        assertThat(report.states()).containsEntry("fallback", State.OK);
        assertThat(monitor.detectable(ROWS))
                .filteredOn(found -> found.column().equals("fallback"))
                .singleElement()
                .satisfies(found -> assertThat(found.missing()).isBetween(0.005, 0.05));
    }
}
