package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class SharedBudgetTest {

    private final Calls calls = new Calls();
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        calls.close();
    }

    /** A model that notes each call; one of input -1 runs until it is let go. */
    private Predictor<Integer, Integer> model(String name, Capability<Object, Object> budget, CountDownLatch begun) {
        return calls.<Integer, Integer>model(n -> {
                    if (n == -1) {
                        begun.countDown();
                        await(release);
                    } else {
                        order.add(name + n);
                    }
                    return n;
                })
                .with(budget)
                .build();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Future<Integer> waiting(Predictor<Integer, Integer> predictor, int input, CallOptions options, int then) {
        Future<Integer> future = calls.start(() -> predictor.with(options).predict(input));
        calls.awaitWaiting(then);
        return future;
    }

    @Test
    void whatOneModelUsesTheOtherDoesNotHave() {
        SharedBudget budget = SharedBudget.permits(1);
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, Integer> a = model("a", budget, begun);
        Predictor<Integer, Integer> b = model("b", budget, begun);
        Future<Integer> holder = calls.start(() -> a.predict(-1));
        await(begun);

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> b.predict(1))
                .satisfies(refusal -> {
                    assertThat(refusal.why()).isEqualTo(Reason.SHARED_BUDGET);
                    assertThat(refusal)
                            .hasMessage("shared budget: no permit for one more run (expected: at most 1 at once)");
                    assertThat(refusal.getStackTrace()).isEmpty();
                });
        assertThat(budget.running()).isEqualTo(1);
        assertThat(Calls.measured(a, "ml.budget")).isEqualTo(1);
        assertThat(Calls.measured(a, "ml.budget.active")).isEqualTo(1);
        assertThat(Calls.measured(b, "ml.budget.active")).isZero();
        assertThat(Calls.measured(b, "ml.shed{reason=shared-budget}")).isEqualTo(1);
        release.countDown();
        Calls.get(holder);

        assertThat(b.predict(1)).isEqualTo(1);
        assertThat(budget.running()).isZero();
    }

    @Test
    void theNextPermitGoesToWhoRunsLeastForItsWeight() {
        SharedBudget budget = SharedBudget.permits(3).queue(10, Duration.ofSeconds(1));
        CountDownLatch begun = new CountDownLatch(3);
        Predictor<Integer, Integer> a = model("a", budget, begun);
        Predictor<Integer, Integer> b = model("b", budget.weight(3), begun);
        CountDownLatch early = new CountDownLatch(1);
        Predictor<Integer, Integer> c = calls.<Integer, Integer>model(n -> {
                    begun.countDown();
                    await(early);
                    return n;
                })
                .with(budget)
                .build();
        List<Future<Integer>> all = new ArrayList<>();
        all.add(calls.start(() -> a.predict(-1)));
        all.add(calls.start(() -> b.predict(-1)));
        all.add(calls.start(() -> c.predict(-1)));
        await(begun);
        all.add(waiting(a, 1, CallOptions.DEFAULT, 1));
        all.add(waiting(b, 2, CallOptions.DEFAULT, 2));

        early.countDown(); // frees one: a runs 1 for a weight of 1, b runs 1 for a weight of 3
        Calls.get(all.get(2));
        Calls.get(all.get(4));
        Calls.get(all.get(3));

        assertThat(order).containsExactly("b2", "a1");
    }

    @Test
    void aHigherPriorityGoesFirstWhosesoeverItIs() {
        SharedBudget budget = SharedBudget.permits(1).queue(10, Duration.ofSeconds(1));
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, Integer> a = model("a", budget, begun);
        Predictor<Integer, Integer> b = model("b", budget, begun);
        List<Future<Integer>> all = new ArrayList<>();
        all.add(calls.start(() -> a.predict(-1)));
        await(begun);
        all.add(waiting(b, 2, CallOptions.DEFAULT, 1));
        all.add(waiting(a, 1, CallOptions.DEFAULT.withPriority(Priority.LOW), 2));
        all.add(waiting(a, 3, CallOptions.DEFAULT.withPriority(Priority.HIGH), 3));
        all.add(waiting(a, 4, CallOptions.DEFAULT, 4));

        release.countDown();
        all.forEach(Calls::get);

        assertThat(order.get(0)).isEqualTo("a3");
        assertThat(order.subList(1, 3)).containsExactlyInAnyOrder("b2", "a4");
        assertThat(order.get(3)).isEqualTo("a1");
    }

    @Test
    void aFullQueueMakesRoomForAHigherPriority() {
        SharedBudget budget = SharedBudget.permits(1).queue(1, Duration.ofSeconds(1));
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, Integer> a = model("a", budget, begun);
        Future<Integer> holder = calls.start(() -> a.predict(-1));
        await(begun);
        Future<Integer> low = waiting(a, 1, CallOptions.DEFAULT.withPriority(Priority.LOW), 1);
        Future<Integer> high = calls.start(
                () -> a.with(CallOptions.DEFAULT.withPriority(Priority.HIGH)).predict(2));

        assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> Calls.get(low));
        calls.awaitWaiting(1);
        release.countDown();

        assertThat(Calls.get(holder)).isEqualTo(-1);
        assertThat(Calls.get(high)).isEqualTo(2);
        assertThat(budget.running()).isZero();
        assertThat(a.predict(3)).isEqualTo(3);
    }

    @Test
    void equalModelsTakeTurns() {
        SharedBudget budget = SharedBudget.permits(1).queue(10, Duration.ofSeconds(1));
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, Integer> a = model("a", budget, begun);
        Predictor<Integer, Integer> b = model("b", budget, begun);
        List<Future<Integer>> all = new ArrayList<>();
        all.add(calls.start(() -> a.predict(-1)));
        await(begun);
        for (int i = 1; i <= 3; i++) {
            all.add(waiting(a, i, CallOptions.DEFAULT, i));
        }
        for (int i = 1; i <= 3; i++) {
            all.add(waiting(b, i, CallOptions.DEFAULT, 3 + i));
        }

        release.countDown();
        all.forEach(Calls::get);

        assertThat(order).containsExactly("a1", "b1", "a2", "b2", "a3", "b3");
    }

    @Test
    void aModelThatAsksAnotherRunsUnderThePermitItHas() {
        SharedBudget budget = SharedBudget.permits(1).queue(10, Duration.ofDays(1));
        Predictor<Integer, Integer> inner =
                calls.<Integer, Integer>model(n -> n + 1).with(budget).build();
        Predictor<Integer, Integer> outer =
                calls.<Integer, Integer>model(inner::predict).with(budget).build();

        assertThat(outer.predict(1)).isEqualTo(2);
        assertThat(budget.running()).isZero();
        assertThat(inner.predict(1)).as("and takes its own afterwards").isEqualTo(2);
    }

    @Test
    void waitingEndsWithTheTimeTheDeadlineOrAnInterrupt() throws Exception {
        SharedBudget budget = SharedBudget.permits(1).queue(10, Duration.ofSeconds(1));
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, Integer> a = model("a", budget, begun);
        Future<Integer> holder = calls.start(() -> a.predict(-1));
        await(begun);
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<Integer> timed = waiting(a, 1, CallOptions.DEFAULT, 1);
        Future<Integer> late =
                waiting(a, 2, CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMillis(50), calls.clock)), 2);
        Future<Integer> interrupted = calls.start(() -> {
            thread.set(Thread.currentThread());
            return a.predict(3);
        });
        calls.awaitWaiting(3);

        thread.get().interrupt();
        assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> Calls.get(interrupted));
        calls.clock.advance(Duration.ofMillis(50));
        assertThatExceptionOfType(DeadlineExceededException.class).isThrownBy(() -> Calls.get(late));
        calls.clock.advance(Duration.ofMillis(950));
        assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> Calls.get(timed));
        release.countDown();
        Calls.get(holder);

        assertThat(order).isEmpty();
        assertThat(budget.running()).isZero();
        assertThat(a.predict(4)).isEqualTo(4);
    }

    @Test
    void aClosedPredictorGivesEverythingBack() {
        SharedBudget budget = SharedBudget.permits(1).queue(10, Duration.ofSeconds(1));
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, Integer> a = model("a", budget, begun);
        Predictor<Integer, Integer> b = model("b", budget, begun);
        Future<Integer> holder = calls.start(() -> a.predict(-1));
        await(begun);
        Future<Integer> waiter = waiting(a, 1, CallOptions.DEFAULT, 1);

        a.close();
        release.countDown();
        Calls.get(holder);
        Calls.get(waiter);

        assertThat(budget.running()).isZero();
        assertThat(b.predict(2)).isEqualTo(2);
    }

    @Test
    void underAStormTheBudgetHoldsAndNothingIsLost() {
        SharedBudget budget = SharedBudget.permits(2).queue(2, Duration.ofDays(1));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Predictor<Integer, Integer>> predictors = new ArrayList<>();
        for (int weight = 1; weight <= 3; weight++) {
            predictors.add(calls.<Integer, Integer>model(n -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        Calls.yieldAtTimes(n);
                        running.decrementAndGet();
                        return n;
                    })
                    .with(budget.weight(weight))
                    .build());
        }
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        calls.together(8, () -> {
            for (int i = 0; i < 600; i++) {
                try {
                    predictors.get(i % 3).predict(i);
                } catch (RejectedException full) {
                    refused.incrementAndGet();
                }
                ended.incrementAndGet();
            }
        });

        assertThat(most).hasValueLessThanOrEqualTo(2);
        assertThat(ended).hasValue(4800);
        assertThat(budget.running()).isZero();
        assertThat(predictors.stream()
                        .mapToDouble(each -> Calls.measured(each, "ml.shed{reason=shared-budget}"))
                        .sum())
                .isEqualTo(refused.get());
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedBudget.permits(0))
                .withMessage("permits: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedBudget.permits(1).weight(0))
                .withMessage("weight: 0 (expected: 1 to 1000)");
        assertThat(SharedBudget.permits(8).queue(64, Duration.ofMillis(20)))
                .hasToString("8 permits, 64 wait up to PT0.02S");
    }
}
