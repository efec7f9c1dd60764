package io.github.plimsoll.core.table;

import io.github.plimsoll.core.internal.table.RowSource;
import io.github.plimsoll.core.table.TableProblem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a {@link Table} one after the other.
 *
 * <p>Confined to one thread at a time: finding where records end needs the text before them. The rows may go to any thread,
 * and reading their cells, which costs more, can be done there: see {@link #next(int)}.
 *
 * @since 0.1
 * @see Table#open()
 */
public final class TableReader implements Iterable<TableRow>, AutoCloseable {

    private final String table;
    private final RowSource source;
    private final long mostSkipped;
    private final Consumer<? super TableProblem> told;
    private long skipped;
    private @Nullable TableRow coming; // that an iterator has looked at

    TableReader(String table, RowSource source, long mostSkipped, Consumer<? super TableProblem> told) {
        this.table = table;
        this.source = source;
        this.mostSkipped = mostSkipped;
        this.told = told;
    }

    /**
     * The names of the columns.
     *
     * @return an immutable list; empty for JSON lines and rows of the host's own, where each row has its own
     */
    public List<String> columns() {
        return source.columns();
    }

    /**
     * The next rows.
     *
     * @param most how many rows at most
     * @return that many rows, fewer only at the table's end, none after it
     * @throws TableException if the table cannot be read any further, or if a record is not sound and the table does not skip
     *     those
     * @throws IllegalArgumentException if {@code most} is less than 1
     */
    public List<TableRow> next(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
        }
        List<TableRow> rows = new ArrayList<>(Math.min(most, 8192));
        while (rows.size() < most) {
            TableRow row = next();
            if (row == null) {
                break;
            }
            rows.add(row);
        }
        return rows;
    }

    private @Nullable TableRow next() {
        TableRow row = peek();
        coming = null;
        return row;
    }

    private @Nullable TableRow peek() {
        try {
            while (coming == null && source.advance()) {
                coming = source.row();
                if (coming == null) {
                    if (++skipped > mostSkipped) {
                        throw new TableException(table, source.problem(), null);
                    }
                    told.accept(source.problem());
                }
            }
            return coming;
        } catch (IOException failure) {
            throw unreadable(table, failure);
        }
    }

    static TableException unreadable(String table, IOException failure) {
        String why = "cannot be read: " + failure + " (expected: a readable, complete file)";
        return new TableException(table, new TableProblem(Kind.UNREADABLE, 0, 0, 0, why, ""), failure);
    }

    /**
     * The rows that have not been read yet. All iterators, and {@link #next(int)}, share the reader's place.
     */
    @Override
    public Iterator<TableRow> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return peek() != null;
            }

            @Override
            public TableRow next() {
                TableRow row = TableReader.this.next();
                if (row == null) {
                    throw new NoSuchElementException();
                }
                return row;
            }
        };
    }

    /**
     * Where the records that have not been read yet begin.
     *
     * @return a position for {@link Table#open(TablePosition)}
     */
    public TablePosition position() {
        TableRow row = coming;
        return row == null ? source.position() : new TablePosition(row.offset(), row.line());
    }

    /**
     * How much of the file has been taken so far, for a display of progress.
     *
     * @return bytes as they are in the file, compressed or not; the reader is ahead of its rows by a block. 0 for rows of the
     *     host's own
     */
    public long bytesRead() {
        return source.bytesRead();
    }

    /**
     * The records that were not sound.
     *
     * @return how many were met so far
     */
    public long skipped() {
        return skipped;
    }

    /**
     * Closes the file. Rows stay as they are.
     *
     * @throws TableException if that fails
     */
    @Override
    public void close() {
        try {
            source.close();
        } catch (IOException failure) {
            throw unreadable(table, failure);
        }
    }
}
