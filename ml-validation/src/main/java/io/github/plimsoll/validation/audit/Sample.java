package io.github.plimsoll.validation.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows that are compared with each other, column by column. Immutable once made. */
final class Sample {

    private static final int FEWEST_IN_A_RANGE = 20; // on average

    /** The number of a cell that is missing. */
    static final int MISSING = 0;

    /**
     * A column of the sample.
     *
     * @param isNumber whether it lies on the number line: numbers and times
     * @param numbers the values of such a column, NaN where there is none
     * @param categories the different values of other columns, from the most frequent on
     * @param codes the place in the categories plus one of each value, 0 where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier inside this package, never compared
    record Column(ColumnScan scan, boolean isNumber, double[] numbers, List<Object> categories, int[] codes) {

        String name() {
            return scan.name;
        }

        /** How many different values there are. */
        int distinct() {
            return isNumber
                    ? (int) Arrays.stream(numbers)
                            .filter(value -> !Double.isNaN(value))
                            .distinct()
                            .count()
                    : categories.size();
        }

        int present() {
            return isNumber
                    ? (int) Arrays.stream(numbers)
                            .filter(value -> !Double.isNaN(value))
                            .count()
                    : (int) Arrays.stream(codes).filter(code -> code != MISSING).count();
        }

        /** Whether every value is there once, or nearly so, as those of an identifier or of free text. */
        boolean isNearlyUnique() {
            return distinct() > 0.95 * present();
        }

        /**
         * The column cut into cells: cell 0 for no value, then one for each value if there are few, else ranges of about equally many
         * values, or the most frequent categories and a last cell for all others.
         */
        int[] cells(int most) {
            if (!isNumber) {
                return Arrays.stream(codes).map(code -> Math.min(code, most)).toArray();
            }
            double[] sorted = Arrays.stream(numbers)
                    .filter(value -> !Double.isNaN(value))
                    .sorted()
                    .toArray();
            double[] distinct = Arrays.stream(sorted).distinct().toArray();
            int ranges = Math.min(most, Math.max(2, sorted.length / FEWEST_IN_A_RANGE));
            double[] starts = distinct.length <= most && distinct.length * FEWEST_IN_A_RANGE <= sorted.length
                    ? distinct
                    : IntStream.range(0, ranges)
                            .mapToDouble(cell -> sorted[(int) ((long) cell * sorted.length / ranges)])
                            .distinct()
                            .toArray();
            return Arrays.stream(numbers)
                    .mapToInt(value -> {
                        if (Double.isNaN(value)) {
                            return MISSING;
                        }
                        int at = Arrays.binarySearch(starts, value);
                        return at >= 0 ? at + 1 : -at - 1;
                    })
                    .toArray();
        }
    }

    private final long[] lines;
    private final Map<String, Column> columns = new LinkedHashMap<>();

    Sample(TableScan scan) {
        List<TableScan.Kept> rows = scan.sample();
        lines = rows.stream().mapToLong(TableScan.Kept::line).toArray();
        for (ColumnScan column : scan.columns()) {
            @Nullable
            Object[] values = rows.stream().map(row -> row.value(column.index)).toArray();
            columns.put(
                    column.name, column.type() == CellType.TEXT ? category(column, values) : number(column, values));
        }
    }

    static Column number(ColumnScan scan, @Nullable Object[] values) {
        double[] numbers = Arrays.stream(values).mapToDouble(Cells::number).toArray();
        return new Column(scan, true, numbers, List.of(), new int[0]);
    }

    static Column category(ColumnScan scan, @Nullable Object[] values) {
        Map<Object, Integer> counts = new LinkedHashMap<>();
        for (Object value : values) {
            if (value != null) {
                counts.merge(value, 1, Integer::sum);
            }
        }
        List<Map.Entry<Object, Integer>> ordered = new ArrayList<>(counts.entrySet());
        ordered.sort(Comparator.comparing(Map.Entry<Object, Integer>::getValue).reversed());
        List<Object> categories = ordered.stream().map(Map.Entry::getKey).toList();
        counts.clear();
        for (Object category : categories) {
            counts.put(category, counts.size() + 1);
        }
        int[] codes = Arrays.stream(values)
                .mapToInt(value -> value == null ? MISSING : counts.getOrDefault(value, MISSING))
                .toArray();
        return new Column(scan, false, new double[0], categories, codes);
    }

    int rows() {
        return lines.length;
    }

    long line(int row) {
        return lines[row];
    }

    @Nullable
    Column find(String name) {
        return columns.get(name);
    }

    List<Column> columns() {
        return List.copyOf(columns.values());
    }
}
