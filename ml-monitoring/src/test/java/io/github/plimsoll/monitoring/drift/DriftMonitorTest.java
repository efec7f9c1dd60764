package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftMonitorTest {

    private static final Schema<double[]> WEATHER =
            Schema.ofDoubles(Feature.number("temperature"), Feature.number("humidity"));
    private static final Baseline BASELINE = Baseline.of(WEATHER.features(), rows(1, 2_000));

    private final DriftMonitor monitor = DriftMonitor.against(BASELINE);

    @Test
    void fahrenheitInsteadOfCelsiusIsFoundAndNamed() {
        try (var predictor = predictor(monitor)) {
            predictAll(predictor, 2, 50, celsius -> celsius * 9 / 5 + 32);
        }

        DriftReport report = monitor.look();

        assertThat(report.verdict()).isInstanceOf(DriftVerdict.Drifted.class);
        assertThat(report.feature("temperature").isDrifted()).isTrue();
        assertThat(report.feature("temperature").psi()).isGreaterThan(0.25);
        assertThat(report.feature("temperature").shifts().get(0).toString())
                .matches("temperature > 2\\d(\\.\\d+)?: 3(\\.\\d+)? % -> \\d+ % .*");
        assertThat(report.feature("humidity").isDrifted()).isFalse();
    }

    @Test
    void fahrenheitInsteadOfCelsiusIsFoundWithin200RowsOfAQuietThousand() {
        try (var predictor = predictor(monitor)) {
            predictAll(predictor, 3, 1_000, DoubleUnaryOperator.identity());
            assertThat(monitor.look().verdict()).isInstanceOf(DriftVerdict.Stable.class);

            predictAll(predictor, 4, 200, celsius -> celsius * 9 / 5 + 32);
            assertThat(monitor.look().verdict()).isInstanceOf(DriftVerdict.Drifted.class);
        }
    }

    @Test
    void halfAStandardDeviationIsFoundWithin400Rows() {
        try (var predictor = predictor(monitor)) {
            predictAll(predictor, 5, 400, celsius -> celsius + 3);
        }

        assertThat(monitor.look().feature("temperature").isDrifted()).isTrue();
    }

    @Test
    void fewRowsWithoutDriftAreNotCalledStable() {
        assertThat(monitor.look().verdict()).isEqualTo(new DriftVerdict.NotEnoughData(0, 100));

        try (var predictor = predictor(monitor)) {
            predictAll(predictor, 6, 99, DoubleUnaryOperator.identity());
        }

        assertThat(monitor.look().verdict()).isEqualTo(new DriftVerdict.NotEnoughData(99, 100));
        assertThat(monitor.look().toString())
                .startsWith("99 rows: not enough data (expected: >= 100 rows)\n  temperature: stable, score ");
    }

    @Test
    void aHundredRowsSuffice() {
        try (var predictor = predictor(monitor)) {
            predictAll(predictor, 6, 100, DoubleUnaryOperator.identity());
        }

        assertThat(monitor.look().verdict()).isEqualTo(new DriftVerdict.Stable());
    }

    @Test
    void callsThatFailCountAsWell() {
        FakeModel failing = FakeModel.ofRows("weather", 2, row -> {
            throw new IllegalStateException("no");
        });
        try (var predictor =
                Plimsoll.use(failing).as(WEATHER, Output.number()).with(monitor).build()) {
            assertThatThrownBy(() -> predictor.predict(new double[] {1, 2}))
                    .isInstanceOf(ModelExecutionException.class);
            assertThatThrownBy(() -> predictor.predict(new double[] {1})).hasMessageContaining("1 elements");
        }

        assertThat(monitor.look().rows()).isEqualTo(2);
        assertThat(monitor.profile().feature("humidity").toString()).contains("1 cannot be read");
    }

    @Test
    void predictorsWithTheFeaturesInAnotherOrderShareAMonitor() {
        Schema<double[]> turned =
                Schema.ofDoubles(Feature.number("humidity"), Feature.number("other"), Feature.number("temperature"));
        try (var one = predictor(monitor);
                var other = Plimsoll.use(FakeModel.ofRows("weather", 3, row -> 0))
                        .as(turned, Output.number())
                        .with(monitor)
                        .build()) {
            assertThatThrownBy(() -> one.predict(new double[] {Double.NaN, 50}))
                    .isInstanceOf(ModelOutputException.class);
            other.predict(new double[] {60, 1, Double.NaN});
        }

        assertThat(monitor.look().rows()).isEqualTo(2);
        assertThat(monitor.profile().feature("temperature").toString()).isEqualTo("temperature: 2 is NaN");
    }

    @Test
    void aPredictorThatDoesNotFitIsNotBuilt() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Plimsoll.function(new ModelId("rule", "1"), (String s) -> s)
                        .with(monitor)
                        .build())
                .withMessageContaining("no schema");
        Schema<double[]> wrong = Schema.ofDoubles(Feature.integer("temperature"), Feature.number("pressure"));
        assertThatIllegalStateException()
                .isThrownBy(() -> Plimsoll.use(FakeModel.ofRows("weather", 2, row -> 0))
                        .as(wrong, Output.number())
                        .with(monitor)
                        .build())
                .withMessage(
                        "the baseline does not fit: 'temperature' is INTEGER (expected: NUMBER); no feature 'humidity'");
    }

    @Test
    void gaugesShowTheLastLook() {
        var registry = new SimpleMeterRegistry();
        DriftMonitor gauged = monitor.metrics(registry);
        try (var predictor = predictor(gauged)) {
            var gauge = registry.get("ml.drift.score")
                    .tags("ml.model", "weather", "ml.model.version", "1", "feature", "temperature")
                    .gauge();
            assertThat(gauge.value()).isNaN();

            predictAll(predictor, 7, 100, celsius -> celsius + 100);
            assertThat(gauge.value()).isNaN();

            DriftReport report = gauged.look();
            assertThat(gauge.value())
                    .isEqualTo(report.feature("temperature").score())
                    .isGreaterThan(10);
        }
    }

    @Test
    void aResetBeginsANewWindowAndGivesTheOldOne() {
        try (var predictor = predictor(monitor)) {
            predictAll(predictor, 8, 150, celsius -> celsius + 100);

            var ended = monitor.reset();

            assertThat(ended.rows()).isEqualTo(150);
            assertThat(monitor.look().rows()).isZero();
            assertThat(monitor.look(ended).verdict()).isInstanceOf(DriftVerdict.Drifted.class);
        }
    }

    @Test
    void aCopyHasAWindowOfItsOwn() {
        DriftMonitor copy = monitor.falseAlarmProbability(0.01);
        try (var predictor = predictor(copy)) {
            predictAll(predictor, 9, 10, DoubleUnaryOperator.identity());
        }

        assertThat(copy.look().rows()).isEqualTo(10);
        assertThat(monitor.look().rows()).isZero();
        assertThat(copy.look().feature("humidity").threshold()).isEqualTo(Math.log10(2 / 0.01));
    }

    @Test
    void argumentsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.falseAlarmProbability(0))
                .withMessage("false-alarm probability: 0.0 (expected: above 0 and below 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> monitor.falseAlarmProbability(Double.NaN));
        var others = Baseline.of(WEATHER.features(), rows(99, 100)).recorder().snapshot();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.look(others))
                .withMessageContaining("baseline of 100 rows");
    }

    private static Predictor<double[], Double> predictor(DriftMonitor monitor) {
        return Plimsoll.use(FakeModel.ofRows("weather", 2, row -> row[0]))
                .as(WEATHER, Output.number())
                .with(monitor)
                .build();
    }

    private static void predictAll(
            Predictor<double[], Double> predictor, long seed, int rows, DoubleUnaryOperator temperature) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < rows; i++) {
            double[] row = draw(random);
            row[0] = temperature.applyAsDouble(row[0]);
            predictor.predict(row);
        }
    }

    private static List<FeatureRow> rows(long seed, int number) {
        var random = new SplittableRandom(seed);
        return IntStream.range(0, number)
                .mapToObj(i -> WEATHER.read(draw(random)))
                .toList();
    }

    /** 12 °C with a standard deviation of 6, and any humidity. */
    private static double[] draw(SplittableRandom random) {
        return new double[] {12 + 6 * NormalScores.of(random.nextDouble(1e-12, 1)), random.nextDouble(0, 100)};
    }
}
