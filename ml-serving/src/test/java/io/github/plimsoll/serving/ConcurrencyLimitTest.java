package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class ConcurrencyLimitTest {

    private final Calls calls = new Calls();

    @AfterEach
    void close() {
        calls.close();
    }

    /** A model that holds its permit while a call of input n makes a call of input n - 1. */
    private Predictor<Integer, Integer> nesting(ConcurrencyLimit limit) {
        AtomicReference<Predictor<Integer, Integer>> self = new AtomicReference<>();
        self.set(calls.<Integer, Integer>model(n -> n == 0 ? 0 : 1 + self.get().predict(n - 1))
                .with(limit)
                .build());
        return self.get();
    }

    private static RejectedException refusal(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof RejectedException)) {
            cause = cause.getCause();
        }
        return (RejectedException) cause;
    }

    @Test
    void asManyCallsAsTheLimitRunAtOnceAndTheNextIsRefused() {
        Predictor<Integer, Integer> predictor = nesting(ConcurrencyLimit.fixed(3));

        assertThat(predictor.predict(2)).isEqualTo(2);
        Throwable failure = catchThrowableOfType(RuntimeException.class, () -> predictor.predict(3));

        assertThat(refusal(failure).why()).isEqualTo(Reason.CONCURRENCY_LIMIT);
        assertThat(refusal(failure)).hasMessage("concurrency limit: 3 calls running (expected: < 3)");
        assertThat(refusal(failure).getStackTrace()).isEmpty();
        assertThat(Calls.measured(predictor, "ml.shed{reason=concurrency-limit}"))
                .isEqualTo(1);
        assertThat(Calls.measured(predictor, "ml.limit")).isEqualTo(3);
        assertThat(Calls.measured(predictor, "ml.limit.active")).isZero();
        assertThat(predictor.predict(2)).as("all permits are back").isEqualTo(2);
    }

    @Test
    void theHintIsHowLongTheLastPermitWasHeldLast() {
        ConcurrencyLimit one = ConcurrencyLimit.fixed(1);
        AtomicReference<Predictor<Integer, Integer>> self = new AtomicReference<>();
        List<Duration> hints = new ArrayList<>();
        self.set(calls.<Integer, Integer>model(n -> {
                    calls.clock.advance(Duration.ofMillis(7));
                    if (n == 1) {
                        hints.add(refusal(catchThrowableOfType(
                                        RuntimeException.class, () -> self.get().predict(0)))
                                .retryAfter());
                    }
                    return n;
                })
                .with(one)
                .build());

        self.get().predict(1);
        self.get().predict(1);

        assertThat(hints).containsExactly(Duration.ZERO, Duration.ofMillis(7));
    }

    @Test
    void aBatchTakesOnePermitAndIsRefusedWhole() {
        AtomicReference<List<Outcome<Integer>>> inner = new AtomicReference<>();
        AtomicReference<Predictor<Integer, Integer>> self = new AtomicReference<>();
        self.set(calls.<Integer, Integer>model(n -> {
                    if (n == 1) {
                        inner.set(self.get().predictEach(List.of(5, 6, 7)));
                    }
                    return n;
                })
                .with(ConcurrencyLimit.fixed(1))
                .build());

        assertThat(self.get().predictAll(List.of(2, 3, 4, 5))).hasSize(4);
        self.get().predict(1);

        assertThat(inner.get()).hasSize(3).allMatch(Outcome.Failed.class::isInstance);
        assertThat(Calls.measured(self.get(), "ml.shed{reason=concurrency-limit}"))
                .isEqualTo(3);
    }

    @Test
    void lowGetsHalfOfTheLimitSoThatTheOthersStillGetThrough() {
        AtomicReference<Predictor<Priority, Integer>> self = new AtomicReference<>();
        AtomicInteger depth = new AtomicInteger();
        self.set(calls.<Priority, Integer>model(priority -> {
                    if (depth.incrementAndGet() < 10) {
                        self.get()
                                .with(CallOptions.DEFAULT.withPriority(priority))
                                .predict(priority);
                    }
                    return 1;
                })
                .with(ConcurrencyLimit.fixed(8).shares(0.5, 0.75))
                .build());

        assertThat(depthOf(self.get(), depth, Priority.LOW)).isEqualTo(4);
        assertThat(depthOf(self.get(), depth, Priority.NORMAL)).isEqualTo(6);
        assertThat(depthOf(self.get(), depth, Priority.HIGH)).isEqualTo(8);
        assertThat(Calls.measured(self.get(), "ml.shed{reason=load-shed}")).isEqualTo(2);
        assertThat(Calls.measured(self.get(), "ml.shed{reason=concurrency-limit}"))
                .isEqualTo(1);
    }

    private static int depthOf(Predictor<Priority, Integer> predictor, AtomicInteger depth, Priority priority) {
        depth.set(0);
        Throwable failure = catchThrowableOfType(
                RuntimeException.class,
                () -> predictor.with(CallOptions.DEFAULT.withPriority(priority)).predict(priority));
        assertThat(refusal(failure).why())
                .isEqualTo(priority == Priority.HIGH ? Reason.CONCURRENCY_LIMIT : Reason.LOAD_SHED);
        return depth.get();
    }

    @Test
    void everyPriorityHasAtLeastOnePermit() {
        Predictor<Integer, Integer> predictor = nesting(ConcurrencyLimit.fixed(1));

        assertThat(predictor
                        .with(CallOptions.DEFAULT.withPriority(Priority.LOW))
                        .predict(0))
                .isZero();
    }

    @Test
    void aPermitIsGivenBackWhateverBecomesOfTheCall() {
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> {
                    if (n == 1) {
                        throw new IllegalStateException("broken");
                    }
                    if (n == 2) {
                        throw new StackOverflowError("not caught by stages");
                    }
                    return n;
                })
                .with(ConcurrencyLimit.fixed(1))
                .build();

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> predictor.predict(1));
            try {
                predictor.predict(2);
            } catch (StackOverflowError | RuntimeException expected) {
                assertThat(expected).hasMessageNotContaining("concurrency limit");
            }
        }

        assertThat(predictor.predict(0)).isZero();
        assertThat(Calls.measured(predictor, "ml.limit.active")).isZero();
    }

    @Test
    void aSlowListenerHoldsNoPermit() {
        AtomicReference<Predictor<Integer, Integer>> self = new AtomicReference<>();
        List<Double> active = new ArrayList<>();
        self.set(calls.<Integer, Integer>model(n -> n)
                .with(ConcurrencyLimit.fixed(1))
                .with((PredictionListener<Integer, Integer>)
                        event -> active.add(Calls.measured(self.get(), "ml.limit.active")))
                .build());

        self.get().predict(1);

        assertThat(active).containsExactly(0.0);
    }

    @Test
    void workThatGoesOnAfterItsCallerHasGoneKeepsItsPermit() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> {
                    if (n == 1) {
                        begun.countDown();
                        awaitUninterruptibly(release);
                    }
                    return n;
                })
                .with(ConcurrencyLimit.fixed(1))
                .with(Calls.<Integer, Integer>interceptor(Stage.DEADLINE.at(), (batch, next) -> {
                    if (batch.get(0).input() != 1) {
                        next.proceed(batch);
                        return;
                    }
                    var fork = batch.get(0).fork();
                    calls.start(() -> {
                        next.proceed(CallBatch.of(fork));
                        ended.countDown();
                        return null;
                    });
                    awaitUninterruptibly(begun);
                    batch.get(0).fail(new DeadlineExceededException("the caller does not wait"));
                }))
                .build();

        assertThatExceptionOfType(DeadlineExceededException.class).isThrownBy(() -> predictor.predict(1));
        assertThat(Calls.measured(predictor, "ml.limit.active")).isEqualTo(1);
        assertThatExceptionOfType(RejectedException.class).isThrownBy(() -> predictor.predict(0));
        release.countDown();
        ended.await();

        assertThat(predictor.predict(0)).isZero();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A predictor with one permit, which a call of input -1 holds until it is let go; the other inputs are noted. */
    private final class Held {

        final CountDownLatch release = new CountDownLatch(1);
        final List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        final Predictor<Integer, Integer> predictor;
        final Future<Integer> holder;

        Held(ConcurrencyLimit limit) {
            CountDownLatch begun = new CountDownLatch(1);
            predictor = calls.<Integer, Integer>model(n -> {
                        if (n == -1) {
                            begun.countDown();
                            awaitUninterruptibly(release);
                        } else {
                            order.add(n);
                        }
                        return n;
                    })
                    .with(limit)
                    .build();
            holder = calls.start(() -> predictor.predict(-1));
            awaitUninterruptibly(begun);
        }

        Future<Integer> start(int input, CallOptions options, int waitingThen) {
            Future<Integer> future = calls.start(() -> predictor.with(options).predict(input));
            calls.awaitWaiting(waitingThen);
            return future;
        }

        Future<Integer> start(int input, Priority priority, int waitingThen) {
            return start(input, CallOptions.DEFAULT.withPriority(priority), waitingThen);
        }
    }

    private static final ConcurrencyLimit QUEUE = ConcurrencyLimit.fixed(1).queue(3, Duration.ofSeconds(1));

    @Test
    void whoWaitsIsServedByPriorityAndInTheOrderOfComing() {
        Held held = new Held(QUEUE.queue(6, Duration.ofSeconds(1)));
        List<Future<Integer>> all = List.of(
                held.start(1, Priority.LOW, 1),
                held.start(2, Priority.NORMAL, 2),
                held.start(3, Priority.HIGH, 3),
                held.start(4, Priority.NORMAL, 4),
                held.start(5, Priority.LOW, 5),
                held.start(6, Priority.HIGH, 6));
        assertThat(Calls.measured(held.predictor, "ml.waiting{stage=limit}")).isEqualTo(6);

        held.release.countDown();
        all.forEach(Calls::get);

        assertThat(held.order).containsExactly(3, 6, 2, 4, 1, 5);
        assertThat(Calls.measured(held.predictor, "ml.waiting{stage=limit}")).isZero();
        assertThat(Calls.measured(held.predictor, "ml.limit.active")).isZero();
    }

    @Test
    void whoHasWaitedLongEnoughIsRefused() {
        Held held = new Held(QUEUE);
        Future<Integer> waiter = held.start(1, Priority.NORMAL, 1);

        calls.clock.advance(Duration.ofSeconds(1).minusNanos(1));
        assertThat(waiter).isNotDone();
        calls.clock.advance(Duration.ofNanos(1));

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> Calls.get(waiter))
                .satisfies(refusal -> assertThat(refusal.why()).isEqualTo(Reason.CONCURRENCY_LIMIT));
        held.release.countDown();
        assertThat(Calls.get(held.holder)).isEqualTo(-1);
        assertThat(held.order).isEmpty();
    }

    @Test
    void nobodyWaitsLongerThanTheDeadline() {
        Held held = new Held(QUEUE);
        Deadline deadline = Deadline.after(Duration.ofMillis(50), calls.clock);
        Future<Integer> waiter = held.start(1, CallOptions.DEFAULT.withDeadline(deadline), 1);

        calls.clock.advance(Duration.ofMillis(50));

        assertThatExceptionOfType(DeadlineExceededException.class).isThrownBy(() -> Calls.get(waiter));
        held.release.countDown();
    }

    @Test
    void aFullQueueMakesRoomForAHigherPriorityOnly() {
        Held held = new Held(QUEUE);
        Future<Integer> low = held.start(1, Priority.LOW, 1);
        Future<Integer> newerLow = held.start(2, Priority.LOW, 2);
        Future<Integer> normal = held.start(3, Priority.NORMAL, 3);

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> held.predictor
                        .with(CallOptions.DEFAULT.withPriority(Priority.LOW))
                        .predict(4));
        Future<Integer> high = calls.start(() -> held.predictor
                .with(CallOptions.DEFAULT.withPriority(Priority.HIGH))
                .predict(5));

        assertThatExceptionOfType(RejectedException.class)
                .isThrownBy(() -> Calls.get(newerLow))
                .satisfies(refusal -> assertThat(refusal.why()).isEqualTo(Reason.LOAD_SHED));
        calls.awaitWaiting(3);
        held.release.countDown();
        List.of(high, normal, low).forEach(Calls::get);
        assertThat(held.order).containsExactly(5, 3, 1);
    }

    @Test
    void whoHasAFreePermitTakesNobodysPlaceInAFullQueue() {
        Held held = new Held(ConcurrencyLimit.fixed(2).shares(0.5, 1).queue(1, Duration.ofSeconds(1)));
        Future<Integer> low = held.start(1, Priority.LOW, 1); // its share is the one that is held

        assertThat(held.predictor.predict(2)).isEqualTo(2);
        assertThat(low).isNotDone();
        held.release.countDown();

        assertThat(Calls.get(low)).isEqualTo(1);
    }

    @Test
    void whoIsInterruptedWhileWaitingGivesUpAndStaysInterrupted() throws Exception {
        Held held = new Held(QUEUE);
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<Boolean> waiter = calls.start(() -> {
            thread.set(Thread.currentThread());
            try {
                held.predictor.predict(1);
                return false;
            } catch (CallCancelledException cancelled) {
                return Thread.interrupted();
            }
        });
        calls.awaitWaiting(1);

        thread.get().interrupt();

        assertThat(Calls.get(waiter)).isTrue();
        held.release.countDown();
        Calls.get(held.holder);
        assertThat(held.predictor.predict(7)).isEqualTo(7);
    }

    @Test
    void aPredictorThatIsClosedEndsItsWaiters() {
        Held held = new Held(QUEUE);
        Future<Integer> waiter = held.start(1, Priority.NORMAL, 1);

        held.predictor.close();
        held.release.countDown();

        assertThat(Calls.get(held.holder)).isEqualTo(-1);
        assertThat(Calls.get(waiter)).as("it had begun before").isEqualTo(1);
        assertThat(Calls.measured(held.predictor, "ml.limit.active")).isZero();
    }

    @Test
    void aWallClockThatJumpsMovesNobody() {
        Held held = new Held(QUEUE);
        Future<Integer> waiter = held.start(1, Priority.NORMAL, 1);

        calls.clock.setBack(Duration.ofDays(1));
        held.release.countDown();

        assertThat(Calls.get(waiter)).isEqualTo(1);
    }

    /** Ends a window of ten calls that each take a time. */
    private void window(Predictor<Duration, Integer> predictor, int numberOfCalls, Duration each) {
        for (int i = 0; i < numberOfCalls; i++) {
            predictor.predict(each);
        }
    }

    private Predictor<Duration, Integer> taking(ConcurrencyLimit limit) {
        return calls.<Duration, Integer>model(time -> {
                    calls.clock.advance(time);
                    if (time.equals(Duration.ofMillis(666))) {
                        throw new IllegalStateException("broken");
                    }
                    return 1;
                })
                .with(limit)
                .build();
    }

    @Test
    void anAdaptiveLimitIsToldAboutAWindowOfCalls() {
        List<String> told = new ArrayList<>();
        Predictor<Duration, Integer> predictor = taking(ConcurrencyLimit.adaptive(new Recording(told, 4)));

        window(predictor, 9, Duration.ofMillis(1000));
        assertThat(told).as("not enough calls").isEmpty();
        predictor.predict(Duration.ofMillis(2000));
        assertThat(told).containsExactly("1100000000 1 false");
        assertThat(Calls.measured(predictor, "ml.limit")).isEqualTo(5);

        window(predictor, 200, Duration.ofMillis(4));
        assertThat(told).as("not enough time").hasSize(1);
        window(predictor, 50, Duration.ofMillis(4));
        assertThat(told).containsExactly("1100000000 1 false", "4000000 1 false");
        assertThat(Calls.measured(predictor, "ml.limit")).isEqualTo(6);
    }

    @Test
    void failuresAreLeftOutAndLateAnswersAreDrops() {
        List<String> told = new ArrayList<>();
        Predictor<Duration, Integer> predictor =
                taking(ConcurrencyLimit.adaptive(new Recording(told, 4)).window(Duration.ofMillis(10)));

        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> predictor.predict(Duration.ofMillis(666)));
        }
        window(predictor, 9, Duration.ofMillis(10));
        assertThat(told).isEmpty();
        predictor
                .with(CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMillis(5), calls.clock)))
                .predict(Duration.ofMillis(10));

        assertThat(told).containsExactly("10000000 1 true");
    }

    @Test
    void aLimitThatGrowsLetsWaitersIn() {
        ConcurrencyLimit growing = ConcurrencyLimit.adaptive(new Recording(new ArrayList<>(), 1))
                .window(Duration.ofNanos(1))
                .queue(3, Duration.ofSeconds(60));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(2);
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> {
                    calls.clock.advance(Duration.ofMillis(1));
                    if (n == -1) {
                        began.countDown();
                        awaitUninterruptibly(release);
                    }
                    return n;
                })
                .with(growing)
                .build();
        for (int i = 0; i < 9; i++) {
            predictor.predict(i);
        }

        Future<Integer> one = calls.start(() -> predictor.predict(-1));
        while (began.getCount() == 2) {
            Thread.onSpinWait();
        }
        Future<Integer> two = calls.start(() -> predictor.predict(-1));
        Future<Integer> three = calls.start(() -> predictor.predict(-1));
        calls.awaitWaiting(2);
        release.countDown(); // the tenth call ends: the limit becomes 2 and both waiters get in

        assertThat(List.of(Calls.get(one), Calls.get(two), Calls.get(three))).containsOnly(-1);
        assertThat(Calls.measured(predictor, "ml.limit")).isEqualTo(2);
    }

    @Test
    void aLimitOfTheHostsThatThrowsLeavesNoPermitBehind() {
        Predictor<Duration, Integer> predictor = taking(ConcurrencyLimit.adaptive(new AdaptiveLimit() {
                    @Override
                    public int limit() {
                        return 1;
                    }

                    @Override
                    public AdaptiveLimit after(long nanos, int inFlight, boolean dropped) {
                        throw new IllegalStateException("the host's");
                    }
                })
                .window(Duration.ofNanos(1)));

        window(predictor, 9, Duration.ofMillis(1));
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> predictor.predict(Duration.ofMillis(1)))
                .withMessageContaining("the host's");

        assertThat(Calls.measured(predictor, "ml.limit.active")).isZero();
    }

    /** Notes what it is told and grows by one. */
    private record Recording(List<String> told, int limit) implements AdaptiveLimit {

        @Override
        public AdaptiveLimit after(long nanos, int inFlight, boolean dropped) {
            told.add(nanos + " " + inFlight + " " + dropped);
            return new Recording(told, limit + 1);
        }
    }

    @Test
    void underAStormTheLimitHoldsAndNothingIsLost() {
        for (int limit = 1; limit <= 4; limit++) {
            for (int places = 0; places <= 2; places++) {
                storm(limit, places, false);
                storm(limit, places, true);
            }
        }
    }

    private void storm(int limit, int places, boolean adaptive) {
        AtomicInteger seed = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        ConcurrencyLimit bound = adaptive
                ? ConcurrencyLimit.adaptive(AimdLimit.startingAt(limit).between(1, limit))
                        .window(Duration.ofNanos(1))
                : ConcurrencyLimit.fixed(limit);
        if (places > 0) {
            bound = bound.queue(places, Duration.ofDays(1));
        }
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Calls.yieldAtTimes(n);
                    running.decrementAndGet();
                    if (n % 7 == 0) {
                        throw new IllegalStateException("broken");
                    }
                    return n;
                })
                .with(bound)
                .build();
        try (Calls storm = new Calls()) {
            storm.together(6, () -> {
                SplittableRandom random =
                        new SplittableRandom(Thread.currentThread().getId());
                for (int i = 0; i < 400; i++) {
                    Priority priority = Priority.values()[random.nextInt(3)];
                    try {
                        predictor
                                .with(CallOptions.DEFAULT.withPriority(priority))
                                .predict(random.nextInt(100));
                        answered.incrementAndGet();
                    } catch (RejectedException refusal) {
                        refused.incrementAndGet();
                    } catch (RuntimeException broken) {
                        answered.incrementAndGet();
                    }
                }
            });
        }

        assertThat(most).hasValueLessThanOrEqualTo(limit);
        assertThat(answered.get() + refused.get()).isEqualTo(2400);
        assertThat(refused.get()).isEqualTo((int) (Calls.measured(predictor, "ml.shed{reason=concurrency-limit}")
                + Calls.measured(predictor, "ml.shed{reason=load-shed}")));
        assertThat(Calls.measured(predictor, "ml.limit.active")).isZero();
        assertThat(predictor.predict(1)).isEqualTo(1);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConcurrencyLimit.fixed(0))
                .withMessage("fixed: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConcurrencyLimit.fixed(1).queue(0, Duration.ofMillis(1)))
                .withMessage("queue: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConcurrencyLimit.fixed(1).queue(1, Duration.ZERO))
                .withMessage("queue: PT0S (expected: > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConcurrencyLimit.fixed(1).shares(0.9, 0.5))
                .withMessage("shares: 0.9 and 0.5 (expected: low <= normal)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConcurrencyLimit.fixed(1).shares(0, 0.5))
                .withMessage("low: 0.0 (expected: > 0 and <= 1)");
        assertThatIllegalStateException()
                .isThrownBy(() -> ConcurrencyLimit.fixed(1).window(Duration.ofSeconds(1)))
                .withMessage("window: PT1S for a fixed limit (expected: an adaptive one)");
        assertThat(ConcurrencyLimit.fixed(8).queue(3, Duration.ofMillis(20)))
                .hasToString("at most 8 at once, LOW 50 %, NORMAL 100 % of it, 3 wait up to PT0.02S");
        assertThat(ConcurrencyLimit.adaptive(AimdLimit.startingAt(8)))
                .hasToString(
                        "at most AIMD, at 8, 1 to 200 at once, LOW 50 %, NORMAL 100 % of it, no queue, window PT1S");
    }
}
