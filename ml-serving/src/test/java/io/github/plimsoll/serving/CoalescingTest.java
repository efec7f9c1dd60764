package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Equal inputs under way at the same time.
 *
 * <pre>
 * leader   ─▸ coalesce ─▸ limit (held here by the tests) ─▸ model
 * follower ─▸ coalesce    waits
 * </pre>
 */
@Timeout(240)
class CoalescingTest {

    private static final ModelId ID = new ModelId("doubling", "1");

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<Double> asked = Collections.synchronizedList(new ArrayList<>());

    /** Holds calls between coalescing and the model until the test lets them go. */
    private final class Hold implements Interceptor<double[], Double> {

        private final Semaphore arrived = new Semaphore(0);
        private final Semaphore gate = new Semaphore(0);
        private volatile boolean isOpen;

        @Override
        public Stage.Position position() {
            return Stage.LIMIT.at();
        }

        @Override
        public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
            if (!isOpen) {
                arrived.release();
                gate.acquireUninterruptibly();
            }
            next.proceed(calls);
        }

        private void awaitCalls(int number) {
            arrived.acquireUninterruptibly(number);
        }

        private void letGo() {
            isOpen = true;
            gate.release(1_000);
        }
    }

    private final Hold hold = new Hold();

    private static double[] row(double x) {
        return new double[] {x};
    }

    private PredictorBuilder<double[], Double> doubling() {
        return Plimsoll.<double[], Double>function(ID, input -> {
                    asked.add(input[0]);
                    if (input[0] < 0) {
                        throw new IllegalArgumentException("negative");
                    }
                    return 2 * input[0];
                })
                .features(Schema.ofDoubles(1))
                .time(clock)
                .with(Coalescing.ofEqualInputs());
    }

    private static <T> Future<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Until so many threads wait for an equal input. */
    private void awaitFollowers(int number) {
        while (clock.waiting() != number) {
            if (Thread.interrupted()) {
                throw new IllegalStateException("followers: " + clock.waiting() + " (expected: " + number + ")");
            }
            Thread.onSpinWait();
        }
    }

    private static Throwable failureOf(Future<?> future) throws InterruptedException {
        try {
            return new AssertionError("answered: " + future.get());
        } catch (ExecutionException failure) {
            return failure.getCause();
        }
    }

    private CallOptions deadline(int millis) {
        return CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMillis(millis), clock));
    }

    // ---- joining -------------------------------------------------------------------------------------------------

    @Test
    void equalInputsUnderWayRunOnce() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        List<Future<Prediction<Double>>> calls = new ArrayList<>();
        calls.add(start(() -> predictor.prediction(row(3))));
        hold.awaitCalls(1);
        for (int i = 0; i < 5; i++) {
            calls.add(start(() -> predictor.prediction(row(3))));
        }
        awaitFollowers(5);
        clock.advance(Duration.ofMillis(7));
        awaitFollowers(5);

        hold.letGo();

        List<Prediction<Double>> predictions = new ArrayList<>();
        for (Future<Prediction<Double>> call : calls) {
            predictions.add(call.get());
        }
        assertThat(asked).containsExactly(3.0);
        assertThat(predictions).extracting(Prediction::value).containsOnly(6.0);
        assertThat(predictions).extracting(Prediction::id).doesNotHaveDuplicates();
        assertThat(predictions.get(0).source()).isEqualTo(Source.MODEL);
        assertThat(predictions.subList(1, 6)).allSatisfy(prediction -> {
            assertThat(prediction.source()).isEqualTo(Source.COALESCED);
            assertThat(prediction.timings().queue()).isEqualTo(Duration.ofMillis(7));
        });
        assertThat(predictor.describe()).contains("ml.coalesced 5.0", "coalesce: equal inputs under way run once");
    }

    @Test
    void otherInputsDoNotWait() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        Future<Double> first = start(() -> predictor.predict(row(3)));
        Future<Double> second = start(() -> predictor.predict(row(-0.0)));
        Future<Double> third = start(() -> predictor.predict(row(0.0)));

        hold.awaitCalls(3);
        hold.letGo();

        assertThat(List.of(first.get(), second.get(), third.get())).containsExactly(6.0, -0.0, 0.0);
    }

    @Test
    void whatIsOverIsNotRemembered() {
        Predictor<double[], Double> predictor = doubling().build();

        for (int i = 0; i < 3; i++) {
            assertThat(predictor.prediction(row(3)).source()).isEqualTo(Source.MODEL);
        }

        assertThat(asked).hasSize(3);
    }

    @Test
    void behindACacheAMuchWantedAnswerIsComputedOnceAndThenKept() throws Exception {
        Predictor<double[], Double> predictor =
                doubling().with(hold).with(Caching.entries(10)).build();
        Future<Double> first = start(() -> predictor.predict(row(3)));
        hold.awaitCalls(1);
        Future<Double> second = start(() -> predictor.predict(row(3)));
        awaitFollowers(1);
        hold.letGo();
        first.get();
        second.get();

        assertThat(predictor.prediction(row(3)).source()).isEqualTo(Source.CACHE);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aVectorIsEachCallersOwn() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Predictor<double[], double[]> predictor = Plimsoll.<double[], double[]>function(ID, input -> {
                    asking.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                    return new double[] {1, 2};
                })
                .features(Schema.ofDoubles(1))
                .time(clock)
                .with(Coalescing.ofEqualInputs())
                .build();
        Future<double[]> first = start(() -> predictor.predict(row(3)));
        asking.await();
        Future<double[]> second = start(() -> predictor.predict(row(3)));
        Future<double[]> third = start(() -> predictor.predict(row(3)));
        awaitFollowers(2);
        go.countDown();

        Stream.of(first.get(), second.get()).forEach(vector -> vector[0] = 99);

        assertThat(third.get()).containsExactly(1, 2);
    }

    @Test
    void aFallbackThatIsSharedIsStillAFallback() throws Exception {
        Predictor<double[], Double> predictor = doubling()
                .with(hold)
                .with(at(Stage.RETRY, (calls, next) -> calls.forEach(call -> call.answer(-1.0, Source.FALLBACK))))
                .build();
        Future<Prediction<Double>> first = start(() -> predictor.prediction(row(3)));
        hold.awaitCalls(1);
        Future<Prediction<Double>> second = start(() -> predictor.prediction(row(3)));
        awaitFollowers(1);

        hold.letGo();

        assertThat(first.get().source()).isEqualTo(Source.FALLBACK);
        assertThat(second.get().source()).isEqualTo(Source.FALLBACK);
    }

    // ---- leaving -------------------------------------------------------------------------------------------------

    @Test
    void aFollowerWhoseDeadlinePassesLeavesTheOthersWaiting() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        Future<Double> leader = start(() -> predictor.predict(row(3)));
        hold.awaitCalls(1);
        Future<Double> hurried = start(() -> predictor.with(deadline(10)).predict(row(3)));
        Future<Double> patient = start(() -> predictor.predict(row(3)));
        awaitFollowers(2);

        clock.advance(Duration.ofMillis(10));

        assertThat(failureOf(hurried)).isInstanceOf(DeadlineExceededException.class);
        awaitFollowers(1);
        hold.letGo();
        assertThat(List.of(leader.get(), patient.get())).containsExactly(6.0, 6.0);
        assertThat(asked).hasSize(1);
    }

    @Test
    void aFollowerThatIsCancelledLeavesAtOnce() throws Exception {
        Semaphore over = new Semaphore(0);
        Predictor<double[], Double> predictor = doubling()
                .with(hold)
                .executor(task -> start(() -> {
                    task.run();
                    over.release();
                    return null;
                }))
                .build();
        Future<Double> leader = start(() -> predictor.predict(row(3)));
        hold.awaitCalls(1);
        CompletableFuture<Double> follower = predictor.predictAsync(row(3));
        awaitFollowers(1);

        follower.cancel(false);

        over.acquire(); // its thread has come back though the leader is still held
        hold.letGo();
        assertThat(leader.get()).isEqualTo(6);
    }

    @Test
    void aFollowerThatIsInterruptedLeavesAndStaysInterrupted() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        Future<Double> leader = start(() -> predictor.predict(row(3)));
        hold.awaitCalls(1);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<String> follower = start(() -> {
            thread.complete(Thread.currentThread());
            try {
                return "answered " + predictor.predict(row(3));
            } catch (CallCancelledException cancelled) {
                return Thread.currentThread().isInterrupted() + " " + cancelled.reason();
            }
        });
        awaitFollowers(1);

        thread.get().interrupt();

        assertThat(follower.get()).isEqualTo("true cancelled");
        hold.letGo();
        assertThat(leader.get()).isEqualTo(6);
    }

    @Test
    void whenTheLeadersDeadlinePassesAFollowerTakesItsPlace() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        Future<Double> leader = start(() -> predictor.with(deadline(10)).predict(row(3)));
        hold.awaitCalls(1);
        List<Future<Prediction<Double>>> followers = List.of(
                start(() -> predictor.prediction(row(3))),
                start(() -> predictor.with(deadline(1_000)).prediction(row(3))));
        awaitFollowers(2);
        clock.advance(Duration.ofMillis(10));

        hold.letGo(); // the pipeline finds the leader's deadline over

        assertThat(failureOf(leader)).isInstanceOf(DeadlineExceededException.class);
        assertThat(followers.get(0).get().value()).isEqualTo(6);
        assertThat(followers.get(1).get().value()).isEqualTo(6);
        assertThat(asked).hasSizeBetween(1, 2).containsOnly(3.0); // twice if the second came after the first had left
    }

    @Test
    void whenTheLeaderIsCancelledAFollowerTakesItsPlace() throws Exception {
        Predictor<double[], Double> predictor = doubling()
                .with(hold)
                .executor(task -> start(() -> {
                    task.run();
                    return null;
                }))
                .build();
        CompletableFuture<Double> leader = predictor.predictAsync(row(3));
        hold.awaitCalls(1);
        Future<Prediction<Double>> follower = start(() -> predictor.prediction(row(3)));
        awaitFollowers(1);

        leader.cancel(false);
        hold.letGo();

        assertThat(follower.get().source()).isEqualTo(Source.MODEL);
        assertThat(asked).containsExactly(3.0);
    }

    @Test
    void whenTheLeaderDiesOfAnErrorAFollowerTakesItsPlace() throws Exception {
        AtomicInteger entered = new AtomicInteger();
        Predictor<double[], Double> predictor = doubling()
                .with(hold)
                .with(at(Stage.RETRY, (calls, next) -> {
                    if (entered.getAndIncrement() == 0) {
                        throw new StackOverflowError("a test's");
                    }
                    next.proceed(calls);
                }))
                .build();
        Future<Double> leader = start(() -> predictor.predict(row(3)));
        hold.awaitCalls(1);
        Future<Double> follower = start(() -> predictor.predict(row(3)));
        awaitFollowers(1);

        hold.letGo();

        assertThat(failureOf(leader)).isInstanceOf(StackOverflowError.class);
        assertThat(follower.get()).isEqualTo(6);
    }

    // ---- failing -------------------------------------------------------------------------------------------------

    @Test
    void aFailureOfTheModelIsEachFollowersAndIsForgotten() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        Future<Double> leader = start(() -> predictor.predict(row(-1)));
        hold.awaitCalls(1);
        Future<Double> follower = start(() -> predictor.predict(row(-1)));
        awaitFollowers(1);

        hold.letGo();

        assertThat(failureOf(leader)).isInstanceOf(ModelExecutionException.class);
        assertThat(failureOf(follower)).isInstanceOf(ModelExecutionException.class);
        assertThat(asked).hasSize(1);
        assertThatThrownBy(() -> predictor.predict(row(-1))).isInstanceOf(ModelExecutionException.class);
        assertThat(asked).hasSize(2);
        assertThat(predictor.describe()).contains("ml.coalesced 0.0");
    }

    @Test
    void whoeverMattersMoreThanALeaderThatWasShedTakesItsPlace() throws Exception {
        Predictor<double[], Double> predictor = doubling()
                .with(hold)
                .with(at(Stage.RETRY, (calls, next) -> {
                    for (var call : calls) {
                        if (call.priority() != Priority.HIGH) {
                            call.fail(new RejectedException(RejectedException.Reason.LOAD_SHED, "shed", Duration.ZERO));
                        }
                    }
                    next.proceed(calls);
                }))
                .build();
        Future<Double> leader = start(() ->
                predictor.with(CallOptions.DEFAULT.withPriority(Priority.LOW)).predict(row(3)));
        hold.awaitCalls(1);
        Future<Double> same = start(() ->
                predictor.with(CallOptions.DEFAULT.withPriority(Priority.LOW)).predict(row(3)));
        Future<Double> high = start(() ->
                predictor.with(CallOptions.DEFAULT.withPriority(Priority.HIGH)).predict(row(3)));
        awaitFollowers(2);

        hold.letGo();

        assertThat(failureOf(leader)).isInstanceOf(RejectedException.class);
        assertThat(failureOf(same)).isInstanceOf(RejectedException.class);
        assertThat(high.get()).isEqualTo(6);
    }

    // ---- batches -------------------------------------------------------------------------------------------------

    @Test
    void equalInputsOfOneBatchRunOnce() {
        Predictor<double[], Double> predictor = doubling().build();

        List<Outcome<Double>> outcomes =
                predictor.predictEach(List.of(row(1), row(2), row(1), row(-1), row(1), row(-1)));

        assertThat(asked).containsExactly(1.0, 2.0, -1.0);
        assertThat(outcomes)
                .extracting(outcome -> outcome instanceof Outcome.Answered<Double> answered
                        ? answered.prediction().value() + " "
                                + answered.prediction().source()
                        : ((Outcome.Failed<Double>) outcome).failure().reason())
                .containsExactly("2.0 MODEL", "4.0 MODEL", "2.0 COALESCED", "error", "2.0 COALESCED", "error");
        assertThat(predictor.describe()).contains("ml.coalesced 2.0");
    }

    @Test
    void batchesThatShareInputsCrosswiseDoNotWaitForEachOther() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        Future<List<Double>> one = start(() -> predictor.predictAll(List.of(row(1), row(2))));
        hold.awaitCalls(1);
        Future<List<Double>> other = start(() -> predictor.predictAll(List.of(row(3), row(2), row(1), row(3))));
        hold.awaitCalls(1); // leads 3, and will wait for 2 and 1
        Future<List<Double>> third = start(() -> predictor.predictAll(List.of(row(3), row(1))));
        awaitFollowers(1);

        hold.letGo();

        assertThat(one.get()).containsExactly(2.0, 4.0);
        assertThat(other.get()).containsExactly(6.0, 4.0, 2.0, 6.0);
        assertThat(third.get()).containsExactly(6.0, 2.0);
        assertThat(asked).hasSize(3);
    }

    @Test
    void aBatchWhoseLeadersDeadlinePassesRunsByItself() throws Exception {
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        Future<Double> leader = start(() -> predictor.with(deadline(10)).predict(row(3)));
        hold.awaitCalls(1);
        Future<List<Double>> batch = start(() -> predictor.predictAll(List.of(row(3), row(3))));
        awaitFollowers(1);
        clock.advance(Duration.ofMillis(10));

        hold.letGo();

        assertThat(failureOf(leader)).isInstanceOf(DeadlineExceededException.class);
        assertThat(batch.get()).containsExactly(6.0, 6.0);
        assertThat(asked).containsExactly(3.0);
    }

    // ---- bounds --------------------------------------------------------------------------------------------------

    /** Different inputs that are all in one slot. */
    private static double[] oneSlot(int number) {
        Schema<double[]> schema = Schema.ofDoubles(1);
        int slot = schema.read(row(0)).hashCode() & (CoalesceInterceptor.SLOTS - 1);
        return IntStream.iterate(0, i -> i + 1)
                .filter(i -> (schema.read(row(i)).hashCode() & (CoalesceInterceptor.SLOTS - 1)) == slot)
                .limit(number)
                .asDoubleStream()
                .toArray();
    }

    @Test
    void inputsOfOneSlotAreKeptApartAndWhatFindsNoRoomRunsByItself() throws Exception {
        double[] inputs = oneSlot(CoalesceInterceptor.FLIGHTS_OF_A_SLOT + 1);
        double last = inputs[CoalesceInterceptor.FLIGHTS_OF_A_SLOT];
        Predictor<double[], Double> predictor = doubling().with(hold).build();
        List<Future<Double>> calls = new ArrayList<>();
        for (double input : inputs) {
            calls.add(start(() -> predictor.predict(row(input))));
            hold.awaitCalls(1);
        }
        calls.add(start(() -> predictor.predict(row(last)))); // the slot is full, so this is not joined
        hold.awaitCalls(1);
        calls.add(start(() -> predictor.predict(row(inputs[7]))));
        awaitFollowers(1);

        hold.letGo();

        for (int i = 0; i < inputs.length; i++) {
            assertThat(calls.get(i).get()).isEqualTo(2 * inputs[i]);
        }
        assertThat(calls.get(inputs.length).get()).isEqualTo(2 * last);
        assertThat(calls.get(inputs.length + 1).get()).isEqualTo(2 * inputs[7]);
        assertThat(asked).hasSize(inputs.length + 1);
        for (double input : inputs) { // nothing is left behind
            assertThat(predictor.prediction(row(input)).source()).isEqualTo(Source.MODEL);
        }
    }

    // ---- configuration -------------------------------------------------------------------------------------------

    @Test
    void modelsThatMayNotRepeatAnswersAreLeftAlone() {
        Predictor<double[], Double> predictor = Plimsoll.<double[], Double>function(ID, input -> Math.random())
                .features(Schema.ofDoubles(1))
                .with(Coalescing.ofEqualInputs()
                        .unless(model -> model.id().name().equals("other"))
                        .unless(model -> model.id().equals(ID)))
                .build();

        assertThat(predictor.predictAll(List.of(row(1), row(1)))).doesNotHaveDuplicates();
        assertThat(predictor.describe()).doesNotContain("coalesce");
    }

    @Test
    void withoutFeaturesThereIsNothingToCompare() {
        PredictorBuilder<Double, Double> bare =
                Plimsoll.<Double, Double>function(ID, x -> x).with(Coalescing.ofEqualInputs());

        assertThatIllegalStateException().isThrownBy(bare::build).withMessageContaining("expected: a schema");
        assertThat(Coalescing.ofEqualInputs()).hasToString("coalescing: " + CoalesceInterceptor.SUMMARY);
    }

    private static double[] row(int x) {
        return row((double) x);
    }

    // ---- many threads --------------------------------------------------------------------------------------------

    /**
     * Threads ask for few inputs, one at a time and in batches, some with deadlines that pass and some as futures that are
     * cancelled. Whatever happens: an input is never run twice at once, everybody gets the own input's answer or a failure
     * that is the own one, each answer is the model's or was joined, and nobody waits for ever.
     */
    @Test
    void underAllThisNobodyIsLostAndNoInputRunsTwiceAtOnce() throws Exception {
        int threads = 6;
        int rounds = 4_000;
        int inputs = 12;
        Map<Double, AtomicInteger> running = new ConcurrentHashMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        LongAdder runs = new LongAdder();
        LongAdder answers = new LongAdder();
        LongAdder joined = new LongAdder();
        LongAdder givenUp = new LongAdder();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        Predictor<double[], Double> predictor = Plimsoll.<double[], Double>function(ID, input -> {
                    AtomicInteger at = running.computeIfAbsent(input[0], x -> new AtomicInteger());
                    if (at.incrementAndGet() != 1) {
                        wrong.add("twice at once: " + input[0]);
                    }
                    runs.increment();
                    Calls.yieldAtTimes(runs.intValue());
                    at.decrementAndGet();
                    if (input[0] == 5) {
                        throw new IllegalArgumentException("always fails");
                    }
                    return 2 * input[0];
                })
                .features(Schema.ofDoubles(1))
                .with(Coalescing.ofEqualInputs())
                .with((PredictionListener<double[], Double>) event -> {
                    Source source = event.source();
                    (source == null ? givenUp : source == Source.MODEL ? answers : joined).increment();
                    FeatureRow row = event.features();
                    if (event.value() != null && row != null && !event.value().equals(2 * row.number(0))) {
                        wrong.add("another's answer: " + event.value() + " for " + row);
                    }
                    PredictionException failure = event.failure();
                    boolean own = failure == null
                            || failure instanceof DeadlineExceededException
                            || failure instanceof CallCancelledException
                            || (row != null && row.number(0) == 5);
                    if (!own) {
                        wrong.add("another's failure: " + failure);
                    }
                })
                .executor(pool)
                .build();
        List<Future<Void>> workers = IntStream.range(0, threads)
                .mapToObj(thread -> start(() -> {
                    Random random = new Random(thread);
                    for (int i = 0; i < rounds; i++) {
                        double x = random.nextInt(inputs);
                        switch (random.nextInt(4)) {
                            case 0 ->
                                predictor.predictEach(IntStream.range(0, 5)
                                        .mapToObj(j -> row((int) x / 2 + random.nextInt(4)))
                                        .toList());
                            case 1 -> {
                                Duration brief = Duration.ofNanos(random.nextInt(20_000));
                                predictor
                                        .with(CallOptions.DEFAULT.withDeadline(
                                                Deadline.after(brief, TimeSource.system())))
                                        .predictEach(List.of(row(x)));
                            }
                            case 2 -> predictor.predictAsync(row(x)).cancel(false);
                            default -> predictor.predictEach(List.of(row(x)));
                        }
                    }
                    return (Void) null;
                }))
                .toList();
        for (Future<Void> worker : workers) {
            worker.get();
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

        assertThat(wrong).isEmpty();
        assertThat(running.values()).allSatisfy(at -> assertThat(at).hasValue(0));
        assertThat(joined.sum()).isPositive();
        assertThat(runs.sum()).isGreaterThanOrEqualTo(answers.sum());
        assertThat(predictor.describe()).contains("ml.coalesced " + (double) joined.sum());
        for (int x = 0; x < inputs; x++) {
            if (x != 5) {
                assertThat(predictor.prediction(row(x)).source()).isEqualTo(Source.MODEL);
            }
        }
    }

    @FunctionalInterface
    private interface Behaviour {
        void intercept(CallBatch<double[], Double> calls, Interceptor.Next<double[], Double> next);
    }

    private static Interceptor<double[], Double> at(Stage stage, Behaviour behaviour) {
        return new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return stage.at();
            }

            @Override
            public void intercept(CallBatch<double[], Double> calls, Next<double[], Double> next) {
                behaviour.intercept(calls, next);
            }
        };
    }
}
