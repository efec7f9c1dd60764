package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What callers say about their calls, and how it reaches them. */
class CallOptionsTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<Double> asked = new ArrayList<>();
    private final List<Priority> priorities = new ArrayList<>();

    private Deadline in(long millis) {
        return Deadline.after(Duration.ofMillis(millis), clock);
    }

    private PredictorBuilder<Double, Double> doubling() {
        return Plimsoll.<Double, Double>function(new ModelId("doubling", "1"), number -> {
                    asked.add(number);
                    return 2 * number;
                })
                .time(clock)
                .with(new Interceptor<Object, Object>() {
                    @Override
                    public Stage.Position position() {
                        return Stage.ASSIGN.before();
                    }

                    @Override
                    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
                        calls.forEach(call -> priorities.add(call.priority()));
                        next.proceed(calls);
                    }
                });
    }

    @Test
    void aDeadlineOnlyShrinks() {
        Deadline soon = in(10);
        Deadline later = in(20);

        assertThat(CallOptions.DEFAULT.withDeadline(later).withDeadline(soon).deadline())
                .isSameAs(soon);
        assertThat(CallOptions.DEFAULT.withDeadline(soon).withDeadline(later).deadline())
                .isSameAs(soon);
    }

    @Test
    void theDefaultIsNoDeadlineAndNormalPriority() {
        assertThat(CallOptions.DEFAULT.deadline()).isNull();
        assertThat(CallOptions.DEFAULT.priority()).isEqualTo(Priority.NORMAL);
        assertThat(CallOptions.DEFAULT).hasToString("no deadline, priority NORMAL");
        assertThat(CallOptions.DEFAULT.withDeadline(in(50)).withPriority(Priority.HIGH))
                .hasToString("deadline in PT0.05S, priority HIGH");
    }

    @Test
    void innerOptionsReplaceThePriorityAndCanOnlyShortenTheDeadline() {
        CallOptions outer = CallOptions.DEFAULT.withDeadline(in(10)).withPriority(Priority.LOW);

        CallOptions longer = outer.and(CallOptions.DEFAULT.withDeadline(in(20)));
        CallOptions urgent = outer.and(CallOptions.DEFAULT.withPriority(Priority.HIGH));

        assertThat(longer.deadline()).isSameAs(outer.deadline());
        assertThat(longer.priority()).isEqualTo(Priority.LOW);
        assertThat(urgent.deadline()).isSameAs(outer.deadline());
        assertThat(urgent.priority()).isEqualTo(Priority.HIGH);
        assertThat(CallOptions.DEFAULT.and(outer)).isSameAs(outer);
        assertThat(outer.and(CallOptions.DEFAULT)).isSameAs(outer);
    }

    @Test
    void whatIsTooLateIsNotGivenToTheModel() {
        RecordingListener<Double, Double> listener = new RecordingListener<>();
        Predictor<Double, Double> predictor = doubling().with(listener).build();
        Predictor<Double, Double> hurried = predictor.with(CallOptions.DEFAULT.withDeadline(in(5)));

        double inTime = hurried.predict(1.0);
        clock.advance(Duration.ofMillis(8));

        assertThat(inTime).isEqualTo(2);
        assertThatExceptionOfType(DeadlineExceededException.class)
                .isThrownBy(() -> hurried.predict(2.0))
                .withMessageMatching("call [0-9a-f]+-1: over by PT0\\.003S before the model was asked")
                .satisfies(failure -> assertThat(failure.reason()).isEqualTo("deadline"))
                .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
        assertThat(hurried.predictEach(List.of(3.0, 4.0)))
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Failed.class));
        assertThat(predictor.predict(5.0)).isEqualTo(10);
        assertThat(asked).containsExactly(1.0, 5.0);
        assertThat(listener.events()).hasSize(5);
    }

    @Test
    void optionsOfOptionsAddUp() {
        Predictor<Double, Double> predictor = doubling().build();

        predictor
                .with(CallOptions.DEFAULT.withPriority(Priority.HIGH))
                .with(CallOptions.DEFAULT.withDeadline(in(5)))
                .predictAll(List.of(1.0, 2.0));
        predictor.predict(3.0);

        assertThat(priorities).containsExactly(Priority.HIGH, Priority.HIGH, Priority.NORMAL);
    }

    @Test
    void theContextIsAskedBeforeEachCallAndWhatIsGivenComesOnTop() {
        ThreadLocal<CallOptions> context = ThreadLocal.withInitial(() -> CallOptions.DEFAULT);
        Predictor<Double, Double> predictor = doubling().options(context::get).build();
        predictor.predict(1.0);
        context.set(CallOptions.DEFAULT.withPriority(Priority.LOW).withDeadline(in(5)));
        predictor.predict(2.0);
        predictor.with(CallOptions.DEFAULT.withPriority(Priority.HIGH)).predict(3.0);
        clock.advance(Duration.ofMillis(5));

        assertThatExceptionOfType(DeadlineExceededException.class)
                .isThrownBy(() ->
                        predictor.with(CallOptions.DEFAULT.withDeadline(in(50))).predict(4.0));
        assertThat(priorities).containsExactly(Priority.NORMAL, Priority.LOW, Priority.HIGH, Priority.LOW);
        assertThat(asked).containsExactly(1.0, 2.0, 3.0);
    }

    @Test
    void anAsynchronousCallHasTheOptionsOfTheThreadThatMadeIt() {
        Queue<Runnable> executor = new ArrayDeque<>();
        List<CallOptions> context = new ArrayList<>(List.of(CallOptions.DEFAULT.withDeadline(in(5))));
        Predictor<Double, Double> predictor =
                doubling().executor(executor::add).options(() -> context.get(0)).build();

        CompletableFuture<Double> future = predictor.predictAsync(1.0);
        context.set(0, CallOptions.DEFAULT);
        clock.advance(Duration.ofMillis(5));
        executor.remove().run();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(future::join)
                .withCauseInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void aPredictorWithOptionsIsTheSamePredictorOtherwise() {
        Predictor<Double, Double> predictor = doubling().build();
        Predictor<Double, Double> hurried = predictor.with(CallOptions.DEFAULT.withPriority(Priority.HIGH));

        hurried.close();

        assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> predictor.predict(1.0));
        Predictor<Double, Double> lambda = number -> number;
        assertThat(lambda.with(CallOptions.DEFAULT)).isSameAs(lambda);
    }
}
