package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What stages that wait, or that work for nobody in particular, are given to do it with. */
class BackgroundCallTest {

    private final ManualClock clock = ManualClock.at(Instant.EPOCH);

    /** Hands each call to the test, then answers it. */
    private PredictorBuilder<Double, Double> answering(Consumer<Call<Double, Double>> look) {
        return Plimsoll.<Double, Double>function(new ModelId("same", "1"), number -> number)
                .time(clock)
                .with(new Interceptor<>() {
                    @Override
                    public Stage.Position position() {
                        return Stage.CACHE.at();
                    }

                    @Override
                    public void intercept(CallBatch<Double, Double> calls, Next<Double, Double> next) {
                        look.accept(calls.get(0));
                        next.proceed(calls);
                    }
                });
    }

    @Test
    void aBackgroundCallHasTheInputButNeitherDeadlineNorPriorityNorCaller() {
        List<Call<Double, Double>> background = new ArrayList<>();
        Predictor<Double, Double> predictor = answering(call -> {
                    background.add(call.background());
                    call.tighten(Deadline.after(Duration.ofNanos(5), clock));
                    background.add(call.background());
                })
                .build();

        predictor
                .with(CallOptions.DEFAULT
                        .withDeadline(Deadline.after(Duration.ofNanos(10), clock))
                        .withPriority(Priority.HIGH))
                .predict(3.0);
        clock.advance(Duration.ofDays(1));

        assertThat(background).hasSize(2).allSatisfy(call -> {
            assertThat(call.input()).isEqualTo(3.0);
            assertThat(call.deadline()).isNull();
            assertThat(call.priority()).isEqualTo(Priority.LOW);
            assertThat(call.failIfUseless()).isFalse();
        });
    }

    @Test
    void whatBecomesOfABackgroundCallDoesNotTouchTheOther() {
        Predictor<Double, Double> predictor = answering(
                        call -> call.background().fail(new PredictionException("not mine", null)))
                .build();

        assertThat(predictor.prediction(3.0).source()).isEqualTo(Source.MODEL);
    }

    @Test
    void aCallThatIsAnsweredHasNoBackgroundCall() {
        List<Call<Double, Double>> calls = new ArrayList<>();
        answering(calls::add).build().predict(3.0);

        assertThatIllegalStateException().isThrownBy(() -> calls.get(0).background());
    }

    @Test
    void aThreadThatWaitsForACallIsWokenWhenItIsCancelled() throws Exception {
        List<CompletableFuture<Double>> future = new ArrayList<>();
        Thread[] worker = new Thread[1];
        CountDownLatch begun = new CountDownLatch(1);
        try (Predictor<Double, Double> predictor = answering(call -> {
                    call.unparkIfCancelled(Thread.currentThread());
                    begun.countDown();
                    while (!call.isCancelled()) {
                        LockSupport.park(this);
                    }
                })
                .executor(task -> {
                    worker[0] = new Thread(task);
                    worker[0].start();
                })
                .build()) {
            future.add(predictor.predictAsync(3.0));
            begun.await();
            future.get(0).cancel(false);
            worker[0].join();
        }

        assertThat(future.get(0)).isCancelled();
    }

    @Test
    void aCallWithoutAFutureIsNeverCancelled() {
        Predictor<Double, Double> predictor = answering(call -> call.unparkIfCancelled(Thread.currentThread()))
                .build();

        assertThat(predictor.predict(3.0)).isEqualTo(3.0);
    }

    @Test
    void aPredictorIsOpenAfterAllThatComesBeforeItsFirstCall() {
        List<String> order = new ArrayList<>();
        answering(call -> {})
                .with(assembly -> assembly.whenOpen(() -> order.add("open")))
                .with(assembly -> assembly.beforeFirstCall(bare -> order.add("before")))
                .build();

        assertThat(order).containsExactly("before", "open");
    }
}
