package io.github.plimsoll.serving.resilience4j;

import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.serving.RejectedException.Reason;
import io.github.plimsoll.serving.internal.HostPolicy;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import java.util.concurrent.TimeUnit;

/**
 * Puts what a host has configured in Resilience4j at its stage of a call, in place of our own.
 *
 * <pre>{@code
 * .with(Resilience4j.circuitBreaker(breakers.circuitBreaker("risk")))
 * }</pre>
 *
 * <p>Its registries, events and metrics go on as everywhere else in the host, and one object may be given to several
 * predictors. It keeps its own configuration, its clock, and its waiting times, which know nothing of deadlines. Refusals are
 * {@link io.github.plimsoll.serving.RejectedException}s like ours. Needs the library's jar on the class path; Plimsoll does not
 * bring it. Thread-safe.
 *
 * @since 0.1
 */
@SuppressWarnings("exports") // whoever calls this has the library and reads its module; others must compile without it
public final class Resilience4j {

    private Resilience4j() {}

    /**
     * A circuit breaker, at {@link Stage#BREAK}. It is told what the model did: failures that are not the model's, such as
     * invalid input, give the permission back. A batch counts as one call, as failed if none of its inputs was answered.
     *
     * @param host the host's
     * @return the capability
     */
    public static Capability<Object, Object> circuitBreaker(CircuitBreaker host) {
        return new HostPolicy(
                Stage.BREAK.at(),
                Reason.CIRCUIT_OPEN,
                "Resilience4j circuit breaker " + host.getName(),
                new HostPolicy.Permits() {
                    @Override
                    public boolean tryAcquire(int inputs) {
                        return host.tryAcquirePermission();
                    }

                    @Override
                    public void answered(long nanos) {
                        host.onSuccess(nanos, TimeUnit.NANOSECONDS);
                    }

                    @Override
                    public void failed(long nanos, Throwable failure) {
                        host.onError(nanos, TimeUnit.NANOSECONDS, failure);
                    }

                    @Override
                    public void withoutOutcome() {
                        host.releasePermission();
                    }
                });
    }

    /**
     * A bulkhead, at {@link Stage#LIMIT}. A batch takes one permission, which is given back when the work has really ended.
     *
     * @param host the host's
     * @return the capability
     */
    public static Capability<Object, Object> bulkhead(Bulkhead host) {
        return new HostPolicy(
                Stage.LIMIT.at(),
                Reason.CONCURRENCY_LIMIT,
                "Resilience4j bulkhead " + host.getName(),
                new HostPolicy.Permits() {
                    @Override
                    public boolean tryAcquire(int inputs) {
                        return host.tryAcquirePermission();
                    }

                    @Override
                    public void answered(long nanos) {
                        host.onComplete();
                    }

                    @Override
                    public void failed(long nanos, Throwable failure) {
                        host.onComplete();
                    }

                    @Override
                    public void withoutOutcome() {
                        host.onComplete();
                    }
                });
    }

    /**
     * A rate limiter, before {@link Stage#LIMIT}. A batch takes a permission for each of its inputs, or is refused whole.
     *
     * @param host the host's
     * @return the capability
     */
    public static Capability<Object, Object> rateLimiter(RateLimiter host) {
        return new HostPolicy(
                Stage.LIMIT.before(),
                Reason.RATE_LIMIT,
                "Resilience4j rate limiter " + host.getName(),
                new HostPolicy.Permits() {
                    @Override
                    public boolean tryAcquire(int inputs) {
                        return host.acquirePermission(inputs);
                    }

                    @Override
                    public void answered(long nanos) {
                        host.onSuccess();
                    }

                    @Override
                    public void failed(long nanos, Throwable failure) {
                        host.onError(failure);
                    }

                    @Override
                    public void withoutOutcome() {} // a permission is used up whatever comes of it
                });
    }
}
