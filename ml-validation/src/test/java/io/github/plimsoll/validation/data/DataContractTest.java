package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.data.ColumnContract.Order;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataContractTest {

    /** A contract that says everything that can be said. */
    private static DataContract everything() {
        return DataContract.of(
                        "rides",
                        ColumnContract.of(
                                        Feature.number("temperature").unit("°C").range(-40, 60))
                                .on(Check.RANGE, Reaction.REPAIR)
                                .drift(Distance.JENSEN_SHANNON, 0.1)
                                .skew(Distance.JENSEN_SHANNON, 0.05),
                        ColumnContract.of(Feature.number("humidity").nullable().range(0, 100))
                                .presence(0.9)
                                .allowingNotFinite()
                                .mostly(Check.RANGE, 0.99)
                                .mostly(Check.TYPE, 0.999)
                                .on(Check.RANGE, Reaction.WARN),
                        ColumnContract.of(Feature.integer("hour").range(0, 23))
                                .distinct(2, 24)
                                .imputing(12L)
                                .on(Check.NULL, Reaction.REPAIR),
                        ColumnContract.of(Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER"))
                                .mass(0.99)
                                .on(Check.UNKNOWN_CATEGORY, Reaction.ACCEPT),
                        ColumnContract.of(Feature.text("iban").sensitive())
                                .length(15, 34)
                                .matching("[A-Z]{2}[0-9]{2}[A-Z0-9]+")
                                .unique(),
                        ColumnContract.of(Feature.timestamp("start"))
                                .between(Instant.parse("2020-01-01T00:00:00Z"), null)
                                .order(Order.ASCENDING),
                        ColumnContract.of(Feature.bool("member")).lifecycle(Lifecycle.BETA),
                        ColumnContract.of(Feature.tensor("embedding", -1, 3)),
                        ColumnContract.of(Feature.integer("registered").range(0, 1_000)),
                        ColumnContract.of(Feature.integer("count").range(0, 1_000))
                                .onlyIn(Environment.TRAINING))
                .with(
                        RowRule.of("registered <= count"),
                        RowRule.of("if member = 1 then registered > 0")
                                .named("members-are-registered")
                                .reaction(Reaction.WARN)
                                .mostly(0.95))
                .rowCount(100, 1_000_000)
                .ordered()
                .duplicates(0.01)
                .key("iban", "start")
                .fresh("start", Duration.ofDays(2))
                .on(Check.UNEXPECTED, Reaction.WARN)
                .on(Check.DUPLICATES, Reaction.WARN);
    }

    @Test
    void isTheSameAfterItWasWrittenAndRead() {
        DataContract contract = everything();

        assertThat(DataContract.parse(contract.toJson())).isEqualTo(contract);
        assertThat(DataContract.parse(contract.toYaml())).isEqualTo(contract);
        assertThat(DataContract.parse(contract.toYaml()).toJson()).isEqualTo(contract.toJson());
        assertThat(DataContract.parse(contract.toJson()).toYaml()).isEqualTo(contract.toYaml());
    }

    @Test
    void isWrittenAsTheGoldenFilesHaveIt(@TempDir Path folder) throws Exception {
        assertThat(everything().toJson()).isEqualTo(golden("contract-1.json"));
        assertThat(everything().toYaml()).isEqualTo(golden("contract-1.yaml"));
        for (String name : new String[] {"contract-1.json", "contract-1.yaml"}) {
            Path file = folder.resolve(name);
            Files.writeString(file, golden(name));
            assertThat(DataContract.read(file)).isEqualTo(everything());
        }
    }

    private static String golden(String name) throws Exception {
        try (var in = DataContractTest.class.getResourceAsStream("/golden/" + name)) {
            return new String(java.util.Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void hasItsRulesInJavaByName() {
        RowRule even = RowRule.of("even", row -> true);
        DataContract contract =
                DataContract.of("c", ColumnContract.of(Feature.integer("i"))).with(even);

        assertThat(DataContract.parse(contract.toJson(), even)).isEqualTo(contract);
        assertThatExceptionOfType(ContractException.class)
                .isThrownBy(() -> DataContract.parse(contract.toJson()))
                .withMessage(
                        "contract.rows[0].java: 'even' is a rule in Java (expected: to be given to read or parse)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    {}                                              | contract.plimsoll-contract: (absent) (expected: 1)
                    {"plimsoll-contract": 2, "name": "a"}           | contract.plimsoll-contract: 2 (expected: 1; this contract needs a newer Plimsoll)
                    {"plimsoll-contract": 1}                        | contract.name: (absent) (expected: a text)
                    {"plimsoll-contract": 1, "name": 1}             | contract.name: 1 (expected: a text)
                    {"plimsoll-contract": 1, "name": "a", "cols": 1}| contract.cols: unknown (expected: one of [columns, name, plimsoll-contract, rows, table])
                    {"plimsoll-contract": 1, "name": "a",           | not valid JSON at line 1, column
                    {"name": "a", "name": "b"}                      | not valid JSON at line 1
                    []                                              | contract: [] (expected: an object)
                    plimsoll-contract: [                            | not valid YAML at line 1, column
                    name: a\\nname: b                               | contract
                    - 1                                             | contract: [1] (expected: an object)
                    """)
    void saysWhereAFileIsWrong(String text, String message) {
        assertThatExceptionOfType(ContractException.class)
                .isThrownBy(() -> DataContract.parse(text))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    name: x, type: nmber                       | .columns[0].type: "nmber" (expected: one of [number, integer, boolean, category, text, timestamp, tensor])
                    name: x, type: number, mni: 1              | .columns[0].mni: unknown (expected: one of
                    name: x, type: number, min: 2, max: 1      | .columns[0]: range of 'x': 2.0 to 1.0 (expected: least <= greatest)
                    name: x, type: number, min: .nan           | .columns[0].min: "NaN" (expected: a finite number)
                    name: x, type: text, min: 1                | range of 'x'
                    name: x, type: text, pattern: '['          | .columns[0].pattern: matching of 'x': Unclosed character class
                    name: x, type: number, pattern: a          | .columns[0].pattern: matching of 'x': NUMBER (expected: a column of type [TEXT, CATEGORY])
                    name: x, type: text, min-length: 3, max-length: 2 | length of 'x': 3 to 2
                    name: x, type: number, presence: 1.5       | .columns[0].presence: presence: 1.5 (expected: 0 to 1)
                    name: x, type: number, presence: 0.5       | presence of 'x': 0.5 (expected: 1, or a nullable feature)
                    name: x, type: number, mass: 0.5           | mass of 'x': 0.5 (expected: a feature with categories)
                    name: x, type: text, min-length: -1        | length of 'x': -1 to 2147483647 (expected: 0 <= least <= most)
                    name: x, type: text, max-distinct: -1      | distinct of 'x': 0 to -1
                    name: x, type: number, mostly: {range: 2}  | .columns[0].mostly.range: mostly range: 2.0 (expected: 0 to 1)
                    name: x, type: number, mostly: {null: 0.5} | .columns[0].mostly.null: mostly of 'x': null (expected: one of [type, inexact, range, not-finite, length, pattern, time]
                    name: x, type: number, mostly: {rnge: 0.5} | .columns[0].mostly.rnge: unknown
                    name: x, type: integer, max: 5, impute: 7  | .columns[0].impute: imputing of 'x': 7 (expected: a value of x: integer
                    name: x, type: number, reactions: {range: fix}    | .columns[0].reactions.range: "fix" (expected: one of [accept, repair, warn, reject])
                    name: x, type: number, reactions: {unique: repair}| .columns[0]: on unique of 'x': REPAIR
                    name: x, type: number, reactions: {rnge: warn}    | .columns[0].reactions.rnge: unknown
                    name: x, type: tensor                      | shape of 'x'
                    name: x, type: number, shape: [1]          | .columns[0].shape: [1] (expected: none for a column of type number)
                    name: x, type: timestamp, earliest: today  | .columns[0].earliest: "today" (expected: a time such as
                    name: x, type: timestamp, earliest: '2026-01-02T00:00:00Z', latest: '2026-01-01T00:00:00Z' | expected: earliest <= latest
                    """)
    void saysWhereAColumnIsWrong(String column, String message) {
        assertThatExceptionOfType(ContractException.class)
                .isThrownBy(() -> DataContract.parse("plimsoll-contract: 1\nname: a\ncolumns:\n- {" + column + "}\n"))
                .withMessageStartingWith("contract")
                .withMessageContaining(message);
    }

    @Test
    void refusesToContradictItself() {
        ColumnContract column = ColumnContract.of(Feature.number("x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataContract.of("a", column, column))
                .withMessage("columns: 'x' twice (expected: once)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataContract.of("a", column).with(RowRule.of("x < y")))
                .withMessageContaining("no column 'y'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataContract.of("a", column).with(RowRule.of("x < 1"), RowRule.of("x < 1")))
                .withMessage("row rules: 'x-below-1' twice (expected: once)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataContract.of("a", column).key("y"))
                .withMessage("column: 'y' (expected: one of [x])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataContract.of("a", column).fresh("x", Duration.ofDays(1)))
                .withMessage("fresh: 'x' is of type NUMBER (expected: a timestamp)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataContract.of("a", column).on(Check.RANGE, Reaction.WARN));
        assertThatIllegalArgumentException().isThrownBy(() -> column.feature(Feature.text("x")));
        assertThatIllegalStateException()
                .isThrownBy(() -> column.length(0, 1))
                .withMessage("length of 'x': NUMBER (expected: a column of type [TEXT, CATEGORY])");
    }

    @Test
    void tellsWhatChangedInWords() {
        DataContract before = everything();
        DataContract after = before.with(ColumnContract.of(
                                Feature.number("temperature").unit("°F").range(-40, 140))
                        .on(Check.RANGE, Reaction.REPAIR))
                .with(ColumnContract.of(Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER", "MONSOON"))
                        .mass(0.99)
                        .on(Check.UNKNOWN_CATEGORY, Reaction.ACCEPT))
                .with(ColumnContract.of(Feature.number("windspeed").range(0, 60)))
                .with(RowRule.of("windspeed < 50"))
                .rowCount(200, 1_000_000);

        assertThat(before.changesSince(before)).isEmpty();
        assertThat(after.changesSince(before))
                .extracting(ContractChange::toString)
                .containsExactly(
                        "temperature: unit °F, was °C (other)",
                        "temperature: max 140.0, was 60.0 (looser)",
                        "temperature: drift not set, was {\"distance\":\"jensen-shannon\",\"most\":0.1} (looser)",
                        "temperature: skew not set, was {\"distance\":\"jensen-shannon\",\"most\":0.05} (looser)",
                        "season: categories [\"SPRING\",\"SUMMER\",\"FALL\",\"WINTER\",\"MONSOON\"], was"
                                + " [\"SPRING\",\"SUMMER\",\"FALL\",\"WINTER\"] (looser)",
                        "windspeed: new column, windspeed: number, 0.0 to 60.0 (tighter)",
                        "windspeed-below-50: new rule, windspeed < 50 (tighter)",
                        "table: min-rows 200, was 100 (tighter)");
        assertThat(before.changesSince(after))
                .extracting(ContractChange::toString)
                .contains(
                        "temperature: max 60.0, was 140.0 (tighter)",
                        "windspeed: column removed (other)",
                        "windspeed-below-50: rule removed (looser)",
                        "table: min-rows 100, was 200 (looser)");
    }

    @Test
    void tellsWhetherASmallerShareIsAskedFor() {
        ColumnContract x = ColumnContract.of(Feature.number("x"));
        DataContract strict = DataContract.of("c", x).with(RowRule.of("x > 0"));
        DataContract loose = DataContract.of("c", x.mostly(Check.RANGE, 0.9))
                .with(RowRule.of("x > 0").mostly(0.9));
        DataContract other = DataContract.of("c", x.mostly(Check.TYPE, 0.9))
                .with(RowRule.of("x > 0").mostly(0.95).reaction(Reaction.WARN));

        assertThat(loose.changesSince(strict))
                .extracting(ContractChange::toString)
                .containsExactly(
                        "x: mostly {\"range\":0.9}, was not set (looser)",
                        "x-above-0: mostly 0.9, was 1.0; on REJECT, was REJECT (looser)");
        assertThat(strict.changesSince(loose))
                .extracting(ContractChange::kind)
                .containsExactly(ContractChange.Kind.TIGHTER, ContractChange.Kind.TIGHTER);
        assertThat(other.changesSince(loose))
                .extracting(ContractChange::kind)
                .containsExactly(ContractChange.Kind.OTHER, ContractChange.Kind.OTHER);
    }

    @Test
    void readsWhatAYamlEditorMayWrite() {
        DataContract contract = DataContract.parse("""
                # reviewed by the fraud team
                plimsoll-contract: 1
                name: payments
                columns:
                  - {name: amount, type: number, unit: EUR, min: 0}
                  - name: country
                    type: category
                    categories: [DE, FR, "NO"]   # NO is Norway
                rows:
                  - {name: small-abroad, rule: "if country != 'DE' then amount <= 1000", reaction: warn}
                """);

        assertThat(contract.column("amount").feature().min()).isZero();
        assertThat(contract.column("country").feature().categories()).containsExactly("DE", "FR", "NO");
        assertThat(contract.rowRules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.reaction()).isEqualTo(Reaction.WARN));
    }

    @Test
    void isNotBlownUpByAliases() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + (alias + ", ").repeat(9) + alias + "]\n");
        }
        assertThatExceptionOfType(ContractException.class).isThrownBy(() -> DataContract.parse(bomb.toString()));
        assertThatExceptionOfType(ContractException.class).isThrownBy(() -> DataContract.parse("&a [*a]"));
        assertThatExceptionOfType(ContractException.class).isThrownBy(() -> DataContract.parse("[".repeat(100_000)));
    }

    @Property(tries = 300)
    void takesAnyDamageWithAContractOrARefusal(
            @ForAll @IntRange(max = 5_000) int at, @ForAll char replacement, @ForAll boolean yaml) {
        StringBuilder text =
                new StringBuilder(yaml ? everything().toYaml() : everything().toJson());
        text.setCharAt(at % text.length(), replacement);
        try {
            DataContract.parse(text.toString());
        } catch (ContractException refusal) {
            assertThat(refusal).hasMessageStartingWith("contract");
        }
    }
}
