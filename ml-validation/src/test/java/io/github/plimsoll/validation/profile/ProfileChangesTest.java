package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.profile.ProfileChange.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProfileChangesTest {

    private static final List<Feature> FEATURES =
            List.of(Feature.number("fare"), Feature.category("city"), Feature.bool("paid"), Feature.text("note"));

    private static Map<String, Object> row(Random random) {
        Map<String, Object> row = new HashMap<>();
        row.put("fare", Math.exp(random.nextGaussian()));
        row.put("city", random.nextInt(3) == 0 ? "Ulm" : "Bonn");
        row.put("paid", random.nextInt(4) > 0);
        row.put("note", "word ".repeat(1 + random.nextInt(5)));
        return row;
    }

    private static Profile profile(int seed, java.util.function.Consumer<Map<String, Object>> change) {
        Random random = new Random(seed);
        List<Map<String, Object>> rows = IntStream.range(0, 5_000)
                .mapToObj(i -> row(random))
                .peek(change)
                .toList();
        return Profile.of(Table.rows(rows), FEATURES);
    }

    @Test
    void rowsOfTheSameKindHaveNothingToTellButNewExtremes() {
        for (int seed = 1; seed < 20; seed++) {
            List<ProfileChange> changes = profile(seed, row -> {}).changesSince(profile(0, row -> {}));

            assertThat(changes).extracting(ProfileChange::kind).isSubsetOf(Kind.MIN, Kind.MAX);
        }
    }

    @Test
    void whatChangedIsToldInWords() {
        Random random = new Random(9);
        Profile before = profile(1, row -> {});
        Profile after = profile(2, row -> {
            if (random.nextInt(8) == 0) {
                row.put("fare", null);
            } else {
                row.put("fare", (Double) row.get("fare") * 100);
            }
            if (random.nextInt(10) == 0) {
                row.put("city", "ULM");
            }
            row.put("note", row.get("note") + "😀");
        });

        List<ProfileChange> changes = after.changesSince(before);

        assertThat(changes)
                .extracting(ProfileChange::kind)
                .contains(Kind.MISSING, Kind.MEAN, Kind.MEDIAN, Kind.NEW_VALUE);
        ProfileChange missing = changes.get(0);
        assertThat(missing.feature()).isEqualTo("fare");
        assertThat(missing.before()).isZero();
        assertThat(missing.after()).isEqualTo(after.feature("fare").missingShare());
        assertThat(missing.toString()).matches("fare: missing 0 % -> 1[1-4] %");
        assertThat(changes).anyMatch(change -> change.toString().matches("city: new value 'ULM' \\d+(\\.\\d)? %"));
        assertThat(changes).anyMatch(change -> change.feature().equals("note, emoji") && change.kind() == Kind.MEAN);
        assertThat(changes).noneMatch(change -> change.feature().equals("paid"));
        assertThat(changes)
                .filteredOn(change ->
                        change.kind() == Kind.MEDIAN && change.feature().equals("fare"))
                .singleElement()
                .satisfies(
                        change -> assertThat(change.after() / change.before()).isBetween(80.0, 120.0));
    }

    @Test
    void featuresThatCameWentMovedOrTurnedAreTold() {
        Profile before = Profile.recorder(List.of(Feature.number("a"), Feature.number("b"), Feature.number("c")))
                .profile();
        Profile after = Profile.recorder(List.of(Feature.text("b"), Feature.number("a"), Feature.number("d")))
                .profile();

        assertThat(after.changesSince(before))
                .extracting(ProfileChange::toString)
                .containsExactly(
                        "b: type NUMBER -> TEXT",
                        "d: is new: d: number",
                        "c: is no longer there",
                        "b: place 2 -> 1",
                        "a: place 1 -> 2");
    }

    @Test
    void aProfileIsPrintedAsATable() {
        String table = profile(1, row -> row.put("note", "one\ntwo")).toString();

        assertThat(table.lines().count()).isEqualTo(2 + 4 + 7);
        assertThat(table.lines().findFirst()).contains("profile of 5000 rows, 4 features");
        assertThat(table)
                .contains("Bonn 68 %, Ulm 32 %")
                .contains("one two 100 %")
                .contains("  length");
    }
}
