package io.github.plimsoll.serving;

import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.PredictionException;
import java.time.Duration;
import java.util.function.Predicate;

/** How a circuit breaker was configured. Not changed any more once a breaker has it. */
final class BreakerSettings {

    final double failureRate;
    int windowCalls = 100; // 0 for a window of time
    long windowNanos;
    int minimumCalls = 20;
    long slowNanos; // 0 if slow calls are not counted
    double slowRate = 1;
    long openNanos = Duration.ofSeconds(10).toNanos();
    int probes = 5;
    long probeNanos = Duration.ofSeconds(10).toNanos();
    Predicate<? super PredictionException> failures = BreakerSettings::isUsual;
    CircuitBreaker.Listener listener = (model, from, to) -> {};

    BreakerSettings(double failureRate) {
        this.failureRate = failureRate;
    }

    BreakerSettings(BreakerSettings original) {
        failureRate = original.failureRate;
        windowCalls = original.windowCalls;
        windowNanos = original.windowNanos;
        minimumCalls = original.minimumCalls;
        slowNanos = original.slowNanos;
        slowRate = original.slowRate;
        openNanos = original.openNanos;
        probes = original.probes;
        probeNanos = original.probeNanos;
        failures = original.failures;
        listener = original.listener;
    }

    private static boolean isUsual(PredictionException failure) {
        return failure instanceof ModelExecutionException
                || failure instanceof ModelOutputException
                || failure instanceof DeadlineExceededException;
    }

    @Override
    public String toString() {
        return "opens at " + Math.round(failureRate * 100) + " % failures"
                + (slowNanos == 0
                        ? ""
                        : " or " + Math.round(slowRate * 100) + " % slower than " + Duration.ofNanos(slowNanos))
                + " of " + (windowCalls > 0 ? windowCalls + " calls" : "the calls in " + Duration.ofNanos(windowNanos))
                + ", at least " + minimumCalls + ", for " + Duration.ofNanos(openNanos) + "; " + probes + " probes of "
                + Duration.ofNanos(probeNanos);
    }
}
