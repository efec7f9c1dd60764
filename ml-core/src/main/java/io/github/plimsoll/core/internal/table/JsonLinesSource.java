package io.github.plimsoll.core.internal.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableProblem.Kind;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a JSON lines file, an object each. */
public final class JsonLinesSource implements RowSource {

    private static final int DEEPEST = 40;
    private static final int BLOCK = 1 << 17;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final TextSource text;
    private final int rowBytes;
    private final ObjectReader json;

    private byte[] bytes = new byte[BLOCK]; // what is read of the text, from a line's begin on
    private int from;
    private int limit;
    private boolean atEnd;
    private long offset; // of bytes[0]
    private long line;
    private @Nullable TableRow row;
    private @Nullable TableProblem problem;

    /**
     * A source.
     *
     * @param text the text from {@code begin} on; closed by {@link #close}
     * @param limits the most that a line and a text in it may take
     * @param begin where the text begins
     */
    public JsonLinesSource(TextSource text, CsvDialect.Limits limits, TablePosition begin) {
        this.text = text;
        rowBytes = limits.rowBytes();
        json = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEEPEST)
                                .maxStringLength(limits.cellBytes())
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build()
                .reader();
        offset = begin.offset();
        line = begin.line();
    }

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public boolean advance() throws IOException {
        row = null;
        problem = null;
        while (row == null && problem == null) {
            int end = lineEnd();
            if (end < 0 && limit - from > rowBytes) {
                problem = tooLong();
                dropLine();
            } else if (end < 0 && !atEnd) {
                fill();
            } else if (end < 0 && from == limit) {
                return false;
            } else {
                int begin = from;
                from = end < 0 ? limit : end + 1;
                read(begin, end < 0 ? limit : end, line++);
            }
        }
        return true;
    }

    /** The place of the next line feed, or -1. */
    private int lineEnd() {
        int most = (int) Math.min(limit, (long) from + rowBytes + 1);
        for (int at = from; at < most; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** Reads more behind what is there. Bytes that rows were made of are not overwritten. */
    private void fill() throws IOException {
        if (limit == bytes.length) {
            byte[] more = new byte[Math.max(BLOCK, 2 * (limit - from))];
            System.arraycopy(bytes, from, more, 0, limit - from);
            offset += from;
            limit -= from;
            from = 0;
            bytes = more;
        }
        boolean isFirst = offset == 0 && limit == 0;
        int count = text.read(bytes, limit, bytes.length - limit);
        limit += count;
        atEnd = limit < bytes.length;
        if (isFirst && Arrays.equals(bytes, 0, Math.min(3, limit), BYTE_ORDER_MARK, 0, 3)) {
            from = 3;
        }
    }

    private TableProblem tooLong() {
        return problem(
                Kind.ROW_TOO_LONG,
                from,
                from + rowBytes, // not the limit: what is kept must not depend on how much has been read
                line,
                "more than " + rowBytes + " bytes in a line (expected: at most that)");
    }

    private void dropLine() throws IOException {
        while (true) {
            for (int at = from; at < limit; at++) {
                if (bytes[at] == '\n') {
                    from = at + 1;
                    line++;
                    return;
                }
            }
            if (atEnd) {
                from = limit;
                return;
            }
            offset += limit;
            bytes = new byte[BLOCK];
            from = 0;
            limit = text.read(bytes, 0, BLOCK);
            atEnd = limit < BLOCK;
        }
    }

    private void read(int begin, int end, long number) throws IOException {
        int invalid = Utf8.invalidAt(bytes, begin, end);
        if (invalid >= 0) {
            problem = problem(
                    Kind.BAD_ENCODING,
                    begin,
                    end,
                    number,
                    "byte 0x" + Integer.toHexString(bytes[invalid] & 0xFF) + " at character " + (invalid - begin + 1)
                            + " (expected: text in the table's encoding)");
            return;
        }
        if (isBlank(begin, end)) {
            return;
        }
        try {
            JsonNode node = json.readTree(bytes, begin, end - begin);
            if (node instanceof ObjectNode object) {
                row = new JsonRow(object, bytes, begin, end, offset + begin, number);
            } else {
                problem = problem(
                        Kind.BAD_JSON,
                        begin,
                        end,
                        number,
                        "no object (expected: one JSON object without repeated keys)");
            }
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation(); // its message may hold the line's text
            problem = problem(
                    Kind.BAD_JSON,
                    begin,
                    end,
                    number,
                    "not valid JSON" + (at == null ? "" : " at character " + at.getColumnNr())
                            + " (expected: one JSON object without repeated keys)");
        }
    }

    private boolean isBlank(int begin, int end) {
        for (int at = begin; at < end; at++) {
            if (bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != '\r') {
                return false;
            }
        }
        return true;
    }

    private TableProblem problem(Kind kind, int begin, int end, long number, String message) {
        int length = Math.min(end - begin, TableProblem.RAW_LIMIT);
        String raw = new String(bytes, begin, length, StandardCharsets.UTF_8);
        return new TableProblem(kind, number, 0, offset + begin, message, raw.endsWith("\r") ? raw.strip() : raw);
    }

    @Override
    public @Nullable TableRow row() {
        return row;
    }

    @Override
    public TableProblem problem() {
        return Objects.requireNonNull(problem);
    }

    @Override
    public TablePosition position() {
        return new TablePosition(offset + from, line);
    }

    @Override
    public long bytesRead() {
        return text.bytesRead();
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
