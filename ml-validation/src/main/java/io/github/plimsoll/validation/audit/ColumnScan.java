package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Anomaly.Example;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What one column holds, counted over all rows. */
final class ColumnScan {

    /** The most different values of a column that are counted apart. */
    static final int MOST_VALUES = 10_000;

    /** A value and where it was. */
    record Place(double value, long line) {}

    /** How often a value was there, and where first. */
    static final class Occurrences {
        final Object value;
        final long line;
        long count;

        Occurrences(Object value, long line) {
            this.value = value;
            this.line = line;
        }
    }

    /** How many different values may still be kept, over all columns. */
    static final class Budget {
        private int left;

        Budget(int most) {
            left = most;
        }

        private boolean take() {
            boolean taken = left > 0;
            left -= taken ? 1 : 0;
            return taken;
        }

        private void give(int back) {
            left += back;
        }
    }

    final int index;
    final String name;
    final boolean hidden;
    final List<Example> missingAt = new ArrayList<>();
    private final Budget budget;
    private final EnumMap<CellType, Long> counts = new EnumMap<>(CellType.class);
    private final EnumMap<CellType, List<Example>> firsts = new EnumMap<>(CellType.class);
    private final PriorityQueue<Place> largest = new PriorityQueue<>((a, b) -> Double.compare(a.value, b.value));
    private final PriorityQueue<Place> smallest = new PriorityQueue<>((a, b) -> Double.compare(b.value, a.value));
    private @Nullable Map<Object, Occurrences> values = new LinkedHashMap<>();
    private long present;
    private long nan;
    private long lastRow = -1;

    ColumnScan(int index, String name, boolean hidden, Budget budget) {
        this.index = index;
        this.name = name;
        this.hidden = hidden;
        this.budget = budget;
        for (CellType type : CellType.values()) {
            counts.put(type, 0L);
            firsts.put(type, new ArrayList<>());
        }
    }

    /** Counts a cell; gives the value to keep of it. */
    @Nullable
    Object add(@Nullable Object value, long row, long line) {
        lastRow = row;
        if (value == null || (value instanceof Double number && number.isNaN())) {
            nan += value == null ? 0 : 1;
            example(missingAt, line, value);
            return null;
        }
        present++;
        CellType type = CellType.of(value);
        counts.merge(type, 1L, Long::sum);
        List<Example> first = firsts.get(type);
        if (first != null) {
            example(first, line, value);
        }
        if (type == CellType.NUMBER) {
            extreme(largest, (Double) value, line);
            extreme(smallest, (Double) value, line);
        }
        return count(value, line);
    }

    private void example(List<Example> examples, long line, @Nullable Object value) {
        if (examples.size() < Anomaly.MOST_EXAMPLES) {
            examples.add(new Example(line, shown(value)));
        }
    }

    private static void extreme(PriorityQueue<Place> places, double value, long line) {
        Place place = new Place(value, line);
        if (places.size() < Anomaly.MOST_EXAMPLES) {
            places.add(place);
        } else if (places.comparator().compare(place, places.element()) > 0) {
            places.remove();
            places.add(place);
        }
    }

    private Object count(Object value, long line) {
        Map<Object, Occurrences> known = values;
        if (known == null) {
            return value;
        }
        Occurrences seen = known.get(value);
        if (seen == null) {
            boolean tooLong = value instanceof String text && text.length() > Cells.LONGEST_KEPT;
            if (tooLong || known.size() == MOST_VALUES || !budget.take()) {
                budget.give(known.size());
                values = null;
                return value;
            }
            seen = new Occurrences(value, line);
            known.put(value, seen);
        }
        seen.count++;
        return seen.value; // one object for all rows that are kept
    }

    /** Notes that a row had no cell of this column, unless it had. */
    void absent(long row, long line) {
        if (lastRow != row) {
            example(missingAt, line, null);
        }
    }

    String shown(@Nullable Object value) {
        return hidden && value != null ? "(sensitive)" : Cells.shown(value);
    }

    long present() {
        return present;
    }

    long nan() {
        return nan;
    }

    long count(CellType type) {
        return counts.getOrDefault(type, 0L);
    }

    List<Example> firsts(CellType type) {
        return firsts.getOrDefault(type, List.of());
    }

    /** The type that most values have. */
    CellType type() {
        CellType most = CellType.TEXT;
        for (CellType type : CellType.values()) {
            most = count(type) > count(most) ? type : most;
        }
        return most;
    }

    /** The different values in the order in which they came, or null if there are too many. */
    @Nullable
    Map<Object, Occurrences> values() {
        return values;
    }

    /** The largest values, from the largest on. */
    List<Place> largest() {
        return largest.stream()
                .sorted((a, b) -> Double.compare(b.value, a.value))
                .toList();
    }

    /** The smallest values, from the smallest on. */
    List<Place> smallest() {
        return smallest.stream()
                .sorted((a, b) -> Double.compare(a.value, b.value))
                .toList();
    }
}
