package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.serving.Batching;
import java.util.List;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What batching gives for a model whose run costs something whatever its size: a processor is busy for {@code fixed} and a
 * little more for each row. Each thread asks one row at a time, as soon as it has its answer.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar FixedCostBatchingBenchmark
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
public class FixedCostBatchingBenchmark {

    private static final long NANOS_PER_ROW = 600; // what a row adds to a batch of credit20-gbt-v2

    /** Microseconds that a run costs whatever its size. */
    @Param("200")
    public int fixed = 200;

    private final float[] row = new float[20];
    private Predictor<float[], Double> bare;
    private Predictor<float[], Double> batching;

    /** Builds the predictors. An interceptor behind the batches answers in the model's place. */
    @Setup
    public void open() {
        BenchmarkModel subject = BenchmarkModel.of("credit20-mlp");
        bare = Plimsoll.load(subject.file())
                .as(subject.schema(), subject.output())
                .with(this::answer)
                .build();
        batching = Plimsoll.load(subject.file())
                .as(subject.schema(), subject.output())
                .with(Batching.rows(64).runs(2))
                .with(this::answer)
                .build();
    }

    private void answer(Assembly<float[], Double> assembly) {
        assembly.add(new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return Stage.BATCH.after();
            }

            @Override
            public void intercept(CallBatch<float[], Double> calls, Next<float[], Double> next) {
                long end = System.nanoTime() + fixed * 1_000L + calls.size() * NANOS_PER_ROW;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                for (Call<float[], Double> call : calls) {
                    call.answer(0.5, Prediction.Source.MODEL);
                }
            }
        });
    }

    /** Each thread runs the model itself. */
    @Benchmark
    public double plimsollBare() {
        return bare.predict(row);
    }

    /** Batching. */
    @Benchmark
    public double plimsollBatching() {
        return batching.predict(row);
    }

    /** Rows that come together already: what a batch of 64 costs without any coordination. */
    @Benchmark
    @Threads(2)
    public List<Double> plimsollAll() {
        return bare.predictAll(java.util.Collections.nCopies(64, row));
    }

    /** Closes both. */
    @TearDown
    public void close() {
        batching.close();
        bare.close();
    }
}
