package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.FakePredictor;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FallbackTest {

    private final Calls calls = new Calls();

    @AfterEach
    void close() {
        calls.close();
    }

    /** A model that fails for odd inputs. */
    private Predictor<Integer, Double> failing(Fallback<? super Integer, Double> fallback) {
        return calls.<Integer, Double>model(n -> {
                    if (n % 2 != 0) {
                        throw new IllegalStateException("odd");
                    }
                    return n.doubleValue();
                })
                .with(fallback)
                .build();
    }

    @Test
    void aValueOfAnotherTypeThanTheAnswersIsRefusedAtBuild() {
        var credit = Plimsoll.use(FakeModel.ofRows("credit", 1, row -> row[0]))
                .as(Schema.ofFloats(List.of(Feature.number("x"))), Output.number());

        credit.with(Fallback.to("0.5"));

        assertThatIllegalArgumentException()
                .isThrownBy(credit::build)
                .withMessage("fallback: 0.5, a String (expected: a Double, as the predictor's answers are)");
    }

    @Test
    void aValueIsTakenAsItIsWhereTheTypeOfTheAnswersIsNotKnown() {
        try (var words = Plimsoll.use(FakeModel.ofRows("credit", 1, row -> Double.NaN))
                .as(
                        Schema.ofFloats(List.of(Feature.number("x"))),
                        Output.number().map(x -> x > 0 ? "yes" : "no"))
                .with(Fallback.to("maybe"))
                .build()) {
            assertThat(words.predict(new float[] {1})).isEqualTo("maybe");
        }
    }

    @Test
    void inputsThatFailTogetherAreAskedTogetherUnderATimeout() {
        List<Integer> sizes = new ArrayList<>();
        Predictor<Integer, Double> second = calls.<Integer, Double>model(n -> 0.5)
                .with(Calls.<Integer, Double>interceptor(Stage.BATCH.at(), (batch, next) -> {
                    sizes.add(batch.size());
                    next.proceed(batch);
                }))
                .build();
        Predictor<Integer, Double> predictor = calls.<Integer, Double>model(n -> {
                    throw new IllegalStateException("broken");
                })
                .with(Timeout.of(Duration.ofSeconds(1)))
                .with(Fallback.askedOf(second))
                .build();

        predictor.predictAll(List.of(1, 2, 3));

        assertThat(sizes).containsExactly(3);
    }

    @Test
    void aValueAnswersWhatTheModelDoesNot() {
        Predictor<Integer, Double> predictor = failing(Fallback.to(0.5));

        assertThat(predictor.prediction(2).source()).isEqualTo(Source.MODEL);
        assertThat(predictor.prediction(3).source()).isEqualTo(Source.FALLBACK);
        assertThat(predictor.predict(3)).isEqualTo(0.5);
        assertThat(Calls.measured(predictor, "ml.fallbacks{result=answered}")).isEqualTo(2);
    }

    @Test
    void ofABatchOnlyWhatFailedIsAnswered() {
        Predictor<Integer, Double> predictor = failing(Fallback.computedBy((Integer n) -> -1.0 * n));

        assertThat(predictor.predictAll(List.of(1, 2, 3, 4))).containsExactly(-1.0, 2.0, -3.0, 4.0);
    }

    @Test
    void anotherPredictorIsAskedForAllOfThemTogether() {
        List<Integer> sizes = new ArrayList<>();
        Predictor<Integer, Double> second = calls.<Integer, Double>model(n -> 10.0 * n)
                .with(Calls.<Integer, Double>interceptor(Stage.BATCH.at(), (batch, next) -> {
                    sizes.add(batch.size());
                    next.proceed(batch);
                }))
                .build();

        assertThat(failing(Fallback.askedOf(second)).predictAll(List.of(1, 2, 3)))
                .containsExactly(10.0, 2.0, 30.0);
        assertThat(sizes).containsExactly(2);
    }

    @Test
    void aChainIsTriedInOrder() {
        FakePredictor<Integer, Double> second =
                FakePredictor.<Integer, Double>answering(n -> 7.0).failingOnCall(2);
        Predictor<Integer, Double> predictor = failing(
                Fallback.askedOf(second).orElse(Fallback.computedBy(n -> null)).orElse(Fallback.to(0.5)));

        assertThat(predictor.predictAll(List.of(1, 3))).containsExactly(7.0, 0.5);
    }

    @Test
    void ifNobodyHasAnAnswerTheFirstFailureStandsAndTellsTheOthers() {
        IllegalStateException rule = new IllegalStateException("the rule");
        Predictor<Integer, Double> predictor = failing(Fallback.askedOf(
                        FakePredictor.<Integer, Double>answering(n -> 7.0).failingOnCall(1))
                .orElse(Fallback.computedBy(n -> {
                    throw rule;
                })));

        ModelExecutionException failure =
                catchThrowableOfType(ModelExecutionException.class, () -> predictor.predict(1));

        assertThat(failure).hasMessageContaining("odd");
        assertThat(failure.getSuppressed()).hasSize(2);
        assertThat(failure.getSuppressed()[0]).hasMessageContaining("the fake fails on call 1");
        assertThat(failure.getSuppressed()[1]).isSameAs(rule);
        assertThat(Calls.measured(predictor, "ml.fallbacks{result=failed}")).isEqualTo(1);
        assertThat(Calls.measured(predictor, "ml.fallbacks{result=answered}")).isZero();
    }

    @TestFactory
    Stream<DynamicTest> someFailuresDeserveToBeSeen() {
        return Stream.of(
                        new InvalidInputException(List.of(new Violation("r", "f", "1", "2", Violation.Severity.ERROR))),
                        new CallCancelledException("gone"),
                        new ModelClosedException("risk:1"))
                .map(failure -> dynamicTest(failure.reason(), () -> {
                    assertThatExceptionOfType(failure.getClass())
                            .isThrownBy(
                                    () -> failingWith(failure, Fallback.to(0.5)).predict(1));
                    assertThat(failingWith(failure, Fallback.to(0.5).on(any -> true))
                                    .predict(1))
                            .isEqualTo(0.5);
                }));
    }

    private Predictor<Integer, Double> failingWith(PredictionException failure, Fallback<Object, Double> fallback) {
        return calls.<Integer, Double>model(n -> 1.0)
                .with(fallback)
                .with(Calls.<Integer, Double>interceptor(
                        Stage.LIMIT.at(), (batch, next) -> batch.get(0).fail(failure)))
                .build();
    }

    @Test
    void theHostSaysWhichFailuresAreAnswered() {
        Fallback<Object, Double> late = Fallback.to(0.5).on(DeadlineExceededException.class::isInstance);

        assertThat(failingWith(new DeadlineExceededException("late"), late).predict(1))
                .isEqualTo(0.5);
        assertThatExceptionOfType(ModelExecutionException.class)
                .isThrownBy(() -> failing(late).predict(1));
    }

    @Test
    void anotherPredictorIsToldThePriorityAndADeadlineThatIsNotOver() {
        List<String> told = new ArrayList<>();
        Predictor<Integer, Double> second = calls.<Integer, Double>model(n -> 7.0)
                .with(Calls.<Integer, Double>interceptor(Stage.LIMIT.at(), (batch, next) -> {
                    told.add(batch.get(0).priority() + " " + batch.get(0).deadline());
                    next.proceed(batch);
                }))
                .build();
        Predictor<Integer, Double> predictor = failing(Fallback.askedOf(second));
        CallOptions options = CallOptions.DEFAULT
                .withPriority(Priority.HIGH)
                .withDeadline(Deadline.after(Duration.ofSeconds(1), calls.clock));

        predictor.with(options).predict(1);
        calls.clock.advance(Duration.ofSeconds(1));
        predictor.with(options).predict(1);

        assertThat(told).containsExactly("HIGH in PT1S", "HIGH null");
    }

    @Test
    void aVectorIsEachCallersOwn() {
        double[] vector = {1, 2};
        Predictor<Integer, double[]> predictor = calls.<Integer, double[]>model(n -> {
                    throw new IllegalStateException("broken");
                })
                .with(Fallback.to(vector))
                .build();

        predictor.predict(1)[0] = 9;

        assertThat(predictor.predict(1)).containsExactly(1, 2);
    }

    @Test
    void answersOfAFallbackAreNoOutcomesOfTheModel() {
        Predictor<Integer, Double> predictor = calls.<Integer, Double>model(n -> {
                    throw new IllegalStateException("broken");
                })
                .with(CircuitBreaker.failureRate(0.5).minimumCalls(2))
                .with(Fallback.to(0.5))
                .build();

        List<Outcome<Double>> outcomes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            outcomes.addAll(predictor.predictEach(List.of(i)));
        }

        assertThat(outcomes).allMatch(Outcome.Answered.class::isInstance);
        assertThat(Calls.measured(predictor, "ml.shed{reason=circuit-open}")).isEqualTo(3);
    }

    @Test
    void describesTheChain() {
        assertThat(Fallback.computedBy((Integer n) -> 1.0).orElse(Fallback.to(0.5)))
                .hasToString("a function, else 0.5");
    }
}
