package io.github.plimsoll.core.table;

import io.github.plimsoll.core.internal.table.CsvDialect;
import io.github.plimsoll.core.internal.table.CsvSource;
import io.github.plimsoll.core.internal.table.JsonLinesSource;
import io.github.plimsoll.core.internal.table.MapSource;
import io.github.plimsoll.core.internal.table.ParquetSource;
import io.github.plimsoll.core.internal.table.RowSource;
import io.github.plimsoll.core.internal.table.TextSource;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A table to be read row by row: a CSV file, a file of JSON lines, a Parquet file, or rows that the host has.
 *
 * <pre>{@code
 * Table table = Table.csv(Path.of("applicants.csv")).separator(';').decimalSeparator(',').nulls("", "NA").skipping(100);
 *
 * try (TableReader rows = table.open()) {
 *     for (TableRow row : rows) {
 *         FeatureRow features = schema.read(row); // a Schema.ofTable(...)
 *     }
 * }
 * }</pre>
 *
 * <p><b>Files</b> may be compressed with gzip, which is seen by their first bytes. Their text is UTF-8 unless
 * {@link #charset} says otherwise or a byte order mark says UTF-16. A byte order mark is no part of the text.
 *
 * <p><b>CSV</b> is read as RFC 4180 writes it: cells between separators, around them quotes where they hold separators, quotes
 * (doubled) or line breaks. Lines end with a line feed, a carriage return or both, also mixed. The first record names the
 * columns unless {@link #columns} does. Blank lines are skipped. Spaces are part of a cell, but for numbers. A quote inside a
 * cell that does not begin with one is a quote. Nothing about the file is guessed.
 *
 * <p><b>JSON lines</b> have one object a line. Blank lines are skipped.
 *
 * <p><b>Memory</b> is bounded whatever the file holds: by about twice the longest record allowed, 16 MiB unless
 * {@link #maxRowBytes} says otherwise, and by 128 KiB for ordinary records. Rows that are kept keep the block that they stand in.
 *
 * <p><b>What is not sound</b> is a {@link TableProblem} with line and column: cells missing or too many, text after a closing
 * quote, a quote that is not closed, bytes that are no text, a cell or a record that is too long, a line that is no JSON
 * object. The first one ends the reading with a {@link TableException}, unless {@link #skipping} allows some: then reading goes on at
 * the next record, and after a quote that is not closed at the line after it. A table without a header, with two columns of one
 * name or with too many columns always ends it.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy. Nothing is read before {@link #open()}.
 *
 * @since 0.1
 */
public final class Table {

    private static final int MOST_BYTES = 1 << 28;

    private enum Form {
        CSV,
        JSON_LINES,
        PARQUET,
        ROWS
    }

    private final Form form;
    private final @Nullable Path path;
    private final @Nullable Iterable<? extends Map<String, ?>> rows;
    private final @Nullable Charset charset;
    private final CsvDialect dialect;
    private final long mostSkipped;
    private final Consumer<? super TableProblem> told;

    private Table(
            Form form,
            @Nullable Path path,
            @Nullable Iterable<? extends Map<String, ?>> rows,
            @Nullable Charset charset,
            CsvDialect dialect,
            long mostSkipped,
            Consumer<? super TableProblem> told) {
        this.form = form;
        this.path = path;
        this.rows = rows;
        this.charset = charset;
        this.dialect = dialect;
        this.mostSkipped = mostSkipped;
        this.told = told;
    }

    /**
     * A CSV file with commas, double quotes, a header, empty cells for null and a point in decimal numbers.
     *
     * @param path the file, which may be compressed with gzip
     * @return the table
     */
    public static Table csv(Path path) {
        return new Table(Form.CSV, Objects.requireNonNull(path), null, null, CsvDialect.USUAL, 0, problem -> {});
    }

    /**
     * A file with a JSON object a line.
     *
     * @param path the file, which may be compressed with gzip
     * @return the table
     */
    public static Table jsonLines(Path path) {
        return new Table(Form.JSON_LINES, Objects.requireNonNull(path), null, null, CsvDialect.USUAL, 0, problem -> {});
    }

    /**
     * A Parquet file. Needs {@code blue.strategic.parquet:parquet-floor} on the class path, which reads it without Hadoop.
     *
     * <p>Values have the types they are stored with; points in time are {@code Instant}, decimals {@code BigDecimal}, texts
     * {@code String}; dates, and times without a zone, stay the numbers they are stored as. A field of a group is called
     * {@code group.field}. Rows are counted, not lines; to read on at a row, those before it are read and left out.
     *
     * @param path the file, on the default file system; a column that is a list makes it unreadable
     * @return the table
     */
    public static Table parquet(Path path) {
        return new Table(Form.PARQUET, Objects.requireNonNull(path), null, null, CsvDialect.USUAL, 0, problem -> {});
    }

    /**
     * Rows that the host has, or gets from a database, as maps from the columns' names to values of the types that
     * {@link io.github.plimsoll.core.schema.Schema#ofMap Schema.ofMap} reads.
     *
     * @param rows the rows, none of them null and not changed after they were given; asked for a new iterator by each
     *     {@link #open()}. An iterator that is {@link AutoCloseable} is closed
     * @return the table
     */
    public static Table rows(Iterable<? extends Map<String, ?>> rows) {
        return new Table(Form.ROWS, null, Objects.requireNonNull(rows), null, CsvDialect.USUAL, 0, problem -> {});
    }

    // ---- how it is written --------------------------------------------------------------------------------------

    /**
     * With another separator between cells.
     *
     * @param separator an ASCII character, such as a semicolon or a tab
     * @return a changed copy
     * @throws IllegalArgumentException if it is not ASCII, a line break, or used for something else
     * @throws IllegalStateException if the table is no CSV file
     */
    public Table separator(char separator) {
        return with(dialect.separator(separator));
    }

    /**
     * With another quote around cells.
     *
     * @param quote an ASCII character, or {@code '\0'} if no character is a quote
     * @return a changed copy
     * @throws IllegalArgumentException if it is not ASCII, a line break, or used for something else
     * @throws IllegalStateException if the table is no CSV file
     */
    public Table quote(char quote) {
        return with(dialect.quote(quote));
    }

    /**
     * Without the lines that begin with a character. Without this there are no comments.
     *
     * @param comment an ASCII character, such as {@code #}
     * @return a changed copy
     * @throws IllegalArgumentException if it is not ASCII, a line break, or used for something else
     * @throws IllegalStateException if the table is no CSV file
     */
    public Table comment(char comment) {
        return with(dialect.comment(comment));
    }

    /**
     * With another decimal separator in numbers. Separators between thousands are never understood: {@code 1.234,5} is no
     * number.
     *
     * @param decimal an ASCII character, such as a comma
     * @return a changed copy
     * @throws IllegalArgumentException if it is a digit, a sign, a letter, not ASCII, or a line break
     * @throws IllegalStateException if the table is no CSV file
     */
    public Table decimalSeparator(char decimal) {
        if (Character.isLetterOrDigit(decimal) || decimal == '-' || decimal == '+' || decimal == ' ') {
            throw new IllegalArgumentException(
                    "decimalSeparator: '" + decimal + "' (expected: such as a point or a comma)");
        }
        return with(dialect.decimal(decimal));
    }

    /**
     * With a zone for timestamps that have no offset, such as {@code 2026-01-31 12:00:00} or {@code 2026-01-31T12:00}. Without one they
     * are refused, since they name no point in time. Of an hour that comes twice, when clocks are set back, the first is meant; a time
     * that was skipped, when they are set forward, is refused. Timestamps with an offset mean what they say.
     *
     * @param zone the zone, such as {@code ZoneId.of("Europe/Paris")}
     * @return a changed copy
     * @throws IllegalStateException if the table is no CSV file
     */
    public Table zone(ZoneId zone) {
        return with(dialect.zone(Objects.requireNonNull(zone)));
    }

    /**
     * With other words for null than the empty cell alone.
     *
     * @param words the words, such as {@code "", "NA"}, compared letter by letter; none if nothing means null
     * @return a changed copy
     * @throws IllegalStateException if the table is no CSV file
     */
    public Table nulls(String... words) {
        return with(dialect.nulls(List.of(words)));
    }

    /**
     * With names for the columns, since the file has no header.
     *
     * @param names the names in the order of the cells
     * @return a changed copy
     * @throws IllegalArgumentException if there are none or two are the same
     * @throws IllegalStateException if the table is no CSV file
     */
    public Table columns(String... names) {
        List<String> header = List.of(names);
        if (header.isEmpty() || new HashSet<>(header).size() != header.size()) {
            throw new IllegalArgumentException("columns: " + header + " (expected: at least one, no repeats)");
        }
        return with(dialect.header(header));
    }

    private Table with(CsvDialect changed) {
        if (form != Form.CSV) {
            throw new IllegalStateException("option of CSV: the table is " + this + " (expected: a CSV file)");
        }
        String special = "" + changed.separator() + changed.quote() + changed.comment();
        for (int i = 0; i < special.length(); i++) {
            char c = special.charAt(i);
            boolean isNone = c == '\0' && i > 0;
            if (c > 126 || c == '\n' || c == '\r' || (c == '\0' && i == 0) || (!isNone && special.indexOf(c) != i)) {
                throw new IllegalArgumentException("separator, quote, comment: " + CsvDialect.shown(special)
                        + " (expected: ASCII characters that differ, no line breaks)");
            }
        }
        if (changed.decimal() > 126 || changed.decimal() < ' ') {
            throw new IllegalArgumentException(
                    "decimalSeparator: " + CsvDialect.shown("" + changed.decimal()) + " (expected: ASCII)");
        }
        return new Table(form, path, rows, charset, changed, mostSkipped, told);
    }

    /**
     * With text in another encoding than UTF-8. It is turned into UTF-8 while it is read.
     *
     * @param encoding the encoding
     * @return a changed copy
     * @throws IllegalStateException if the table is no file of text
     */
    public Table charset(Charset encoding) {
        if (form == Form.ROWS || form == Form.PARQUET) {
            throw new IllegalStateException("charset: the table is " + this + " (expected: a file of text)");
        }
        return new Table(form, path, rows, Objects.requireNonNull(encoding), dialect, mostSkipped, told);
    }

    // ---- how much of it is allowed ------------------------------------------------------------------------------

    /**
     * With another limit of columns than 16,384.
     *
     * @param most the most columns of a header
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     */
    public Table maxColumns(int most) {
        return limits(new CsvDialect.Limits(
                positive("maxColumns", most),
                dialect.limits().cellBytes(),
                dialect.limits().rowBytes()));
    }

    /**
     * With another limit of a cell's length than 1 MiB.
     *
     * @param most the most bytes of a cell, quotes not counted; for JSON lines, the most characters of a text
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1 or more than 256 MiB
     */
    public Table maxCellBytes(int most) {
        return limits(new CsvDialect.Limits(
                dialect.limits().columns(),
                positive("maxCellBytes", most),
                dialect.limits().rowBytes()));
    }

    /**
     * With another limit of a record's length than 16 MiB.
     *
     * @param most the most bytes of a record
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1 or more than 256 MiB
     */
    public Table maxRowBytes(int most) {
        return limits(new CsvDialect.Limits(
                dialect.limits().columns(), dialect.limits().cellBytes(), positive("maxRowBytes", most)));
    }

    private static int positive(String option, int most) {
        if (most < 1 || most > MOST_BYTES) {
            throw new IllegalArgumentException(option + ": " + most + " (expected: 1 to " + MOST_BYTES + ")");
        }
        return most;
    }

    private Table limits(CsvDialect.Limits limits) {
        return new Table(form, path, rows, charset, dialect.limits(limits), mostSkipped, told);
    }

    // ---- what becomes of records that are not sound -------------------------------------------------------------

    /**
     * Leaves records out that are not sound, and counts them: see {@link TableReader#skipped()}.
     *
     * @param most how many to leave out; the next one ends the reading
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative
     */
    public Table skipping(long most) {
        return skipping(most, problem -> {});
    }

    /**
     * Leaves records out that are not sound, and tells.
     *
     * @param most how many to leave out; the next one ends the reading
     * @param listener told of each one left out, in the table's order, on the reading thread; what it throws ends the reading
     * @return a changed copy
     * @throws IllegalArgumentException if the number is negative
     */
    public Table skipping(long most, Consumer<? super TableProblem> listener) {
        if (most < 0) {
            throw new IllegalArgumentException("skipping: " + most + " (expected: >= 0)");
        }
        return new Table(form, path, rows, charset, dialect, most, Objects.requireNonNull(listener));
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    /**
     * Opens the table and reads its header.
     *
     * @return a reader, to be closed
     * @throws TableException if there is no such table, or none that has a sound header
     * @throws IllegalStateException if it is a Parquet file and there is no library to read it
     */
    public TableReader open() {
        return open(new TablePosition(0, 1));
    }

    /**
     * Opens the table at a place in it, and reads its header too. In a plain UTF-8 file this takes no longer than opening it;
     * else the text before is read and left out.
     *
     * @param position what {@link TableReader#position()} gave for the same table
     * @return a reader, to be closed
     * @throws TableException if there is no such table, or none that has a sound header, or none as long as that
     */
    public TableReader open(TablePosition position) {
        try {
            return new TableReader(toString(), source(position), mostSkipped, told);
        } catch (IOException failure) {
            throw TableReader.unreadable(toString(), failure);
        }
    }

    private RowSource source(TablePosition position) throws IOException {
        if (rows != null) {
            return new MapSource(rows.iterator(), position.offset());
        }
        Path file = Objects.requireNonNull(path);
        if (form == Form.PARQUET) {
            return new ParquetSource(file, position.offset());
        }
        if (form == Form.JSON_LINES) {
            return new JsonLinesSource(TextSource.open(file, charset, position.offset()), dialect.limits(), position);
        }
        List<String> names = dialect.header();
        if (names == null && position.offset() > 0) {
            try (RowSource fromTheStart = csv(file, null, new TablePosition(0, 1))) {
                names = fromTheStart.columns();
            }
        }
        return csv(file, names, position);
    }

    private CsvSource csv(Path file, @Nullable List<String> names, TablePosition position) throws IOException {
        TextSource text = TextSource.open(file, charset, position.offset());
        try {
            return new CsvSource(toString(), text, dialect, names, position);
        } catch (IOException | RuntimeException | Error failure) {
            text.close();
            throw failure;
        }
    }

    /**
     * The file.
     *
     * @return its path; empty for rows of the host's own
     */
    public Optional<Path> path() {
        return Optional.ofNullable(path);
    }

    /**
     * How the table is written, as one line of text: two tables of one file give the same rows if they have the same.
     *
     * @return such as {@code CSV, separator ',', quote '"', decimal '.', nulls [''], UTF-8}
     */
    public String dialect() {
        return switch (form) {
            case ROWS -> "rows";
            case PARQUET -> "Parquet";
            case JSON_LINES -> "JSON lines, " + encoding() + ", " + dialect.limits();
            case CSV -> dialect.describe() + ", " + encoding() + ", " + dialect.limits();
        };
    }

    private String encoding() {
        return charset == null ? "UTF-8" : charset.name();
    }

    /** What the table is, in few words: the file, or {@code rows}. */
    @Override
    public String toString() {
        return path == null ? "rows" : path.toString();
    }
}
