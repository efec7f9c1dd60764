package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.drift.WindowReport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What threads that predict cost each other by being watched, where nothing is counted meanwhile: in rounds, one thread or
 * two call a rule with 20 features, bare and watched, each so often that all rows find room; what was recorded is counted
 * between the rounds. Ends with status 1 if any row was dropped. Rounds of one thread and of two take turns, and what is
 * compared is how many calls a second there were, in rounds in which each thread had a processor nearly all the time.
 *
 * <pre>
 * java -XX:+UseSerialGC -cp samples/benchmarks/target/benchmarks.jar io.github.plimsoll.benchmarks.RecordingSpeed 400
 * </pre>
 */
public final class RecordingSpeed {

    private static final ModelId RULE = new ModelId("rule", "1");
    private static final int FEATURES = 20;
    private static final int THREADS = 2;
    private static final int CALLS = 8_000; // of each thread; two fill 82 of the recorder's 96 blocks of 195 rows
    private static final int WARM_UP = 200; // rounds
    private static final double UNDISTURBED = 0.9; // of the time, the threads' processor time together

    private final ManualClock clock = ManualClock.at(Instant.EPOCH);
    private final List<Object[]> rows = new ArrayList<>();
    private final BlockingQueue<Runnable> kept = new ArrayBlockingQueue<>(THREADS * CALLS);
    private final ExecutorService predicting = Executors.newFixedThreadPool(THREADS);
    private final Schema<Object[]> schema;
    private final DriftMonitor monitor;
    private final Predictor<Object[], Double> bare;
    private final Predictor<Object[], Double> watched;
    private long lost;

    /** Millions of calls a second, of each round that counts. */
    private record Rates(List<Double> ofOne, List<Double> ofTwo) {

        Rates() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void print(String what) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: one thread %.2f (best %.2f) in %d rounds, two %.2f (best %.2f) in %d, million calls a second;"
                            + " two to one: %.2f (best to best %.2f)%n",
                    what,
                    median(ofOne),
                    Collections.max(ofOne),
                    ofOne.size(),
                    median(ofTwo),
                    Collections.max(ofTwo),
                    ofTwo.size(),
                    median(ofTwo) / median(ofOne),
                    Collections.max(ofTwo) / Collections.max(ofOne));
        }

        private static double median(List<Double> some) {
            return some.stream().sorted().skip(some.size() / 2).findFirst().orElseThrow();
        }
    }

    /** What a thread took for its calls, in nanoseconds. */
    private record Took(long from, long to, long processor) {}

    private RecordingSpeed() {
        Random random = new Random(1);
        Schema.Builder<Object[]> builder = Schema.builder(Object[].class);
        for (int i = 0; i < FEATURES; i++) {
            int index = i;
            builder.number(Feature.number("number" + i), row -> (double) row[index]);
        }
        schema = builder.build();
        Baseline.Builder learned = Baseline.builder(schema.features());
        for (int i = 0; i < 1_000; i++) {
            Object[] row = new Object[FEATURES];
            Arrays.setAll(row, column -> (Object) Math.exp(random.nextGaussian()));
            rows.add(row);
            learned.add(schema.read(row), 0.5, Double.NaN);
        }
        monitor = DriftMonitor.against(learned.build()).on(kept::add);
        bare = rule().build();
        watched = rule().with(monitor).build();
    }

    private PredictorBuilder<Object[], Double> rule() {
        return Plimsoll.function(RULE, (Object[] row) -> 0.5).features(schema).time(clock);
    }

    /**
     * Measures.
     *
     * @param args how many rounds
     * @throws InterruptedException if interrupted
     * @throws ExecutionException if a call fails
     */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        System.exit(new RecordingSpeed().run(Integer.parseInt(args[0])) ? 0 : 1);
    }

    private boolean run(int rounds) throws InterruptedException, ExecutionException {
        Rates ofBare = new Rates();
        Rates ofWatched = new Rates();
        for (int i = -WARM_UP; i < rounds; i++) {
            if (i == 0) {
                ofBare = new Rates();
                ofWatched = new Rates();
            }
            round(bare, 1, ofBare.ofOne);
            round(bare, THREADS, ofBare.ofTwo);
            watchedRound(1, ofWatched.ofOne);
            watchedRound(THREADS, ofWatched.ofTwo);
        }
        ofBare.print("bare");
        ofWatched.print("watched");
        System.out.printf(Locale.ROOT, "rows that were not counted: %d%n", lost);
        predicting.shutdown();
        bare.close();
        watched.close();
        return lost == 0;
    }

    private void watchedRound(int threads, List<Double> rates) throws InterruptedException, ExecutionException {
        round(watched, threads, rates);
        clock.advance(Duration.ofHours(1)); // so that the rows of a round are a window
        monitor.look();
        kept.forEach(Runnable::run);
        kept.clear();
        List<WindowReport> reports = monitor.reports(RULE);
        lost += (long) threads * CALLS - reports.get(reports.size() - 1).rows();
    }

    /** Notes how many calls some threads made together, if each had a processor all the while. */
    private void round(Predictor<Object[], Double> predictor, int threads, List<Double> rates)
            throws InterruptedException, ExecutionException {
        AtomicInteger waiting = new AtomicInteger(threads);
        List<Future<Took>> times = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * rows.size() / THREADS;
            times.add(predicting.submit(() -> {
                waiting.decrementAndGet();
                while (waiting.get() > 0) {
                    Thread.onSpinWait();
                }
                return calls(predictor, first);
            }));
        }
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        long processor = 0;
        for (Future<Took> time : times) {
            Took took = time.get();
            from = Math.min(from, took.from);
            to = Math.max(to, took.to);
            processor += took.processor;
        }
        if (processor > UNDISTURBED * threads * (to - from)) {
            rates.add(1e3 * threads * CALLS / (to - from));
        }
    }

    private Took calls(Predictor<Object[], Double> predictor, int first) {
        var times = ManagementFactory.getThreadMXBean();
        long before = times.getCurrentThreadCpuTime();
        long from = System.nanoTime();
        for (int call = 0; call < CALLS; call++) {
            predictor.predict(rows.get((first + call) % rows.size()));
        }
        long to = System.nanoTime();
        return new Took(from, to, times.getCurrentThreadCpuTime() - before);
    }
}
