package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.model.Translation;
import io.github.plimsoll.core.model.Translation.TranslatedModel;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * What a built predictor does with calls, whatever the model.
 *
 * <pre>
 * input ▸ features ▸ interceptors, by stage, the schema's check after validate ▸ terminal ▸ listeners
 * </pre>
 */
class PipelineTest {

    private static final ModelId ID = new ModelId("doubling", "7");

    /** Doubles; 666 makes it throw. */
    private static PredictorBuilder<Double, Double> doubling() {
        return Plimsoll.function(ID, number -> {
            if (number == 666) {
                throw new IllegalArgumentException("not this one");
            }
            return 2 * number;
        });
    }

    /** Doubles the number {@code x} of a map. */
    private static PredictorBuilder<Map<String, ?>, Double> table(FakeModel model) {
        return Plimsoll.use(model).as(Schema.ofMap(Feature.number("x")), Output.number());
    }

    private static FakeModel doublingModel() {
        return FakeModel.ofRows("doubling", 1, row -> 2 * row[0]);
    }

    @FunctionalInterface
    private interface Behaviour<I, O> {
        void intercept(CallBatch<I, O> calls, Interceptor.Next<I, O> next);
    }

    private static <I, O> Interceptor<I, O> at(Stage.Position position, Behaviour<I, O> behaviour) {
        return at(position, "test", behaviour);
    }

    private static <I, O> Interceptor<I, O> at(Stage.Position position, String summary, Behaviour<I, O> behaviour) {
        return new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return position;
            }

            @Override
            public void intercept(CallBatch<I, O> calls, Next<I, O> next) {
                behaviour.intercept(calls, next);
            }

