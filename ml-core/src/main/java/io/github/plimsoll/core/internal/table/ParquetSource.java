package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a Parquet file. */
public final class ParquetSource implements RowSource {

    private final ParquetRows rows;
    private final MapSource source;
    private final long fileBytes;

    /**
     * A source.
     *
     * @param file the file
     * @param skipped how many rows to leave out
     */
    public ParquetSource(Path file, long skipped) throws IOException {
        fileBytes = Files.size(file); // says in the usual way that there is no such file
        rows = ParquetRows.open(file);
        try {
            source = new MapSource(rows, skipped);
        } catch (RuntimeException | Error failure) {
            rows.close();
            throw failure;
        }
    }

    @Override
    public List<String> columns() {
        return rows.columns();
    }

    @Override
    public boolean advance() throws IOException {
        try {
            return source.advance();
        } catch (RuntimeException failure) { // a page that is damaged, or compressed in a way that is not there
            throw new IOException("not a readable Parquet file: " + failure, failure);
        }
    }

    @Override
    public @Nullable TableRow row() {
        return source.row();
    }

    @Override
    public TableProblem problem() {
        return source.problem();
    }

    @Override
    public TablePosition position() {
        return source.position();
    }

    /** In proportion to the rows: a column stands in one place for many of them. */
    @Override
    public long bytesRead() {
        return rows.count() == 0
                ? 0
                : Math.round((double) fileBytes * position().offset() / rows.count());
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
