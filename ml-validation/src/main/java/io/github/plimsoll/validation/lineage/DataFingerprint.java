package io.github.plimsoll.validation.lineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What tells the rows of one table from those of another, whatever file they are in and whatever order they are in: a table has
 * the same fingerprint after it was sorted, its columns were moved, or it was written as JSON lines.
 *
 * <pre>{@code
 * DataFingerprint data = DataFingerprint.of(Table.csv(Path.of("train.csv")));
 * Files.writeString(Path.of("training-data.json"), data.toJson());
 * packager.part(DataFingerprint.PACKAGE_PART, Path.of("training-data.json"))
 *         .trainingData(data.describe(TrainingData.unknown()));
 * }</pre>
 *
 * <p><b>What is equal.</b> Two rows are if they have the same values under the same names. Nulls, and columns that a row does not
 * have, are nothing. Numbers are equal if they are the same {@code double} ({@code 1}, {@code 1.0} and {@code 1e0}; 0 and -0), whole
 * numbers if they have the same digits; a text that writes a number without leading zeros counts as the number, as CSV cannot
 * tell them apart. Other texts are equal character by character, so {@code True} is not JSON's {@code true}, and a time is
 * equal only to one that is written alike.
 *
 * <p><b>How sure it is.</b> {@link #content} is the sum of the SHA-256 of all rows modulo 2<sup>256</sup> (Bellare and Micciancio's
 * AdHash, 1997), in which repeats count. Different tables have the same by accident with a probability of 2<sup>-256</sup>.
 * It is no protection against somebody who makes up many rows to reach a given sum (Wagner 2002): for that, compare
 * the hash of the file.
 *
 * <p>Reading costs about a microsecond a row and a quarter of one a cell; memory is that of the columns. Immutable and
 * thread-safe.
 *
 * @since 0.1
 */
public final class DataFingerprint {

    /** The name of a package's part that is a fingerprint of the training data. */
    public static final String PACKAGE_PART = "training-data";

    /** The name under which the content is in the lineage of {@link TrainingData}. */
    public static final String LINEAGE = "plimsoll-rows";

    private static final String FORM = "plimsoll-fingerprint";
    private static final int VERSION = 1;
    private static final int LARGEST = 16 << 20;
    private static final Pattern CONTENT = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern COLUMN = Pattern.compile("[0-9a-f]{16}");

    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(5).build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final long rows;
    private final String content;
    private final Map<String, String> columns;

    DataFingerprint(long rows, String content, Map<String, String> columns) {
        this.rows = rows;
        this.content = content;
        this.columns = Collections.unmodifiableMap(new TreeMap<>(columns));
    }

    /**
     * The fingerprint of a table, in one pass.
     *
     * @param table the table; its own limits and what it skips hold
     * @return the fingerprint
     * @throws TableException if the table cannot be read to its end
     * @throws CancellationException if the calling thread is interrupted
     */
    public static DataFingerprint of(Table table) {
        return of(table, -1, beginning -> {});
    }

