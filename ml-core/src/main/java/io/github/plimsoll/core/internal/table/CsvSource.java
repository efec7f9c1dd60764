package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableProblem.Kind;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the records of a CSV file. */
public final class CsvSource implements RowSource {

    // The text is read in blocks. A block ends where a record ends: what is left over begins the next one. So a block
    // never changes once its rows have been given away, which makes rows immutable and lets other threads read them.
    //
    // A record ends at a line break outside quotes, so finding its end needs all the text before: one thread does it,
    // in
    // the same pass that finds the cells. What costs more, reading numbers and asking a model, needs only the rows.
    //
    // A quote that is never closed would swallow the rest of the file. It is given up when its cell is longer than
    // allowed
    // or the text ends, and reading goes on at the line after the one with the quote: one bad line costs one record,
    // and
    // the reading of one cell.
    //
    // Whatever is given up is given up at a place that depends on the text alone, not on where a block ends: reading on
    // from any position gives what reading from the start would have given.

    private static final int BLOCK = 1 << 17;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    // What a scan came to, where it did not come to the place after a record.
    private static final int MORE = -1; // the record goes on beyond what has been read
    private static final int BROKEN = -2; // see broken

    /**
     * What is wrong with a record.
     *
     * @param end where what is lost ends, or a place in the line where it ends
     * @param isInLine whether {@code end} is such a place
     */
    private record Broken(Kind kind, int column, String message, int end, boolean isInLine) {}

    private final int blockBytes;
    private final String table;
    private final TextSource text;
    private final CsvDialect dialect;
    private final boolean[] endsRun = new boolean[256]; // of bytes outside quotes
    private final boolean[] endsQuotedRun = new boolean[256];
    private final byte separator;
    private final byte quote;
    private final byte comment;
    private final long separators; // eight of them
    private Columns columns; // none while the header is read
    private int width;

    // What has been read and is in no block yet.
    private byte[] rest = {};
    private int restFrom;
    private int restTo;
    private TablePosition restBegin;
    private boolean atEnd;

    // The block being made.
    private byte[] bytes = rest;
    private int limit;
    private int[] marks = {};
    private int usedMarks;
    private int recordEnd;
    private int lineBreaks; // in the record that was scanned last
    private int plainSeen; // negative if there may be a byte that is not ASCII in the cells that plainCells went over
    private @Nullable Broken broken;

    private @Nullable CsvBlock block;
    private int record;

    /**
     * A source.
     *
     * @param table what the table is called
     * @param text the text from {@code begin} on; closed by {@link #close}, also if this throws
     * @param dialect how the file is written
     * @param names the columns, or null to read them from the first record
     * @param begin where the text begins
     */
    public CsvSource(
            String table, TextSource text, CsvDialect dialect, @Nullable List<String> names, TablePosition begin)
            throws IOException {
        this(table, text, dialect, names, begin, BLOCK);
    }

    /** As above, with blocks of another size, which changes nothing that can be seen but the speed. */
    CsvSource(
            String table,
            TextSource text,
            CsvDialect dialect,
            @Nullable List<String> names,
            TablePosition begin,
            int blockBytes)
            throws IOException {
        this.blockBytes = blockBytes;
        this.table = table;
        this.text = text;
        this.dialect = dialect;
        separator = (byte) dialect.separator();
        separators = Words.of(separator);
        quote = (byte) dialect.quote();
        comment = (byte) dialect.comment();
        for (boolean[] ends : new boolean[][] {endsRun, endsQuotedRun}) {
            ends['\n'] = true;
            ends['\r'] = true;
        }
        endsRun[separator] = true;
        endsQuotedRun[quote] = true;
        restBegin = begin;
        if (begin.offset() == 0) {
            rest = new byte[blockBytes];
            read(rest, 0);
            restTo = limit;
            boolean isMarked = Arrays.equals(rest, 0, Math.min(3, restTo), BYTE_ORDER_MARK, 0, 3);
            restFrom = isMarked ? 3 : 0;
            restBegin = new TablePosition(restFrom, 1);
        }
        columns = new Columns(List.of(), dialect);
        columns = new Columns(names == null ? header() : names, dialect);
        width = columns.names.size();
    }

