package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.Predictor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class HedgingTest {

    private static final Duration DELAY = Duration.ofMillis(10);

    private final Calls calls = new Calls();
    private final Slow first = new Slow("first");
    private final Slow second = new Slow("second");

    @AfterEach
    void close() {
        first.release.countDown();
        second.release.countDown();
        calls.close();
    }

    /** A model that answers with its name when it is let go, or fails. */
    private static final class Slow {

        final String name;
        final CountDownLatch release = new CountDownLatch(1);
        final CountDownLatch begun = new CountDownLatch(1);
        final AtomicInteger asked = new AtomicInteger();
        final AtomicReference<Thread> thread = new AtomicReference<>();
        volatile boolean broken;

        Slow(String name) {
            this.name = name;
        }

        String answer(int n) {
            asked.incrementAndGet();
            thread.set(Thread.currentThread());
            begun.countDown();
            await(release);
            if (broken || n < 0) {
                throw new IllegalStateException(name + " is broken");
            }
            return name;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Predictor<Integer, String> hedged(Hedging<Integer, String> hedging) {
        return calls.<Integer, String>model(first::answer).with(hedging).build();
    }

    private Hedging<Integer, String> hedging() {
        return Hedging.to(calls.<Integer, String>model(second::answer).build(), calls.threads())
                .after(DELAY);
    }

    private Future<Prediction<String>> ask(Predictor<Integer, String> predictor) {
        Future<Prediction<String>> future = calls.start(() -> predictor.prediction(1));
        await(first.begun);
        calls.awaitWaiting(1);
        return future;
    }

    private static double hedges(Predictor<?, ?> predictor, String result) {
        return Calls.measured(predictor, "ml.hedges{result=" + result + "}");
    }

    @Test
    void aQuickModelAnswersAlone() {
        Predictor<Integer, String> predictor = hedged(hedging());
        first.release.countDown();

        assertThat(predictor.prediction(1).source()).isEqualTo(Source.MODEL);
        assertThat(predictor.predictAll(List.of(1, 2))).containsOnly("first");

        assertThat(second.asked).hasValue(0);
        assertThat(hedges(predictor, "first")).isZero();
    }

    @Test
    void theSecondIsAskedAfterTheDelayAndItsAnswerIsTaken() {
        Predictor<Integer, String> predictor = hedged(hedging());
        Future<Prediction<String>> answer = ask(predictor);

        calls.clock.advance(DELAY.minusNanos(1));
        assertThat(second.asked).hasValue(0);
        calls.clock.advance(Duration.ofNanos(1));
        await(second.begun);
        second.release.countDown();

        assertThat(Calls.get(answer).value()).isEqualTo("second");
        assertThat(Calls.get(answer).source()).isEqualTo(Source.HEDGE);
        assertThat(hedges(predictor, "second")).isEqualTo(1);
    }

    @Test
    void theFirstMayStillWin() {
        Predictor<Integer, String> predictor = hedged(hedging());
        Future<Prediction<String>> answer = ask(predictor);
        calls.clock.advance(DELAY);
        await(second.begun);

        first.release.countDown();

        assertThat(Calls.get(answer).source()).isEqualTo(Source.MODEL);
        assertThat(hedges(predictor, "first")).isEqualTo(1);
    }

    @Test
    void aFailureOfOneDoesNotEndTheWaitForTheOther() {
        Predictor<Integer, String> predictor = hedged(hedging());
        first.broken = true;
        Future<Prediction<String>> answer = ask(predictor);
        calls.clock.advance(DELAY);
        await(second.begun);

        first.release.countDown();
        calls.awaitWaiting(1);
        assertThat(answer).isNotDone();
        second.release.countDown();

        assertThat(Calls.get(answer).value()).isEqualTo("second");
    }

    @Test
    void aFailureOfTheSecondIsNoAnswer() {
        Predictor<Integer, String> predictor = hedged(hedging());
        second.broken = true;
        second.release.countDown();
        Future<Prediction<String>> answer = ask(predictor);
        calls.clock.advance(DELAY);
        await(second.begun);

        first.release.countDown();

        assertThat(Calls.get(answer).value()).isEqualTo("first");
        assertThat(hedges(predictor, "first")).isEqualTo(1);
    }

    @Test
    void ifNeitherHasAnAnswerTheModelsFailureStands() {
        Predictor<Integer, String> predictor = hedged(hedging());
        first.broken = true;
        second.broken = true;
        second.release.countDown();
        Future<Prediction<String>> answer = ask(predictor);
        calls.clock.advance(DELAY);
        await(second.begun);
        first.release.countDown();

        assertThatExceptionOfType(ModelExecutionException.class)
                .isThrownBy(() -> Calls.get(answer))
                .withMessageContaining("first is broken");
        assertThat(hedges(predictor, "none")).isEqualTo(1);
    }

    @Test
    void aFailureBeforeTheDelayIsNotHedged() {
        Predictor<Integer, String> predictor = hedged(hedging());
        first.broken = true;
        first.release.countDown();

        assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> predictor.predict(1));
        assertThat(second.asked).hasValue(0);
    }

    @Test
    void whereBothFailInPartEachInputGetsTheAnswerThereIs() {
        Predictor<Integer, String> predictor = hedged(hedging());
        Future<List<Outcome<String>>> answer = calls.start(() -> predictor.predictEach(List.of(1, -1)));
        await(first.begun);
        calls.awaitWaiting(1);
        calls.clock.advance(DELAY);
        await(second.begun);
        first.release.countDown();
        second.release.countDown();

        assertThat(Calls.get(answer).get(0)).isInstanceOf(Outcome.Answered.class);
        assertThat(Calls.get(answer).get(1)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void theCallerIsReleasedAtTheDeadlineAndThePermitWhenTheWorkEnds() {
        Predictor<Integer, String> predictor = calls.<Integer, String>model(first::answer)
                .with(hedging())
                .with(ConcurrencyLimit.fixed(1))
                .build();
        Deadline deadline = Deadline.after(Duration.ofMillis(50), calls.clock);
        Future<String> answer = calls.start(
                () -> predictor.with(CallOptions.DEFAULT.withDeadline(deadline)).predict(1));
        await(first.begun);
        calls.awaitWaiting(1);
        calls.clock.advance(DELAY);
        await(second.begun);
        calls.awaitWaiting(1);
        calls.clock.advance(Duration.ofMillis(40));

        assertThatExceptionOfType(DeadlineExceededException.class)
                .isThrownBy(() -> Calls.get(answer))
                .withMessage("hedging: no answer in time");
        assertThat(Calls.measured(predictor, "ml.limit.active")).isEqualTo(1);
        assertThat(hedges(predictor, "none")).isEqualTo(1);
    }

    @Test
    void aDeadlineBeforeTheDelayReleasesTheCallerWithoutAsking() {
        Predictor<Integer, String> predictor = hedged(hedging());
        Deadline deadline = Deadline.after(DELAY.minusNanos(1), calls.clock);
        Future<String> answer = calls.start(
                () -> predictor.with(CallOptions.DEFAULT.withDeadline(deadline)).predict(1));
        await(first.begun);
        calls.awaitWaiting(1);
        calls.clock.advance(DELAY.minusNanos(1));

        assertThatExceptionOfType(DeadlineExceededException.class).isThrownBy(() -> Calls.get(answer));
        assertThat(second.asked).hasValue(0);
    }

    @Test
    void whoIsInterruptedWhileWaitingGivesUpAndStaysInterrupted() {
        Predictor<Integer, String> predictor = hedged(hedging());
        AtomicReference<Thread> caller = new AtomicReference<>();
        Future<Boolean> answer = calls.start(() -> {
            caller.set(Thread.currentThread());
            try {
                predictor.predict(1);
                return false;
            } catch (CallCancelledException cancelled) {
                return Thread.interrupted();
            }
        });
        await(first.begun);
        calls.awaitWaiting(1);

        caller.get().interrupt();

        assertThat(Calls.get(answer)).isTrue();
        assertThat(second.asked).hasValue(0);
    }

    @Test
    void anExecutorThatRefusesOrIsFullLeavesTheWorkToTheCaller() {
        first.release.countDown();
        Predictor<Integer, String> refusing = hedged(Hedging.<Integer, String>to(n -> "other", task -> {
                    throw new RejectedExecutionException("full");
                })
                .after(DELAY));
        assertThat(refusing.predict(1)).isEqualTo("first");
        assertThat(first.thread.get()).isSameAs(Thread.currentThread());

        Queue<Runnable> neverRun = new ArrayDeque<>();
        Predictor<Integer, String> full =
                hedged(Hedging.<Integer, String>to(n -> "other", neverRun::add).after(Duration.ZERO));
        assertThat(full.predict(1)).isEqualTo("first");
        assertThat(first.thread.get()).isSameAs(Thread.currentThread());
        neverRun.forEach(Runnable::run);
        assertThat(first.asked).as("the late task does nothing").hasValue(2);
    }

    @Test
    void aCallFromThePoolsOnlyThreadDoesNotWaitForItself() {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            first.release.countDown();
            Predictor<Integer, String> predictor =
                    hedged(Hedging.<Integer, String>to(n -> "other", single).after(DELAY));
            Future<String> answer = single.submit(() -> predictor.predict(1));
            calls.awaitWaiting(1);
            calls.clock.advance(DELAY);

            assertThat(Calls.get(answer)).isEqualTo("first");
        } finally {
            single.shutdownNow();
        }
    }

    @Test
    void theQuantileOfWhatWasMeasuredIsTheDelay() {
        AtomicInteger number = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, String> predictor = calls.<Integer, String>model(n -> {
                    if (n == 0) {
                        begun.countDown();
                        await(first.release);
                    } else {
                        calls.clock.advance(Duration.ofMillis(number.incrementAndGet()));
                    }
                    return "first";
                })
                .with(Hedging.to(calls.<Integer, String>model(second::answer).build(), calls.threads())
                        .afterQuantile(0.75))
                .build();
        for (int i = 0; i < 32; i++) {
            predictor.predict(1); // 1 to 32 ms: three quarters took at most 24
        }
        assertThat(second.asked).hasValue(0);
        second.release.countDown();
        Future<String> answer = calls.start(() -> predictor.predict(0));
        await(begun);
        calls.awaitWaiting(1);

        calls.clock.advance(Duration.ofMillis(24).minusNanos(1));
        assertThat(second.asked).hasValue(0);
        calls.clock.advance(Duration.ofNanos(1));

        assertThat(Calls.get(answer)).isEqualTo("second");
    }

    @Test
    void theBudgetBoundsWhatIsGivenToBoth() {
        Predictor<Integer, String> predictor = calls.<Integer, String>model(n -> {
                    Calls.yieldAtTimes(n);
                    return "first";
                })
                .with(Hedging.<Integer, String>to(n -> "other", calls.threads())
                        .after(Duration.ZERO)
                        .budget(0.05))
                .build();

        for (int i = 0; i < 1000; i++) {
            assertThat(predictor.predict(i)).isIn("first", "other");
        }

        assertThat(hedges(predictor, "first") + hedges(predictor, "second") + hedges(predictor, "none"))
                .isLessThanOrEqualTo(60);
    }

    @Test
    void underAStormEveryCallHasOneAnswer() {
        AtomicInteger turn = new AtomicInteger();
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> {
                    for (int i = turn.incrementAndGet() % 5; i > 0; i--) {
                        Calls.yieldAtTimes(n);
                    }
                    return n;
                })
                .with(Hedging.<Integer, Integer>to(n -> n, calls.threads())
                        .after(Duration.ZERO)
                        .budget(1))
                .build();

        calls.together(4, () -> {
            for (int i = 0; i < 500; i++) {
                assertThat(predictor.predict(i)).isEqualTo(i);
            }
        });
        assertThat(hedges(predictor, "none")).isZero();
    }

    @Test
    void refusesWhatMakesNoSense() {
        Hedging<Integer, String> hedging = Hedging.to(n -> "other", Runnable::run);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> hedging.afterQuantile(1))
                .withMessage("afterQuantile: 1.0 (expected: >= 0.5 and < 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hedging.budget(0))
                .withMessage("budget: 0.0 (expected: > 0 and <= 1)");
        assertThatIllegalArgumentException().isThrownBy(() -> hedging.after(Duration.ofMillis(-1)));
        assertThat(hedging).hasToString("a second predictor after the 0.95 quantile, for 5 % of the calls");
    }
}
