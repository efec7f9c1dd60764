package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Calls calls = new Calls();

    @AfterEach
    void close() {
        calls.close();
    }

    private Predictor<Integer, Integer> limited(RateLimit limit) {
        return calls.<Integer, Integer>model(n -> n).with(limit).build();
    }

    private static RejectedException refusal(Predictor<Integer, Integer> predictor) {
        return catchThrowableOfType(RejectedException.class, () -> predictor.predict(1));
    }

    @Test
    void aBurstGetsThroughAndThenOneInEveryInterval() {
        Predictor<Integer, Integer> predictor = limited(RateLimit.of(10, SECOND).burst(3));

        IntStream.range(0, 3).forEach(predictor::predict);
        RejectedException refusal = refusal(predictor);
        calls.clock.advance(Duration.ofMillis(100).minusNanos(1));
        RejectedException stillRefused = refusal(predictor);
        calls.clock.advance(Duration.ofNanos(1));

        assertThat(predictor.predict(7)).isEqualTo(7);
        assertThat(refusal.why()).isEqualTo(Reason.RATE_LIMIT);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(100));
        assertThat(stillRefused.retryAfter()).isEqualTo(Duration.ofNanos(1));
        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(refusal)
                .hasMessage(
                        "rate limit: no room for one more input (expected: at most 10 inputs in PT1S, 3 of them at once)");
        assertThat(Calls.measured(predictor, "ml.shed{reason=rate-limit}")).isEqualTo(2);
    }

    @Test
    void aQuietTimeSavesUpABurstAndNoMore() {
        Predictor<Integer, Integer> predictor = limited(RateLimit.of(10, SECOND).burst(3));

        calls.clock.advance(Duration.ofDays(400));

        assertThat(countAnswers(predictor, 10)).isEqualTo(3);
    }

    @Test
    void ofABatchTheFirstGetThroughAndTheOthersFailAlone() {
        Predictor<Integer, Integer> predictor = limited(RateLimit.of(10, SECOND).burst(3));

        List<Outcome<Integer>> outcomes = predictor.predictEach(List.of(1, 2, 3, 4, 5));

        assertThat(outcomes.stream()
                        .map(outcome -> outcome instanceof Outcome.Answered ? "answered" : "failed")
                        .collect(Collectors.joining(" ")))
                .isEqualTo("answered answered answered failed failed");
        assertThat(Calls.measured(predictor, "ml.shed{reason=rate-limit}")).isEqualTo(2);
    }

    @Test
    void whatTheConcurrencyLimitRefusesHasBeenCounted() {
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> n)
                .with(ConcurrencyLimit.fixed(1))
                .with(RateLimit.of(10, SECOND))
                .build();

        assertThat(predictor.describe().indexOf("before limit: at most 10 inputs"))
                .isPositive()
                .isLessThan(predictor.describe().indexOf("limit: at most 1 at once"));
    }

    @Test
    void aWallClockThatJumpsChangesNothing() {
        Predictor<Integer, Integer> predictor = limited(RateLimit.of(1, SECOND));
        predictor.predict(1);

        calls.clock.setBack(Duration.ofDays(1));
        assertThat(refusal(predictor).retryAfter()).isEqualTo(SECOND);
        calls.clock.advance(SECOND);

        assertThat(predictor.predict(1)).isEqualTo(1);
    }

    @Property(tries = 300)
    void neverLetsMoreThroughThanBurstAndRateAllowInAnySpan(
            @ForAll @IntRange(min = 1, max = 1000) int rate,
            @ForAll @LongRange(min = 1000, max = 1_000_000_000) long periodNanos,
            @ForAll @IntRange(min = 1, max = 20) int burst,
            @ForAll @Size(max = 60) List<@LongRange(max = 5_000_000) Long> gaps) {
        Predictor<Integer, Integer> predictor =
                limited(RateLimit.of(rate, Duration.ofNanos(periodNanos)).burst(burst));
        List<Long> times = new ArrayList<>();
        for (long gap : gaps) {
            calls.clock.advance(Duration.ofNanos(gap));
            if (countAnswers(predictor, 1) == 1) {
                times.add(calls.clock.nanoTime());
            } else {
                Duration hint = refusal(predictor).retryAfter();
                calls.clock.advance(hint.minusNanos(1));
                assertThat(countAnswers(predictor, 1)).as("before the hint").isZero();
                calls.clock.advance(Duration.ofNanos(1));
                assertThat(countAnswers(predictor, 1)).as("after the hint").isEqualTo(1);
                times.add(calls.clock.nanoTime());
            }
        }

        for (int from = 0; from < times.size(); from++) {
            for (int to = from; to < times.size(); to++) {
                double span = times.get(to) - times.get(from);
                assertThat(to - from + 1.0).isLessThanOrEqualTo(burst + span * rate / periodNanos + 1e-9);
            }
        }
    }

    private static int countAnswers(Predictor<Integer, Integer> predictor, int number) {
        return (int) predictor.predictEach(IntStream.range(0, number).boxed().toList()).stream()
                .filter(Outcome.Answered.class::isInstance)
                .count();
    }

    @Test
    void threadsThatComeTogetherGetNoMoreThanTheBurst() {
        for (int round = 0; round < 20; round++) {
            Predictor<Integer, Integer> predictor =
                    limited(RateLimit.of(1000, SECOND).burst(500));
            AtomicInteger through = new AtomicInteger();

            calls.together(4, () -> through.addAndGet(countOneByOne(predictor, 300)));

            assertThat(through).hasValue(500);
            assertThat(Calls.measured(predictor, "ml.shed{reason=rate-limit}")).isEqualTo(700);
        }
    }

    private static int countOneByOne(Predictor<Integer, Integer> predictor, int number) {
        int through = 0;
        for (int i = 0; i < number; i++) {
            through += countAnswers(predictor, 1);
        }
        return through;
    }

    @Test
    void aTickerThatWrapsIsNoEvent() {
        AtomicLong ticker = new AtomicLong(Long.MAX_VALUE - 10);
        Predictor<Integer, Integer> predictor = calls.<Integer, Integer>model(n -> n)
                .with(RateLimit.of(1, Duration.ofNanos(100)))
                .time(new TimeSource() {
                    @Override
                    public long currentTimeMillis() {
                        return 0;
                    }

                    @Override
                    public long nanoTime() {
                        return ticker.get();
                    }
                })
                .build();

        assertThat(countAnswers(predictor, 2)).isEqualTo(1);
        ticker.addAndGet(99);
        assertThat(refusal(predictor).retryAfter()).isEqualTo(Duration.ofNanos(1));
        ticker.addAndGet(1);
        assertThat(countAnswers(predictor, 2)).isEqualTo(1);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(0, SECOND))
                .withMessage("calls: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, Duration.ZERO))
                .withMessage("period: PT0S (expected: > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(11, Duration.ofNanos(10)))
                .withMessage("period: PT0.00000001S for 11 calls (expected: at least 1 ns a call)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, SECOND).burst(0))
                .withMessage("burst: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.of(1, Duration.ofDays(365)).burst(1000))
                .withMessageStartingWith("burst: 1000 calls, one in PT8760H");
        assertThatIllegalStateException()
                .isThrownBy(() -> calls.<Integer, Integer>model(n -> n)
                        .with(RateLimit.of(1, SECOND))
                        .with(RateLimit.of(2, SECOND))
                        .build());
    }
}
