package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that predictors keep themselves, as meters of one registry. Thread-safe.
 *
 * <p>A registry takes the first meter of a name and tags and ignores the next, and reads functions of what may long be gone.
 * So what is registered is a {@link Sum}, which predictors of one model and version join when they are built and leave when
 * they are closed. Whoever measures a second predictor of the version must find the sums of the first, hence one object of
 * this class a registry, which lives as long as its meters do: their functions hold it, and nothing else does.
 */
final class PulledMeters {

    private static final Map<MeterRegistry, WeakReference<PulledMeters>> OF_REGISTRIES = new WeakHashMap<>();

    private record Key(ModelId model, PredictionMeter meter, Map<PredictionMeter.Tag, String> tags) {}

    private final MeterRegistry registry;
    private final Map<Key, Sum> sums = new HashMap<>();
    private final Map<ModelId, Integer> predictors = new HashMap<>(); // those that are not closed
    private final Deque<ModelId> retired = new ArrayDeque<>(); // versions without a predictor, longest closed first

    private PulledMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    static PulledMeters of(MeterRegistry registry) {
        synchronized (OF_REGISTRIES) {
            WeakReference<PulledMeters> known = OF_REGISTRIES.get(registry);
            PulledMeters meters = known == null ? null : known.get();
            if (meters == null) {
                meters = new PulledMeters(registry);
                OF_REGISTRIES.put(registry, new WeakReference<>(meters));
            }
            return meters;
        }
    }

    /** A predictor of a model that begins. */
    synchronized Feed open(ModelId model) {
        Set<Meter> registered = Collections.newSetFromMap(new IdentityHashMap<>());
        registered.addAll(registry.getMeters());
        sums.values().removeIf(sum -> !registered.contains(sum.meter)); // the host has removed it: it begins anew
        retired.remove(model);
        predictors.merge(model, 1, Integer::sum);
        return new Feed(model);
    }

    private synchronized Sum join(ModelId model, Measurement measurement) {
        Key key = new Key(model, measurement.meter(), measurement.tags());
        Sum sum = sums.get(key);
        if (sum == null) {
            sum = new Sum(key);
            sums.put(key, sum);
        }
        sum.join(measurement.value());
        if (sum.meter == null) {
            sum.meter = register(sum);
        }
        return sum;
    }

    // The functions hold the sum and this object, so that the registry does: what it is given as the state it holds
    // weakly.
    private Meter register(Sum sum) {
        PredictionMeter meter = sum.key.meter();
        Tags tags = Tags.empty();
        for (PredictionMeter.Tag tag : meter.tags()) {
            tags = tags.and(
                    tag.key(),
                    switch (tag) {
                        case MODEL -> sum.key.model().name();
                        case VERSION -> sum.key.model().version();
                        default -> Objects.requireNonNull(sum.key.tags().get(tag));
                    });
        }
        String unit = meter.unit().isEmpty() ? null : meter.unit();
        return meter.type() == PredictionMeter.Type.COUNTER
                ? FunctionCounter.builder(meter.meterName(), sum, unused -> shown(sum))
                        .description(meter.description())
                        .baseUnit(unit)
                        .tags(tags)
                        .register(registry)
                : Gauge.builder(meter.meterName(), sum, unused -> shown(sum))
                        .description(meter.description())
                        .baseUnit(unit)
                        .tags(tags)
                        .register(registry);
    }

    /** What a meter shows. Not static, or the functions would let go of this object, and the next predictor would not find it. */
    private double shown(Sum sum) {
        return sum.value();
    }

    private synchronized void leave(ModelId model, List<Part> joined, int versionsKept) {
        for (Part part : joined) {
            Sum sum = part.sum;
            if (sum.leave(part.value) && !sum.isCounter() && sum.meter != null) {
                registry.remove(sum.meter); // nothing is true of what is gone
                sums.remove(sum.key, sum);
            }
        }
        if (predictors.merge(model, -1, Integer::sum) > 0) {
            return;
        }
        predictors.remove(model);
        retired.add(model);
        while (retired.size() > versionsKept) {
            forget(retired.remove());
        }
    }

    private void forget(ModelId model) {
        sums.keySet().removeIf(key -> key.model().equals(model));
        for (Meter meter : registry.getMeters()) {
            if (model.name().equals(meter.getId().getTag(PredictionMeter.Tag.MODEL.key()))
                    && model.version().equals(meter.getId().getTag(PredictionMeter.Tag.VERSION.key()))) {
                registry.remove(meter);
            }
        }
    }

    private record Part(Sum sum, DoubleSupplier value) {}

    /** What one predictor feeds. */
    final class Feed {

        private final ModelId model;
        private final List<Part> joined = new ArrayList<>();

        private Feed(ModelId model) {
            this.model = model;
        }

        void add(Measurement measurement) {
            joined.add(new Part(join(model, measurement), measurement.value()));
        }

        /** Ends the feed, and forgets the meters of versions that were closed long ago but for a number of them. */
        void close(int versionsKept) {
            leave(model, joined, versionsKept);
            joined.clear();
        }
    }

    /**
     * One number, summed up over the predictors of a model version. A counter goes on where a closed predictor left it, and
     * never back.
     *
     * <p>Calls that are running when their predictor is closed still count: a closed predictor's counter is read until the
     * next one of the version is closed, and only then becomes a fixed number.
     */
    private static final class Sum {

        private final Key key;
        private final List<DoubleSupplier> open = new ArrayList<>();
        private @Nullable DoubleSupplier lastClosed;
        private double ended;
        private double highest;
        private @Nullable Meter meter; // guarded by the enclosing object, all else by this one

        private Sum(Key key) {
            this.key = key;
        }

        private boolean isCounter() {
            return key.meter().type() == PredictionMeter.Type.COUNTER;
        }

        private synchronized void join(DoubleSupplier value) {
            open.add(value);
        }

        /** Whether that was the last one. */
        private synchronized boolean leave(DoubleSupplier value) {
            open.removeIf(each -> each == value);
            if (isCounter()) {
                ended += lastClosed == null ? 0 : read(lastClosed, 0);
                lastClosed = value;
            }
            return open.isEmpty();
        }

        private synchronized double value() {
            double sum = 0;
            for (DoubleSupplier value : open) {
                sum += read(value, Double.NaN);
            }
            if (!isCounter()) {
                return sum;
            }
            sum += ended + (lastClosed == null ? 0 : read(lastClosed, Double.NaN));
            if (sum > highest) { // not where the sum is NaN either
                highest = sum;
            }
            return highest;
        }

        /** A host's own stage may offer what throws; that must not cost the host its other meters. */
        private static double read(DoubleSupplier value, double otherwise) {
            try {
                return value.getAsDouble();
            } catch (RuntimeException failure) {
                return otherwise;
            }
        }
    }
}