    private List<String> header() throws IOException {
        CsvBlock first = nextBlock(1);
        if (first == null) {
            throw fatal(Kind.EMPTY, 0, "empty (expected: a line with the names of the columns)");
        }
        if (first.at(0, CsvBlock.MARK) < 0) {
            throw new TableException(table, first.problems().get(0), null);
        }
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        CsvRow row = new CsvRow(first, 0);
        for (int i = 0; i < usedMarks / CsvBlock.CELL; i++) {
            String name = row.text(i);
            if (name.indexOf('\0') >= 0) {
                throw fatal(
                        Kind.BAD_ENCODING, i + 1, "a zero byte in the header (expected: text in the encoding stated)");
            }
            if (!seen.add(name)) {
                throw fatal(
                        Kind.DUPLICATE_COLUMN,
                        i + 1,
                        "'" + shown(name) + "' is also column " + (names.indexOf(name) + 1)
                                + " (expected: names that differ)");
            }
            names.add(name);
        }
        return names;
    }

    private TableException fatal(Kind kind, int column, String message) {
        return new TableException(table, new TableProblem(kind, column == 0 ? 0 : 1, column, 0, message, ""), null);
    }

    private static String shown(String name) {
        return name.length() <= 80 ? name : name.substring(0, 77) + "...";
    }

    // ---- records ------------------------------------------------------------------------------------------------

    @Override
    public List<String> columns() {
        return columns.names;
    }

    @Override
    public boolean advance() throws IOException {
        if (block != null && record + 1 < block.count()) {
            record++;
            return true;
        }
        CsvBlock next = nextBlock(Integer.MAX_VALUE);
        if (next == null) {
            return false;
        }
        block = next;
        record = 0;
        return true;
    }

    @Override
    public @Nullable TableRow row() {
        CsvBlock current = Objects.requireNonNull(block);
        return current.at(record, CsvBlock.MARK) < 0 ? null : new CsvRow(current, record);
    }

    @Override
    public TableProblem problem() {
        CsvBlock current = Objects.requireNonNull(block);
        return current.problems().get(~current.at(record, CsvBlock.MARK));
    }

    @Override
    public TablePosition position() {
        return block == null ? restBegin : block.after(record);
    }

