package io.github.plimsoll.core.internal.table;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a CSV file is written, and how much of it may be held.
 *
 * @param separator stands between cells, ASCII
 * @param quote stands around cells, ASCII, or 0 if none does
 * @param comment begins lines that are skipped, ASCII, or 0 if none does
 * @param decimal the decimal separator of numbers, ASCII
 * @param nulls what means null
 * @param header the columns if the file does not name them, else null
 * @param zone where timestamps without an offset are local times, null if they are none
 * @param limits the most that a record may take
 */
public record CsvDialect(
        char separator,
        char quote,
        char comment,
        char decimal,
        List<String> nulls,
        @Nullable List<String> header,
        @Nullable ZoneId zone,
        Limits limits) {

    /**
     * The most that is held.
     *
     * @param columns of a header
     * @param cellBytes of a cell
     * @param rowBytes of a record
     */
    public record Limits(int columns, int cellBytes, int rowBytes) {}

    /** What CSV files mostly look like. */
    public static final CsvDialect USUAL =
            new CsvDialect(',', '"', '\0', '.', List.of(""), null, null, new Limits(16_384, 1 << 20, 1 << 24));

    byte[][] nullWords() {
        return nulls.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** With another separator. */
    public CsvDialect separator(char separator) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** With another quote. */
    public CsvDialect quote(char quote) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** With another comment. */
    public CsvDialect comment(char comment) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** With another decimal. */
    public CsvDialect decimal(char decimal) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** With another nulls. */
    public CsvDialect nulls(List<String> nulls) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** With another header. */
    public CsvDialect header(List<String> header) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** With another zone. */
    public CsvDialect zone(ZoneId zone) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** With another limits. */
    public CsvDialect limits(Limits limits) {
        return new CsvDialect(separator, quote, comment, decimal, nulls, header, zone, limits);
    }

    /** The dialect as one line. */
    public String describe() {
        return "CSV, separator " + shown("" + separator) + ", quote " + shown("" + quote) + ", comment "
                + shown("" + comment) + ", decimal " + shown("" + decimal) + ", nulls "
                + nulls.stream().map(CsvDialect::shown).toList() + ", columns "
                + (header == null ? "in the header" : header)
                + (zone == null ? "" : ", local times of " + zone);
    }

    /** Characters between quotation marks, control characters by their codes. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > 126) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append('\'').toString();
    }
}
