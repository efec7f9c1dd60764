package io.github.plimsoll.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.serving.Caching;
import io.github.plimsoll.serving.Coalescing;
import io.github.plimsoll.serving.Readiness;
import io.github.plimsoll.serving.WarmUp;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The documented meters are those that a predictor with every capability on really emits, no more and no fewer. */
class EveryMeterTest {

    /** Of capabilities that this test does not turn on. */
    private static final Set<PredictionMeter> NOT_HERE = EnumSet.of(
            PredictionMeter.SHED,
            PredictionMeter.LIMIT,
            PredictionMeter.LIMIT_ACTIVE,
            PredictionMeter.WAITING,
            PredictionMeter.BREAKER_STATE,
            PredictionMeter.BREAKER_TRANSITIONS,
            PredictionMeter.RETRIES,
            PredictionMeter.HEDGES,
            PredictionMeter.OVERRUNS);

    @Test
    void whatIsDocumentedIsEmittedWithEverythingOn() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.number("age"));
        var row = schema.read(Map.of("age", 1));
        Map<String, ?> sample = Map.of("age", 41);
        try (Predictor<Map<String, ?>, Double> predictor = Plimsoll.use(FakeModel.ofRows("credit", 1, x -> x[0]))
                .as(schema, Output.number())
                .with(PredictionMetrics.to(registry))
                .with(DriftMonitor.against(Baseline.of(schema.features(), Collections.nCopies(100, row)))
                        .metrics(registry))
                .with(Caching.entries(10)
                        .expireAfterWrite(Duration.ofMinutes(10))
                        .refreshAhead(Duration.ofMinutes(8), Runnable::run)
                        .staleIfError(Duration.ofHours(1)))
                .with(Coalescing.ofEqualInputs())
                .with(WarmUp.of(List.of(sample)))
                .with(Readiness.of("credit"))
                .build()) {
            predictor.predictAll(List.of(sample, sample));
            predictor.predict(sample);
            assertThatThrownBy(() -> predictor.predict(Map.of("age", "x"))).isInstanceOf(InvalidInputException.class);

            EnumSet<PredictionMeter> expected = EnumSet.complementOf(EnumSet.copyOf(NOT_HERE));
            assertThat(registry.getMeters().stream()
                            .map(meter -> meter.getId().getName())
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(PredictionMeter::meterName).toList());
            assertThat(registry.scrape())
                    .contains(
                            "ml_cache_lookups_total{ml_model=\"credit\",ml_model_version=\"1\",result=\"hit\"} 1.0",
                            "ml_coalesced_calls_total{ml_model=\"credit\",ml_model_version=\"1\"} 1.0",
                            "ml_model_rows_total{ml_model=\"credit\",ml_model_version=\"1\"} 1.0",
                            "ml_ready{ml_model=\"credit\",ml_model_version=\"1\"} 1.0");
        }
    }
}
