package io.github.plimsoll.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.monitoring.alert.Alerting;
import io.github.plimsoll.monitoring.alert.RetrainingTrigger;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.serving.Batching;
import io.github.plimsoll.serving.Caching;
import io.github.plimsoll.serving.CircuitBreaker;
import io.github.plimsoll.serving.Coalescing;
import io.github.plimsoll.serving.ConcurrencyLimit;
import io.github.plimsoll.serving.Fallback;
import io.github.plimsoll.serving.Hedging;
import io.github.plimsoll.serving.RateLimit;
import io.github.plimsoll.serving.Readiness;
import io.github.plimsoll.serving.Retry;
import io.github.plimsoll.serving.SharedBudget;
import io.github.plimsoll.serving.Timeout;
import io.github.plimsoll.serving.WarmUp;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The documented meters are those that a predictor with every capability on really emits, no more and no fewer. */
class EveryMeterTest {

    @Test
    void whatIsDocumentedIsEmittedWithEverythingOn() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.number("age"));
        var row = schema.read(Map.of("age", 1));
        Map<String, ?> sample = Map.of("age", 41);
        var baseline = Baseline.builder(schema.features()).windowRows(50);
        Collections.nCopies(100, row).forEach(same -> baseline.add(same, 0, Double.NaN));
        ExecutorService executor = Executors.newCachedThreadPool();
        FakeModel model = FakeModel.ofRows("credit", 1, x -> x[0]);
        ModelId id = model.description().id();
        Alerting alerting = Alerting.on(executor).sink("none", alert -> {}).build();
        RetrainingTrigger retraining = RetrainingTrigger.of(id, executor, request -> {})
                .onAlerts(3, Duration.ofDays(7))
                .build();
        try (Predictor<Map<String, ?>, Double> predictor = Plimsoll.use(model)
                .as(schema, Output.number())
                .with(PredictionMetrics.to(registry))
                .with(DriftMonitor.against(baseline.build()))
                .with(alerting)
                .with(retraining)
                .with(Caching.entries(10)
                        .expireAfterWrite(Duration.ofMinutes(10))
                        .refreshAhead(Duration.ofMinutes(8), Runnable::run)
                        .staleIfError(Duration.ofHours(1)))
                .with(Coalescing.ofEqualInputs())
                .with(Fallback.<Double>to(0.5))
                .with(Timeout.of(Duration.ofSeconds(10)))
                .with(Hedging.<Map<String, ?>, Double>to(input -> 0.5, executor))
                .with(RateLimit.of(1_000, Duration.ofSeconds(1)))
                .with(ConcurrencyLimit.fixed(8).queue(4, Duration.ofSeconds(1)))
                .with(SharedBudget.permits(8))
                .with(CircuitBreaker.failureRate(0.5))
                .with(Retry.idempotentCalls(2))
                .with(Batching.rows(8))
                .with(WarmUp.of(List.of(sample)))
                .with(Readiness.of("credit"))
                .build()) {
            predictor.predictAll(List.of(sample, sample));
            predictor.predict(sample);
            assertThatThrownBy(() -> predictor.predict(Map.of("age", "x"))).isInstanceOf(InvalidInputException.class);

            assertThat(registry.getMeters().stream()
                            .map(meter -> meter.getId().getName())
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(PredictionMeter.values())
                            .map(PredictionMeter::meterName)
                            .toList());
            assertThat(registry.scrape())
                    .contains(
                            "ml_cache_lookups_total{ml_model=\"credit\",ml_model_version=\"1\",result=\"hit\"} 1.0",
                            "ml_coalesced_calls_total{ml_model=\"credit\",ml_model_version=\"1\"} 1.0",
                            "ml_model_rows_total{ml_model=\"credit\",ml_model_version=\"1\"} 1.0",
                            "ml_ready{ml_model=\"credit\",ml_model_version=\"1\"} 1.0");
        } finally {
            executor.shutdown();
        }
    }
}
