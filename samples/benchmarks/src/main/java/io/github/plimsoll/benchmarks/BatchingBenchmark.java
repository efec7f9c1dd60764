package io.github.plimsoll.benchmarks;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.serving.Batching;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What joining the calls of many threads gives: 64 threads ask one row at a time, each as soon as it has its answer. Throughput is
 * that of all threads together, the sampled times are those of single calls.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar BatchingBenchmark
 * java -jar samples/benchmarks/target/benchmarks.jar 'BatchingBenchmark.plimsoll(Bare|Batching)' -t 1 -bm avgt -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Threads(64)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class BatchingBenchmark {

    private static final int MAX_ROWS = 64;

    /** The model asked. */
    @Param("credit20-gbt-v2")
    public String model = "credit20-gbt-v2";

    /** How many runs of the model may be under way at once. */
    @Param("2")
    public int runs = 2;

    private List<float[]> rows;
    private ZooModel<float[], float[]> djlModel;
    private ZooModel<float[], float[]> djlBatchModel;
    private DjlLoop djlLoop;
    private io.github.plimsoll.core.Predictor<float[], Double> bare;
    private io.github.plimsoll.core.Predictor<float[], Double> batching;

    /** Opens the model in every way. */
    @Setup
    public void open() throws Exception {
        BenchmarkModel subject = BenchmarkModel.of(model);
        rows = subject.rows(1_024);
        int output = subject.description().signature().outputs().stream()
                .map(TensorSpec::name)
                .toList()
                .indexOf("probabilities");
        djlModel = djl(subject, output, null);
        djlBatchModel = djl(subject, output, new Rows(output));
        djlLoop = new DjlLoop(djlBatchModel.newPredictor());
        bare = Plimsoll.load(subject.file())
                .as(subject.schema(), subject.output())
                .build();
        batching = Plimsoll.load(subject.file())
                .as(subject.schema(), subject.output())
                .with(Batching.rows(MAX_ROWS).runs(runs))
                .build();
    }

    private static ZooModel<float[], float[]> djl(BenchmarkModel subject, int output, @Nullable Batchifier batchifier)
            throws Exception {
        return Criteria.builder()
                .setTypes(float[].class, float[].class)
                .optEngine("OnnxRuntime")
                .optModelPath(subject.file())
                .optOption("intraOpNumThreads", "1")
                .optOption("interOpNumThreads", "1")
                .optTranslator(new Translator<float[], float[]>() {
                    @Override
                    public NDList processInput(TranslatorContext context, float[] row) {
                        Shape shape = batchifier == null ? new Shape(1, row.length) : new Shape(row.length);
                        return new NDList(context.getNDManager().create(row, shape));
                    }

                    @Override
                    public float[] processOutput(TranslatorContext context, NDList list) {
                        return list.get(batchifier == null ? output : 0).toFloatArray();
                    }

                    @Override
                    public @Nullable Batchifier getBatchifier() {
                        return batchifier;
                    }
                })
                .build()
                .loadModel();
    }

    /** Puts rows of one array into a matrix by copying: DJL's own needs an engine with operations on arrays, which this one has not. */
    private static final class Rows implements Batchifier {

        private static final long serialVersionUID = 1L;

        private final int output;

        Rows(int output) {
            this.output = output;
        }

        @Override
        public NDList batchify(NDList[] inputs) {
            int width = (int) inputs[0].get(0).size();
            float[] all = new float[inputs.length * width];
            for (int i = 0; i < inputs.length; i++) {
                System.arraycopy(inputs[i].get(0).toFloatArray(), 0, all, i * width, width);
            }
            return new NDList(inputs[0].get(0).getManager().create(all, new Shape(inputs.length, width)));
        }

        @Override
        public NDList[] unbatchify(NDList outputs) {
            NDArray probabilities = outputs.get(output);
            int rows = (int) probabilities.getShape().get(0);
            float[] all = probabilities.toFloatArray();
            int width = all.length / rows;
            NDList[] split = new NDList[rows];
            for (int i = 0; i < rows; i++) {
                split[i] = new NDList(
                        probabilities.getManager().create(Arrays.copyOfRange(all, i * width, (i + 1) * width)));
            }
            return split;
        }

        @Override
        public NDList[] split(NDList list, int parts, boolean evenSplit) {
            throw new UnsupportedOperationException("split"); // only for training
        }
    }

    /** A thread with rows of its own, and a DJL predictor, which only one thread may use at a time. */
    @State(Scope.Thread)
    public static class Caller {

        private Predictor<float[], float[]> predictor;
        private int next;

        /** Opens the thread's predictor. */
        @Setup
        public void open(BatchingBenchmark benchmark) {
            predictor = benchmark.djlModel.newPredictor();
            next = System.identityHashCode(this);
        }

        float[] row(BatchingBenchmark benchmark) {
            return benchmark.rows.get(next++ & 1_023);
        }

        /** Closes the predictor. */
        @TearDown
        public void close() {
            predictor.close();
        }
    }

    /** Each thread asks a DJL predictor of its own. */
    @Benchmark
    public float[] djl(Caller caller) throws TranslateException {
        return caller.predictor.predict(caller.row(this));
    }

    /** All threads put their rows into a queue, one thread takes what is there and gives it to {@code batchPredict}. */
    @Benchmark
    public float[] djlBatchLoop(Caller caller) {
        return djlLoop.ask(caller.row(this));
    }

    /** Plimsoll without batching: each thread runs the model itself. */
    @Benchmark
    public double plimsollBare(Caller caller) {
        return bare.predict(caller.row(this));
    }

    /** Plimsoll with batching. */
    @Benchmark
    public double plimsollBatching(Caller caller) {
        return batching.predict(caller.row(this));
    }

    /** Closes all. */
    @TearDown
    public void close() throws Exception {
        batching.close();
        bare.close();
        djlLoop.close();
        djlBatchModel.close();
        djlModel.close();
    }

    /** What one would write around DJL by hand. */
    private static final class DjlLoop {

        private static final class Question {

            private final float[] row;
            private final CompletableFuture<float[]> answer = new CompletableFuture<>();

            private Question(float[] row) {
                this.row = row;
            }
        }

        private final BlockingQueue<Question> questions = new ArrayBlockingQueue<>(1_024);
        private final Predictor<float[], float[]> predictor;
        private final Thread thread = new Thread(this::loop, "djl-loop");

        DjlLoop(Predictor<float[], float[]> predictor) {
            this.predictor = predictor;
            thread.setDaemon(true);
            thread.start();
        }

        float[] ask(float[] row) {
            Question question = new Question(row);
            questions.add(question);
            return question.answer.join();
        }

        private void loop() {
            List<Question> batch = new ArrayList<>();
            try {
                while (true) {
                    batch.clear();
                    batch.add(questions.take());
                    questions.drainTo(batch, MAX_ROWS - 1);
                    List<float[]> answers = predictor.batchPredict(
                            batch.stream().map(question -> question.row).toList());
                    for (int i = 0; i < batch.size(); i++) {
                        batch.get(i).answer.complete(answers.get(i));
                    }
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } catch (TranslateException failure) {
                batch.forEach(question -> question.answer.completeExceptionally(failure));
            }
        }

        void close() throws InterruptedException {
            thread.interrupt();
            thread.join();
            predictor.close();
        }
    }
}
