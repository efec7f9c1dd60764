package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of stages, as meters: what they show while predictors of a version come and go. */
class PulledMetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    /** A predictor with a stage that keeps one number. */
    private Predictor<Integer, Integer> predictor(String version, PredictionMeter meter, DoubleSupplier number) {
        return predictor(PredictionMetrics.to(registry), version, meter, number);
    }

    private static Predictor<Integer, Integer> predictor(
            PredictionMetrics metrics, String version, PredictionMeter meter, DoubleSupplier number) {
        return Plimsoll.<Integer, Integer>function(new ModelId("credit", version), input -> input)
                .time(ManualClock.at(Instant.EPOCH))
                .with(assembly -> assembly.measure(new Measurement(meter, Map.of(), number)))
                .with(metrics)
                .build();
    }

    private double value(String meter, String version) {
        return registry.get(meter)
                .tags("ml.model", "credit", "ml.model.version", version)
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    @Test
    void aCounterGoesOnWhenTheVersionIsBuiltAnew() {
        AtomicLong first = new AtomicLong(5);
        AtomicLong second = new AtomicLong();

        predictor("1", PredictionMeter.COALESCED, first::get).close();
        assertThat(value("ml.coalesced", "1")).isEqualTo(5);
        try (var again = predictor("1", PredictionMeter.COALESCED, second::get)) {
            second.set(2);
            assertThat(again.predict(1)).isEqualTo(1);
            assertThat(value("ml.coalesced", "1")).isEqualTo(7);
        }
        assertThat(value("ml.coalesced", "1")).isEqualTo(7);
    }

    @Test
    void whatRunningCallsCountAfterTheCloseIsNotLost() {
        AtomicLong first = new AtomicLong(5);
        predictor("1", PredictionMeter.COALESCED, first::get).close();

        first.set(6);

        assertThat(value("ml.coalesced", "1")).isEqualTo(6);
    }

    @Test
    void aCounterNeverGoesBackEvenIfAStageLies() {
        AtomicLong number = new AtomicLong(5);
        try (var predictor = predictor("1", PredictionMeter.COALESCED, number::get)) {
            assertThat(value("ml.coalesced", "1")).isEqualTo(5);
            number.set(3);
            assertThat(value("ml.coalesced", "1")).isEqualTo(5);
        }
    }

    @Test
    void aStageThatThrowsDoesNotCostTheHostItsOtherMeters() {
        DoubleSupplier broken = () -> {
            throw new IllegalStateException("broken");
        };
        try (var counting = predictor("1", PredictionMeter.COALESCED, broken);
                var gauging = predictor("2", PredictionMeter.LIMIT, broken)) {
            assertThat(value("ml.coalesced", "1")).isZero();
            assertThat(value("ml.limit", "2")).isNaN();
        }
        assertThat(value("ml.coalesced", "1")).isZero();
    }

    @Test
    void predictorsOfOneVersionAreSummedUp() {
        try (var one = predictor("1", PredictionMeter.LIMIT, () -> 10);
                var other = predictor("1", PredictionMeter.LIMIT, () -> 20);
                var next = predictor("2", PredictionMeter.LIMIT, () -> 40)) {
            assertThat(value("ml.limit", "1")).isEqualTo(30);
            assertThat(value("ml.limit", "2")).isEqualTo(40);
            one.close();
            assertThat(value("ml.limit", "1")).isEqualTo(20);
        }
    }

    @Test
    void aGaugeVanishesWithTheLastPredictorAndComesBackWithTheNext() {
        predictor("1", PredictionMeter.LIMIT, () -> 10).close();
        assertThat(registry.find("ml.limit").meters()).isEmpty();

        try (var again = predictor("1", PredictionMeter.LIMIT, () -> 30)) {
            assertThat(value("ml.limit", "1")).isEqualTo(30);
        }
    }

    @Test
    void theRegistryKeepsTheNumbersAlive() {
        predictor("1", PredictionMeter.COALESCED, () -> 5).close(); // and nobody keeps it
        var keptByNobody = new WeakReference<>(new Object());

        while (keptByNobody.get() != null) {
            System.gc();
        }

        try (var again = predictor("1", PredictionMeter.COALESCED, () -> 2)) {
            assertThat(value("ml.coalesced", "1")).isEqualTo(7);
        }
    }

    @Test
    void whatTheHostRemovesStaysRemovedUntilTheVersionIsBuiltAgainAndThenBeginsAtNothing() {
        predictor("1", PredictionMeter.COALESCED, () -> 5).close();

        List.copyOf(registry.getMeters()).forEach(registry::remove);
        assertThat(registry.getMeters()).isEmpty();

        try (var again = predictor("1", PredictionMeter.COALESCED, () -> 2)) {
            assertThat(value("ml.coalesced", "1")).isEqualTo(2);
        }
    }

    @Test
    void aPredictorThatIsNotBuiltLeavesNoGauge() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Plimsoll.<Integer, Integer>function(new ModelId("credit", "1"), input -> input)
                        .with(PredictionMetrics.to(registry))
                        .with(assembly -> assembly.measure(new Measurement(PredictionMeter.LIMIT, Map.of(), () -> 1)))
                        .with(assembly -> assembly.beforeFirstCall(bare -> {
                            throw new IllegalStateException("no warm-up");
                        }))
                        .build());

        assertThat(registry.find("ml.limit").meters()).isEmpty();
        assertThat(registry.find("ml.predict.active").meters()).isEmpty();
    }

    @Test
    void ofManyVersionsOnlyThoseClosedLastKeepTheirMeters() {
        PredictionMetrics metrics = PredictionMetrics.to(registry).closedVersions(2);
        try (var live = predictor(metrics, "live", PredictionMeter.COALESCED, () -> 1)) {
            for (int version = 0; version < 5; version++) {
                predictor(metrics, "v" + version, PredictionMeter.COALESCED, () -> 1)
                        .close();
            }
            predictor(metrics, "v3", PredictionMeter.COALESCED, () -> 1).close(); // v3 is the last again

            assertThat(registry.getMeters().stream()
                            .map(meter -> meter.getId().getTag("ml.model.version"))
                            .distinct())
                    .containsExactlyInAnyOrder("live", "v3", "v4");
            assertThat(value("ml.coalesced", "v3")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRegistryThatPassesOnOrRefusesIsFedAsWell(boolean refuses) {
        var outer = new CompositeMeterRegistry();
        outer.add(registry);
        if (refuses) {
            outer.config().meterFilter(MeterFilter.denyNameStartsWith("ml.coalesced"));
        }
        for (int i = 0; i < 2; i++) {
            predictor(PredictionMetrics.to(outer), "1", PredictionMeter.COALESCED, () -> 3)
                    .close();
        }

        assertThat(registry.find("ml.coalesced").meters()).hasSize(refuses ? 0 : 1);
        if (!refuses) {
            assertThat(value("ml.coalesced", "1")).isEqualTo(6);
        }
    }

    @Test
    void predictorsThatComeAndGoOnManyThreadsLeaveTheSumOfWhatTheyCounted() throws Exception {
        int threads = 4;
        int rounds = 50;
        CyclicBarrier gate = new CyclicBarrier(threads);
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread worker = new Thread(() -> {
                try {
                    gate.await();
                    for (int i = 0; i < rounds; i++) {
                        predictor("1", PredictionMeter.COALESCED, () -> 1).close();
                    }
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            });
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            worker.join();
        }

        assertThat(value("ml.coalesced", "1")).isEqualTo(threads * rounds);
    }

    // ---- what the metrics themselves count --------------------------------------------------------------------------

    private double counted(String meter, String... tags) {
        return registry.get(meter).tags(tags).functionCounter().count();
    }

    @Test
    void rowsAndBatchesAreCountedAsTheModelIsGivenThem() {
        try (var predictor = predictor("1", PredictionMeter.LIMIT, () -> 1)) {
            for (int size : new int[] {1, 1, 2, 3, 4, 5, 512, 513, 2000}) {
                predictor.predictAll(IntStream.range(0, size).boxed().toList());
            }
            predictor.predictAll(List.of());

            assertThat(counted("ml.model.rows")).isEqualTo(1 + 1 + 2 + 3 + 4 + 5 + 512 + 513 + 2000);
            assertThat(counted("ml.model.executions", "size", "1")).isEqualTo(2);
            assertThat(counted("ml.model.executions", "size", "2")).isEqualTo(1);
            assertThat(counted("ml.model.executions", "size", "4")).isEqualTo(2);
            assertThat(counted("ml.model.executions", "size", "8")).isEqualTo(1);
            assertThat(counted("ml.model.executions", "size", "512")).isEqualTo(1);
            assertThat(counted("ml.model.executions", "size", "more")).isEqualTo(2);
        }
    }

    @Test
    void callsUnderWayAreSeenFromInsideAndGoneAfterwardsWhateverHappened() {
        List<Double> seen = new ArrayList<>();
        try (var predictor = Plimsoll.<Integer, Integer>function(new ModelId("credit", "1"), input -> {
                    seen.add(value("ml.predict.active", "1"));
                    if (input < 0) {
                        throw new StackOverflowError("not caught by anyone");
                    }
                    return input;
                })
                .with(PredictionMetrics.to(registry))
                .build()) {
            predictor.predictAll(List.of(1, 2));
            try {
                predictor.predict(-1);
            } catch (StackOverflowError expected) {
                // an error passes through
            }

            assertThat(seen).containsExactly(2.0, 2.0, 1.0);
            assertThat(value("ml.predict.active", "1")).isZero();
        }
    }

    @Test
    void theTimeOfAnAnswerOfTheModelIsSplit() {
        ManualClock clock = ManualClock.at(Instant.EPOCH);
        Interceptor<Integer, Integer> waiting = new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return Stage.BATCH.at();
            }

            @Override
            public void intercept(CallBatch<Integer, Integer> calls, Next<Integer, Integer> next) {
                calls.forEach(call -> call.queued(call.input() * 1_000_000L));
                next.proceed(calls);
            }
        };
        try (var predictor = Plimsoll.<Integer, Integer>function(new ModelId("credit", "1"), input -> {
                    clock.advance(Duration.ofMillis(30));
                    return input;
                })
                .time(clock)
                .with(PredictionMetrics.to(registry))
                .with(waiting)
                .build()) {
            predictor.predict(0);
            predictor.predict(5);
        }

        assertThat(registry.get("ml.predict.inference").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(60);
        assertThat(registry.get("ml.predict.prepare").timer().count()).isEqualTo(2);
        assertThat(registry.get("ml.predict.queue").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(5);
        assertThat(registry.get("ml.predict.queue").timer().count()).isEqualTo(1);
    }

    @Test
    void objectivesHaveABucketEach() {
        var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        PredictionMetrics metrics =
                PredictionMetrics.to(prometheus).objectives(Duration.ofMillis(10), Duration.ofMillis(50));
        try (var predictor = predictor(metrics, "1", PredictionMeter.LIMIT, () -> 1)) {
            predictor.predict(1);
        }

        assertThat(prometheus.scrape())
                .contains("source=\"model\",le=\"0.01\"} 1", "source=\"model\",le=\"0.05\"} 1")
                .doesNotContain("ml_predict_inference_seconds_bucket");
        assertThat(metrics).hasToString("metrics, objectives [PT0.01S, PT0.05S], 16 closed versions kept");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        PredictionMetrics metrics = PredictionMetrics.to(registry);

        assertThatIllegalArgumentException().isThrownBy(metrics::objectives);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.objectives(Duration.ZERO))
                .withMessage("objectives: [PT0S] (expected: times > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics.closedVersions(-1))
                .withMessage("closed versions: -1 (expected: >= 0)");
        assertThat(metrics).hasToString("metrics, no objectives, 16 closed versions kept");
        assertThat(registry.getMeters()).isEqualTo(List.<Meter>of());
    }
}
