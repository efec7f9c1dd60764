package io.github.plimsoll.benchmarks;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Policy;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.serving.AimdLimit;
import io.github.plimsoll.serving.CircuitBreaker;
import io.github.plimsoll.serving.ConcurrencyLimit;
import io.github.plimsoll.serving.Fallback;
import io.github.plimsoll.serving.RateLimit;
import io.github.plimsoll.serving.Retry;
import io.github.plimsoll.serving.SharedBudget;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a protecting stage adds to a call that it lets through, and what a refusal costs: ours, Resilience4j's and Failsafe's
 * in the same run.
 *
 * <p>Ours is the way from the outermost stage through the protection to an innermost stage that does nothing: subtract
 * {@code none}, the same way without protection. Theirs is the decorated supplier of a constant. Nothing else of a call is in
 * either.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar ProtectionBenchmark -prof gc
 * java -jar samples/benchmarks/target/benchmarks.jar ProtectionBenchmark -t 2
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class ProtectionBenchmark {

    private static final ThreadLocal<Way> BEGINNING = new ThreadLocal<>();

    /** What protects the model. */
    @Param({
        "none",
        "limit",
        "limit-queue",
        "limit-adaptive",
        "rate",
        "budget",
        "breaker",
        "breaker-slow",
        "breaker-time",
        "retry",
        "fallback",
        "limit-full",
        "breaker-open",
        "r4j-limit",
        "r4j-rate",
        "r4j-breaker",
        "r4j-breaker-time",
        "r4j-limit-full",
        "r4j-breaker-open",
        "failsafe-limit",
        "failsafe-rate",
        "failsafe-breaker",
        "failsafe-breaker-time",
        "failsafe-limit-full",
        "failsafe-breaker-open"
    })
    public String protection = "none";

    private final Integer answer = 1;
    private @Nullable Predictor<Integer, Integer> predictor; // null for theirs
    private Predicate<Way> call = way -> true;

    /** A call that is under way for ever, and the way before it. */
    @State(Scope.Thread)
    public static class Way {

        private CallBatch<Integer, Integer> calls = CallBatch.of(List.of());
        private Interceptor.Next<Integer, Integer> next = none -> {};

        /** Begins the call. */
        @Setup
        public void begin(ProtectionBenchmark benchmark) {
            if (benchmark.predictor != null) {
                benchmark.begin(0, this);
            }
        }
    }

    /** Builds what is asked for. */
    @Setup
    public void open() {
        call = switch (protection) {
            case "none" -> ours(assembly -> {});
            case "limit" -> ours(ConcurrencyLimit.fixed(64));
            case "limit-queue" -> ours(ConcurrencyLimit.fixed(64).queue(64, Duration.ofSeconds(1)));
            case "limit-adaptive" ->
                ours(ConcurrencyLimit.adaptive(AimdLimit.startingAt(64).between(8, 64)));
            case "rate" -> ours(RateLimit.of(1_000_000_000, Duration.ofSeconds(1)));
            case "budget" -> ours(SharedBudget.permits(64));
            case "breaker" -> ours(CircuitBreaker.failureRate(0.5));
            case "breaker-slow" -> ours(CircuitBreaker.failureRate(0.5).slowCalls(Duration.ofSeconds(1), 0.5));
            case "breaker-time" -> ours(CircuitBreaker.failureRate(0.5).over(Duration.ofSeconds(10)));
            case "retry" -> ours(Retry.idempotentCalls(3));
            case "fallback" -> ours(Fallback.to(2));
            case "limit-full" -> {
                Predicate<Way> refusing = ours(ConcurrencyLimit.fixed(1));
                begin(-1, null);
                yield refused(refusing);
            }
            case "breaker-open" -> {
                CircuitBreaker breaker = CircuitBreaker.failureRate(0.5);
                breaker.forceOpen();
                yield refused(ours(breaker));
            }
            case "r4j-limit" -> theirs(bulkhead(64)::executeSupplier);
            case "r4j-rate" -> theirs(rateLimiter()::executeSupplier);
            case "r4j-breaker" -> theirs(breaker(SlidingWindowType.COUNT_BASED, 100)::executeSupplier);
            case "r4j-breaker-time" -> theirs(breaker(SlidingWindowType.TIME_BASED, 10)::executeSupplier);
            case "r4j-limit-full" -> {
                Bulkhead one = bulkhead(1);
                one.acquirePermission();
                yield theirs(one::executeSupplier);
            }
            case "r4j-breaker-open" -> {
                io.github.resilience4j.circuitbreaker.CircuitBreaker open = breaker(SlidingWindowType.COUNT_BASED, 100);
                open.transitionToForcedOpenState();
                yield theirs(open::executeSupplier);
            }
            case "failsafe-limit" -> failsafe(dev.failsafe.Bulkhead.of(64));
            case "failsafe-rate" ->
                failsafe(dev.failsafe.RateLimiter.burstyBuilder(1_000_000_000, Duration.ofSeconds(1))
                        .build());
            case "failsafe-breaker" ->
                failsafe(dev.failsafe.CircuitBreaker.builder()
                        .withFailureThreshold(50, 100)
                        .build());
            case "failsafe-breaker-time" ->
                failsafe(dev.failsafe.CircuitBreaker.builder()
                        .withFailureRateThreshold(50, 20, Duration.ofSeconds(10))
                        .build());
            case "failsafe-limit-full" -> {
                dev.failsafe.Bulkhead<Object> one = dev.failsafe.Bulkhead.of(1);
                one.tryAcquirePermit();
                yield failsafe(one);
            }
            case "failsafe-breaker-open" -> {
                dev.failsafe.CircuitBreaker<Object> open = dev.failsafe.CircuitBreaker.builder()
                        .withDelay(Duration.ofDays(1000))
                        .build();
                open.open();
                yield failsafe(open);
            }
            default -> throw new IllegalArgumentException(protection);
        };
    }

    /** Lets each call of the benchmark go from the outermost stage to the innermost, where it ends without an answer. */
    private Predicate<Way> ours(Capability<? super Integer, ? super Integer> capability) {
        predictor = Plimsoll.<Integer, Integer>function(new ModelId("none", "1"), input -> input)
                .with(capability)
                .with(stage(Stage.ASSIGN.at(), (calls, next) -> {
                    Way way = BEGINNING.get();
                    if (way == null) {
                        next.proceed(calls);
                        return;
                    }
                    way.next = next;
                    way.calls = calls;
                    park();
                }))
                .with(stage(Stage.BATCH.after(), (calls, next) -> {
                    if (calls.get(0).input() < 0) {
                        park();
                    }
                }))
                .build();
        return way -> {
            way.next.proceed(way.calls);
            return way.calls.get(0).isOpen();
        };
    }

    private void begin(int input, @Nullable Way way) {
        Predictor<Integer, Integer> subject = Objects.requireNonNull(predictor);
        Thread caller = new Thread(
                () -> {
                    BEGINNING.set(way);
                    subject.predict(input);
                },
                "caller");
        caller.setDaemon(true);
        caller.start();
        while (caller.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static void park() {
        while (true) {
            LockSupport.park();
        }
    }

    private static Interceptor<Integer, Integer> stage(
            Stage.Position position,
            BiConsumer<CallBatch<Integer, Integer>, Interceptor.Next<Integer, Integer>> action) {
        return new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return position;
            }

            @Override
            public void intercept(CallBatch<Integer, Integer> calls, Next<Integer, Integer> next) {
                action.accept(calls, next);
            }
        };
    }

    private static Predicate<Way> refused(Predicate<Way> refusing) {
        return way -> {
            boolean open = refusing.test(way);
            way.calls.get(0).reopen();
            return open;
        };
    }

    private Predicate<Way> theirs(Function<Supplier<Integer>, Integer> decorator) {
        return way -> {
            try {
                return decorator.apply(() -> answer) > 0;
            } catch (BulkheadFullException | CallNotPermittedException | FailsafeException refusal) {
                return false;
            }
        };
    }

    private Predicate<Way> failsafe(Policy<Object> policy) {
        FailsafeExecutor<Object> executor = Failsafe.with(policy);
        return theirs(supplier -> executor.get(supplier::get));
    }

    private static Bulkhead bulkhead(int calls) {
        return Bulkhead.of(
                "limit",
                BulkheadConfig.custom()
                        .maxConcurrentCalls(calls)
                        .maxWaitDuration(Duration.ZERO)
                        .build());
    }

    private static RateLimiter rateLimiter() {
        return RateLimiter.of(
                "rate",
                RateLimiterConfig.custom()
                        .limitForPeriod(1_000_000_000)
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .build());
    }

    private static io.github.resilience4j.circuitbreaker.CircuitBreaker breaker(SlidingWindowType type, int size) {
        return io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "breaker",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(type)
                        .slidingWindowSize(size)
                        .build());
    }

    /** One call. */
    @Benchmark
    public boolean call(Way way) {
        return call.test(way);
    }
}
