package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.serving.CircuitBreaker.State;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class CircuitBreakerTest {

    private static final CircuitBreaker OF_TEN =
            CircuitBreaker.failureRate(0.5).minimumCalls(4).over(10).openFor(Duration.ofSeconds(10));

    private final Calls calls = new Calls();

    @AfterEach
    void close() {
        calls.close();
    }

    /** What becomes of a call, in a letter, and how long it takes, in the number behind it: milliseconds. */
    private Predictor<String, Integer> model(CircuitBreaker breaker) {
        return calls.<String, Integer>model(word -> {
                    calls.clock.advance(Duration.ofMillis(word.length() > 1 ? Integer.parseInt(word.substring(1)) : 0));
                    if (word.startsWith("x")) {
                        throw new IllegalStateException("broken");
                    }
                    return 1;
                })
                .with(breaker)
                .with(Calls.<String, Integer>interceptor(Stage.RETRY.after(), (batch, next) -> {
                    for (var call : batch) {
                        switch (call.input().charAt(0)) {
                            case 'i' ->
                                call.fail(new InvalidInputException(
                                        List.of(new Violation("r", "f", "1", "2", Violation.Severity.ERROR))));
                            case 'c' -> call.fail(new CallCancelledException("gone"));
                            case 'r' -> call.fail(new RejectedException(Reason.SHARED_BUDGET, "full", Duration.ZERO));
                            case 'n' -> call.fail(new ModelOutputException("NaN", null));
                            case 'd' -> call.fail(new DeadlineExceededException("in a queue"));
                            default -> {}
                        }
                    }
                    next.proceed(batch);
                }))
                .build();
    }

    private static void ask(Predictor<String, Integer> predictor, String words) {
        for (String word : words.split(" ")) {
            try {
                predictor.predict(word);
            } catch (PredictionException failure) {
                assertThat(word).doesNotStartWith("o");
            }
        }
    }

    private static String state(Predictor<?, ?> predictor) {
        for (State state : State.values()) {
            if (Calls.measured(predictor, "ml.breaker.state{state=" + state + "}") == 1) {
                return state.toString();
            }
        }
        throw new AssertionError(predictor.describe());
    }

    @Test
    void opensWhenTheShareOfFailuresIsReachedAndRefusesAtOnce() {
        Predictor<String, Integer> predictor = model(OF_TEN);

        ask(predictor, "o o o x x");
        assertThat(state(predictor)).isEqualTo("closed");
        ask(predictor, "x");
        assertThat(state(predictor)).isEqualTo("open");
        calls.clock.advance(Duration.ofSeconds(4));
        RejectedException refusal = catchThrowableOfType(RejectedException.class, () -> predictor.predict("o"));

        assertThat(refusal.why()).isEqualTo(Reason.CIRCUIT_OPEN);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(6));
        assertThat(refusal).hasMessage("circuit breaker of risk:1: open (expected: closed)");
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(Calls.measured(predictor, "ml.shed{reason=circuit-open}")).isEqualTo(1);
        assertThat(Calls.measured(predictor, "ml.breaker.transitions{state=open}"))
                .isEqualTo(1);
    }

    @Test
    void needsAMinimumOfCalls() {
        Predictor<String, Integer> predictor = model(OF_TEN);

        ask(predictor, "x x x");
        assertThat(state(predictor)).isEqualTo("closed");
        ask(predictor, "o");
        assertThat(state(predictor)).isEqualTo("open");
    }

    @Test
    void onlyTheLatestCallsCount() {
        Predictor<String, Integer> predictor = model(OF_TEN);

        ask(predictor, "x o o o o o o o o o o x x x x");
        assertThat(state(predictor)).as("the first failure has left").isEqualTo("closed");
        ask(predictor, "x");

        assertThat(state(predictor)).isEqualTo("open");
    }

    @Test
    void onlyWhatTheModelDidCounts() {
        Predictor<String, Integer> predictor = model(OF_TEN);

        ask(predictor, "i i i i c c c c r r r r i c r x n n");
        assertThat(state(predictor)).isEqualTo("closed");
        ask(predictor, "d");

        assertThat(state(predictor)).isEqualTo("open");
    }

    @Test
    void theHostSaysWhichFailuresCount() {
        Predictor<String, Integer> predictor = model(OF_TEN.failures(failure -> failure instanceof RejectedException));

        ask(predictor, "x x x x x x");
        assertThat(state(predictor)).isEqualTo("closed");
        ask(predictor, "r r r r");
        assertThat(state(predictor)).isEqualTo("open");
    }

    @Test
    void anAnswerAfterTheDeadlineIsAFailureAndACallThatWasOverBeforeIsNone() {
        Predictor<String, Integer> predictor = model(OF_TEN);
        for (int i = 0; i < 20; i++) {
            Deadline over = Deadline.after(Duration.ZERO, calls.clock);
            assertThatExceptionOfType(DeadlineExceededException.class)
                    .isThrownBy(() -> predictor
                            .with(CallOptions.DEFAULT.withDeadline(over))
                            .predict("o"));
        }
        assertThat(state(predictor)).isEqualTo("closed");

        for (int i = 0; i < 4; i++) {
            Deadline soon = Deadline.after(Duration.ofMillis(10), calls.clock);
            predictor.with(CallOptions.DEFAULT.withDeadline(soon)).predict("o20");
        }
        assertThat(state(predictor)).isEqualTo("open");
    }

    @Test
    void slowCallsOpenItAtARateOfTheirOwn() {
        Predictor<String, Integer> predictor = model(OF_TEN.slowCalls(Duration.ofMillis(100), 0.75));

        ask(predictor, "o100 o99 o100 o5 o100 o150 o150");
        assertThat(state(predictor)).as("5 of 7").isEqualTo("closed");
        ask(predictor, "o150");
        assertThat(state(predictor)).as("6 of 8").isEqualTo("open");
    }

    @Test
    void aWindowOfTimeForgetsByTenths() {
        Predictor<String, Integer> predictor = model(OF_TEN.over(Duration.ofSeconds(10)));

        ask(predictor, "o o o o x");
        calls.clock.advance(Duration.ofSeconds(9));
        ask(predictor, "o x x");
        assertThat(state(predictor)).as("3 of 8").isEqualTo("closed");
        calls.clock.advance(Duration.ofSeconds(1)); // the first five are 10 s old
        ask(predictor, "o");

        assertThat(state(predictor)).as("2 of 4").isEqualTo("open");
    }

    @Test
    void aWindowOfTimeThatNobodyCameInIsEmpty() {
        Predictor<String, Integer> predictor = model(OF_TEN.over(Duration.ofSeconds(10)));

        ask(predictor, "x x x");
        calls.clock.advance(Duration.ofDays(1000));
        ask(predictor, "o o o x");

        assertThat(state(predictor)).isEqualTo("closed");
    }

    @Test
    void slowCallsOpenAWindowOfTimeAsWell() {
        Predictor<String, Integer> predictor = model(CircuitBreaker.failureRate(0.5)
                .minimumCalls(4)
                .over(Duration.ofSeconds(10))
                .slowCalls(Duration.ofMillis(100), 0.5));

        ask(predictor, "o o100 o99");
        assertThat(state(predictor)).isEqualTo("closed");
        ask(predictor, "o100");

        assertThat(state(predictor)).isEqualTo("open");
    }

    @Test
    void aWindowOfTimeKeepsACallToItsLastNanosecond() {
        CircuitBreaker breaker = CircuitBreaker.failureRate(0.5).minimumCalls(4).over(Duration.ofSeconds(10));
        Predictor<String, Integer> inTime = model(breaker);
        Predictor<String, Integer> late = model(breaker);

        ask(inTime, "x x x");
        ask(late, "x x x");
        calls.clock.advance(Duration.ofSeconds(10).minusNanos(1));
        ask(inTime, "x");
        calls.clock.advance(Duration.ofNanos(1));
        ask(late, "x");

        assertThat(state(inTime)).isEqualTo("open");
        assertThat(state(late)).isEqualTo("closed");
    }

    @Test
    void aBatchCountsAsOneCallByTheShareOfItsFailures() {
        Predictor<String, Integer> predictor = model(OF_TEN);

        for (int i = 0; i < 20; i++) {
            predictor.predictEach(List.of("o", "x", "o"));
        }
        assertThat(state(predictor)).isEqualTo("closed");
        for (int i = 0; i < 5; i++) {
            predictor.predictEach(List.of("x", "x", "o", "i"));
        }
        assertThat(state(predictor)).isEqualTo("open");
    }

    private Predictor<String, Integer> opened(CircuitBreaker breaker) {
        Predictor<String, Integer> predictor = model(breaker);
        ask(predictor, "x x x x");
        assertThat(state(predictor)).isEqualTo("open");
        return predictor;
    }

    @Test
    void goodProbesCloseItAndThePastIsForgotten() {
        Predictor<String, Integer> predictor = opened(OF_TEN.probes(3, Duration.ofSeconds(5)));

        calls.clock.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> predictor.predict("o"));
        calls.clock.advance(Duration.ofNanos(1));
        ask(predictor, "o");
        assertThat(state(predictor)).isEqualTo("half-open");
        ask(predictor, "o"); // of three probes one may fail: the third cannot change it any more

        assertThat(state(predictor)).isEqualTo("closed");
        ask(predictor, "x x x");
        assertThat(state(predictor)).isEqualTo("closed");
        assertThat(Calls.measured(predictor, "ml.breaker.transitions{state=half-open}"))
                .isEqualTo(1);
        assertThat(Calls.measured(predictor, "ml.breaker.transitions{state=closed}"))
                .isEqualTo(1);
    }

    @Test
    void badProbesOpenItAgainForAsLong() {
        Predictor<String, Integer> predictor = opened(OF_TEN.probes(4, Duration.ofSeconds(5)));

        calls.clock.advance(Duration.ofSeconds(10));
        ask(predictor, "x o x");

        assertThat(state(predictor)).isEqualTo("open");
        assertThat(catchThrowableOfType(RejectedException.class, () -> predictor.predict("o"))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aProbeWithoutAnOutcomeIsGivenBack() {
        Predictor<String, Integer> predictor = opened(OF_TEN.probes(1, Duration.ofSeconds(5)));

        calls.clock.advance(Duration.ofSeconds(10));
        ask(predictor, "i c r i");
        assertThat(state(predictor)).isEqualTo("half-open");
        ask(predictor, "o");

        assertThat(state(predictor)).isEqualTo("closed");
    }

    @Test
    void slowProbesOpenItAgain() {
        Predictor<String, Integer> predictor =
                opened(OF_TEN.slowCalls(Duration.ofMillis(100), 0.5).probes(2, Duration.ofSeconds(5)));

        calls.clock.advance(Duration.ofSeconds(10));
        ask(predictor, "o100");

        assertThat(state(predictor)).isEqualTo("open");
    }

    /** A model whose calls hang until they are let go, once {@link #hangs} is set. */
    private final class Hanging {

        volatile boolean hangs;
        volatile boolean broken = true;
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger begun = new AtomicInteger();
        final Predictor<Integer, Integer> predictor;

        Hanging(CircuitBreaker breaker) {
            predictor = calls.<Integer, Integer>model(n -> {
                        begun.incrementAndGet();
                        if (hangs) {
                            await(release);
                        }
                        if (broken) {
                            throw new IllegalStateException("broken");
                        }
                        return n;
                    })
                    .with(breaker)
                    .build();
        }

        void open() {
            for (int i = 0; i < 4; i++) {
                assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> predictor.predict(1));
            }
            calls.clock.advance(Duration.ofSeconds(10));
            broken = false;
            hangs = true;
            begun.set(0);
        }

        void awaitBegun(int number) {
            while (begun.get() < number) {
                Thread.onSpinWait();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aProbeThatDoesNotComeBackIsAFailureAndItsLateEndIsNothing() {
        Hanging model = new Hanging(OF_TEN.probes(1, Duration.ofSeconds(5)));
        model.open();
        Future<Integer> probe = calls.start(() -> model.predictor.predict(1));
        model.awaitBegun(1);

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> model.predictor.predict(2))
                .withMessageContaining("half-open, and all 1 probes are under way");
        calls.clock.advance(Duration.ofSeconds(5));
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> model.predictor.predict(3))
                .withMessageContaining(": open ");
        assertThat(state(model.predictor)).isEqualTo("open");
        model.release.countDown();

        assertThat(Calls.get(probe)).as("its caller gets the answer").isEqualTo(1);
        assertThat(state(model.predictor)).isEqualTo("open");
        calls.clock.advance(Duration.ofSeconds(10));
        assertThat(model.predictor.predict(4)).isEqualTo(4);
        assertThat(state(model.predictor)).isEqualTo("closed");
    }

    @Test
    void aProbeThatWasCountedAsOverdueIsNotCountedAgainWhenItEnds() {
        Hanging model = new Hanging(OF_TEN.probes(4, Duration.ofSeconds(5)));
        model.open();
        Future<Integer> overdue = calls.start(() -> model.predictor.predict(1));
        model.awaitBegun(1);
        model.hangs = false;
        calls.clock.advance(Duration.ofSeconds(5));

        assertThat(model.predictor.predict(2)).isEqualTo(2);
        model.broken = true; // what hangs now fails: counted twice, two of four would have failed
        model.release.countDown();
        assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> Calls.get(overdue));
        assertThat(state(model.predictor)).isEqualTo("half-open");
        model.broken = false;
        assertThat(model.predictor.predict(3)).isEqualTo(3);
        assertThat(state(model.predictor)).as("one good probe is missing").isEqualTo("half-open");
        assertThat(model.predictor.predict(4)).isEqualTo(4);

        assertThat(state(model.predictor)).isEqualTo("closed");
    }

    @Test
    void anOverdueProbeThatCannotHaveBeenSlowEnoughClosesItForTheNextCall() {
        Hanging model = new Hanging(CircuitBreaker.failureRate(1)
                .minimumCalls(4)
                .over(10)
                .openFor(Duration.ofSeconds(10))
                .slowCalls(Duration.ofSeconds(1), 0.5)
                .probes(2, Duration.ofSeconds(5)));
        model.open();
        Future<Integer> overdue = calls.start(() -> model.predictor.predict(1));
        model.awaitBegun(1);
        model.hangs = false;
        assertThat(model.predictor.predict(2)).isEqualTo(2);
        assertThat(state(model.predictor)).as("the first may still be slow").isEqualTo("half-open");
        calls.clock.advance(Duration.ofSeconds(5));

        assertThat(model.predictor.predict(3)).isEqualTo(3);

        assertThat(state(model.predictor)).isEqualTo("closed");
        model.release.countDown();
        assertThat(Calls.get(overdue)).isEqualTo(1);
    }

    @Test
    void aStragglerFromBeforeDoesNotDisturbTheProbes() {
        Hanging model = new Hanging(OF_TEN.probes(1, Duration.ofSeconds(5)));
        model.broken = false;
        model.hangs = true;
        Future<Integer> straggler = calls.start(() -> model.predictor.predict(1));
        model.awaitBegun(1);
        model.hangs = false;
        model.broken = true;
        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> model.predictor.predict(1));
        }
        assertThat(state(model.predictor)).isEqualTo("open");
        model.broken = false;
        model.release.countDown();

        assertThat(Calls.get(straggler)).isEqualTo(1);
        assertThat(state(model.predictor)).isEqualTo("open");
    }

    @Test
    void exactlyTheProbesThatAreAllowedGetThrough() {
        for (int round = 0; round < 50; round++) {
            Hanging model = new Hanging(OF_TEN.probes(3, Duration.ofSeconds(5)));
            model.open();
            AtomicInteger refused = new AtomicInteger();
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                callers.add(calls.start(() -> {
                    try {
                        return model.predictor.predict(1);
                    } catch (RejectedException full) {
                        return refused.incrementAndGet();
                    }
                }));
            }
            while (refused.get() < 5) {
                Thread.onSpinWait();
            }
            model.awaitBegun(3);
            model.release.countDown();
            callers.forEach(Calls::get);

            assertThat(model.begun).hasValue(3);
            assertThat(refused).hasValue(5);
            assertThat(state(model.predictor)).isEqualTo("closed");
        }
    }

    @Test
    void failuresOfManyThreadsOpenItOnce() {
        for (int round = 0; round < 50; round++) {
            Predictor<String, Integer> predictor = model(OF_TEN);

            calls.together(4, () -> ask(predictor, "x x x x x x x x"));

            assertThat(Calls.measured(predictor, "ml.breaker.transitions{state=open}"))
                    .isEqualTo(1);
            assertThat(state(predictor)).isEqualTo("open");
        }
    }

    /** After any number of threads have written, the sums of the window are those over its ring: the next calls prove it. */
    @Test
    void theSumsOfTheWindowSurviveAStorm() {
        for (int round = 0; round < 30; round++) {
            Predictor<String, Integer> predictor = model(
                    CircuitBreaker.failureRate(0.9).minimumCalls(10).over(10).openFor(Duration.ofSeconds(10)));
            calls.together(
                    4, () -> ask(predictor, "o x o o x o o o x o ".repeat(20).strip()));

            ask(predictor, "o o o o o o o o o o x x x x x x x x");
            assertThat(state(predictor)).as("8 of 10").isEqualTo("closed");
            ask(predictor, "x");
            assertThat(state(predictor)).as("9 of 10").isEqualTo("open");
        }
    }

    @Test
    void theHostsSwitchGoesBeforeEverything() {
        CircuitBreaker breaker = OF_TEN.minimumCalls(4);
        Predictor<String, Integer> predictor = model(breaker);
        Predictor<String, Integer> other = model(breaker);

        breaker.forceOpen();
        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> predictor.predict("o"))
                .withMessageContaining("forced open by the host");
        assertThat(state(other)).isEqualTo("open");
        breaker.forceClosed();
        ask(predictor, "x x x x x x x x");
        assertThat(state(predictor)).isEqualTo("closed");
        breaker.automatic();
        ask(predictor, "x x x o");

        assertThat(state(predictor)).isEqualTo("open");
        assertThat(state(other)).isEqualTo("closed");
    }

    @Test
    void listenersAreToldAndCannotBreakIt() {
        List<String> told = new ArrayList<>();
        Predictor<String, Integer> predictor =
                opened(OF_TEN.probes(1, Duration.ofSeconds(5)).onTransition((model, from, to) -> {
                    told.add(model + " " + from + " " + to);
                    throw new IllegalStateException("a listener");
                }));
        calls.clock.advance(Duration.ofSeconds(10));
        ask(predictor, "o");

        assertThat(told).containsExactly("risk:1 closed open", "risk:1 open half-open", "risk:1 half-open closed");
        assertThat(state(predictor)).isEqualTo("closed");
    }

    @Test
    void aSlowListenerHoldsUpOnlyTheCallThatCausedTheChange() {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Predictor<String, Integer> predictor = model(OF_TEN.onTransition((model, from, to) -> {
            told.countDown();
            await(slow);
        }));
        ask(predictor, "x x x");
        Future<Boolean> held = calls.start(() -> {
            ask(predictor, "x");
            return true;
        });
        await(told);

        assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> predictor.predict("o"));
        assertThat(held).isNotDone();
        slow.countDown();
        assertThat(Calls.get(held)).isTrue();
    }

    @Test
    void anErrorCountsAsAFailureAndGivesItsProbeBack() {
        Predictor<String, Integer> predictor = calls.<String, Integer>model(word -> 1)
                .with(OF_TEN)
                .with(Calls.<String, Integer>interceptor(Stage.RETRY.after(), (batch, next) -> {
                    if (batch.get(0).input().equals("x")) {
                        throw new LinkageError("an error is not caught by stages");
                    }
                    next.proceed(batch);
                }))
                .build();

        for (int i = 0; i < 4; i++) {
            assertThatExceptionOfType(LinkageError.class).isThrownBy(() -> predictor.predict("x"));
        }

        assertThat(state(predictor)).isEqualTo("open");
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreaker.failureRate(50))
                .withMessage("failureRate: 50.0 (expected: > 0 and <= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreaker.failureRate(0.5).minimumCalls(101))
                .withMessage("minimumCalls: 101 (expected: at most 100, the window)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreaker.failureRate(0.5).over(19))
                .withMessage("over: 19 calls (expected: 20, the minimum of calls, to 1000000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreaker.failureRate(0.5).openFor(Duration.ZERO))
                .withMessage("openFor: PT0S (expected: > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreaker.failureRate(0.5).probes(0, Duration.ofSeconds(1)))
                .withMessage("probes: 0 (expected: 1 to 1000)");
        assertThat(CircuitBreaker.failureRate(0.5))
                .hasToString("opens at 50 % failures of 100 calls, at least 20, for PT10S; 5 probes of PT10S");
        assertThat(CircuitBreaker.failureRate(0.25)
                        .slowCalls(Duration.ofMillis(80), 0.9)
                        .over(Duration.ofMinutes(1)))
                .hasToString("opens at 25 % failures or 90 % slower than PT0.08S of the calls in PT1M, at least 20,"
                        + " for PT10S; 5 probes of PT10S");
    }
}