    @Override
    public long bytesRead() {
        return text.bytesRead();
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    // ---- blocks -------------------------------------------------------------------------------------------------

    /** The next records, at least one, or null at the end. */
    private @Nullable CsvBlock nextBlock(int mostRecords) throws IOException {
        while (true) {
            int left = restTo - restFrom;
            bytes = new byte[Math.max(blockBytes, 2 * left)];
            System.arraycopy(rest, restFrom, bytes, 0, left);
            read(bytes, left);
            CsvBlock made = cut(mostRecords);
            if (made.count() > 0) {
                return made;
            }
            if (atEnd && restFrom == restTo) {
                return null;
            }
        }
    }

    private void read(byte[] into, int from) throws IOException {
        int count = atEnd ? 0 : text.read(into, from, into.length - from);
        limit = from + count;
        atEnd |= limit < into.length;
    }

    /** Finds the records in the bytes; what is no whole record is left over. */
    private CsvBlock cut(int mostRecords) throws IOException {
        marks = new int
                [Math.max(usedMarks + usedMarks / 16 * CsvBlock.CELL, 1024)]; // about as many as the last block had
        usedMarks = 0;
        int[] records = new int[CsvBlock.RECORD * 256];
        int count = 0;
        List<TableProblem> problems = new ArrayList<>(0);
        TablePosition begin = restBegin;
        int line = 0;
        int at = 0;
        boolean dropped = false; // whether the line at the end was, so that what is left over begins elsewhere
        while (at < limit && count < mostRecords && !dropped) {
            byte first = bytes[at];
            if (first == '\n' || first == '\r') {
                int next = afterBreak(at);
                if (next == MORE) {
                    break;
                }
                at = next;
                line++;
                continue;
            }
            if (first == comment && comment != 0) {
                int next = afterLine(at);
                dropped = next == MORE;
                at = dropped ? dropLine(begin, at) : next;
                line++;
                continue;
            }
            int mark = usedMarks;
            int next = scan(at);
            if (next == MORE) {
                break;
            }
            int end = recordEnd;
            int breaks = lineBreaks;
            if (next == BROKEN) {
                usedMarks = mark;
                mark = ~problems.size();
                Broken fault = Objects.requireNonNull(broken);
                next = fault.isInLine() ? afterLine(fault.end()) : fault.end();
                if (next == MORE && limit - at < TableProblem.RAW_LIMIT) {
                    break; // what is kept of the record must not depend on where the block ends
                }
                dropped = next == MORE;
                end = dropped ? limit : next;
                breaks = lineBreaks(at, end);
                problems.add(problem(fault, begin, at, end, line));
                if (dropped) {
                    next = dropLine(begin, at);
                    breaks++;
                }
            }
            if ((count + 1) * CsvBlock.RECORD > records.length) {
                records = Arrays.copyOf(records, records.length * 2);
            }
            int slot = CsvBlock.RECORD * count++;
            records[slot + CsvBlock.START] = at;
            records[slot + CsvBlock.END] = end;
            records[slot + CsvBlock.NEXT] = next;
            records[slot + CsvBlock.LINE] = line;
            line += breaks;
            records[slot + CsvBlock.NEXT_LINE] = line;
            records[slot + CsvBlock.MARK] = mark;
            at = next;
        }
        if (dropped) {
            restBegin = new TablePosition(restBegin.offset(), begin.line() + line);
        } else {
            rest = bytes;
            restFrom = at;
            restTo = limit;
            restBegin = new TablePosition(begin.offset() + at, begin.line() + line);
        }
        return new CsvBlock(columns, bytes, marks, records, count, problems, begin, restBegin);
    }

    private TableProblem problem(Broken fault, TablePosition begin, int from, int end, int line) {
        int to = end;
        while (to > from && (bytes[to - 1] == '\n' || bytes[to - 1] == '\r')) {
            to--;
        }
        String raw = new String(bytes, from, Math.min(to - from, TableProblem.RAW_LIMIT), StandardCharsets.UTF_8);
        return new TableProblem(
                fault.kind(), begin.line() + line, fault.column(), begin.offset() + from, fault.message(), raw);
    }

    /** The place after the line break at a place, or MORE if it may go on. */
    private int afterBreak(int at) {
        if (bytes[at] == '\n') {
            return at + 1;
        }
        if (at + 1 == limit && !atEnd) {
            return MORE;
        }
        return at + 1 < limit && bytes[at + 1] == '\n' ? at + 2 : at + 1;
    }

    /** The place after the next line break or at the text's end, or MORE. */
    private int afterLine(int from) {
        for (int at = from; at < limit; at++) {
            if (bytes[at] == '\n' || bytes[at] == '\r') {
                return afterBreak(at);
            }
        }
        return atEnd ? limit : MORE;
    }

    private int lineBreaks(int from, int to) {
        int count = 0;
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n' || (bytes[at] == '\r' && !(at + 1 < to && bytes[at + 1] == '\n'))) {
                count++;
            }
        }
        return count;
    }

    /** Reads on to the next line, which is what is then left over; gives the end of the bytes. */
    private int dropLine(TablePosition begin, int from) throws IOException {
        boolean wasReturn = limit > from && bytes[limit - 1] == '\r';
        long offset = begin.offset() + limit;
        rest = new byte[blockBytes];
        while (true) {
            int count = text.read(rest, 0, rest.length);
            atEnd = count < rest.length;
            restTo = count;
            for (int at = 0; at < count; at++) {
                if (wasReturn || rest[at] == '\n') {
                    restFrom = rest[at] == '\n' ? at + 1 : at;
                    restBegin = new TablePosition(offset + restFrom, begin.line());
                    return limit;
                }
                wasReturn = rest[at] == '\r';
            }
            offset += count;
            if (atEnd) {
                restFrom = count;
                restBegin = new TablePosition(offset, begin.line());
                return limit;
            }
        }
    }

    // ---- one record ---------------------------------------------------------------------------------------------

    /** Finds the cells of the record at a place; gives the place after it, MORE or BROKEN. */
    private int scan(int from) {
        byte[] text = bytes;
        int to = limit;
        int cellBytes = dialect.limits().cellBytes();
        int rowLimit =
                (int) Math.min(Integer.MAX_VALUE, (long) from + dialect.limits().rowBytes() + 1);
        int mostCells = width == 0 ? dialect.limits().columns() : width;
        int firstMark = usedMarks;
        int cells = 0;
        int breaks = 0;
        int seen = 0; // negative once a byte is that is not ASCII
        int at = from;
        while (true) {
            int cell = at;
            int end;
            int quoted = 0;
            int escaped = 0;
            if (at < to && text[at] == quote && quote != 0) {
                quoted = CsvBlock.FLAG;
                cell = ++at;
                int bound = Math.min(rowLimit, cell + cellBytes + 1);
                int stop = Math.min(to, bound);
                int nextLine = -1;
                while (true) {
                    while (at < stop && !endsQuotedRun[text[at] & 0xFF]) {
                        seen |= text[at++];
                    }
                    if (at >= stop) {
                        if (at < bound && !atEnd) {
                            return MORE;
                        }
                        return unclosed(cells, at, bound, rowLimit, nextLine);
                    }
                    if (text[at] == quote) {
                        if (at + 1 == to && !atEnd) {
                            return MORE;
                        }
                        if (at + 1 == to || text[at + 1] != quote) {
                            break;
                        }
                        escaped = CsvBlock.FLAG;
                        at += 2;
                    } else {
                        at = afterBreak(at);
                        if (at == MORE) {
                            return MORE;
                        }
                        breaks++;
                        nextLine = nextLine < 0 ? at : nextLine;
                    }
                }
                end = at++;
                if (at == to && !atEnd) {
                    return MORE;
                }
                if (at < to && !endsRun[text[at] & 0xFF]) {
                    return broken(
                            Kind.BAD_QUOTE,
                            cells,
                            "text after the closing quote (expected: the separator or the end of the line)",
                            at,
                            true);
                }
            } else {
                if (cells < mostCells) {
                    at = plainCells(at, rowLimit, mostCells - cells);
                    seen |= plainSeen;
                    cells = (usedMarks - firstMark) / CsvBlock.CELL;
                    if (at < 0) {
                        at = ~at;
                        break;
                    }
                    if (at < to && text[at] == quote && quote != 0) {
                        continue;
                    }
                    cell = at;
                }
                int bound = Math.min(rowLimit, cell + cellBytes + 1);
                int stop = Math.min(to, bound);
                while (at < stop && !endsRun[text[at] & 0xFF]) {
                    seen |= text[at++];
                }
                if (at == bound) {
                    return tooLong(cells, at, rowLimit);
                }
                if (at == to && !atEnd) {
                    return MORE;
                }
                end = at;
            }
            if (cells < mostCells) {
                if (usedMarks == marks.length) {
                    marks = Arrays.copyOf(marks, marks.length * 2);
                }
                marks[usedMarks] = cell | quoted;
                marks[usedMarks + 1] = end | escaped;
                usedMarks += CsvBlock.CELL;
            }
            cells++;
            if (at == to || text[at] != separator) {
                break;
            }
            at++;
        }
        recordEnd = at;
        if (at < to) {
            at = afterBreak(at);
            if (at == MORE) {
                return MORE;
            }
            breaks++;
        }
        lineBreaks = breaks;
        return verdict(from, firstMark, cells, seen, at);
    }

    /**
     * Marks cells from a place on for as long as they need no second look: not quoted, of a length that is allowed, and far enough from the
     * end of the text to be looked at eight bytes at a time. Gives where the first cell begins that does, or the complement of where the
     * record ends.
     *
     * @param most how many cells may be marked
     */
    private int plainCells(int from, int rowLimit, int most) {
        byte[] text = bytes;
        int[] places = marks;
        int used = usedMarks;
        int full = (int) Math.min(Integer.MAX_VALUE, used + (long) most * CsvBlock.CELL);
        int longest = dialect.limits().cellBytes();
        int last = Math.min(limit, rowLimit) - Long.BYTES;
        int cell = from;
        int end = -1;
        long seen = 0;
        words:
        for (int at = from; at <= last; at += Long.BYTES) {
            long word = Words.at(text, at);
            seen |= word;
            long found = Words.zeros(word ^ separators) | Words.controls(word);
            for (; found != 0; found &= found - 1) {
                int place = at + Words.first(found);
                byte b = text[place];
                boolean ends = b == '\n' || b == '\r';
                if (b != separator && !ends) {
                    continue; // another control character
                }
                if (used == full || place - cell > longest || (text[cell] == quote && quote != 0)) {
                    break words;
                }
                if (used == places.length) {
                    places = Arrays.copyOf(places, used * 2);
                    marks = places;
                }
                places[used] = cell;
                places[used + 1] = place;
                used += CsvBlock.CELL;
                if (ends) {
                    end = place;
                    break words;
                }
                cell = place + 1;
            }
        }
        usedMarks = used;
        plainSeen = (seen & Words.SIGNS) == 0 ? 0 : -1;
        return end < 0 ? cell : ~end;
    }

    /** What is wrong with a record whose end has been found, if anything. */
    private int verdict(int from, int firstMark, int cells, int seen, int next) {
        int invalid = seen < 0 ? Utf8.invalidAt(bytes, from, recordEnd) : -1;
        if (invalid >= 0) {
            int column = 0;
            while (firstMark + CsvBlock.CELL * column < usedMarks
                    && (marks[firstMark + CsvBlock.CELL * column] & ~CsvBlock.FLAG) <= invalid) {
                column++;
            }
            return broken(
                    Kind.BAD_ENCODING,
                    Math.max(column - 1, 0),
                    "byte 0x" + Integer.toHexString(bytes[invalid] & 0xFF)
                            + " (expected: text in the table's encoding)",
                    next,
                    false);
        }
        if (width == 0 && cells > dialect.limits().columns()) {
            return broken(
                    Kind.TOO_MANY_COLUMNS,
                    dialect.limits().columns(),
                    cells + " columns (expected: at most " + dialect.limits().columns() + ")",
                    next,
                    false);
        }
        if (width != 0 && cells != width) {
            return broken(
                    Kind.RAGGED,
                    Math.min(cells, width),
                    cells + " cells (expected: " + width + ", as there are columns)",
                    next,
                    false);
        }
        return next;
    }

    private int unclosed(int cell, int at, int bound, int rowLimit, int nextLine) {
        if (at < bound || nextLine >= 0) {
            return broken(
                    Kind.OPEN_QUOTE,
                    cell,
                    "a quote that is not closed (expected: a closing quote, within "
                            + dialect.limits().cellBytes() + " bytes)",
                    nextLine < 0 ? at : nextLine,
                    false);
        }
        return tooLong(cell, at, rowLimit);
    }

    private int tooLong(int cell, int at, int rowLimit) {
        boolean isRow = at >= rowLimit;
        return broken(
                isRow ? Kind.ROW_TOO_LONG : Kind.CELL_TOO_LONG,
                cell,
                isRow
                        ? "more than " + dialect.limits().rowBytes() + " bytes in a record (expected: at most that)"
                        : "more than " + dialect.limits().cellBytes() + " bytes in a cell (expected: at most that)",
                at,
                true);
    }

    private int broken(Kind kind, int cell, String message, int end, boolean isInLine) {
        broken = new Broken(kind, cell + 1, named(cell) + message, end, isInLine);
        return BROKEN;
    }

    private String named(int cell) {
        return width != 0 && cell < width ? "'" + shown(columns.names.get(cell)) + "': " : "";
    }
}
