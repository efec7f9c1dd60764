package io.github.plimsoll.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as RFC 4180 writes it, with a header.
 *
 * @param header the columns' names
 * @param rows the cells, as many a row as the header has
 */
record CsvTable(List<String> header, List<List<String>> rows) {

    /** Reads UTF-8 text to its end. */
    static CsvTable read(InputStream in) throws IOException {
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder();
        char[] buffer = new char[8192];
        for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
            text.append(buffer, 0, n);
        }
        List<List<String>> records = records(text);
        if (records.isEmpty()) {
            throw new IOException("table: empty (expected: a header)");
        }
        List<String> header = records.remove(0);
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).size() != header.size()) {
                throw new IOException(
                        "row " + i + ": " + records.get(i).size() + " cells (expected: " + header.size() + ")");
            }
        }
        return new CsvTable(header, records);
    }

    private static List<List<String>> records(CharSequence text) {
        List<List<String>> records = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    cell.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
                begun = true;
            } else if (c == ',') {
                row.add(cell.toString());
                cell.setLength(0);
                begun = true;
            } else if (c == '\n') {
                row.add(cell.toString());
                cell.setLength(0);
                records.add(row);
                row = new ArrayList<>();
                begun = false;
            } else if (c != '\r') {
                cell.append(c);
                begun = true;
            }
        }
        if (begun) {
            row.add(cell.toString());
            records.add(row);
        }
        return records;
    }
}
