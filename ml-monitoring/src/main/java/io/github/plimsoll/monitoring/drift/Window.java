package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
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
 * to explain an alarm (those with the smallest hashes; they leave the process only in {@link #toBytes}), 100 names of fields that come or go.
 * What is beyond a bound is left out of what the bound is for, not of the counts. Adding a row costs some tens of nanoseconds
 * a feature. If the baseline has {@linkplain Baseline.Builder#segmentBy segments}, a row of one is counted twice, and each
 * segment takes as much memory as a window.
 *
 * <p>Not thread-safe: give each thread one of its own and merge them.
 *
 * @since 0.1
 */
public final class Window {

    static final String LETTERS = "PLWI";
    static final int MAX_VALUES = 4_096;
    private static final int MAX_HASHES = 65_536;
    private static final int MAX_SAMPLE = 1_024;
    private static final int MAX_NAMES = 100;
    private static final int MAX_LETTERS = 100;
    private static final long NO_TIME = Long.MIN_VALUE;
    private static final long MILLIS_OF_HOUR = 3_600_000;
    private static final long MILLIS_OF_DAY = 24 * MILLIS_OF_HOUR;

    private final Norm norm;
    private final Layout layout;
    private final @Nullable Baseline baseline;
    private final long[][] counts;
    private long @Nullable [][] clocks; // null until a row has a time
    private final ValueCounts[] values;
    private final double[][] outside; // the largest distances from the median, falling
    private final int[] outsideSizes;
    private ValueCounts hashes = new ValueCounts(MAX_HASHES);
    private final PriorityQueue<SampleRow> sample =
            new PriorityQueue<>(Comparator.comparingLong(SampleRow::key).reversed());
    private final List<TreeMap<Double, String>> newNames = new ArrayList<>(); // those with the smallest codes
    private final Map<String, Long> absent = new TreeMap<>();
    private final Map<String, Long> unexpected = new TreeMap<>();
    private long rows;
    private @Nullable RowReader reader;
    private final Window[] segments; // of the same rows, those of each segment of the baseline
    private final double[] scratch;
    private final @Nullable String[] scratchNames;
    private long day = Long.MIN_VALUE;
    private int month;

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

    /** A window that stays here. */
    Window(Norm norm) {
        this(norm, null, norm.layout.noCounts());
    }

    Window(Norm norm, @Nullable Baseline baseline) {
        this(norm, baseline, norm.layout.noCounts());
    }

    /** With counts, which it takes over, to which all else is still to be added. */
    Window(Norm norm, long[][] counts) {
        this(norm, null, counts);
    }

    private Window(Norm norm, @Nullable Baseline baseline, long[][] counts) {
        this.norm = norm;
        this.baseline = baseline;
        this.counts = counts;
        layout = norm.layout;
        int columns = layout.encoder.columns();
        values = new ValueCounts[columns];
        outside = new double[columns][TailLaw.MOST];
        outsideSizes = new int[columns];
        for (int column = 0; column < columns; column++) {
            values[column] = new ValueCounts(MAX_VALUES);
            newNames.add(new TreeMap<>());
        }
        segments = baseline == null
                ? new Window[0]
                : baseline.segmentList().stream().map(Baseline::window).toArray(Window[]::new);
        scratch = new double[columns];
        scratchNames = new String[columns];
    }

    /**
     * Counts a row.
     *
     * @param row a row that has the baseline's features, in any order
     * @param prediction what the model answered: a probability, a score, a number; NaN if it did not
     * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
     */
    public void add(FeatureRow row, double prediction) {
        add(row, prediction, NO_TIME);
    }

    /**
     * Counts a row whose time is known, so that columns which follow the clock are watched for that, too.
     *
     * @param row a row that has the baseline's features, in any order
     * @param prediction what the model answered: a probability, a score, a number; NaN if it did not
     * @param time the time the row is of
     * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
     */
    public void add(FeatureRow row, double prediction, Instant time) {
        add(row, prediction, time.toEpochMilli());
    }

    private void add(FeatureRow row, double prediction, long millis) {
        RowReader known = reader;
        if (known == null || !known.isFor(row.features())) {
            known = layout.encoder.reader(row.features());
            reader = known;
        }
        known.read(row, prediction, scratch, 0, scratchNames);
        add(scratch, scratchNames, row.violations(), millis);
    }

    /** Counts a row that was read; the arrays may be used again, the names are cleared. */
    void add(double[] row, @Nullable String[] names, List<Violation> violations, long millis) {
        for (int column = 0; column < row.length - 1; column++) {
            String name = names[column];
            if (name != null) {
                row[column] = layout.encoder.code(column, name);
                if (NameCodes.isKnown(row[column])) {
                    names[column] = null;
                }
            }
        }
        addCoded(row, names, millis);
        if (baseline != null && segments.length > 0) {
            int segment = baseline.segmentOf(row);
            if (segment >= 0) {
                segments[segment].addCoded(row, names, millis);
            }
        }
        Arrays.fill(names, null);
        for (int i = 0; i < violations.size(); i++) { // by index: no iterator in the common case of none
            Violation violation = violations.get(i);
            if (violation.code().equals(Violation.UNEXPECTED)) {
                count(unexpected, violation.path(), 1);
            } else if (violation.code().equals(Violation.MISSING)) {
                count(absent, violation.path(), 1);
            }
        }
    }

    /** Counts a row whose names are codes by now; those beside it are the new ones. */
    private void addCoded(double[] row, @Nullable String[] names, long millis) {
        for (int column = 0; column < row.length - 1; column++) {
            String name = names[column];
            if (name != null) {
                keepName(column, row[column], name);
            }
        }
        count(row);
        long key = mix(hash(row, row.length));
        SampleRow largest = sample.peek();
        if (largest == null || sample.size() < MAX_SAMPLE || key < largest.key) {
            keep(new SampleRow(key, row.clone()));
        }
        if (millis != NO_TIME) {
            countClock(row, millis);
        }
    }

    private void keepName(int column, double code, String name) {
        TreeMap<Double, String> kept = newNames.get(column);
        if (kept.size() < MAX_SAMPLE || code < kept.lastKey()) {
            kept.put(code, name.substring(0, Math.min(name.length(), MAX_LETTERS)));
            if (kept.size() > MAX_SAMPLE) {
                kept.pollLastEntry();
            }
        }
    }

    /** The name that a code of a column stands for. */
    String name(int column, double code) {
        return NameCodes.isKnown(code)
                ? layout.encoder.text(column, code)
                : newNames.get(column).getOrDefault(code, "(another name)");
    }

    /**
     * Adds the rows of another window to this one.
     *
     * @param other a window of the same baseline, which is not changed
     * @throws IllegalArgumentException if it is of another baseline, or is this one
     */
    public void merge(Window other) {
        if (other.norm != norm || other == this) {
            throw new IllegalArgumentException("window: " + (other == this ? "this one" : "of another baseline")
                    + " (expected: another window of the same baseline)");
        }
        for (int i = 0; i < counts.length; i++) {
            add(counts[i], other.counts[i]);
        }
        for (int column = 0; column < values.length; column++) {
            values[column].addAll(other.values[column]);
            for (int i = 0; i < other.outsideSizes[column]; i++) {
                addOutside(column, other.outside[column][i]);
            }
            for (Map.Entry<Double, String> name : other.newNames.get(column).entrySet()) {
                keepName(column, name.getKey(), name.getValue());
            }
        }
        if (other.clocks != null) {
            long[][] sums = clocks();
            for (int column = 0; column < sums.length; column++) {
                add(sums[column], other.clocks[column]);
            }
        }
        hashes.addAll(other.hashes);
        other.sample.forEach(this::keep);
        other.absent.forEach((name, times) -> count(absent, name, times));
        other.unexpected.forEach((name, times) -> count(unexpected, name, times));
        rows += other.rows;
        for (int i = 0; i < segments.length; i++) {
            segments[i].merge(other.segments[i]);
        }
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

    void addOutside(int column, double distance) {
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

    void addHash(long hash) {
        hashes.addKey(hash);
    }

    void addRows(long more) {
        rows += more;
    }

    private long[][] clocks() {
        long[][] made = clocks;
        if (made == null) {
            made = new long[layout.encoder.predictionColumn()][];
            for (int column = 0; column < made.length; column++) {
                made[column] = new long[ClockRelations.PARTS * layout.bins[column].cells()];
            }
            clocks = made;
        }
        return made;
    }

    /** Counts by hour, weekday and month of UTC. */
    private void countClock(double[] row, long millis) {
        long[][] sums = clocks();
        long epochDay = Math.floorDiv(millis, MILLIS_OF_DAY);
        if (epochDay != day) { // rows come mostly day by day
            day = epochDay;
            month = LocalDate.ofEpochDay(epochDay).getMonthValue();
        }
        int hour = (int) (Math.floorMod(millis, MILLIS_OF_DAY) / MILLIS_OF_HOUR);
        int weekday = (int) Math.floorMod(epochDay + 3, 7L); // 1970-01-01 was a Thursday, the fourth day
        for (int column = 0; column < sums.length; column++) {
            if (Double.isFinite(row[column])) {
                int cells = layout.bins[column].cells();
                int cell = layout.bins[column].cell(row[column]);
                sums[column][hour * cells + cell]++;
                sums[column][(24 + weekday) * cells + cell]++;
                sums[column][(31 + month - 1) * cells + cell]++;
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

    /** Makes the hashes of rows those of one column more, of which those from a place on are taken. */
    static void hash(double[] column, int from, long[] hashes, int size) {
        for (int i = 0; i < size; i++) {
            hashes[i] = mix(hashes[i] ^ Double.doubleToLongBits(column[from + i]));
        }
    }

    static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * The written form, to merge the window elsewhere. It holds the whole rows that are kept to explain an alarm by, of which
     * sensitive features, text and tensors are left out.
     *
     * @return bytes for {@link Baseline#window(byte[])}
     */
    public byte[] toBytes() {
        if (baseline == null) {
            throw new IllegalStateException("window: of no baseline (expected: one that a baseline or a monitor made)");
        }
        FormWriter out = new FormWriter(LETTERS).text(baseline.fingerprint());
        write(out);
        return out.finish();
    }

    void write(FormWriter out) {
        out.whole(rows);
        for (long[] some : counts) {
            out.counts(some);
        }
        out.flag(clocks != null);
        if (clocks != null) {
            for (long[] clock : clocks) {
                out.counts(clock);
            }
        }
        for (int column = 0; column < values.length; column++) {
            values[column].write(out);
            out.numbers(Arrays.copyOf(outside[column], outsideSizes[column]));
            out.whole(newNames.get(column).size());
            newNames.get(column).forEach((code, name) -> out.number(code).text(name));
        }
        hashes.write(out);
        out.whole(sample.size());
        sample.stream().sorted(Comparator.comparingLong(SampleRow::key)).forEach(row -> {
            for (double value : row.row) {
                out.number(value);
            }
        });
        write(out, absent);
        write(out, unexpected);
        for (Window segment : segments) {
            segment.write(out);
        }
    }

    private static void write(FormWriter out, Map<String, Long> names) {
        out.whole(names.size());
        names.forEach((name, times) -> out.text(name).whole(times));
    }

    /** Reads what was written into this window, which has no rows. */
    void read(FormReader in) {
        rows = in.count();
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.counts(counts[i].length);
        }
        if (in.flag()) {
            long[][] read = clocks();
            for (int column = 0; column < read.length; column++) {
                read[column] = in.counts(read[column].length);
            }
        }
        for (int column = 0; column < values.length; column++) {
            values[column] = new ValueCounts(MAX_VALUES, in);
            for (double distance : in.numbers()) {
                addOutside(column, distance);
            }
            for (int size = in.length(Double.BYTES + 1); newNames.get(column).size() < size; ) {
                double code = in.number();
                if (NameCodes.isKnown(code) || newNames.get(column).put(code, in.text()) != null) {
                    throw in.wrong("new name", "of code " + code);
                }
            }
        }
        hashes = new ValueCounts(MAX_HASHES, in);
        for (int size = in.whole(MAX_SAMPLE); sample.size() < size; ) {
            double[] row = new double[values.length];
            for (int column = 0; column < row.length; column++) {
                row[column] = in.number();
                if (!layout.encoder.isNumber(column)
                        && Double.isFinite(row[column])
                        && (row[column] < 0 || row[column] != Math.rint(row[column]))) {
                    throw in.wrong("row", row[column] + " (expected: the code of a name)");
                }
            }
            sample.add(new SampleRow(mix(hash(row, row.length)), row));
        }
        read(in, absent);
        read(in, unexpected);
        for (Window segment : segments) {
            segment.read(in);
        }
    }

    private static void read(FormReader in, Map<String, Long> names) {
        for (int size = in.whole(MAX_NAMES); size > 0; size--) {
            names.put(in.text(), in.count());
        }
    }

    /**
     * How many rows were counted.
     *
     * @return a number >= 0
     */
    public long rows() {
        return rows;
    }

    /** The rows of a segment, by its place in the baseline. */
    Window segment(int index) {
        return segments[index];
    }

    long[][] counts() {
        return counts;
    }

    /** Rows by hour, weekday and month, and by cell; null if no row had a time. */
    long @Nullable [] clock(int column) {
        return clocks == null ? null : clocks[column];
    }

    ValueCounts values(int column) {
        return values[column];
    }

    /** The share of rows in which a column is missing; NaN without rows. */
    double missing(int column) {
        return (double) counts[layout.missing[column]][0] / rows;
    }

    ValueCounts[] values() {
        return values;
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
