package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many threads against one queue, with bad rows, deadlines, interrupts, priorities and a full queue: whatever the schedule, every
 * call ends exactly once with an answer that is its own or a failure that it may have, and the bounds hold.
 */
@Timeout(300)
class BatchingStressTest {

    private static final int THREADS = 12;
    private static final int CALLS = 1_500;
    private static final int BAD = -7;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();
    private final AtomicInteger mostRows = new AtomicInteger();

    static Stream<Batching> kinds() {
        Batching few = Batching.rows(8).runs(1);
        return Stream.of(
                few,
                few.runs(3),
                few.paddedTo(2, 4),
                few.maxDelay(Duration.ofNanos(50_000)),
                few.latencyObjective(Duration.ofMillis(1)).runs(2),
                few.queue(8, Batching.WhenFull.REJECT),
                few.queue(8, Batching.WhenFull.DROP_OLDEST),
                few.queue(8, Batching.WhenFull.RUN_ALONE),
                few.isolatingFailures(0));
    }

    private FakeModel model() {
        ModelSignature signature = new ModelSignature(
                List.of(TensorSpec.of("features", ElementType.FLOAT64, -1, 1)),
                List.of(TensorSpec.of("prediction", ElementType.FLOAT64, -1, 1)));
        return FakeModel.of(new ModelId("stressed", "1"), signature, (inputs, outputs) -> {
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            try {
                int rows = inputs.get(0).rows();
                mostRows.accumulateAndGet(rows, Math::max);
                for (int row = 0; row < rows; row++) {
                    double x = inputs.get(0).number(row);
                    if (x == BAD) {
                        throw new IllegalArgumentException("bad row");
                    }
                    if ((int) x % 64 == 0) {
                        Thread.yield(); // lets others come while a run is under way, even on one processor
                    }
                    outputs.get(0).number(row, 2 * x);
                }
            } finally {
                running.decrementAndGet();
            }
        });
    }

    private Predictor<double[], Double> predictor(Batching batching) {
        return Plimsoll.use(model())
                .as(Schema.ofDoubles(1), Output.number())
                .with(batching)
                .build();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyCallEndsOnceWithItsOwnAnswerOrAFailureItMayHave(Batching batching) throws Exception {
        Predictor<double[], Double> predictor = predictor(batching);
        LongAdder answers = new LongAdder();
        LongAdder failures = new LongAdder();
        Thread[] threads = new Thread[THREADS];

        inParallel((index, random) -> {
            threads[index] = Thread.currentThread();
            for (int i = 0; i < CALLS; i++) {
                CallOptions options =
                        CallOptions.DEFAULT.withPriority(Priority.values()[random.nextInt(Priority.values().length)]);
                boolean hurried = random.nextInt(20) == 0;
                if (hurried) {
                    options = options.withDeadline(
                            Deadline.after(Duration.ofNanos(random.nextInt(200_000)), TimeSource.system()));
                }
                if (random.nextInt(50) == 0) {
                    Thread other = threads[random.nextInt(THREADS)];
                    if (other != null) {
                        other.interrupt();
                    }
                }
                List<double[]> rows = new ArrayList<>();
                int count = random.nextInt(10) == 0 ? 1 + random.nextInt(20) : 1;
                for (int row = 0; row < count; row++) {
                    rows.add(new double[] {random.nextInt(40) == 0 ? BAD : random.nextInt(1_000_000)});
                }
                List<Outcome<Double>> outcomes = predictor.with(options).predictEach(rows);
                assertThat(outcomes).hasSameSizeAs(rows);
                for (int row = 0; row < count; row++) {
                    if (outcomes.get(row) instanceof Outcome.Answered<Double> answered) {
                        assertThat(answered.prediction().value()).isEqualTo(2 * rows.get(row)[0]);
                        answers.increment();
                    } else {
                        PredictionException failure = ((Outcome.Failed<Double>) outcomes.get(row)).failure();
                        assertThat(failure)
                                .isInstanceOfAny(
                                        ModelExecutionException.class,
                                        DeadlineExceededException.class,
                                        CallCancelledException.class,
                                        RejectedException.class);
                        assertThat(hurried || !(failure instanceof DeadlineExceededException))
                                .isTrue();
                        failures.increment();
                    }
                }
            }
            Thread.interrupted(); // one that came after the last call
        });

        assertThat(answers.sum()).isPositive();
        assertThat(failures.sum()).isPositive();
        assertThat(predictor.describe()).contains("ml.waiting{stage=batch} 0.0");
        assertThat(mostRows.get()).isBetween(2, 8);
        if (batching.whenFull() != Batching.WhenFull.RUN_ALONE) {
            assertThat(mostRunning.get()).isLessThanOrEqualTo(batching.runsAtOnce());
        }
        assertThat(predictor.predict(new double[] {21})).isEqualTo(42); // runs were all given back
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void closingInTheMiddleLosesNobody(Batching batching) throws Exception {
        for (int round = 0; round < 30; round++) {
            Predictor<double[], Double> predictor = predictor(batching);
            inParallel((index, random) -> {
                boolean closed = false;
                for (int i = 0; i < 200 && !closed; i++) {
                    if (index == 0 && i == 20) {
                        predictor.close();
                    }
                    double x = random.nextInt(1_000_000);
                    try {
                        assertThat(predictor.predict(new double[] {x})).isEqualTo(2 * x);
                    } catch (ModelClosedException expected) {
                        closed = true;
                    } catch (RejectedException full) {
                        // a small queue: may be
                    }
                }
                assertThat(closed || index != 0).isTrue();
            });
            assertThat(predictor.describe()).contains("ml.waiting{stage=batch} 0.0");
        }
    }

    private interface Body {
        void run(int index, SplittableRandom random) throws Exception;
    }

    private static void inParallel(Body body) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int index = i;
                all.add(executor.submit(() -> {
                    start.await();
                    body.run(index, new SplittableRandom(index));
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get(4, TimeUnit.MINUTES);
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
