package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.ColumnContract.Order;
import io.github.plimsoll.validation.profile.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractInferenceTest {

    @TempDir
    Path folder;

    private int files;

    /** A CSV file with one column. */
    private Table column(String name, int rows, IntFunction<String> cell) {
        return table(rows, Map.of(name, cell));
    }

    private Table table(int rows, Map<String, IntFunction<String>> columns) {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", columns.keySet()));
        for (int i = 0; i < rows; i++) {
            int row = i;
            lines.add(String.join(
                    ",", columns.values().stream().map(cell -> cell.apply(row)).toList()));
        }
        try {
            return Table.csv(Files.write(folder.resolve("table" + files++ + ".csv"), lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ColumnContract inferred(String name, int rows, IntFunction<String> cell) {
        return ContractInference.of("test")
                .infer(column(name, rows, cell))
                .contract()
                .column(name);
    }

    private List<String> hints(String name, int rows, IntFunction<String> cell) {
        return ContractInference.of("test").infer(column(name, rows, cell)).hints().stream()
                .map(InferredContract.Hint::text)
                .toList();
    }

    // ---- types ------------------------------------------------------------------------------------------------------

    @Test
    void aTypeIsWhatAllCellsCanBeReadAs() {
        assertThat(type(i -> "" + i % 7)).isEqualTo(FeatureType.INTEGER);
        assertThat(type(i -> i % 7 + ".0")).isEqualTo(FeatureType.NUMBER);
        assertThat(type(i -> i == 5 ? "2.5" : "" + i)).isEqualTo(FeatureType.NUMBER);
        assertThat(type(i -> i % 2 == 0 ? "True" : "false")).isEqualTo(FeatureType.BOOLEAN);
        assertThat(type(i -> i % 3 == 0 ? "true" : i % 3 == 1 ? "0" : "1")).isEqualTo(FeatureType.BOOLEAN);
        assertThat(type(i -> "2026-03-0" + (1 + i % 9) + "T12:00:00Z")).isEqualTo(FeatureType.TIMESTAMP);
        assertThat(type(i -> "2026-03-0" + (1 + i % 9))).isEqualTo(FeatureType.TEXT);
        assertThat(type(i -> i % 2 == 0 ? "RENT" : "OWN")).isEqualTo(FeatureType.CATEGORY);
        assertThat(type(i -> "comment " + i)).isEqualTo(FeatureType.TEXT);
        assertThat(type(i -> i == 150 ? "twelve" : "" + i)).isEqualTo(FeatureType.TEXT);
    }

    private FeatureType type(IntFunction<String> cell) {
        return inferred("x", 200, cell).feature().type();
    }

    @Test
    void numbersBeyondThePrecisionOfADoubleAreIntegers() {
        assertThat(inferred("hash", 200, i -> "" + (9_007_199_254_740_993L + i))
                        .feature()
                        .type())
                .isEqualTo(FeatureType.INTEGER);
    }

    @Test
    void quotedEmptyCellsAmongNumbersAreNulls() {
        ColumnContract column = inferred("x", 200, i -> i % 10 == 0 ? "\"\"" : "\"" + i + "\"");

        assertThat(column.feature().type()).isEqualTo(FeatureType.INTEGER);
        assertThat(column.feature().isNullable()).isTrue();
    }

    @Test
    void wordsForNullAmongNumbersAreAHintAndNotAType() {
        Table table = column("age", 300, i -> i % 50 == 0 ? "N/A" : "" + (20 + i % 60));

        InferredContract inferred = ContractInference.of("test").infer(table);

        assertThat(inferred.contract().column("age").feature().type()).isEqualTo(FeatureType.INTEGER);
        assertThat(inferred.contract().column("age").reaction(Check.TYPE)).isEqualTo(Reaction.WARN);
        assertThat(inferred.hints().get(0).text()).startsWith("'N/A' (6 rows) probably for null");
        assertThat(TableValidation.of(inferred.contract()).validate(table).isAccepted())
                .isTrue();
    }

    @Test
    void rowsOfTheHostsOwnHaveTheTypesOfTheirValues() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("n", i * 0.5);
            row.put("i", (long) i % 5);
            row.put("b", i % 2 == 0);
            row.put("v", new float[] {i, 2});
            row.put("late", i < 50 ? null : "x" + i % 3);
            row.put("nested", Map.of("a", i));
            rows.add(row);
        }

        InferredContract inferred = ContractInference.of("test").infer(Table.rows(rows));
        DataContract contract = inferred.contract();

        assertThat(contract.features().stream().map(Feature::type).toList())
                .containsExactly(
                        FeatureType.NUMBER,
                        FeatureType.INTEGER,
                        FeatureType.BOOLEAN,
                        FeatureType.TENSOR,
                        FeatureType.CATEGORY,
                        FeatureType.TEXT);
        assertThat(contract.column("v").feature().shape()).containsExactly(2);
        assertThat(contract.column("late").feature().isNullable()).isTrue();
        assertThat(contract.column("nested").lifecycle()).isEqualTo(Lifecycle.DISABLED);
        assertThat(TableValidation.of(contract).validate(Table.rows(rows)).isAccepted())
                .isTrue();
    }

    // ---- ranges -----------------------------------------------------------------------------------------------------

    @Test
    void hoursAreBoundedByWhatTheyAreThoughNotAllWereSeen() {
        ColumnContract hour = inferred("pickup_hour", 200, i -> "" + (2 + i % 20));

        assertThat(hour.feature().min()).isEqualTo(0);
        assertThat(hour.feature().max()).isEqualTo(23);
    }

    @Test
    void aNameThatTheValuesContradictBoundsNothing() {
        assertThat(inferred("hour", 400, i -> "" + i % 40).feature().max()).isGreaterThanOrEqualTo(39);
    }

    @Test
    void aFewValuesThatAreThereManyTimesAreAllThereAre() {
        ColumnContract stars = inferred("stars", 500, i -> "" + (1 + i % 5));

        assertThat(stars.feature().min()).isEqualTo(1);
        assertThat(stars.feature().max()).isEqualTo(5);
        assertThat(stars.reaction(Check.RANGE)).isEqualTo(Reaction.REJECT);
    }

    @Test
    void measurementsGetAMarginAndWhatWasNeverNegativeStaysSo() {
        Random random = new Random(7);
        ColumnContract speed = inferred("speed", 3_000, i -> "" + (30 + 5 * random.nextGaussian()));
        ColumnContract wait = inferred("wait", 3_000, i -> "" + -Math.log(1 - random.nextDouble()));

        assertThat(speed.feature().min()).isBetween(-60.0, 14.0);
        assertThat(speed.feature().max()).isBetween(46.0, 120.0);
        assertThat(wait.feature().min()).isEqualTo(0);
        assertThat(wait.feature().max()).isGreaterThan(8);
    }

    @Test
    void fewerThanAHundredValuesHaveNoRange() {
        Random random = new Random(7);

        assertThat(inferred("x", 99, i -> "" + random.nextGaussian()).feature().max())
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(inferred("x", 100, i -> "" + random.nextGaussian()).feature().max())
                .isLessThan(Double.POSITIVE_INFINITY);
    }

    @Test
    void aConstantIsAWarningAndAHint() {
        ColumnContract column = inferred("rate", 300, i -> "0.003467");

        assertThat(column.feature().min()).isEqualTo(column.feature().max()).isEqualTo(0.003467);
        assertThat(column.reaction(Check.RANGE)).isEqualTo(Reaction.WARN);
        assertThat(hints("rate", 300, i -> "0.003467")).contains("always 0.003467: a model learns nothing from it");
    }

    @Test
    void momentsAsNumbersHaveNoUpperEnd() {
        ColumnContract column = inferred("start_timestamp", 300, i -> "" + (1_357_000_200L + i * 977 % 300 * 86_400));

        assertThat(column.feature().min()).isBetween(0.0, 1_357_000_200.0);
        assertThat(column.feature().max()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void numbersThatMayStandForMissingOnesAreHinted() {
        assertThat(hints("x", 300, i -> i % 30 == 0 ? "-999" : "" + i))
                .anyMatch(hint -> hint.startsWith("-999 (10 rows) lies apart from the other values, 1 to 299"));
        assertThat(hints("x", 300, i -> i % 30 == 0 ? "-1" : "" + i % 7))
                .anyMatch(hint -> hint.startsWith("-1 (10 rows) lies apart"));
        assertThat(hints("x", 300, i -> "" + (i % 100 - 50))).noneMatch(hint -> hint.contains("lies apart"));
        assertThat(hints(
                        "x",
                        300,
                        i -> i % 30 == 0 ? "1970-01-01T00:00:00Z" : "2026-03-01T00:00:" + (10 + i % 50) + "Z"))
                .contains("1970-01-01T00:00:00Z (10 rows) may stand for a missing value");
        assertThat(hints("x", 300, i -> i % 30 == 0 ? "1900-01-01" : "2026-03-" + (10 + i % 20)))
                .contains("'1900-01-01' (10 rows) may stand for a missing value");
        assertThat(hints("x", 300, i -> i % 30 == 0 ? "?" : i % 2 == 0 ? "RENT" : "OWN"))
                .contains("'?' (10 rows) may stand for null");
    }

    // ---- presence, categories, texts --------------------------------------------------------------------------------

    @Test
    void theShareOfMissingValuesGetsTheMarginOfItsChance() {
        ColumnContract tenth = inferred("x", 10_000, i -> i % 10 == 0 ? "\"\"" : "" + i % 5);

        assertThat(inferred("x", 10_000, i -> "" + i % 5).feature().isNullable())
                .isFalse();
        assertThat(tenth.presence()).isBetween(0.84, 0.88); // 0.9, with 4.5 standard errors of 1,000 rows
    }

    @Test
    void theChanceOfANewCategoryDecidesWhatOneMeans() {
        ColumnContract closed = inferred(
                "housing", 1_000, i -> List.of("RENT", "OWN", "MORTGAGE").get(i % 3));
        ColumnContract open = inferred("company", 1_000, i -> i % 40 == 0 ? "small " + i : "large " + i % 4);
        ColumnContract free = inferred("comment", 1_000, i -> i % 10 == 0 ? "text " + i : "ok");

        assertThat(closed.reaction(Check.UNKNOWN_CATEGORY)).isEqualTo(Reaction.REJECT);
        assertThat(closed.mass()).isEqualTo(1);
        assertThat(open.reaction(Check.UNKNOWN_CATEGORY)).isEqualTo(Reaction.WARN);
        assertThat(open.mass()).isBetween(0.9, 0.97);
        assertThat(free.feature().type()).isEqualTo(FeatureType.TEXT);
    }

    @Test
    void categoriesThatDifferInTheirSpellingAreHinted() {
        assertThat(hints(
                        "payment",
                        400,
                        i -> List.of("Cash", "cash", "Card", "Card ").get(i % 4)))
                .contains("'cash' and 'Cash' may be the same category", "'Card ' and 'Card' may be the same category");
    }

    @Test
    void textsOfOneFormHaveAPattern() {
        ColumnContract plate = inferred("plate", 2_000, i -> "B-AB " + (1_000 + i));
        ColumnContract word =
                inferred("word", 2_000, i -> "abc".repeat(1 + i % 5) + (char) ('a' + i % 26) + "x" + i % 900);

        assertThat(plate.pattern()).hasToString("[A-Z]\\-[A-Z]{2} [0-9]{4}");
        assertThat(plate.minLength()).isEqualTo(plate.maxLength()).isEqualTo(9);
        assertThat(word.minLength()).isEqualTo(1);
        assertThat(word.maxLength()).isGreaterThanOrEqualTo(19);
    }

    @Test
    void datesWithoutAZoneAreTextsOfTheirForm() {
        assertThat(inferred("day", 300, i -> "2026-01-" + (10 + i % 20)).pattern())
                .hasToString(TimeForm.ISO_DATE.regex());
        assertThat(inferred("day", 300, i -> "2026-01-" + (10 + i % 20) + " 10:20:30.125")
                        .pattern())
                .hasToString(TimeForm.ISO_DATE_TIME.regex());
        assertThat(inferred("day", 300, i -> (1 + i % 28) + ".3.2026").pattern())
                .hasToString(TimeForm.DAY_MONTH_YEAR.regex());
        assertThat(ContractInference.of("test")
                        .infer(column("day", 300, i -> (1 + i % 9) + "/3/2026"))
                        .rules())
                .anyMatch(rule -> rule.reason().contains("or with day and month exchanged"));
        assertThat(inferred("day", 300, i -> "2026-13-" + (100 + i)).pattern())
                .hasToString("[0-9]{4}\\-[0-9]{2}\\-[0-9]{3}"); // no month has that number
    }

    @Test
    void whatTellsRowsApartIsAKeyWithoutAnUpperEnd() {
        ColumnContract id = inferred("row", 300, i -> "" + (5_000 + i));
        ColumnContract drawn = inferred("draw", 300, i -> "" + (i * 7_919L * 7_919 % 1_000_003));

        assertThat(id.isUnique()).isTrue();
        assertThat(id.order()).isEqualTo(Order.STRICTLY_ASCENDING);
        assertThat(id.feature().max()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(drawn.isUnique()).isFalse(); // chance alone repeats none of 300 out of a million
    }

    // ---- tables -----------------------------------------------------------------------------------------------------

    @Test
    void aLabelIsThereInTrainingDataOnly() {
        Table table = table(200, ordered("fare", i -> "" + i, "tips", i -> "" + i % 3));

        DataContract contract =
                ContractInference.of("taxi").label("tips").infer(table).contract();

        assertThat(contract.column("tips").environments()).containsExactly(Environment.TRAINING);
        assertThat(contract.column("fare").environments()).hasSize(2);
        assertThatThrownBy(() -> ContractInference.of("taxi").label("tip").infer(table))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining("no label 'tip' (expected: one of the columns)");
    }

    @Test
    void repeatsOfRowsAreBoundedUnlessTheyAreUsual() {
        Random random = new Random(3);
        IntFunction<String> measured = i -> "" + random.nextGaussian();

        assertThat(ContractInference.of("x")
                        .infer(column("m", 2_000, measured))
                        .contract()
                        .duplicates())
                .isBetween(0.0, 0.02);
        assertThat(ContractInference.of("x")
                        .infer(column("m", 2_000, i -> "" + i % 3))
                        .contract()
                        .duplicates())
                .isEqualTo(1);
    }

    @Test
    void cleanTablesAreSeldomRejected() {
        int rejected = 0;
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            DataContract contract = ContractInference.of("clean")
                    .infer(Table.rows(drawn(random)))
                    .contract();
            rejected += TableValidation.of(contract)
                            .validate(Table.rows(drawn(random)))
                            .isAccepted()
                    ? 0
                    : 1;
        }

        assertThat(rejected).isLessThanOrEqualTo(2); // promised: 0.6 of 60
    }

    private static List<Map<String, Object>> drawn(Random random) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("normal", random.nextGaussian());
            row.put("skewed", Math.exp(random.nextGaussian()));
            row.put("share", Math.round(1_000 * random.nextDouble()) / 1_000.0);
            row.put("count", (long) (-5 * Math.log(1 - random.nextDouble())));
            row.put("late", random.nextInt(50) == 0 ? null : random.nextInt(4));
            row.put("shop", "shop " + (int) Math.pow(1 - random.nextDouble(), -0.7));
            row.put("note", "x".repeat(1 + (int) (9 * random.nextDouble() * random.nextDouble())) + random.nextLong());
            rows.add(row);
        }
        return rows;
    }

    @Test
    void aColumnWithoutANameIsLeftOutAndHinted() throws IOException {
        Path file = Files.writeString(folder.resolve("indexed.csv"), ",fare\n0,2.5\n1,3.5\n");

        InferredContract inferred = ContractInference.of("x").infer(Table.csv(file));

        assertThat(inferred.contract().columns())
                .extracting(ColumnContract::name)
                .containsExactly("fare");
        assertThat(inferred.toString()).contains("? a column without a name, such as an index");
    }

    @Test
    void moreColumnsThanMemoryIsForAreRefused() {
        Map<String, Object> wide = new LinkedHashMap<>();
        for (int i = 0; i <= 16_384; i++) {
            wide.put("c" + i, i);
        }

        assertThatThrownBy(() -> ContractInference.of("x").infer(Table.rows(List.of(wide))))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining("more than 16384 columns in line 1 (expected: at most that)");
    }

    @Test
    void aTableWithoutRowsIsRefused() {
        assertThatThrownBy(() -> ContractInference.of("x").infer(column("m", 0, i -> "")))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining("0 rows of 1 columns (expected: at least 1 of each)");
    }

    @Test
    void aProfileGivesTheRulesThatItHasTheFactsFor() {
        Random random = new Random(5);
        Map<String, IntFunction<String>> columns =
                ordered("speed", i -> "" + (30 + 5 * random.nextGaussian()), "stars", i -> "" + (1 + i % 5));
        columns.put("housing", i -> i % 2 == 0 ? "RENT" : "OWN");
        columns.put("late", i -> i % 10 == 0 ? "" : "true");
        Table table = table(2_000, columns);

        DataContract fromTable = ContractInference.of("x").infer(table).contract();
        DataContract fromProfile =
                ContractInference.of("x").infer(Profile.of(table)).contract();

        for (String same : List.of("stars", "housing", "late")) {
            assertThat(fromProfile.column(same)).isEqualTo(fromTable.column(same));
        }
        Feature speed = fromProfile.column("speed").feature();
        assertThat(speed.max()).isCloseTo(fromTable.column("speed").feature().max(), within(25.0));
        assertThat(TableValidation.of(fromProfile).validate(table).anomalies()).isEmpty();
    }

    @Test
    void aProfileOfSensitiveValuesSaysNothingOfThem() {
        Table table = column("iban", 300, i -> "DE" + i);

        InferredContract inferred = ContractInference.of("x")
                .infer(Profile.of(table, List.of(Feature.text("iban").sensitive())));

        assertThat(inferred.contract().column("iban").feature())
                .isEqualTo(Feature.text("iban").sensitive());
        assertThat(inferred.toString()).doesNotContain("DE1");
    }

    @Property(tries = 60)
    void theTableThatAContractWasInferredFromIsAccepted(@ForAll Random random) throws IOException {
        int rows = 1 + random.nextInt(400);
        int shape = random.nextInt(6);
        StringBuilder csv = new StringBuilder("a,b,c\n");
        for (int i = 0; i < rows; i++) {
            csv.append(cell(random, shape))
                    .append(',')
                    .append(cell(random, (shape + 1) % 6))
                    .append(',')
                    .append(i)
                    .append('\n');
        }
        Path file = Files.createTempFile("inferred", ".csv");
        try {
            Table table = Table.csv(Files.writeString(file, csv));
            InferredContract inferred = ContractInference.of("x").infer(table);

            assertThat(TableValidation.of(inferred.contract()).validate(table).isAccepted())
                    .isTrue();
            assertThat(DataContract.parse(inferred.contract().toYaml())).isEqualTo(inferred.contract());
            assertThat(DataContract.parse(inferred.contract().toJson())).isEqualTo(inferred.contract());
        } finally {
            Files.delete(file);
        }
    }

    private static String cell(Random random, int shape) {
        if (random.nextInt(20) == 0) {
            return List.of("", "N/A", "-1", "\"\"", "0").get(random.nextInt(5));
        }
        return switch (shape) {
            case 0 -> "" + random.nextInt(5);
            case 1 -> "" + Math.exp(3 * random.nextGaussian());
            case 2 -> "abcde".substring(random.nextInt(5));
            case 3 -> "2026-0" + (1 + random.nextInt(9)) + "-12" + (random.nextBoolean() ? "" : "T00:00:00Z");
            case 4 -> "" + random.nextBoolean();
            default -> Long.toString(random.nextLong(), 36);
        };
    }

    private static Map<String, IntFunction<String>> ordered(
            String first, IntFunction<String> firstCell, String second, IntFunction<String> secondCell) {
        Map<String, IntFunction<String>> columns = new LinkedHashMap<>();
        columns.put(first, firstCell);
        columns.put(second, secondCell);
        return columns;
    }
}
