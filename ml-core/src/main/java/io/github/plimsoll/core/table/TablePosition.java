package io.github.plimsoll.core.table;

/**
 * A place between two records, from which a table can be read on.
 *
 * @param offset how many bytes of text stand before it: see {@link TableRow#offset()}
 * @param line the number of the line that begins there, from 1
 * @since 0.1
 */
public record TablePosition(long offset, long line) {

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the offset is negative or the line less than 1
     */
    public TablePosition {
        if (offset < 0 || line < 1) {
            throw new IllegalArgumentException(
                    "position: offset " + offset + ", line " + line + " (expected: offset >= 0, line >= 1)");
        }
    }
}
