package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {

    @TempDir
    Path folder;

    private Table csv(String text) throws Exception {
        return Table.csv(Files.writeString(folder.resolve("table.csv"), text));
    }

    @Test
    void columnsOfAFileAreRecognisedAndSummed() throws Exception {
        Table table = csv("id,price,paid,city,at,note\n"
                + "1,9.5,true,Ulm,2026-03-02T10:30:00Z,first of all\n"
                + "2,,false,Ulm,2026-03-03T10:31:00Z,second\n"
                + "3,-0.25,TRUE,Bonn,,third one\n"
                + "4,1e3,false,Bonn,2026-03-07T23:59:59+01:00,fourth\n");

        Profile profile = Profile.of(table);

        assertThat(profile.rows()).isEqualTo(4);
        assertThat(profile.features().stream().map(FeatureProfile::type))
                .containsExactly(
                        FeatureType.INTEGER,
                        FeatureType.NUMBER,
                        FeatureType.BOOLEAN,
                        FeatureType.CATEGORY,
                        FeatureType.TIMESTAMP,
                        FeatureType.TEXT);
        FeatureProfile price = profile.feature("price");
        assertThat(price.missing()).isEqualTo(1);
        assertThat(price.missingShare()).isEqualTo(0.25);
        assertThat(price.count()).isEqualTo(3);
        assertThat(price.min()).isEqualTo(-0.25);
        assertThat(price.max()).isEqualTo(1000);
        assertThat(price.mean()).isEqualTo((9.5 - 0.25 + 1000) / 3);
        assertThat(price.negatives()).isEqualTo(1);
        assertThat(price.wholeShare()).isEqualTo(1 / 3.0);
        assertThat(price.decimals()).isEqualTo(2);
        assertThat(price.quantile(0.5)).isEqualTo(9.5);
        assertThat(profile.feature("paid").mean()).isEqualTo(0.5);
        assertThat(profile.feature("city").frequent())
                .containsExactly(new ValueCount("Bonn", 2), new ValueCount("Ulm", 2));
        FeatureProfile at = profile.feature("at");
        assertThat(at.hours()[10]).isEqualTo(2);
        assertThat(at.hours()[22]).isEqualTo(1);
        assertThat(at.weekdays()).containsExactly(1, 1, 0, 0, 0, 1, 0);
        assertThat(at.min()).isEqualTo(Instant.parse("2026-03-02T10:30:00Z").toEpochMilli());
        assertThat(profile.feature("id").frequent()).contains(new ValueCount("4", 1));
    }

    @Test
    void fewWordsAmongNumbersAreUnreadableAndManyMakeAText() throws Exception {
        String mostlyNumbers = "x\n" + "1.5\n".repeat(19) + "n.a.\n";
        String halfWords = "x\n" + "1.5\nword\n".repeat(10);

        assertThat(Profile.of(csv(mostlyNumbers)).feature("x").unreadable()).isEqualTo(1);
        assertThat(Profile.of(csv(halfWords)).feature("x").type()).isEqualTo(FeatureType.CATEGORY);
    }

    @Test
    void everyRowIsInExactlyOneCount() throws Exception {
        Table table = csv("x\n1\nNaN\nInfinity\n-Infinity\nword\n\"\"\n2\n");

        FeatureProfile x =
                Profile.of(table, List.of(Feature.number("x").range(0, 1))).feature("x");

        assertThat(x.rows()).isEqualTo(7);
        assertThat(x.notANumber()).isEqualTo(1);
        assertThat(x.positiveInfinity()).isEqualTo(1);
        assertThat(x.negativeInfinity()).isEqualTo(1);
        assertThat(x.unreadable()).isEqualTo(1);
        assertThat(x.missing()).isEqualTo(1);
        assertThat(x.count()).isEqualTo(2);
        assertThat(x.outside()).isEqualTo(1);
    }

    @Test
    void quantilesOfManyNumbersKeepTheirErrorAndSoDoesTheNumberOfDifferentOnes() {
        Random random = new Random(7);
        double[] values = random.doubles(20_000).map(u -> Math.exp(6 * u) - 20).toArray();

        FeatureProfile x = profileOf(values).feature("x");

        double[] sorted = values.clone();
        Arrays.sort(sorted);
        assertThat(x.quantileError()).isEqualTo(1 / 128.0);
        for (double share : new double[] {0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.999, 1}) {
            double exact = sorted[Math.max(1, (int) Math.ceil(share * values.length)) - 1];
            assertThat(x.quantile(share)).isEqualTo(exact, within(Math.abs(exact) * x.quantileError()));
        }
        assertThat(x.distinct()).isBetween(19_000L, 21_000L);
        assertThat(x.isDistinctExact()).isFalse();
    }

    @Test
    void anySplitOverRecordersInAnyOrderIsTheSameAsTheWhole() throws Exception {
        Random random = new Random(3);
        List<Map<String, ?>> rows = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("x", random.nextInt(20) == 0 ? Double.NaN : random.nextGaussian() * 1e3);
            row.put("n", (long) random.nextInt(1_000_000));
            row.put("c", "c" + (long) Math.exp(random.nextDouble() * 9));
            row.put("t", Instant.ofEpochMilli(random.nextLong() >>> 24));
            rows.add(row);
        }
        List<Feature> features =
                List.of(Feature.number("x"), Feature.integer("n"), Feature.category("c"), Feature.timestamp("t"));

        Profile whole = Profile.of(Table.rows(rows), features);
        List<Profile> parts = IntStream.range(0, 7)
                .mapToObj(p -> Profile.of(
                        Table.rows(IntStream.range(0, rows.size())
                                .filter(i -> i * 31 % 7 == p)
                                .mapToObj(rows::get)
                                .toList()),
                        features))
                .toList();
        Profile leftToRight = parts.stream().reduce(Profile::merge).orElseThrow();
        Profile rightToLeft = parts.get(6)
                .merge(parts.get(5))
                .merge(parts.get(0).merge(parts.get(3)))
                .merge(parts.get(2).merge(parts.get(1).merge(parts.get(4))));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Profile threaded = Profile.of(Table.rows(rows), features, threads, 3);
        threads.shutdown();

        assertThat(leftToRight).isEqualTo(whole);
        assertThat(rightToLeft).isEqualTo(whole);
        assertThat(threaded).isEqualTo(whole);
        assertThat(whole).isNotEqualTo(parts.get(0));
    }

    @Test
    void ofASensitiveFeatureThereIsNothingButTheNumberOfValues() {
        Profile profile = Profile.of(
                Table.rows(List.of(Map.of("salary", 70_000.0), Map.of("salary", 81_000.0))),
                List.of(Feature.number("salary").sensitive()));

        FeatureProfile salary = profile.feature("salary");
        assertThat(salary.count()).isEqualTo(2);
        assertThat(salary.mean()).isNaN();
        assertThat(salary.quantile(0.5)).isNaN();
        assertThat(salary.distinct()).isZero();
        assertThat(salary.frequent()).isEmpty();
    }

    @Test
    void profilesOfOtherFeaturesDoNotMerge() {
        Profile x = Profile.recorder(List.of(Feature.number("x"))).profile();
        Profile y = Profile.recorder(List.of(Feature.number("y"))).profile();

        assertThatThrownBy(() -> x.merge(y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("y: number")
                .hasMessageContaining("x: number");
    }

    private static Profile profileOf(double[] values) {
        return Profile.of(
                Table.rows(Arrays.stream(values).mapToObj(x -> Map.of("x", x)).toList()), List.of(Feature.number("x")));
    }
}
