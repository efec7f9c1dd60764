package io.github.plimsoll.monitoring.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts live rows in a baseline's cells.
 *
 * <p>Any number of threads may {@link #record}: no thread ever waits for another, nothing is allocated, and no count is lost.
 * A row costs some nanoseconds and a few more for each feature. Memory is fixed: 8 bytes a cell for each of at most 32
 * stripes, twice as many as the machine has processors, and one more.
 *
 * <p>{@link #snapshot} and {@link #reset} may run at any time, one at a time. A row that is being recorded meanwhile is
 * counted before or after; under the heaviest contention, of one row some features before and the others after. Thread-safe.
 *
 * @since 0.1
 */
public final class ProfileRecorder {

    // A stripe is an array of counts with a lock in it, padded so that no two stripes share a cache line. A thread
    // tries the
    // stripes, beginning with one derived from its id. With a stripe taken, counting is plain additions: one atomic
    // operation
    // a row instead of one a feature. If all stripes are taken, which needs as many threads stopped in the middle of a
    // row,
    // the row goes to the overflow, feature by feature with atomic additions: so nobody waits.
    //
    // Not a LongAdder a cell: 40 of them a feature, each of its own size. Not an array a thread: nothing bounds
    // threads.

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int LOCK = 8;
    private static final int FIRST = 16;
    private static final int PADDING = 8;
    private static final int MAX_STRIPES = 32;
    static final int MAX_LAYOUTS = 8;

    private final Baseline baseline;
    private final int[] offsets;
    private final int cells;
    private final long[][] stripes;
    private final AtomicLongArray overflow;
    private volatile Layout[] layouts = {};

    /** How to count rows of one schema. */
    private static final class Layout {
        private final List<Feature> features;
        private final CellIndex[] indexes;

        private Layout(List<Feature> features, CellIndex[] indexes) {
            this.features = features;
            this.indexes = indexes;
        }
    }

    ProfileRecorder(Baseline baseline) {
        this(
                baseline,
                Math.min(MAX_STRIPES, Integer.highestOneBit(Runtime.getRuntime().availableProcessors() * 4 - 1)));
    }

    /** With a number of stripes that is a power of two; 0 for the overflow only. */
    ProfileRecorder(Baseline baseline, int stripes) {
        this.baseline = baseline;
        offsets = new int[baseline.features().size()];
        int offset = 0;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = offset;
            offset += baseline.features().get(i).cells().size();
        }
        cells = offset;
        this.stripes = new long[stripes][FIRST + cells + PADDING];
        overflow = new AtomicLongArray(cells);
    }

    /**
     * The baseline in whose cells rows are counted.
     *
     * @return the baseline
     */
    public Baseline baseline() {
        return baseline;
    }

    /**
     * Whether rows with these features can be counted.
     *
     * @param features the features of the rows, in any order; those that the baseline does not have are not counted
     * @throws IllegalStateException if the baseline's features are not all among them, with the same type; lists every one
     */
    public void check(List<Feature> features) {
        List<String> problems = new ArrayList<>();
        for (FeatureBaseline wanted : baseline.features()) {
            int index = indexOf(features, wanted.name());
            String problem = index < 0 ? "no feature '" + wanted.name() + "'" : wanted.mismatch(features.get(index));
            if (problem != null) {
                problems.add(problem);
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalStateException("the baseline does not fit: " + String.join("; ", problems));
        }
    }

    private static int indexOf(List<Feature> features, String name) {
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Counts a row.
     *
     * @param row a row with the baseline's features
     * @throws IllegalStateException if the row lacks one of them, see {@link #check}; then nothing is counted
     */
    public void record(FeatureRow row) {
        CellIndex[] indexes = layout(row).indexes;
        if (stripes.length > 0) {
            int mask = stripes.length - 1;
            int first = (int) ((Thread.currentThread().getId() * 0x9E37_79B9_7F4A_7C15L) >>> 32);
            for (int i = 0; i <= mask; i++) {
                long[] stripe = stripes[(first + i) & mask];
                if ((long) ELEMENT.getOpaque(stripe, LOCK) == 0 && ELEMENT.compareAndSet(stripe, LOCK, 0L, 1L)) {
                    try {
                        for (int f = 0; f < offsets.length; f++) {
                            stripe[FIRST + offsets[f] + indexes[f].cell(row)]++;
                        }
                    } finally {
                        ELEMENT.setRelease(stripe, LOCK, 0L);
                    }
                    return;
                }
            }
        }
        for (int f = 0; f < offsets.length; f++) {
            overflow.getAndIncrement(offsets[f] + indexes[f].cell(row));
        }
    }

    private Layout layout(FeatureRow row) {
        List<Feature> features = row.features();
        for (Layout layout : layouts) {
            if (layout.features == features) { // one list for all rows of a schema
                return layout;
            }
        }
        return addLayout(features);
    }

    private synchronized Layout addLayout(List<Feature> features) {
        check(features);
        List<CellIndex> indexes = new ArrayList<>();
        for (FeatureBaseline wanted : baseline.features()) {
            int index = indexOf(features, wanted.name());
            indexes.add(wanted.index(features.get(index), index));
        }
        Layout added = new Layout(features, indexes.toArray(CellIndex[]::new));
        List<Layout> all = new ArrayList<>(List.of(layouts));
        if (all.size() == MAX_LAYOUTS) {
            all.remove(0);
        }
        all.add(added);
        layouts = all.toArray(Layout[]::new);
        return added;
    }

    /** How many schemas' rows can be counted without looking at their features again. */
    int layouts() {
        return layouts.length;
    }

    /**
     * What has been counted.
     *
     * @return an immutable profile
     */
    public Profile snapshot() {
        return collect(false);
    }

    /**
     * What has been counted; counting starts anew. Every row is in exactly one of the profiles that a series of resets
     * returns.
     *
     * @return an immutable profile
     */
    public Profile reset() {
        return collect(true);
    }

    private synchronized Profile collect(boolean clear) {
        long[] sums = new long[cells];
        for (long[] stripe : stripes) {
            while (!ELEMENT.compareAndSet(stripe, LOCK, 0L, 1L)) {
                LockSupport.parkNanos(1_000); // whoever has it is in the middle of a row
            }
            try {
                for (int i = 0; i < cells; i++) {
                    sums[i] += stripe[FIRST + i];
                    if (clear) {
                        stripe[FIRST + i] = 0;
                    }
                }
            } finally {
                ELEMENT.setRelease(stripe, LOCK, 0L);
            }
        }
        for (int i = 0; i < cells; i++) {
            sums[i] += clear ? overflow.getAndSet(i, 0) : overflow.get(i);
        }
        return profile(sums);
    }

    private Profile profile(long[] sums) {
        List<FeatureProfile> features = new ArrayList<>();
        for (int f = 0; f < offsets.length; f++) {
            FeatureBaseline feature = baseline.features().get(f);
            long[] counts = new long[feature.cells().size()];
            System.arraycopy(sums, offsets[f], counts, 0, counts.length);
            features.add(new FeatureProfile(feature, counts));
        }
        return new Profile(baseline, features);
    }
}
