package io.github.plimsoll.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.serving.Batching;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The queue of the batches. A thread that nobody wakes never ends its test, which is a failure as well. */
public class BatchingRaces {

    private BatchingRaces() {}

    /** Two callers and one run: each gets its own answer, and each row is run once. */
    @JCStressTest
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "each its own answer, two rows in all")
    @Outcome(expect = FORBIDDEN, desc = "an answer lost, doubled or given to another")
    @State
    public static class EachItsOwnAnswer {

        private final AtomicInteger rows = new AtomicInteger();
        private final Predictor<Integer, Integer> predictor = Subject.of(
                calls -> rows.addAndGet(calls.size()), Batching.rows(2).runs(1));

        /** Asks for 1. */
        @Actor
        public void first(III_Result result) {
            result.r1 = Subject.ask(predictor, 1);
        }

        /** Asks for 2. */
        @Actor
        public void second(III_Result result) {
            result.r2 = Subject.ask(predictor, 2);
        }

        /** Counts the rows. */
        @Arbiter
        public void rows(III_Result result) {
            result.r3 = rows.get();
        }
    }

    /** Two callers and one place in the queue of a run that takes one row: who is refused leaves nothing behind. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both answered")
    @Outcome(expect = FORBIDDEN, desc = "one refused, although there is a place for it")
    @State
    public static class LastPlace {

        private final Predictor<Integer, Integer> predictor =
                Subject.of(calls -> {}, Batching.rows(1).runs(1).queue(1, Batching.WhenFull.REJECT));

        /** Asks for 1. */
        @Actor
        public void first(II_Result result) {
            result.r1 = Subject.ask(predictor, 1);
        }

        /** Asks for 2. */
        @Actor
        public void second(II_Result result) {
            result.r2 = Subject.ask(predictor, 2);
        }
    }

    /** A caller and somebody who closes: answered or refused, and no run begins once another caller has been refused. */
    @JCStressTest
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "answered before the end")
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "closed before it was asked")
    @Outcome(expect = FORBIDDEN, desc = "a closed predictor answers")
    @State
    public static class Close {

        private final Predictor<Integer, Integer> predictor =
                Subject.of(calls -> {}, Batching.rows(2).runs(1));

        /** Asks. */
        @Actor
        public void ask(II_Result result) {
            result.r1 = Subject.ask(predictor, 1);
        }

        /** Closes, then asks. */
        @Actor
        public void close(II_Result result) {
            predictor.close();
            result.r2 = Subject.ask(predictor, 2);
        }
    }
}
