package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.profile.Profile;
import io.github.plimsoll.validation.profile.ProfileRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a descriptive profile costs: nanoseconds a value for recording, milliseconds for merging a fleet's profiles and for writing one.
 *
 * <p>Reals are of a log-normal law with all their digits, so that no two are the same; prices have two decimals; ages are whole
 * numbers from 18 to 97; names are 50 of unequal share. A profile of the fleet is of 1,000 rows of 150 reals and 50 names.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar SummaryBenchmark -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx2g"})
public class SummaryBenchmark {

    private static final int FEATURES = 20;
    private static final int ROWS = 10_000;
    private static final int FLEET = 1_000;
    private static final int PROFILES = 20; // that the fleet's are taken from in turn
    private static final int TABLE_ROWS = 50_000;

    private final List<FeatureRow> reals = new ArrayList<>();
    private final List<FeatureRow> prices = new ArrayList<>();
    private final List<FeatureRow> ages = new ArrayList<>();
    private final List<FeatureRow> names = new ArrayList<>();
    private ProfileRecorder ofReals;
    private ProfileRecorder ofPrices;
    private ProfileRecorder ofAges;
    private ProfileRecorder ofNames;
    private final List<Profile> fleet = new ArrayList<>();
    private Path table;

    /** Makes rows, profiles and a table. */
    @Setup
    public void prepare() throws IOException {
        Random random = new Random(1);
        Schema<double[]> numbers = Schema.ofDoubles(FEATURES);
        Schema<String[]> categories = names(FEATURES);
        for (int i = 0; i < ROWS; i++) {
            double[] row = lognormal(random, FEATURES);
            reals.add(numbers.read(row));
            prices.add(numbers.read(
                    Arrays.stream(row).map(x -> Math.rint(x * 1000) / 100).toArray()));
            ages.add(numbers.read(
                    random.doubles(FEATURES).map(u -> Math.floor(18 + 80 * u)).toArray()));
            names.add(categories.read(words(random, FEATURES)));
        }
        ofReals = Profile.recorder(numbers.features());
        ofPrices = Profile.recorder(numbers.features());
        ofAges = Profile.recorder(numbers.features());
        ofNames = Profile.recorder(categories.features());
        Schema<double[]> manyNumbers = Schema.ofDoubles(150);
        Schema<Object[]> mixed = mixed(manyNumbers);
        List<Profile> different = new ArrayList<>();
        for (int p = 0; p < PROFILES; p++) {
            ProfileRecorder recorder = Profile.recorder(mixed.features());
            for (int i = 0; i < 1_000; i++) {
                recorder.record(mixed.read(new Object[] {lognormal(random, 150), words(random, 50)}));
            }
            different.add(recorder.profile());
        }
        for (int i = 0; i < FLEET; i++) {
            fleet.add(different.get(i % PROFILES));
        }
        table = Files.createTempFile("summary", ".csv");
        StringBuilder text = new StringBuilder("a,b,c,d,e,f,g,h\n");
        for (int i = 0; i < TABLE_ROWS; i++) {
            for (double x : lognormal(random, 8)) {
                text.append(Math.rint(x * 100_000) / 100_000).append(',');
            }
            text.setCharAt(text.length() - 1, '\n');
        }
        Files.writeString(table, text);
    }

    private static Schema<String[]> names(int count) {
        Schema.Builder<String[]> names = Schema.builder(String[].class);
        for (int i = 0; i < count; i++) {
            int index = i;
            names.category(Feature.category("name" + i), row -> row[index]);
        }
        return names.build();
    }

    private static Schema<Object[]> mixed(Schema<double[]> numbers) {
        Schema.Builder<Object[]> mixed = Schema.builder(Object[].class);
        for (int i = 0; i < numbers.features().size(); i++) {
            int index = i;
            mixed.number(numbers.features().get(i), row -> ((double[]) row[0])[index]);
        }
        for (int i = 0; i < 50; i++) {
            int index = i;
            mixed.category(Feature.category("name" + i), row -> ((String[]) row[1])[index]);
        }
        return mixed.build();
    }

    private static double[] lognormal(Random random, int count) {
        double[] row = new double[count];
        Arrays.setAll(row, i -> Math.exp(random.nextGaussian()));
        return row;
    }

    private static String[] words(Random random, int count) {
        String[] words = new String[count];
        Arrays.setAll(words, j -> "name " + (int) (50 * Math.pow(random.nextDouble(), 2)));
        return words;
    }

    /** Deletes the table. */
    @TearDown
    public void delete() {
        try {
            Files.delete(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records a number with all its digits. */
    @Benchmark
    @OperationsPerInvocation(FEATURES * ROWS)
    public void real() {
        reals.forEach(ofReals::record);
    }

    /** Records a number with two decimals. */
    @Benchmark
    @OperationsPerInvocation(FEATURES * ROWS)
    public void price() {
        prices.forEach(ofPrices::record);
    }

    /** Records one of 80 whole numbers. */
    @Benchmark
    @OperationsPerInvocation(FEATURES * ROWS)
    public void age() {
        ages.forEach(ofAges::record);
    }

    /** Records one of 50 names that the schema does not declare. */
    @Benchmark
    @OperationsPerInvocation(FEATURES * ROWS)
    public void name() {
        names.forEach(ofNames::record);
    }

    /** Reads a CSV file of numbers and profiles it on one thread; a value. */
    @Benchmark
    @OperationsPerInvocation(TABLE_ROWS * 8)
    public Profile table() {
        return Profile.of(
                Table.csv(table),
                List.of(
                        Feature.number("a"),
                        Feature.number("b"),
                        Feature.number("c"),
                        Feature.number("d"),
                        Feature.number("e"),
                        Feature.number("f"),
                        Feature.number("g"),
                        Feature.number("h")));
    }

    /** Merges 1,000 profiles of 200 features. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Profile merge() {
        return Profile.merged(fleet);
    }

    /** Writes and reads a profile of 200 features. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public Profile writeAndRead() {
        return Profile.ofBytes(fleet.get(0).toBytes());
    }
}
