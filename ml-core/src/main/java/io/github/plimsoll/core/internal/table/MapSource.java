package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the host's own rows. */
public final class MapSource implements RowSource {

    private final Iterator<? extends Map<String, ?>> rows;
    private long given;
    private @Nullable MapRow row;

    /**
     * A source.
     *
     * @param rows the rows
     * @param skipped how many of them to leave out
     */
    public MapSource(Iterator<? extends Map<String, ?>> rows, long skipped) {
        this.rows = rows;
        while (given < skipped && rows.hasNext()) {
            rows.next();
            given++;
        }
    }

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public boolean advance() {
        if (!rows.hasNext()) {
            return false;
        }
        row = new MapRow(Objects.requireNonNull(rows.next(), "row"), given++);
        return true;
    }

    @Override
    public @Nullable TableRow row() {
        return row;
    }

    @Override
    public TableProblem problem() {
        throw new IllegalStateException("a row of the host's (expected: a record with a problem)");
    }

    @Override
    public TablePosition position() {
        return new TablePosition(given, given + 1);
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        if (rows instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (IOException | RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IOException("rows cannot be closed", failure);
            }
        }
    }
}
