package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static PredictorBuilder<Integer, Integer> model(String name, String version) {
        return Plimsoll.function(new ModelId(name, version), x -> {
            if (x < 0) {
                throw new IllegalArgumentException("negative");
            }
            return x;
        });
    }

    @Test
    void aServiceIsReadyWhenAllTheModelsThatWereNamedAre() {
        Readiness readiness = Readiness.of("risk", "fraud");
        assertThat(readiness.report()).hasToString("not ready: {risk=not built, fraud=not built}");

        Predictor<Integer, Integer> fraud = model("fraud", "7").with(readiness).build();
        assertThat(readiness.report()).hasToString("not ready: {risk=not built, fraud=ready, version 7}");

        Predictor<Integer, Integer> risk = model("risk", "1").with(readiness).build();
        assertThat(readiness.report()).hasToString("ready: {risk=ready, version 1, fraud=ready, version 7}");
        assertThat(risk.describe()).contains("ml.ready 1.0");

        fraud.close();
        assertThat(readiness.report()).hasToString("not ready: {risk=ready, version 1, fraud=closed}");
    }

    @Test
    void aModelIsNotReadyBeforeItsWarmUpHasEndedWhateverTheOrder() {
        List<String> during = new ArrayList<>();
        Readiness readiness = Readiness.of("risk");
        model("risk", "1")
                .with(readiness)
                .with(assembly -> assembly.beforeFirstCall(bare -> during.add(readiness.toString())))
                .build();

        assertThat(during).containsExactly("not ready: {risk=starting, version 1}");
        assertThat(readiness.report().isReady()).isTrue();
    }

    @Test
    void aNewVersionMayWarmUpAndTakeOverWithoutAGap() {
        List<String> during = new ArrayList<>();
        Readiness readiness = Readiness.of("risk");
        Predictor<Integer, Integer> old = model("risk", "1").with(readiness).build();

        model("risk", "2")
                .with(readiness)
                .with(assembly -> assembly.beforeFirstCall(bare -> during.add(readiness.toString())))
                .build();
        old.close();

        assertThat(during).containsExactly("ready: {risk=ready, version 1; starting, version 2}");
        assertThat(readiness.report()).hasToString("ready: {risk=ready, version 2}");
    }

    @Test
    void aBuildThatFailsLeavesTheOldVersionReady() {
        Readiness readiness = Readiness.of();
        Predictor<Integer, Integer> old = model("risk", "1").with(readiness).build();

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> model("risk", "2")
                        .with(readiness)
                        .with(WarmUp.of(List.of(-1)))
                        .build());

        assertThat(readiness.report()).hasToString("ready: {risk=ready, version 1}");
        old.close();
        assertThat(readiness.report()).hasToString("not ready: {models=none}");
    }

    @Test
    void aModelWhoseFirstBuildFailsIsShownAsSuch() {
        Readiness readiness = Readiness.of("risk");

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(() -> model("risk", "1")
                        .with(readiness)
                        .with(WarmUp.of(List.of(-1)))
                        .build());

        assertThat(readiness.report()).hasToString("not ready: {risk=build failed}");
    }

    @Test
    void withoutNamesEveryModelCountsAndWithNamesOnlyThose() {
        Readiness all = Readiness.of();
        Readiness some = Readiness.of("risk");
        model("risk", "1").with(all).with(assembly -> {}).build();
        model("risk", "1").with(some).build();
        List<Boolean> during = new ArrayList<>();

        for (Readiness readiness : List.of(all, some)) {
            model("extra", "1")
                    .with(readiness)
                    .with(assembly -> assembly.beforeFirstCall(
                            bare -> during.add(readiness.report().isReady())))
                    .build();
        }

        assertThat(during).containsExactly(false, true);
        assertThat(some.report().details()).containsKeys("risk", "extra");
    }

    @Test
    void whatElseTheHostRequiresCountsAndIsNamed() {
        AtomicBoolean database = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        Readiness readiness = Readiness.of("risk")
                .require("database", database::get)
                .require("queue", () -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new IllegalStateException("not there");
                    }
                    return true;
                });
        model("risk", "1").with(readiness).build();

        assertThat(readiness.report())
                .hasToString("not ready: {risk=ready, version 1, database=does not hold, "
                        + "queue=does not hold: java.lang.IllegalStateException: not there}");
        database.set(true);
        assertThat(readiness.report()).hasToString("ready: {risk=ready, version 1, database=holds, queue=holds}");
    }

    @Test
    void openBreakersCountOnlyIfTheHostSaysSo() {
        AtomicInteger open = new AtomicInteger();
        Readiness calm = Readiness.of();
        Readiness strict = Readiness.of().requireClosedBreakers();
        for (Readiness readiness : List.of(calm, strict)) {
            model("risk", "1")
                    .with(readiness)
                    .with(assembly -> {
                        for (String state : List.of("closed", "open")) {
                            assembly.measure(new Measurement(
                                    PredictionMeter.BREAKER_STATE,
                                    Map.of(PredictionMeter.Tag.STATE, state),
                                    () -> state.equals("open") ? open.get() : 1 - open.get()));
                        }
                    })
                    .build();
        }
        assertThat(strict.report()).hasToString("ready: {risk=ready, version 1}");

        open.set(1);

        assertThat(calm.report().isReady()).isTrue();
        assertThat(strict.report()).hasToString("not ready: {risk=circuit breaker open, version 1}");
    }

    @Test
    void aServiceThatDrainsStillAnswers() {
        Readiness readiness = Readiness.of("risk");
        Predictor<Integer, Integer> risk = model("risk", "1").with(readiness).build();

        readiness.drain();

        assertThat(readiness.report()).hasToString("not ready: {risk=ready, version 1, service=draining}");
        assertThat(risk.predict(3)).isEqualTo(3);
    }
}
