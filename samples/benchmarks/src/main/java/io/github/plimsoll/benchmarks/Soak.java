package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.serving.Batching;
import io.github.plimsoll.serving.Caching;
import io.github.plimsoll.serving.CircuitBreaker;
import io.github.plimsoll.serving.Coalescing;
import io.github.plimsoll.serving.ConcurrencyLimit;
import io.github.plimsoll.serving.Fallback;
import io.github.plimsoll.serving.Retry;
import io.github.plimsoll.serving.Timeout;
import io.github.plimsoll.validation.data.Guard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Calls a predictor with every stage on from several threads for some minutes, through a model that throws, dawdles and
 * answers with null, and checks each answer: none may be lost, doubled or another input's, and memory must stay level.
 * Arguments: minutes (10), threads (16). Ends with status 1 if anything was wrong.
 */
public final class Soak {

    private static final double FALLEN_BACK = -1;
    private static final int DIFFERENT_INPUTS = 50_000;

    private final AtomicLong wrong = new AtomicLong();
    private final LongAdder asked = new LongAdder();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();

    private Soak() {}

    /**
     * Runs the soak.
     *
     * @param args minutes and threads
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        int minutes = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        int threads = args.length > 1 ? Integer.parseInt(args[1]) : 16;
        System.exit(new Soak().run(Duration.ofMinutes(minutes), threads) ? 0 : 1);
    }

    private static double truth(double input) {
        return 3 * input + 1;
    }

    private static @Nullable Double model(double[] input) {
        double x = input[0];
        int dice = (int) ((x * 2_654_435_761L) % 1_000);
        if (dice < 5) {
            throw new IllegalStateException("the model throws");
        }
        if (dice == 5) {
            sleep(2);
        }
        return dice == 6 ? null : Double.valueOf(truth(x));
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean run(Duration time, int threads) throws InterruptedException {
        Schema<double[]> schema = Schema.ofDoubles(Feature.number("x").range(0, DIFFERENT_INPUTS));
        try (Predictor<double[], Double> predictor = Plimsoll.<double[], Double>function(
                        new ModelId("soak", "1"), Soak::model)
                .features(schema)
                .with(Guard.rejecting())
                .with(Fallback.<Double>to(FALLEN_BACK))
                .with(Timeout.of(Duration.ofSeconds(1)))
                .with(Caching.entries(2_000)
                        .expireAfterWrite(Duration.ofMillis(200))
                        .staleIfError(Duration.ofMillis(200)))
                .with(Coalescing.ofEqualInputs())
                .with(ConcurrencyLimit.fixed(threads).queue(threads, Duration.ofMillis(50)))
                .with(CircuitBreaker.failureRate(0.5))
                .with(Retry.idempotentCalls(2))
                .with(Batching.rows(8).runs(2))
                .with(PredictionMetrics.to(new SimpleMeterRegistry()))
                .build()) {
            long end = System.nanoTime() + time.toNanos();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                long seed = i;
                Thread caller = new Thread(() -> call(predictor, new SplittableRandom(seed), end), "caller-" + i);
                caller.start();
                callers.add(caller);
            }
            while (System.nanoTime() < end) {
                sleep(Math.min(30_000, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
                report();
            }
            for (Thread caller : callers) {
                caller.join(TimeUnit.MINUTES.toMillis(1));
                if (caller.isAlive()) {
                    wrong("a caller never came back");
                }
            }
            report();
            System.out.println(predictor.describe());
        }
        long ended = outcomes.values().stream().mapToLong(LongAdder::sum).sum();
        System.out.println("asked " + asked.sum() + ", ended " + ended + ", wrong " + wrong.get());
        return wrong.get() == 0 && ended == asked.sum();
    }

    private void call(Predictor<double[], Double> predictor, SplittableRandom random, long end) {
        Predictor<double[], Double> important = predictor.with(CallOptions.DEFAULT.withPriority(Priority.HIGH));
        while (System.nanoTime() < end) {
            switch (random.nextInt(8)) {
                case 0 -> each(predictor, random);
                case 1 ->
                    one(
                            predictor.with(CallOptions.DEFAULT.withDeadline(
                                    Deadline.after(Duration.ofNanos(random.nextLong(2_000_000)), TimeSource.system()))),
                            random);
                case 2 -> one(important, random);
                default -> one(predictor, random);
            }
        }
    }

    private static double[] input(SplittableRandom random) {
        double x = random.nextInt(DIFFERENT_INPUTS);
        return new double[] {random.nextInt(3) == 0 ? x : x % 500}; // some are asked often
    }

    private void one(Predictor<double[], Double> predictor, SplittableRandom random) {
        double[] input = input(random);
        asked.increment();
        try {
            check(input, predictor.prediction(input));
        } catch (PredictionException failure) {
            failed(failure);
        } catch (RuntimeException failure) {
            wrong("threw " + failure);
        }
    }

    private void each(Predictor<double[], Double> predictor, SplittableRandom random) {
        List<double[]> inputs = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            inputs.add(random.nextInt(50) == 0 ? new double[] {-1} : input(random));
        }
        asked.add(inputs.size());
        List<Outcome<Double>> answers = predictor.predictEach(inputs);
        if (answers.size() != inputs.size()) {
            wrong(answers.size() + " answers to " + inputs.size());
        }
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof Outcome.Answered<Double> answered) {
                check(inputs.get(i), answered.prediction());
            } else if (answers.get(i) instanceof Outcome.Failed<Double> failed) {
                failed(failed.failure());
            }
        }
    }

    private void check(double[] input, Prediction<Double> prediction) {
        double value = prediction.value();
        boolean right = prediction.source() == Prediction.Source.FALLBACK
                ? value == FALLEN_BACK || value == truth(input[0])
                : value == truth(input[0]);
        if (!right) {
            wrong(value + " for " + input[0] + " from " + prediction.source());
        }
        count(prediction.source().toString());
    }

    private void failed(PredictionException failure) {
        if (failure instanceof ModelOutputException) {
            wrong("the fallback did not answer for " + failure);
        }
        count(failure.reason());
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, unseen -> new LongAdder()).increment();
    }

    private void wrong(String what) {
        if (wrong.getAndIncrement() < 10) {
            System.out.println("WRONG: " + what);
        }
    }

    private void report() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.println("heap in use " + (runtime.totalMemory() - runtime.freeMemory()) / 1_000_000 + " MB, asked "
                + asked.sum() + ", " + new TreeMap<>(outcomes));
    }
}
