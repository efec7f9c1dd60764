package io.github.plimsoll.serving;

import java.util.Arrays;

/** A quantile of the latest 256 durations, reckoned anew after every 32. Thread-safe. */
final class LatencyQuantile {

    private static final int KEPT = 256;
    private static final int STEP = 32;

    private final double share;
    private final long[] kept = new long[KEPT];
    private long count;
    private volatile long nanos = -1;

    LatencyQuantile(double share) {
        this.share = share;
    }

    synchronized void add(long duration) {
        kept[(int) (count++ % KEPT)] = duration;
        if (count % STEP == 0) {
            long[] sorted = Arrays.copyOf(kept, (int) Math.min(count, KEPT));
            Arrays.sort(sorted);
            nanos = sorted[(int) Math.ceil(share * sorted.length) - 1];
        }
    }

    /** The smallest duration that at least the share of them did not exceed; negative before there are 32. */
    long nanos() {
        return nanos;
    }
}
