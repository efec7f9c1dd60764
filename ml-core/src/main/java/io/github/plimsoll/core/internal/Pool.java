package io.github.plimsoll.core.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded lock-free store of things that are worth using again, each by one user at a time.
 *
 * <p>Not a thread-local store: it suits virtual threads, of which there may be a million, and holds no more than
 * {@code 2 x processors} things, rounded up to a power of two. A thread looks first in the cell that its number points to,
 * so that few threads meet in one cell and each tends to find what it used last, warm in its cache.
 *
 * <p>Thread-safe.
 *
 * @param <T> what is stored
 */
public final class Pool<T> {

    // Cells stand a cache line apart, or else threads that use different cells would still wait for each other.
    private static final int STRIDE = 16;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L; // spreads consecutive thread numbers

    private final AtomicReferenceArray<@Nullable T> cells;
    private final int mask;
    private final int shift;
    private final Consumer<? super T> free;
    private volatile boolean closed;

    /** A pool of a cell or two for each processor; {@code free} must not throw. */
    public Pool(Consumer<? super T> free) {
        this(cellsFor(Runtime.getRuntime().availableProcessors()), free);
    }

    /** A pool of a number of cells that is a power of two >= 2. */
    public Pool(int size, Consumer<? super T> free) {
        this.free = free;
        cells = new AtomicReferenceArray<>(size * STRIDE);
        mask = size - 1;
        shift = 64 - Integer.numberOfTrailingZeros(size);
    }

    private static int cellsFor(int processors) {
        return Math.max(4, Integer.highestOneBit(2 * processors - 1) << 1);
    }

    /** Takes a thing that fits, or null if there is none. */
    @Nullable
    public T take(Predicate<? super T> fits) {
        int home = home();
        for (int i = 0; i <= mask; i++) {
            int cell = ((home + i) & mask) * STRIDE;
            T thing = cells.get(cell);
            if (thing != null && fits.test(thing) && cells.compareAndSet(cell, thing, null)) {
                return thing;
            }
        }
        return null;
    }

    /** Takes any thing, or null if there is none. */
    @Nullable
    public T take() {
        int home = home();
        for (int i = 0; i <= mask; i++) {
            int cell = ((home + i) & mask) * STRIDE;
            T thing = cells.get(cell);
            if (thing != null && cells.compareAndSet(cell, thing, null)) {
                return thing;
            }
        }
        return null;
    }

    /** Gives a thing. Where there is no place, an older thing is freed for it. */
    public void give(T thing) {
        int home = home();
        for (int i = 0; i <= mask; i++) {
            if (cells.compareAndSet(((home + i) & mask) * STRIDE, null, thing)) {
                sweepIfClosed();
                return;
            }
        }
        T older = cells.getAndSet((home & mask) * STRIDE, thing); // the latest is the likeliest to be wanted again
        if (older != null) {
            free.accept(older);
        }
        sweepIfClosed();
    }

    /** Frees all things. From here on, whatever is given is freed. */
    public void close() {
        closed = true;
        sweepIfClosed();
    }

    private void sweepIfClosed() {
        if (closed) {
            for (int i = 0; i <= mask; i++) {
                T thing = cells.getAndSet(i * STRIDE, null);
                if (thing != null) {
                    free.accept(thing);
                }
            }
        }
    }

    @SuppressWarnings(
            "deprecation") // Thread.threadId() is of Java 19; a thread that overrides getId only moves its home
    private int home() {
        return (int) ((Thread.currentThread().getId() * GOLDEN) >>> shift);
    }
}
