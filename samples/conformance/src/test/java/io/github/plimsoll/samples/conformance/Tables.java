package io.github.plimsoll.samples.conformance;

import io.github.plimsoll.core.table.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The tables of a reference folder: gzipped CSV with a header, empty cell = missing. Each is read once. */
final class Tables {

    private final Path folder;
    private final Map<String, Map<String, List<String>>> read = new HashMap<>();

    Tables(Path folder) {
        this.folder = folder;
    }

    /** A table as the product reads it. */
    Table table(String file) {
        return Table.csv(folder.resolve(file));
    }

    /** All cells of a column in file order, missing ones as empty text. */
    List<String> column(String table, String column) throws IOException {
        return read("datasets", table).get(column);
    }

    /** A series of {@code streams/}. */
    double[] stream(String name) throws IOException {
        return read("streams", name).get("value").stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private Map<String, List<String>> read(String part, String table) throws IOException {
        Map<String, List<String>> columns = read.get(table);
        if (columns == null) {
            columns = readTable(folder.resolve(part).resolve(table + ".csv.gz"));
            read.put(table, columns);
        }
        return columns;
    }

    private static Map<String, List<String>> readTable(Path file) throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            Map<String, List<String>> columns = new LinkedHashMap<>();
            List<List<String>> inOrder = new ArrayList<>();
            for (String name : cells(reader.readLine())) {
                List<String> cells = new ArrayList<>();
                columns.put(name, cells);
                inOrder.add(cells);
            }
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                List<String> cells = cells(line);
                for (int c = 0; c < inOrder.size(); c++) {
                    inOrder.get(c).add(cells.get(c));
                }
            }
            return columns;
        }
    }

    /** RFC 4180 without line breaks inside quotes, which these tables do not have. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    cell.append('"');
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
