package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Ranking;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a host may ask of a cache beyond a number of answers and an expiry. */
class CachingOptionsTest {

    private static final ModelId ID = new ModelId("doubling", "1");

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<Double> asked = new ArrayList<>();
    private boolean broken;

    private static double[] row(double x) {
        return new double[] {x};
    }

    private <O> PredictorBuilder<double[], O> model(ModelId id, Function<Double, O> function) {
        return Plimsoll.<double[], O>function(id, input -> {
                    asked.add(input[0]);
                    if (broken) {
                        throw new IllegalStateException("broken");
                    }
                    return function.apply(input[0]);
                })
                .features(Schema.ofDoubles(1))
                .time(clock);
    }

    private Predictor<double[], Double> doubling(Caching caching) {
        return model(ID, x -> 2 * x).with(caching).build();
    }

    private static Source source(Predictor<double[], ?> predictor, double x) {
        return predictor.prediction(row(x)).source();
    }

    @Nested
    class Bytes {

        @Test
        void answersAreKeptAsFarAsTheMemoryReaches() {
            long one = 128 + 64 + 16; // the entry, the row of one number, and a boxed double
            Caching caching = Caching.bytes(10 * one + one / 2);
            Predictor<double[], Double> predictor = doubling(caching);

            for (int i = 0; i < 1_000; i++) {
                predictor.predict(row(i));
            }

            assertThat(caching.stats()).hasToString("hits 0, misses 1000, evictions 990, size 10");
            assertThat(predictor.describe()).contains("at most " + (10 * one + one / 2) + " bytes");
        }

        @Test
        void anAnswerThatIsLargerThanAllTheMemoryIsGivenButNotKept() {
            Caching caching = Caching.bytes(1_000);
            Predictor<double[], double[]> predictor =
                    model(ID, x -> new double[200]).with(caching).build();

            assertThat(source(predictor, 1)).isEqualTo(Source.MODEL);
            assertThat(source(predictor, 1)).isEqualTo(Source.MODEL);
            assertThat(caching.stats().size()).isZero();
        }

