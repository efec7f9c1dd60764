package io.github.plimsoll.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.serving.CircuitBreaker;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two calls that fail at the same time: both are counted, so the breaker opens, and says so once. */
@JCStressTest
@Outcome(id = "2, -1, 1", expect = ACCEPTABLE, desc = "both failures counted, opened once, the next call refused")
@Outcome(expect = FORBIDDEN, desc = "a failure not counted, or a change made twice")
@State
public class BreakerRaces {

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private final Predictor<Integer, Integer> predictor = Subject.of(
            calls -> {
                asked.incrementAndGet();
                throw new IllegalStateException("the model fails");
            },
            CircuitBreaker.failureRate(0.5)
                    .minimumCalls(2)
                    .over(2)
                    .failures(failure -> true)
                    .onTransition((model, from, to) -> changes.incrementAndGet()));

    /** Fails. */
    @Actor
    public void first() {
        Subject.ask(predictor, 1);
    }

    /** Fails. */
    @Actor
    public void second() {
        Subject.ask(predictor, 2);
    }

    /** Asks when the others are gone. */
    @Arbiter
    public void last(III_Result result) {
        result.r2 = Subject.ask(predictor, 3);
        result.r1 = asked.get();
        result.r3 = changes.get();
    }
}