            @Override
            public String summary() {
                return summary;
            }
        };
    }

    private static <I, O> Interceptor<I, O> passing(Stage.Position position, String name, List<String> log) {
        return at(position, name, (calls, next) -> {
            log.add("> " + name);
            next.proceed(calls);
            log.add("< " + name);
        });
    }

    /** What predictors log while something runs, at all levels, and keeps it out of the test's output. */
    private static List<ILoggingEvent> logOf(Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(Predictor.class);
        Level before = logger.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        try {
            action.run();
        } finally {
            logger.setAdditive(true);
            logger.setLevel(before);
            logger.detachAppender(log);
        }
        return log.list;
    }

    private static <O> PredictionException failureOf(Outcome<O> outcome) {
        return ((Outcome.Failed<O>) outcome).failure();
    }

    private static <O> O valueOf(Outcome<O> outcome) {
        return ((Outcome.Answered<O>) outcome).prediction().value();
    }

    private static final List<Stage.Position> ALL = Stream.of(Stage.values())
            .flatMap(stage -> Stream.of(stage.before(), stage.at(), stage.after()))
            .toList();

    @Provide
    Arbitrary<List<Stage.Position>> orders() {
        return Arbitraries.shuffle(ALL);
    }

    @Property(tries = 50)
    void orderIsThatOfTheStagesWhateverTheOrderOfWith(@ForAll("orders") List<Stage.Position> order) {
        List<String> log = new ArrayList<>();
        PredictorBuilder<Double, Double> builder = doubling();
        order.forEach(position -> builder.with(passing(position, "[" + position + "]", log)));

        Predictor<Double, Double> predictor = builder.build();
        predictor.predict(1.0);

        List<String> inwards =
                ALL.stream().map(position -> "> [" + position + "]").toList();
        List<String> outwards = new ArrayList<>(
                ALL.stream().map(position -> "< [" + position + "]").toList());
        Collections.reverse(outwards);
        assertThat(log)
                .isEqualTo(Stream.concat(inwards.stream(), outwards.stream()).toList());
        assertThat(predictor.describe())
                .containsSubsequence(
                        ALL.stream().map(position -> "[" + position + "]").toList());
    }

    @Nested
    class Order {

        @Test
        void theStagesAreThoseOfTheDesign() {
            assertThat(Stage.values())
                    .containsExactly(
                            Stage.VALIDATE,
                            Stage.ASSIGN,
                            Stage.FALL_BACK,
                            Stage.DEADLINE,
                            Stage.CACHE,
                            Stage.COALESCE,
                            Stage.HEDGE,
                            Stage.LIMIT,
                            Stage.BREAK,
                            Stage.RETRY,
                            Stage.BATCH);
        }

        @ParameterizedTest
        @EnumSource
        void twoInterceptorsAtOneStageAreRefused(Stage stage) {
            PredictorBuilder<Double, Double> builder = doubling()
                    .with(at(stage.at(), "one", (calls, next) -> next.proceed(calls)))
                    .with(at(stage.at(), "two", (calls, next) -> next.proceed(calls)));

            assertThatIllegalStateException()
                    .isThrownBy(builder::build)
                    .withMessageContaining(stage.at().toString())
                    .withMessageContaining("'one' and 'two'");
        }

        @Test
        void ofSeveralInterceptorsBeforeOneStageTheFirstAddedIsTheOutermost() {
            List<String> log = new ArrayList<>();
            Predictor<Double, Double> predictor = doubling()
                    .with(passing(Stage.CACHE.at(), "cache", log))
                    .with(passing(Stage.CACHE.before(), "first", log))
                    .with(passing(Stage.CACHE.after(), "third", log))
                    .with(passing(Stage.CACHE.before(), "second", log))
                    .with(passing(Stage.CACHE.after(), "fourth", log))
                    .build();

            predictor.predict(1.0);

            assertThat(log).startsWith("> first", "> second", "> cache", "> third", "> fourth");
        }

        @Test
        void anInterceptorIsNamedAfterItsClassUnlessItSaysOtherwise() {
            assertThat(doubling().with(new Passing()).build().describe()).contains("cache: Passing\n");
        }

        @Test
        void positionsNameThemselves() {
            assertThat(Stage.FALL_BACK.before()).hasToString("before fall back").isEqualTo(Stage.FALL_BACK.before());
            assertThat(Stage.CACHE.at()).hasToString("cache").isNotEqualTo(Stage.CACHE.after());
            assertThat(Stage.BATCH.after()).hasToString("after batch").isGreaterThan(Stage.BATCH.at());
            assertThat(Stage.BATCH.after().stage()).isEqualTo(Stage.BATCH);
        }

        @Test
        void whatCouldNotBeReadIsSeenByTheGuardButByNobodyBehindTheValidation() {
            List<String> log = new ArrayList<>();
            FakeModel model = doublingModel();
            Predictor<Map<String, ?>, Double> predictor = table(model)
                    .with(passing(Stage.VALIDATE.at(), "guard", log))
                    .with(passing(Stage.ASSIGN.before(), "assign", log))
                    .build();

            InvalidInputException refusal =
                    catchThrowableOfType(InvalidInputException.class, () -> predictor.predict(Map.of("y", 1)));

            assertThat(refusal.violations())
                    .extracting(Violation::code)
                    .containsExactlyInAnyOrder("missing", "unexpected");
            assertThat(refusal.reason()).isEqualTo("invalid");
            assertThat(refusal).hasMessageStartingWith("invalid input: ").hasMessageContaining("; ");
            assertThat(refusal.getStackTrace())
                    .as("costs nothing under a flood of bad inputs")
                    .isEmpty();
            assertThat(log).containsExactly("> guard", "< guard");
            assertThat(model.runs()).isZero();
        }

        @Test
        void describeSaysTheModelItsEndsAndTheStages() {
            String text = table(doublingModel())
                    .with(at(Stage.CACHE.at(), "a cache", (calls, next) -> next.proceed(calls)))
                    .with(new RecordingListener<>())
                    .build()
                    .describe();

            assertThat(text)
                    .containsSubsequence(
                            "predictor doubling:1 (Fake 1, in Java)",
                            "x: number",
                            "number from 'prediction'",
                            "after validate: the schema",
                            "cache: a cache",
                            "model",
                            "is told to RecordingListener",
                            "ml.listener.failures 0.0");
        }

        @Test
        void describeListsTheFirstFeaturesAndCountsTheRest() {
            assertThat(described(12)).contains("f11: number\n").doesNotContain("more");
            assertThat(described(13)).contains("f11: number\n", "and 1 more\n").doesNotContain("f12");
        }

        private String described(int features) {
            return Plimsoll.use(FakeModel.ofRows("wide", features, row -> 0))
                    .as(Schema.ofDoubles(features), Output.number())
                    .build()
                    .describe();
        }

        @Test
        void withoutASchemaNothingIsReadOrChecked() {
            List<String> log = new ArrayList<>();
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Predictor<Double, Double> predictor = doubling()
                    .with((Assembly<Double, Double> assembly) ->
                            log.add(assembly.features().toString()))
                    .with(listener)
                    .build();

            predictor.predict(1.0);

            assertThat(log).containsExactly("[]");
            assertThat(listener.events().get(0).features()).isNull();
            assertThat(predictor.describe()).doesNotContain("the schema");
        }

        @Test
        void anAssemblyTellsWhatIsBeingBuilt() {
            ManualClock clock = ManualClock.at(Instant.EPOCH);
            List<Object> seen = new ArrayList<>();
            FakeModel model = doublingModel();

            table(model)
                    .time(clock)
                    .with((Assembly<Map<String, ?>, Double> assembly) ->
                            seen.addAll(List.of(assembly.model(), assembly.features(), assembly.time())))
                    .build();

            assertThat(seen).containsExactly(model.description(), List.of(Feature.number("x")), clock);
        }

        @Test
        void summaryFeaturesOfAFunctionAreReadAndChecked() {
            Schema<Double> schema = Schema.builder(Double.class)
                    .value(Feature.integer("whole"), number -> number)
                    .build();
            Predictor<Double, Double> predictor = doubling().features(schema).build();

            assertThat(predictor.predict(4.0)).isEqualTo(8);
            assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> predictor.predict(4.5));
            assertThatIllegalStateException()
                    .isThrownBy(() -> doubling().features(schema).features(schema));
        }
    }

    @Nested
    class FailingInterceptors {

        @Test
        void aRuntimeExceptionFailsTheCallWithACauseAndTheInterceptorsName() {
            RuntimeException bug = new IllegalArgumentException("bug");
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.before(), "turnstile", (calls, next) -> {
                        throw bug;
                    }))
                    .build();

            assertThatExceptionOfType(PredictionException.class)
                    .isThrownBy(() -> predictor.predict(1.0))
                    .withMessageContaining("'turnstile'")
                    .withMessageContaining("before limit")
                    .withCause(bug)
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo("error"));
        }

        @Test
        void aPredictionExceptionFailsTheCallAsItIs() {
            PredictionException refusal = new ModelExecutionException("refused", null);
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        throw refusal;
                    }))
                    .build();

            assertThatThrownBy(() -> predictor.predict(1.0)).isSameAs(refusal);
        }

        @Test
        void anErrorIsNotCaught() {
            Error error = new OutOfMemoryError("not really");
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        throw error;
                    }))
                    .build();

            assertThatThrownBy(() -> predictor.predict(1.0)).isSameAs(error);
        }

        @Test
        void anAnswerThatCameThroughAFailingInterceptorIsTakenBack() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        next.proceed(calls);
                        throw new IllegalStateException("after proceeding");
                    }))
                    .with(listener)
                    .build();

            assertThatExceptionOfType(PredictionException.class)
                    .isThrownBy(() -> predictor.predict(1.0))
                    .withMessageContaining("after proceeding");
            assertThat(listener.events().get(0).value()).isNull();
            assertThat(listener.events().get(0).source()).isNull();
        }

        @Test
        void inABatchOnlyTheCallsItWasGivenFail() {
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.CACHE.at(), (calls, next) -> {
                        calls.get(1).answer(-1.0, Source.CACHE);
                        calls.get(2).fail(new PredictionException("outer", null));
                        next.proceed(calls);
                    }))
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        next.proceed(calls);
                        throw new IllegalStateException("inner");
                    }))
                    .build();

            List<Outcome<Double>> outcomes = predictor.predictEach(List.of(1.0, 2.0, 3.0, 4.0));

            assertThat(failureOf(outcomes.get(0))).hasMessageContaining("inner");
            assertThat(valueOf(outcomes.get(1))).isEqualTo(-1);
            assertThat(failureOf(outcomes.get(2))).hasMessage("outer");
            assertThat(failureOf(outcomes.get(3))).hasMessageContaining("inner");
        }

        @Test
        void anOuterInterceptorMayAnswerWhatAnInnerOneFailed() {
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.FALL_BACK.at(), (calls, next) -> {
                        next.proceed(calls);
                        for (Call<Double, Double> call : calls) {
                            if (call.failure() != null) {
                                call.reopen();
                                call.answer(0.0, Source.FALLBACK);
                            }
                        }
                    }))
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        throw new IllegalStateException("inner");
                    }))
                    .build();

            Prediction<Double> prediction = predictor.prediction(1.0);

            assertThat(prediction.value()).isZero();
            assertThat(prediction.source()).isEqualTo(Source.FALLBACK);
        }

        @Test
        void oneThatForgetsACallFailsIt() {
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.at(), (calls, next) -> next.proceed(calls.range(0, 1))))
                    .build();

            List<Outcome<Double>> outcomes = predictor.predictEach(List.of(1.0, 2.0));

            assertThat(valueOf(outcomes.get(0))).isEqualTo(2);
            assertThat(failureOf(outcomes.get(1))).hasMessageContaining("no stage answered");
        }

        @Test
        void oneThatAnswersTwiceFailsTheCall() {
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        next.proceed(calls);
                        calls.get(0).answer(1.0, Source.FALLBACK);
                    }))
                    .build();

            assertThatExceptionOfType(PredictionException.class)
                    .isThrownBy(() -> predictor.predict(1.0))
                    .withCauseInstanceOf(IllegalStateException.class)
                    .withMessageContaining("already answered");
        }

        @Test
        void oneThatFailsAnAnsweredCallFailsIt() {
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        calls.get(0).fail(new PredictionException("first", null));
                        calls.get(0).fail(new PredictionException("second", null));
                    }))
                    .build();

            assertThatExceptionOfType(PredictionException.class)
                    .isThrownBy(() -> predictor.predict(1.0))
                    .withMessageContaining("already failed");
        }

        @Test
        void aNullAnswerIsRefused() {
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.LIMIT.at(), (calls, next) -> calls.get(0).answer(null, Source.CACHE)))
                    .build();

            assertThatExceptionOfType(PredictionException.class)
                    .isThrownBy(() -> predictor.predict(1.0))
                    .withCauseInstanceOf(NullPointerException.class);
        }
    }

    @Nested
    class OneCall {

        @Test
        void aReopenedCallIsTriedAgain() {
            AtomicInteger asked = new AtomicInteger();
            Predictor<Double, Double> predictor = Plimsoll.<Double, Double>function(ID, number -> {
                        if (asked.incrementAndGet() < 3) {
                            throw new IllegalArgumentException("busy");
                        }
                        return 2 * number;
                    })
                    .with(at(Stage.RETRY.at(), (calls, next) -> {
                        next.proceed(calls);
                        while (calls.get(0).failure() != null) {
                            calls.get(0).reopen();
                            next.proceed(calls);
                        }
                    }))
                    .build();

            assertThat(predictor.predict(4.0)).isEqualTo(8);
            assertThat(asked).hasValue(3);
        }

        @Test
        void proceedingWithACallThatIsAnsweredDoesNothing() {
            List<String> log = new ArrayList<>();
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.CACHE.at(), (calls, next) -> {
                        calls.get(0).answer(5.0, Source.CACHE);
                        next.proceed(calls);
                    }))
                    .with(passing(Stage.LIMIT.at(), "limit", log))
                    .build();

            Prediction<Double> prediction = predictor.prediction(666.0);

            assertThat(prediction.value()).isEqualTo(5);
            assertThat(prediction.source()).isEqualTo(Source.CACHE);
            assertThat(log).isEmpty();
        }

        @Test
        void aCallThatIsOverNeverChanges() {
            List<Call<Double, Double>> kept = new ArrayList<>();
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.CACHE.at(), (calls, next) -> {
                        calls.forEach(kept::add);
                        next.proceed(calls);
                    }))
                    .build();
            predictor.predict(1.0);
            Call<Double, Double> call = kept.get(0);
            Violation violation = new Violation("rule", "x", "1", "2", Violation.Severity.WARNING);

            assertThatIllegalStateException().isThrownBy(call::reopen).withMessageContaining("over");
            assertThatIllegalStateException().isThrownBy(() -> call.answer(1.0, Source.CACHE));
            assertThatIllegalStateException().isThrownBy(() -> call.fail(new PredictionException("late", null)));
            assertThatIllegalStateException().isThrownBy(() -> call.warn(violation));
            assertThat(call.outcome()).isSameAs(call.outcome());
            assertThat(call.value()).isEqualTo(2);
        }

        @Test
        void thereIsNoOutcomeBeforeTheCallIsOver() {
            List<Throwable> thrown = new ArrayList<>();
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.CACHE.at(), (calls, next) -> {
                        next.proceed(calls);
                        try {
                            calls.get(0).outcome();
                        } catch (IllegalStateException tooEarly) {
                            thrown.add(tooEarly);
                        }
                    }))
                    .build();

            assertThat(predictor.predict(1.0)).isEqualTo(2);
            assertThat(thrown).singleElement().asString().contains("not over");
        }

        @Test
        void theModelAndTheListenersSeeTheRepairedFeatures() {
            RecordingListener<Map<String, ?>, Double> listener = new RecordingListener<>();
            Predictor<Map<String, ?>, Double> predictor = table(doublingModel())
                    .with(at(Stage.VALIDATE.at(), (calls, next) -> {
                        FeatureRow row = calls.get(0).features();
                        calls.get(0).repair(row.with(0, Double.parseDouble((String) row.invalidValue(0))));
                        next.proceed(calls);
                    }))
                    .with(listener)
                    .build();

            assertThat(predictor.predict(Map.of("x", "4"))).isEqualTo(8);
            assertThat(listener.events().get(0).features().number(0)).isEqualTo(4);
            assertThat(listener.events().get(0).input()).isEqualTo(Map.of("x", "4"));
        }

        @Test
        void thereIsNothingToRepairWithoutASchemaOrAfterTheCall() {
            FeatureRow row = Schema.ofDoubles(1).read(new double[] {1});
            Call<Double, Double> withoutSchema = new Call<>(
                    new CallOrigin("a", ID, TimeSource.system()), 1.0, null, 0, 0, 0, CallOptions.DEFAULT, null);
            Call<Double, Double> over = new Call<>(
                    new CallOrigin("a", ID, TimeSource.system()), 1.0, row, 0, 0, 0, CallOptions.DEFAULT, null);
            over.end(0);

            assertThatIllegalStateException()
                    .isThrownBy(() -> withoutSchema.repair(row))
                    .withMessageContaining("no schema");
            assertThatIllegalStateException().isThrownBy(() -> over.repair(row)).withMessageContaining("over");
        }

        @Test
        void aPredictionReadsAsOneLine() {
            Predictor<Double, Double> predictor = doubling().build();

            Prediction<Double> prediction = predictor.prediction(1.0);

            assertThat(prediction).hasToString("2.0 (doubling:7, MODEL, " + prediction.id() + ")");
            assertThat(predictor).hasToString("predictor doubling:7");
        }

        @Test
        void warningsComeWithTheAnswerAndReachTheListeners() {
            Violation odd = new Violation("odd", "x", "1", "even", Violation.Severity.WARNING);
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.VALIDATE.at(), (calls, next) -> {
                        calls.get(0).warn(odd);
                        next.proceed(calls);
                    }))
                    .with(listener)
                    .build();

            Prediction<Double> prediction = predictor.prediction(1.0);

            assertThat(prediction.warnings()).containsExactly(odd).isUnmodifiable();
            assertThat(listener.events().get(0).warnings()).containsExactly(odd).isUnmodifiable();
        }
    }

    @Nested
    class Batches {

        @Test
        void openGivesTheOpenCallsInOrderAndTheBatchItselfIfThatIsAllOfThem() {
            CallBatch<Double, Double> batch = CallBatch.of(List.of(call(1), call(2), call(3)));
            assertThat(batch.open()).isSameAs(batch);
            assertThat(batch.range(0, 3)).isSameAs(batch);

            batch.get(1).answer(0.0, Source.CACHE);

            assertThat(batch.open()).extracting(Call::input).containsExactly(1.0, 3.0);
            assertThat(batch.range(1, 3)).extracting(Call::input).containsExactly(2.0, 3.0);
            assertThat(batch.size()).isEqualTo(3);
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> batch.range(1, 4));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> batch.get(3));
            var iterator = CallBatch.of(List.<Call<Double, Double>>of()).iterator();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        }

        private Call<Double, Double> call(double input) {
            return new Call<>(
                    new CallOrigin("a", ID, TimeSource.system()), input, null, 0, 0, 0, CallOptions.DEFAULT, null);
        }
    }

    @Nested
    class Listeners {

        @Test
        void oneThatThrowsChangesNothingAndIsCountedAndWarnedOfOnce() {
            RecordingListener<Double, Double> other = new RecordingListener<>();
            Predictor<Double, Double> predictor = doubling()
                    .with((PredictionListener<Double, Double>) event -> {
                        throw new IllegalStateException("listener's bug");
                    })
                    .with((PredictionListener<Double, Double>) event -> {
                        throw new NoClassDefFoundError("listener's jar");
                    })
                    .with(other)
                    .build();

            List<ILoggingEvent> log = logOf(() -> {
                assertThat(predictor.predict(1.0)).isEqualTo(2);
                assertThat(predictor.predictAll(List.of(2.0))).containsExactly(4.0);
            });

            assertThat(other.events()).hasSize(2);
            assertThat(predictor.describe()).contains("ml.listener.failures 4.0");
            assertThat(log)
                    .extracting(ILoggingEvent::getLevel)
                    .containsExactly(Level.WARN, Level.DEBUG, Level.DEBUG, Level.DEBUG);
            assertThat(log.get(0).getThrowableProxy().getMessage()).isEqualTo("listener's bug");
        }

        @Test
        void anErrorThatIsNoLinkageErrorPasses() {
            Predictor<Double, Double> predictor = doubling()
                    .with((PredictionListener<Double, Double>) event -> {
                        throw new OutOfMemoryError("not really");
                    })
                    .build();

            assertThatThrownBy(() -> predictor.predict(1.0)).isInstanceOf(OutOfMemoryError.class);
        }

        @Test
        void areToldOfFailures() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Predictor<Double, Double> predictor = doubling().with(listener).build();

            PredictionException thrown =
                    catchThrowableOfType(PredictionException.class, () -> predictor.predict(666.0));

            PredictionEvent<Double, Double> event = listener.events().get(0);
            assertThat(event.failure()).isSameAs(thrown);
            assertThat(failureOf(event.outcome())).isSameAs(thrown);
            assertThat(event.value()).isNull();
            assertThat(event.source()).isNull();
            assertThat(event.input()).isEqualTo(666);
            assertThat(event.model()).isEqualTo(ID);
        }

        @Test
        void areToldOfRefusedInputsWithTheirFeatures() {
            RecordingListener<Map<String, ?>, Double> listener = new RecordingListener<>();
            Predictor<Map<String, ?>, Double> predictor =
                    table(doublingModel()).with(listener).build();

            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> predictor.predict(Map.of("x", "1")));

            assertThat(listener.events().get(0).features().isInvalid(0)).isTrue();
            assertThat(listener.events().get(0).failure()).isInstanceOf(InvalidInputException.class);
        }

        @Test
        void areToldOfAnswersThatCameFromElsewhere() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Predictor<Double, Double> predictor = doubling()
                    .with(at(Stage.CACHE.at(), (calls, next) -> calls.get(0).answer(5.0, Source.CACHE)))
                    .with(listener)
                    .build();

            predictor.predict(1.0);

            assertThat(listener.events()).singleElement().satisfies(event -> {
                assertThat(event.source()).isEqualTo(Source.CACHE);
                assertThat(event.value()).isEqualTo(5);
            });
        }

        @Test
        void areToldInTheOrderOfAddingForOneInputAfterTheOther() {
            List<String> log = new ArrayList<>();
            Predictor<Double, Double> predictor = doubling()
                    .with((PredictionListener<Double, Double>) event -> log.add("a" + event.value()))
                    .with((PredictionListener<Double, Double>) event -> log.add("b" + event.value()))
                    .build();

            predictor.predictAll(List.of(1.0, 2.0));

            assertThat(log).containsExactly("a2.0", "b2.0", "a4.0", "b4.0");
        }
    }

    @Nested
    class IdsAndTimes {

        private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00.123Z"));

        @Test
        void idsAreUniqueAndTheSameForAnswerAndListener() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            PredictorBuilder<Double, Double> builder = doubling().with(listener);
            List<String> returned = new ArrayList<>();

            for (Predictor<Double, Double> predictor : List.of(builder.build(), builder.build())) {
                for (int i = 0; i < 100; i++) {
                    returned.add(predictor.prediction(1.0).id());
                }
            }

            assertThat(returned).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-z]+-[0-9a-z]+"));
            assertThat(listener.events()).extracting(PredictionEvent::id).isEqualTo(returned);
        }

        @Test
        void idsOfABatchAreUniqueToo() {
            Predictor<Double, Double> predictor = doubling().build();
            Set<String> ids = new HashSet<>();

            predictor
                    .predictEach(List.of(1.0, 1.0, 1.0))
                    .forEach(outcome -> ids.add(
                            ((Outcome.Answered<Double>) outcome).prediction().id()));
            ids.add(predictor.prediction(1.0).id());

            assertThat(ids).hasSize(4);
        }

        @Test
        void timingsAreThoseOfTheClock() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Predictor<Double, Double> predictor = Plimsoll.<Double, Double>function(ID, number -> {
                        clock.advance(Duration.ofMillis(40));
                        return number;
                    })
                    .time(clock)
                    .with(at(Stage.BATCH.at(), (calls, next) -> {
                        clock.advance(Duration.ofMillis(5));
                        calls.get(0).queued(2_000_000);
                        calls.get(0).queued(3_000_000);
                        next.proceed(calls);
                        clock.setBack(Duration.ofHours(1)); // the wall clock, which measures nothing
                    }))
                    .with(listener)
                    .build();

            Prediction<Double> prediction = predictor.prediction(1.0);

            Prediction.Timings expected = new Prediction.Timings(
                    Duration.ofMillis(45), Duration.ofMillis(5), Duration.ZERO, Duration.ofMillis(40));
            assertThat(prediction.timings()).isEqualTo(expected);
            PredictionEvent<Double, Double> event = listener.events().get(0);
            assertThat(event.timings()).isEqualTo(expected);
            assertThat(event.totalNanos()).isEqualTo(45_000_000);
            assertThat(event.time()).isEqualTo(Instant.parse("2026-03-01T12:00:00.123Z"));
        }

        @Test
        void inputsThatAreAnsweredTogetherEachCarryTheWholeRun() {
            FakeModel model = FakeModel.ofRows("slow", 1, row -> {
                clock.advance(Duration.ofMillis(10));
                return row[0];
            });
            Predictor<Map<String, ?>, Double> predictor =
                    table(model).time(clock).build();

            List<Outcome<Double>> outcomes = predictor.predictEach(List.of(Map.of("x", 1), Map.of("x", 2)));

            assertThat(outcomes)
                    .extracting(outcome ->
                            ((Outcome.Answered<Double>) outcome).prediction().timings())
                    .containsOnly(new Prediction.Timings(
                            Duration.ofMillis(20), Duration.ZERO, Duration.ZERO, Duration.ofMillis(20)));
        }

        @Test
        void ofTheTimeInATableModelTheEnginesShareAndTheRestAreKeptApart() {
            AtomicInteger readings = new AtomicInteger();
            TimeSource stepping = new TimeSource() {
                @Override
                public long currentTimeMillis() {
                    return 0;
                }

                @Override
                public long nanoTime() { // call, fill, run, read, done, over: each takes twice as long as the last
                    return 1L << readings.getAndIncrement();
                }
            };
            Predictor<Map<String, ?>, Double> predictor =
                    table(doublingModel()).time(stepping).build();

            Prediction.Timings timings = predictor.prediction(Map.of("x", 1)).timings();

            assertThat(timings)
                    .isEqualTo(new Prediction.Timings(
                            Duration.ofNanos(32 - 1), Duration.ZERO, Duration.ofNanos(2 + 8), Duration.ofNanos(4)));
        }

        @Test
        void theTimesOfSeveralAttemptsAddUp() {
            Predictor<Double, Double> predictor = Plimsoll.<Double, Double>function(ID, number -> {
                        clock.advance(Duration.ofMillis(10));
                        return number;
                    })
                    .time(clock)
                    .with(at(Stage.RETRY.at(), (calls, next) -> {
                        for (int i = 0; i < 3; i++) {
                            calls.get(0).reopen();
                            next.proceed(calls);
                        }
                    }))
                    .build();

            assertThat(predictor.prediction(1.0).timings().inference()).isEqualTo(Duration.ofMillis(30));
        }

        @Test
        void theSystemsTimeIsTheJvms() {
            long millisBefore = System.currentTimeMillis();
            long nanosBefore = System.nanoTime();

            assertThat(TimeSource.system().currentTimeMillis()).isBetween(millisBefore, System.currentTimeMillis());
            assertThat(TimeSource.system().nanoTime()).isBetween(nanosBefore, System.nanoTime());
        }

        @Test
        void aTickerThatGoesBackGivesNoNegativeTime() {
            AtomicInteger ticker = new AtomicInteger(1000);
            TimeSource broken = new TimeSource() {
                @Override
                public long currentTimeMillis() {
                    return 0;
                }

                @Override
                public long nanoTime() {
                    return ticker.addAndGet(-100);
                }
            };
            Predictor<Double, Double> predictor = doubling().time(broken).build();

            assertThat(predictor.prediction(1.0).timings().total()).isZero();
        }
    }

    @Nested
    class Many {

        private final FakeModel model = doublingModel();
        private final RecordingListener<Map<String, ?>, Double> listener = new RecordingListener<>();
        private final Predictor<Map<String, ?>, Double> predictor =
                table(model).with(listener).build();

        @Test
        void answersComeInTheOrderOfTheInputsFromOneRun() {
            assertThat(predictor.predictAll(List.of(Map.of("x", 1), Map.of("x", 2), Map.of("x", 3))))
                    .containsExactly(2.0, 4.0, 6.0);
            assertThat(model.runs()).isEqualTo(1);
            assertThat(model.openInferences()).isZero();
        }

        @Test
        void badInputsFailAloneAndTheExceptionHasTheOthersAnswers() {
            List<Map<String, ?>> inputs = List.of(Map.of("x", 1), Map.of("x", "two"), Map.of("x", 3), Map.of());

            PartialFailureException partial =
                    catchThrowableOfType(PartialFailureException.class, () -> predictor.predictAll(inputs));

            assertThat(partial)
                    .hasMessageStartingWith("2 of 4 inputs failed, first inputs[1]: ")
                    .hasCauseInstanceOf(InvalidInputException.class);
            assertThat(partial.reason()).isEqualTo("partial");
            assertThat(partial.outcomes()).hasSize(4).isUnmodifiable();
            assertThat(partial.outcomes().stream().map(outcome -> outcome instanceof Outcome.Answered))
                    .containsExactly(true, false, true, false);
            assertThat(((Outcome.Answered<?>) partial.outcomes().get(2))
                            .prediction()
                            .value())
                    .isEqualTo(6.0);
            assertThat(model.runs()).isEqualTo(1);
            assertThat(listener.events()).hasSize(4);
        }

        @Test
        void anAccessorThatThrowsFailsItsInputAloneAndIsTold() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Schema<Double> schema = Schema.builder(Double.class)
                    .number("inverse", x -> {
                        if (x == 0) {
                            throw new ArithmeticException("no inverse");
                        }
                        return 1 / x;
                    })
                    .build();
            try (Predictor<Double, Double> predictor = Plimsoll.use(FakeModel.ofRows("m", 1, row -> row[0]))
                    .as(schema, Output.number())
                    .with(listener)
                    .build()) {
                assertThat(predictor.predictEach(List.of(2.0, 0.0, 4.0)))
                        .satisfiesExactly(
                                first -> assertThat(first).isInstanceOf(Outcome.Answered.class),
                                second -> assertThat(((Outcome.Failed<Double>) second).failure())
                                        .hasMessageContaining("the input could not be read")
                                        .hasRootCauseInstanceOf(ArithmeticException.class),
                                third -> assertThat(third).isInstanceOf(Outcome.Answered.class));
            }
            assertThat(listener.events()).hasSize(3);
            assertThat(listener.events().get(1).features()).isNull();
        }

        @Test
        void predictEachThrowsForNone() {
            List<Outcome<Double>> outcomes = predictor.predictEach(List.of(Map.of("x", "one"), Map.of("x", 2)));

            assertThat(failureOf(outcomes.get(0))).isInstanceOf(InvalidInputException.class);
            assertThat(valueOf(outcomes.get(1))).isEqualTo(4);
        }

        @Test
        void aPartialFailureNeedsAFailure() {
            List<Outcome<Double>> outcomes = predictor.predictEach(List.of(Map.of("x", 2)));

            assertThatThrownBy(() -> new PartialFailureException(outcomes))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void noInputsGiveNoAnswersAndAskNobody() {
            assertThat(predictor.predictAll(List.of())).isEmpty();
            assertThat(predictor.predictEach(List.of())).isEmpty();
            assertThat(doubling().build().predictAll(List.of())).isEmpty();
            assertThat(model.runs()).isZero();
            assertThat(listener.events()).isEmpty();
        }

        @Test
        void aNullAmongTheInputsKeepsAllFromBeingAnswered() {
            List<Map<String, ?>> inputs = Arrays.asList(Map.of("x", 1), null);

            assertThatNullPointerException()
                    .isThrownBy(() -> predictor.predictAll(inputs))
                    .withMessage("inputs[1]");
            assertThatNullPointerException()
                    .isThrownBy(() -> predictor.predictEach(inputs))
                    .withMessage("inputs[1]");
            assertThatNullPointerException().isThrownBy(() -> predictor.predictAll(null));
            assertThatNullPointerException()
                    .isThrownBy(() -> predictor.predict(null))
                    .withMessage("input");
            assertThatNullPointerException()
                    .isThrownBy(() -> predictor.prediction(null))
                    .withMessage("input");
            assertThat(model.runs()).isZero();
            assertThat(listener.events()).isEmpty();
        }

        @Test
        void moreInputsThanOneRunTakesAreSplit() {
            List<Map<String, ?>> inputs = IntStream.range(0, 2500)
                    .<Map<String, ?>>mapToObj(i -> Map.of("x", i))
                    .toList();

            List<Double> answers = predictor.predictAll(inputs);

            assertThat(answers)
                    .isEqualTo(IntStream.range(0, 2500).mapToObj(i -> 2.0 * i).toList());
            assertThat(model.runs()).isEqualTo(3); // of 1024 rows each
            assertThat(model.openInferences()).isZero();
        }

        @Test
        void aRunThatFailsDoesNotTouchTheOthers() {
            FakeModel failing = FakeModel.ofRows("failing", 1, row -> {
                if (row[0] == 1030) {
                    throw new IllegalStateException("native trouble");
                }
                return row[0];
            });
            List<Map<String, ?>> inputs = IntStream.range(0, 2500)
                    .<Map<String, ?>>mapToObj(i -> Map.of("x", i))
                    .toList();

            List<Outcome<Double>> outcomes = table(failing).build().predictEach(inputs);

            assertThat(IntStream.range(0, 2500).filter(i -> outcomes.get(i) instanceof Outcome.Failed))
                    .containsExactlyElementsOf(
                            IntStream.range(1024, 2048).boxed().toList());
            assertThat(failureOf(outcomes.get(1024)))
                    .isInstanceOf(ModelExecutionException.class)
                    .hasMessageContaining("native trouble");
            assertThat(failing.openInferences()).isZero();
        }

        @Test
        void rowsThatTheModelCannotHoldFailAloneAndTheRestRunsTogether() {
            FakeModel narrow = FakeModel.of(
                    new ModelId("narrow", "1"),
                    new ModelSignature(
                            List.of(TensorSpec.of("x", ElementType.FLOAT32, -1, 1)),
                            List.of(TensorSpec.of("y", ElementType.FLOAT64, -1))),
                    (in, out) -> {
                        for (int row = 0; row < in.get(0).rows(); row++) {
                            out.get(0).number(row, in.get(0).number(row));
                        }
                    });

            List<Outcome<Double>> outcomes = table(narrow)
                    .build()
                    .predictEach(List.of(Map.of("x", 1e300), Map.of("x", 1), Map.of("x", -1e300), Map.of("x", 2)));

            assertThat(valueOf(outcomes.get(1))).isEqualTo(1);
            assertThat(valueOf(outcomes.get(3))).isEqualTo(2);
            assertThat(failureOf(outcomes.get(0)))
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            refusal -> assertThat(refusal.violations())
                                    .singleElement()
                                    .satisfies(violation -> {
                                        assertThat(violation.code()).isEqualTo(Violation.INEXACT);
                                        assertThat(violation.path()).isEqualTo("x");
                                    }));
            assertThat(failureOf(outcomes.get(2))).isInstanceOf(InvalidInputException.class);
            assertThat(narrow.runs()).isEqualTo(1);
            assertThat(narrow.openInferences()).isZero();
        }

        @Test
        void anOutputThatIsNoAnswerFailsItsRowAlone() {
            FakeModel odd = FakeModel.ofRows("odd", 1, row -> row[0] == 2 ? Double.NaN : 1 / row[0]);

            List<Outcome<Double>> outcomes =
                    table(odd).build().predictEach(List.of(Map.of("x", 1), Map.of("x", 2), Map.of("x", 0)));

            assertThat(valueOf(outcomes.get(0))).isEqualTo(1);
            assertThat(failureOf(outcomes.get(1)))
                    .isInstanceOf(ModelOutputException.class)
                    .hasMessageContaining("NaN");
            assertThat(failureOf(outcomes.get(2)))
                    .isInstanceOf(ModelOutputException.class)
                    .hasMessageContaining("Infinity");
            assertThat(failureOf(outcomes.get(2)).reason()).isEqualTo("output");
        }

        @Test
        void aMappingThatThrowsOrGivesNullFailsItsRowAlone() {
            RuntimeException bug = new IllegalArgumentException("bug");
            Predictor<Map<String, ?>, String> mapped = Plimsoll.use(model)
                    .as(Schema.ofMap(Feature.number("x")), Output.number().map(number -> {
                        if (number == 2) {
                            throw bug;
                        }
                        return number == 4 ? null : "it is " + number;
                    }))
                    .build();

            List<Outcome<String>> outcomes =
                    mapped.predictEach(List.of(Map.of("x", 1), Map.of("x", 2), Map.of("x", 3)));

            assertThat(failureOf(outcomes.get(0)))
                    .isInstanceOf(ModelOutputException.class)
                    .hasCause(bug);
            assertThat(failureOf(outcomes.get(1)))
                    .isInstanceOf(ModelOutputException.class)
                    .hasMessageContaining("null");
            assertThat(valueOf(outcomes.get(2))).isEqualTo("it is 6.0");
        }

        @Test
        void aModelThatBreaksItsContractFailsTheWholeRun() {
            RuntimeException bug = new IndexOutOfBoundsException("bug");
            WrappedModel broken = WrappedModel.answering(model, tensor -> {
                throw bug;
            });

            List<Outcome<Double>> outcomes = Plimsoll.use(broken)
                    .as(Schema.ofMap(Feature.number("x")), Output.number())
                    .build()
                    .predictEach(List.of(Map.of("x", 1), Map.of("x", 2)));

            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(failureOf(outcome))
                            .isInstanceOf(ModelExecutionException.class)
                            .hasCause(bug));
            assertThat(model.openInferences()).isZero();
        }

        @Test
        void aModelThatGivesAnotherNumberOfRowsFailsTheWholeRun() {
            WrappedModel short1 =
                    WrappedModel.answering(doublingModel(), tensor -> Tensor.of(DoubleBuffer.allocate(1), 1, 1));

            List<Outcome<Double>> outcomes = Plimsoll.use(short1)
                    .as(Schema.ofMap(Feature.number("x")), Output.number())
                    .build()
                    .predictEach(List.of(Map.of("x", 1), Map.of("x", 2)));

            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(failureOf(outcome))
                            .isInstanceOf(ModelOutputException.class)
                            .hasMessageContaining("2 rows"));
        }
    }

    @Nested
    class Async {

        private final Deque<Runnable> queue = new ArrayDeque<>();

        @Test
        void withoutAnExecutorItRefuses() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> doubling().build().predictAsync(1.0))
                    .withMessageContaining("PredictorBuilder.executor");
        }

        @Test
        void aNullInputIsRefusedAtOnce() {
            assertThatNullPointerException()
                    .isThrownBy(() -> doubling().executor(queue::add).build().predictAsync(null));
            assertThat(queue).isEmpty();
        }

        @Test
        void theExecutorAnswers() {
            CompletableFuture<Double> future =
                    doubling().executor(queue::add).build().predictAsync(1.0);
            assertThat(future).isNotDone();

            queue.remove().run();

            assertThat(future).isCompletedWithValue(2.0);
        }

        @Test
        void aRefusalOfTheExecutorEndsTheFuture() {
            RejectedExecutionException refusal = new RejectedExecutionException("full");
            CompletableFuture<Double> future = doubling()
                    .executor(task -> {
                        throw refusal;
                    })
                    .build()
                    .predictAsync(1.0);

            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(future::join)
                    .havingCause()
                    .isExactlyInstanceOf(PredictionException.class)
                    .withCause(refusal);
        }

        @Test
        void aCallThatIsCancelledBeforeItBeginsNeverBegins() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            CompletableFuture<Double> future =
                    doubling().executor(queue::add).with(listener).build().predictAsync(1.0);

            future.cancel(false);
            queue.remove().run();

            assertThat(future).isCancelled();
            assertThat(listener.events()).isEmpty();
        }

        @Test
        void aCallThatIsCancelledWhileTheModelRunsRunsToItsEnd() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            List<CompletableFuture<Double>> futures = new ArrayList<>();
            Predictor<Double, Double> predictor = Plimsoll.function(ID, (Double number) -> {
                        futures.get(0).cancel(true);
                        return 2 * number;
                    })
                    .executor(queue::add)
                    .with(listener)
                    .build();
            futures.add(predictor.predictAsync(1.0));

            queue.remove().run();

            assertThat(futures.get(0)).isCancelled();
            assertThat(listener.events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.value()).isEqualTo(2));
        }

        @Test
        void aCallThatIsCancelledOnItsWayIsNotGivenToTheModel() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            List<CompletableFuture<Double>> futures = new ArrayList<>();
            Predictor<Double, Double> predictor = Plimsoll.<Double, Double>function(ID, number -> {
                        throw new AssertionError("asked");
                    })
                    .executor(queue::add)
                    .with(listener)
                    .with(at(Stage.LIMIT.at(), (calls, next) -> {
                        futures.get(0).cancel(true);
                        next.proceed(calls);
                    }))
                    .build();
            futures.add(predictor.predictAsync(1.0));

            queue.remove().run();

            assertThat(futures.get(0)).isCancelled();
            assertThat(listener.events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.failure())
                            .isInstanceOf(CallCancelledException.class)
                            .hasMessageMatching(
                                    "call [0-9a-f]+-0: cancelled by its caller before the model was asked"));
        }

        @Test
        void aFailureAndEvenAnErrorEndTheFuture() {
            Error error = new StackOverflowError("not really");
            Predictor<Double, Double> predictor = Plimsoll.<Double, Double>function(ID, number -> {
                        if (number == 1) {
                            throw error;
                        }
                        throw new IllegalArgumentException("bug");
                    })
                    .executor(Runnable::run)
                    .build();

            assertThat(predictor.predictAsync(1.0))
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(ExecutionException.class)
                    .withCause(error);
            assertThat(predictor.predictAsync(2.0))
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ModelExecutionException.class);
        }
    }

    @Nested
    class Functions {

        @Test
        void whatTheFunctionThrowsIsWrappedOnce() {
            Predictor<Double, Double> predictor = doubling().build();

            assertThatExceptionOfType(ModelExecutionException.class)
                    .isThrownBy(() -> predictor.predict(666.0))
                    .withMessageContaining("doubling:7")
                    .withMessageContaining("not this one")
                    .satisfies(failure -> assertThat(failure.getStackTrace()).isNotEmpty())
                    .withCauseInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void aPredictionExceptionOfTheFunctionIsKept() {
            PredictionException refusal = new PredictionException("refused", null);
            Predictor<Double, Double> predictor = Plimsoll.<Double, Double>function(ID, number -> {
                        throw refusal;
                    })
                    .build();

            assertThatThrownBy(() -> predictor.predict(1.0)).isSameAs(refusal);
        }

        @Test
        void nullIsNoAnswer() {
            Predictor<Double, Double> predictor =
                    Plimsoll.<Double, Double>function(ID, number -> null).build();

            assertThatExceptionOfType(ModelOutputException.class)
                    .isThrownBy(() -> predictor.predict(1.0))
                    .withMessageContaining("doubling:7: null (expected: a value)");
        }

        @Test
        void inABatchEachInputIsOnItsOwn() {
            List<Outcome<Double>> outcomes = doubling().build().predictEach(List.of(1.0, 666.0, 3.0));

            assertThat(valueOf(outcomes.get(0))).isEqualTo(2);
            assertThat(failureOf(outcomes.get(1))).isInstanceOf(ModelExecutionException.class);
            assertThat(valueOf(outcomes.get(2))).isEqualTo(6);
        }
    }

    @Nested
    class Closing {

        private final List<String> log = new ArrayList<>();

        /** A model's end that notes that it was closed. */
        private PredictorBuilder<Double, Double> closeable() {
            return new PredictorBuilder<>(() -> new LoggingTerminal(log), null);
        }

        private Capability<Double, Double> holding(String... resources) {
            return assembly -> {
                for (String resource : resources) {
                    assembly.onClose(() -> log.add(resource));
                }
            };
        }

        @Test
        void theModelGoesFirstThenTheResourcesInOppositeOrderAndAllOnlyOnce() {
            Predictor<Double, Double> predictor =
                    closeable().with(holding("a", "b")).with(holding("c")).build();

            predictor.close();
            predictor.close();

            assertThat(log).containsExactly("model", "c", "b", "a");
        }

        @Test
        void theModelIsClosedWhenAllThatDrainsHasLetItGo() {
            List<Runnable> waiting = new ArrayList<>();
            Predictor<Double, Double> predictor = closeable()
                    .with(holding("a"))
                    .with(assembly -> assembly.beforeClose(rest -> {
                        log.add("at once");
                        rest.run();
                    }))
                    .with(assembly -> assembly.beforeClose(waiting::add))
                    .build();

            predictor.close();
            predictor.close();
            assertThat(log).doesNotContain("model");
            assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> predictor.predict(1.0));
            assertThat(waiting).hasSize(1);
            waiting.get(0).run();

            assertThat(log).containsExactly("at once", "model", "a");
        }

        @Test
        void aResourceThatFailsToCloseKeepsNoOtherFromIt() {
            Predictor<Double, Double> predictor = closeable()
                    .with(holding("a"))
                    .with((Assembly<Double, Double> assembly) -> assembly.onClose(() -> {
                        throw new IOException("disk full");
                    }))
                    .with(holding("c"))
                    .build();

            List<ILoggingEvent> logged = logOf(predictor::close);

            assertThat(log).containsExactly("model", "c", "a");
            assertThat(logged).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getThrowableProxy().getMessage()).isEqualTo("disk full");
            });
        }

        @Test
        void aClosedPredictorAnswersNothing() {
            RecordingListener<Double, Double> listener = new RecordingListener<>();
            Predictor<Double, Double> predictor =
                    doubling().executor(Runnable::run).with(listener).build();
            predictor.close();

            assertThatExceptionOfType(ModelClosedException.class)
                    .isThrownBy(() -> predictor.predict(1.0))
                    .withMessageContaining("doubling:7")
                    .satisfies(failure -> assertThat(failure.reason()).isEqualTo("closed"));
            assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> predictor.prediction(1.0));
            assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> predictor.predictAll(List.of(1.0)));
            assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> predictor.predictEach(List.of(1.0)));
            assertThat(predictor.predictAsync(1.0)).isCompletedExceptionally();
            assertThat(listener.events()).isEmpty();
        }

        @Test
        void theHostsOwnModelStaysOpen() {
            FakeModel model = doublingModel();
            Predictor<Map<String, ?>, Double> first = table(model).build();
            Predictor<Map<String, ?>, Double> second = table(model).build();

            first.close();

            assertThat(model.isClosed()).isFalse();
            assertThat(second.predict(Map.of("x", 1))).isEqualTo(2);
        }

        @Test
        void aModelThatTheHostClosesFailsItsCalls() {
            FakeModel model = doublingModel();
            Predictor<Map<String, ?>, Double> predictor = table(model).build();
            model.close();

            assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> predictor.predict(Map.of("x", 1)));
            assertThat(predictor.predictEach(List.of(Map.of("x", 1)))).hasOnlyElementsOfType(Outcome.Failed.class);
            assertThat(model.openInferences()).isZero();
        }

        @Test
        void aBuildThatFailsClosesTheModelAndWhatWasAttached() {
            PredictorBuilder<Double, Double> builder = closeable()
                    .with(holding("a", "b"))
                    .with((Assembly<Double, Double> assembly) -> {
                        throw new IllegalStateException("no room");
                    })
                    .with(holding("c"));

            assertThatIllegalStateException().isThrownBy(builder::build).withMessage("no room");
            assertThat(log).containsExactly("model", "b", "a");
        }

        @Test
        void aBuildThatFailsLeavesTheHostsOwnModelOpen() {
            FakeModel model = doublingModel();
            PredictorBuilder<Map<String, ?>, Double> builder = table(model)
                    .with((Assembly<Map<String, ?>, Double> assembly) -> {
                        throw new IllegalStateException("no room");
                    });

            assertThatIllegalStateException().isThrownBy(builder::build);
            assertThatExceptionOfType(ModelMismatchException.class)
                    .isThrownBy(() -> Plimsoll.use(model)
                            .as(Schema.ofDoubles(2), Output.number())
                            .build());
            assertThat(model.isClosed()).isFalse();
        }

        @Test
        void aTranslatedModelIsClosedWithThePredictorAndWhenTheBuildFails(@TempDir Path folder) {
            Translation<Double, Double> translation = (location, options) -> new TranslatedModel<>() {
                @Override
                public ModelDescription description() {
                    return new ModelDescription(
                            ID, "none", "1", "in a test", new ModelSignature(List.of(), List.of()), Map.of());
                }

                @Override
                public Double answer(Double input) {
                    return -input;
                }

                @Override
                public void close() {
                    log.add("model in " + location.getFileName());
                }
            };
            PredictorBuilder<Double, Double> builder = Plimsoll.load(folder).as(translation);

            try (Predictor<Double, Double> predictor = builder.build()) {
                assertThat(predictor.predict(3.0)).isEqualTo(-3);
                assertThat(predictor.describe()).contains("inputs as they are, one at a time");
                assertThat(log).isEmpty();
            }
            builder.with((Assembly<Double, Double> assembly) -> {
                throw new IllegalStateException("no room");
            });
            assertThatIllegalStateException().isThrownBy(builder::build);

            String closed = "model in " + folder.getFileName();
            assertThat(log).containsExactly(closed, closed);
        }

        @Test
        void aModelThatIsOpenTakesNoOptionsAndNoTranslation() {
            FakeModel model = doublingModel();
            ModelSource source = Plimsoll.use(model);

            assertThat(source.open()).isSameAs(model);
            assertThatIllegalStateException().isThrownBy(() -> source.with(LoadOptions.defaults()));
            assertThatIllegalStateException()
                    .isThrownBy(() -> source.as((Translation<Double, Double>) (path, options) -> null));
        }

        @Test
        void eachBuildOfOneBuilderHasAModelOfItsOwn() {
            PredictorBuilder<Double, Double> builder = closeable();
            Predictor<Double, Double> first = builder.build();
            Predictor<Double, Double> second = builder.build();

            first.close();

            assertThat(second.predict(3.0)).isEqualTo(3);
            second.close();
            assertThat(log).containsExactly("model", "model");
        }
    }

    /** Has no summary of its own. */
    private static final class Passing implements Interceptor<Double, Double> {

        @Override
        public Stage.Position position() {
            return Stage.CACHE.at();
        }

        @Override
        public void intercept(CallBatch<Double, Double> calls, Next<Double, Double> next) {
            next.proceed(calls);
        }
    }

    /** Answers inputs with themselves. */
    private record LoggingTerminal(List<String> log) implements Terminal<Double, Double> {

        @Override
        public ModelDescription description() {
            return new ModelDescription(
                    ID, "none", "1", "in a test", new ModelSignature(List.of(), List.of()), Map.of());
        }

        @Override
        public void answer(CallBatch<Double, Double> calls, long now, TimeSource time) {
            calls.forEach(call -> call.answer(call.input(), Source.MODEL));
        }

        @Override
        public String summary() {
            return "itself";
        }

        @Override
        public void close() {
            log.add("model");
        }
    }

    // Kept here so that the compiler sees that a capability for any input and answer fits every builder.
    @Test
    void aCapabilityForAnyTypesFitsEveryBuilder() {
        AtomicInteger told = new AtomicInteger();
        Capability<Object, Object> any =
                assembly -> assembly.add((PredictionListener<Object, Object>) event -> told.incrementAndGet());

        doubling().with(any).build().predict(1.0);
        table(doublingModel()).with(any).build().predict(Map.of("x", 1));

        assertThat(told).hasValue(2);
    }
}
