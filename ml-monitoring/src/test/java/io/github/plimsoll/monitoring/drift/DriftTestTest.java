package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.monitoring.profile.Profile;
import io.github.plimsoll.monitoring.profile.ProfileRecorder;
import io.github.plimsoll.validation.stats.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DriftTestTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("amount").nullable(), Feature.category("shop").nullable(), Feature.bool("online"));
    private static final Baseline BASELINE = Baseline.of(SCHEMA.features(), rows(1, 1_000, () -> Map.of()));
    private static final DriftTest TEST = new DriftTest(BASELINE, 0.001);

    @Property(tries = 50)
    void anySplitMergedInAnyOrderSaysTheSameToTheBit(@ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int parts) {
        var random = new SplittableRandom(seed);
        List<FeatureRow> live = rows(seed, 400, () -> Map.of("amount", 3.0));
        ProfileRecorder whole = BASELINE.recorder();
        List<ProfileRecorder> shards =
                Stream.generate(BASELINE::recorder).limit(parts).toList();
        for (FeatureRow row : live) {
            whole.record(row);
            shards.get(random.nextInt(parts)).record(row);
        }
        List<Profile> profiles =
                new ArrayList<>(shards.stream().map(ProfileRecorder::snapshot).toList());
        Collections.shuffle(profiles, new Random(seed));

        Profile merged = profiles.stream().reduce(Profile::merge).orElseThrow();

        assertThat(merged).isEqualTo(whole.snapshot());
        assertThat(TEST.apply(merged).features())
                .isEqualTo(TEST.apply(whole.snapshot()).features());
    }

    @Test
    void nullsThatWereRareAreFound() {
        FeatureDrift drift = drift(200, "amount", null);

        assertThat(drift.isDrifted()).isTrue();
        assertThat(drift.shifts().toString()).startsWith("[amount is null: 0 % -> 20 % (");
    }

    @Test
    void aNewNameIsFound() {
        FeatureDrift drift = drift(200, "shop", "brand new");

        assertThat(drift.isDrifted()).isTrue();
        assertThat(drift.shifts().get(0).toString()).matches("shop is a new name: 0(\\.\\d)? % -> 20 % .*");
    }

    @Test
    void aNameWithACellIsComparedByItsShareHoweverFewRowsWereCounted() {
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.category("x"));
        List<FeatureRow> before = IntStream.range(0, 2_000)
                .mapToObj(i -> schema.read(Map.of("x", "name-" + i * 7919L % 2_000 % 200)))
                .toList();
        var feature = Baseline.of(schema.features(), before).features().get(0);

        CellSplit split = new CellSplit(feature);

        assertThat(feature.cells().get(split.main[0]).expected()).isLessThan(10);
        assertThat(split.main).hasSize(41); // 40 names and the rest of them
        assertThat(split.rare).hasSize(3); // null, invalid, new names
    }

    @Test
    void aValueThatIsStuckIsFound() {
        FeatureDrift drift = drift(200, "amount", 7.25);

        assertThat(drift.isDrifted()).isTrue();
    }

    @Test
    void aConstantThatChangesIsFound() {
        Schema<double[]> schema = Schema.ofDoubles(Feature.number("constant"));
        List<FeatureRow> before = Collections.nCopies(100, schema.read(new double[] {42}));
        Baseline baseline = Baseline.of(schema.features(), before);
        ProfileRecorder recorder = baseline.recorder();
        for (int i = 0; i < 20; i++) {
            recorder.record(schema.read(new double[] {42.5}));
        }

        FeatureDrift drift = new DriftTest(baseline, 0.001)
                .apply(recorder.snapshot())
                .features()
                .get(0);

        assertThat(drift.isDrifted()).isTrue();
        assertThat(drift.shifts().toString()).startsWith("[constant is a rare value: 0 % -> 100 % (");
    }

    @Test
    void aHundredMillionRowsOverflowNothing() {
        Profile profile = recorded(rows(3, 1_000, () -> Map.of()));
        for (int doubling = 0; doubling < 17; doubling++) {
            profile = profile.merge(profile);
        }

        for (FeatureDrift drift : TEST.apply(profile).features()) {
            assertThat(drift.rows()).isEqualTo(131_072_000);
            assertThat(drift.score()).isFinite();
            assertThat(drift.psi()).isFinite();
        }
    }

    /** By hand: 100 and 50 rows in two cells of 50; half a row added to each; (2 - 1)(1/100 + 1/50) taken off. */
    @Test
    void psiIsLessWhatChanceMakesOfIt() {
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.bool("x"));
        List<FeatureRow> before = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            before.add(schema.read(Map.of("x", i < 50)));
        }
        Baseline baseline = Baseline.of(schema.features(), before);
        ProfileRecorder recorder = baseline.recorder();
        for (int i = 0; i < 50; i++) {
            recorder.record(schema.read(Map.of("x", i < 40)));
        }

        double psi = Psi.of(recorder.snapshot().features().get(0));

        double q = 40.5 / 51;
        double raw = (q - 0.5) * Math.log(q / 0.5) + (1 - q - 0.5) * Math.log((1 - q) / 0.5);
        assertThat(psi).isCloseTo(raw - 0.03, within(1e-12));
    }

    @Test
    void psiOfAnUnchangedLawIsZeroOnAverage() {
        double sum = 0;
        for (int stream = 0; stream < 200; stream++) {
            sum += Psi.of(recorded(rows(1_000 + stream, 1_000, () -> Map.of()))
                    .features()
                    .get(0));
        }

        assertThat(sum / 200).isCloseTo(0, within(0.01)); // uncorrected it would be 0.062
    }

    @Test
    void sharesAreWrittenForPeople() {
        var interval = new Interval(0.0012, 1);
        assertThat(new CellShift("t > 36.2", 0.031, 0.714, interval))
                .hasToString("t > 36.2: 3.1 % -> 71 % (0.1 % to 100 %)");
        assertThat(new CellShift("t is null", 0, 0.0004, interval))
                .hasToString("t is null: 0 % -> 0.040 % (0.1 % to 100 %)");
        assertThat(new CellShift("t = 3", 0.02, 1, interval)).hasToString("t = 3: 2 % -> 100 % (0.1 % to 100 %)");
    }

    /** What is said of a feature when each fifth row has another value of it. */
    private static FeatureDrift drift(int number, String feature, Object value) {
        int[] row = {0};
        Profile profile = recorded(
                rows(2, number, () -> row[0]++ % 5 == 0 ? Collections.singletonMap(feature, value) : Map.of()));
        return TEST.apply(profile).feature(feature);
    }

    private static Profile recorded(List<FeatureRow> rows) {
        ProfileRecorder recorder = BASELINE.recorder();
        rows.forEach(recorder::record);
        return recorder.snapshot();
    }

    private static List<FeatureRow> rows(long seed, int number, Supplier<Map<String, ?>> changes) {
        var random = new SplittableRandom(seed);
        return Stream.generate(() -> {
                    Map<String, Object> row = new HashMap<>();
                    row.put("amount", Math.exp(3 * random.nextDouble()));
                    row.put("shop", "shop-" + (int) (10 * random.nextDouble() * random.nextDouble()));
                    row.put("online", random.nextInt(3) == 0);
                    row.putAll(changes.get());
                    return SCHEMA.read(row);
                })
                .limit(number)
                .toList();
    }
}
