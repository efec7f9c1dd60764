package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * What one pass over a table of which nothing is known has found.
 *
 * @param source what the table is
 * @param rows how many rows it has
 * @param columns its columns
 * @param repeats how many rows are equal to an earlier one; -1 if there were too many to tell
 * @param nameless whether there is a column without a name
 */
record TableReading(String source, long rows, List<ColumnFacts> columns, long repeats, boolean nameless) {

    private static final int MOST_COLUMNS = 16_384;

    static TableReading of(Table table) {
        Map<String, ColumnReading> columns = new LinkedHashMap<>();
        LongHashes seen = new LongHashes();
        long rows = 0;
        long repeats = 0;
        try (TableReader reader = table.open()) {
            boolean fixed = !reader.columns().isEmpty();
            boolean nameless = take(columns, reader.columns(), table, 1);
            for (TableRow row : reader) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("inference from " + table + ": interrupted");
                }
                rows++;
                if (!fixed) {
                    nameless |= take(columns, row.columns(), table, row.line());
                }
                long hash = 0;
                for (Map.Entry<String, ColumnReading> column : columns.entrySet()) {
                    column.getValue().read(row);
                    String text = row.text(column.getKey());
                    hash += text == null ? 0 : LongHashes.with(LongHashes.of(column.getKey()), LongHashes.of(text));
                }
                if (!seen.add(hash)) {
                    repeats++;
                }
            }
            long total = rows;
            return new TableReading(
                    table.toString(),
                    rows,
                    columns.values().stream().map(column -> column.facts(total)).toList(),
                    seen.isFull() ? -1 : repeats,
                    nameless);
        }
    }

    /** Makes room for columns that are new; whether there is one without a name, which no contract can speak of. */
    private static boolean take(Map<String, ColumnReading> columns, List<String> names, Table table, long line) {
        boolean nameless = false;
        for (String name : names) {
            if (name.isBlank()) {
                nameless = true;
            } else if (columns.size() < MOST_COLUMNS || columns.containsKey(name)) {
                columns.computeIfAbsent(name, ColumnReading::new);
            } else {
                throw new ContractException(
                        "inference from " + table + ": more than " + MOST_COLUMNS + " columns in line " + line
                                + " (expected: at most that)",
                        null);
            }
        }
        return nameless;
    }
}
