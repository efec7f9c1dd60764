package io.github.plimsoll.core.fake;

import io.github.plimsoll.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A time source that stands still until it is told to move. Who waits for time to pass waits until it is moved far enough,
 * and no longer. Thread-safe.
 *
 * <pre>{@code
 * ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
 * clock.advance(Duration.ofMinutes(10));
 * }</pre>
 *
 * @since 0.1
 */
public final class ManualClock implements TimeSource {

    private final AtomicLong wallNanos = new AtomicLong(); // since startMillis
    private final AtomicLong ticker = new AtomicLong();
    private final Map<Thread, Long> parked = new ConcurrentHashMap<>(); // and until when on the ticker
    private final long startMillis;

    private ManualClock(long startMillis) {
        this.startMillis = startMillis;
    }

    /**
     * A clock that shows a time.
     *
     * @param start the time, to the millisecond
     * @return the clock, whose ticker is at 0
     */
    public static ManualClock at(Instant start) {
        return new ManualClock(start.toEpochMilli());
    }

    /**
     * Moves the wall clock and the ticker. Threads whose time has come are woken, and are not {@linkplain #waiting waiting} from
     * that moment on.
     *
     * @param time how far
     * @throws IllegalArgumentException if the time is negative; {@link #setBack} is for clocks that jump
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time: " + time + " (expected: >= 0)");
        }
        ticker.addAndGet(time.toNanos());
        wallNanos.addAndGet(time.toNanos());
        parked.forEach((thread, until) -> {
            if (!isAhead(until)) {
                LockSupport.unpark(thread);
            }
        });
    }

    /**
     * Moves the wall clock and the ticker as far as the first of the waiting threads waits for, and wakes it.
     *
     * @return how far
     * @throws IllegalStateException if no thread is waiting
     */
    public Duration advanceToNext() {
        long now = nanoTime();
        Duration next = Duration.ofNanos(parked.values().stream()
                .mapToLong(until -> until - now)
                .filter(nanos -> nanos > 0)
                .min()
                .orElseThrow(() -> new IllegalStateException("waiting threads: none (expected: at least one)")));
        advance(next);
        return next;
    }

    /**
     * The number of threads that wait for this clock to move, or for something else until it has moved: to let a test go on
     * when all of its threads have come to rest. A thread whose time has come waits no more, whether it is running yet or not.
     *
     * @return a number >= 0
     */
    public int waiting() {
        return (int) parked.values().stream().filter(this::isAhead).count();
    }

    private boolean isAhead(long moment) {
        return moment - nanoTime() > 0;
    }

    /**
     * Sets the wall clock back, as an operator or a time server may; the ticker stays.
     *
     * @param time how far
     * @throws IllegalArgumentException if the time is negative
     */
    public void setBack(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time: " + time + " (expected: >= 0)");
        }
        wallNanos.addAndGet(-time.toNanos());
    }

    @Override
    public long currentTimeMillis() {
        return startMillis + Math.floorDiv(wallNanos.get(), 1_000_000L);
    }

    @Override
    public long nanoTime() {
        return ticker.get();
    }

    @Override
    public void parkUntil(Object blocker, long nanoTime) {
        parked.put(Thread.currentThread(), nanoTime);
        try {
            if (isAhead(nanoTime)) { // looked at after the thread is among the parked: no move is missed
                LockSupport.park(blocker);
            }
        } finally {
            parked.remove(Thread.currentThread());
        }
    }

    /** The time that the clock shows. */
    @Override
    public String toString() {
        return Instant.ofEpochMilli(currentTimeMillis()).toString();
    }
}
