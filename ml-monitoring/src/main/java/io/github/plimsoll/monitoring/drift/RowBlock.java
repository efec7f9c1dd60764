package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some rows that were copied and are not counted yet. Belongs to one thread at a time. */
final class RowBlock {

    /** With how many bytes of texts and tensors a block is full, whatever place it has. */
    static final int MAX_KEPT = 1 << 20;

    private final int columns;
    private final double[] values;
    private final @Nullable String[] names;
    private final long[] times;
    private final @Nullable Object[] violations; // lists; null where there are none
    private final double[] row;
    private final @Nullable String[] rowNames;
    private final @Nullable FeatureRow[] kept; // for their texts and tensors, which never change
    private boolean hasViolations;
    private long keptBytes;
    long sequence;
    int size;

    RowBlock(RowEncoder encoder, int capacity) {
        columns = encoder.columns();
        values = new double[capacity * columns];
        names = new String[encoder.hasNames() ? capacity * columns : 0];
        times = new long[capacity];
        violations = new Object[capacity];
        row = new double[columns];
        rowNames = new String[columns];
        kept = new FeatureRow[encoder.keepsRows() ? capacity : 0];
    }

    /** Copies a row; tells whether the block is full now. */
    boolean add(
            RowReader reader, FeatureRow features, double score, @Nullable String label, double fallback, long millis) {
        reader.read(features, score, label, fallback, values, size * columns, names);
        times[size] = millis;
        List<Violation> found = features.violations();
        if (!found.isEmpty()) {
            violations[size] = found;
            hasViolations = true;
        }
        if (kept.length > 0) {
            kept[size] = features;
            keptBytes += reader.keptBytes(features);
        }
        return ++size == times.length || keptBytes >= MAX_KEPT;
    }

    /** About how many bytes the texts and tensors of the rows take. */
    long keptBytes() {
        return keptBytes;
    }

    long time(int index) {
        return times[index];
    }

    private void read(int index) {
        System.arraycopy(values, index * columns, row, 0, columns);
        if (names.length > 0) {
            System.arraycopy(names, index * columns, rowNames, 0, columns);
        }
    }

    private @Nullable FeatureRow kept(int index) {
        return kept.length > 0 ? kept[index] : null;
    }

    /** Adds a row to a baseline. */
    void file(int index, Baseline.Builder baseline) {
        read(index);
        baseline.add(row, rowNames, kept(index), times[index], Double.NaN);
    }

    /** Adds a row to a window. */
    @SuppressWarnings("unchecked") // only lists of violations are put in
    void count(int index, Window window) {
        read(index);
        Object found = violations[index];
        window.add(row, rowNames, kept(index), found == null ? List.of() : (List<Violation>) found, times[index]);
    }

    /** Forgets the rows and what they referred to. */
    void clear() {
        Arrays.fill(names, 0, Math.min(names.length, size * columns), null);
        Arrays.fill(kept, 0, Math.min(kept.length, size), null);
        keptBytes = 0;
        if (hasViolations) {
            Arrays.fill(violations, null);
            hasViolations = false;
        }
        size = 0;
    }
}
