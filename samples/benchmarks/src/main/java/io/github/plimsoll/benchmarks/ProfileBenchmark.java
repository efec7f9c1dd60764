package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.drift.DriftReport;
import io.github.plimsoll.monitoring.drift.Window;
import io.github.plimsoll.monitoring.drift.WindowMonitor;
import io.github.plimsoll.monitoring.drift.WindowReport;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.monitoring.profile.Profile;
import io.github.plimsoll.monitoring.profile.ProfileRecorder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What counting costs: nanoseconds a feature for profiles and windows; a look of each monitor as a whole.
 *
 * <p>The numbers are of a log-normal law, for which a table over the range is a bad guide, and the names of 50 of unequal share.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar ProfileBenchmark -prof gc
 * java -jar samples/benchmarks/target/benchmarks.jar ProfileBenchmark.numbers -t 2
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
public class ProfileBenchmark {

    private static final int FEATURES = 20;
    private static final int MANY = 200;
    private static final int ROWS = 1_000;

    private final List<FeatureRow> numberRows = new ArrayList<>();
    private final List<FeatureRow> nameRows = new ArrayList<>();
    private ProfileRecorder ofNumbers;
    private ProfileRecorder ofNames;
    private DriftMonitor drift;
    private WindowMonitor windows;
    private Profile wideProfile;

    /** Which row is next; one a thread. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;

        FeatureRow of(List<FeatureRow> rows) {
            next = next + 1 == rows.size() ? 0 : next + 1;
            return rows.get(next);
        }
    }

    /** Makes rows and learns baselines from them. */
    @Setup
    public void learn() {
        Random random = new Random(1);
        Schema<double[]> numbers = Schema.ofDoubles(FEATURES);
        Schema.Builder<String[]> names = Schema.builder(String[].class);
        for (int i = 0; i < FEATURES; i++) {
            int index = i;
            names.category(Feature.category("name" + i), row -> row[index]);
        }
        Schema<String[]> categories = names.build();
        io.github.plimsoll.monitoring.drift.Baseline.Builder builder =
                io.github.plimsoll.monitoring.drift.Baseline.builder(numbers.features())
                        .windowRows(100);
        for (int i = 0; i < ROWS; i++) {
            double[] row = lognormal(random, FEATURES);
            numberRows.add(numbers.read(row));
            builder.add(numberRows.get(i), row[0], Double.NaN);
            String[] words = new String[FEATURES];
            Arrays.setAll(words, j -> "name " + (int) (50 * Math.pow(random.nextDouble(), 2)));
            nameRows.add(categories.read(words));
        }
        ofNumbers = Baseline.of(numbers.features(), numberRows).recorder();
        ofNames = Baseline.of(categories.features(), nameRows).recorder();
        windows = WindowMonitor.against(builder.build());
        Schema<double[]> many = Schema.ofDoubles(MANY);
        List<FeatureRow> wide = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            wide.add(many.read(lognormal(random, MANY)));
        }
        drift = DriftMonitor.against(Baseline.of(many.features(), wide));
        ProfileRecorder recorder = drift.profile().baseline().recorder();
        wide.forEach(recorder::record);
        wideProfile = recorder.snapshot();
    }

    private static double[] lognormal(Random random, int count) {
        double[] row = new double[count];
        Arrays.setAll(row, i -> Math.exp(random.nextGaussian()));
        return row;
    }

    /** Counts a number. */
    @Benchmark
    @OperationsPerInvocation(FEATURES)
    public void numbers(Cursor cursor) {
        ofNumbers.record(cursor.of(numberRows));
    }

    /** Counts a name that the schema does not declare, so that it has to be looked up. */
    @Benchmark
    @OperationsPerInvocation(FEATURES)
    public void names(Cursor cursor) {
        ofNames.record(cursor.of(nameRows));
    }

    /** Counts a window of 100 rows of 20 independent numbers and closes it. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public WindowReport window(Cursor cursor) {
        Window window = windows.window();
        for (int i = 0; i < 100; i++) {
            window.add(cursor.of(numberRows), i);
        }
        return windows.close(window);
    }

    /** Looks at 200 features. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public DriftReport look() {
        return drift.look(wideProfile);
    }
}
