package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.model.ModelId;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionObservationTest {

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<Observation.Context> observed = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();

    /** Keeps what ended; throws where it is told to. */
    private ObservationHandler<Observation.Context> handler(String throwing) {
        return new ObservationHandler<>() {
            private void step(String name) {
                steps.add(name);
                if (name.equals(throwing)) {
                    throw new IllegalStateException("in " + name);
                }
            }

            @Override
            public void onStart(Observation.Context context) {
                step("start");
            }

            @Override
            public void onScopeOpened(Observation.Context context) {
                step("open");
            }

            @Override
            public void onScopeClosed(Observation.Context context) {
                step("close");
            }

            @Override
            public void onError(Observation.Context context) {
                step("error");
            }

            @Override
            public void onStop(Observation.Context context) {
                observed.add(context);
                step("stop");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        };
    }

    /** Doubles; fails on negative numbers; "caches" zero. */
    private PredictorBuilder<Integer, Integer> doubling() {
        return Plimsoll.<Integer, Integer>function(new ModelId("double", "3"), x -> {
                    if (x < 0) {
                        throw new IllegalArgumentException("negative");
                    }
                    steps.add("model");
                    return 2 * x;
                })
                .with(PredictionObservation.to(registry))
                .with(new Interceptor<>() {
                    @Override
                    public Stage.Position position() {
                        return Stage.CACHE.at();
                    }

                    @Override
                    public void intercept(CallBatch<Integer, Integer> calls, Next<Integer, Integer> next) {
                        calls.forEach(call -> {
                            if (call.input() == 0) {
                                call.answer(0, Source.CACHE);
                            }
                        });
                        next.proceed(calls);
                    }
                });
    }

    private static String values(KeyValues keys) {
        return keys.stream()
                .map(key -> key.getKey() + "=" + key.getValue())
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static String value(Observation.Context context, String key) {
        KeyValue low = context.getLowCardinalityKeyValue(key);
        return low == null ? "" : low.getValue();
    }

    @Test
    void aCallIsOneObservationAroundAllThatItGoesThrough() {
        registry.observationConfig().observationHandler(handler("nowhere"));
        Predictor<Integer, Integer> predictor = doubling().build();

        String id = predictor.prediction(4).id();

        assertThat(steps).containsExactly("start", "open", "model", "close", "stop");
        assertThat(observed).hasSize(1);
        Observation.Context context = observed.get(0);
        assertThat(context.getName()).isEqualTo("ml.call");
        assertThat(context.getContextualName()).isEqualTo("predict double");
        assertThat(values(context.getLowCardinalityKeyValues()))
                .isEqualTo("ml.engine=Java ml.model.version=3 ml.model=double outcome=success source=model");
        assertThat(values(context.getHighCardinalityKeyValues())).isEqualTo("ml.inputs=1 ml.prediction.id=" + id);
        assertThat(context.getError()).isNull();
    }

    @Test
    void itIsAChildOfWhatTheCallerObserves() {
        registry.observationConfig().observationHandler(handler("nowhere"));
        Predictor<Integer, Integer> predictor = doubling().build();
        Observation request = Observation.start("request", registry);

        try (Observation.Scope scope = request.openScope()) {
            assertThat(scope).isNotNull();
            predictor.predict(4);
        }

        assertThat(observed.get(0).getParentObservation()).isSameAs(request);
        assertThat(registry.getCurrentObservation()).isNull();
    }

    @Test
    void outcomeAndSourceSumUpTheInputs() {
        registry.observationConfig().observationHandler(handler("nowhere"));
        Predictor<Integer, Integer> predictor = doubling().build();

        predictor.predictEach(List.of(1, 2));
        predictor.predictEach(List.of(0, 2));
        predictor.predictEach(List.of(0, -1));
        predictor.predictEach(List.of(-1, -2));

        assertThat(observed)
                .extracting(context -> value(context, "outcome") + " " + value(context, "source"))
                .containsExactly("success model", "success several", "partial cache", "error none");
        assertThat(observed)
                .extracting(context -> context.getError() == null)
                .containsExactly(true, true, false, false);
    }

    @Test
    void reasonsWithoutEndAreOneOutcome() {
        registry.observationConfig().observationHandler(handler("nowhere"));
        Predictor<Integer, Integer> predictor = Plimsoll.<Integer, Integer>function(new ModelId("m", "1"), x -> x)
                .with(PredictionObservation.to(registry))
                .with(new Interceptor<>() {
                    @Override
                    public Stage.Position position() {
                        return Stage.LIMIT.at();
                    }

                    @Override
                    public void intercept(CallBatch<Integer, Integer> calls, Next<Integer, Integer> next) {
                        String reason = "reason-" + calls.get(0).input();
                        calls.get(0).fail(new PredictionException(reason, null) {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public String reason() {
                                return reason;
                            }
                        });
                    }
                })
                .build();

        for (int i = 0; i < 100; i++) {
            predictor.predictEach(List.of(i));
        }

        assertThat(observed.stream().map(context -> value(context, "outcome")).distinct())
                .hasSize(MeterListener.MAX_REASONS + 1)
                .contains("reason-0", "other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "open", "close", "error", "stop"})
    void aHandlerThatThrowsFailsNoCall(String where) {
        registry.observationConfig().observationHandler(handler(where));
        Predictor<Integer, Integer> predictor = doubling().build();

        assertThat(predictor.predict(4)).isEqualTo(8);
        assertThat(predictor.predict(5)).isEqualTo(10);
        assertThatThrownBy(() -> predictor.predict(-1)).isInstanceOf(PredictionException.class);
    }

    @Test
    void whatTheHostDoesNotWantToObserveIsLeftOut() {
        registry.observationConfig().observationHandler(handler("nowhere"));
        registry.observationConfig().observationPredicate((name, context) -> !name.equals("ml.call"));
        Predictor<Integer, Integer> predictor = doubling().build();

        assertThat(predictor.predict(4)).isEqualTo(8);
        assertThat(observed).isEmpty();
    }

    @Test
    void aRegistryWithoutHandlersAddsNoStage() {
        assertThat(doubling().build().describe()).doesNotContain("observes calls");
    }

    @Test
    void metricsThatTheHostMakesOfObservationsDoNotMeetOurs() {
        var meters = new SimpleMeterRegistry();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        try (Predictor<Integer, Integer> predictor =
                doubling().with(PredictionMetrics.to(meters)).build()) {
            predictor.predict(4);
        }

        assertThat(meters.get("ml.call").timer().count()).isEqualTo(1);
        assertThat(meters.get("ml.predict").tag("source", "model").timer().count())
                .isEqualTo(1);
    }

    @Test
    void theGuideNamesEveryKey() throws IOException {
        String guide = Files.readString(Path.of("../docs/guide/metrics.md"));

        assertThat(guide).contains(CallObserver.NAME, CallObserver.ID, CallObserver.INPUTS, "`partial`", "`several`");
    }
}
