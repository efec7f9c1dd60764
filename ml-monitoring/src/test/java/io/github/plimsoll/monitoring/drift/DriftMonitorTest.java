package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class DriftMonitorTest {

    private static final Schema<double[]> WEATHER =
            Schema.ofDoubles(Feature.number("temperature"), Feature.number("humidity"));
    private static final Baseline BASELINE = baseline();
    private static final ModelId WEATHER_1 = new ModelId("weather", "1");
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualClock clock = ManualClock.at(Instant.parse("2024-05-01T10:00:00Z"));
    private final SplittableRandom random = new SplittableRandom(2);
    private final DriftMonitor monitor = DriftMonitor.against(BASELINE);

    private static Baseline baseline() {
        var random = new SplittableRandom(1);
        var builder = Baseline.builder(WEATHER.features()).windowRows(200);
        for (int i = 0; i < 2_000; i++) {
            double[] row = draw(random);
            builder.add(WEATHER.read(row), row[0], Double.NaN);
        }
        return builder.build();
    }

    /** 12 °C with a standard deviation of 6, and any humidity. */
    private static double[] draw(SplittableRandom random) {
        return new double[] {12 + 6 * NormalScores.of(random.nextDouble(1e-12, 1)), random.nextDouble(0, 100)};
    }

    private Predictor<double[], Double> predictor(DriftMonitor watching) {
        return predictor(watching, FakeModel.ofRows("weather", 2, row -> row[0]));
    }

    private Predictor<double[], Double> predictor(DriftMonitor watching, FakeModel model) {
        return Plimsoll.use(model)
                .as(WEATHER, Output.number())
                .with(watching)
                .time(clock)
                .build();
    }

    private void predict(Predictor<double[], Double> predictor, int rows, DoubleUnaryOperator temperature) {
        for (int i = 0; i < rows; i++) {
            double[] row = draw(random);
            row[0] = temperature.applyAsDouble(row[0]);
            predictor.predict(row);
        }
    }

    private static double inFahrenheit(double celsius) {
        return celsius * 9 / 5 + 32;
    }

    // ---- windows of time ----------------------------------------------------------------------------------------

    @Test
    void anHourInAnotherUnitIsFoundWhenItIsOver() {
        try (var predictor = predictor(monitor)) {
            predict(predictor, 200, DoubleUnaryOperator.identity());
            assertThat(monitor.look()).isEmpty();
            assertThat(monitor.reports(WEATHER_1)).isEmpty();
            clock.advance(HOUR);
            assertThat(monitor.look()).isEmpty();
            assertThat(monitor.reports(WEATHER_1))
                    .extracting(WindowReport::rows)
                    .containsExactly(200L);

            predict(predictor, 200, DriftMonitorTest::inFahrenheit);
            assertThat(monitor.look()).isEmpty();
            clock.advance(HOUR);
            List<Incident> incidents = monitor.look();

            assertThat(incidents).hasSize(1);
            assertThat(incidents.get(0).columns()).startsWith("temperature");
            assertThat(monitor.states(WEATHER_1))
                    .containsEntry("temperature", State.DRIFT)
                    .containsEntry("humidity", State.OK);
            assertThat(monitor.look()).isEmpty();
        }
    }

    @Test
    void anExecutorComparesWhatIsOverWithoutBeingAsked() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        List<String> told = new ArrayList<>();
        DriftMonitor onExecutor = monitor.on(tasks::add)
                .listener((model, report) -> told.add(model + " " + report.rows()))
                .listener((model, report) -> {
                    throw new IllegalStateException("a listener that fails");
                });
        try (var predictor = predictor(onExecutor)) {
            predict(predictor, 20, DoubleUnaryOperator.identity());
            assertThat(tasks).isEmpty();
            clock.advance(HOUR);
            predict(predictor, 3, DoubleUnaryOperator.identity());

            assertThat(tasks).as("one task, however many rows").hasSize(1);
            assertThat(told).isEmpty();
            tasks.remove().run();
            assertThat(told).containsExactly("weather:1 20");

            predict(predictor, 1, DoubleUnaryOperator.identity());
            assertThat(tasks).as("the next hour is not over").isEmpty();
        }
    }

    @Test
    void anExecutorThatRefusesIsAskedAgain() {
        assertIsAskedAgainAfter(new RejectedExecutionException("full"));
    }

    @Test
    void anExecutorThatFailsHurtsNoCallAndIsAskedAgain() {
        assertIsAskedAgainAfter(new IllegalStateException("an executor that is broken"));
    }

    /** Of an executor that fails when it is asked first, in the first call after an hour. */
    private void assertIsAskedAgainAfter(RuntimeException failure) {
        var asked = new int[1];
        Deque<Runnable> tasks = new ArrayDeque<>();
        DriftMonitor onExecutor = monitor.on(task -> {
            if (asked[0]++ == 0) {
                throw failure;
            }
            tasks.add(task);
        });
        try (var predictor = predictor(onExecutor)) {
            predict(predictor, 20, DoubleUnaryOperator.identity());
            clock.advance(HOUR);
            predict(predictor, 2, DoubleUnaryOperator.identity());
            tasks.remove().run();

            assertThat(onExecutor.reports(WEATHER_1))
                    .extracting(WindowReport::rows)
                    .containsExactly(20L);
        }
    }

    @Test
    void nothingIsLostWhenTheClockGoesBack() {
        try (var predictor = predictor(monitor)) {
            predict(predictor, 30, DoubleUnaryOperator.identity());
            clock.advance(HOUR);
            monitor.look();
            clock.setBack(Duration.ofMinutes(30));
            predict(predictor, 40, DoubleUnaryOperator.identity());
            monitor.look();
            clock.setBack(Duration.ofDays(2));
            predict(predictor, 50, DoubleUnaryOperator.identity());
            monitor.look();
            predict(predictor, 60, DoubleUnaryOperator.identity());
            clock.advance(HOUR);
            monitor.look();
        }

        assertThat(monitor.reports(WEATHER_1).stream()
                        .mapToLong(WindowReport::rows)
                        .sum())
                .isEqualTo(180);
    }

    @Test
    void anAnnouncedSeasonRaisesNoAlarmOfItsMix() {
        Instant sale = Instant.parse("2024-05-01T11:30:00Z");
        DriftMonitor knowing = monitor.season(sale, sale.plus(HOUR));
        try (var predictor = predictor(knowing)) {
            predict(predictor, 200, DoubleUnaryOperator.identity());
            clock.advance(HOUR);
            predict(predictor, 200, celsius -> celsius + 3);
            clock.advance(HOUR);
            assertThat(knowing.look()).isEmpty();

            clock.advance(HOUR);
            predict(predictor, 200, celsius -> celsius + 3);
            clock.advance(HOUR);
            assertThat(knowing.look()).hasSize(1);
        }
    }

    // ---- event time ---------------------------------------------------------------------------------------------

    private static final Schema<Map<String, ?>> EVENTS =
            Schema.ofMap(Feature.number("temperature"), Feature.timestamp("at").nullable());

    private static Baseline events() {
        var builder = Baseline.builder(EVENTS.features()).windowRows(100);
        var random = new SplittableRandom(3);
        for (int i = 0; i < 400; i++) {
            builder.add(EVENTS.read(event(random.nextDouble(), Instant.EPOCH)), Double.NaN, Double.NaN);
        }
        return builder.build();
    }

    private static Map<String, Object> event(double temperature, Instant at) {
        Map<String, Object> event = new HashMap<>();
        event.put("temperature", temperature);
        event.put("at", at);
        return event;
    }

    private static DriftMonitor ofEvents(Duration grace) {
        return DriftMonitor.falseAlarms(1)
                .perWindows(1_000)
                .baseline(events())
                .timeFrom("at")
                .grace(grace);
    }

    private Predictor<Map<String, ?>, Double> predictorOfEvents(List<Capability<Object, Object>> watching) {
        var builder = Plimsoll.function(WEATHER_1, (Map<String, ?> event) -> 0.0)
                .features(EVENTS)
                .time(clock);
        for (Capability<Object, Object> one : watching) {
            builder = builder.with(one);
        }
        return builder.build();
    }

    @Test
    void lateRowsCountForTheirWindowWhileItIsOpenAndAreDroppedAfterThat() {
        var registry = new SimpleMeterRegistry();
        DriftMonitor late = ofEvents(Duration.ofMinutes(10));
        Instant ten = Instant.ofEpochMilli(clock.currentTimeMillis());
        try (var predictor = predictorOfEvents(List.of(late, PredictionMetrics.to(registry)))) {
            clock.advance(HOUR);
            predictor.predict(event(0.5, ten.plusSeconds(10)));
            predictor.predict(event(0.5, ten.plus(HOUR).plusSeconds(10)));
            predictor.predict(event(0.5, ten.plusSeconds(20)));
            late.look();
            assertThat(late.reports(WEATHER_1)).isEmpty();

            predictor.predict(event(0.5, ten.plus(HOUR).plusSeconds(600)));
            late.look();
            assertThat(late.reports(WEATHER_1)).extracting(WindowReport::rows).containsExactly(2L);

            predictor.predict(event(0.5, ten.plusSeconds(30)));
            predictor.predict(event(0.5, ten.plus(Duration.ofDays(300))));
            predictor.predict(event(0.5, null));
            late.look();
            assertThat(late.reports(WEATHER_1)).hasSize(1);
            assertThat(rows(registry, "counted")).isEqualTo(4);
            assertThat(rows(registry, "late")).isEqualTo(1);
            assertThat(rows(registry, "dropped")).isEqualTo(2);
        }
    }

    @Test
    void whoeverLooksOnlyOnceADayLosesNoHour() {
        try (var predictor = predictor(monitor)) {
            for (int hour = 0; hour < 24; hour++) {
                predict(predictor, 4, DoubleUnaryOperator.identity());
                clock.advance(HOUR);
            }
            monitor.look();

            assertThat(monitor.reports(WEATHER_1))
                    .hasSize(24)
                    .extracting(WindowReport::rows)
                    .containsOnly(4L);
        }
    }

    @Test
    void aGraceOfMoreWindowsThanAreKeptOpenStopsNothing() {
        DriftMonitor patient = ofEvents(Duration.ofDays(1));
        Instant begin = Instant.ofEpochMilli(clock.currentTimeMillis());
        try (var predictor = predictorOfEvents(List.of(patient))) {
            for (int hour = 0; hour < 24; hour++) {
                predictor.predict(event(0.5, begin.plus(HOUR.multipliedBy(hour))));
                clock.advance(HOUR);
                patient.look();
            }

            assertThat(patient.reports(WEATHER_1))
                    .hasSize(17)
                    .extracting(WindowReport::rows)
                    .containsOnly(1L);
        }
    }

    private static double rows(SimpleMeterRegistry registry, String result) {
        return registry.get("ml.drift.rows")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    // ---- windows of rows ----------------------------------------------------------------------------------------

    @Test
    void aWindowOfRowsHasExactlySoMany() {
        DriftMonitor byRows =
                DriftMonitor.falseAlarms(1).perWindows(1_000).windowRows(100).baseline(BASELINE);
        try (var predictor = predictor(byRows)) {
            predict(predictor, 250, DoubleUnaryOperator.identity());
            byRows.look();
            assertThat(byRows.reports(WEATHER_1)).extracting(WindowReport::rows).containsExactly(100L, 100L);

            predict(predictor, 50, celsius -> celsius + 1e6);
            assertThat(byRows.look()).hasSize(1);
        }
    }

    @Test
    void rowsForWhichThereIsNoPlaceAreDroppedAndCounted() {
        var registry = new SimpleMeterRegistry();
        DriftMonitor byRows =
                DriftMonitor.falseAlarms(1).perWindows(1_000).windowRows(20).baseline(BASELINE);
        try (var predictor = Plimsoll.use(FakeModel.ofRows("weather", 2, row -> row[0]))
                .as(WEATHER, Output.number())
                .with(byRows)
                .with(PredictionMetrics.to(registry))
                .build()) {
            predict(predictor, 1_000, DoubleUnaryOperator.identity());
            byRows.look();

            double counted = rows(registry, "counted");
            assertThat(byRows.reports(WEATHER_1)).hasSize((int) counted / 20).hasSizeGreaterThan(8);
            assertThat(rows(registry, "dropped")).isPositive().isEqualTo(1_000 - counted);
        }
    }

    // ---- what counts --------------------------------------------------------------------------------------------

    @Test
    void callsThatFailCountAsWell() {
        FakeModel failing = FakeModel.ofRows("weather", 2, row -> {
            throw new IllegalStateException("no");
        });
        try (var predictor = predictor(monitor, failing)) {
            assertThatThrownBy(() -> predictor.predict(new double[] {1, 2}))
                    .isInstanceOf(ModelExecutionException.class);
            assertThatThrownBy(() -> predictor.predict(new double[] {1})).hasMessageContaining("1 elements");
            clock.advance(HOUR);
            monitor.look();
        }

        assertThat(monitor.reports(WEATHER_1)).extracting(WindowReport::rows).containsExactly(2L);
    }

    @Test
    void aConstantInThePlaceOfPredictionsIsFound() {
        try (var predictor = predictor(monitor, FakeModel.ofRows("weather", 2, row -> row[1] < 50 ? row[0] : 7))) {
            predict(predictor, 200, DoubleUnaryOperator.identity());
            clock.advance(HOUR);

            assertThat(monitor.look()).extracting(Incident::kind).containsExactly(Kind.PREDICTION_FALLBACK);
        }
    }

    @Test
    void answersOfAnyTypeAreWatchedByTheNumberThatStandsForThem() {
        assertThat(DriftRecording.number(3)).isEqualTo(3);
        assertThat(DriftRecording.number(true)).isEqualTo(1);
        assertThat(DriftRecording.number(false)).isZero();
        assertThat(DriftRecording.number(
                        io.github.plimsoll.core.schema.ClassProbabilities.of(List.of("a", "b"), 0.3, 0.7)))
                .isEqualTo(0.7);
        assertThat(DriftRecording.number("a")).isNaN();
        DriftMonitor scored = monitor.score(answer -> 7);
        try (var predictor = predictor(scored)) {
            predict(predictor, 200, DoubleUnaryOperator.identity());
            clock.advance(HOUR);

            assertThat(scored.look().get(0).columns()).startsWith("prediction");
        }
    }

    @Test
    void predictorsOfOneVersionShareAHistoryAndOtherVersionsHaveTheirOwn() {
        Schema<double[]> turned =
                Schema.ofDoubles(Feature.number("humidity"), Feature.number("other"), Feature.number("temperature"));
        try (var one = predictor(monitor);
                var same = Plimsoll.use(FakeModel.ofRows("weather", 3, row -> 0))
                        .as(turned, Output.number())
                        .with(monitor)
                        .time(clock)
                        .build();
                var next = Plimsoll.function(new ModelId("weather", "2"), (double[] row) -> 0.0)
                        .features(WEATHER)
                        .with(monitor)
                        .time(clock)
                        .build()) {
            one.predict(new double[] {1, 50});
            same.predict(new double[] {60, 1, 2});
            next.predict(new double[] {1, 50});
            clock.advance(HOUR);
            monitor.look();
        }

        assertThat(monitor.reports(WEATHER_1)).extracting(WindowReport::rows).containsExactly(2L);
        assertThat(monitor.reports(new ModelId("weather", "2")))
                .extracting(WindowReport::rows)
                .containsExactly(1L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.reports(new ModelId("weather", "3")))
                .withMessageContaining("weather:3 (expected: one of");
    }

    @Test
    void ofVersionsWithoutAPredictorTheLastEightAreKept() {
        try (var open = predictor(monitor)) {
            for (int version = 2; version < 12; version++) {
                Plimsoll.function(new ModelId("weather", "" + version), (double[] row) -> 0.0)
                        .features(WEATHER)
                        .with(monitor)
                        .build()
                        .close();
            }

            assertThat(monitor.reports(WEATHER_1)).isEmpty();
            assertThat(monitor.reports(new ModelId("weather", "11"))).isEmpty();
            assertThatIllegalArgumentException().isThrownBy(() -> monitor.reports(new ModelId("weather", "2")));
        }
    }

    @Test
    void gaugesShowTheLastWindow() {
        var registry = new SimpleMeterRegistry();
        try (var predictor = Plimsoll.use(FakeModel.ofRows("weather", 2, row -> row[0]))
                .as(WEATHER, Output.number())
                .with(monitor)
                .with(PredictionMetrics.to(registry))
                .time(clock)
                .build()) {
            var score = registry.get("ml.drift.score")
                    .tags("feature", "temperature")
                    .gauge();
            var state = registry.get("ml.drift.state")
                    .tags("feature", "temperature")
                    .gauge();
            assertThat(score.value()).isNaN();
            assertThat(state.value()).isNaN();

            predict(predictor, 100, celsius -> celsius + 100);
            clock.advance(HOUR);
            monitor.look();

            assertThat(score.value()).isGreaterThan(10);
            assertThat(state.value()).isEqualTo(2);
            assertThat(registry.get("ml.drift.missing")
                            .tags("feature", "humidity")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(registry.get("ml.drift.alarms").functionCounter().count())
                    .isEqualTo(1);
        }
    }

    // ---- mistakes -----------------------------------------------------------------------------------------------

    @Test
    void aPredictorThatDoesNotFitIsNotBuilt() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Plimsoll.function(WEATHER_1, (String s) -> s)
                        .with(monitor)
                        .build())
                .withMessageContaining("reads no features");
        assertThatIllegalStateException()
                .isThrownBy(() -> predictor(DriftMonitor.falseAlarms(1).per(Duration.ofDays(90))))
                .withMessage(
                        "DriftMonitor: no baseline for weather:1 (expected: a part 'baseline' of the model's package,"
                                + " or one handed in)");
        assertThatIllegalStateException()
                .isThrownBy(() -> predictor(monitor.timeFrom("at")))
                .withMessageContaining("no timestamp 'at'");
        Schema<double[]> wrong = Schema.ofDoubles(Feature.integer("temperature"), Feature.number("pressure"));
        assertThatIllegalStateException()
                .isThrownBy(() -> Plimsoll.use(FakeModel.ofRows("weather", 2, row -> 0))
                        .as(wrong, Output.number())
                        .with(monitor)
                        .build())
                .withMessage("DriftMonitor: the baseline does not fit: features: 'temperature' is INTEGER (expected:"
                        + " NUMBER); no feature 'humidity'");
    }

    @Test
    void configurationsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DriftMonitor.falseAlarms(0).per(Duration.ofDays(1)))
                .withMessageContaining("0 false alarms in PT24H, windows of PT1H")
                .withMessageContaining("expected: more than none and less than one in ten windows");
        assertThatIllegalArgumentException().isThrownBy(() -> monitor.window(Duration.ofDays(9)));
        assertThatIllegalArgumentException().isThrownBy(() -> monitor.window(Duration.ofNanos(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> monitor.grace(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> monitor.windowRows(19));
        assertThatIllegalArgumentException().isThrownBy(() -> monitor.season(Instant.EPOCH, Instant.EPOCH));
        assertThatIllegalStateException()
                .isThrownBy(() -> monitor.windowRows(100))
                .withMessageContaining("expected: a budget perWindows");
        assertThat(monitor.toString())
                .isEqualTo("drift monitor: 1 false alarm in PT2160H, windows of PT1H, compared when asked, against "
                        + BASELINE);
    }
}
