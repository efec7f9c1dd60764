package io.github.plimsoll.serving.failsafe;

import dev.failsafe.Bulkhead;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.RateLimiter;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.serving.RejectedException.Reason;
import io.github.plimsoll.serving.internal.HostPolicy;
import java.time.Duration;

/**
 * Puts policies that a host has configured in Failsafe at their stage of a call, in place of our own.
 *
 * <pre>{@code
 * .with(FailsafePolicies.circuitBreaker(breaker))
 * }</pre>
 *
 * <p>One policy may be given to several predictors. It keeps its own configuration and its clock. Nothing waits: a permit is
 * there or the call is refused, with a {@link io.github.plimsoll.serving.RejectedException} like ours. Needs the library's jar
 * on the class path; Plimsoll does not bring it. Thread-safe.
 *
 * @since 0.1
 */
@SuppressWarnings("exports") // whoever calls this has the library and reads its module; others must compile without it
public final class FailsafePolicies {

    private FailsafePolicies() {}

    /**
     * A circuit breaker, at {@link Stage#BREAK}. It is told what the model did: answers as successes, failures of the model as
     * exceptions, which its {@code handle} conditions may sort. Anything else, such as invalid input, it is told as a success,
     * since it has no way to take a permit back. A batch counts as one call, as failed if none of its inputs was answered.
     *
     * @param host the host's
     * @return the capability
     */
    public static Capability<Object, Object> circuitBreaker(CircuitBreaker<?> host) {
        return new HostPolicy(
                Stage.BREAK.at(), Reason.CIRCUIT_OPEN, "Failsafe circuit breaker", new HostPolicy.Permits() {
                    @Override
                    public boolean tryAcquire(int inputs) {
                        return host.tryAcquirePermit();
                    }

                    @Override
                    public Duration retryAfter() {
                        return host.getRemainingDelay();
                    }

                    @Override
                    public void answered(long nanos) {
                        host.recordSuccess();
                    }

                    @Override
                    public void failed(long nanos, Throwable failure) {
                        host.recordException(failure);
                    }

                    @Override
                    public void withoutOutcome() {
                        host.recordSuccess();
                    }
                });
    }

    /**
     * A bulkhead, at {@link Stage#LIMIT}. A batch takes one permit, which is given back when the work has really ended.
     *
     * @param host the host's
     * @return the capability
     */
    public static Capability<Object, Object> bulkhead(Bulkhead<?> host) {
        return new HostPolicy(
                Stage.LIMIT.at(), Reason.CONCURRENCY_LIMIT, "Failsafe bulkhead", new HostPolicy.Permits() {
                    @Override
                    public boolean tryAcquire(int inputs) {
                        return host.tryAcquirePermit();
                    }

                    @Override
                    public void answered(long nanos) {
                        host.releasePermit();
                    }

                    @Override
                    public void failed(long nanos, Throwable failure) {
                        host.releasePermit();
                    }

                    @Override
                    public void withoutOutcome() {
                        host.releasePermit();
                    }
                });
    }

    /**
     * A rate limiter, before {@link Stage#LIMIT}. A batch takes a permit for each of its inputs, or is refused whole.
     *
     * @param host the host's
     * @return the capability
     */
    public static Capability<Object, Object> rateLimiter(RateLimiter<?> host) {
        return new HostPolicy(
                Stage.LIMIT.before(), Reason.RATE_LIMIT, "Failsafe rate limiter", new HostPolicy.Permits() {
                    @Override
                    public boolean tryAcquire(int inputs) {
                        return host.tryAcquirePermits(inputs);
                    }

                    @Override
                    public void answered(long nanos) {} // a permit is used up whatever comes of it

                    @Override
                    public void failed(long nanos, Throwable failure) {}

                    @Override
                    public void withoutOutcome() {}
                });
    }
}
