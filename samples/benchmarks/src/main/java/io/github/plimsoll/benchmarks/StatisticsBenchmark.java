package io.github.plimsoll.benchmarks;

import io.github.plimsoll.validation.stats.Alternative;
import io.github.plimsoll.validation.stats.ChiSquare;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.KolmogorovSmirnov;
import io.github.plimsoll.validation.stats.MannWhitney;
import io.github.plimsoll.validation.stats.PValueMethod;
import io.github.plimsoll.validation.stats.TTest;
import io.github.plimsoll.validation.stats.Wasserstein;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do the common tests cost, beside Apache Commons Statistics where it has the same test by the same method?
 *
 * <p>Two samples of normal numbers, seeded, half a deviation apart. Run with {@code java -jar benchmarks.jar StatisticsBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StatisticsBenchmark {

    /** Values in each sample. */
    @Param({"300", "10000"})
    public int size;

    private double[] x = {};
    private double[] y = {};
    private final long[][] table = {{212, 345, 99, 41, 303}, {180, 377, 121, 39, 283}};

    /** Not for callers. */
    public StatisticsBenchmark() {}

    /** Draws the samples. */
    @Setup
    public void draw() {
        Random random = new Random(1);
        x = random.doubles(size).map(u -> random.nextGaussian()).toArray();
        y = random.doubles(size).map(u -> random.nextGaussian() + 0.5).toArray();
    }

    /** Ours. */
    @Benchmark
    public double kolmogorovSmirnov() {
        return KolmogorovSmirnov.twoSample(x, y, Alternative.TWO_SIDED, PValueMethod.ASYMPTOTIC)
                .pValue();
    }

    /** Theirs. */
    @Benchmark
    public double kolmogorovSmirnovOfCommons() {
        return KolmogorovSmirnovTest.withDefaults()
                .with(org.apache.commons.statistics.inference.PValueMethod.ASYMPTOTIC)
                .test(x, y)
                .getPValue();
    }

    /** Ours. */
    @Benchmark
    public double mannWhitney() {
        return MannWhitney.twoSample(x, y, Alternative.TWO_SIDED, PValueMethod.ASYMPTOTIC, Correction.CONTINUITY)
                .pValue();
    }

    /** Theirs. */
    @Benchmark
    public double mannWhitneyOfCommons() {
        return MannWhitneyUTest.withDefaults()
                .with(org.apache.commons.statistics.inference.PValueMethod.ASYMPTOTIC)
                .test(x, y)
                .getPValue();
    }

    /** Ours. */
    @Benchmark
    public double welch() {
        return TTest.welch(x, y).pValue();
    }

    /** Theirs. */
    @Benchmark
    public double welchOfCommons() {
        return org.apache.commons.statistics.inference.TTest.withDefaults()
                .test(x, y)
                .getPValue();
    }

    /** Ours. */
    @Benchmark
    public double chiSquare() {
        return ChiSquare.independence(table).pValue();
    }

    /** Theirs. */
    @Benchmark
    public double chiSquareOfCommons() {
        return ChiSquareTest.withDefaults().test(table).getPValue();
    }

    /** Ours alone. */
    @Benchmark
    public double wasserstein() {
        return Wasserstein.distance(x, y);
    }
}
