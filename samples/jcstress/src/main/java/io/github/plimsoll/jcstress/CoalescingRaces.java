package io.github.plimsoll.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.serving.Coalescing;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two callers with one input: the third number is how many rows the model saw. */
@JCStressTest
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "they share a run")
@Outcome(id = "1, 1, 2", expect = ACCEPTABLE, desc = "they came one after the other")
@Outcome(expect = FORBIDDEN, desc = "an answer lost")
@State
public class CoalescingRaces {

    private final AtomicInteger rows = new AtomicInteger();
    private final Predictor<Integer, Integer> predictor =
            Subject.of(calls -> rows.addAndGet(calls.size()), Coalescing.ofEqualInputs());

    /** Asks for 1. */
    @Actor
    public void first(III_Result result) {
        result.r1 = Subject.ask(predictor, 1);
    }

    /** Asks for 1 as well. */
    @Actor
    public void second(III_Result result) {
        result.r2 = Subject.ask(predictor, 1);
    }

    /** Counts the rows. */
    @Arbiter
    public void rows(III_Result result) {
        result.r3 = rows.get();
    }
}
