package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Shows the scores of the last look. Apart from the monitor, so that the monitor can be loaded without Micrometer. */
final class DriftGauges {

    private final MeterRegistry registry;
    private final Baseline baseline;
    private volatile @Nullable DriftReport last;

    DriftGauges(MeterRegistry registry, Baseline baseline) {
        this.registry = registry;
        this.baseline = baseline;
    }

    /** Gauges of the same registry that have been shown nothing. */
    DriftGauges anew() {
        return new DriftGauges(registry, baseline);
    }

    void register(ModelId model) {
        for (int i = 0; i < baseline.features().size(); i++) {
            int feature = i;
            Gauge.builder(PredictionMeter.DRIFT_SCORE.meterName(), this, gauges -> gauges.score(feature))
                    .description(PredictionMeter.DRIFT_SCORE.description())
                    .tag(PredictionMeter.Tag.MODEL.key(), model.name())
                    .tag(PredictionMeter.Tag.VERSION.key(), model.version())
                    .tag(
                            PredictionMeter.Tag.FEATURE.key(),
                            baseline.features().get(i).name())
                    .register(registry);
        }
    }

    void show(DriftReport report) {
        last = report;
    }

    private double score(int feature) {
        DriftReport report = last;
        return report == null ? Double.NaN : report.features().get(feature).score();
    }
}
