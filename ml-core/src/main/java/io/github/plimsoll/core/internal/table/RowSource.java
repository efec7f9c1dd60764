package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives the records of a table one after the other. Confined to one thread. */
public interface RowSource extends AutoCloseable {

    /** The table's columns; empty if each row has its own. */
    List<String> columns();

    /** Goes to the next record; false at the end. */
    boolean advance() throws IOException;

    /** The record's row, or null if it has a {@link #problem}. */
    @Nullable
    TableRow row();

    /** What is wrong with the record. */
    TableProblem problem();

    /** Where the records not yet given begin. */
    TablePosition position();

    /** How many bytes of the file have been taken, compressed as they are; 0 if there is no file. */
    long bytesRead();

    @Override
    void close() throws IOException;
}
