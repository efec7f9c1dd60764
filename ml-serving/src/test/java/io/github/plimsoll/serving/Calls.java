package io.github.plimsoll.serving;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What the tests of the protecting stages have in common: a clock that stands still, models that are functions, threads. */
final class Calls implements AutoCloseable {

    final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final ExecutorService threads = Executors.newCachedThreadPool();

    <I, O> PredictorBuilder<I, O> model(Function<I, O> function) {
        return Plimsoll.<I, O>function(new ModelId("risk", "1"), function).time(clock);
    }

    /** Runs something on a thread of its own. */
    <T> Future<T> start(Callable<T> work) {
        return threads.submit(work);
    }

    ExecutorService threads() {
        return threads;
    }

    /**
     * Lets others come in the middle of a call, even on one processor. Not at every call: where the machine is busy, whoever
     * yields waits for milliseconds.
     */
    static void yieldAtTimes(int number) {
        if (number % 32 == 0) {
            Thread.yield();
        }
    }

    static <T> T get(Future<T> future) {
        try {
            return future.get(2, TimeUnit.MINUTES); // a bound for a test that hangs
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure);
        } catch (InterruptedException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Waits until this many threads wait for the clock. */
    void awaitWaiting(int number) {
        long giveUp = System.nanoTime() + 120_000_000_000L;
        while (clock.waiting() != number) {
            if (System.nanoTime() - giveUp > 0) {
                throw new IllegalStateException("waiting: " + clock.waiting() + " (expected: " + number + ")");
            }
            Thread.onSpinWait();
        }
    }

    /** Waits until a thread waits for the clock, and moves the clock as far as it waits for. */
    Duration advanceToNext() {
        while (true) {
            awaitWaiting(1);
            try {
                return clock.advanceToNext();
            } catch (IllegalStateException awake) {
                // For nothing, as a parked thread may be: it waits again at once.
            }
        }
    }

    /** The number that a stage offers, as {@code describe()} prints it. */
    static double measured(Predictor<?, ?> predictor, String nameAndTags) {
        return predictor
                .describe()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(nameAndTags + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndTags.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(nameAndTags + " is not in\n" + predictor.describe()));
    }

    static <I, O> Interceptor<I, O> interceptor(
            Stage.Position position, BiConsumer<CallBatch<I, O>, Interceptor.Next<I, O>> action) {
        return new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return position;
            }

            @Override
            public void intercept(CallBatch<I, O> calls, Next<I, O> next) {
                action.accept(calls, next);
            }
        };
    }

    /** Runs the same work on some threads that begin together. */
    void together(int number, Runnable work) {
        CyclicBarrier gate = new CyclicBarrier(number);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            futures.add(threads.submit(() -> {
                try {
                    gate.await();
                } catch (InterruptedException | BrokenBarrierException failure) {
                    throw new IllegalStateException(failure);
                }
                work.run();
            }));
        }
        futures.forEach(Calls::get);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
