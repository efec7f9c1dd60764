package io.github.plimsoll.core.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00.250Z");

    private final ManualClock clock = ManualClock.at(START);

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(clock.currentTimeMillis()).isEqualTo(START.toEpochMilli());
        assertThat(clock.currentTimeMillis()).isEqualTo(START.toEpochMilli());
        assertThat(clock.nanoTime()).isZero();
        assertThat(clock).hasToString("2026-03-01T12:00:00.250Z");
    }

    @Test
    void advancingMovesTheWallClockAndTheTicker() {
        clock.advance(Duration.ofMinutes(10));
        clock.advance(Duration.ZERO);

        assertThat(clock.currentTimeMillis()).isEqualTo(START.plusSeconds(600).toEpochMilli());
        assertThat(clock.nanoTime()).isEqualTo(600_000_000_000L);
    }

    @Test
    void partsOfAMillisecondAddUp() {
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ofNanos(250_000));
        }

        assertThat(clock.nanoTime()).isEqualTo(2_500_000);
        assertThat(clock.currentTimeMillis()).isEqualTo(START.toEpochMilli() + 2);
    }

    @Test
    void settingBackLeavesTheTicker() {
        clock.advance(Duration.ofMillis(5));

        clock.setBack(Duration.ofHours(1));

        assertThat(clock.currentTimeMillis())
                .isEqualTo(START.plusMillis(5).minus(Duration.ofHours(1)).toEpochMilli());
        assertThat(clock.nanoTime()).isEqualTo(5_000_000);
    }

    @Test
    void negativeTimesAreRefusedAndChangeNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> clock.setBack(Duration.ofNanos(-1)));

        assertThat(clock.nanoTime()).isZero();
        assertThat(clock.currentTimeMillis()).isEqualTo(START.toEpochMilli());
    }

    @Test
    void aTimeBefore1970IsRoundedDownLikeAnyOther() {
        ManualClock early = ManualClock.at(Instant.parse("1969-12-31T23:59:59.999500Z"));

        assertThat(early.currentTimeMillis()).isEqualTo(-1);

        early.setBack(Duration.ofNanos(1));
        assertThat(early.currentTimeMillis()).isEqualTo(-2);
    }

    @Test
    void whoWaitsForATimeWaitsUntilTheClockIsThere() throws InterruptedException {
        Thread waiting = new Thread(() -> {
            while (clock.nanoTime() < 5_000) {
                clock.parkUntil(this, 5_000);
            }
        });
        waiting.start();
        awaitWaiting(1);

        clock.advance(Duration.ofNanos(4_999));
        assertThat(clock.waiting()).isEqualTo(1);
        clock.advance(Duration.ofNanos(1));
        assertThat(clock.waiting()).as("whose time has come").isZero();

        waiting.join();
        assertThat(clock.waiting()).isZero();
    }

    @Test
    void itMovesToTheFirstMomentThatIsWaitedFor() throws InterruptedException {
        Thread later = new Thread(() -> clock.parkUntil(this, 9_000));
        Thread first = new Thread(() -> clock.parkUntil(this, 5_000));
        later.start();
        first.start();
        awaitWaiting(2);

        assertThat(clock.advanceToNext()).isEqualTo(Duration.ofNanos(5_000));
        first.join();
        assertThat(clock.advanceToNext()).isEqualTo(Duration.ofNanos(4_000));
        later.join();

        assertThatIllegalStateException().isThrownBy(clock::advanceToNext).withMessageContaining("none");
        assertThat(clock.nanoTime()).isEqualTo(9_000);
    }

    @Test
    void aMomentThatIsPastIsNotWaitedFor() {
        clock.advance(Duration.ofNanos(10));

        clock.parkUntil(this, 10);
        clock.parkUntil(this, 9);

        assertThat(clock.waiting()).isZero();
    }

    @Test
    void anUnparkOrAnInterruptEndsTheWaiting() throws InterruptedException {
        Thread waiting = new Thread(() -> clock.parkUntil(this, 5_000));
        waiting.start();
        awaitWaiting(1);
        LockSupport.unpark(waiting);
        waiting.join();

        Thread interrupted = new Thread(() -> {
            Thread.currentThread().interrupt();
            clock.parkUntil(this, 5_000);
        });
        interrupted.start();
        interrupted.join();

        assertThat(clock.nanoTime()).isZero();
        assertThat(clock.waiting()).isZero();
    }

    private void awaitWaiting(int threads) {
        while (clock.waiting() != threads) {
            Thread.onSpinWait();
        }
    }
}
