package io.github.plimsoll.monitoring.drift;

import java.util.SplittableRandom;

/**
 * Chooses rows of a stream of unknown length, spread over all of it, in the order in which they come: runs of consecutive rows,
 * because rows far apart would not show how each depends on those before it. Of each stride of as many runs one is kept, chosen
 * at random with a fixed seed; strides are of one run at first, which keeps all rows, and twice as long each time that there is
 * no more place. Not thread-safe.
 */
final class RunSample {

    private static final int RUNS = 64;

    private final int runRows;
    private final SplittableRandom random = new SplittableRandom(RUNS);
    private int stride = 1; // runs
    private int chosen; // the run of the current stride
    private long next; // the number of the next row in the current stride

    /** Of at most so many rows, at least 64. */
    RunSample(int most) {
        runRows = most / RUNS;
    }

    /** Adds the next row of the stream, or not. */
    void offer(RowBlock block, int row, Baseline.Builder into) {
        if (next == 0) { // a stride begins
            if (into.rows() == RUNS * runRows) {
                thinOut(into);
            }
            chosen = random.nextInt(stride);
        }
        if (next / runRows == chosen) {
            block.file(row, into);
        }
        if (++next == (long) stride * runRows) {
            next = 0;
        }
    }

    /** Keeps one of each two runs, as if the strides had been twice as long from the beginning. */
    private void thinOut(Baseline.Builder rows) {
        boolean[] kept = new boolean[RUNS];
        for (int run = 0; run < RUNS; run += 2) {
            kept[run + random.nextInt(2)] = true;
        }
        rows.keepRuns(runRows, kept);
        stride *= 2;
    }
}
