package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ProfilePropertiesTest {

    private static final List<Feature> FEATURES = List.of(
            Feature.number("x").range(-10, 10),
            Feature.integer("n"),
            Feature.bool("b"),
            Feature.category("open"),
            Feature.category("closed", "a", "b"),
            Feature.text("note"),
            Feature.timestamp("t"),
            Feature.tensor("v", 3),
            Feature.text("secret").sensitive(),
            Feature.tensor("hidden", 3).sensitive());

    private static final Profiler PROFILER = Profiler.of(FEATURES)
            .correlating("x", "n", "b")
            .keyed("a key of 16 bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void anySplitMergedInAnyOrderIsTheWhole(
            @ForAll("rows") List<Map<String, Object>> rows,
            @ForAll @IntRange(min = 1, max = 5) int parts,
            @ForAll long seed) {
        Profile whole = PROFILER.profile(Table.rows(rows));
        Random random = new Random(seed);
        List<List<Map<String, Object>>> split = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            split.add(new ArrayList<>());
        }
        rows.forEach(row -> split.get(random.nextInt(parts)).add(row));
        List<Profile> profiles = new ArrayList<>(
                split.stream().map(part -> PROFILER.profile(Table.rows(part))).toList());

        while (profiles.size() > 1) { // in a random tree
            Profile one = profiles.remove(random.nextInt(profiles.size()));
            Profile other = profiles.remove(random.nextInt(profiles.size()));
            profiles.add(one.merge(other));
        }

        assertThat(profiles.get(0).toBytes()).isEqualTo(whole.toBytes());
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void whatIsWrittenIsReadBack(@ForAll("rows") List<Map<String, Object>> rows) {
        Profile profile = PROFILER.profile(Table.rows(rows));

        Profile ofBytes = Profile.ofBytes(profile.toBytes());
        Profile ofJson = Profile.parse(profile.toJson());

        assertThat(ofBytes).isEqualTo(profile);
        assertThat(ofJson).isEqualTo(profile);
        assertThat(ofBytes.toString()).isEqualTo(profile.toString());
        assertThat(ofBytes.toJson()).isEqualTo(profile.toJson());
        assertThat(ofBytes.merge(ofJson)).isEqualTo(profile.merge(profile));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void aQuantileIsWithinItsErrorOfTheExactOne(
            @ForAll("manyNumbers") double[] values, @ForAll @DoubleRange(max = 1) double share) {
        NumberTally tally = numbers(values);

        FeatureProfile profile = profile(tally);

        double[] sorted = Arrays.stream(values).map(x -> x + 0.0).sorted().toArray();
        double exact = sorted[Math.max(1, (int) Math.ceil(share * sorted.length)) - 1];
        assertThat(profile.quantile(share)).isEqualTo(exact, within(profile.quantileError() * Math.abs(exact)));
        long atMost = Arrays.stream(sorted).filter(x -> x <= exact).count();
        double around = Math.abs(exact) * 4 * profile.quantileError();
        long near =
                Arrays.stream(sorted).filter(x -> Math.abs(x - exact) <= around).count();
        assertThat(profile.shareAtMost(exact) * sorted.length).isEqualTo(atMost, within(near + 1e-6));
    }

    @Property(tries = 20)
    void theNumberOfDifferentValuesIsWithinFiveStandardErrors(
            @ForAll @IntRange(min = 300, max = 60_000) int different, @ForAll int seed) {
        Random random = new Random(seed);
        double[] values = random.doubles(different).toArray();

        FeatureProfile profile = profile(numbers(values));

        assertThat((double) profile.distinct()).isEqualTo(different, within(5 * 0.0163 * different));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void ofValuesThatWereKeptTheCountsAreExact(@ForAll("manyNumbers") double[] values) {
        FeatureProfile profile = profile(numbers(values));

        Map<String, Long> exact = new HashMap<>();
        for (double x : values) {
            exact.merge(FeatureProfile.shown(x + 0.0), 1L, Long::sum);
        }
        assertThat(profile.frequent())
                .allSatisfy(value -> assertThat(exact).containsEntry(value.value(), value.count()));
        assertThat(profile.frequent()).hasSize(Math.min(exact.size(), NumberTally.MOST_KNOWN));
        assertThat(profile.isDistinctExact()).isEqualTo(exact.size() <= NumberTally.MOST_KNOWN);
    }

    private static NumberTally numbers(double[] values) {
        NumberTally tally = new NumberTally(
                io.github.plimsoll.core.schema.FeatureType.NUMBER, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        for (double value : values) {
            tally.add(value);
        }
        return tally;
    }

    private static FeatureProfile profile(NumberTally tally) {
        return new FeatureProfile(Feature.number("x"), States.NONE, Unreadable.Facts.NONE, tally.facts());
    }

    @Provide
    Arbitrary<double[]> manyNumbers() {
        return Arbitraries.longs()
                .flatMap(seed -> Arbitraries.integers()
                        .between(1, 3000)
                        .flatMap(n -> Arbitraries.integers().between(0, 4).map(kind -> {
                            Random random = new Random(seed);
                            double[] values = new double[n];
                            for (int i = 0; i < n; i++) {
                                double z = random.nextGaussian();
                                values[i] = switch (kind) {
                                    case 0 -> z;
                                    case 1 -> Math.exp(10 * z);
                                    case 2 -> Math.rint(z * 100) / 10;
                                    case 3 -> Math.scalb(z, random.nextInt(2000) - 1000);
                                    default -> 1e6 + z;
                                };
                            }
                            return values;
                        })));
    }

    @Provide
    Arbitrary<List<Map<String, Object>>> rows() {
        Arbitrary<Object> number = Arbitraries.oneOf(
                Arbitraries.doubles().map(x -> x),
                Arbitraries.of(0.0, -0.0, 1.0, -999.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
                Arbitraries.of("word", "n.a."));
        Arbitrary<Object> text = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12).map(x -> x),
                Arbitraries.of("one two", "Two three 4", "smile 😀", "", " ", "x".repeat(150)));
        Arbitrary<Object> vector = Arbitraries.of(
                new double[] {1, 2, 3}, new double[] {0, 0, 0}, new double[] {1e10, Double.NaN, 3}, new double[] {
                    -1, 0.5, 2
                });
        return Arbitraries.longs()
                .flatMap(seed -> number.tuple3()
                        .flatMap(numbers -> text.tuple3()
                                .flatMap(texts -> vector.list()
                                        .ofMinSize(1)
                                        .ofMaxSize(3)
                                        .flatMap(vectors -> Arbitraries.integers()
                                                .between(0, 1500)
                                                .map(n -> {
                                                    Random random = new Random(seed);
                                                    List<Map<String, Object>> rows = new ArrayList<>();
                                                    for (int i = 0; i < n; i++) {
                                                        Map<String, Object> row = new HashMap<>();
                                                        row.put(
                                                                "x",
                                                                random.nextInt(4) == 0
                                                                        ? numbers.items()
                                                                                .get(random.nextInt(3))
                                                                        : random.nextGaussian());
                                                        row.put(
                                                                "n",
                                                                random.nextInt(9) == 0
                                                                        ? null
                                                                        : (Object) (random.nextLong()
                                                                                >> random.nextInt(64)));
                                                        row.put("b", random.nextBoolean());
                                                        row.put("open", "v" + (int) Math.exp(random.nextDouble() * 9));
                                                        row.put(
                                                                "closed",
                                                                random.nextInt(5) == 0
                                                                        ? "other"
                                                                        : random.nextBoolean() ? "a" : "b");
                                                        row.put(
                                                                "note",
                                                                texts.items().get(random.nextInt(3))
                                                                        + (random.nextInt(3) == 0 ? " " + i : ""));
                                                        row.put("t", Instant.ofEpochMilli(random.nextLong() >> 20));
                                                        row.put("v", vectors.get(random.nextInt(vectors.size())));
                                                        row.put("hidden", row.get("v"));
                                                        row.put("secret", "s" + random.nextInt(3));
                                                        rows.add(row);
                                                    }
                                                    return rows;
                                                })))));
    }
}
