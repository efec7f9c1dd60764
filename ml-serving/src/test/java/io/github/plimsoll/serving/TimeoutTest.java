package io.github.plimsoll.serving;

import static io.github.plimsoll.serving.GatedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.serving.GatedModel.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Deadlines, cooperative and strict.
 *
 * <pre>
 * cooperative: caller ▸ fall back ▸ deadline ▸ ... ▸ model
 * strict:      caller ▸ fall back ▸ deadline ─ ─ ─ ─ ─ ─ ─ waits, no longer than it
 *                                      └─ executor ▸ ... ▸ model
 * </pre>
 */
@org.junit.jupiter.api.Timeout(240)
class TimeoutTest {

    private static final Duration LIMIT = Duration.ofMillis(10);

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private GatedModel model = GatedModel.doubling();

    @AfterEach
    void stop() {
        model.letGo();
        threads.shutdown();
    }

    private Predictor<double[], Double> with(Timeout timeout) {
        return model.as().time(clock).with(timeout).build();
    }

    private CallOptions in(long millis) {
        return CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMillis(millis), clock));
    }

    private int overruns() {
        return model.measured("ml.overruns");
    }

    private void awaitOverruns(int count) {
        while (overruns() != count) {
            Thread.onSpinWait();
        }
    }

    private void awaitRest(int callers) {
        while (clock.waiting() != callers) {
            Thread.onSpinWait();
        }
    }

    /** Takes time before the model is asked. */
    private Interceptor<double[], Double> taking(long millis) {
        return new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return Stage.LIMIT.after();
            }

            @Override
            public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
                clock.advance(Duration.ofMillis(millis));
                next.proceed(calls);
            }
        };
    }

    /** What stands at the fallback's stage: answers what has failed. */
    private static final Interceptor<double[], Double> FALLBACK = new Interceptor<>() {
        @Override
        public Stage.Position position() {
            return Stage.FALL_BACK.at();
        }

        @Override
        public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
            next.proceed(calls);
            calls.forEach(call -> {
                if (call.failure() != null) {
                    call.reopen();
                    call.answer(0.5, Prediction.Source.FALLBACK);
                }
            });
        }
    };

    @Nested
    class Cooperative {

        @Test
        void aCallInTimeIsAnsweredOnItsOwnThread() {
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT));

            assertThat(predictor.predict(new double[] {3})).isEqualTo(6);
            assertThat(overruns()).isZero();
        }

        @Test
        void theModelIsNotAskedWhenTheTimeIsOver() {
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Timeout.of(LIMIT))
                    .with(taking(10))
                    .build();

            assertThatExceptionOfType(DeadlineExceededException.class)
                    .isThrownBy(() -> predictor.predict(new double[] {3}))
                    .withMessageEndingWith("over by PT0S before the model was asked");
            assertThat(model.runs).isEmpty();
            assertThat(overruns()).isZero();
        }

        @Test
        void anAnswerThatIsLateIsGivenAndCounted() {
            model = GatedModel.of(x -> {
                clock.advance(LIMIT);
                return 2 * x;
            });
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT));

            assertThat(predictor.predict(new double[] {3})).isEqualTo(6);
            assertThat(overruns()).isEqualTo(1);
        }

        @Test
        void aFailureThatIsLateIsNoOverrun() {
            model = GatedModel.of(x -> {
                clock.advance(LIMIT);
                throw new IllegalStateException("no");
            });
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT));

            assertThatExceptionOfType(ModelExecutionException.class)
                    .isThrownBy(() -> predictor.predict(new double[] {3}));
            assertThat(overruns()).isZero();
        }

        @Test
        void deadlinesOnlyShrink() {
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Timeout.of(LIMIT))
                    .with(taking(7))
                    .build();

            assertThat(predictor.with(in(8)).predict(new double[] {1})).isEqualTo(2);
            assertThatExceptionOfType(DeadlineExceededException.class)
                    .isThrownBy(() -> predictor.with(in(6)).predict(new double[] {2}));
            Predictor<double[], Double> slower = model.as()
                    .time(clock)
                    .with(Timeout.of(LIMIT))
                    .with(taking(12))
                    .build();
            assertThatExceptionOfType(DeadlineExceededException.class)
                    .isThrownBy(() -> slower.with(in(20)).predict(new double[] {3}));
        }

        @Test
        void eachCallHasItsOwnTime() {
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT));
            predictor.predict(new double[] {1});
            clock.advance(Duration.ofSeconds(1));

            assertThat(predictor.predict(new double[] {2})).isEqualTo(4);
        }

        @Test
        void theFallbackAnswersWhatWasTooLate() {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Timeout.of(LIMIT))
                    .with(taking(10))
                    .with(FALLBACK)
                    .with(listener)
                    .build();

            assertThat(predictor.prediction(new double[] {3}).source()).isEqualTo(Prediction.Source.FALLBACK);
            assertThat(listener.events()).hasSize(1);
        }

        @Test
        void aWallClockThatJumpsChangesNothing() {
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Timeout.of(LIMIT))
                    .with(taking(9))
                    .build();
            clock.setBack(Duration.ofDays(1));

            assertThat(predictor.predict(new double[] {3})).isEqualTo(6);
        }

        @Test
        void whatWaitsForABatchWaitsNoLonger() throws Exception {
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Timeout.of(LIMIT))
                    .with(Batching.rows(4).runs(1))
                    .build();
            model.hold();
            Caller running = call(predictor, 1);
            model.awaitInside(1);
            Caller waiting = call(predictor, 2);
            awaitRest(1);

            clock.advance(LIMIT);

            assertThat(waiting.failure()).isInstanceOf(DeadlineExceededException.class);
            model.letGo();
            assertThat(running.answer()).isEqualTo(2); // late, but given
            assertThat(overruns()).isEqualTo(1);
            assertThat(model.runs).containsExactly(List.of(1.0));
        }
    }

    @Nested
    class Strict {

        private final Timeout strict = Timeout.of(LIMIT).strict(threads);

        @Test
        void aCallInTimeIsAnsweredAsAlways() {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Predictor<double[], Double> predictor =
                    model.as().time(clock).with(strict).with(listener).build();

            assertThat(predictor.predict(new double[] {3})).isEqualTo(6);
            assertThat(predictor.predictAll(List.of(new double[] {1}, new double[] {2})))
                    .containsExactly(2.0, 4.0);
            assertThat(listener.events())
                    .hasSize(3)
                    .allSatisfy(event -> assertThat(event.source()).isEqualTo(Prediction.Source.MODEL));
            assertThat(overruns()).isZero();
        }

        @Test
        void theCallerIsLetGoOnTimeAndTheLateAnswerIsGivenToNobody() throws Exception {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Predictor<double[], Double> predictor =
                    model.as().time(clock).with(strict).with(listener).build();
            model.hold();
            Caller caller = call(predictor, 3);
            model.awaitInside(1);
            awaitRest(1);

            clock.advance(LIMIT);

            assertThat(caller.failure())
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageEndingWith("over by PT0S before there was an answer");
            assertThat(overruns()).isZero(); // nothing has ended yet
            model.letGo();
            awaitOverruns(1);
            assertThat(listener.events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.failure()).isInstanceOf(DeadlineExceededException.class));
        }

        @Test
        void theCallersOwnDeadlineLetsItGoEarlier() throws Exception {
            Predictor<double[], Double> predictor = with(strict);
            model.hold();
            Caller caller = call(predictor.with(in(4)), 3);
            model.awaitInside(1);
            awaitRest(1);

            clock.advance(Duration.ofMillis(4));

            assertThat(caller.failure()).isInstanceOf(DeadlineExceededException.class);
        }

        @Test
        void workThatHasNotBegunIsNotDone() throws Exception {
            Queue<Runnable> tasks = new ArrayDeque<>();
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT).strict(tasks::add));
            Caller caller = call(predictor, 3);
            awaitRest(1);
            clock.advance(LIMIT);
            caller.failure();

            tasks.remove().run();

            assertThat(model.runs).isEmpty();
            assertThat(overruns()).isZero();
        }

        @Test
        void waitingForTheExecutorIsQueueTime() throws Exception {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Queue<Runnable> tasks = new ArrayDeque<>();
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Timeout.of(LIMIT).strict(tasks::add))
                    .with(listener)
                    .build();
            Caller caller = call(predictor, 3);
            awaitRest(1);
            clock.advance(Duration.ofMillis(4));

            tasks.remove().run();

            assertThat(caller.answer()).isEqualTo(6);
            assertThat(listener.events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.timings().queue()).isEqualTo(Duration.ofMillis(4)));
        }

        @Test
        void anExecutorThatRefusesIsARefusedCall() {
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT).strict(task -> {
                throw new RejectedExecutionException("all 8 threads are busy");
            }));

            assertThatExceptionOfType(RejectedException.class)
                    .isThrownBy(() -> predictor.predict(new double[] {3}))
                    .withMessage("timeout: the host's executor refused the call (expected: a thread for each call under"
                            + " way): all 8 threads are busy")
                    .satisfies(refusal -> assertThat(refusal.why()).isEqualTo(RejectedException.Reason.EXECUTOR_FULL));
            assertThat(model.measured("ml.shed{reason=executor-full}")).isEqualTo(1);
        }

        @Test
        void aCallThatComesTooLateIsNotHandedOver() {
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT).strict(task -> {
                throw new AssertionError("asked");
            }));

            assertThatExceptionOfType(DeadlineExceededException.class)
                    .isThrownBy(() -> predictor.with(in(0)).predict(new double[] {3}));
        }

        @Test
        void eachRowOfABatchHasItsOwnDeadline() throws Exception {
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(strict)
                    .with(new Interceptor<double[], Double>() {
                        @Override
                        public Stage.Position position() {
                            return Stage.DEADLINE.before();
                        }

                        @Override
                        public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
                            calls.get(1).tighten(Deadline.after(Duration.ofMillis(4), clock));
                            next.proceed(calls);
                        }
                    })
                    .build();
            model.hold();
            CompletableFuture<List<Outcome<Double>>> many = CompletableFuture.supplyAsync(
                    () -> predictor.predictEach(List.of(new double[] {1}, new double[] {2}, new double[] {3})));
            model.awaitInside(1);
            awaitRest(1);
            clock.advance(Duration.ofMillis(4));
            awaitRest(1); // the caller waits for the other two

            model.letGo();

            List<Outcome<Double>> outcomes = many.join();
            assertThat(outcomes.get(0)).isInstanceOf(Outcome.Answered.class);
            assertThat(outcomes.get(1))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.failure()).isInstanceOf(DeadlineExceededException.class));
            assertThat(outcomes.get(2)).isInstanceOf(Outcome.Answered.class);
            assertThat(overruns()).isEqualTo(1);
        }

        @Test
        void anInterruptLetsTheCallerGoAtOnce() throws Exception {
            Predictor<double[], Double> predictor = with(strict);
            model.hold();
            Caller caller = call(predictor, 3);
            model.awaitInside(1);

            caller.thread.interrupt();

            assertThat(caller.failure())
                    .isInstanceOf(CallCancelledException.class)
                    .hasMessageContaining("its thread was interrupted while it waited for the answer");
            assertThat(caller.interruptedAfter).isTrue();
            model.letGo();
            awaitOverruns(1);
        }

        @Test
        void aFailureOfTheModelIsTheCallersFailure() {
            model = GatedModel.of(x -> {
                throw new IllegalStateException("no");
            });
            Predictor<double[], Double> predictor = with(strict);

            assertThatExceptionOfType(ModelExecutionException.class)
                    .isThrownBy(() -> predictor.predict(new double[] {3}))
                    .withRootCauseInstanceOf(IllegalStateException.class);
        }

        @Test
        void anErrorOnTheExecutorsThreadReachesTheCaller() {
            model = GatedModel.of(x -> {
                throw new StackOverflowError("deep");
            });
            Queue<Throwable> seen = new ArrayDeque<>();
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT).strict(task -> {
                try {
                    task.run();
                } catch (Throwable error) {
                    seen.add(error);
                }
            }));

            assertThatThrownBy(() -> predictor.predict(new double[] {3}))
                    .isExactlyInstanceOf(PredictionException.class)
                    .hasMessage("timeout: the executor's thread failed: java.lang.StackOverflowError: deep")
                    .hasCauseInstanceOf(StackOverflowError.class);
            assertThat(seen).hasOnlyElementsOfType(StackOverflowError.class).hasSize(1);
        }

        @Test
        void whatIsDoneWhenTheCallerLooksIsGivenEvenIfLate() {
            model = GatedModel.of(x -> {
                clock.advance(LIMIT);
                return 2 * x;
            });
            Predictor<double[], Double> predictor = with(Timeout.of(LIMIT).strict(Runnable::run));

            assertThat(predictor.predict(new double[] {3})).isEqualTo(6);
            assertThat(overruns()).isEqualTo(1);
        }

        @Test
        void theFallbackAnswersTheCallerOnTime() throws Exception {
            Predictor<double[], Double> predictor =
                    model.as().time(clock).with(strict).with(FALLBACK).build();
            model.hold();
            Caller caller = call(predictor, 3);
            model.awaitInside(1);
            awaitRest(1);

            clock.advance(LIMIT);

            assertThat(caller.answer()).isEqualTo(0.5);
            model.letGo();
            awaitOverruns(1);
        }
    }

    @Nested
    class Configuration {

        @Test
        void saysWhatItPromises() {
            assertThat(Timeout.of(LIMIT)).hasToString("a deadline after PT0.01S, cooperative");
            assertThat(Timeout.of(LIMIT).strict(threads))
                    .hasToString("a deadline after PT0.01S, strict: on the host's executor");
            assertThat(with(Timeout.of(LIMIT)).describe())
                    .contains("deadline: a deadline after PT0.01S, cooperative")
                    .contains("ml.overruns 0.0");
        }

        @Test
        void aTimeIsPositive() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Timeout.of(Duration.ZERO))
                    .withMessage("timeout: PT0S (expected: > 0)");
        }
    }
}
