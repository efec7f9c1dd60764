package io.github.plimsoll.core.table;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.internal.table.CsvRow;
import io.github.plimsoll.core.internal.table.JsonRow;
import io.github.plimsoll.core.internal.table.MapRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a table.
 *
 * <p>{@link io.github.plimsoll.core.schema.Schema#ofTable Schema.ofTable} turns it into features without a {@code String} a
 * cell. The methods here are for what is no feature, such as an id, and for building an input of another type:
 *
 * <pre>{@code
 * row -> new Applicant(row.number("income"), row.text("housing"))
 * }</pre>
 *
 * <p>Immutable and thread-safe, as far as rows of the host's own are; it may be kept as long as one likes, together with the
 * part of the table, 128 KB or a long row's length, that it was read with.
 *
 * @since 0.1
 */
public sealed interface TableRow permits CsvRow, JsonRow, MapRow {

    /**
     * The names of the cells.
     *
     * @return the columns of the table, always the same list, for CSV; the names of the row's own fields for JSON lines and
     *     for rows of the host's
     */
    List<String> columns();

    /**
     * The number of the line in which the row begins.
     *
     * @return the line, from 1; blank lines, comments and the lines inside a quoted cell count. For rows of the host's own,
     *     the number of the row from 1
     */
    long line();

    /**
     * Where the row begins.
     *
     * @return the number of bytes before it, after decompression and, for an encoding other than UTF-8, after turning the text
     *     into UTF-8. For rows of the host's own, the number of rows before it
     */
    long offset();

    /**
     * Whether a cell has no value.
     *
     * @param column the cell's column
     * @return true if the row has no such cell, if it is JSON's null, or if it is one of the table's words for null without
     *     quotes
     */
    boolean isNull(String column);

    /**
     * A cell's text.
     *
     * @param column the cell's column
     * @return the text without quotes; JSON's numbers, arrays and objects as JSON; null if {@link #isNull}
     */
    @Nullable
    String text(String column);

    /**
     * A cell as the table holds it.
     *
     * @param column the cell's column
     * @return the text for CSV, a {@link com.fasterxml.jackson.databind.JsonNode} (not to be changed) for JSON lines, the host's
     *     value for its own rows; null if {@link #isNull}
     */
    @Nullable
    Object value(String column);

    /**
     * A cell's number.
     *
     * @param column the cell's column
     * @return the number, exactly as {@link Double#parseDouble} reads it; NaN if {@link #isNull}
     * @throws InvalidInputException if the cell is no number; its message shows the cell, shortened
     */
    double number(String column);

    /**
     * The row as it stands in the table, such as a line of CSV without its end.
     *
     * @return the text; for rows of the host's own, their {@code toString}
     */
    String raw();
}
