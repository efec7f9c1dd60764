package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Deadlines, cancellation and forks of a call; the rest is told by {@link PipelineTest}. */
class CallTest {

    private final ManualClock clock = ManualClock.at(Instant.EPOCH);
    private final CallOrigin origin = new CallOrigin("a", new ModelId("m", "1"), clock);

    private Deadline in(long millis) {
        return Deadline.after(Duration.ofMillis(millis), clock);
    }

    private Call<Double, Double> call(CallOptions options, CompletableFuture<?> caller) {
        return new Call<>(origin, 1.0, null, 7, 0, 0, options, caller);
    }

    @Test
    void aDeadlineSinceTheBeginningIsCountedFromThere() {
        clock.advance(Duration.ofMillis(3));
        Call<Double, Double> call = new Call<>(origin, 1.0, null, 7, 0, clock.nanoTime(), CallOptions.DEFAULT, null);
        clock.advance(Duration.ofMillis(2));

        call.tighten(call.deadlineAfter(Duration.ofMillis(5)));
        assertThat(call.deadline().remainingNanos()).isEqualTo(3_000_000);

        call.tighten(call.deadlineAfter(Duration.ofMillis(6)));
        assertThat(call.deadline().remainingNanos()).isEqualTo(3_000_000);
    }

    @Test
    void anAnswerOfTheModelIsLateByWhenTheModelHadIt() {
        Call<Double, Double> inTime = call(CallOptions.DEFAULT.withDeadline(in(1)), null);
        Call<Double, Double> late = call(CallOptions.DEFAULT.withDeadline(in(1)), null);

        clock.advance(Duration.ofNanos(999_999));
        inTime.answer(1.0, Source.MODEL);
        inTime.measured(0, 1, clock.nanoTime());
        clock.advance(Duration.ofNanos(1));
        late.answer(1.0, Source.MODEL);
        late.measured(0, 1, clock.nanoTime());

        assertThat(inTime.isLate()).isFalse();
        assertThat(late.isLate()).isTrue();
    }

    @Test
    void anAnswerFromElsewhereIsLateOnceTheDeadlineIsOver() {
        Call<Double, Double> call = call(CallOptions.DEFAULT.withDeadline(in(1)), null);
        assertThat(call.isLate()).isFalse();
        call.answer(1.0, Source.MODEL);
        call.measured(0, 1, clock.nanoTime());
        call.reopen();
        call.answer(1.0, Source.CACHE);
        assertThat(call.isLate()).isFalse();

        clock.advance(Duration.ofMillis(1));

        assertThat(call.isLate()).isTrue();
        assertThat(call(CallOptions.DEFAULT, null).isLate()).isFalse();
    }

    @Test
    void aDeadlineIsOnlyTightened() {
        Call<Double, Double> call = call(CallOptions.DEFAULT, null);
        Deadline soon = in(10);

        call.tighten(in(20));
        call.tighten(soon);
        call.tighten(in(30));

        assertThat(call.deadline()).isSameAs(soon);
    }

    @Test
    void aCallIsUselessWhenItsDeadlineIsOver() {
        Call<Double, Double> call = call(CallOptions.DEFAULT.withDeadline(in(10)), null);

        clock.advance(Duration.ofMillis(9));
        assertThat(call.failIfUseless()).isFalse();
        assertThat(call.isOpen()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(call.failIfUseless()).isTrue();

        assertThat(call.failure())
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessage("call a-7: over by PT0S before the model was asked");
    }

    @Test
    void aCallIsUselessWhenItsCallerHasCancelledIt() {
        CompletableFuture<Double> future = new CompletableFuture<>();
        Call<Double, Double> call = call(CallOptions.DEFAULT, future);
        assertThat(call.failIfUseless()).isFalse();

        future.cancel(false);

        assertThat(call.isCancelled()).isTrue();
        assertThat(call.failIfUseless()).isTrue();
        assertThat(call.failure())
                .isInstanceOf(CallCancelledException.class)
                .hasMessage("call a-7: cancelled by its caller before the model was asked");
    }

    @Test
    void aForkIsTheSameCallForAnotherThread() {
        CompletableFuture<Double> future = new CompletableFuture<>();
        Deadline end = in(10);
        Call<Double, Double> call = call(CallOptions.DEFAULT.withDeadline(end).withPriority(Priority.HIGH), future);

        Call<Double, Double> fork = call.fork();
        future.cancel(false);

        assertThat(fork.input()).isEqualTo(call.input());
        assertThat(fork.id()).isEqualTo(call.id());
        assertThat(fork.priority()).isEqualTo(Priority.HIGH);
        assertThat(fork.deadline()).isSameAs(end);
        assertThat(fork.isCancelled()).isTrue();
    }

    @Test
    void whatHappensToAForkDoesNotTouchTheCallUntilTheyAreJoined() {
        Call<Double, Double> call = call(CallOptions.DEFAULT, null);
        call.queued(1);
        Violation first = new Violation(Violation.RANGE, "x", "1.0", "<= 0", Violation.Severity.WARNING);
        Violation second = new Violation(Violation.RANGE, "y", "2.0", "<= 0", Violation.Severity.WARNING);
        call.warn(first);
        Call<Double, Double> fork = call.fork();

        fork.tighten(in(1));
        fork.warn(second);
        fork.queued(10);
        fork.measured(100, 1_000, 0);
        fork.answer(3.0, Source.CACHE);
        assertThat(call.isOpen()).isTrue();
        assertThat(call.deadline()).isNull();
        assertThat(call.warnings()).containsExactly(first);

        call.join(fork);
        call.end(5_000);

        assertThat(call.value()).isEqualTo(3);
        assertThat(call.source()).isEqualTo(Source.CACHE);
        assertThat(call.warnings()).containsExactly(first, second);
        assertThat(call.timings().queue()).isEqualTo(Duration.ofNanos(11));
        assertThat(call.timings().prepare()).isEqualTo(Duration.ofNanos(100));
        assertThat(call.timings().inference()).isEqualTo(Duration.ofNanos(1_000));
    }

    @Test
    void aFailureIsJoinedToo() {
        Call<Double, Double> call = call(CallOptions.DEFAULT, null);
        Call<Double, Double> fork = call.fork();
        PredictionException failure = new ModelExecutionException("no", null);
        fork.fail(failure);

        call.join(fork);

        assertThat(call.failure()).isSameAs(failure);
    }

    @Test
    void onlyWhatBelongsTogetherIsJoinedAndOnlyOnce() {
        Call<Double, Double> call = call(CallOptions.DEFAULT, null);
        Call<Double, Double> fork = call.fork();
        Call<Double, Double> stranger = new Call<>(origin, 1.0, null, 8, 0, 0, CallOptions.DEFAULT, null);
        stranger.answer(1.0, Source.MODEL);

        assertThatIllegalStateException().isThrownBy(() -> call.join(fork)).withMessage("join: call a-7 is open");
        assertThatIllegalStateException()
                .isThrownBy(() -> call.join(stranger))
                .withMessage("join: call a-8 is no fork of a-7");
        fork.answer(2.0, Source.MODEL);
        call.join(fork);
        assertThatIllegalStateException().isThrownBy(() -> call.join(fork)).withMessageContaining("already answered");
        assertThatIllegalStateException().isThrownBy(call::fork).withMessageContaining("already answered");
    }
}
