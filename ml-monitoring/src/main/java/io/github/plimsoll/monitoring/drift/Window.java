package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts of the rows of one window: an hour, a day, a batch job's table. Windows of several threads, processes or hosts become
 * one by {@link #merge}; counts of cells, relations and missing values are then the same to the bit in whatever order and
 * grouping, and so is all else within the bounds below.
 *
 * <p>Memory is bounded: some kilobytes a feature, 4,096 different values of each number, 65,536 row hashes, 1,024 whole rows
 * to explain an alarm (those with the smallest hashes; they leave the process only in {@link #toBytes}), 100 names of fields that come or go,
 * 4,096 values of rows that are counted together, or one row.
 * What is beyond a bound is left out of what the bound is for, not of the counts. Adding a row costs some tens of nanoseconds
 * a feature. If the baseline has {@linkplain Baseline.Builder#segmentBy segments} or {@linkplain
 * Baseline.Builder#hoursOfWeek hours of the week}, a row is counted once more in each that it belongs to, at most one of either, and
 * each takes as much memory as a window.
 *
 * <p>Not thread-safe: give each thread one of its own and merge them.
 *
 * @since 0.1
 */
public final class Window {

    static final String LETTERS = "PLWI";
    static final int MAX_VALUES = 4_096;
    private static final int MAX_HASHES = 65_536;
    private static final int MAX_NAMES = 100;
    static final long NO_TIME = Long.MIN_VALUE;

    private final Norm norm;
    private final Layout layout;
    private final @Nullable Baseline baseline;
    private final long[][] counts;
    private long @Nullable [][] clocks; // null until a row has a time
    private final ColumnCounts[] columns;
    private ValueCounts hashes = new ValueCounts(MAX_HASHES);
    private final SampleRows sample = new SampleRows();
    private final Map<String, Long> absent = new TreeMap<>();
    private final Map<String, Long> unexpected = new TreeMap<>();
    private long rows;
    private @Nullable RowReader reader;
    private @Nullable Measures measures; // null until a row is to be measured
    private final Window[] segments; // of the same rows, those of each segment of the baseline
    private final double[] scratch;
    private final @Nullable String[] scratchNames;
    private @Nullable WaitingRows waiting; // null until a row is added; whatever reads the window counts them first

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
        columns = new ColumnCounts[layout.encoder.columns()];
        for (int column = 0; column < columns.length; column++) {
            columns[column] = new ColumnCounts(norm, column);
        }
        segments = baseline == null
                ? new Window[0]
                : baseline.segmentation.all().stream()
                        .map(segment -> segment.baseline().window())
                        .toArray(Window[]::new);
        scratch = new double[columns.length];
        scratchNames = new String[columns.length];
    }

    /**
     * Counts a row.
     *
     * @param row a row that has the baseline's features, in any order
     * @param prediction what the model answered: a probability, a score, a number; NaN if it did not
     * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
     */
    public void add(FeatureRow row, double prediction) {
        add(row, prediction, null, NO_TIME);
    }

    /**
     * Counts a row with the answer that a model gave, of any type.
     *
     * @param row a row that has the baseline's features, in any order
     * @param answer what the model answered: class probabilities, a label, a number, a decision; null if it did not
     * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
     */
    public void add(FeatureRow row, @Nullable Object answer) {
        add(row, DriftRecording.number(answer), DriftRecording.label(answer), NO_TIME);
    }

    /**
     * Counts a row whose time is known, so that columns which follow the clock are watched for that, too, and the row is compared with those
     * of its {@linkplain Baseline.Builder#hoursOfWeek hours of the week}.
     *
     * @param row a row that has the baseline's features, in any order
     * @param prediction what the model answered: a probability, a score, a number; NaN if it did not
     * @param time the time the row is of
     * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
     */
    public void add(FeatureRow row, double prediction, Instant time) {
        add(row, prediction, null, time.toEpochMilli());
    }

    /**
     * Counts a row whose time is known with the answer that a model gave, of any type.
     *
     * @param row a row that has the baseline's features, in any order
     * @param answer what the model answered: class probabilities, a label, a number, a decision; null if it did not
     * @param time the time the row is of
     * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
     */
    public void add(FeatureRow row, @Nullable Object answer, Instant time) {
        add(row, DriftRecording.number(answer), DriftRecording.label(answer), time.toEpochMilli());
    }

    private void add(FeatureRow row, double score, @Nullable String label, long millis) {
        RowReader known = reader;
        if (known == null || !known.isFor(row.features())) {
            known = layout.encoder.reader(row.features());
            reader = known;
        }
        known.read(row, score, label, RowEncoder.MISSING, scratch, 0, scratchNames);
        add(scratch, scratchNames, row, row.violations(), millis);
    }

    /**
     * Counts a row that was read; the arrays may be used again, the names are cleared.
     *
     * @param features the row itself, null if it has neither texts nor tensors that are looked at
     */
    void add(
            double[] row,
            @Nullable String[] names,
            @Nullable FeatureRow features,
            List<Violation> violations,
            long millis) {
        if (layout.encoder.isMeasuring()) {
            Measures known = measures == null ? new Measures(layout.encoder, false) : measures;
            measures = known;
            known.fill(features, row, millis);
        }
        boolean anyNew = false;
        for (int column : layout.encoder.nameColumns()) {
            String name = names[column];
            if (name != null) {
                row[column] = layout.encoder.code(column, name);
                if (NameCodes.isKnown(row[column])) {
                    names[column] = null;
                } else {
                    anyNew = true;
                }
            }
        }
        addCoded(row, names, millis);
        if (baseline != null && segments.length > 0) {
            addTo(baseline.segmentation.ofValue(row), row, names, millis);
            addTo(baseline.segmentation.ofTime(millis), row, names, millis);
        }
        if (anyNew) {
            Arrays.fill(names, null);
        }
        for (int i = 0; i < violations.size(); i++) { // by index: no iterator in the common case of none
            Violation violation = violations.get(i);
            if (violation.code().equals(Violation.UNEXPECTED)) {
                count(unexpected, violation.path(), 1);
            } else if (violation.code().equals(Violation.MISSING)) {
                count(absent, violation.path(), 1);
            }
        }
    }

    private void addTo(int segment, double[] row, @Nullable String[] names, long millis) {
        if (segment != Segmentation.NONE) {
            segments[segment].addCoded(row, names, millis);
        }
    }

    /** Counts a row whose names are codes by now; those beside it are the new ones. */
    private void addCoded(double[] row, @Nullable String[] names, long millis) {
        for (int column : layout.encoder.nameColumns()) {
            String name = names[column];
            if (name != null) {
                columns[column].addName(row[column], name);
            }
        }
        count(row, millis);
    }

    /** The name that a code of a column stands for. */
    String name(int column, double code) {
        return columns[column].name(code);
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
        countWaiting();
        other.countWaiting();
        for (int i = 0; i < counts.length; i++) {
            add(counts[i], other.counts[i]);
        }
        for (int column = 0; column < columns.length; column++) {
            columns[column].addAll(other.columns[column]);
        }
        if (other.clocks != null) {
            long[][] sums = clocks();
            for (int column = 0; column < sums.length; column++) {
                add(sums[column], other.clocks[column]);
            }
        }
        hashes.addAll(other.hashes);
        sample.addAll(other.sample);
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

    /** Counts a row that was read and has codes in place of names; the array may be used again. */
    void count(double[] row) {
        count(row, NO_TIME);
    }

    private void count(double[] row, long millis) {
        WaitingRows more = waiting;
        if (more == null) {
            more = new WaitingRows(layout);
            waiting = more;
        }
        if (more.add(row, millis)) {
            countWaiting();
        }
    }

    private void countWaiting() {
        WaitingRows some = waiting;
        if (some == null || some.size == 0) {
            return;
        }
        boolean timed = some.readTimes();
        hashWaiting(some);
        for (int column = 0; column < columns.length; column++) {
            columns[column].count(some, counts);
            if (timed && column < layout.encoder.firstOutput()) {
                columns[column].countClock(some, clocks()[column]);
            }
        }
        for (int i = 0; i < layout.tables.length; i++) {
            byte[] first = some.bins[layout.pairs.get(i).first()];
            byte[] second = some.bins[layout.pairs.get(i).second()];
            long[] table = counts[layout.tables[i]];
            for (int row = 0; row < some.size; row++) {
                if ((first[row] | second[row]) >= 0) {
                    table[first[row] * RelationTest.BINS + second[row]]++;
                }
            }
        }
        for (int row = 0; row < some.size; row++) {
            hashes.addKey(some.hashes[row]);
            if (sample.takes(some.keys[row])) {
                sample.add(some.keys[row], some.row(row));
            }
        }
        rows += some.size;
        some.size = 0;
    }

    private void hashWaiting(WaitingRows some) {
        int features = layout.encoder.rowColumns();
        int last = some.columns.length - 1;
        double[] ofLast = some.columns[last];
        Arrays.fill(some.hashes, features);
        for (int row = 0; row < some.size; row++) {
            some.keys[row] = keyColumns(ofLast[row], some.columns.length);
        }
        for (int column = 0; column < last; column++) {
            if (column < features) {
                hash(some.columns[column], 0, some.hashes, some.size);
            }
            hash(some.columns[column], 0, some.keys, some.size);
        }
        for (int row = 0; row < some.size; row++) {
            some.keys[row] = mix(Double.isNaN(ofLast[row]) ? some.keys[row] : hash(some.keys[row], ofLast[row]));
        }
    }

    void addOutside(int column, double distance) {
        columns[column].addOutside(distance);
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
            made = new long[layout.encoder.firstOutput()][];
            for (int column = 0; column < made.length; column++) {
                made[column] = new long[ClockRelations.PARTS * layout.bins[column].cells()];
            }
            clocks = made;
        }
        return made;
    }

    /** Adds all rows to a baseline, in an order that depends on nothing but the rows. */
    void file(Baseline.Builder into) {
        countWaiting();
        RowEncoder from = layout.encoder;
        RowEncoder to = into.encoder;
        if (!from.features().equals(to.features())) {
            throw new IllegalArgumentException(
                    "window: of the features " + from.features() + " (expected: " + to.features() + ')');
        }
        if (IntStream.range(0, from.features().size()).anyMatch(from::isText)) {
            throw new IllegalArgumentException(
                    "window: of texts, whose words it does not keep (expected: one without features of type text)");
        }
        if (sample.size() < rows) {
            throw new IllegalArgumentException("window: " + rows + " rows, of which " + sample.size()
                    + " are kept (expected: at most " + SampleRows.MOST + " rows, as in windows of a shorter time)");
        }
        double[] row = new double[to.columns()];
        @Nullable String[] names = new String[row.length];
        for (double[] kept : sample.inOrder()) {
            Arrays.fill(row, RowEncoder.MISSING);
            for (int column = 0; column < from.firstOutput(); column++) {
                file(kept, column, row, names, column);
            }
            file(kept, from.labelColumn(), row, names, to.labelColumn());
            file(kept, from.scoreColumn(), row, names, to.scoreColumn());
            file(kept, from.fallbackColumn(), row, names, to.fallbackColumn());
            into.addRead(row, names);
        }
    }

    private void file(double[] kept, int column, double[] row, @Nullable String[] names, int to) {
        if (column >= 0) {
            row[to] = kept[column];
            if (layout.encoder.hasNames(column) && Double.isFinite(kept[column])) {
                names[to] = name(column, kept[column]);
            }
        }
    }

    /** How many of the columns tell rows apart that are kept: the last one, that of fallbacks, only if it is known. */
    private static int keyColumns(double ofLast, int columns) {
        return Double.isNaN(ofLast) ? columns - 1 : columns;
    }

    private static long key(double[] row) {
        return mix(hash(row, keyColumns(row[row.length - 1], row.length)));
    }

    /** A hash of the first columns of a row. */
    static long hash(double[] row, int columns) {
        long hash = columns;
        for (int i = 0; i < columns; i++) {
            hash = hash(hash, row[i]);
        }
        return hash;
    }

    /** Makes the hashes of rows those of one column more, of which those from a place on are taken. */
    static void hash(double[] column, int from, long[] hashes, int size) {
        for (int i = 0; i < size; i++) {
            hashes[i] = hash(hashes[i], column[from + i]);
        }
    }

    private static long hash(long ofOthers, double value) {
        return mix(ofOthers ^ Double.doubleToLongBits(value));
    }

    static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * The written form, to merge the window elsewhere. It holds the whole rows that are kept to explain an alarm by, of which
     * sensitive features are left out; of texts and tensors it has what is computed of them.
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
        countWaiting();
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
        for (ColumnCounts column : columns) {
            column.write(out);
        }
        hashes.write(out);
        out.whole(sample.size());
        for (double[] row : sample.inOrder()) {
            for (double value : row) {
                out.number(value);
            }
        }
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
        for (ColumnCounts column : columns) {
            column.read(in);
        }
        hashes = new ValueCounts(MAX_HASHES, in);
        for (int size = in.whole(SampleRows.MOST); sample.size() < size; ) {
            double[] row = new double[columns.length];
            for (int column = 0; column < row.length; column++) {
                row[column] = in.number();
                if (!layout.encoder.isNumber(column)
                        && Double.isFinite(row[column])
                        && (row[column] < 0 || row[column] != Math.rint(row[column]))) {
                    throw in.wrong("row", row[column] + " (expected: the code of a name)");
                }
            }
            sample.add(key(row), row);
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
        return waiting == null ? rows : rows + waiting.size;
    }

    /** The rows of a segment, by its place in the baseline. */
    Window segment(int index) {
        return segments[index];
    }

    long[][] counts() {
        countWaiting();
        return counts;
    }

    /** Rows by hour, weekday and month, and by cell; null if no row had a time. */
    long @Nullable [] clock(int column) {
        countWaiting();
        return clocks == null ? null : clocks[column];
    }

    ValueCounts values(int column) {
        countWaiting();
        return columns[column].values();
    }

    /** The share of rows in which a column is missing; NaN without rows. */
    double missing(int column) {
        return (double) counts()[layout.missing[column]][0] / rows;
    }

    ValueCounts[] values() {
        countWaiting();
        return Arrays.stream(columns).map(ColumnCounts::values).toArray(ValueCounts[]::new);
    }

    /** Takes over how often each value of a column occurred. */
    void values(int column, ValueCounts counted) {
        columns[column].values(counted);
    }

    /** How many rows equal an earlier one in all features. */
    long duplicates() {
        countWaiting();
        return hashes.repeated();
    }

    double tailEvidence(int column) {
        countWaiting();
        return columns[column].tailEvidence(rows);
    }

    Map<String, Long> absent() {
        return absent;
    }

    Map<String, Long> unexpected() {
        return unexpected;
    }

    List<double[]> sample() {
        countWaiting();
        return sample.inOrder();
    }

    /** Whether the window was made for the counts of a monitor. */
    boolean isOf(Norm wanted) {
        return norm == wanted;
    }

    /** The window in a few words. */
    @Override
    public String toString() {
        return "window of " + rows() + " rows";
    }
}
