package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Violation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Feeds the meters of one predictor. */
final class MeterListener implements PredictionListener<Object, Object> {

    static final int MAX_REASONS = 16;

    /** Registered at once, so that the first failure is an increase and not a new series. */
    private static final String[] EXPECTED_REASONS = {"invalid", "output", "error"};

    private final MeterRegistry registry;
    private final ModelDescription model;
    private final Map<Prediction.Source, Timer> answered = new EnumMap<>(Prediction.Source.class);
    private final BoundedWords reasons = new BoundedWords(MAX_REASONS, EXPECTED_REASONS);
    private final AtomicReferenceArray<Timer> failed = new AtomicReferenceArray<>(MAX_REASONS + 1);
    private final ViolationCounters violations;
    private final Timer queue;
    private final Timer prepare;
    private final Timer inference;
    private final Duration[] objectives;

    MeterListener(MeterRegistry registry, ModelDescription model, List<Feature> features, Duration... objectives) {
        this.registry = registry;
        this.model = model;
        this.objectives = objectives;
        for (Prediction.Source source : Prediction.Source.values()) {
            answered.put(source, register("success", source.name().toLowerCase(Locale.ROOT)));
        }
        for (int i = 0; i < EXPECTED_REASONS.length; i++) {
            failed.set(i, register(EXPECTED_REASONS[i], "none"));
        }
        queue = timer(PredictionMeter.QUEUE).register(registry);
        prepare = timer(PredictionMeter.PREPARE).register(registry);
        inference = timer(PredictionMeter.INFERENCE).register(registry);
        violations = new ViolationCounters(registry, model.id(), features);
    }

    private Timer.Builder timer(PredictionMeter meter) {
        return Timer.builder(meter.meterName())
                .description(meter.description())
                .tag(PredictionMeter.Tag.MODEL.key(), model.id().name())
                .tag(PredictionMeter.Tag.VERSION.key(), model.id().version())
                .tag(PredictionMeter.Tag.ENGINE.key(), model.engine());
    }

    private Timer register(String outcome, String source) {
        return timer(PredictionMeter.PREDICT)
                .tag(PredictionMeter.Tag.OUTCOME.key(), outcome)
                .tag(PredictionMeter.Tag.SOURCE.key(), source)
                .serviceLevelObjectives(objectives)
                .register(registry);
    }

    @Override
    public void onPrediction(PredictionEvent<Object, Object> event) {
        PredictionException failure = event.failure();
        Timer timer = failure == null ? answered.get(event.source()) : failureTimer(failure.reason());
        Objects.requireNonNull(timer, "source").record(event.totalNanos(), TimeUnit.NANOSECONDS);
        if (event.source() == Prediction.Source.MODEL) {
            prepare.record(event.prepareNanos(), TimeUnit.NANOSECONDS);
            inference.record(event.inferenceNanos(), TimeUnit.NANOSECONDS);
            if (event.queueNanos() > 0) {
                queue.record(event.queueNanos(), TimeUnit.NANOSECONDS);
            }
        }
        count(event.warnings());
        if (failure instanceof InvalidInputException invalid) {
            count(invalid.violations());
        }
    }

    private Timer failureTimer(String reason) {
        int number = reasons.numberOf(reason);
        Timer timer = failed.get(number);
        if (timer == null) { // threads may race here: the registry gives all of them the same timer
            timer = register(number == MAX_REASONS ? PredictionMeter.OTHER : reason, "none");
            failed.set(number, timer);
        }
        return timer;
    }

    private void count(List<Violation> found) {
        for (int i = 0; i < found.size(); i++) { // by index: an iterator would be an allocation for each call
            violations.count(found.get(i));
        }
    }
}
