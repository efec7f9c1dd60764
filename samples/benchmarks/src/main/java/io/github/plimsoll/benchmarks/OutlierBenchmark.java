package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.OutlierDetector;
import io.github.plimsoll.monitoring.drift.OutlierScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
 * Question: what does it cost to score one row against the baseline?
 *
 * <p>Workload: 20 numeric features, each related to the one before it, 5,000 rows of baseline; 1,024 rows like those are scored
 * in turn.
 *
 * <p>Run: {@code java -jar samples/benchmarks/target/benchmarks.jar OutlierBenchmark -prof gc}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class OutlierBenchmark {

    private static final int FEATURES = 20;
    private static final int ROWS = 1_024;

    private final List<FeatureRow> rows = new ArrayList<>();
    private OutlierDetector detector;
    private int next;

    /** Learns the baseline. */
    @Setup
    public void learn() {
        Random random = new Random(1);
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < FEATURES; i++) {
            features.add(Feature.number("x" + i));
        }
        Schema<double[]> schema = Schema.ofDoubles(features);
        Baseline.Builder baseline = Baseline.builder(features);
        for (int i = 0; i < 5_000; i++) {
            baseline.add(schema.read(row(random)), 0, 0);
        }
        detector = baseline.build().outliers();
        for (int i = 0; i < ROWS; i++) {
            rows.add(schema.read(row(random)));
        }
    }

    private static double[] row(Random random) {
        double[] row = new double[FEATURES];
        double before = 0;
        for (int i = 0; i < FEATURES; i++) {
            before = 0.7 * before + random.nextGaussian();
            row[i] = before;
        }
        return row;
    }

    /** Scores a row. */
    @Benchmark
    public OutlierScore score() {
        return detector.score(rows.get(next++ & (ROWS - 1)));
    }
}
