package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.core.model.ModelDescription;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens an observation around each call. Thread-safe. */
final class CallObserver implements Interceptor<Object, Object> {

    static final String NAME = "ml.call";
    static final String ID = "ml.prediction.id";
    static final String INPUTS = "ml.inputs";

    private static final Logger LOG = LoggerFactory.getLogger(PredictionObservation.class);

    private final ObservationRegistry registry;
    private final ModelDescription model;
    private final String contextualName;
    private final BoundedWords reasons = new BoundedWords(MeterListener.MAX_REASONS);
    private final AtomicBoolean warned = new AtomicBoolean();

    CallObserver(ObservationRegistry registry, ModelDescription model) {
        this.registry = registry;
        this.model = model;
        contextualName = "predict " + model.id().name();
    }

    @Override
    public Stage.Position position() {
        return Stage.VALIDATE.before();
    }

    @Override
    public String summary() {
        return "observes calls";
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        Observation observation = begin(calls);
        Observation.Scope scope = observation.isNoop() ? Observation.Scope.NOOP : open(observation);
        try {
            next.proceed(calls);
        } finally {
            close(scope);
            end(observation, calls);
        }
    }

    private Observation begin(CallBatch<Object, Object> calls) {
        try {
            Observation observation = Observation.createNotStarted(NAME, registry);
            if (!observation.isNoop()) {
                observation
                        .contextualName(contextualName)
                        .lowCardinalityKeyValue(Tag.MODEL.key(), model.id().name())
                        .lowCardinalityKeyValue(Tag.VERSION.key(), model.id().version())
                        .lowCardinalityKeyValue(Tag.ENGINE.key(), model.engine())
                        .highCardinalityKeyValue(ID, calls.get(0).id())
                        .highCardinalityKeyValue(INPUTS, Integer.toString(calls.size()))
                        .start();
            }
            return observation;
        } catch (RuntimeException failure) { // of a handler: to be observed must not change what is observed
            failed(failure);
            return Observation.NOOP;
        }
    }

    private Observation.Scope open(Observation observation) {
        try {
            return observation.openScope();
        } catch (RuntimeException failure) {
            failed(failure);
            return Observation.Scope.NOOP;
        }
    }

    private void close(Observation.Scope scope) {
        try {
            scope.close();
        } catch (RuntimeException failure) {
            failed(failure);
        }
    }

    private void end(Observation observation, CallBatch<Object, Object> calls) {
        if (observation.isNoop()) {
            return;
        }
        try {
            PredictionException failure = firstFailure(calls);
            observation
                    .lowCardinalityKeyValue(Tag.OUTCOME.key(), outcome(failure, calls))
                    .lowCardinalityKeyValue(Tag.SOURCE.key(), source(calls));
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        } catch (RuntimeException failure) {
            failed(failure);
        }
    }

    private static @Nullable PredictionException firstFailure(CallBatch<Object, Object> calls) {
        for (int i = 0; i < calls.size(); i++) {
            PredictionException failure = calls.get(i).failure();
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    private String outcome(@Nullable PredictionException failure, CallBatch<Object, Object> calls) {
        if (failure == null) {
            return calls.open().size() == 0 ? "success" : "error"; // open after an error only
        }
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).source() != null) {
                return "partial";
            }
        }
        String reason = failure.reason();
        return reasons.numberOf(reason) == MeterListener.MAX_REASONS ? "other" : reason;
    }

    private static String source(CallBatch<Object, Object> calls) {
        Prediction.Source found = null;
        for (int i = 0; i < calls.size(); i++) {
            Call<Object, Object> call = calls.get(i);
            if (call.source() != null && call.source() != found) {
                if (found != null) {
                    return "several";
                }
                found = call.source();
            }
        }
        return found == null ? "none" : found.name().toLowerCase(Locale.ROOT);
    }

    private void failed(RuntimeException failure) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn("{}: an observation failed; further failures are logged at debug", model.id(), failure);
        } else {
            LOG.debug("{}: an observation failed", model.id(), failure);
        }
    }
}
