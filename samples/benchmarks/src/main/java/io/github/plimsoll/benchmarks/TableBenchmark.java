package io.github.plimsoll.benchmarks;

import com.fasterxml.jackson.core.io.NumberInput;
import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast a CSV file becomes numbers, one thread.
 *
 * <p>A file of {@value #MEGABYTES} MB with {@value #WIDTH} columns, read from the file system's cache. {@code short}: numbers as
 * people write them, up to 6 digits. {@code long}: as programs write doubles, mostly 16 to 18 digits. Each way adds all numbers
 * up, but for the two that only find the cells. Operations a second times the megabytes is the speed.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar TableBenchmark -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class TableBenchmark {

    static final int WIDTH = 20;
    static final int MEGABYTES = 20;

    /** How the numbers are written. */
    @Param({"short", "long"})
    public String digits = "short";

    private Path file;
    private Table table;
    private Schema<TableRow> schema;

    /** Writes the file. */
    @Setup
    public void write() throws IOException {
        file = Files.createTempFile("plimsoll-table", ".csv");
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < WIDTH; i++) {
            features.add(Feature.number("f" + i));
        }
        SplittableRandom random = new SplittableRandom(1);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(String.join(",", features.stream().map(Feature::name).toList()));
            out.write('\n');
            for (long written = 0; written < MEGABYTES * 1_000_000L; ) {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < WIDTH; i++) {
                    line.append(i == 0 ? "" : ",").append(number(random));
                }
                out.append(line).append('\n');
                written += line.length() + 1;
            }
        }
        table = Table.csv(file);
        schema = Schema.ofTable(features);
    }

    private String number(SplittableRandom random) {
        return digits.equals("long")
                ? Double.toString(random.nextDouble() * 1000 - 500)
                : Double.toString(random.nextInt(-100_000, 100_000) / 100.0);
    }

    /** Deletes the file. */
    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
    }

    /** A loop as many write it. */
    @Benchmark
    public double splitLines() throws IOException {
        double sum = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                for (String cell : line.split(",", -1)) {
                    sum += Double.parseDouble(cell);
                }
            }
        }
        return sum;
    }

    /** FastCSV's records, each cell a String. */
    @Benchmark
    public double fastCsvRecords() throws IOException {
        double sum = 0;
        boolean header = true;
        try (CsvReader<CsvRecord> records = CsvReader.builder().ofCsvRecord(file)) {
            for (CsvRecord csv : records) {
                for (int i = 0; !header && i < csv.getFieldCount(); i++) {
                    sum += Double.parseDouble(csv.getField(i));
                }
                header = false;
            }
        }
        return sum;
    }

    /** FastCSV's cells as slices, with the quickest parser at hand. */
    @Benchmark
    public double fastCsvSlices() throws IOException {
        return fastCsv(true);
    }

    /** FastCSV without the numbers. */
    @Benchmark
    public double fastCsvCells() throws IOException {
        return fastCsv(false);
    }

    private double fastCsv(boolean numbers) throws IOException {
        Sums sums = new Sums(numbers);
        try (CsvReader<Double> records = CsvReader.builder().build(sums, file)) {
            for (Double ignored : records) {
                sums.isHeader = false;
            }
        }
        return sums.sum;
    }

    private static final class Sums extends AbstractBaseCsvCallbackHandler<Double> {

        private final boolean numbers;
        private boolean isHeader = true;
        private double sum;

        private Sums(boolean numbers) {
            this.numbers = numbers;
        }

        @Override
        protected void handleField(int index, char[] text, int from, int length, boolean quoted) {
            if (!isHeader) {
                sum += numbers ? NumberInput.parseDouble(text, from, length, true) : length;
            }
        }

        @Override
        protected Double buildRecord() {
            return 0.0;
        }
    }

    /** The table's features: found, parsed, checked, in a row of their own. */
    @Benchmark
    public double features() {
        double sum = 0;
        try (TableReader rows = table.open()) {
            for (TableRow row : rows) {
                FeatureRow features = schema.read(row);
                for (int i = 0; i < WIDTH; i++) {
                    sum += features.number(i);
                }
            }
        }
        return sum;
    }

    /** The table's rows without the numbers: what one reading thread can give to many. */
    @Benchmark
    public long rows() {
        long sum = 0;
        try (TableReader rows = table.open()) {
            for (TableRow row : rows) {
                sum += row.offset();
            }
        }
        return sum;
    }
}
