package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Violation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A counter for each combination of rule and feature that occurs, within bounds. Thread-safe. */
final class ViolationCounters {

    static final int MAX_CODES = 64;
    static final int MAX_SERIES = 1024;

    private final MeterRegistry registry;
    private final ModelId model;
    private final List<Feature> features;
    private final Map<String, Integer> featureNumbers = new HashMap<>();
    private final BoundedWords codes = new BoundedWords(MAX_CODES);
    private final AtomicReferenceArray<AtomicReferenceArray<Counter>> counters =
            new AtomicReferenceArray<>(MAX_CODES + 1);
    private final AtomicInteger series = new AtomicInteger();

    ViolationCounters(MeterRegistry registry, ModelId model, List<Feature> features) {
        this.registry = registry;
        this.model = model;
        this.features = features;
        for (Feature feature : features) {
            featureNumbers.put(feature.name(), featureNumbers.size());
        }
    }

    void count(Violation violation) {
        counter(violation.code(), featureOf(violation.path())).increment();
    }

    /** The number of the feature that a path such as {@code age} or {@code embedding[3]} is in, else one past the last. */
    private int featureOf(String path) {
        Integer number = featureNumbers.get(path);
        if (number == null && path.endsWith("]")) {
            number = featureNumbers.get(path.substring(0, Math.max(0, path.lastIndexOf('['))));
        }
        return number == null ? features.size() : number;
    }

    private Counter counter(String code, int feature) {
        int number = codes.numberOf(code);
        AtomicReferenceArray<Counter> ofCode = counters.get(number);
        if (ofCode == null) {
            AtomicReferenceArray<Counter> fresh = new AtomicReferenceArray<>(features.size() + 1);
            ofCode = counters.compareAndSet(number, null, fresh) ? fresh : counters.get(number);
        }
        Counter counter = ofCode.get(feature);
        if (counter != null) {
            return counter;
        }
        if (feature < features.size() && series.getAndIncrement() >= MAX_SERIES) {
            series.set(MAX_SERIES); // so that it cannot wrap around
            return counter(code, features.size());
        }
        counter = register(
                number == MAX_CODES ? PredictionMeter.OTHER : code,
                feature == features.size()
                        ? PredictionMeter.OTHER
                        : features.get(feature).name());
        ofCode.set(feature, counter); // threads may race here: the registry gives all of them the same counter
        return counter;
    }

    private Counter register(String code, String feature) {
        return Counter.builder(PredictionMeter.INPUT_VIOLATIONS.meterName())
                .description(PredictionMeter.INPUT_VIOLATIONS.description())
                .baseUnit(PredictionMeter.INPUT_VIOLATIONS.unit())
                .tag(PredictionMeter.Tag.MODEL.key(), model.name())
                .tag(PredictionMeter.Tag.VERSION.key(), model.version())
                .tag(PredictionMeter.Tag.CODE.key(), code)
                .tag(PredictionMeter.Tag.FEATURE.key(), feature)
                .register(registry);
    }
}
