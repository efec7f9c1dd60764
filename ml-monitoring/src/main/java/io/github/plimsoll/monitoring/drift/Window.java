package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the rows of one window: an hour, a day, a batch job's table. Windows of several threads, processes or hosts become
 * one by {@link #merge}; counts of cells, relations and missing values are then the same to the bit in whatever order and
 * grouping, and so is all else within the bounds below.
 *
 * <p>Memory is bounded: some kilobytes a feature, 4,096 different values of each number, 65,536 row hashes, 1,024 whole rows
 * to explain an alarm (those with the smallest hashes; they never leave the process), 100 names of fields that come or go.
 * What is beyond a bound is left out of what the bound is for, not of the counts. Adding a row costs some tens of nanoseconds
 * a feature.
 *
 * <p>Not thread-safe: give each thread one of its own and merge them.
 *
 * @since 0.1
 */
public final class Window {

    private static final int MAX_VALUES = 4_096;
    private static final int MAX_HASHES = 65_536;
    private static final int MAX_SAMPLE = 1_024;
    private static final int MAX_NAMES = 100;

    private final Norm norm;
    private final Layout layout;
    private final long[][] counts;
    private final long[][] clocks;
    private final ValueCounts[] values;
    private final double[][] outside; // the largest distances from the median, falling
    private final int[] outsideSizes;
    private final ValueCounts hashes = new ValueCounts(MAX_HASHES);
    private final PriorityQueue<SampleRow> sample =
            new PriorityQueue<>(Comparator.comparingLong(SampleRow::key).reversed());
    private final Map<String, Long> absent = new TreeMap<>();
    private final Map<String, Long> unexpected = new TreeMap<>();
    private long rows;
    private @Nullable List<Feature> checked;

    /** A row that is kept to explain an alarm: those with the smallest keys, so that merging does not depend on the order. */
    private static final class SampleRow {
        private final long key;
        private final double[] row;

        private SampleRow(long key, double[] row) {
            this.key = key;
            this.row = row;
        }

        private long key() {
            return key;
        }
    }

    Window(Norm norm) {
        this.norm = norm;
        layout = norm.layout;
        counts = layout.lengths.stream().map(long[]::new).toArray(long[][]::new);
        int columns = layout.encoder.columns();
        clocks = new long[columns][];
        values = new ValueCounts[columns];
        outside = new double[columns][TailLaw.MOST];
        outsideSizes = new int[columns];
        for (int column = 0; column < columns; column++) {
            clocks[column] = new long[ClockRelations.PARTS * layout.bins[column].cells()];
            values[column] = new ValueCounts(MAX_VALUES);
        }
    }

    /**
     * Counts a row.
     *
     * @param row a row of the features that the monitor was made for
     * @param prediction what the model answered: a probability, a score, a number; NaN if it did not
     * @throws IllegalArgumentException if the row has other features
     */
    public void add(FeatureRow row, double prediction) {
        addRow(row, prediction);
    }

    /**
     * Counts a row whose time is known, so that columns which follow the clock are watched for that, too.
     *
     * @param row a row of the features that the monitor was made for
     * @param prediction what the model answered: a probability, a score, a number; NaN if it did not
     * @param time the time the row is of
     * @throws IllegalArgumentException if the row has other features
     */
    public void add(FeatureRow row, double prediction, Instant time) {
        countClock(addRow(row, prediction), time.atZone(ZoneOffset.UTC));
    }

    private double[] addRow(FeatureRow row, double prediction) {
        if (row.features() != checked) { // the same list for all rows of a schema
            layout.encoder.check(row.features());
            checked = row.features();
        }
        double[] encoded = layout.encoder.encode(row, prediction);
        for (Violation violation : row.violations()) {
            if (violation.code().equals(Violation.UNEXPECTED)) {
                count(unexpected, violation.path(), 1);
            } else if (violation.code().equals(Violation.MISSING)) {
                count(absent, violation.path(), 1);
            }
        }
        count(encoded);
        keep(new SampleRow(mix(hash(encoded, encoded.length)), encoded));
        return encoded;
    }

    /**
     * Adds the rows of another window to this one.
     *
     * @param other a window of the same monitor, which is not changed
     * @throws IllegalArgumentException if it is of another monitor, or is this one
     */
    public void merge(Window other) {
        if (other.norm != norm || other == this) {
            throw new IllegalArgumentException("window: " + (other == this ? "this one" : "of another monitor")
                    + " (expected: another window of the same monitor)");
        }
        for (int i = 0; i < counts.length; i++) {
            add(counts[i], other.counts[i]);
        }
        for (int column = 0; column < clocks.length; column++) {
            add(clocks[column], other.clocks[column]);
            values[column].addAll(other.values[column]);
            for (int i = 0; i < other.outsideSizes[column]; i++) {
                addOutside(column, other.outside[column][i]);
            }
        }
        hashes.addAll(other.hashes);
        other.sample.forEach(this::keep);
        other.absent.forEach((name, times) -> count(absent, name, times));
        other.unexpected.forEach((name, times) -> count(unexpected, name, times));
        rows += other.rows;
    }

    private static void add(long[] sum, long[] more) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more[i];
        }
    }

    private static void count(Map<String, Long> names, String name, long times) {
        if (names.size() < MAX_NAMES || names.containsKey(name)) {
            names.merge(name, times, Long::sum);
        }
    }

    private void keep(SampleRow row) {
        sample.add(row);
        if (sample.size() > MAX_SAMPLE) {
            sample.remove();
        }
    }

    /** Counts a row without keeping it. */
    void count(double[] row) {
        int prediction = layout.encoder.predictionColumn();
        for (int column = 0; column < row.length; column++) {
            double value = row[column];
            boolean missing = Double.isNaN(value);
            counts[layout.missing[column]][missing ? 0 : 1]++;
            if (missing) {
                continue;
            }
            boolean invalid = Double.isInfinite(value);
            counts[layout.invalid[column]][invalid ? 0 : 1]++;
            if (invalid) {
                continue;
            }
            boolean number = layout.encoder.isNumber(column);
            boolean isUnseen = norm.isUnseen(column, value);
            counts[layout.unseen[column]][isUnseen ? 0 : 1]++;
            if (number || !isUnseen) { // how often to expect new names is a question of its own
                counts[layout.cells[column]][layout.bins[column].cell(value)]++;
            }
            if (number) {
                values[column].add(value);
                counts[layout.formats[column]][Decimals.of(value)]++;
                if (norm.tail(column).isOutside(value)) {
                    addOutside(column, norm.tail(column).distance(value));
                }
            }
        }
        for (int i = 0; i < layout.tables.length; i++) {
            Layout.Pair pair = layout.pairs.get(i);
            double first = row[pair.first()];
            double second = row[pair.second()];
            if (Double.isFinite(first) && Double.isFinite(second)) {
                int bin = layout.bins[pair.first()].bin(first) * RelationTest.BINS
                        + layout.bins[pair.second()].bin(second);
                counts[layout.tables[i]][bin]++;
            }
        }
        hashes.addKey(hash(row, prediction));
        rows++;
    }

    private void addOutside(int column, double distance) {
        double[] largest = outside[column];
        int at = outsideSizes[column];
        while (at > 0 && largest[at - 1] < distance) {
            at--;
        }
        if (at < largest.length) {
            outsideSizes[column] = Math.min(outsideSizes[column] + 1, largest.length);
            System.arraycopy(largest, at, largest, at + 1, outsideSizes[column] - at - 1);
            largest[at] = distance;
        }
    }

    private void countClock(double[] row, ZonedDateTime time) {
        int[] parts = {time.getHour(), 24 + time.getDayOfWeek().getValue() - 1, 31 + time.getMonthValue() - 1};
        for (int column = 0; column < row.length - 1; column++) {
            if (Double.isFinite(row[column])) {
                int cells = layout.bins[column].cells();
                int cell = layout.bins[column].cell(row[column]);
                for (int part : parts) {
                    clocks[column][part * cells + cell]++;
                }
            }
        }
    }

    /** A hash of the first columns of a row. */
    static long hash(double[] row, int columns) {
        long hash = columns;
        for (int i = 0; i < columns; i++) {
            hash = mix(hash ^ Double.doubleToLongBits(row[i]));
        }
        return hash;
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * How many rows were counted.
     *
     * @return a number >= 0
     */
    public long rows() {
        return rows;
    }

    long[][] counts() {
        return counts;
    }

    long[] clock(int column) {
        return clocks[column];
    }

    ValueCounts values(int column) {
        return values[column];
    }

    /** How many rows equal an earlier one in all features. */
    long duplicates() {
        return hashes.repeated();
    }

    double tailEvidence(int column) {
        return norm.tail(column).evidence(outside[column], outsideSizes[column], rows);
    }

    Map<String, Long> absent() {
        return absent;
    }

    Map<String, Long> unexpected() {
        return unexpected;
    }

    List<double[]> sample() {
        List<double[]> rowsOfSample = new ArrayList<>();
        sample.forEach(row -> rowsOfSample.add(row.row));
        return rowsOfSample;
    }

    /** Whether the window was made for the counts of a monitor. */
    boolean isOf(Norm wanted) {
        return norm == wanted;
    }

    /** The window in a few words. */
    @Override
    public String toString() {
        return "window of " + rows + " rows";
    }
}
