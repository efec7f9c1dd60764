package io.github.plimsoll.core.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps something from being freed while it is in use: a count of those who use it, and whether its owner has let go.
 *
 * <p>Thread-safe and never blocks: one atomic operation to acquire, one to release.
 */
public final class Lease {

    // The state is 2 x users, plus 1 once retired. Invariants: (1) nobody acquires once the low bit is set, so (2) the
    // state becomes exactly 1 once in its life, and whoever makes it so frees.
    private static final long RETIRED = 1;
    private static final long USER = 2;

    private final AtomicLong state = new AtomicLong();
    private final Runnable free;

    /** A lease; {@code free} is run once, by the last to let go, and must not throw. */
    public Lease(Runnable free) {
        this.free = free;
    }

    /** Begins a use. False once retired. */
    public boolean acquire() {
        for (; ; ) {
            long seen = state.get();
            if ((seen & RETIRED) != 0) {
                return false;
            }
            if (state.compareAndSet(seen, seen + USER)) {
                return true;
            }
        }
    }

    /** Ends a use. */
    public void release() {
        if (state.addAndGet(-USER) == RETIRED) {
            free.run();
        }
    }

    /** The owner lets go. Further calls do nothing. */
    public void retire() {
        for (; ; ) {
            long seen = state.get();
            if ((seen & RETIRED) != 0) {
                return;
            }
            if (state.compareAndSet(seen, seen | RETIRED)) {
                if (seen == 0) {
                    free.run();
                }
                return;
            }
        }
    }
}
