package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CachingTest {

    private static final ModelId ID = new ModelId("doubling", "1");

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<Double> asked = new ArrayList<>();

    private static double[] row(double x) {
        return new double[] {x};
    }

    private <O> PredictorBuilder<double[], O> model(Function<Double, O> function) {
        return Plimsoll.<double[], O>function(ID, input -> {
                    asked.add(input[0]);
                    return function.apply(input[0]);
                })
                .features(Schema.ofDoubles(1))
                .time(clock);
    }

    private Predictor<double[], Double> doubling(Caching caching) {
        return model(x -> 2 * x).with(caching).build();
    }

    private static void assertStats(Caching caching, long hits, long misses, long evictions, long size) {
        assertThat(caching.stats())
                .hasToString("hits " + hits + ", misses " + misses + ", evictions " + evictions + ", size " + size);
    }

    @Nested
    class Answers {

        private final Caching caching = Caching.entries(100);

        @Test
        void anEqualInputIsAnsweredWithoutTheModel() {
            Predictor<double[], Double> predictor = doubling(caching);

            Prediction<Double> first = predictor.prediction(row(3));
            Prediction<Double> second = predictor.prediction(row(3));
            Prediction<Double> other = predictor.prediction(row(4));

            assertThat(asked).containsExactly(3.0, 4.0);
            assertThat(List.of(first.value(), second.value(), other.value())).containsExactly(6.0, 6.0, 8.0);
            assertThat(Stream.of(first, second, other).map(Prediction::source))
                    .containsExactly(Source.MODEL, Source.CACHE, Source.MODEL);
            assertThat(second.id()).isNotEqualTo(first.id());
            assertThat(second.model()).isEqualTo(ID);
            assertStats(caching, 1, 2, 0, 2);
        }

        @Test
        void listenersAreToldOfHits() {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Predictor<double[], Double> predictor =
                    model(x -> 2 * x).with(listener).with(caching).build();

            predictor.predictAll(List.of(row(3)));
            predictor.predictAll(List.of(row(3)));

            assertThat(listener.events())
                    .extracting(PredictionEvent::source)
                    .containsExactly(Source.MODEL, Source.CACHE);
            assertThat(listener.events())
                    .extracting(event -> event.features().number(0))
                    .containsExactly(3.0, 3.0);
        }

        @Test
        void anyNanIsAnyOtherButMinusZeroIsNotZero() {
            Predictor<double[], Double> predictor = doubling(caching);

            for (double x :
                    new double[] {Double.NaN, Double.longBitsToDouble(0x7ff8_0000_dead_beefL), 0.0, -0.0, 0.0}) {
                predictor.predict(row(x));
            }

            assertThat(asked).containsExactly(Double.NaN, 0.0, -0.0);
        }

        @Test
        void ofABatchOnlyWhatIsUnknownReachesTheModel() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(2));
            asked.clear();

            List<Outcome<Double>> outcomes = predictor.predictEach(List.of(row(1), row(2), row(3)));

            assertThat(asked).containsExactly(1.0, 3.0);
            assertThat(outcomes)
                    .extracting(outcome -> ((Outcome.Answered<Double>) outcome).prediction())
                    .extracting(prediction -> prediction.value() + " " + prediction.source())
                    .containsExactly("2.0 MODEL", "4.0 CACHE", "6.0 MODEL");
        }

        @Test
        void ofABatchThatIsWhollyKnownNothingGoesOn() {
            List<Integer> sizes = new ArrayList<>();
            Predictor<double[], Double> predictor = model(x -> 2 * x)
                    .with(caching)
                    .with(interceptor(Stage.LIMIT.at(), (calls, next) -> {
                        sizes.add(calls.size());
                        next.proceed(calls);
                    }))
                    .build();

            predictor.predictAll(List.of(row(1), row(2)));
            predictor.predictAll(List.of(row(2), row(1), row(2)));

            assertThat(sizes).containsExactly(2);
        }

        @Test
        void equalInputsOfOneBatchAreAllComputedAndHitLater() {
            Predictor<double[], Double> predictor = doubling(caching);

            predictor.predictAll(List.of(row(1), row(1)));
            predictor.predictAll(List.of(row(1), row(1)));

            assertThat(asked).containsExactly(1.0, 1.0);
            assertStats(caching, 2, 2, 0, 1);
        }

        @Test
        void whatCouldNotBeReadIsNeitherHitNorMiss() {
            Predictor<double[], Double> predictor = doubling(caching);

            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(InvalidInputException.class)
                        .isThrownBy(() -> predictor.predict(new double[] {1, 2}));
            }

            assertStats(caching, 0, 0, 0, 0);
        }

        @Test
        void warningsBelongToTheCallAndNotToTheAnswer() {
            Violation odd = new Violation("odd", "f0", "3", "even", Violation.Severity.WARNING);
            List<Violation> pending = new ArrayList<>(List.of(odd));
            Predictor<double[], Double> predictor = model(x -> 2 * x)
                    .with(caching)
                    .with(interceptor(Stage.VALIDATE.at(), (calls, next) -> {
                        pending.forEach(calls.get(0)::warn);
                        next.proceed(calls);
                    }))
                    .build();

            assertThat(predictor.prediction(row(3)).warnings()).containsExactly(odd);
            pending.clear();
            assertThat(predictor.prediction(row(3)).warnings()).isEmpty();
            assertThat(asked).hasSize(1);
        }

        @Test
        void aVectorIsEachCallersOwn() {
            Predictor<double[], double[]> predictor =
                    model(x -> new double[] {x, 2 * x}).with(caching).build();

            predictor.predict(row(1))[0] = 99;
            predictor.predict(row(1))[1] = 99;

            assertThat(predictor.predict(row(1))).containsExactly(1, 2);
            assertThat(asked).hasSize(1);
        }

        @Test
        void anyOtherValueIsShared() {
            Predictor<double[], Object> predictor =
                    model(x -> new Object()).with(caching).build();

            assertThat(predictor.predict(row(1))).isSameAs(predictor.predict(row(1)));
        }
    }

    @Nested
    class WhatIsNotKept {

        private final Caching caching = Caching.entries(100);

        @Test
        void failures() {
            Predictor<double[], Double> predictor = model(x -> {
                        if (asked.size() == 1) {
                            throw new IllegalStateException("once");
                        }
                        return x;
                    })
                    .with(caching)
                    .build();

            assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> predictor.predict(row(1)));

            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.MODEL);
            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.CACHE);
        }

        @Test
        void answersThatAreNotTheModels() {
            Predictor<double[], Double> predictor = model(x -> x)
                    .with(caching)
                    .with(interceptor(
                            Stage.LIMIT.at(), (calls, next) -> calls.get(0).answer(-1.0, Source.FALLBACK)))
                    .build();

            predictor.predict(row(1));

            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.FALLBACK);
            assertStats(caching, 0, 2, 0, 0);
        }

        @Test
        void answersThatAnOuterStageGave() {
            Predictor<double[], Double> predictor = model(x -> x)
                    .with(caching)
                    .with(interceptor(
                            Stage.FALL_BACK.at(), (calls, next) -> calls.get(0).answer(-1.0, Source.FALLBACK)))
                    .build();

            predictor.predict(row(1));

            assertStats(caching, 0, 0, 0, 0);
        }

        @Test
        void answersThatAreTooOld() {
            Caching brief = Caching.entries(100).expireAfterWrite(Duration.ofMinutes(10));
            Predictor<double[], Double> predictor = doubling(brief);
            predictor.predict(row(1));

            clock.advance(Duration.ofMinutes(10).minusNanos(1));
            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.CACHE);

            clock.advance(Duration.ofNanos(1)); // the hit before has not made it live longer
            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.MODEL);
            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.CACHE);
            assertThat(asked).hasSize(2);
        }

        @Test
        void whatIsTooOldCountsAsEvicted() {
            Caching brief = Caching.entries(100).expireAfterWrite(Duration.ofMinutes(10));
            Predictor<double[], Double> predictor = doubling(brief);
            predictor.predictAll(List.of(row(1), row(2), row(3)));

            clock.advance(Duration.ofHours(1));

            assertStats(brief, 0, 3, 3, 0);
        }

        @Test
        void withoutAnExpiryNothingIsTooOld() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));

            clock.advance(Duration.ofDays(10_000));

            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.CACHE);
        }

        @Test
        void aWallClockThatIsSetBackChangesNothing() {
            Predictor<double[], Double> predictor =
                    doubling(Caching.entries(100).expireAfterWrite(Duration.ofMinutes(10)));
            predictor.predict(row(1));

            clock.setBack(Duration.ofDays(1));
            clock.advance(Duration.ofMinutes(10));

            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.MODEL);
        }

        @Test
        void moreAnswersThanThereIsRoomFor() {
            Caching small = Caching.entries(10);
            Predictor<double[], Double> predictor = doubling(small);

            for (int i = 0; i < 1000; i++) {
                predictor.predict(row(i));
            }

            assertStats(small, 0, 1000, 990, 10);
        }
    }

    @Nested
    class SeveralPredictors {

        private final Caching caching = Caching.entries(100);

        @Test
        void eachHaveACacheOfTheirOwn() {
            Predictor<double[], Double> doubling = doubling(caching);
            Predictor<double[], Double> negating = model(x -> -x).with(caching).build();

            assertThat(doubling.predict(row(1))).isEqualTo(2);
            assertThat(negating.predict(row(1))).isEqualTo(-1);
            assertThat(doubling.predict(row(1))).isEqualTo(2);
            assertThat(negating.predict(row(1))).isEqualTo(-1);
            assertStats(caching, 2, 2, 0, 2);
        }

        @Test
        void thatAreClosedLeaveTheirCountsAndNoEntries() {
            Predictor<double[], Double> first = doubling(caching);
            Predictor<double[], Double> second = doubling(caching);
            first.predictAll(List.of(row(1), row(2)));
            second.predict(row(1));

            CacheInterceptor[] caches = caching.open.toArray(CacheInterceptor[]::new);
            first.close();

            assertStats(caching, 0, 3, 0, 1);
            assertThat(caching.open).hasSize(1);
            second.close();
            assertThat(caching.open).isEmpty();
            assertThat(caches).extracting(CacheInterceptor::size).containsOnly(0L);
            assertStats(caching, 0, 3, 0, 0);
        }

        @Test
        void thatCannotBeBuiltLeaveNothingBehind() {
            PredictorBuilder<double[], Double> builder =
                    model(x -> 2 * x).with(caching).with(Caching.entries(1));

            assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("cache");
            assertStats(caching, 0, 0, 0, 0);
        }
    }

    @Nested
    class Building {

        @Test
        void aPredictorWithoutASchemaCannotBeCached() {
            PredictorBuilder<Double, Double> bare =
                    Plimsoll.<Double, Double>function(ID, x -> x).with(Caching.entries(1));

            assertThatIllegalStateException().isThrownBy(bare::build).withMessageContaining("expected: a schema");
        }

        @Test
        void thereIsRoomForAtLeastOneEntry() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Caching.entries(0))
                    .withMessage("entries: 0 (expected: >= 1)");
            assertThatIllegalArgumentException().isThrownBy(() -> Caching.entries(-1));
        }

        @Test
        void aTimeIsPositiveAndSetOnce() {
            Caching caching = Caching.entries(1);

            assertThatIllegalArgumentException().isThrownBy(() -> caching.expireAfterWrite(Duration.ZERO));
            assertThatIllegalArgumentException().isThrownBy(() -> caching.expireAfterWrite(Duration.ofNanos(-1)));
            Caching brief = caching.expireAfterWrite(Duration.ofNanos(1));
            assertThatIllegalStateException()
                    .isThrownBy(() -> brief.expireAfterWrite(Duration.ofDays(1)))
                    .withMessageContaining("set once");
        }

        @Test
        void aTimeThatIsLongerThanTheClockCanCountIsForEver() {
            Predictor<double[], Double> predictor =
                    doubling(Caching.entries(1).expireAfterWrite(Duration.ofSeconds(Long.MAX_VALUE)));
            predictor.predict(row(1));

            clock.advance(Duration.ofDays(36_500));

            assertThat(predictor.prediction(row(1)).source()).isEqualTo(Source.CACHE);
        }

        @Test
        void aChangedCopyCountsForItself() {
            Caching first = Caching.entries(10);
            Caching second = first.expireAfterWrite(Duration.ofDays(1));

            doubling(second).predict(row(1));

            assertStats(first, 0, 0, 0, 0);
            assertStats(second, 0, 1, 0, 1);
        }

        @Test
        void theCacheIsNamedInTheDescriptionAtItsPlace() {
            Caching caching = Caching.entries(10).expireAfterWrite(Duration.ofMinutes(10));

            assertThat(doubling(caching).describe())
                    .contains(
                            "    cache: earlier answers, at most 10 entries, for PT10M, no refresh ahead, not given when expired");
            assertThat(caching)
                    .hasToString(
                            "caching: earlier answers, at most 10 entries, for PT10M, no refresh ahead, not given when expired");
        }

        @Test
        void statsNameTheirNumbers() {
            Caching caching = Caching.entries(1);
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));
            predictor.predict(row(1));
            predictor.predict(row(2));

            Caching.Stats stats = caching.stats();

            assertThat(List.of(stats.hits(), stats.misses(), stats.evictions(), stats.size()))
                    .containsExactly(1L, 2L, 1L, 1L);
        }
    }

    @Property(tries = 200)
    void aCachedPredictorAnswersAsTheBareOne(
            @ForAll @Size(max = 60) List<@IntRange(max = 12) Integer> inputs,
            @ForAll @IntRange(min = 1, max = 8) int entries,
            @ForAll @IntRange(min = 1, max = 5) int minutes) {
        ManualClock time = ManualClock.at(Instant.EPOCH);
        Predictor<double[], Double> bare = Plimsoll.<double[], Double>function(ID, input -> Math.sin(input[0]))
                .build();
        Caching caching = Caching.entries(entries).expireAfterWrite(Duration.ofMinutes(minutes));
        try (Predictor<double[], Double> cached = Plimsoll.<double[], Double>function(ID, input -> Math.sin(input[0]))
                .features(Schema.ofDoubles(Feature.number("x")))
                .with(caching)
                .time(time)
                .build()) {
            for (int input : inputs) {
                List<double[]> some = IntStream.range(0, input % 4)
                        .mapToObj(i -> row(input + i))
                        .toList();
                assertThat(cached.predictAll(some)).isEqualTo(bare.predictAll(some));
                time.advance(Duration.ofMinutes(input % 3));
            }
            assertThat(caching.stats().size()).isLessThanOrEqualTo(entries);
            assertThat(caching.stats().hits() + caching.stats().misses())
                    .isEqualTo(inputs.stream().mapToLong(input -> input % 4).sum());
        }
    }

    @Test
    void manyThreadsAreEachGivenTheirOwnInputsAnswerAndEveryInputIsCounted() throws Exception {
        int threads = 8;
        int calls = 5_000;
        Caching caching = Caching.entries(64);
        Predictor<double[], Double> predictor = Plimsoll.<double[], Double>function(ID, input -> 2 * input[0])
                .features(Schema.ofDoubles(1))
                .with(caching)
                .build();
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Void>> done = IntStream.range(0, threads)
                    .mapToObj(thread -> pool.<Void>submit(() -> {
                        Random random = new Random(thread);
                        gate.await();
                        for (int i = 0; i < calls; i++) {
                            double x = random.nextInt(256);
                            assertThat(predictor.predict(row(x))).isEqualTo(2 * x);
                        }
                        return null;
                    }))
                    .toList();
            gate.countDown();
            for (Future<Void> each : done) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
        Caching.Stats stats = caching.stats();
        assertThat(stats.hits() + stats.misses()).isEqualTo((long) threads * calls);
        assertThat(stats.hits()).isPositive();
        assertThat(stats.size()).isLessThanOrEqualTo(64);
    }

    @FunctionalInterface
    private interface Behaviour<O> {
        void intercept(CallBatch<double[], O> calls, Interceptor.Next<double[], O> next);
    }

    private static Interceptor<double[], Double> interceptor(Stage.Position position, Behaviour<Double> behaviour) {
        return new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return position;
            }

            @Override
            public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
                behaviour.intercept(calls, next);
            }
        };
    }
}
