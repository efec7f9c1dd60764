package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionMetricsTest {

    private static final Schema<Map<String, ?>> SCHEMA =
            Schema.ofMap(Feature.number("age"), Feature.tensor("embedding", 2));

    private final MeterRegistry registry = new SimpleMeterRegistry();

    /** Plays the part of caches, fallbacks and guards. */
    private record Stub(Consumer<Call<String, Integer>> action) implements Interceptor<String, Integer> {

        @Override
        public Stage.Position position() {
            return Stage.CACHE.before();
        }

        @Override
        public void intercept(CallBatch<String, Integer> calls, Next<String, Integer> next) {
            calls.forEach(action);
            next.proceed(calls);
        }

        @Override
        public String summary() {
            return "stub";
        }
    }

    /** A failure with a reason of its own. */
    private static final class Refused extends PredictionException {
        private static final long serialVersionUID = 1L;
        private final String reason;

        Refused(String reason) {
            super(reason, null);
            this.reason = reason;
        }

        @Override
        public String reason() {
            return reason;
        }
    }

    private Predictor<String, Integer> predictor(MeterRegistry to) {
        return Plimsoll.<String, Integer>function(new ModelId("credit", "2"), Integer::valueOf)
                .with(PredictionMetrics.to(to))
                .with(new Stub(call -> {
                    if (call.input().equals("cached")) {
                        call.answer(1, Prediction.Source.CACHE);
                    } else if (call.input().equals("fallback")) {
                        call.answer(0, Prediction.Source.FALLBACK);
                    } else if (call.input().equals("-1")) {
                        call.warn(new Violation("range", "amount", "-1", ">= 0", Violation.Severity.WARNING));
                    } else if (call.input().startsWith("refused")) {
                        call.fail(new Refused(call.input()));
                    }
                }))
                .build();
    }

    private long count(String outcome, String source) {
        return registry.get("ml.predict")
                .tags("ml.model", "credit", "ml.model.version", "2", "ml.engine", "Java")
                .tags("outcome", outcome, "source", source)
                .timer()
                .count();
    }

    @Test
    void everyInputIsCountedUnderItsOutcomeAndSource() {
        try (var predictor = predictor(registry)) {
            predictor.predict("12");
            predictor.predict("cached");
            predictor.predict("cached");
            predictor.predict("fallback");
            predictor.predictEach(List.of("1", "2", "refused"));
            assertThatThrownBy(() -> predictor.predict("no number")).isInstanceOf(PredictionException.class);
        }

        assertThat(count("success", "model")).isEqualTo(3);
        assertThat(count("success", "cache")).isEqualTo(2);
        assertThat(count("success", "fallback")).isEqualTo(1);
        assertThat(count("refused", "none")).isEqualTo(1);
        assertThat(count("error", "none")).isEqualTo(1);
    }

    @Test
    void theExpectedSeriesAreThereBeforeTheFirstCall() {
        try (var predictor = predictor(registry)) {
            assertThat(predictor.describe()).contains("MeterListener");
        }

        for (String outcome : List.of("invalid", "output", "error")) {
            assertThat(count(outcome, "none")).isZero();
        }
        for (String source : List.of("model", "cache", "coalesced", "hedge", "fallback")) {
            assertThat(count("success", source)).isZero();
        }
        assertThat(registry.find("ml.predict").timers()).hasSize(8);
    }

    @Test
    void reasonsWithoutEndAreCountedTogether() {
        try (var predictor = predictor(registry)) {
            for (int i = 0; i < 100; i++) {
                String input = "refused-" + i;
                assertThatThrownBy(() -> predictor.predict(input)).isInstanceOf(Refused.class);
            }
        }

        assertThat(count("other", "none")).isEqualTo(100 - (MeterListener.MAX_REASONS - 3));
        assertThat(count("refused-0", "none")).isEqualTo(1);
        assertThat(registry.find("ml.predict").timers()).hasSize(5 + MeterListener.MAX_REASONS + 1);
    }

    @Test
    void violationsAreCountedByRuleAndFeature() {
        FakeModel model = FakeModel.ofRows("credit", 1, row -> 0);
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.number("age"));
        try (var predictor = Plimsoll.use(model)
                .as(schema, Output.number())
                .with(PredictionMetrics.to(registry))
                .build()) {
            for (Map<String, ?> input :
                    List.<Map<String, ?>>of(Map.of("age", "x"), Map.of("age", 1, "surplus", 2), Map.of())) {
                assertThatThrownBy(() -> predictor.predict(input)).isInstanceOf(PredictionException.class);
            }
        }

        assertThat(violations("type", "age")).isEqualTo(1);
        assertThat(violations("unexpected", "other")).isEqualTo(1);
        assertThat(violations("missing", "age")).isEqualTo(1);
    }

    private double violations(String code, String feature) {
        return registry.get("ml.input.violations")
                .tags("ml.model", "credit", "code", code, "feature", feature)
                .counter()
                .count();
    }

    @Test
    void warningsAreCountedAsWell() {
        try (var predictor = predictor(registry)) {
            assertThat(predictor.predict("-1")).isEqualTo(-1);
        }

        assertThat(violations("range", "other")).isEqualTo(1);
        assertThat(count("success", "model")).isEqualTo(1);
    }

    @Test
    void violationsStayBounded() {
        List<Feature> features = Collections.nCopies(1, Feature.number("age"));
        var counters = new ViolationCounters(registry, new ModelId("credit", "2"), features);
        for (int i = 0; i < 200; i++) {
            counters.count(new Violation("code-" + i, "age", "", "", Violation.Severity.ERROR));
        }
        assertThat(violations("other", "age")).isEqualTo(200 - ViolationCounters.MAX_CODES);
        assertThat(registry.getMeters()).hasSize(ViolationCounters.MAX_CODES + 1);
    }

    @Test
    void veryManyFeaturesStayBounded() {
        List<Feature> features =
                IntStream.range(0, 3_000).mapToObj(i -> Feature.number("f" + i)).toList();
        var counters = new ViolationCounters(registry, new ModelId("credit", "2"), features);
        for (int round = 0; round < 2; round++) {
            for (Feature feature : features) {
                counters.count(new Violation("range", feature.name(), "", "", Violation.Severity.WARNING));
            }
        }

        assertThat(registry.getMeters()).hasSize(ViolationCounters.MAX_SERIES + 1);
        assertThat(violations("range", "f0")).isEqualTo(2);
        assertThat(violations("range", "other")).isEqualTo(2 * (3_000 - ViolationCounters.MAX_SERIES));
    }

    @Test
    void anElementOfATensorBelongsToItsFeature() {
        var counters = new ViolationCounters(registry, new ModelId("credit", "2"), SCHEMA.features());
        for (String path : List.of("embedding", "embedding[3]", "embedding[3", "[3]", "age[0]", "")) {
            counters.count(new Violation("type", path, "", "", Violation.Severity.ERROR));
        }

        assertThat(violations("type", "embedding")).isEqualTo(2);
        assertThat(violations("type", "age")).isEqualTo(1);
        assertThat(violations("type", "other")).isEqualTo(3);
    }

    @Test
    void twoPredictorsOfOneModelShareTheirMeters() {
        try (var one = predictor(registry);
                var other = predictor(registry)) {
            one.predict("1");
            other.predict("1");
        }

        assertThat(count("success", "model")).isEqualTo(2);
    }

    // ---- the documented table and what is really emitted ----------------------------------------------------------

    @Test
    void theGuideHasTheTableOfTheMetersAndTags() throws IOException {
        String guide = Files.readString(Path.of("../docs/guide/metrics.md"));

        assertThat(guide)
                .contains(table(
                        "| name | type | unit | what | tags |\n|---|---|---|---|---|\n", PredictionMeter.values()));
        assertThat(guide)
                .contains("| tag | values |\n|---|---|\n"
                        + Arrays.stream(PredictionMeter.Tag.values())
                                .map(tag -> "| `" + tag.key() + "` | " + tag.meaning() + " |")
                                .collect(Collectors.joining("\n")));
    }

    private static String table(String head, Object[] rows) {
        return head + Arrays.stream(rows).map(Object::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void whatIsEmittedIsWhatIsDocumented() {
        emitEverything(registry, this::checkThatAllIsAsDocumented);
    }

    private void checkThatAllIsAsDocumented() {
        for (PredictionMeter documented : PredictionMeter.values()) {
            List<Meter> emitted = registry.getMeters().stream()
                    .filter(meter -> meter.getId().getName().equals(documented.meterName()))
                    .toList();
            assertThat(emitted).as(documented.name()).isNotEmpty();
            for (Meter meter : emitted) {
                assertThat(meter.getId().getTags().stream().map(Tag::getKey))
                        .containsExactlyInAnyOrderElementsOf(documented.tags().stream()
                                .map(PredictionMeter.Tag::key)
                                .toList());
                assertThat(meter.getId().getTags().stream().map(Tag::getValue)).noneMatch(String::isBlank);
                assertThat(meter.getId().getType().name().toLowerCase(Locale.ROOT))
                        .isEqualTo(documented.type().toString());
                assertThat(meter.getId().getDescription()).isEqualTo(documented.description());
                assertThat(meter.getId().getBaseUnit())
                        .isEqualTo(documented.unit().isEmpty() ? null : documented.unit());
            }
        }
        assertThat(registry.getMeters().stream()
                        .map(meter -> meter.getId().getName())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(PredictionMeter.values())
                        .map(PredictionMeter::meterName)
                        .toList());
    }

    @Test
    void prometheusCanScrapeIt() {
        var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        StringBuilder text = new StringBuilder();
        emitEverything(prometheus, () -> text.append(prometheus.scrape()));

        assertThat(text.toString())
                .contains(
                        "ml_predict_seconds_count{ml_engine=\"Fake\",ml_model=\"credit\",ml_model_version=\"1\",outcome=\"success\","
                                + "source=\"model\"} 1",
                        "ml_input_violations_total{code=\"type\",feature=\"age\",ml_model=\"credit\",ml_model_version=\"1\"} 1.0",
                        "ml_predict_inference_seconds_count{ml_engine=\"Fake\",ml_model=\"credit\",ml_model_version=\"1\"} 1",
                        "ml_model_executions_total{ml_model=\"credit\",ml_model_version=\"1\",size=\"1\"} 1.0",
                        "ml_cache_lookups_total{ml_model=\"credit\",ml_model_version=\"1\",result=\"some\"} 7.0",
                        "ml_ready{ml_model=\"credit\",ml_model_version=\"1\"} 7.0",
                        "ml_drift_score{feature=\"age\",ml_model=\"credit\",ml_model_version=\"1\"} ");
    }

    /** Has every meter emitted, and looks at them before the predictor is closed and its gauges are gone. */
    private static void emitEverything(MeterRegistry to, Runnable read) {
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.number("age"));
        var row = schema.read(Map.of("age", 1));
        var baseline = Baseline.builder(schema.features()).windowRows(50);
        Collections.nCopies(100, row).forEach(same -> baseline.add(same, 0, Double.NaN));
        var drift = DriftMonitor.against(baseline.build());
        try (var predictor = Plimsoll.use(FakeModel.ofRows("credit", 1, values -> 0))
                .as(schema, Output.number())
                .with(PredictionMetrics.to(to))
                .with(drift)
                .with(PredictionMetricsTest::offerWhatStagesMeasure)
                .build()) {
            predictor.predict(Map.of("age", 1));
            assertThatThrownBy(() -> predictor.predict(Map.of("age", "x"))).isInstanceOf(PredictionException.class);
            drift.look();
            read.run();
        }
    }

    /** Plays the part of every capability that keeps numbers: offers each meter that is read, with some tags. */
    private static void offerWhatStagesMeasure(Assembly<?, ?> assembly) {
        Set<PredictionMeter> measuredByOthers = EnumSet.of(
                PredictionMeter.ACTIVE,
                PredictionMeter.EXECUTIONS,
                PredictionMeter.ROWS,
                PredictionMeter.LISTENER_FAILURES,
                PredictionMeter.INPUT_VIOLATIONS,
                PredictionMeter.DRIFT_SCORE,
                PredictionMeter.DRIFT_STATE,
                PredictionMeter.DRIFT_MISSING,
                PredictionMeter.DRIFT_ALARMS,
                PredictionMeter.DRIFT_ROWS);
        for (PredictionMeter meter : PredictionMeter.values()) {
            if (meter.type() != PredictionMeter.Type.TIMER && !measuredByOthers.contains(meter)) {
                assembly.measure(new Measurement(
                        meter,
                        meter.tags().stream()
                                .filter(tag -> tag != PredictionMeter.Tag.MODEL && tag != PredictionMeter.Tag.VERSION)
                                .collect(Collectors.toMap(tag -> tag, tag -> "some")),
                        () -> 7));
            }
        }
    }
}
