package io.github.plimsoll.validation.audit;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Anomaly.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One pass over a table: what is counted of every row, and some rows drawn at random. */
final class TableScan {

    private static final int MOST_COLUMNS = 16_384; // of tables whose rows have columns of their own
    private static final int MOST_VALUES = 1_000_000; // of all columns together
    private static final int MOST_CELLS = 2_000_000; // of the rows that are kept
    private static final long NO_LABEL = 1;

    /** A row that is kept. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier inside this package, never compared
    record Kept(long line, @Nullable Object[] cells) {

        /** The value in a column; columns that came later have none. */
        @Nullable
        Object value(int index) {
            return index < cells.length ? cells[index] : null;
        }
    }

    private final Plan plan;
    private final Map<String, ColumnScan> columns = new LinkedHashMap<>();
    private final List<ColumnScan> byIndex = new ArrayList<>();
    private final ColumnScan.Budget budget = new ColumnScan.Budget(MOST_VALUES);
    private final RowIndex whole = new RowIndex();
    private final RowIndex loosely = new RowIndex(); // rows without what is only writing
    private final RowIndex features = new RowIndex();
    private final List<Kept> sample = new ArrayList<>();
    private final SplittableRandom random;
    private @Nullable Object[] current = new @Nullable Object[16]; // the row at hand
    private int sampleSize;
    private boolean columnsLeftOut;
    final List<Example> repeats = new ArrayList<>();
    final List<Example> nearRepeats = new ArrayList<>();
    final List<Example> conflicts = new ArrayList<>();
    private long repeated;
    private long nearlyRepeated;
    private long rows;
    private long firstLine;
    private long unreadable;
    private double newest = Double.NEGATIVE_INFINITY;

    /**
     * What the host has said of the table.
     *
     * @param label the column of the label, if there is one
     * @param time the column of the rows' time, if there is one
     * @param identifiers columns that are no features
     * @param sensitive columns whose values are not shown
     */
    record Plan(
            @Nullable String label,
            @Nullable String time,
            Set<String> identifiers,
            Set<String> sensitive,
            int sampled,
            long seed) {

        boolean isFeature(String column) {
            return !column.equals(label) && !identifiers.contains(column);
        }
    }

    TableScan(Plan plan) {
        this.plan = plan;
        random = new SplittableRandom(plan.seed);
    }

    void read(Table table) {
        try (TableReader reader = table.open()) {
            reader.columns().forEach(this::column);
            for (TableRow row : reader) {
                checkInterrupt();
                add(row);
            }
            unreadable = reader.skipped();
        }
    }

    static void checkInterrupt() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("audit: interrupted");
        }
    }

    private @Nullable ColumnScan column(String name) {
        ColumnScan column = columns.get(name);
        if (column == null && columns.size() < MOST_COLUMNS) {
            column = new ColumnScan(columns.size(), name, plan.sensitive.contains(name), budget);
            columns.put(name, column);
            byIndex.add(column);
            if (rows > 1) {
                column.absent(1, firstLine); // a row of its own has a column that those before had not
            }
        }
        columnsLeftOut |= column == null;
        return column;
    }

    private void add(TableRow row) {
        rows++;
        long line = row.line();
        firstLine = rows == 1 ? line : firstLine;
        long hash = 0;
        long loose = 0;
        long label = NO_LABEL;
        Object shownLabel = null;
        List<String> names = row.columns();
        Arrays.fill(current, null);
        for (String name : names) {
            ColumnScan column = column(name);
            if (column == null) {
                continue;
            }
            Object value = column.add(Cells.read(row, name), rows, line);
            if (value == null) {
                continue;
            }
            if (column.index >= current.length) {
                current = Arrays.copyOf(current, Math.max(columns.size(), 2 * current.length));
            }
            current[column.index] = value;
            if (name.equals(plan.label)) {
                label = Cells.hash(name, value);
                shownLabel = value;
            } else if (plan.isFeature(name)) {
                long exact = Cells.hash(name, value);
                Object same = Cells.loose(value);
                hash += exact;
                loose += same.equals(value) ? exact : Cells.hash(name, same);
            }
            if (name.equals(plan.time)) {
                double time = Cells.number(value);
                newest = time > newest ? time : newest;
            }
        }
        if (names.size() < columns.size()) {
            byIndex.forEach(column -> column.absent(rows, line));
        }
        index(hash, loose, label, shownLabel, line);
        draw(line);
    }

    private void index(long hash, long loose, long label, @Nullable Object shownLabel, long line) {
        long before = whole.add(hash + label, NO_LABEL, line);
        if (before > 0) {
            repeated++;
            example(repeats, line, "the row of line " + before + " again");
        }
        long near = loosely.add(loose + label, NO_LABEL, line);
        if (before == 0 && near > 0 && !whole.isFull()) {
            nearlyRepeated++;
            example(nearRepeats, line, "the row of line " + near + " but for case, spaces or last digits");
        }
        if (plan.label != null) {
            long first = features.add(hash, label, line);
            if (first > 0 && features.label(hash) != label) {
                ColumnScan column = column(plan.label);
                String shown = column == null ? "?" : column.shown(shownLabel);
                example(conflicts, line, "label " + shown + " for the features of line " + first);
            }
        }
    }

    private static void example(List<Example> examples, long line, String text) {
        if (examples.size() < Anomaly.MOST_EXAMPLES) {
            examples.add(new Example(line, text));
        }
    }

    /** Vitter's algorithm R: every row is kept with the same chance. */
    private void draw(long line) {
        if (rows == 1) {
            sampleSize = Math.max(1, Math.min(plan.sampled, MOST_CELLS / Math.max(1, columns.size())));
        }
        int slot = rows <= sampleSize ? sample.size() : (int) Math.min(sampleSize, random.nextLong(rows));
        if (slot < sampleSize) {
            @Nullable Object[] cells = Arrays.copyOf(current, columns.size());
            if (slot == sample.size()) {
                sample.add(new Kept(line, cells));
            } else {
                sample.set(slot, new Kept(line, cells));
            }
        }
    }

    // ---- what was seen --------------------------------------------------------------------------------------------

    long rows() {
        return rows;
    }

    long unreadable() {
        return unreadable;
    }

    List<ColumnScan> columns() {
        return byIndex;
    }

    @Nullable
    ColumnScan find(String name) {
        return columns.get(name);
    }

    /** The rows that were drawn, in the order of the table. */
    List<Kept> sample() {
        return sample.stream().sorted((a, b) -> Long.compare(a.line, b.line)).toList();
    }

    /** How many rows were there before. */
    long repeated() {
        return repeated;
    }

    /** How many different rows are one that was there before but for how their values are written. */
    long nearlyRepeated() {
        return nearlyRepeated;
    }

    /** How many rows share their features with rows of another label. */
    long conflicting() {
        return features.conflicts();
    }

    /** The line of the first row with these features, or 0. */
    long lineOf(long hashOfFeatures) {
        return plan.label == null ? whole.line(hashOfFeatures + NO_LABEL) : features.line(hashOfFeatures);
    }

    /** The latest time of a row; negative infinity if there is none. */
    double newest() {
        return newest;
    }

    void limits(List<String> limits) {
        if (whole.isFull()) {
            limits.add("repeats, conflicts and overlap were looked for among the first " + RowIndex.MOST
                    + " different rows");
        }
        if (columnsLeftOut) {
            limits.add("columns after the first " + MOST_COLUMNS + " were left out");
        }
        List<String> open = byIndex.stream()
                .filter(column -> column.values() == null && column.type() == CellType.TEXT)
                .map(column -> column.name)
                .toList();
        if (!open.isEmpty()) {
            limits.add("too many or too long texts to look for variants in " + String.join(", ", open));
        }
    }
}