    /** The fingerprint of a table, and that of its first rows, if there are as many. */
    static DataFingerprint of(Table table, long first, Consumer<DataFingerprint> beginning) {
        RowSum sum = new RowSum();
        try (TableReader reader = table.open()) {
            List<String> header = reader.columns().stream().sorted().toList();
            header.forEach(sum::column);
            for (TableRow row : reader) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("fingerprint of " + table + ": interrupted");
                }
                if (sum.rows() == first) {
                    beginning.accept(sum.fingerprint());
                }
                List<String> columns =
                        header.isEmpty() ? row.columns().stream().sorted().toList() : header;
                columns.forEach(sum::column);
                sum.add(row, columns);
            }
        }
        return sum.fingerprint();
    }

    /**
     * Reads a fingerprint from a file.
     *
     * @param file the file, as {@link #toJson} writes it
     * @return the fingerprint
     * @throws LineageException if the file cannot be read, or is not of this form, or of a newer version
     */
    public static DataFingerprint read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new LineageException(
                        "fingerprint " + file + ": more than " + LARGEST + " bytes (expected: at most that)", null);
            }
            return parse("fingerprint " + file, new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LineageException("fingerprint " + file + ": cannot be read: " + e, e);
        }
    }

    /**
     * Reads a fingerprint from a text.
     *
     * @param json what {@link #toJson} gave
     * @return the fingerprint
     * @throws LineageException if the text is not of this form, or of a newer version
     */
    public static DataFingerprint parse(String json) {
        return parse("fingerprint", json);
    }

    private static DataFingerprint parse(String where, String json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new LineageException(where + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
        int version = tree.path(FORM).asInt(0);
        if (version != VERSION) {
            throw new LineageException(
                    where + ": " + FORM + ": " + tree.path(FORM) + " (expected: " + VERSION
                            + (version > VERSION ? "; it needs a newer Plimsoll)" : ")"),
                    null);
        }
        JsonNode rows = tree.path("rows");
        if (!rows.canConvertToLong() || !rows.isIntegralNumber() || rows.longValue() < 0) {
            throw new LineageException(where + ": rows: " + rows + " (expected: a whole number >= 0)", null);
        }
        Map<String, String> columns = new TreeMap<>();
        tree.path("columns")
                .properties()
                .forEach(column -> columns.put(
                        column.getKey(), hash(where, "columns." + column.getKey(), column.getValue(), COLUMN)));
        return new DataFingerprint(rows.longValue(), hash(where, "content", tree.path("content"), CONTENT), columns);
    }

    private static String hash(String where, String key, JsonNode value, Pattern form) {
        if (!value.isTextual() || !form.matcher(value.textValue()).matches()) {
            throw new LineageException(where + ": " + key + ": " + value + " (expected: " + form + ")", null);
        }
        return value.textValue();
    }

    /**
     * The fingerprint as a file.
     *
     * @return JSON, the same text for equal fingerprints
     */
    public String toJson() {
        ObjectNode tree = JsonNodeFactory.instance
                .objectNode()
                .put(FORM, VERSION)
                .put("rows", rows)
                .put("content", content)
                .put("schema", schema());
        ObjectNode hashes = tree.putObject("columns");
        columns.forEach(hashes::put);
        return tree.toPrettyString().replace(System.lineSeparator(), "\n") + "\n";
    }

    /**
     * Adds the number of rows and the content to what a model's package says of its training data.
     *
     * @param data what is known besides, such as {@link TrainingData#file(Path) the file}
     * @return a changed copy
     */
    public TrainingData describe(TrainingData data) {
        return data.rows(rows).lineage(LINEAGE, content);
    }

    /**
     * The number of rows.
     *
     * @return a number >= 0
     */
    public long rows() {
        return rows;
    }

    /**
     * The hash of all rows, in any order.
     *
     * @return 64 hexadecimal digits in lower case
     */
    public String content() {
        return content;
    }

    /**
     * The hash of the columns' names, in any order: SHA-256 of the sorted names, each with a line feed after it.
     *
     * @return 64 hexadecimal digits in lower case
     */
    public String schema() {
        StringBuilder names = new StringBuilder();
        columns.keySet().forEach(name -> names.append(name).append('\n'));
        return HexFormat.of().formatHex(RowSum.sha256().digest(names.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * A hash of the values of each column, in any order of rows: it says where two tables differ, and is too short, at 64 bits, to
     * prove that they do not.
     *
     * @return an immutable map from the column's name to 16 hexadecimal digits, in the order of the names
     */
    public Map<String, String> columns() {
        return columns;
    }

    /** Whether the other object is the fingerprint of the same rows and columns. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DataFingerprint that
                && rows == that.rows
                && content.equals(that.content)
                && columns.equals(that.columns);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rows, content);
    }

    /** The fingerprint as one line. */
    @Override
    public String toString() {
        return rows + " rows of " + columns.size() + " columns, content " + content;
    }
}
