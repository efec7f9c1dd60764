package io.github.plimsoll.serving;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many calls may be made beside those that the host makes: a share of them, of which at most ten are saved up. Begins with
 * these ten. Thread-safe.
 */
final class CallAllowance {

    private static final long ONE = 1_000_000;
    private static final long MOST = 10 * ONE;

    private final long perCall;
    private final AtomicLong saved = new AtomicLong(MOST);

    CallAllowance(double share) {
        perCall = Math.round(share * ONE);
    }

    /** Notes a call of the host's. */
    void earn() {
        long now = saved.get();
        while (now < MOST) { // full is the usual case, and is only read
            long witness = saved.compareAndExchange(now, Math.min(MOST, now + perCall));
            if (witness == now) {
                return;
            }
            now = witness;
        }
    }

    /** Whether one more call could be made now. */
    boolean isLeft() {
        return saved.get() >= ONE;
    }

    /** Whether one more call may be made; if so, it is taken off. */
    boolean spend() {
        long now = saved.get();
        while (now >= ONE) {
            long witness = saved.compareAndExchange(now, now - ONE);
            if (witness == now) {
                return true;
            }
            now = witness;
        }
        return false;
    }
}
