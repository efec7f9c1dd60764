package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.serving.Batching;
import io.github.plimsoll.serving.Timeout;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What batching and a cooperative deadline cost a caller who is alone, around a function that costs nothing.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar IdleBatchingBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class IdleBatchingBenchmark {

    private static final ModelId ID = new ModelId("doubling", "1");

    private Predictor<Double, Double> bare;
    private Predictor<Double, Double> batching;
    private Predictor<Double, Double> timeout;
    private Double input;

    /** Makes the predictors. */
    @Setup
    public void open() {
        input = 1.5;
        bare = Plimsoll.<Double, Double>function(ID, x -> x).build();
        batching = Plimsoll.<Double, Double>function(ID, x -> x)
                .with(Batching.rows(64))
                .build();
        timeout = Plimsoll.<Double, Double>function(ID, x -> x)
                .with(Timeout.of(Duration.ofHours(1)))
                .build();
    }

    /** Nothing else on. */
    @Benchmark
    public Double bare() {
        return bare.predict(input);
    }

    /** Batching, with nobody to share a run with. */
    @Benchmark
    public Double batching() {
        return batching.predict(input);
    }

    /** A deadline that is not reached. */
    @Benchmark
    public Double timeout() {
        return timeout.predict(input);
    }
}
