package io.github.plimsoll.monitoring.alert;

import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** What was counted for one model. Thread-safe. */
final class ModelCounters {

    /** Why nothing was sent about an incident. */
    enum Suppression {
        /** It joined an alert that is open. */
        GROUPED,
        /** The same had just been over. */
        COOL_DOWN,
        /** Somebody has acknowledged the alert. */
        ACKNOWLEDGED
    }

    final AtomicInteger open = new AtomicInteger();
    boolean isOffered; // guarded by Alerting
    private final Map<String, SinkCounters> sinks = new LinkedHashMap<>();
    private final Map<Suppression, LongAdder> suppressed = new EnumMap<>(Suppression.class);

    ModelCounters(Collection<String> sinkNames) {
        sinkNames.forEach(name -> sinks.put(name, new SinkCounters()));
        for (Suppression reason : Suppression.values()) {
            suppressed.put(reason, new LongAdder());
        }
    }

    SinkCounters sink(String name) {
        return Objects.requireNonNull(sinks.get(name));
    }

    void suppressed(Suppression reason) {
        Objects.requireNonNull(suppressed.get(reason)).increment();
    }

    List<Measurement> measurements() {
        List<Measurement> all = new ArrayList<>();
        all.add(new Measurement(PredictionMeter.ALERTS_OPEN, Map.of(), open::get));
        suppressed.forEach((reason, count) -> all.add(new Measurement(
                PredictionMeter.ALERTS_SUPPRESSED,
                Map.of(Tag.REASON, reason.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                count::sum)));
        sinks.forEach((name, counters) -> {
            all.add(result(name, "sent", counters, c -> c.sent.sum()));
            all.add(result(name, "failed", counters, c -> c.failed.sum()));
            all.add(result(name, "dropped", counters, c -> c.dropped.sum()));
            all.add(new Measurement(PredictionMeter.ALERTS_WAITING, Map.of(Tag.SINK, name), counters::waiting));
        });
        return all;
    }

    private static Measurement result(
            String sink, String result, SinkCounters counters, ToDoubleFunction<SinkCounters> count) {
        return new Measurement(
                PredictionMeter.ALERTS,
                Map.of(Tag.SINK, sink, Tag.RESULT, result),
                () -> count.applyAsDouble(counters));
    }
}
