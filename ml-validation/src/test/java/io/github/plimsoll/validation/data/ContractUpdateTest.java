package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.ContractChange.Kind;
import io.github.plimsoll.validation.profile.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ContractUpdateTest {

    private static final ContractInference UPDATES = ContractInference.of("rides");

    private static final DataContract RIDES = DataContract.of(
            "rides",
            ColumnContract.of(Feature.number("speed").range(0, 40)),
            ColumnContract.of(Feature.category("season", "SPRING", "SUMMER")),
            ColumnContract.of(Feature.integer("count")));

    /** A thousand good rows, of which some are changed. */
    private static Table rides(int changed, String column, Object value) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("speed", i % 39 + 0.5);
            row.put("season", i % 2 == 0 ? "SPRING" : "SUMMER");
            row.put("count", (long) i);
            if (i < changed) {
                row.put(column, value);
            }
            rows.add(row);
        }
        return Table.rows(rows);
    }

    // ---- loosening --------------------------------------------------------------------------------------------------

    @Test
    void whatDoesNotFailIsLeftAsItIs() {
        ContractUpdate update = UPDATES.update(RIDES, rides(0, "", ""));

        assertThat(update).isEqualTo(new ContractUpdate(RIDES, List.of(), List.of(), List.of()));
    }

    @Test
    void aRangeIsWidenedAtTheEndThatFailed() {
        ContractUpdate update = UPDATES.update(RIDES, rides(3, "speed", 44.5));

        Feature speed = update.contract().column("speed").feature();
        assertThat(speed.min()).isEqualTo(0);
        assertThat(speed.max()).isBetween(44.5, 80.0);
        assertThat(update.changes()).hasSize(1);
        assertThat(update.changes().get(0).kind()).isEqualTo(Kind.LOOSER);
        assertThat(update.changes().get(0).text())
                .startsWith("max ")
                .endsWith(", was 40.0: 3 rows, such as 44.5 in line 1");
        assertThat(update.open()).isEmpty();
    }

    @Test
    void aNullMakesAColumnNullableWithAShare() {
        ContractUpdate update = UPDATES.update(RIDES, rides(7, "count", null));

        ColumnContract count = update.contract().column("count");
        assertThat(count.feature().isNullable()).isTrue();
        assertThat(count.presence()).isBetween(0.95, 0.993);
        assertThat(update.changes()).extracting(ContractChange::kind).containsOnly(Kind.LOOSER);
    }

    @Test
    void aNewCategoryIsAddedAtTheEndAndAMisspeltOneIsNot() {
        ContractUpdate added = UPDATES.update(RIDES, rides(5, "season", "FALL"));
        ContractUpdate misspelt = UPDATES.update(RIDES, rides(5, "season", "spring "));

        assertThat(added.contract().column("season").feature().categories())
                .containsExactly("SPRING", "SUMMER", "FALL");
        assertThat(misspelt.contract()).isEqualTo(RIDES);
        assertThat(misspelt.open().get(0))
                .hasToString("season: unknown-category: 5 rows, such as 'spring ' in line 1;"
                        + " 'spring ' differ from known ones in their spelling only");
    }

    @Test
    void whatIsAnotherKindOfDataIsLeftToAPerson() {
        assertLeft(rides(51, "speed", 44.5), "5.1 % of the rows, too many to be let in unseen");
        assertLeft(rides(3, "speed", 4_400.0), "further off than the range is wide: another unit, or a fault");
        assertLeft(rides(3, "count", "three"), "another type is for a person to agree on");
        assertLeft(rides(3, "windspeed", 3), "a column that came or went takes a migration");
        assertLeft(rides(3, "speed", Double.NaN), "which is for a person to decide");
    }

    private static void assertLeft(Table table, String why) {
        ContractUpdate update = UPDATES.update(RIDES, table);

        assertThat(update.contract()).isEqualTo(RIDES);
        assertThat(update.changes()).isEmpty();
        assertThat(update.open()).hasSize(1);
        assertThat(update.open().get(0).text()).endsWith(why);
    }

    @Test
    void aRuleBetweenColumnsIsNotLoosened() {
        DataContract ruled = RIDES.with(RowRule.of("speed <= 38.4"));

        ContractUpdate update = UPDATES.update(ruled, rides(0, "", ""));

        assertThat(update.contract()).isEqualTo(ruled);
        assertThat(update.open().get(0).text()).endsWith("what holds between columns is not loosened");
    }

    @Property(tries = 40)
    void anUpdateOnlyLoosensAndThenTheTableIsAcceptedButForWhatIsOpen(@ForAll Random random) {
        DataContract contract = DataContract.of(
                "any",
                ColumnContract.of(Feature.number("x").range(random.nextInt(3) - 1, 20)),
                ColumnContract.of(Feature.text("t")).length(1 + random.nextInt(2), 4),
                ColumnContract.of(Feature.category("c", "a", "b", "c")));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("x", random.nextInt(60) == 0 ? null : 10 + 4 * random.nextGaussian());
            row.put("t", "abcdefg".substring(0, 1 + (random.nextInt(60) == 0 ? random.nextInt(6) : 2)));
            row.put(
                    "c",
                    "abcde"
                            .substring(random.nextInt(70) == 0 ? random.nextInt(5) : 1)
                            .substring(0, 1));
            rows.add(row);
        }

        ContractUpdate update = ContractInference.of("any").update(contract, Table.rows(rows));

        assertThat(update.contract().changesSince(contract))
                .extracting(ContractChange::kind)
                .doesNotContain(Kind.TIGHTER, Kind.OTHER);
        assertThat(TableValidation.of(update.contract())
                        .validate(Table.rows(rows))
                        .anomalies())
                .hasSize(update.open().size());
    }

    // ---- migration --------------------------------------------------------------------------------------------------

    private static Table grown(String... names) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (String name : names) {
                row.put(
                        name,
                        switch (name) {
                            case "season", "Season" -> i % 2 == 0 ? "SPRING" : "SUMMER";
                            case "count", "number" -> (long) i * i % 977;
                            default -> i % 39 + 0.5;
                        });
            }
            rows.add(row);
        }
        return Table.rows(rows);
    }

    @Test
    void aNewColumnIsInferredAndBeginsAsBeta() {
        ContractUpdate update = UPDATES.migrate(RIDES, grown("speed", "season", "count", "windspeed"));

        ColumnContract wind = update.contract().column("windspeed");
        assertThat(wind.lifecycle()).isEqualTo(Lifecycle.BETA);
        assertThat(wind.feature().min()).isEqualTo(0);
        assertThat(update.contract().columns().subList(0, 3)).isEqualTo(RIDES.columns());
        assertThat(update.changes()).hasSize(1);
        assertThat(update.changes().get(0).toString())
                .startsWith("windspeed: new column, windspeed: number, 0.0 to ")
                .endsWith(", beta: inferred from 500 values (tighter)");
        assertThat(update.rules()).extracting(InferredContract.Rule::column).containsOnly("windspeed");
        assertThat(UPDATES.introducing(Lifecycle.ALPHA)
                        .migrate(RIDES, grown("speed", "season", "count", "windspeed"))
                        .contract()
                        .column("windspeed")
                        .lifecycle())
                .isEqualTo(Lifecycle.ALPHA);
    }

    @Test
    void aProfileIsAsGoodAsATableForANewColumn() {
        Table table = grown("speed", "season", "count", "windspeed");

        ContractUpdate update = UPDATES.migrate(RIDES, Profile.of(table));

        assertThat(update.contract().column("windspeed").lifecycle()).isEqualTo(Lifecycle.BETA);
        assertThat(update.changes()).hasSize(1);
    }

    @Test
    void aColumnSpelledAlikeIsTheSameIfItsValuesKeepToTheRules() {
        ContractUpdate renamed = UPDATES.migrate(RIDES.key("season", "count"), grown("speed", "Season", "count"));
        ContractUpdate another = UPDATES.migrate(
                RIDES.with(ColumnContract.of(Feature.category("season", "FALL"))), grown("speed", "Season", "count"));

        assertThat(renamed.contract().columns())
                .extracting(ColumnContract::name)
                .containsExactly("speed", "Season", "count");
        assertThat(renamed.contract().keys()).containsExactly(List.of("Season", "count"));
        assertThat(renamed.changes())
                .containsExactly(new ContractChange(
                        Kind.OTHER, "Season", "renamed from season: spelled alike, and its values keep to the rules"));
        assertThat(another.contract().column("season").lifecycle()).isEqualTo(Lifecycle.DEPRECATED);
        assertThat(another.open().get(0))
                .hasToString("Season: spelled like season, whose rules its values do not keep to");
    }

    @Test
    void aStatedNewNameIsTakenUnlessARuleSpeaksOfTheOld() {
        Table table = grown("speed", "season", "number");

        ContractUpdate update = UPDATES.renamed("count", "number").migrate(RIDES, table);
        ContractUpdate held = UPDATES.renamed("count", "number").migrate(RIDES.with(RowRule.of("count >= 0")), table);

        assertThat(update.contract().columns())
                .extracting(ColumnContract::name)
                .containsExactly("speed", "season", "number");
        assertThat(held.open().get(0).text()).startsWith("not renamed to number: ");
        assertThat(held.contract().column("count").lifecycle()).isEqualTo(Lifecycle.DEPRECATED);
        assertThatThrownBy(() -> UPDATES.renamed("count", "total").migrate(RIDES, table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column 'total' in the table");
    }

    @Test
    void aColumnThatIsGoneIsDeprecatedAndALabelIsNotMissedWhenServing() {
        DataContract labelled =
                RIDES.with(ColumnContract.of(Feature.integer("count")).onlyIn(Environment.TRAINING));

        ContractUpdate training = UPDATES.migrate(labelled, grown("speed", "season"));
        ContractUpdate serving = UPDATES.in(Environment.SERVING).migrate(labelled, grown("speed", "season"));

        assertThat(training.contract().column("count").lifecycle()).isEqualTo(Lifecycle.DEPRECATED);
        assertThat(training.changes().get(0).kind()).isEqualTo(Kind.LOOSER);
        assertThat(serving.contract()).isEqualTo(labelled);
    }

    @Test
    void aPlannedColumnThatHasValuesNowIsInferred() {
        DataContract planned = RIDES.with(
                ColumnContract.of(Feature.text("windspeed").nullable()).lifecycle(Lifecycle.PLANNED));

        ContractUpdate update = UPDATES.migrate(planned, grown("speed", "season", "count", "windspeed"));

        assertThat(update.contract().column("windspeed").lifecycle()).isEqualTo(Lifecycle.BETA);
        assertThat(update.changes().get(0).text()).startsWith("planned column that has values now, windspeed: number");
    }
}
