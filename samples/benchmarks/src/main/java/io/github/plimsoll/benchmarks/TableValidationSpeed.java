package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.ColumnContract;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.RowRule;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.data.TableValidation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How fast one thread holds a CSV file against a contract.
 *
 * <p>The file has 20 columns: 10 numbers with two decimals, two of them sometimes empty, 4 whole numbers, 4 names of a set of five, an id and a
 * timestamp. Each has a rule of its own (range, set, length, bounds), and there is one between two columns. If the file is not there,
 * it is written, 100 MB, so that {@code src/main/python/table_validation.py} can be given the same one. Each round is one line: megabytes a second of
 * the thread's own CPU time, and on the wall.
 *
 * <pre>
 * java -cp samples/benchmarks/target/benchmarks.jar io.github.plimsoll.benchmarks.TableValidationSpeed FILE [ROUNDS]
 * </pre>
 */
public final class TableValidationSpeed {

    private static final long BYTES = 100_000_000;
    private static final String[] COLOURS = {"red", "green", "blue", "black", "white"};
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private TableValidationSpeed() {}

    /**
     * Runs.
     *
     * @param arguments the file, and how many rounds, 5 unless given
     * @throws IOException if the file cannot be written
     */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        if (!Files.exists(file)) {
            write(file);
        }
        TableValidation validation = TableValidation.of(contract());
        double megabytes = Files.size(file) / 1e6;
        for (int round = 0; round < rounds; round++) {
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long wall = System.nanoTime();
            TableReport report = validation.validate(Table.csv(file));
            double cpuSeconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
            double wallSeconds = (System.nanoTime() - wall) / 1e9;
            System.out.printf(
                    "%d rows, %d anomalies: %.0f MB/s of CPU, %.0f MB/s on the wall%n",
                    report.rows(), report.anomalies().size(), megabytes / cpuSeconds, megabytes / wallSeconds);
        }
    }

    private static DataContract contract() {
        List<ColumnContract> columns = new ArrayList<>();
        columns.add(ColumnContract.of(Feature.text("id")).length(8, 12));
        columns.add(ColumnContract.of(Feature.timestamp("at")).between(START, START.plusSeconds(86_400L * 3_650)));
        for (int i = 0; i < 10; i++) {
            Feature number = Feature.number("n" + i).range(-10_000, 10_000);
            columns.add(ColumnContract.of(i < 2 ? number.nullable() : number));
        }
        for (int i = 0; i < 4; i++) {
            columns.add(ColumnContract.of(Feature.integer("i" + i).range(0, 100_000)));
        }
        for (int i = 0; i < 4; i++) {
            columns.add(ColumnContract.of(Feature.category("c" + i, COLOURS)));
        }
        return DataContract.of("orders", columns).with(RowRule.of("i0 <= i1"));
    }

    private static void write(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("id,at,n0,n1,n2,n3,n4,n5,n6,n7,n8,n9,i0,i1,i2,i3,c0,c1,c2,c3\n");
            long written = 0;
            for (int row = 0; written < BYTES; row++) {
                StringBuilder line = new StringBuilder();
                line.append("o-").append(10_000_000 + row).append(',').append(START.plusSeconds(row * 60L));
                for (int i = 0; i < 10; i++) {
                    boolean empty = i < 2 && random.nextInt(20) == 0;
                    line.append(',').append(empty ? "" : random.nextInt(-1_000_000, 1_000_000) / 100.0);
                }
                int least = random.nextInt(50_000);
                line.append(',').append(least).append(',').append(least + random.nextInt(50_000));
                line.append(',').append(random.nextInt(100_000)).append(',').append(random.nextInt(100_000));
                for (int i = 0; i < 4; i++) {
                    line.append(',').append(COLOURS[random.nextInt(COLOURS.length)]);
                }
                out.append(line).append('\n');
                written += line.length() + 1;
            }
        }
    }
}
