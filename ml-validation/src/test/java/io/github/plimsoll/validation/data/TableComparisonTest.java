package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.Profile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableComparisonTest {

    private static final Feature KIND = Feature.category("kind").nullable();
    private static final Feature FARE = Feature.number("fare").nullable();

    private static Table rows(String column, List<?> values) {
        return Table.rows(values.stream()
                .map(value -> Collections.singletonMap(column, value))
                .toList());
    }

    private static Profile profile(Feature feature, List<?> values) {
        return Profile.of(rows(feature.name(), values), List.of(feature));
    }

    private static FeatureProfile column(Feature feature, List<?> values) {
        return profile(feature, values).features().get(0);
    }

    private static List<String> kinds(Map<String, Integer> counts) {
        List<String> values = new ArrayList<>();
        counts.forEach((kind, count) -> values.addAll(Collections.nCopies(count, kind)));
        return values;
    }

    private static List<Double> normal(int count, double mean, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> mean + random.nextGaussian())
                .toList();
    }

    // ---- distances ------------------------------------------------------------------------------------------------

    @Test
    void categoriesAreComparedValueByValue() {
        FeatureProfile before = column(KIND, kinds(Map.of("a", 6, "b", 4)));
        FeatureProfile after = column(KIND, kinds(Map.of("b", 1, "c", 3)));

        assertThat(Distance.L_INFINITY.between(before, after)).isCloseTo(0.75, within(1e-12));
        assertThat(Distance.NORMALIZED_ABSOLUTE_DIFFERENCE.between(before, after))
                .isCloseTo(6.0 / 14, within(1e-12));
        double middle = 0.5 * (0.4 + 0.25);
        double bits = 0.5 * (0.6 + 0.4 * Math.log(0.4 / middle) / Math.log(2))
                + 0.5 * (0.75 + 0.25 * Math.log(0.25 / middle) / Math.log(2));
        assertThat(Distance.JENSEN_SHANNON.between(before, after)).isCloseTo(bits, within(1e-12));
    }

    @Test
    void missingValuesAreInNoCell() {
        FeatureProfile before = column(KIND, kinds(Map.of("a", 5, "b", 5)));
        List<String> values = kinds(new HashMap<>(Map.of("a", 2, "b", 2)));
        values.addAll(Collections.nCopies(90, null));

        assertThat(Distance.L_INFINITY.between(before, column(KIND, values))).isZero();
    }

    @Test
    void numbersAreComparedInTwentiethsOfTheReferenceAndBeyondItsEnds() {
        List<Double> reference =
                IntStream.rangeClosed(1, 1_000).mapToObj(i -> i / 10.0).toList();
        List<Double> above = IntStream.rangeClosed(1, 1_000)
                .mapToObj(i -> i <= 800 ? i / 8.0 : 1_000.0 + i)
                .toList();

        double distance = Distance.L_INFINITY.between(column(FARE, reference), column(FARE, above));

        // 800 of the values are spread as before, at 0.8 of the density; 200 are above the greatest
        assertThat(distance).isCloseTo(0.2, within(0.01));
        assertThat(Distance.L_INFINITY.between(column(FARE, reference), column(FARE, reference)))
                .isZero();
    }

    @Test
    void numbersOfFewValuesAreComparedValueByValue() {
        Feature hour = Feature.integer("hour");
        List<Integer> before = new ArrayList<>(Collections.nCopies(50, 8));
        before.addAll(Collections.nCopies(50, 9));
        List<Integer> after = new ArrayList<>(Collections.nCopies(30, 8));
        after.addAll(Collections.nCopies(70, 10));

        assertThat(Distance.L_INFINITY.between(column(hour, before), column(hour, after)))
                .isCloseTo(0.7, within(1e-12));
    }

    @Test
    void fewMeasurementsAreNotTakenForCategories() {
        FeatureProfile before = column(FARE, normal(200, 0, 1));
        FeatureProfile after = column(FARE, normal(200, 0, 2));

        assertThat(Distance.JENSEN_SHANNON.between(before, after)).isLessThan(0.1);
    }

    @Test
    void notANumberAndInfinitiesHaveCellsOfTheirOwn() {
        FeatureProfile before = column(FARE, List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0));
        FeatureProfile after = column(
                FARE, List.of(1.0, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.0));

        assertThat(Distance.L_INFINITY.between(before, after)).isCloseTo(4.0 / 6, within(1e-12));
        assertThat(Distance.NORMALIZED_ABSOLUTE_DIFFERENCE.between(before, after))
                .isCloseTo(4.0 / 12, within(1e-12));
    }

    @Test
    void textsThatNotBothProfilesKnowAreOneCell() {
        Feature text = Feature.text("id");
        List<String> before = IntStream.range(0, 5_000).mapToObj(i -> "a" + i).toList();
        List<String> after = IntStream.range(0, 5_000).mapToObj(i -> "b" + i).toList();

        assertThat(Distance.L_INFINITY.between(column(text, before), column(text, after)))
                .isZero(); // identifiers: all are "others", and nothing is said of them
        assertThat(Distance.L_INFINITY.between(column(text, before), column(text, Collections.nCopies(99, "a1"))))
                .isGreaterThan(0.99);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsNotFarFromNothingAndAsFarAsCanBeFromSomething(Distance distance) {
        FeatureProfile none = column(KIND, List.of());
        FeatureProfile some = column(KIND, List.of("a"));

        assertThat(distance.between(none, none)).isZero();
        assertThat(distance.between(none, some)).isEqualTo(1);
        assertThat(distance.between(some, none)).isEqualTo(1);
        assertThat(distance.between(column(FARE, List.of()), column(FARE, List.of(1.0, 2.0))))
                .isEqualTo(1);
    }

    @Test
    void whatProfilesDoNotKnowIsNotCompared() {
        FeatureProfile hidden = column(KIND.sensitive(), List.of("a"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distance.L_INFINITY.between(hidden, hidden))
                .withMessageStartingWith("profile of 'kind': sensitive");
        assertThatIllegalStateException()
                .isThrownBy(() -> ColumnContract.of(KIND.sensitive()).drift(Distance.L_INFINITY, 0.1));
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        ColumnContract.of(KIND).drift(Distance.L_INFINITY, 0.1).feature(KIND.sensitive()));
        assertThatIllegalStateException()
                .isThrownBy(() -> ColumnContract.of(Feature.tensor("t", 3)).skew(Distance.JENSEN_SHANNON, 0.1));
    }

    @Property(tries = 200)
    void distancesAreSharesAndTheSameForTheSameValues(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 9) Integer> x,
            @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 9) Integer> y) {
        for (Feature feature : List.of(Feature.integer("v"), Feature.number("v"), Feature.text("v"))) {
            List<?> given = feature.type() == Feature.text("v").type()
                    ? x.stream().map(String::valueOf).toList()
                    : x;
            List<?> other = feature.type() == Feature.text("v").type()
                    ? y.stream().map(String::valueOf).toList()
                    : y;
            for (Distance distance : Distance.values()) {
                assertThat(distance.between(column(feature, given), column(feature, other)))
                        .isBetween(0.0, 1.0);
                assertThat(distance.between(column(feature, given), column(feature, given)))
                        .isCloseTo(0, within(1e-12));
            }
        }
    }

    // ---- tables ---------------------------------------------------------------------------------------------------

    @Test
    void aColumnThatMovedFurtherThanItsLimitIsAnAnomalyThatSaysWhatMovedMost() {
        DataContract contract = DataContract.of(
                "rides",
                ColumnContract.of(KIND)
                        .skew(Distance.L_INFINITY, 0.2)
                        .drift(Distance.JENSEN_SHANNON, 0.9)
                        .on(Check.SKEW, Reaction.WARN));
        Profile training = profile(KIND, kinds(Map.of("cash", 6, "card", 3, "none", 1)));
        Table today = rows("kind", kinds(Map.of("cash", 2, "card", 7, "none", 1)));

        TableReport report = TableValidation.of(contract)
                .skewAgainst(training)
                .driftSince(training)
                .validate(today);

        assertThat(report.anomalies()).singleElement().satisfies(anomaly -> {
            assertThat(anomaly.code()).isEqualTo("skew");
            assertThat(anomaly.path()).isEqualTo("kind");
            assertThat(anomaly.severity()).isEqualTo(Severity.WARNING);
            assertThat(anomaly.observed())
                    .matches("l-infinity distance 0\\.(4|39999)\\d*: .*")
                    .contains("'card' 0.7000, was 0.3000")
                    .contains("'cash' 0.2000, was 0.6000")
                    .endsWith("'none' 0.1000, was 0.1000");
            assertThat(anomaly.expected()).isEqualTo("l-infinity distance at most 0.2");
        });
        assertThat(report.profile().orElseThrow().feature("kind").count()).isEqualTo(10);
        assertThat(TableValidation.of(contract).validate(today).anomalies()).isEmpty();
        assertThat(TableValidation.of(contract).validate(today).profile()).isEmpty();
    }

    @Test
    void aDistanceThatIsEqualToItsLimitKeepsToIt() {
        DataContract contract = DataContract.of("c", ColumnContract.of(KIND).drift(Distance.L_INFINITY, 0.25));
        Profile before = profile(KIND, kinds(Map.of("a", 3, "b", 1)));

        assertThat(TableValidation.of(contract)
                        .driftSince(before)
                        .validate(rows("kind", kinds(Map.of("a", 2, "b", 2))))
                        .anomalies())
                .isEmpty();
    }

    @Test
    void numbersThatMovedAreNamedByTheirRange() {
        DataContract contract = DataContract.of("c", ColumnContract.of(FARE).drift(Distance.L_INFINITY, 0.1));
        Profile before = profile(
                FARE, IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList());
        Table after = rows(
                "fare", IntStream.rangeClosed(1, 100).mapToObj(i -> i * 2.0).toList());

        TableReport report = TableValidation.of(contract).driftSince(before).validate(after);

        assertThat(report.anomalies().get(0).observed())
                .startsWith("l-infinity distance 0.5: above 100.0 0.5000, was 0.0000; (")
                .contains("; [1.0, 5.0] 0.0200, was 0.0500");
    }

    @Test
    void aColumnThatTheProfileDoesNotHaveOrKnowBreaksItsLimit() {
        DataContract contract = DataContract.of("c", ColumnContract.of(KIND).skew(Distance.L_INFINITY, 1));
        Table table = rows("kind", List.of("a"));

        assertThat(TableValidation.of(contract)
                        .skewAgainst(profile(FARE, List.of(1.0)))
                        .validate(table)
                        .anomalies())
                .extracting(Anomaly::observed)
                .containsExactly("no such column in the profile");
        assertThat(TableValidation.of(contract)
                        .skewAgainst(profile(KIND.sensitive(), List.of("a")))
                        .validate(table)
                        .anomalies())
                .extracting(Anomaly::observed)
                .containsExactly("the profile does not know its values");
    }

    @Test
    void threadsChangeNeitherProfileNorDistances() throws Exception {
        DataContract contract = DataContract.of("c", ColumnContract.of(FARE).drift(Distance.JENSEN_SHANNON, 0));
        Profile before = profile(FARE, normal(5_000, 0, 3));
        Table after = rows("fare", normal(20_000, 0.1, 4));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            TableReport alone = TableValidation.of(contract).driftSince(before).validate(after);
            TableReport shared = TableValidation.of(contract)
                    .driftSince(before)
                    .on(threads, 4)
                    .validate(after);

            assertThat(shared.toJson()).isEqualTo(alone.toJson());
            assertThat(shared.profile()).isEqualTo(alone.profile());
            assertThat(alone.anomalies()).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }
}
