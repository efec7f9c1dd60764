package io.github.plimsoll.core.table;

import java.util.Locale;
import java.util.Objects;

/**
 * Something in a table that cannot be read, and where.
 *
 * <p>Immutable. The raw text may hold personal data: it is in no message.
 *
 * @param kind what is wrong
 * @param line the number of the line in which the record begins, from 1; the number of the row for rows that come from the
 *     host; 0 if the table as a whole is wrong
 * @param column the number of the record's cell, from 1; 0 if the record as a whole is wrong
 * @param offset where the record begins: see {@link TableRow#offset()}
 * @param message what was seen and what was expected, with no text from the table but column names
 * @param raw the record's text, its first {@value #RAW_LIMIT} bytes at most, with the replacement character for what is no
 *     character; empty if the table as a whole is wrong
 * @since 0.1
 */
public record TableProblem(Kind kind, long line, int column, long offset, String message, String raw) {

    /** The most bytes of a record that are kept. */
    public static final int RAW_LIMIT = 65_536;

    /** What can be wrong with a table. */
    public enum Kind {
        /** The file is missing, a folder, not allowed, or damaged. */
        UNREADABLE,
        /** There is no header. */
        EMPTY,
        /** Two columns have the same name. */
        DUPLICATE_COLUMN,
        /** The header has more columns than allowed. */
        TOO_MANY_COLUMNS,
        /** The record has fewer or more cells than there are columns. */
        RAGGED,
        /** A quoted cell goes on after its closing quote. */
        BAD_QUOTE,
        /** A quoted cell has no closing quote before the table ends or the cell is too long. */
        OPEN_QUOTE,
        /** Bytes that are no text in the table's encoding. */
        BAD_ENCODING,
        /** A cell is longer than allowed. */
        CELL_TOO_LONG,
        /** A record is longer than allowed. */
        ROW_TOO_LONG,
        /** A line is not one JSON object. */
        BAD_JSON;

        /**
         * The kind as a short stable word for reports.
         *
         * @return lower-case words joined by hyphens, such as {@code open-quote}
         */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Checks.
     *
     * @throws NullPointerException if any argument is null
     */
    public TableProblem {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(raw, "raw");
    }

    /** The problem as one line, such as {@code line 12, column 3: 5 cells (expected: 4, as in the header)}. */
    @Override
    public String toString() {
        String where = line == 0 ? "" : "line " + line + (column == 0 ? "" : ", column " + column) + ": ";
        return where + message;
    }
}
