package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/profiles.md, compiled and run; every block of the page stands here word for word. */
@SuppressWarnings("SystemOut")
class ProfilesGuideTest {

    @TempDir
    Path folder;

    private Path monday;
    private Path tuesday;

    @BeforeEach
    void tables() throws IOException {
        monday = Files.writeString(folder.resolve("monday.csv"), rides(1, 1, 0));
        tuesday = Files.writeString(folder.resolve("tuesday.csv"), rides(2, 100, 0.1));
    }

    private static String rides(int seed, double unit, double missing) {
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder("fare,paid,company,started\n");
        for (int i = 0; i < 2_000; i++) {
            double fare = Math.rint(500 + 300 * Math.exp(random.nextGaussian())) / 100 * unit;
            String company =
                    random.nextInt(3) == 0 ? "Blue Ribbon" : unit > 1 && i % 50 == 0 ? "blue ribbon" : "Flash Cab";
            csv.append(random.nextDouble() < missing ? "" : fare)
                    .append(random.nextInt(5) == 0 ? ",false," : ",true,")
                    .append(company)
                    .append(String.format(",2026-03-%02dT%02d:%02d:00Z%n", seed + 1, i * 24 / 2000, i % 60));
        }
        return csv.toString();
    }

    @Test
    void aTableIsProfiled() {
        Profile profile = Profile.of(Table.csv(monday));
        System.out.println(profile);

        FeatureProfile fare = profile.feature("fare");
        double median = fare.quantile(0.5);
        double missing = fare.missingShare();
        List<ValueCount> companies = profile.feature("company").frequent();

        assertThat(median).isEqualTo(8, org.assertj.core.api.Assertions.within(0.3));
        assertThat(missing).isZero();
        assertThat(companies).extracting(ValueCount::value).containsExactly("Flash Cab", "Blue Ribbon");
    }

    @Test
    void twoTablesAreCompared() {
        Profile profile = Profile.of(Table.csv(monday));

        List<Feature> features =
                profile.features().stream().map(FeatureProfile::feature).toList();
        Profile today = Profile.of(Table.csv(tuesday), features);
        for (ProfileChange change : today.changesSince(profile)) {
            System.out.println(change);
        }

        assertThat(today.changesSince(profile))
                .extracting(ProfileChange::kind)
                .contains(ProfileChange.Kind.MISSING, ProfileChange.Kind.NEW_VALUE, ProfileChange.Kind.MEDIAN);
    }

    @Test
    void rowsOfManyHostsBecomeOneProfile() {
        Schema<double[]> schema = Schema.ofDoubles(Feature.number("fare"), Feature.number("distance"));
        List<FeatureRow> rows = List.of(schema.read(new double[] {9.5, 2.1}), schema.read(new double[] {12, 4}));

        ProfileRecorder recorder = Profile.recorder(schema.features());
        for (FeatureRow row : rows) {
            recorder.record(row);
        }
        byte[] sent = recorder.profile().toBytes();

        List<byte[]> received = List.of(sent, sent);
        List<Profile> profiles = new ArrayList<>();
        for (byte[] bytes : received) {
            profiles.add(Profile.ofBytes(bytes));
        }
        Profile fleet = Profile.merged(profiles);

        assertThat(fleet.rows()).isEqualTo(4);
        assertThat(fleet.feature("fare").mean()).isEqualTo(10.75);
    }

    @Test
    void moreCanBeAskedFor() {
        List<Feature> features = List.of(
                Feature.number("fare"),
                Feature.bool("paid"),
                Feature.category("company").sensitive(),
                Feature.timestamp("started"));
        byte[] secret = "kept where keys are kept".getBytes(StandardCharsets.UTF_8);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        Profile training = Profile.of(Table.csv(monday), features);

        Profile profile = Profiler.of(features)
                .on(executor, 4)
                .keyed(secret)
                .correlating("fare", "paid")
                .against(training)
                .profile(Table.csv(tuesday));

        executor.shutdown();
        assertThat(profile.feature("company").frequent().get(0).value()).startsWith("#");
        assertThat(profile.correlations()).hasSize(1);
        assertThat(profile.feature("started").hours()).contains(83);
    }
}
