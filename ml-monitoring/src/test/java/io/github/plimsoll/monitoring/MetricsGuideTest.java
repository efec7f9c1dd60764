package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.schema.Output;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/metrics.md. */
class MetricsGuideTest {

    record Ride(double temperature, int hour) {}

    private final PrometheusMeterRegistry meterRegistry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FakeModel model = FakeModel.ofRows("bike", 2, row -> 2 * row[0]);

    @Test
    void theGuideShowsThisCode() throws IOException {
        GuideSnippets.assertThatAllAreIn("metrics.md", MetricsGuideTest.class);
    }

    @Test
    void measure() {
        try (var demand = Plimsoll.use(model)
                .as(Ride.class, Output.number())
                .with(PredictionMetrics.to(meterRegistry))
                .build()) {
            demand.predict(new Ride(21.5, 8));
        }

        assertThat(meterRegistry.scrape()).contains("outcome=\"success\",source=\"model\"} 1");
    }

    @Test
    void objectives() {
        try (var demand = Plimsoll.use(model)
                .as(Ride.class, Output.number())
                .with(PredictionMetrics.to(meterRegistry).objectives(Duration.ofMillis(10), Duration.ofMillis(50)))
                .build()) {
            demand.predict(new Ride(21.5, 8));
        }

        assertThat(meterRegistry.scrape()).contains("le=\"0.01\"");
    }

    @Test
    void traces() {
        var observationRegistry = ObservationRegistry.create();
        observationRegistry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meterRegistry));

        var demand = Plimsoll.use(model)
                .as(Ride.class, Output.number())
                .with(PredictionObservation.to(observationRegistry))
                .build();

        demand.predict(new Ride(21.5, 8));
        assertThat(meterRegistry.get("ml.call").timer().count()).isEqualTo(1);
    }

    @Test
    void percentiles() {
        meterRegistry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(PredictionMeter.PREDICT.meterName())
                        ? DistributionStatisticConfig.builder()
                                .percentilesHistogram(true)
                                .build()
                                .merge(config)
                        : config;
            }
        });
        measure();

        assertThat(meterRegistry.scrape()).contains("ml_predict_seconds_bucket{");
    }

    @Test
    void forgetAVersion() {
        measure();

        removeVersion(meterRegistry, "1");

        assertThat(meterRegistry.scrape()).doesNotContain("ml_predict");
    }

    static void removeVersion(MeterRegistry registry, String version) {
        registry.getMeters().stream()
                .filter(meter -> version.equals(meter.getId().getTag(PredictionMeter.Tag.VERSION.key())))
                .forEach(registry::remove);
    }
}