        @Test
        void theSizesOfAllOurAnswersAreKnown() {
            List<Object> answers = List.of(
                    1.0,
                    2L,
                    true,
                    "yes",
                    new double[3],
                    ClassProbabilities.of(List.of("a", "b"), 0.5, 0.5),
                    Ranking.of(List.of("a", "b"), 1, 2));
            Predictor<double[], Object> predictor = model(ID, x -> answers.get((int) (double) x))
                    .with(Caching.bytes(1_000_000))
                    .build();

            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < answers.size(); i++) {
                    assertThat(source(predictor, i)).isEqualTo(round == 0 ? Source.MODEL : Source.CACHE);
                }
            }
            assertThat(predictor.describe()).contains("ml.cache.failures 0.0");
        }

        @Test
        void whatHasNoKnownSizeIsNotKeptUnlessTheHostKnowsIt() {
            Caching unknown = Caching.bytes(1_000_000);
            Caching known = Caching.bytes(1_000_000, answer -> 100);
            Predictor<double[], Object> unsized =
                    model(ID, x -> new Object()).with(unknown).build();
            Predictor<double[], Object> sized =
                    model(ID, x -> new Object()).with(known).build();

            for (Predictor<double[], Object> predictor : List.of(unsized, sized)) {
                predictor.predict(row(1));
            }

            assertThat(source(unsized, 1)).isEqualTo(Source.MODEL);
            assertThat(unsized.describe()).contains("ml.cache.failures 2.0");
            assertThat(source(sized, 1)).isEqualTo(Source.CACHE);
        }

        @Test
        void thereIsRoomForAtLeastAByte() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Caching.bytes(0))
                    .withMessage("bytes: 0 (expected: >= 1)");
        }
    }

    @Nested
    class RefreshAhead {

        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private final Caching caching = Caching.entries(100)
                .expireAfterWrite(Duration.ofMinutes(10))
                .refreshAhead(Duration.ofMinutes(8), tasks::add);

        @Test
        void anAgedAnswerIsGivenWhileItIsComputedAnew() {
            AtomicInteger version = new AtomicInteger();
            Predictor<double[], Integer> predictor =
                    model(ID, x -> version.incrementAndGet()).with(caching).build();
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(8).minusNanos(1));
            predictor.predict(row(1));
            assertThat(tasks).isEmpty();
            clock.advance(Duration.ofNanos(1));

            Prediction<Integer> aged = predictor.prediction(row(1));

            assertThat(aged.value()).isEqualTo(1);
            assertThat(aged.source()).isEqualTo(Source.CACHE);
            assertThat(tasks).hasSize(1);
            tasks.remove().run();
            assertThat(predictor.predict(row(1))).isEqualTo(2);
            clock.advance(Duration.ofMinutes(7)); // the expiry counts from the refresh
            assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);
            assertThat(predictor.describe()).contains("ml.cache.refreshes{result=success} 1.0", "refreshed after PT8M");
        }

        @Test
        void anAnswerIsRefreshedOnceAtATime() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predictAll(List.of(row(1), row(2)));
            clock.advance(Duration.ofMinutes(8));

            for (int i = 0; i < 3; i++) {
                predictor.predictAll(List.of(row(1), row(2), row(1)));
            }

            assertThat(tasks).hasSize(2);
            tasks.forEach(Runnable::run);
            assertThat(asked).containsExactly(1.0, 2.0, 1.0, 2.0);
        }

        @Test
        void aRefreshThatFailsKeepsTheOldAnswerAndTheNextHitTriesAgain() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(8));
            broken = true;

            for (int i = 0; i < 3; i++) {
                assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);
                tasks.remove().run();
            }

            assertThat(asked).hasSize(4);
            assertThat(predictor.describe()).contains("ml.cache.refreshes{result=failure} 3.0");
        }

        @Test
        void aRefreshThatTheExecutorRefusesCostsTheCallerNothing() {
            Predictor<double[], Double> predictor =
                    doubling(Caching.entries(100).refreshAhead(Duration.ofMinutes(8), task -> {
                        throw new RejectedExecutionException("full");
                    }));
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(8));

            assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);
            assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);
            assertThat(predictor.describe()).contains("ml.cache.refreshes{result=failure} 2.0");
        }

        @Test
        void aRefreshHasNoDeadlineAndReachesNoListener() {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Predictor<double[], Double> predictor =
                    model(ID, x -> 2 * x).with(caching).with(listener).build();
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(8));
            predictor
                    .with(CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMillis(1), clock)))
                    .predict(row(1));
            clock.advance(Duration.ofMinutes(1));

            tasks.remove().run();

            assertThat(predictor.describe()).contains("ml.cache.refreshes{result=success} 1.0");
            assertThat(listener.events())
                    .extracting(PredictionEvent::source)
                    .containsExactly(Source.MODEL, Source.CACHE);
        }

        @Test
        void aRefreshAfterTheCloseKeepsNothing() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(8));
            predictor.predict(row(1));

            predictor.close();
            tasks.remove().run();

            assertThat(caching.stats().size()).isZero();
        }

        @Test
        void aBackgroundAnswerThatIsNoneOfTheModelsIsNotKept() {
            Predictor<double[], Double> predictor = model(ID, x -> 2 * x)
                    .with(caching)
                    .with(limit((calls, next) -> {
                        if (broken) {
                            calls.get(0).answer(-1.0, Source.FALLBACK);
                        }
                        next.proceed(calls);
                    }))
                    .build();
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(8));
            broken = true;
            predictor.predict(row(1));

            tasks.remove().run();

            assertThat(predictor.predict(row(1))).isEqualTo(2);
        }

        @Test
        void itComesBeforeTheExpiry() {
            Caching late = Caching.entries(1)
                    .refreshAhead(Duration.ofMinutes(10), tasks::add)
                    .expireAfterWrite(Duration.ofMinutes(10));

            assertThatIllegalStateException()
                    .isThrownBy(() -> doubling(late))
                    .withMessage("Caching: refreshAhead PT10M (expected: less than expireAfterWrite PT10M)");
            assertThatIllegalStateException()
                    .isThrownBy(() -> late.refreshAhead(Duration.ofMinutes(1), tasks::add))
                    .withMessageContaining("set once");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Caching.entries(1).refreshAhead(Duration.ZERO, tasks::add));
        }

        @Test
        void underManyThreadsAnInputIsNeverRefreshedTwiceAtOnce() throws Exception {
            Map<Double, AtomicInteger> running = new java.util.concurrent.ConcurrentHashMap<>();
            List<Double> twice = java.util.Collections.synchronizedList(new ArrayList<>());
            ExecutorService pool = Executors.newFixedThreadPool(2);
            ExecutorService callers = Executors.newFixedThreadPool(4);
            CyclicBarrier gate = new CyclicBarrier(4);
            Predictor<double[], Double> predictor = Plimsoll.<double[], Double>function(ID, input -> 2 * input[0])
                    .features(Schema.ofDoubles(1))
                    .with(Caching.entries(4).refreshAhead(Duration.ofNanos(1), pool)) // fewer than inputs: evicts, too
                    .with(limit((calls, next) -> {
                        boolean isRefresh = calls.get(0).priority() == io.github.plimsoll.core.Priority.LOW;
                        AtomicInteger at = running.computeIfAbsent(calls.get(0).input()[0], x -> new AtomicInteger());
                        if (isRefresh && at.incrementAndGet() != 1) {
                            twice.add(calls.get(0).input()[0]);
                        }
                        next.proceed(calls);
                        if (isRefresh) {
                            at.decrementAndGet();
                        }
                    }))
                    .build();
            try {
                List<Future<Void>> done = IntStream.range(0, 4)
                        .mapToObj(thread -> callers.<Void>submit(() -> {
                            Random random = new Random(thread);
                            gate.await();
                            for (int i = 0; i < 5_000; i++) {
                                double x = random.nextInt(6);
                                assertThat(predictor.predict(row(x))).isEqualTo(2 * x);
                            }
                            return null;
                        }))
                        .toList();
                for (Future<Void> each : done) {
                    each.get();
                }
            } finally {
                callers.shutdownNow();
                pool.shutdownNow();
            }
            assertThat(twice).isEmpty();
        }
    }

    @Nested
    class StaleIfError {

        private final Caching caching =
                Caching.entries(100).expireAfterWrite(Duration.ofMinutes(10)).staleIfError(Duration.ofHours(1));

        @Test
        void theLastKnownGoodAnswerIsGivenWhenTheModelFails() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(10));
            broken = true;

            Prediction<Double> stale = predictor.prediction(row(1));

            assertThat(stale.value()).isEqualTo(2);
            assertThat(stale.source()).isEqualTo(Source.FALLBACK);
            assertThat(asked).hasSize(2);
            assertThat(predictor.describe())
                    .contains(
                            "ml.cache.stale 1.0",
                            "ml.cache.lookups{result=miss} 2.0",
                            "for PT10M, no refresh ahead, for PT1H more if the model fails");
        }

        @Test
        void anAnswerThatIsFreshAgainIsTheModels() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(30));

            assertThat(source(predictor, 1)).isEqualTo(Source.MODEL);
            assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);
        }

        @Test
        void onlyForTheTimeStated() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));
            broken = true;
            clock.advance(Duration.ofMinutes(70).minusNanos(1));
            assertThat(source(predictor, 1)).isEqualTo(Source.FALLBACK);

            clock.advance(Duration.ofNanos(1));

            assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> predictor.predict(row(1)));
        }

        @Test
        void ofABatchEachInputIsDealtWithByItself() {
            Predictor<double[], Double> predictor = doubling(caching);
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(10));
            broken = true;

            List<Outcome<Double>> outcomes = predictor.predictEach(List.of(row(1), row(2)));

            assertThat(outcomes.get(0)).isInstanceOf(Outcome.Answered.class);
            assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
        }

        @Test
        void neverForABadInputNorForAClosedPredictor() {
            FakeModel fake = FakeModel.ofRows("m", 1, x -> x[0]);
            List<RuntimeException> failure = new ArrayList<>();
            Predictor<double[], Double> predictor = Plimsoll.use(fake)
                    .as(Schema.ofDoubles(1), Output.number())
                    .time(clock)
                    .with(caching)
                    .with(limit((calls, next) -> {
                        if (!failure.isEmpty()) {
                            calls.get(0).fail((PredictionException) failure.get(0));
                        }
                        next.proceed(calls);
                    }))
                    .build();
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(10));

            for (RuntimeException each : List.of(
                    new InvalidInputException(
                            List.of(new Violation("range", "f0", "1", "< 1", Violation.Severity.ERROR))),
                    new io.github.plimsoll.core.CallCancelledException("gone"),
                    new ModelClosedException("m"))) {
                failure.clear();
                failure.add(each);
                assertThatExceptionOfType(each.getClass()).isThrownBy(() -> predictor.predict(row(1)));
            }
        }

        @Test
        void whatExpiresIsSaidAsWell() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> doubling(Caching.entries(1).staleIfError(Duration.ofHours(1))))
                    .withMessage("Caching: staleIfError PT1H without expireAfterWrite (expected: both)");
            assertThatIllegalStateException()
                    .isThrownBy(() -> caching.staleIfError(Duration.ofHours(1)))
                    .withMessageContaining("set once");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Caching.entries(1).staleIfError(Duration.ofNanos(-1)));
        }

        @Test
        void timesWithoutEndDoNotOverflow() {
            Predictor<double[], Double> predictor = doubling(Caching.entries(1)
                    .expireAfterWrite(Duration.ofDays(365_000_000))
                    .staleIfError(Duration.ofDays(365_000_000)));
            predictor.predict(row(1));
            clock.advance(Duration.ofDays(36_500));

            assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);
        }
    }

    @Nested
    class OfTheHost {

        private final Cache<Object, Object> hosts = Caffeine.newBuilder()
                .maximumWeight(1_000_000)
                .weigher(Caching.weigher())
                .executor(Runnable::run)
                .build();
        private final Caching caching = Caching.in(hosts);

        @Test
        void severalPredictorsShareItAndNeverEachOthersAnswers() {
            Predictor<double[], Double> one =
                    model(ID, x -> 2 * x).with(caching).build();
            Predictor<double[], Double> next = model(new ModelId("doubling", "2"), x -> 3 * x)
                    .with(caching)
                    .build();

            for (int round = 0; round < 2; round++) {
                assertThat(one.predict(row(1))).isEqualTo(2);
                assertThat(next.predict(row(1))).isEqualTo(3);
            }

            assertThat(asked).hasSize(2);
            assertThat(hosts.asMap().keySet())
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder("doubling:1 {f0=1.0}", "doubling:2 {f0=1.0}");
            assertThat(caching.stats()).hasToString("hits 2, misses 2, evictions 0, size 2");
            assertThat(one.describe()).contains("in the host's cache").doesNotContain("ml.cache.size");
        }

        @Test
        void aClosedPredictorsAnswersLeaveIt() {
            Cache<Object, Object> plain = Caffeine.newBuilder().maximumSize(10).build();
            Predictor<double[], Double> one = doubling(Caching.in(plain));
            Predictor<double[], Double> other = doubling(Caching.in(plain));
            one.predict(row(1));
            other.predict(row(1));
            plain.put("the host's", "own");

            one.close();

            assertThat(plain.asMap()).hasSize(2).containsKey("the host's");
            assertThat(source(other, 1)).isEqualTo(Source.CACHE);
        }

        @Test
        void ourExpiryHoldsInIt() {
            Cache<Object, Object> plain = Caffeine.newBuilder().maximumSize(10).build();
            Predictor<double[], Double> predictor =
                    doubling(Caching.in(plain).expireAfterWrite(Duration.ofMinutes(10)));
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(10).minusNanos(1));
            assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);

            clock.advance(Duration.ofNanos(1));

            assertThat(source(predictor, 1)).isEqualTo(Source.MODEL);
        }

        @Test
        void aCacheThatThrowsFailsNoCallAndIsCounted() {
            Cache<Object, Object> throwing = Caffeine.newBuilder()
                    .expireAfter(new Expiry<>() {
                        @Override
                        public long expireAfterCreate(Object key, Object value, long now) {
                            if (broken) {
                                throw new IllegalStateException("no entry");
                            }
                            return Long.MAX_VALUE;
                        }

                        @Override
                        public long expireAfterUpdate(Object key, Object value, long now, long left) {
                            return left;
                        }

                        @Override
                        public long expireAfterRead(Object key, Object value, long now, long left) {
                            throw new IllegalStateException("no look-up");
                        }
                    })
                    .build();
            Predictor<double[], Double> predictor = Plimsoll.<double[], Double>function(ID, input -> 2 * input[0])
                    .features(Schema.ofDoubles(1))
                    .with(Caching.in(throwing))
                    .build();
            predictor.predict(row(1));
            broken = true;

            assertThat(predictor.predictAll(List.of(row(1), row(2)))).containsExactly(2.0, 4.0);

            assertThat(predictor.describe()).contains("ml.cache.failures 2.0", "ml.cache.lookups{result=miss} 3.0");
        }

        @Test
        void aLoaderOfTheHostsIsNotAskedAndWhatItPutsIsNotTaken() {
            LoadingCache<Object, Object> loading = Caffeine.newBuilder()
                    .ticker(clock::nanoTime)
                    .executor(Runnable::run)
                    .refreshAfterWrite(Duration.ofMinutes(1))
                    .build(key -> {
                        if (broken) {
                            throw new IllegalStateException("the loader fails");
                        }
                        return "something else";
                    });
            Predictor<double[], Double> predictor = doubling(Caching.in(loading));
            predictor.predict(row(1));
            clock.advance(Duration.ofMinutes(2));
            predictor.predict(row(1)); // has the host's loader replace the entry
            assertThat(predictor.predict(row(1))).isEqualTo(2);
            assertThat(predictor.describe()).contains("ml.cache.failures 1.0");
            assertThat(asked).hasSize(2);

            broken = true;
            clock.advance(Duration.ofMinutes(2));

            for (int i = 0; i < 2; i++) { // the loader fails, and the answer stays
                assertThat(source(predictor, 1)).isEqualTo(Source.CACHE);
            }
            assertThat(predictor.describe()).contains("ml.cache.failures 1.0");
        }

        @Test
        void itsWeigherIsForOurEntriesOnly() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Caching.weigher().weigh("key", "value"))
                    .withMessageContaining("java.lang.String (expected: an answer that Caching keeps)");
        }

        @Test
        void sensitiveFeaturesAreNotInTheKeysText() {
            Schema<Map<String, ?>> schema =
                    Schema.ofMap(Feature.number("income").sensitive());
            Plimsoll.<Map<String, ?>, Double>function(ID, input -> 1.0)
                    .features(schema)
                    .with(caching)
                    .build()
                    .predict(Map.of("income", 52_000));

            assertThat(hosts.asMap().keySet())
                    .extracting(Object::toString)
                    .containsExactly("doubling:1 {income=(sensitive)}");
        }
    }

    @Nested
    class Unless {

        @Test
        void modelsThatTheHostNamesAreLeftAlone() {
            Predictor<double[], Double> predictor = doubling(Caching.entries(10)
                    .unless(model -> model.id().name().equals("other"))
                    .unless(model -> model.id().equals(ID)));

            predictor.predict(row(1));

            assertThat(source(predictor, 1)).isEqualTo(Source.MODEL);
            assertThat(predictor.describe()).doesNotContain("cache");
        }

        @Test
        void modelsThatAreSaidToDrawRandomNumbersAreLeftAlone() {
            FakeModel fake = FakeModel.ofRows("dice", 1, x -> Math.random());
            for (String said : new String[] {"false", "FALSE", "true"}) {
                Predictor<double[], Double> predictor = Plimsoll.use(saying(fake, said))
                        .as(Schema.ofDoubles(1), Output.number())
                        .with(Caching.entries(10))
                        .with(Coalescing.ofEqualInputs())
                        .build();
                predictor.predict(row(1));

                assertThat(source(predictor, 1)).isEqualTo(said.equals("true") ? Source.CACHE : Source.MODEL);
                assertThat(predictor.describe().contains("coalesce:")).isEqualTo(said.equals("true"));
            }
        }

        /** The model with an entry in its metadata, as its file may have. */
        private Model saying(FakeModel model, String deterministic) {
            ModelDescription plain = model.description();
            ModelDescription described = new ModelDescription(
                    plain.id(),
                    plain.engine(),
                    plain.engineVersion(),
                    plain.execution(),
                    plain.signature(),
                    Map.of(Caching.DETERMINISTIC, deterministic));
            return (Model) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Model.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("description")) {
                            return described;
                        }
                        return method.invoke(model, arguments);
                    });
        }
    }

    @FunctionalInterface
    private interface Behaviour {
        void intercept(CallBatch<double[], Double> calls, Interceptor.Next<double[], Double> next);
    }

    private static Interceptor<double[], Double> limit(Behaviour behaviour) {
        return new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return Stage.LIMIT.at();
            }

            @Override
            public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
                behaviour.intercept(calls, next);
            }
        };
    }
}
