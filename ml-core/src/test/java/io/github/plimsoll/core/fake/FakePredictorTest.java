package io.github.plimsoll.core.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.PartialFailureException;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FakePredictorTest {

    private final ManualClock clock = ManualClock.at(Instant.EPOCH);

    private static FakePredictor<Integer, String> fake() {
        return FakePredictor.answering(number -> "answer " + number);
    }

    @Test
    void answersWithItsFunctionAndRemembersWhatItWasAsked() {
        FakePredictor<Integer, String> fake = fake();

        assertThat(fake.predict(1)).isEqualTo("answer 1");
        assertThat(fake.predictAll(List.of(2, 3))).containsExactly("answer 2", "answer 3");
        assertThat(fake.inputs()).containsExactly(1, 2, 3).isUnmodifiable();
        assertThat(fake.describe()).contains("asked 3 times");
    }

    @Test
    void aPredictionNamesTheFakeAndHasAnIdOfItsOwn() {
        Prediction<String> first = fake().prediction(1);
        Prediction<String> second = fake().prediction(1);

        assertThat(first.value()).isEqualTo("answer 1");
        assertThat(first.model().name()).isEqualTo("fake");
        assertThat(first.source()).isEqualTo(Prediction.Source.MODEL);
        assertThat(first.id()).isNotEqualTo(second.id());
    }

    @Test
    void failsOnTheCallsThatItIsToldToAndRemembersTheirInputsToo() {
        PredictionException special = new PredictionException("special", null);
        FakePredictor<Integer, String> fake = fake().failingOnCall(2).failingOnCall(4, special);

        assertThat(fake.predict(10)).isEqualTo("answer 10");
        assertThatExceptionOfType(ModelExecutionException.class)
                .isThrownBy(() -> fake.predict(20))
                .withMessageContaining("call 2");
        assertThat(fake.predict(30)).isEqualTo("answer 30");
        assertThatThrownBy(() -> fake.predict(40)).isSameAs(special);
        assertThat(fake.predict(50)).isEqualTo("answer 50");
        assertThat(fake.inputs()).containsExactly(10, 20, 30, 40, 50);
    }

    @Test
    void failsOneInputOfManyAndAnswersTheOthers() {
        FakePredictor<Integer, String> fake = fake().failingOnCall(2);

        PartialFailureException partial =
                catchThrowableOfType(PartialFailureException.class, () -> fake.predictAll(List.of(1, 2, 3)));

        assertThat(partial.outcomes().stream().map(outcome -> outcome instanceof Outcome.Answered))
                .containsExactly(true, false, true);
        assertThat(partial).hasMessageContaining("inputs[1]");
    }

    @Test
    void aNullAmongManyInputsKeepsAllFromBeingAsked() {
        FakePredictor<Integer, String> fake = fake();

        assertThatNullPointerException()
                .isThrownBy(() -> fake.predictAll(Arrays.asList(1, null)))
                .withMessage("inputs[1]");
        assertThatNullPointerException().isThrownBy(() -> fake.predict(null));
        assertThat(fake.inputs()).isEmpty();
    }

    @Test
    void aCallBeforeTheFirstIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fake().failingOnCall(0))
                .withMessageContaining("call: 0");
    }

    @Test
    void givesTheAnswersOfAScriptInOrderAndNoMore() {
        FakePredictor<Integer, String> fake = FakePredictor.scripted(List.of("a", "b"));

        assertThat(fake.predict(1)).isEqualTo("a");
        assertThat(fake.predict(1)).isEqualTo("b");
        assertThatIllegalStateException().isThrownBy(() -> fake.predict(1)).withMessageContaining("2 answers");
    }

    @Test
    void aChangedCopyBeginsAnew() {
        FakePredictor<Integer, String> first = FakePredictor.scripted(List.of("a", "b"));
        first.predict(1);
        FakePredictor<Integer, String> second = first.failingOnCall(2).taking(Duration.ofMillis(1), clock);

        assertThat(second.inputs()).isEmpty();
        assertThat(second.predict(1)).isEqualTo("a");
        assertThat(first.predict(1)).isEqualTo("b");
        assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> second.predict(1));
        assertThat(second.predict(1)).isEqualTo("b"); // a call that fails uses up no answer
    }

    @Test
    void takesTimeOnTheClockAlsoWhereItFails() {
        FakePredictor<Integer, String> fake =
                fake().taking(Duration.ofMillis(40), clock).failingOnCall(2);

        fake.predict(1);
        assertThat(clock.nanoTime()).isEqualTo(40_000_000);

        assertThatExceptionOfType(PredictionException.class).isThrownBy(() -> fake.predict(2));
        assertThat(clock.nanoTime()).isEqualTo(80_000_000);
    }

    @Test
    void throwsWhatItsFunctionThrowsAndRefusesNull() {
        RuntimeException bug = new IllegalArgumentException("bug");
        FakePredictor<Integer, String> throwing = FakePredictor.answering(number -> {
            throw bug;
        });

        assertThatThrownBy(() -> throwing.predict(1)).isSameAs(bug);
        assertThatNullPointerException()
                .isThrownBy(() -> FakePredictor.answering(number -> null).predict(1));
    }

    @Test
    void onceClosedAnswersNothing() {
        FakePredictor<Integer, String> fake = fake();
        assertThat(fake.isClosed()).isFalse();

        fake.close();
        fake.close();

        assertThat(fake.isClosed()).isTrue();
        assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> fake.predict(1));
        assertThat(fake.inputs()).isEmpty();
    }

    @Test
    void anAsynchronousCallIsAnsweredOnTheCallingThread() {
        assertThat(fake().predictAsync(1)).isCompletedWithValue("answer 1");
        assertThat(fake().failingOnCall(1).predictAsync(1)).isCompletedExceptionally();
    }

    @Test
    void manyThreadsAreEachAnsweredAndExactlyOneMeetsTheFailure() throws Exception {
        int threads = 8;
        int calls = 500;
        FakePredictor<Integer, String> fake = fake().failingOnCall(777);
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> failures = IntStream.range(0, threads)
                    .mapToObj(thread -> pool.submit(() -> {
                        gate.await();
                        int failed = 0;
                        for (int i = 0; i < calls; i++) {
                            try {
                                assertThat(fake.predict(i)).isEqualTo("answer " + i);
                            } catch (ModelExecutionException expected) {
                                failed++;
                            }
                        }
                        return failed;
                    }))
                    .toList();
            gate.countDown();

            int sum = 0;
            for (Future<Integer> failed : failures) {
                sum += failed.get();
            }
            assertThat(sum).isEqualTo(1);
            assertThat(fake.inputs()).hasSize(threads * calls);
        } finally {
            pool.shutdownNow();
        }
    }
}
