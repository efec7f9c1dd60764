package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.serving.RejectedException.Reason;
import io.github.plimsoll.serving.failsafe.FailsafePolicies;
import io.github.plimsoll.serving.resilience4j.Resilience4j;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostPoliciesTest {

    private final Calls calls = new Calls();

    @AfterEach
    void close() {
        calls.close();
    }

    /** A model that fails for odd inputs; negative ones are cancelled further in. */
    private Predictor<Integer, Integer> failing(Capability<Object, Object> policy) {
        return calls.<Integer, Integer>model(n -> {
                    if (n % 2 != 0) {
                        throw new IllegalStateException("odd");
                    }
                    return n;
                })
                .with(policy)
                .with(Calls.<Integer, Integer>interceptor(Stage.RETRY.after(), (batch, next) -> {
                    for (var call : batch) {
                        if (call.input() < 0) {
                            call.fail(new CallCancelledException("gone"));
                        }
                    }
                    next.proceed(batch);
                }))
                .build();
    }

    /** A model that holds its permit while a call of input 1 makes a call of input 0. */
    private Predictor<Integer, Integer> nesting(Capability<Object, Object> policy) {
        AtomicReference<Predictor<Integer, Integer>> self = new AtomicReference<>();
        self.set(calls.<Integer, Integer>model(n -> n == 0 ? 0 : 1 + self.get().predict(n - 1))
                .with(policy)
                .build());
        return self.get();
    }

    private static io.github.resilience4j.circuitbreaker.CircuitBreaker breaker() {
        return io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "risk",
                CircuitBreakerConfig.custom()
                        .minimumNumberOfCalls(2)
                        .slidingWindowSize(2)
                        .build());
    }

    @Test
    void aResilience4jBreakerIsToldWhatTheModelDid() {
        io.github.resilience4j.circuitbreaker.CircuitBreaker host = breaker();
        Predictor<Integer, Integer> predictor = failing(Resilience4j.circuitBreaker(host));

        predictor.predict(2);
        predictor.predictEach(List.of(1, 2, 3));
        assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> predictor.predict(-2));
        assertThat(host.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(2);
        assertThat(host.getMetrics().getNumberOfFailedCalls()).isZero();
        assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> predictor.predict(1));

        assertThat(host.getState()).isEqualTo(State.OPEN);
        RejectedException refusal = catchThrowableOfType(RejectedException.class, () -> predictor.predict(2));
        assertThat(refusal.why()).isEqualTo(Reason.CIRCUIT_OPEN);
        assertThat(refusal).hasMessage("Resilience4j circuit breaker risk: no permit (expected: one)");
        assertThat(Calls.measured(predictor, "ml.shed{reason=circuit-open}")).isEqualTo(1);
        assertThat(predictor.describe()).contains("break: Resilience4j circuit breaker risk");
    }

    @Test
    void aResilience4jBulkheadGetsItsPermissionBack() {
        Bulkhead host = Bulkhead.of(
                "risk", BulkheadConfig.custom().maxConcurrentCalls(1).build());
        Predictor<Integer, Integer> predictor = nesting(Resilience4j.bulkhead(host));

        assertThat(predictor.predict(0)).isZero();
        assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> predictor.predict(1));
        assertThat(host.getMetrics().getAvailableConcurrentCalls()).isEqualTo(1);
    }

    @Test
    void aResilience4jRateLimiterCountsInputs() {
        RateLimiter host = RateLimiter.of(
                "risk",
                RateLimiterConfig.custom()
                        .limitForPeriod(3)
                        .limitRefreshPeriod(Duration.ofDays(1))
                        .timeoutDuration(Duration.ZERO)
                        .build());
        Predictor<Integer, Integer> predictor = failing(Resilience4j.rateLimiter(host));

        assertThat(predictor.predictAll(List.of(2, 4))).containsExactly(2, 4);
        assertThat(predictor.predictEach(List.of(2, 4)))
                .hasToString(predictor.predictEach(List.of(2, 4)).toString());
        assertThat(Calls.measured(predictor, "ml.shed{reason=rate-limit}")).isEqualTo(4);
        assertThat(predictor.predict(2)).isEqualTo(2);
    }

    @Test
    void aFailsafeBreakerIsToldWhatTheModelDid() {
        dev.failsafe.CircuitBreaker<Object> host = dev.failsafe.CircuitBreaker.builder()
                .withFailureThreshold(2)
                .withDelay(Duration.ofDays(1))
                .build();
        Predictor<Integer, Integer> predictor = failing(FailsafePolicies.circuitBreaker(host));

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(ModelExecutionException.class).isThrownBy(() -> predictor.predict(1));
        }

        assertThat(host.isOpen()).isTrue();
        assertThat(catchThrowableOfType(RejectedException.class, () -> predictor.predict(2))
                        .retryAfter())
                .isBetween(Duration.ofHours(23), Duration.ofDays(1));
    }

    @Test
    void aFailsafeBulkheadGetsItsPermitBack() {
        Predictor<Integer, Integer> predictor = nesting(FailsafePolicies.bulkhead(dev.failsafe.Bulkhead.of(2)));

        for (int i = 0; i < 3; i++) {
            assertThat(predictor.predict(1)).isEqualTo(1);
            assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> predictor.predict(2));
        }
    }

    @Test
    void aFailsafeRateLimiterCountsInputs() {
        Predictor<Integer, Integer> predictor = failing(FailsafePolicies.rateLimiter(
                dev.failsafe.RateLimiter.burstyBuilder(3, Duration.ofDays(1)).build()));

        assertThat(predictor.predictAll(List.of(2, 4))).containsExactly(2, 4);
        assertThatExceptionOfType(io.github.plimsoll.core.PartialFailureException.class)
                .isThrownBy(() -> predictor.predictAll(List.of(2, 4)));
        assertThat(predictor.predict(2)).isEqualTo(2);
        assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> predictor.predict(2));
    }

    @Test
    void theHostsBreakerStandsInThePlaceOfOurs() {
        assertThatIllegalStateException()
                .isThrownBy(() -> calls.<Integer, Integer>model(n -> n)
                        .with(CircuitBreaker.failureRate(0.5))
                        .with(Resilience4j.circuitBreaker(breaker()))
                        .build())
                .withMessageContaining("stage break");
    }
}
