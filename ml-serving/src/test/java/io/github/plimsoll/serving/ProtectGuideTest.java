package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.serving.resilience4j.Resilience4j;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/protect-a-model.md, compiled and run; every block of the page stands here word for word. */
class ProtectGuideTest {

    record Applicant(double income, int age, double debtRatio) {}

    private final FakeModel model = FakeModel.ofRows("credit-risk", 3, row -> row[2] > 0.5 ? 0.9 : 0.1);
    private final FakeModel broken = FakeModel.ofRows("credit-risk", 3, row -> {
        throw new IllegalStateException("out of memory on the device");
    });
    private final Applicant applicant = new Applicant(52_000, 41, 0.31);

    @Test
    void protectsAModel() {
        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(ConcurrencyLimit.fixed(8).queue(32, Duration.ofMillis(20)))
                .with(CircuitBreaker.failureRate(0.5))
                .with(Fallback.to(0.5))
                .build();

        assertThat(risk.predict(applicant)).isEqualTo(0.1);
    }

    @Test
    void limits() {
        var follows = ConcurrencyLimit.adaptive(Gradient2Limit.startingAt(8).between(1, 64));
        var reserves = ConcurrencyLimit.fixed(20).shares(0.5, 0.9);
        var rate = RateLimit.of(1_000, Duration.ofSeconds(1)).burst(50);

        Predictor<Applicant, Double> risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(follows)
                .with(rate)
                .build();
        var backfill = risk.with(CallOptions.DEFAULT.withPriority(Priority.LOW));

        assertThat(backfill.predict(applicant)).isEqualTo(0.1);
        assertThat(reserves).hasToString("at most 20 at once, LOW 50 %, NORMAL 90 % of it, no queue");
    }

    @Test
    void sharesCores() {
        SharedBudget cores = SharedBudget.permits(8).queue(64, Duration.ofMillis(20));

        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(cores.weight(3))
                .build();
        var churn = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(cores)
                .build();

        assertThat(risk.predict(applicant)).isEqualTo(churn.predict(applicant));
    }

    @Test
    void breaks() {
        var breaker = CircuitBreaker.failureRate(0.5)
                .over(Duration.ofMinutes(1))
                .slowCalls(Duration.ofMillis(200), 0.8)
                .openFor(Duration.ofSeconds(30))
                .onTransition((model, from, to) -> alert(model + " is " + to));

        var risk = Plimsoll.use(broken)
                .as(Applicant.class, Output.probability())
                .with(breaker)
                .with(Fallback.to(0.5))
                .build();

        breaker.forceOpen(); // the device is being replaced
        breaker.automatic();

        assertThat(risk.predict(applicant)).isEqualTo(0.5);
    }

    private static void alert(String text) {
        assertThat(text).startsWith("credit-risk");
    }

    @Test
    void triesAgainAndFallsBack() {
        Predictor<Applicant, Double> smallModel = applicant -> 0.3;

        var risk = Plimsoll.use(broken)
                .as(Applicant.class, Output.probability())
                .with(Retry.idempotentCalls(2).backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
                .with(Fallback.askedOf(smallModel)
                        .orElse(Fallback.computedBy((Applicant a) -> a.debtRatio() > 0.5 ? 0.9 : 0.1))
                        .orElse(Fallback.to(0.5)))
                .build();

        assertThat(risk.predict(applicant)).isEqualTo(0.3);
    }

    @Test
    void hedges() {
        Predictor<Applicant, Double> otherReplica = applicant -> 0.1;
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            var risk = Plimsoll.use(model)
                    .as(Applicant.class, Output.probability())
                    .with(Hedging.to(otherReplica, executor))
                    .build();

            assertThat(risk.predict(applicant)).isEqualTo(0.1);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void refusals() {
        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(RateLimit.of(1, Duration.ofHours(1)))
                .build();
        risk.predict(applicant);

        assertThatExceptionOfType(ServiceUnavailable.class).isThrownBy(() -> answer(risk));
    }

    private double answer(Predictor<Applicant, Double> risk) {
        try {
            return risk.predict(applicant);
        } catch (RejectedException refusal) {
            throw new ServiceUnavailable(refusal.reason(), refusal.retryAfter());
        }
    }

    /** Stands for what a host answers with status 503. */
    private static final class ServiceUnavailable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ServiceUnavailable(String reason, Duration retryAfter) {
            super(reason + ", again in " + retryAfter);
        }
    }

    @Test
    void plugsInResilience4j() {
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();

        var risk = Plimsoll.use(model)
                .as(Applicant.class, Output.probability())
                .with(Resilience4j.circuitBreaker(breakers.circuitBreaker("credit-risk")))
                .build();

        assertThat(risk.predict(applicant)).isEqualTo(0.1);
    }
}
