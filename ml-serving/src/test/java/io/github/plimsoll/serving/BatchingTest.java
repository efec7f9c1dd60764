package io.github.plimsoll.serving;

import static io.github.plimsoll.serving.GatedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.serving.GatedModel.Caller;
import java.nio.DoubleBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Batches of several callers.
 *
 * <pre>
 * caller A ▸ limits ▸ batching ─┐
 * caller B ▸ limits ▸ batching ─┼▸ one run of the model, on the thread of one of them
 * caller C ▸ limits ▸ batching ─┘
 * </pre>
 */
@org.junit.jupiter.api.Timeout(240)
class BatchingTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final GatedModel model = GatedModel.doubling();

    private Predictor<double[], Double> with(Batching batching) {
        return model.as().time(clock).with(batching).build();
    }

    private CallOptions in(long millis) {
        return CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMillis(millis), clock));
    }

    private static List<double[]> rows(double... values) {
        return Arrays.stream(values).mapToObj(x -> new double[] {x}).toList();
    }

    /** A caller whose run is held inside the model. */
    private Caller holder(Predictor<double[], Double> predictor) throws InterruptedException {
        model.hold();
        Caller holder = call(predictor, 0);
        model.awaitInside(1);
        return holder;
    }

    /** Callers that wait, in this order. */
    private List<Caller> waiting(Predictor<double[], Double> predictor, double... values) {
        int before = model.measured("ml.waiting{stage=batch}");
        List<Caller> callers = new ArrayList<>();
        for (double value : values) {
            callers.add(call(predictor, value));
            model.awaitWaiting(before + callers.size());
        }
        return callers;
    }

    private static void assertDoubled(List<Caller> callers, double... values) throws Exception {
        for (int i = 0; i < values.length; i++) {
            assertThat(callers.get(i).answer()).isEqualTo(2 * values[i]);
        }
    }

    @Nested
    class Forming {

        @Test
        void aCallThatFindsNobodyIsRunAtOnceOnItsOwnThread() {
            List<Thread> threads = new ArrayList<>();
            Predictor<double[], Double> predictor = Plimsoll.use(FakeModel.ofRows("m", 1, row -> {
                        threads.add(Thread.currentThread());
                        return 2 * row[0];
                    }))
                    .as(Schema.ofDoubles(1), Output.number())
                    .with(Batching.rows(8))
                    .build();

            assertThat(predictor.predict(new double[] {3})).isEqualTo(6);
            assertThat(threads).containsExactly(Thread.currentThread());
        }

        @Test
        void callsThatComeWhileTheModelRunsShareTheNextRunInTheirOrder() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(8).runs(1));
            Caller first = holder(predictor);
            List<Caller> others = waiting(predictor, 1, 2, 3);

            model.letGo();

            assertThat(first.answer()).isZero();
            assertDoubled(others, 1, 2, 3);
            assertThat(model.runs).containsExactly(List.of(0.0), List.of(1.0, 2.0, 3.0));
            assertThat(model.measured("ml.waiting{stage=batch}")).isZero();
        }

        @Test
        void aRunHasNoMoreRowsThanMayBe() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(2).runs(1));
            holder(predictor);
            List<Caller> others = waiting(predictor, 1, 2, 3, 4, 5);

            model.letGo();

            assertDoubled(others, 1, 2, 3, 4, 5);
            assertThat(model.runs).containsExactly(List.of(0.0), List.of(1.0, 2.0), List.of(3.0, 4.0), List.of(5.0));
        }

        @Test
        void asManyRunsAreUnderWayAsMayBe() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(8).runs(2));
            model.hold();
            List<Caller> running = List.of(call(predictor, 1), call(predictor, 2));
            model.awaitInside(2);
            List<Caller> others = waiting(predictor, 3, 4);

            model.letGo();

            assertDoubled(running, 1, 2);
            assertDoubled(others, 3, 4);
            assertThat(model.runs).hasSize(3).contains(List.of(3.0, 4.0));
        }

        @Test
        void higherPrioritiesGoFirst() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(2).runs(1));
            holder(predictor);
            List<Caller> low = waiting(predictor.with(CallOptions.DEFAULT.withPriority(Priority.LOW)), 1);
            List<Caller> normal = waiting(predictor, 2, 3);
            List<Caller> high = waiting(predictor.with(CallOptions.DEFAULT.withPriority(Priority.HIGH)), 4);

            model.letGo();

            assertDoubled(high, 4);
            assertDoubled(normal, 2, 3);
            assertDoubled(low, 1);
            assertThat(model.runs).containsExactly(List.of(0.0), List.of(4.0, 2.0), List.of(3.0, 1.0));
        }

        @Test
        void waitingIsTheCallsQueueTime() throws Exception {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Batching.rows(2).runs(1))
                    .with(listener)
                    .build();
            Caller holder = holder(predictor);
            List<Caller> others = waiting(predictor, 1);
            clock.advance(Duration.ofMillis(7));

            model.letGo();

            holder.answer();
            assertDoubled(others, 1);
            assertThat(listener.events())
                    .extracting(event -> event.timings().queue())
                    .containsExactlyInAnyOrder(Duration.ZERO, Duration.ofMillis(7));
        }

        @Test
        void largeBatchesAreSplitAndOthersFillWhatIsLeft() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(4).runs(1));
            holder(predictor);
            CompletableFuture<List<Double>> many =
                    CompletableFuture.supplyAsync(() -> predictor.predictAll(rows(1, 2, 3, 4, 5, 6)));
            model.awaitWaiting(4);
            List<Caller> others = waiting(predictor, 7, 8);

            model.letGo();

            assertThat(many.join()).containsExactly(2.0, 4.0, 6.0, 8.0, 10.0, 12.0);
            assertDoubled(others, 7, 8);
            assertThat(model.runs).contains(List.of(1.0, 2.0, 3.0, 4.0));
            assertThat(model.sizes()).allMatch(size -> size <= 4);
        }

        @Test
        void rowsOfDifferentShapesNeverShareARun() throws Exception {
            List<long[]> shapes = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch gate = new CountDownLatch(1);
            ModelSignature signature = new ModelSignature(
                    List.of(TensorSpec.of("t", ElementType.FLOAT32, -1, -1)),
                    List.of(TensorSpec.of("y", ElementType.FLOAT64, -1, 1)));
            FakeModel shaped = FakeModel.of(new ModelId("shaped", "1"), signature, (inputs, outputs) -> {
                shapes.add(inputs.get(0).shape());
                if (shapes.size() == 1) {
                    awaitGate(gate);
                }
                for (int row = 0; row < inputs.get(0).rows(); row++) {
                    outputs.get(0).number(row, inputs.get(0).shape()[1]);
                }
            });
            Predictor<float[], Double> predictor = Plimsoll.use(shaped)
                    .as(
                            Schema.builder(float[].class)
                                    .tensor(Feature.tensor("t", -1), row -> row)
                                    .build(),
                            Output.number())
                    .with(Batching.rows(8).runs(1))
                    .build();
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                List<CompletableFuture<List<Double>>> answers = new ArrayList<>();
                answers.add(CompletableFuture.supplyAsync(() -> predictor.predictAll(List.of(new float[1])), threads));
                while (shapes.isEmpty()) {
                    Thread.onSpinWait();
                }
                for (int length : new int[] {2, 3, 2, 3}) {
                    answers.add(CompletableFuture.supplyAsync(
                            () -> predictor.predictAll(List.of(new float[length], new float[length])), threads));
                }
                while (!predictor.describe().contains("ml.waiting{stage=batch} 8.0")) {
                    Thread.onSpinWait();
                }
                gate.countDown();

                assertThat(answers.stream().flatMap(answer -> answer.join().stream()))
                        .containsExactly(1.0, 2.0, 2.0, 3.0, 3.0, 2.0, 2.0, 3.0, 3.0);
                assertThat(shapes).containsExactlyInAnyOrder(new long[] {1, 1}, new long[] {4, 2}, new long[] {4, 3});
                assertThat(predictor.predictAll(List.of(new float[2], new float[3], new float[3])))
                        .containsExactly(2.0, 3.0, 3.0);
                assertThat(shapes.subList(3, 5)).containsExactly(new long[] {1, 2}, new long[] {2, 3});
            } finally {
                threads.shutdown();
            }
        }

        @Test
        void aBatchIsPaddedToAnAllowedSizeAndNobodySeesThePadding() throws Exception {
            RecordingListener<double[], Double> listener = new RecordingListener<>();
            Predictor<double[], Double> predictor = model.as()
                    .with(Batching.rows(4).paddedTo(1, 3))
                    .with(listener)
                    .build();

            List<Double> answers = predictor.predictAll(rows(1, 2));

            assertThat(answers).containsExactly(2.0, 4.0);
            assertThat(model.runs).containsExactly(List.of(1.0, 2.0, 2.0));
            assertThat(listener.events()).hasSize(2);
            predictor.predictAll(rows(1, 2, 3));
            predictor.predictAll(rows(1, 2, 3, 4, 5));
            assertThat(model.sizes()).containsExactly(3, 3, 4, 1);
        }
    }

    @Nested
    class Delay {

        private final Batching delayed = Batching.rows(3).runs(1).maxDelay(Duration.ofMillis(10));

        @Test
        void aCallWaitsForOthersAndThenGoesAlone() throws Exception {
            Predictor<double[], Double> predictor = with(delayed);
            Caller caller = call(predictor, 1);
            model.awaitWaiting(1);
            clock.advance(Duration.ofMillis(9));
            awaitRest(1);
            assertThat(model.runs).isEmpty();

            clock.advance(Duration.ofMillis(1));

            assertThat(caller.answer()).isEqualTo(2);
        }

        @Test
        void whoComesMeanwhileGoesAlong() throws Exception {
            Predictor<double[], Double> predictor = with(delayed);
            List<Caller> callers = waiting(predictor, 1);
            clock.advance(Duration.ofMillis(9));
            callers.addAll(waiting(predictor, 2));

            clock.advance(Duration.ofMillis(1));

            assertDoubled(callers, 1, 2);
            assertThat(model.runs).containsExactly(List.of(1.0, 2.0));
        }

        @Test
        void aFullBatchGoesAtOnce() throws Exception {
            Predictor<double[], Double> predictor = with(delayed);
            List<Caller> callers = waiting(predictor, 1, 2);

            callers.add(call(predictor, 3));

            assertDoubled(callers, 1, 2, 3);
            assertThat(model.runs).containsExactly(List.of(1.0, 2.0, 3.0));
            assertThat(predictor.predictAll(rows(4, 5, 6))).containsExactly(8.0, 10.0, 12.0);
        }

        @Test
        void aCallThatCannotWaitTakesTheOthersAlong() throws Exception {
            Predictor<double[], Double> predictor = with(delayed);
            List<Caller> callers = waiting(predictor, 1);

            double hurried = predictor.with(in(10)).predict(new double[] {2});

            assertThat(hurried).isEqualTo(4);
            assertDoubled(callers, 1);
            assertThat(model.runs).containsExactly(List.of(1.0, 2.0));
        }

        @Test
        void whoHasWaitedLongEnoughTakesAlongWhoIsMoreImportant() throws Exception {
            Predictor<double[], Double> predictor = with(delayed);
            List<Caller> callers = waiting(predictor.with(CallOptions.DEFAULT.withPriority(Priority.LOW)), 1);
            clock.advance(Duration.ofMillis(5));
            callers.addAll(waiting(predictor.with(CallOptions.DEFAULT.withPriority(Priority.HIGH)), 2));

            clock.advance(Duration.ofMillis(5));

            assertDoubled(callers, 1, 2);
            assertThat(model.runs).containsExactly(List.of(2.0, 1.0));
        }

        @Test
        void closingDoesNotWaitForTheDelay() throws Exception {
            Predictor<double[], Double> predictor = with(delayed);
            List<Caller> callers = waiting(predictor, 1, 2);

            predictor.close();

            assertDoubled(callers, 1, 2);
            awaitClosed();
        }
    }

    @Nested
    class Objective {

        @Test
        void runsGrowUntilTheyTakeHalfOfTheObjective() {
            GatedModel slow = GatedModel.of(x -> {
                clock.advance(Duration.ofMillis(1)); // a row
                return 2 * x;
            });
            Predictor<double[], Double> predictor = slow.as()
                    .time(clock)
                    .with(Batching.rows(64).latencyObjective(Duration.ofMillis(21)))
                    .build();

            List<Double> answers = predictor.predictAll(rows(new double[50]));

            assertThat(answers).hasSize(50);
            assertThat(slow.sizes()).containsExactly(1, 2, 4, 8, 10, 10, 10, 5);
        }

        @Test
        void runsShrinkWhenTheModelBecomesSlower() {
            Duration[] row = {Duration.ofMillis(1)};
            GatedModel slower = GatedModel.of(x -> {
                clock.advance(row[0]);
                return 2 * x;
            });
            Predictor<double[], Double> predictor = slower.as()
                    .time(clock)
                    .with(Batching.rows(8).latencyObjective(Duration.ofMillis(21)))
                    .build();
            predictor.predictAll(rows(new double[40]));
            row[0] = Duration.ofMillis(5);

            predictor.predictAll(rows(new double[2 * CostModel.WINDOW * 8]));

            assertThat(slower.sizes()).contains(8);
            assertThat(slower.sizes().subList(slower.runs.size() - 20, slower.runs.size() - 1))
                    .containsOnly(2);
        }
    }

    @Nested
    class GivingUp {

        @Test
        void aDeadlineThatPassesInTheQueueIsKeptAndTheModelNeverAsked() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(8).runs(1));
            Caller holder = holder(predictor);
            List<Caller> late = waiting(predictor.with(in(5)), 1);
            List<Caller> patient = waiting(predictor, 2);

            clock.advance(Duration.ofMillis(5));

            assertThat(late.get(0).failure())
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessageContaining("before the model was asked");
            assertThat(model.measured("ml.waiting{stage=batch}")).isEqualTo(1);
            model.letGo();
            holder.answer();
            assertDoubled(patient, 2);
            assertThat(model.runs).containsExactly(List.of(0.0), List.of(2.0));
        }

        @Test
        void aCancelledFutureIsNotGivenToTheModel() throws Exception {
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                Predictor<double[], Double> predictor = model.as()
                        .time(clock)
                        .executor(threads)
                        .with(Batching.rows(8).runs(1))
                        .build();
                Caller holder = holder(predictor);
                CompletableFuture<Double> cancelled = predictor.predictAsync(new double[] {1});
                model.awaitWaiting(1);
                List<Caller> patient = waiting(predictor, 2);
                cancelled.cancel(true);

                model.letGo();

                holder.answer();
                assertDoubled(patient, 2);
                assertThat(model.runs).containsExactly(List.of(0.0), List.of(2.0));
            } finally {
                threads.shutdown();
            }
        }

        @Test
        void aCancelledFutureTakesNobodysPlaceInABatch() throws Exception {
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                Predictor<double[], Double> predictor = model.as()
                        .time(clock)
                        .executor(threads)
                        .with(Batching.rows(2).runs(1))
                        .build();
                Caller holder = holder(predictor);
                CompletableFuture<Double> cancelled = predictor.predictAsync(new double[] {1});
                model.awaitWaiting(1);
                List<Caller> patient = waiting(predictor, 2, 3);
                cancelled.cancel(true);

                model.letGo();

                holder.answer();
                assertDoubled(patient, 2, 3);
                assertThat(model.runs).containsExactly(List.of(0.0), List.of(2.0, 3.0));
            } finally {
                threads.shutdown();
            }
        }

        @Test
        void anInterruptTakesACallOutOfTheQueueAndKeepsItsStatus() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(8).runs(1));
            Caller holder = holder(predictor);
            List<Caller> callers = waiting(predictor, 1, 2);

            callers.get(0).thread.interrupt();

            assertThat(callers.get(0).failure())
                    .isInstanceOf(CallCancelledException.class)
                    .hasMessageMatching("call [0-9a-f]+-1: its thread was interrupted while it waited for a batch");
            assertThat(callers.get(0).interruptedAfter).isTrue();
            model.letGo();
            holder.answer();
            assertThat(callers.get(1).answer()).isEqualTo(4);
            assertThat(model.runs).containsExactly(List.of(0.0), List.of(2.0));
        }

        @Test
        void anInterruptWhileTheModelRunsDoesNotLoseTheAnswer() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(8).runs(1));
            Caller holder = holder(predictor);
            List<Caller> callers = waiting(predictor, 1, 2);
            model.letOneGo();
            holder.answer();
            model.awaitInside(1); // both are in the run now

            callers.forEach(caller -> caller.thread.interrupt());
            model.letGo();

            assertDoubled(callers, 1, 2);
            assertThat(callers).allMatch(caller -> caller.interruptedAfter);
        }

        @Test
        void ofABatchOnlyTheRowsThatAreTooLateFail() throws Exception {
            Predictor<double[], Double> predictor = model.as()
                    .time(clock)
                    .with(Batching.rows(8).runs(1))
                    .with(tightening(2))
                    .build();
            Caller holder = holder(predictor);
            CompletableFuture<List<Outcome<Double>>> many =
                    CompletableFuture.supplyAsync(() -> predictor.predictEach(rows(1, 2, 3)));
            model.awaitWaiting(3);

            clock.advance(Duration.ofMillis(5));
            model.awaitWaiting(2);
            model.letGo();

            holder.answer();
            List<Outcome<Double>> outcomes = many.join();
            assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
            assertThat(List.of(outcomes.get(0), outcomes.get(2))).allMatch(Outcome.Answered.class::isInstance);
            assertThat(model.runs).containsExactly(List.of(0.0), List.of(1.0, 3.0));
        }

        /** Gives the call for one number a deadline. */
        private Interceptor<double[], Double> tightening(double x) {
            return new Interceptor<>() {
                @Override
                public Stage.Position position() {
                    return Stage.BATCH.before();
                }

                @Override
                public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
                    calls.forEach(call -> {
                        if (call.input()[0] == x) {
                            call.tighten(Deadline.after(Duration.ofMillis(5), clock));
                        }
                    });
                    next.proceed(calls);
                }
            };
        }
    }

    @Nested
    class FullQueue {

        private Predictor<double[], Double> full(Batching.WhenFull whenFull) throws InterruptedException {
            Predictor<double[], Double> predictor =
                    with(Batching.rows(2).runs(1).queue(2, whenFull));
            holder(predictor);
            return predictor;
        }

        @Test
        void aCallTooManyIsRefused() throws Exception {
            Predictor<double[], Double> predictor = full(Batching.WhenFull.REJECT);
            List<Caller> callers = waiting(predictor, 1, 2);

            assertThatExceptionOfType(RejectedException.class)
                    .isThrownBy(() -> predictor.predict(new double[] {3}))
                    .withMessage("model gated:1: 2 rows wait in the queue of the batches, 1 came (expected: at most 2)")
                    .satisfies(refusal -> assertThat(refusal.why()).isEqualTo(RejectedException.Reason.QUEUE_FULL))
                    .satisfies(refusal -> assertThat(refusal.getStackTrace()).isEmpty());
            assertThat(model.measured("ml.shed{reason=queue-full}")).isEqualTo(1);
            model.letGo();
            assertDoubled(callers, 1, 2);
        }

        @Test
        void aRefusalSaysWhenToTryAgain() throws Exception {
            GatedModel slow = GatedModel.of(x -> {
                clock.advance(Duration.ofMillis(3)); // a row
                return 2 * x;
            });
            Predictor<double[], Double> predictor = slow.as()
                    .time(clock)
                    .with(Batching.rows(2).runs(1).queue(2, Batching.WhenFull.REJECT))
                    .build();
            slow.hold();
            Caller first = call(predictor, 0);
            slow.awaitInside(1);
            Caller second = call(predictor, 1);
            slow.awaitWaiting(1);
            slow.letOneGo();
            first.answer();
            slow.awaitInside(1);
            slow.letOneGo();
            second.answer(); // the first run that somebody waited for: 3 ms
            Caller third = call(predictor, 2);
            slow.awaitInside(1);
            Caller fourth = call(predictor, 3);
            slow.awaitWaiting(1);
            Caller fifth = call(predictor, 4);
            slow.awaitWaiting(2);

            assertThatExceptionOfType(RejectedException.class)
                    .isThrownBy(() -> predictor.predict(new double[] {5}))
                    .satisfies(refusal -> assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(6)));
            slow.letGo();
            assertDoubled(List.of(third, fourth, fifth), 2, 3, 4);
        }

        @Test
        void aCallTooManyRunsAlone() throws Exception {
            Predictor<double[], Double> predictor = full(Batching.WhenFull.RUN_ALONE);
            List<Caller> callers = waiting(predictor, 1, 2);
            Caller alone = call(predictor, 3);
            model.awaitInside(2); // beyond the one run that may be

            model.letGo();

            assertThat(alone.answer()).isEqualTo(6);
            assertDoubled(callers, 1, 2);
            assertThat(model.runs).contains(List.of(3.0));
        }

        @Test
        void theOldestMakesRoom() throws Exception {
            Predictor<double[], Double> predictor = full(Batching.WhenFull.DROP_OLDEST);
            List<Caller> callers = waiting(predictor, 1, 2);
            Caller newest = call(predictor, 3);

            assertThat(callers.get(0).failure())
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            refusal -> assertThat(refusal.why()).isEqualTo(RejectedException.Reason.DROPPED));
            model.letGo();
            assertThat(callers.get(1).answer()).isEqualTo(4);
            assertThat(newest.answer()).isEqualTo(6);
            assertThat(model.measured("ml.shed{reason=dropped}")).isEqualTo(1);
        }

        @Test
        void noCallMakesRoomForALessImportantOne() throws Exception {
            Predictor<double[], Double> predictor = full(Batching.WhenFull.DROP_OLDEST);
            List<Caller> low = waiting(predictor.with(CallOptions.DEFAULT.withPriority(Priority.LOW)), 1);
            List<Caller> high = waiting(predictor.with(CallOptions.DEFAULT.withPriority(Priority.HIGH)), 2);

            Caller normal = call(predictor, 3);
            assertThat(low.get(0).failure()).isInstanceOf(RejectedException.class);
            Predictor<double[], Double> lowly = predictor.with(CallOptions.DEFAULT.withPriority(Priority.LOW));
            assertThatExceptionOfType(RejectedException.class)
                    .isThrownBy(() -> lowly.predict(new double[] {4}))
                    .satisfies(refusal -> assertThat(refusal.why()).isEqualTo(RejectedException.Reason.QUEUE_FULL));

            model.letGo();
            assertDoubled(high, 2);
            assertThat(normal.answer()).isEqualTo(6);
        }

        @Test
        void whatIsCancelledMakesRoomFirst() throws Exception {
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                Predictor<double[], Double> predictor = model.as()
                        .time(clock)
                        .executor(threads)
                        .with(Batching.rows(2).runs(1).queue(2, Batching.WhenFull.REJECT))
                        .build();
                holder(predictor);
                CompletableFuture<Double> cancelled = predictor.predictAsync(new double[] {1});
                model.awaitWaiting(1);
                List<Caller> callers = waiting(predictor, 2);
                cancelled.cancel(true);

                Caller last = call(predictor, 3);
                while (last.thread.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                model.letGo();

                assertDoubled(callers, 2);
                assertThat(last.answer()).isEqualTo(6);
                assertThat(model.measured("ml.shed{reason=queue-full}")).isZero();
            } finally {
                threads.shutdown();
            }
        }
    }

    @Nested
    class Failures {

        private final GatedModel failing = GatedModel.of(x -> {
            if (x < 0) {
                throw new IllegalArgumentException("no " + x);
            }
            return x == 99 ? Double.NaN : 2 * x;
        });

        private Predictor<double[], Double> failing(Batching batching) {
            return failing.as().with(batching).build();
        }

        private static List<Integer> failed(List<Outcome<Double>> outcomes) {
            return IntStream.range(0, outcomes.size())
                    .filter(i -> outcomes.get(i) instanceof Outcome.Failed)
                    .boxed()
                    .toList();
        }

        @Test
        void aBadRowFailsAlone() {
            Predictor<double[], Double> predictor = failing(Batching.rows(8));

            List<Outcome<Double>> outcomes = predictor.predictEach(rows(1, 2, 3, 4, 5, -6, 7, 8));

            assertThat(failed(outcomes)).containsExactly(5);
            assertThat(((Outcome.Failed<Double>) outcomes.get(5)).failure())
                    .isInstanceOf(ModelExecutionException.class)
                    .hasRootCauseMessage("no -6.0");
            assertThat(failing.sizes()).containsExactly(8, 4, 4, 2, 1, 1, 2); // 6 extra runs: 2 * log2(8)
        }

        @Test
        void severalBadRowsFailEachForItself() {
            Predictor<double[], Double> predictor = failing(Batching.rows(8));

            assertThat(failed(predictor.predictEach(rows(-1, 2, 3, -4, 5, 6, 7, 8))))
                    .containsExactly(0, 3);
            assertThat(failed(predictor.predictEach(rows(-1, -2)))).containsExactly(0, 1);
        }

        @Test
        void rowsThatTheBudgetDoesNotTellApartFailTogether() {
            Predictor<double[], Double> predictor = failing(Batching.rows(8).isolatingFailures(3));

            List<Outcome<Double>> outcomes = predictor.predictEach(rows(1, 2, 3, 4, 5, -6, 7, 8));

            assertThat(failed(outcomes)).containsExactly(4, 5, 6, 7);
            assertThat(failing.sizes()).hasSize(4);
        }

        @Test
        void withoutABudgetARunFailsAsAWhole() {
            Predictor<double[], Double> predictor = failing(Batching.rows(4).isolatingFailures(0));

            assertThat(failed(predictor.predictEach(rows(1, -2, 3, 4)))).containsExactly(0, 1, 2, 3);
            assertThat(failing.sizes()).containsExactly(4);
        }

        @Test
        void ofSeveralCallersOnlyTheOneWithTheBadRowFails() throws Exception {
            Predictor<double[], Double> predictor = failing(Batching.rows(8).runs(1));
            failing.hold();
            call(predictor, 0);
            failing.awaitInside(1);
            List<Caller> callers = new ArrayList<>();
            for (double x : new double[] {1, -2, 3}) {
                callers.add(call(predictor, x));
                failing.awaitWaiting(callers.size());
            }

            failing.letGo();

            assertThat(callers.get(0).answer()).isEqualTo(2);
            assertThat(callers.get(1).failure()).isInstanceOf(ModelExecutionException.class);
            assertThat(callers.get(2).answer()).isEqualTo(6);
        }

        @Test
        void anAnswerThatIsNoNumberFailsAloneWithoutAnExtraRun() {
            Predictor<double[], Double> predictor = failing(Batching.rows(8));

            assertThat(failed(predictor.predictEach(rows(1, 99, 3)))).containsExactly(1);
            assertThat(failing.sizes()).containsExactly(3);
        }

        @Test
        void aRunWithTheWrongNumberOfRowsFailsAsAWhole() {
            Predictor<double[], Double> predictor = Plimsoll.use(new ShortModel(model.model))
                    .as(Schema.ofDoubles(1), Output.number())
                    .with(Batching.rows(8))
                    .build();

            assertThat(predictor.predictEach(rows(1, 2, 3)))
                    .allSatisfy(outcome -> assertThat(((Outcome.Failed<Double>) outcome).failure())
                            .isInstanceOf(ModelOutputException.class));
            assertThat(model.runs).hasSize(1);
        }

        @Test
        void anErrorGoesToTheThreadThatRanTheModelAndTheOthersLearnOfIt() throws Exception {
            GatedModel dying = GatedModel.of(x -> {
                if (x == 1) {
                    throw new StackOverflowError("deep");
                }
                return 2 * x;
            });
            Predictor<double[], Double> predictor =
                    dying.as().with(Batching.rows(8).runs(1)).build();
            dying.hold();
            call(predictor, 0);
            dying.awaitInside(1);
            List<Caller> callers = new ArrayList<>();
            for (double x : new double[] {1, 2, 3}) {
                callers.add(call(predictor, x));
                dying.awaitWaiting(callers.size());
            }

            dying.letGo();

            List<Throwable> told = new ArrayList<>(); // any of the three may have run the model
            for (Caller caller : callers) {
                told.add(caller.failure());
            }
            assertThat(told).filteredOn(StackOverflowError.class::isInstance).hasSize(1);
            assertThat(told)
                    .filteredOn(failure -> !(failure instanceof StackOverflowError))
                    .hasSize(2)
                    .allSatisfy(failure -> assertThat(failure)
                            .isExactlyInstanceOf(PredictionException.class)
                            .hasMessage("model gated:1: the thread that ran the batch failed:"
                                    + " java.lang.StackOverflowError: deep")
                            .hasCauseInstanceOf(StackOverflowError.class));
            assertThat(predictor.predict(new double[] {4})).isEqualTo(8); // the run was given back
        }

        @Test
        void aThreadThatCannotWaitLeavesTheLine() throws Exception {
            TimeSource broken = new TimeSource() {
                @Override
                public long currentTimeMillis() {
                    return clock.currentTimeMillis();
                }

                @Override
                public long nanoTime() {
                    return clock.nanoTime();
                }

                @Override
                public void parkUntil(Object blocker, long nanoTime) {
                    throw new IllegalStateException("no alarm clock");
                }
            };
            Predictor<double[], Double> predictor =
                    model.as().time(broken).with(Batching.rows(8).runs(1)).build();
            Caller holder = holder(predictor);

            Caller broke = call(predictor.with(in(5)), 1);
            assertThat(broke.failure()).hasRootCauseMessage("no alarm clock");
            List<Caller> others = waiting(predictor, 2);
            model.letGo();

            holder.answer();
            assertDoubled(others, 2);
            assertThat(model.runs).containsExactly(List.of(0.0), List.of(2.0));
        }

        @Test
        void aSlowListenerHoldsUpNobodyElse() throws Exception {
            CountDownLatch release = new CountDownLatch(1);
            PredictionListener<double[], Double> slow = event -> {
                if (event.input()[0] == 1) {
                    awaitGate(release);
                }
            };
            Predictor<double[], Double> predictor =
                    model.as().with(Batching.rows(8).runs(1)).with(slow).build();
            holder(predictor);
            List<Caller> callers = waiting(predictor, 1, 2);

            model.letGo();

            assertThat(callers.get(1).answer()).isEqualTo(4);
            assertThat(predictor.predict(new double[] {3})).isEqualTo(6);
            assertThat(callers.get(0).answer).isNotDone();
            release.countDown();
            assertThat(callers.get(0).answer()).isEqualTo(2);
        }
    }

    @Nested
    class Closing {

        @Test
        void whoWaitsIsAnsweredThenTheModelIsClosed() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(2).runs(1));
            Caller holder = holder(predictor);
            List<Caller> callers = waiting(predictor, 1, 2, 3);

            predictor.close();

            assertThat(model.isClosed()).isFalse();
            assertThatExceptionOfType(ModelClosedException.class).isThrownBy(() -> predictor.predict(new double[] {4}));
            model.letGo();
            holder.answer();
            assertDoubled(callers, 1, 2, 3);
            awaitClosed();
        }

        @Test
        void aLargeBatchUnderWayIsAnsweredToItsEnd() throws Exception {
            Predictor<double[], Double> predictor = with(Batching.rows(2).runs(1));
            model.hold();
            CompletableFuture<List<Double>> many =
                    CompletableFuture.supplyAsync(() -> predictor.predictAll(rows(1, 2, 3, 4, 5)));
            model.awaitInside(1);

            predictor.close();
            assertThat(model.isClosed()).isFalse();
            model.letGo();

            assertThat(many.join()).containsExactly(2.0, 4.0, 6.0, 8.0, 10.0);
            awaitClosed();
        }

        @Test
        void aCallThatIsOnItsWayWhenThePredictorIsClosedFailsBeforeTheModel() throws Exception {
            CountDownLatch arrived = new CountDownLatch(2);
            CountDownLatch gate = new CountDownLatch(1);
            Predictor<double[], Double> predictor = model.as()
                    .with(Batching.rows(2).runs(1))
                    .with(new Interceptor<double[], Double>() {
                        @Override
                        public Stage.Position position() {
                            return Stage.BATCH.before();
                        }

                        @Override
                        public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
                            arrived.countDown();
                            awaitGate(gate);
                            next.proceed(calls);
                        }
                    })
                    .build();
            Caller one = call(predictor, 1);
            CompletableFuture<List<Outcome<Double>>> many =
                    CompletableFuture.supplyAsync(() -> predictor.predictEach(rows(1, 2, 3)));
            arrived.await();

            predictor.close();
            gate.countDown();

            assertThat(one.failure()).isInstanceOf(ModelClosedException.class);
            assertThat(many.join())
                    .allSatisfy(outcome -> assertThat(((Outcome.Failed<Double>) outcome).failure())
                            .isInstanceOf(ModelClosedException.class));
            assertThat(model.runs).isEmpty();
        }

        @Test
        void anIdlePredictorIsClosedAtOnce() {
            Predictor<double[], Double> predictor = with(Batching.rows(2));
            predictor.predict(new double[] {1});

            predictor.close();

            assertThat(model.isClosed()).isTrue();
        }

        @Test
        void whoGivesUpLastClosesTheModelToo() throws Exception {
            Predictor<double[], Double> predictor =
                    with(Batching.rows(2).runs(1).maxDelay(Duration.ofMillis(5)));
            model.hold();
            List<Caller> running = List.of(call(predictor, 1), call(predictor, 2));
            model.awaitInside(1);
            List<Caller> last = waiting(predictor, 3);
            predictor.close();
            last.get(0).thread.interrupt();
            last.get(0).failure();

            model.letGo();

            assertDoubled(running, 1, 2);
            awaitClosed();
        }
    }

    private void awaitClosed() {
        while (!model.isClosed()) {
            Thread.onSpinWait();
        }
    }

    private void awaitRest(int threads) {
        while (clock.waiting() != threads) {
            Thread.onSpinWait();
        }
    }

    static void awaitGate(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Nested
    class Configuration {

        @Test
        void everyDefaultIsSaid() {
            int processors = Runtime.getRuntime().availableProcessors();

            assertThat(Batching.rows(64))
                    .hasToString(
                            "batches of at most 64 rows, " + processors
                                    + (processors == 1 ? " run" : " runs")
                                    + " at once, no delay, a queue of 1024 rows, when full reject, 16 extra runs to find bad rows");
            assertThat(Batching.rows(8)
                            .runs(1)
                            .paddedTo(2, 4)
                            .maxDelay(Duration.ofMillis(2))
                            .latencyObjective(Duration.ofMillis(20))
                            .queue(16, Batching.WhenFull.DROP_OLDEST)
                            .isolatingFailures(0))
                    .hasToString(
                            "batches of at most 8 rows, padded to [2, 4, 8], 1 run at once, a delay of at most PT0.002S,"
                                    + " sized for PT0.02S, a queue of 16 rows, when full drop oldest, 0 extra runs to find bad rows");
            assertThat(with(Batching.rows(64)).describe()).contains("batch: " + Batching.rows(64));
        }

        @Test
        void whatMakesNoSenseIsRefused() {
            Batching batching = Batching.rows(4);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Batching.rows(0))
                    .withMessage("rows: 0 (expected: 1 to 65536)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> batching.runs(0))
                    .withMessage("runs: 0 (expected: 1 to 1000)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> batching.queue(3, Batching.WhenFull.REJECT))
                    .withMessage("queue: 3 (expected: 4 to 1048576)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> batching.maxDelay(Duration.ofNanos(-1)))
                    .withMessage("maxDelay: PT-0.000000001S (expected: >= 0)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> batching.latencyObjective(Duration.ZERO))
                    .withMessage("latencyObjective: PT0S (expected: > 0)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> batching.isolatingFailures(-1))
                    .withMessage("isolatingFailures: -1 (expected: 0 to 1000)");
            for (int[] sizes : new int[][] {{0}, {4}, {2, 2}, {3, 1}}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> batching.paddedTo(sizes))
                        .withMessageEndingWith("(expected: growing sizes from 1 to 3)");
            }
        }
    }

    /** A model whose output lacks the last row. */
    private record ShortModel(Model model) implements Model {

        @Override
        public ModelDescription description() {
            return model.description();
        }

        @Override
        public InferencePlan plan(List<String> outputs) {
            InferencePlan plan = model.plan(outputs);
            return new InferencePlan() {
                @Override
                public Inference begin(int rows) {
                    Inference inference = plan.begin(rows);
                    return new Inference() {
                        @Override
                        public Tensor input(int index) {
                            return inference.input(index);
                        }

                        @Override
                        public Tensor input(int index, long... shape) {
                            return inference.input(index, shape);
                        }

                        @Override
                        public void run() {
                            inference.run();
                        }

                        @Override
                        public Tensor output(int index) {
                            return Tensor.of(DoubleBuffer.allocate(rows - 1), rows - 1, 1);
                        }

                        @Override
                        public void close() {
                            inference.close();
                        }
                    };
                }

                @Override
                public int maxRows() {
                    return plan.maxRows();
                }
            };
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
