package io.github.plimsoll.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.serving.batch.BatchScoring;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * What it costs to score a file: a CSV file of {@value #ROWS} rows with an id and 20 numbers of up to 12 digits in, a CSV file with
 * the id and a probability out.
 *
 * <p>The loops are what many write: a line split at its commas, or FastCSV, {@code Float.parseFloat}, 1,024 rows a run of ONNX
 * Runtime, a {@code BufferedWriter}. They check nothing, reject nothing and cannot go on after a stop.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar BatchScoringBenchmark
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
public class BatchScoringBenchmark {

    static final int ROWS = 50_000;
    private static final int BATCH = 1024;

    /** The model asked. */
    @Param({"credit20-mlp", "credit20-gbt-v2"})
    public String model = "credit20-mlp";

    private BenchmarkModel subject;
    private Path input;
    private Path output;
    private OrtSession session;
    private Predictor<TableRow, Double> predictor;
    private ExecutorService pool;

    /** Writes the file and opens the model in both ways. */
    @Setup
    public void open() throws IOException, OrtException {
        subject = BenchmarkModel.of(model);
        Path folder = Files.createTempDirectory("plimsoll-batch");
        input = folder.resolve("in.csv");
        output = folder.resolve("out.csv");
        List<Feature> features = IntStream.range(0, subject.width())
                .mapToObj(i -> Feature.number("f" + i))
                .toList();
        try (BufferedWriter out = Files.newBufferedWriter(input)) {
            out.write("id,"
                    + String.join(",", features.stream().map(Feature::name).toList()) + "\n");
            int id = 0;
            for (float[] row : subject.rows(ROWS)) {
                StringBuilder line = new StringBuilder("row-").append(id++);
                for (float value : row) {
                    line.append(',').append(value);
                }
                out.append(line).append('\n');
            }
        }
        session = subject.session();
        predictor = Plimsoll.load(subject.file())
                .as(Schema.ofTable(features), subject.output())
                .build();
        pool = Executors.newSingleThreadExecutor();
    }

    /** Closes the models and deletes the files. */
    @TearDown
    public void close() throws IOException, OrtException {
        predictor.close();
        session.close();
        pool.shutdownNow();
        Files.deleteIfExists(output);
        Files.delete(input);
        Files.delete(input.resolveSibling(""));
    }

    /** Lines split at their commas. */
    @Benchmark
    public void splitLoop() throws IOException, OrtException {
        try (BufferedReader lines = Files.newBufferedReader(input);
                BufferedWriter out = Files.newBufferedWriter(output)) {
            lines.readLine();
            Loop loop = new Loop(out);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",", -1);
                loop.add(cells[0], Arrays.asList(cells).subList(1, cells.length));
            }
            loop.flush();
        }
    }

    /** FastCSV's records. */
    @Benchmark
    public void fastCsvLoop() throws IOException, OrtException {
        try (CsvReader<CsvRecord> records = CsvReader.builder().ofCsvRecord(input);
                BufferedWriter out = Files.newBufferedWriter(output)) {
            Loop loop = new Loop(out);
            boolean isHeader = true;
            for (CsvRecord csv : records) {
                if (!isHeader) {
                    loop.add(csv.getField(0), csv.getFields().subList(1, csv.getFieldCount()));
                }
                isHeader = false;
            }
            loop.flush();
        }
    }

    /** The calling thread alone. */
    @Benchmark
    public long plimsoll() {
        return scoring().toCsv(output).answered();
    }

    /** With one thread of the host's beside it. */
    @Benchmark
    public long plimsollTwoThreads() {
        return scoring().executor(pool, 2).toCsv(output).answered();
    }

    private BatchScoring<TableRow, Double> scoring() {
        return BatchScoring.of(predictor, Table.csv(input))
                .carrying("id")
                .batches(BATCH)
                .startingOver();
    }

    /** Gathers rows, runs the model, writes. */
    private final class Loop {

        private final BufferedWriter out;
        private final String[] ids = new String[BATCH];
        private final float[] values = new float[BATCH * subject.width()];
        private int count;

        private Loop(BufferedWriter out) throws IOException {
            this.out = out;
            out.write("id,prediction\n");
        }

        private void add(String id, List<String> cells) throws IOException, OrtException {
            ids[count] = id;
            for (int i = 0; i < cells.size(); i++) {
                values[count * subject.width() + i] = Float.parseFloat(cells.get(i));
            }
            if (++count == BATCH) {
                flush();
            }
        }

        private void flush() throws IOException, OrtException {
            if (count == 0) {
                return;
            }
            try (OnnxTensor tensor = OnnxTensor.createTensor(
                            OrtEnvironment.getEnvironment(),
                            FloatBuffer.wrap(values, 0, count * subject.width()),
                            subject.shape(count));
                    OrtSession.Result result =
                            session.run(Map.of(subject.inputName(), tensor), Set.of("probabilities"))) {
                FloatBuffer answers = ((OnnxTensor) result.get(0)).getFloatBuffer();
                for (int i = 0; i < count; i++) {
                    out.append(ids[i])
                            .append(',')
                            .append(Double.toString(answers.get(i * subject.classes() + 1)))
                            .append('\n');
                }
            }
            count = 0;
        }
    }
}
