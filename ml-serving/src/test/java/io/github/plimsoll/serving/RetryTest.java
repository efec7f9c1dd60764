package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.schema.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class RetryTest {

    private static final Retry AT_ONCE = Retry.idempotentCalls(3).backoff(Duration.ZERO, Duration.ZERO);

    private final Calls calls = new Calls();
    private final List<Integer> asked = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        calls.close();
    }

    /** A model that fails for an input until it was asked as often as the input says. */
    private Predictor<Integer, Integer> failing(Retry retry) {
        return calls.<Integer, Integer>model(n -> {
                    asked.add(n);
                    if (Collections.frequency(asked, n) < n) {
                        throw new IllegalStateException("broken " + Collections.frequency(asked, n));
                    }
                    return n;
                })
                .with(retry)
                .build();
    }

    @Test
    void asksAgainUntilThereIsAnAnswer() {
        Predictor<Integer, Integer> predictor = failing(AT_ONCE);

        assertThat(predictor.predict(1)).isEqualTo(1);
        assertThat(predictor.predict(3)).isEqualTo(3);

        assertThat(asked).containsExactly(1, 3, 3, 3);
        assertThat(Calls.measured(predictor, "ml.retries")).isEqualTo(2);
    }

    @Test
    void theLastFailureStandsWhenTheAttemptsAreUsedUp() {
        Predictor<Integer, Integer> predictor = failing(AT_ONCE);

        assertThatExceptionOfType(ModelExecutionException.class)
                .isThrownBy(() -> predictor.predict(4))
                .withMessageContaining("broken 3");
        assertThat(asked).containsExactly(4, 4, 4);
    }

    @Test
    void ofABatchOnlyWhatFailedIsAskedAgainTogether() {
        Predictor<Integer, Integer> predictor = failing(AT_ONCE);

        List<Outcome<Integer>> outcomes = predictor.predictEach(List.of(1, 2, 3, 5));

        assertThat(outcomes.subList(0, 3)).allMatch(Outcome.Answered.class::isInstance);
        assertThat(outcomes.get(3)).isInstanceOf(Outcome.Failed.class);
        assertThat(asked).containsExactly(1, 2, 3, 5, 2, 3, 5, 3, 5);
        assertThat(Calls.measured(predictor, "ml.retries")).isEqualTo(2);
    }

    @Test
    void whatWillFailAgainIsNotTriedAgain() {
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> n)
                .with(AT_ONCE)
                .with(Calls.<Integer, Integer>interceptor(Stage.RETRY.after(), (batch, next) -> {
                    asked.add(1);
                    batch.get(0)
                            .fail(new InvalidInputException(
                                    List.of(new Violation("r", "f", "1", "2", Violation.Severity.ERROR))));
                }))
                .build();

        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> predictor.predict(1));
        assertThat(asked).hasSize(1);
    }

    @Test
    void theHostSaysWhatMayPass() {
        Predictor<Integer, Integer> never = failing(AT_ONCE.on(failure -> false));

        assertThatExceptionOfType(PredictionException.class).isThrownBy(() -> never.predict(2));
        assertThat(asked).hasSize(1);
    }

    @Test
    void itWaitsADoubledRandomTimeOfAtLeastHalf() {
        Predictor<Integer, Integer> predictor =
                failing(Retry.idempotentCalls(6).backoff(Duration.ofMillis(100), Duration.ofMillis(400)));
        List<Duration> pauses = pauses(predictor, 6);

        long[] whole = {100, 200, 400, 400, 400};
        assertThat(pauses).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(whole[i] / 2), Duration.ofMillis(whole[i]));
        }
        assertThat(pauses.get(2)).isNotEqualTo(pauses.get(3));
        asked.clear();
        assertThat(pauses(
                        failing(Retry.idempotentCalls(6)
                                .backoff(Duration.ofMillis(100), Duration.ofMillis(400))
                                .seed(9)),
                        6))
                .as("another seed")
                .isNotEqualTo(pauses);
        asked.clear();
        assertThat(pauses(failing(Retry.idempotentCalls(6).backoff(Duration.ofMillis(100), Duration.ofMillis(400))), 6))
                .as("the same seed")
                .isEqualTo(pauses);
    }

    /** How long each attempt but the first is waited for. */
    private List<Duration> pauses(Predictor<Integer, Integer> predictor, int input) {
        Future<Integer> call = calls.start(() -> predictor.predict(input));
        List<Duration> pauses = new ArrayList<>();
        for (int attempt = 2; attempt <= input; attempt++) {
            pauses.add(calls.advanceToNext());
        }
        Calls.get(call);
        return pauses;
    }

    @Test
    void itDoesNotWaitPastTheDeadline() {
        Predictor<Integer, Integer> predictor =
                failing(Retry.idempotentCalls(3).backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)));

        assertThatExceptionOfType(ModelExecutionException.class)
                .isThrownBy(() -> predictor
                        .with(CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMillis(500), calls.clock)))
                        .predict(2));
        assertThat(asked).hasSize(1);
    }

    @Test
    void whoIsInterruptedWhileWaitingGivesUpAndStaysInterrupted() {
        Predictor<Integer, Integer> predictor =
                failing(Retry.idempotentCalls(3).backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)));
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<Boolean> caller = calls.start(() -> {
            thread.set(Thread.currentThread());
            try {
                predictor.predict(2);
                return false;
            } catch (CallCancelledException cancelled) {
                assertThat(cancelled.getSuppressed()).hasSize(1);
                return Thread.interrupted();
            }
        });
        calls.awaitWaiting(1);

        thread.get().interrupt();

        assertThat(Calls.get(caller)).isTrue();
        assertThat(asked).hasSize(1);
    }

    @Test
    void theBudgetKeepsRetriesFromMultiplyingTheLoad() {
        Predictor<Integer, Integer> predictor = failing(AT_ONCE.budget(0.1));

        for (int i = 0; i < 1000; i++) {
            assertThatExceptionOfType(ModelExecutionException.class)
                    .isThrownBy(() -> predictor.predict(Integer.MAX_VALUE));
        }

        assertThat(Calls.measured(predictor, "ml.retries")).isBetween(109.0, 110.0);
        assertThat(asked.size()).isBetween(1109, 1110);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Retry.idempotentCalls(1))
                .withMessage("attempts: 1 (expected: >= 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AT_ONCE.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("backoff: PT2S to PT1S (expected: the first not longer than the longest)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AT_ONCE.budget(0))
                .withMessage("budget: 0.0 (expected: > 0 and <= 1)");
        assertThat(Retry.idempotentCalls(3))
                .hasToString("at most 3 attempts, PT0.01S to PT1S apart, for 10 % of the calls");
    }
}
