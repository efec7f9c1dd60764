package io.github.plimsoll.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.serving.ConcurrencyLimit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** The permits of a limit of one. The third number is the most that ran at once, the fourth a call when all is over. */
public class LimitRaces {

    private LimitRaces() {}

    /** Counts how many runs are under way. */
    private static final class Running implements Consumer<CallBatch<Integer, Integer>> {

        private final AtomicInteger now = new AtomicInteger();
        private volatile int most;

        @Override
        public void accept(CallBatch<Integer, Integer> calls) {
            if (now.incrementAndGet() > 1) {
                most = 2;
            } else if (most == 0) {
                most = 1;
            }
            now.decrementAndGet();
        }
    }

    /** Without a queue: one of two may be refused, not both, and the permit is free again. */
    @JCStressTest
    @Outcome(
            id = {"1, 2, 1, 3", "1, -1, 1, 3", "-1, 2, 1, 3"},
            expect = ACCEPTABLE,
            desc = "one at a time")
    @Outcome(expect = FORBIDDEN, desc = "two at once, both refused, or a permit lost")
    @State
    public static class WithoutQueue {

        private final Running running = new Running();
        private final Predictor<Integer, Integer> predictor = Subject.of(running, ConcurrencyLimit.fixed(1));

        /** Asks for 1. */
        @Actor
        public void first(IIII_Result result) {
            result.r1 = Subject.ask(predictor, 1);
        }

        /** Asks for 2. */
        @Actor
        public void second(IIII_Result result) {
            result.r2 = Subject.ask(predictor, 2);
        }

        /** Asks when the others are gone. */
        @Arbiter
        public void last(IIII_Result result) {
            result.r3 = running.most;
            result.r4 = Subject.ask(predictor, 3);
        }
    }

    /** With a queue: who waits is always let in. */
    @JCStressTest
    @Outcome(id = "1, 2, 1, 3", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(expect = FORBIDDEN, desc = "two at once, one forgotten, or a permit lost")
    @State
    public static class WithQueue {

        private final Running running = new Running();
        private final Predictor<Integer, Integer> predictor =
                Subject.of(running, ConcurrencyLimit.fixed(1).queue(2, Duration.ofMinutes(1)));

        /** Asks for 1. */
        @Actor
        public void first(IIII_Result result) {
            result.r1 = Subject.ask(predictor, 1);
        }

        /** Asks for 2. */
        @Actor
        public void second(IIII_Result result) {
            result.r2 = Subject.ask(predictor, 2);
        }

        /** Asks when the others are gone. */
        @Arbiter
        public void last(IIII_Result result) {
            result.r3 = running.most;
            result.r4 = Subject.ask(predictor, 3);
        }
    }
}
