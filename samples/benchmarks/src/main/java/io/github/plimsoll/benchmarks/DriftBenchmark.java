package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.drift.Window;
import io.github.plimsoll.monitoring.drift.WindowMonitor;
import io.github.plimsoll.monitoring.drift.WindowReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 * What watching costs: a call of a rule that does nothing with 20 features, bare and watched, where others count what was
 * copied; a row counted; a window of 200 features compared; a baseline learned.
 *
 * <p>The numbers are of a log-normal law, for which a table over the range is a bad guide, and the names of 50 of unequal share.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar DriftBenchmark -prof gc
 * java -jar samples/benchmarks/target/benchmarks.jar DriftBenchmark.watched -t 2
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class DriftBenchmark {

    private static final int FEATURES = 20;
    private static final int MANY = 200;
    private static final int ROWS = 1_000;

    /** Of what the features are. */
    @Param({"numbers", "names"})
    public String kind = "numbers";

    private final List<Object[]> rows = new ArrayList<>();
    private ExecutorService counting;
    private Predictor<Object[], Double> bare;
    private Predictor<Object[], Double> watched;
    private Schema<Object[]> schema;
    private Baseline baseline;
    private WindowMonitor wide;
    private Window wideWindow;
    private Window counted;

    /** Which row is next; one a thread. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;

        Object[] of(List<Object[]> rows) {
            next = next + 1 == rows.size() ? 0 : next + 1;
            return rows.get(next);
        }
    }

    /** Makes rows and learns baselines from them. */
    @Setup
    public void learn() {
        Random random = new Random(1);
        boolean numbers = kind.equals("numbers");
        schema = numbers ? numbers(FEATURES) : names(FEATURES);
        for (int i = 0; i < ROWS; i++) {
            Object[] row = new Object[FEATURES];
            Arrays.setAll(
                    row,
                    j -> numbers
                            ? (Object) Math.exp(random.nextGaussian())
                            : "name " + (int) (50 * Math.pow(random.nextDouble(), 2)));
            rows.add(row);
        }
        baseline = learn(schema, rows);
        counted = baseline.window();
        counting = Executors.newSingleThreadExecutor();
        bare = rule().build();
        watched = rule().with(DriftMonitor.against(baseline).on(counting)).build();

        List<Object[]> many = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            Object[] row = new Object[MANY];
            Arrays.setAll(row, j -> (Object) Math.exp(random.nextGaussian()));
            many.add(row);
        }
        Schema<Object[]> wideSchema = numbers(MANY);
        Baseline ofMany = learn(wideSchema, many);
        wide = WindowMonitor.against(ofMany);
        wideWindow = ofMany.window();
        many.forEach(row -> wideWindow.add(wideSchema.read(row), 0));
    }

    private io.github.plimsoll.core.PredictorBuilder<Object[], Double> rule() {
        return Plimsoll.function(new ModelId("rule", "1"), (Object[] row) -> 0.5)
                .features(schema)
                .time(ManualClock.at(Instant.EPOCH)); // reading a clock is not what is measured
    }

    private static Schema<Object[]> numbers(int count) {
        Schema.Builder<Object[]> builder = Schema.builder(Object[].class);
        for (int i = 0; i < count; i++) {
            int index = i;
            builder.number(Feature.number("number" + i), row -> (double) row[index]);
        }
        return builder.build();
    }

    private static Schema<Object[]> names(int count) {
        Schema.Builder<Object[]> builder = Schema.builder(Object[].class);
        for (int i = 0; i < count; i++) {
            int index = i;
            builder.category(Feature.category("name" + i), row -> (String) row[index]);
        }
        return builder.build();
    }

    private static Baseline learn(Schema<Object[]> schema, List<Object[]> rows) {
        Baseline.Builder builder = Baseline.builder(schema.features()).windowRows(100);
        rows.forEach(row -> builder.add(schema.read(row), 0.5, Double.NaN));
        return builder.build();
    }

    /** Ends what was begun. */
    @TearDown
    public void close() {
        bare.close();
        watched.close();
        counting.shutdownNow();
    }

    /** A call that only reads the features. */
    @Benchmark
    public double bare(Cursor cursor) {
        return bare.predict(cursor.of(rows));
    }

    /** The same, watched. What copying costs is the difference. */
    @Benchmark
    public double watched(Cursor cursor) {
        return watched.predict(cursor.of(rows));
    }

    /** Reads a row and counts it. */
    @Benchmark
    public void counted(Cursor cursor) {
        counted.add(schema.read(cursor.of(rows)), 0.5);
    }

    /** Compares a window of 200 numbers. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public WindowReport compared() {
        return wide.close(wideWindow);
    }

    /** Learns a baseline of 1,000 rows of 20 features. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Baseline learned() {
        return learn(schema, rows);
    }
}
