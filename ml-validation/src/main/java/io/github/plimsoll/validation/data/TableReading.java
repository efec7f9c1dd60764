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
 */
record TableReading(String source, long rows, List<ColumnFacts> columns, long repeats) {

    private static final int MOST_COLUMNS = 16_384;

    static TableReading of(Table table) {
        Map<String, ColumnReading> columns = new LinkedHashMap<>();
        LongHashes seen = new LongHashes();
        long rows = 0;
        long repeats = 0;
        try (TableReader reader = table.open()) {
            reader.columns().forEach(column -> columns.put(column, new ColumnReading(column)));
            boolean fixed = !columns.isEmpty();
            for (TableRow row : reader) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("inference from " + table + ": interrupted");
                }
                rows++;
                if (!fixed) {
                    row.columns().forEach(column -> columns.computeIfAbsent(column, ColumnReading::new));
                    if (columns.size() > MOST_COLUMNS) {
                        throw new ContractException(
                                "inference from " + table + ": more than " + MOST_COLUMNS + " columns in line "
                                        + row.line() + " (expected: at most that)",
                                null);
                    }
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
                    seen.isFull() ? -1 : repeats);
        }
    }
}
