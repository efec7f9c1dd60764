package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.fake.ManualClock;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void isOverWhenItsTimeHasPassedAndNotBefore() {
        Deadline deadline = Deadline.after(Duration.ofMillis(50), clock);

        clock.advance(Duration.ofNanos(49_999_999));
        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.remainingNanos()).isEqualTo(1);
        clock.advance(Duration.ofNanos(1));
        assertThat(deadline.isOver()).isTrue();
        clock.advance(Duration.ofNanos(7));
        assertThat(deadline.remainingNanos()).isEqualTo(-7);
    }

    @Test
    void doesNotMoveWithAWallClockThatJumps() {
        Deadline deadline = Deadline.after(Duration.ofMillis(50), clock);

        clock.setBack(Duration.ofDays(1));

        assertThat(deadline.remainingNanos()).isEqualTo(50_000_000);
    }

    @Test
    void noTimeAtAllIsOver() {
        assertThat(Deadline.after(Duration.ZERO, clock).isOver()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(-1), clock).isOver()).isTrue();
    }

    @Test
    void timesTooLongForNanosecondsAreAsGoodAsForever() {
        Deadline forever = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), clock);
        Deadline longOver = Deadline.after(Duration.ofSeconds(Long.MIN_VALUE), clock);

        clock.advance(Duration.ofDays(3_650));

        assertThat(forever.isOver()).isFalse();
        assertThat(longOver.isOver()).isTrue();
        assertThat(forever.earlier(longOver)).isSameAs(longOver);
    }

    @Test
    void theEarlierOfTwoIsTheOneThatComesFirst() {
        Deadline soon = Deadline.after(Duration.ofMillis(1), clock);
        Deadline later = Deadline.after(Duration.ofMillis(2), clock);
        Deadline together = Deadline.after(Duration.ofMillis(1), clock);

        assertThat(soon.earlier(later)).isSameAs(soon);
        assertThat(later.earlier(soon)).isSameAs(soon);
        assertThat(soon.earlier(together)).isSameAs(soon);
    }

    @Test
    void deadlinesOfDifferentClocksAreComparedByWhatIsLeft() {
        ManualClock other = ManualClock.at(Instant.EPOCH);
        other.advance(Duration.ofDays(5)); // its ticker shows quite another number
        Deadline here = Deadline.after(Duration.ofMillis(2), clock);
        Deadline there = Deadline.after(Duration.ofMillis(1), other);

        assertThat(here.earlier(there)).isSameAs(there);
        assertThat(there.earlier(here)).isSameAs(there);
    }

    @ParameterizedTest
    @CsvSource({
        "1H, PT1H",
        "2M, PT2M",
        "3S, PT3S",
        "250m, PT0.25S",
        "7u, PT0.000007S",
        "9n, PT0.000000009S",
        "0n, PT0S",
        "99999999H, PT99999999H"
    })
    void readsTheHeaderOfAnotherService(String header, Duration expected) {
        assertThat(Deadline.ofGrpcTimeout(header, clock).remainingNanos())
                .isEqualTo(Deadline.after(expected, clock).remainingNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "250", "250ms", "-1m", "1.5S", "123456789n", " 1S", "1h", "1\n"})
    void refusesAnyOtherForm(String header) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadline.ofGrpcTimeout(header, clock))
                .withMessage(
                        "timeout: '" + header + "' (expected: 1 to 8 digits and one of H M S m u n, such as 250m)");
    }

    @ParameterizedTest
    @CsvSource({"PT0.05S, 50000000n", "PT0.1S, 100000u", "PT99.999999S, 99999999u", "PT100S, 100000m", "PT-1S, 0n"})
    void writesTheTimeLeftInTheFinestUnitThatHasRoom(Duration left, String expected) {
        assertThat(Deadline.after(left, clock).toGrpcTimeout()).isEqualTo(expected);
    }

    @Property
    void theNextServiceNeverBelievesToHaveMoreTimeAndHardlyLess(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long nanos) {
        Deadline here = Deadline.after(Duration.ofNanos(nanos), clock);

        Deadline there = Deadline.ofGrpcTimeout(here.toGrpcTimeout(), clock);

        assertThat(there.remainingNanos()).isLessThanOrEqualTo(here.remainingNanos());
        // eight digits of a unit are at least five of the next, which is 1000 times as large at most
        assertThat(there.remainingNanos())
                .isGreaterThanOrEqualTo(here.remainingNanos() - here.remainingNanos() / 99_999 - 1);
    }

    @Test
    void saysWhatIsLeft() {
        assertThat(Deadline.after(Duration.ofMillis(50), clock)).hasToString("in PT0.05S");
    }
}
