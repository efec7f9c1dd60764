package io.github.plimsoll.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.audit.AuditReport;
import io.github.plimsoll.validation.audit.DataAudit;
import io.github.plimsoll.validation.audit.Finding;
import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every table of the reference folder's {@code datasets/}, with a fault of each kind planted into it: an audit finds the fault, and had not found it
 * before.
 */
class AuditOfTablesTest {

    private static final Path COMMITTED = Path.of("src/test/resources/reference");
    private static final int MOST_CLASSES = 20;

    @TempDir
    static Path folder;

    /** A table's cells as texts; null where there is none. */
    private record Cells(List<String> names, List<String[]> rows) {

        static Cells read(Path file) {
            try (TableReader reader = Table.csv(file).open()) {
                List<String[]> rows = new ArrayList<>();
                for (TableRow row : reader) {
                    rows.add(reader.columns().stream().map(row::text).toArray(String[]::new));
                }
                return new Cells(reader.columns(), rows);
            }
        }

        Cells copy() {
            return new Cells(
                    new ArrayList<>(names),
                    rows.stream().map(String[]::clone).collect(Collectors.toCollection(ArrayList::new)));
        }

        Stream<String> column(int column) {
            return rows.stream().map(row -> row[column]).filter(Objects::nonNull);
        }

        boolean isNumber(int column) {
            return column(column).findAny().isPresent() && column(column).allMatch(Cells::isNumber);
        }

        private static boolean isNumber(String text) {
            try {
                return Double.isFinite(Double.parseDouble(text));
            } catch (NumberFormatException e) {
                return false;
            }
        }

        /** Adds a column made from each row. */
        void add(String name, Function<String[], String> value) {
            names.add(name);
            rows.replaceAll(row -> {
                String[] longer = Arrays.copyOf(row, row.length + 1);
                longer[row.length] = value.apply(row);
                return longer;
            });
        }

        Table table(String name) {
            try {
                Path file = folder.resolve(name + ".csv");
                Files.write(
                        file,
                        Stream.concat(
                                        Stream.of(String.join(",", names)),
                                        rows.stream().map(Cells::line))
                                .toList());
                return Table.csv(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String line(String[] row) {
            return Arrays.stream(row)
                    .map(cell -> cell == null ? "" : '"' + cell.replace("\"", "\"\"") + '"')
                    .collect(Collectors.joining(","));
        }
    }

    @TestFactory
    Stream<DynamicTest> findsWhatIsPlanted() throws IOException {
        Path reference = Path.of(System.getProperty("plimsoll.reference", COMMITTED.toString()));
        Path datasets = reference.resolve("datasets");
        if (!Files.isDirectory(datasets)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(datasets)) {
            return files.filter(file -> file.toString().endsWith(".csv.gz")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> plant(file)));
        }
    }

    private static void plant(Path file) {
        Cells clean = Cells.read(file);
        AuditReport before = DataAudit.of(clean.table("clean")).run();
        Random random = new Random(7);
        int rows = clean.rows().size();

        Cells planted = clean.copy();
        Set<String> wanted = new HashSet<>();
        for (int column = 0; column < clean.names().size(); column++) {
            String name = clean.names().get(column);
            Map<String, Long> values =
                    clean.column(column).collect(Collectors.groupingBy(v -> v, Collectors.counting()));
            if (clean.isNumber(column)
                    && values.size() > 100
                    && wanted.stream().noneMatch(w -> w.startsWith("OUTLIERS"))) {
                planted.rows().get(rows / 2)[column] = "-9e15";
                planted.rows().get(rows / 3)[column] = "unknown";
                wanted.add("OUTLIERS [" + name + "]");
                wanted.add("MIXED_TYPES [" + name + "]");
            } else if (!clean.isNumber(column) && !values.isEmpty() && values.size() < 200) {
                String usual = values.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey();
                planted.rows().get(rows / 4)[column] = usual + " ";
                wanted.add("STRING_VARIANTS [" + name + "]");
            }
        }
        int label = labelColumn(clean);
        planted.add("constant", row -> "1.5");
        wanted.add("CONSTANT [constant]");
        int number = numberColumn(clean, label);
        if (number >= 0) {
            planted.add("tenfold", row -> number(row[number]));
            wanted.add("CORRELATED [" + clean.names().get(number) + ", tenfold]");
        }
        planted.add("sparse", row -> random.nextInt(10) == 0 ? null : "" + random.nextInt(1_000));
        wanted.add("MISSING [sparse]");
        planted.add("outcome", row -> random.nextInt(500) == 0 || row[label] == null ? "other" : row[label]);
        wanted.add("LEAK [outcome]");
        for (int i = 0; i < rows / 20 + 1; i++) {
            planted.rows().add(planted.rows().get(random.nextInt(rows)).clone());
        }
        wanted.add("DUPLICATES []");
        Cells testing = planted.copy();
        testing.rows().subList(rows / 10, testing.rows().size()).clear();
        wanted.add("OVERLAP []");

        AuditReport after = DataAudit.of(planted.table("planted"))
                .label(
                        isClasses(clean, label)
                                ? Feature.category(name(clean, label))
                                : Feature.number(name(clean, label)))
                .testing(testing.table("testing"))
                .run();

        Set<String> known = texts(before);
        wanted.removeIf(known::contains); // such as a column that has outliers anyway
        assertThat(texts(after)).as(after.toString()).containsAll(wanted);
        assertThat(wanted).hasSizeGreaterThan(3);
    }

    private static String number(String cell) {
        return cell == null ? null : Double.toString(10 * Double.parseDouble(cell) + 3);
    }

    private static String name(Cells cells, int column) {
        return cells.names().get(column);
    }

    private static int numberColumn(Cells cells, int label) {
        for (int column = 0; column < cells.names().size(); column++) {
            boolean varied = cells.column(column).distinct().limit(3).count() > 2;
            if (varied && cells.isNumber(column) && column != outlierColumn(cells) && column != label) {
                return column;
            }
        }
        return -1;
    }

    private static int outlierColumn(Cells cells) {
        for (int column = 0; column < cells.names().size(); column++) {
            if (cells.isNumber(column)
                    && cells.column(column).distinct().limit(101).count() > 100) {
                return column;
            }
        }
        return -1;
    }

    /** The last column of classes; the last column if there is none, which then has to hold numbers. */
    private static int labelColumn(Cells cells) {
        for (int column = cells.names().size() - 1; column >= 0; column--) {
            if (isClasses(cells, column)) {
                return column;
            }
        }
        return cells.names().size() - 1;
    }

    private static boolean isClasses(Cells cells, int column) {
        long different = cells.column(column).distinct().limit(MOST_CLASSES + 1).count();
        return different > 1 && different <= MOST_CLASSES;
    }

    private static Set<String> texts(AuditReport report) {
        return report.findings().stream()
                .filter(finding -> finding.severity() != Severity.INFO || finding.kind() == Kind.DUPLICATES)
                .map(AuditOfTablesTest::text)
                .collect(Collectors.toSet());
    }

    private static String text(Finding finding) {
        return finding.kind() + " " + finding.columns();
    }
}
