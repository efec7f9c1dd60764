package io.github.plimsoll.benchmarks;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.log.PredictionLog;
import io.github.plimsoll.serving.Caching;
import io.github.plimsoll.validation.data.Guard;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
 * What one call costs: ONNX Runtime bare, through DJL, and through Plimsoll with nothing and with everything on.
 *
 * <p>Rows are standard normal numbers; every call changes one number, so that a cache never has the answer. Each way reads
 * the probability of class 1 of every row. {@code rawWrapped} is the baseline of all ratios.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar CallBenchmark -prof gc
 * java -jar samples/benchmarks/target/benchmarks.jar CallBenchmark -prof gc -p model=credit20-mlp -p batch=1
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class CallBenchmark {

    /** The model asked. */
    @Param({"credit20-mlp", "credit20-gbt-v2", "credit20-gbt-v1", "iris-logreg", "digits-cnn"})
    public String model = "credit20-mlp";

    /** How many rows a call has. */
    @Param({"1", "8", "64", "512"})
    public int batch = 1;

    private BenchmarkModel subject;
    private List<float[]> rows;
    private float[] flat;
    private float next;

    private OrtEnvironment environment;
    private OrtSession session;
    private Map<String, OnnxTensor> reusedInput;
    private FloatBuffer reusedInputBuffer;
    private FloatBuffer reusedOutputBuffer;
    private Map<String, OnnxTensor> reusedOutput;

    private ZooModel<float[], float[]> djlModel;
    private Predictor<float[], float[]> djlPredictor;

    private io.github.plimsoll.core.Predictor<float[], Double> bare;
    private io.github.plimsoll.core.Predictor<float[], Double> everything;
    private ExecutorService counting;
    private Path logFolder;

    /** Opens the model in every way. */
    @Setup
    public void open() throws Exception {
        subject = BenchmarkModel.of(model);
        rows = subject.rows(batch);
        flat = new float[batch * subject.width()];
        for (int r = 0; r < batch; r++) {
            System.arraycopy(rows.get(r), 0, flat, r * subject.width(), subject.width());
        }
        openRaw();
        openDjl();
        openPlimsoll();
        checkSameAnswers();
    }

    private void openRaw() throws OrtException {
        environment = OrtEnvironment.getEnvironment();
        session = subject.session();
        reusedInputBuffer = directFloats(flat.length);
        reusedInput = Map.of(
                subject.inputName(), OnnxTensor.createTensor(environment, reusedInputBuffer, subject.shape(batch)));
        reusedOutputBuffer = directFloats(batch * subject.classes());
        reusedOutput = Map.of(
                "probabilities",
                OnnxTensor.createTensor(environment, reusedOutputBuffer, new long[] {batch, subject.classes()}));
    }

    private static FloatBuffer directFloats(int count) {
        return ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private void openDjl() throws Exception {
        Shape shape = new Shape(subject.shape(batch));
        int output = List.copyOf(session.getOutputNames()).indexOf("probabilities");
        djlModel = Criteria.builder()
                .setTypes(float[].class, float[].class)
                .optEngine("OnnxRuntime")
                .optModelPath(subject.file())
                .optOption("intraOpNumThreads", "1")
                .optOption("interOpNumThreads", "1")
                .optTranslator(new NoBatchifyTranslator<float[], float[]>() {
                    @Override
                    public NDList processInput(TranslatorContext context, float[] input) {
                        return new NDList(context.getNDManager().create(input, shape));
                    }

                    @Override
                    public float[] processOutput(TranslatorContext context, NDList list) {
                        return list.get(output).toFloatArray();
                    }
                })
                .build()
                .loadModel();
        djlPredictor = djlModel.newPredictor();
    }

    private void openPlimsoll() throws IOException {
        Schema<float[]> schema = subject.schema();
        bare = Plimsoll.load(subject.file()).as(schema, subject.output()).build();
        Baseline.Builder baseline = Baseline.builder(schema.features());
        for (float[] row : subject.rows(2_000)) {
            baseline.add(schema.read(row), bare.predict(row), Double.NaN);
        }
        counting = Executors.newSingleThreadExecutor();
        logFolder = Files.createTempDirectory("plimsoll-benchmark");
        everything = Plimsoll.load(subject.file())
                .as(schema, subject.output())
                .with(Guard.rejecting())
                .with(Caching.entries(10_000))
                .with(DriftMonitor.against(baseline.build()).on(counting))
                .with(PredictionMetrics.to(new SimpleMeterRegistry()))
                .with(PredictionLog.jsonLines(logFolder))
                .build();
    }

    private void checkSameAnswers() throws Exception {
        float[] expected = rawWrapped();
        double[] actual = {djl()[1], bareValues().get(0), everythingValues().get(0)};
        for (double value : actual) {
            if (Math.abs(value - expected[1]) > 1e-3) { // each call changes one number a little
                throw new IllegalStateException(value + " (expected: about " + expected[1] + ")");
            }
        }
    }

    private List<Double> bareValues() {
        return bare.predictAll(vary(rows));
    }

    private List<Double> everythingValues() {
        return everything.predictAll(vary(rows));
    }

    private List<float[]> vary(List<float[]> input) {
        for (float[] row : input) {
            row[0] = tick();
        }
        return input;
    }

    private float tick() {
        next += 1e-7f;
        if (next > 1e-1f) {
            next = 0;
        }
        return next;
    }

    private float[] varyFlat() {
        for (int r = 0; r < batch; r++) {
            flat[r * subject.width()] = tick();
        }
        return flat;
    }

    /** ONNX Runtime with a wrapped array, all outputs: 1.00 in all ratios. */
    @Benchmark
    public float[] rawWrapped() throws OrtException {
        try (OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(varyFlat()), subject.shape(batch));
                OrtSession.Result result = session.run(Map.of(subject.inputName(), input))) {
            OnnxTensor output = (OnnxTensor) result.get("probabilities").orElseThrow();
            float[] probabilities = new float[batch * subject.classes()];
            output.getFloatBuffer().get(probabilities);
            return probabilities;
        }
    }

    /** ONNX Runtime with reused native input and output: the floor. */
    @Benchmark
    public float[] rawPinned() throws OrtException {
        reusedInputBuffer.put(0, varyFlat());
        session.run(reusedInput, Set.of(), reusedOutput).close();
        float[] probabilities = new float[batch * subject.classes()];
        reusedOutputBuffer.get(0, probabilities);
        return probabilities;
    }

    /** A DJL predictor that is kept. */
    @Benchmark
    public float[] djl() throws TranslateException {
        return djlPredictor.predict(varyFlat());
    }

    /** A DJL predictor made for each call. */
    @Benchmark
    public float[] djlNewPredictor() throws TranslateException {
        try (Predictor<float[], float[]> predictor = djlModel.newPredictor()) {
            return predictor.predict(varyFlat());
        }
    }

    /** Plimsoll, nothing else on. */
    @Benchmark
    public Object plimsollBare() {
        if (batch == 1) {
            return bare.predict(vary(rows).get(0));
        }
        return bareValues();
    }

    /** Plimsoll with guard, cache (every call a miss), drift profile, metrics and log on. */
    @Benchmark
    public Object plimsollEverything() {
        if (batch == 1) {
            return everything.predict(vary(rows).get(0));
        }
        return everythingValues();
    }

    /** Closes all. */
    @TearDown
    public void close() throws Exception {
        everything.close();
        counting.shutdownNow();
        bare.close();
        djlPredictor.close();
        djlModel.close();
        reusedInput.values().forEach(OnnxTensor::close);
        reusedOutput.values().forEach(OnnxTensor::close);
        session.close();
        List<Path> leftovers = new ArrayList<>();
        try (Stream<Path> files = Files.walk(logFolder)) {
            files.sorted(Comparator.reverseOrder()).forEach(leftovers::add);
        }
        for (Path file : leftovers) {
            try {
                Files.delete(file);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
