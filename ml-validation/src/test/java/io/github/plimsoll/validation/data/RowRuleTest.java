package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowRuleTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("a").nullable(),
            Feature.number("b").nullable(),
            Feature.number("total amount").nullable(),
            Feature.integer("i").nullable(),
            Feature.integer("j").nullable(),
            Feature.bool("paid").nullable(),
            Feature.category("region").nullable(),
            Feature.text("note").nullable(),
            Feature.timestamp("start").nullable(),
            Feature.timestamp("end").nullable(),
            Feature.tensor("vector", 2).nullable());

    private static final Map<String, Object> ROW = Map.of(
            "a",
            1.5,
            "b",
            2.5,
            "total amount",
            4.0,
            "i",
            9_007_199_254_740_993L,
            "j",
            9_007_199_254_740_992L,
            "paid",
            true,
            "region",
            "EU",
            "note",
            "it's fine",
            "start",
            Instant.parse("2026-03-01T12:00:00Z"),
            "end",
            Instant.parse("2026-03-01T13:00:00Z"));

    private static boolean holds(String rule, Map<String, Object> row) {
        Map<String, Object> all = new HashMap<>();
        SCHEMA.features().forEach(feature -> all.put(feature.name(), null));
        all.putAll(row);
        FeatureRow read = SCHEMA.read(all);
        assertThat(read.violations()).isEmpty();
        return RowRule.of(rule).bind(SCHEMA.features()).test(read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b",
                "a <= b and b > a and b >= a and a != b",
                "a + b = \"total amount\"",
                "b - a = 1",
                "a * 2 + 1 = \"total amount\"",
                "a = 1.4 within 0.11",
                "(a + b) / 2 = 2",
                "-(a) < 0",
                "- a < -1",
                "a = 1.5e0 or a = .5",
                "not a > b",
                "not (a > b or b < a)",
                "(a < b)",
                "((a) < (b))",
                "region = 'EU'",
                "region in ('UK', 'EU')",
                "region not in ('UK', 'CH')",
                "a in (1, 1.5)",
                "note = 'it''s fine'",
                "paid = 1",
                "i > j",
                "not i = j",
                "start < end",
                "start >= '2026-03-01T12:00:00Z'",
                "'2026-03-01T12:00:00Z' = start",
                "if region = 'EU' then a < b",
                "if region = 'UK' then a > b",
                "IF a > 1 AND b > 1 THEN Region IS NOT NULL or region is not null",
                "a is not null",
                "vector is null",
            })
    void holdsFor(String rule) {
        if (rule.contains("Region")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> holds(rule, ROW))
                    .withMessageContaining("no column 'Region'"); // words are in any case, names are not
        } else {
            assertThat(holds(rule, ROW)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a > b",
                "a = b",
                "a = 1.4 within 0.09",
                "i = j",
                "i <= j",
                "region != 'EU'",
                "region in ('UK', 'CH')",
                "region not in ('EU')",
                "a is null",
                "if paid = 1 then a > b",
                "a < b and b < a",
                "b < a or a > b",
                "not a < b",
                "1 - 1 - 1 = 1",
                "8 / 4 / 2 = 4",
                "end < start",
            })
    void isBrokenBy(String rule) {
        assertThat(holds(rule, ROW)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a < b",
                "not a < b",
                "a = b",
                "a != b",
                "region = 'EU'",
                "region in ('EU')",
                "i = j",
                "start < end",
                "a + b = 3",
                "a < b and 1 = 1",
                "a < b or 1 = 2",
                "if a < b then 1 = 2",
                "if 1 = 1 then a < b"
            })
    void isNotBrokenByWhatIsUnknown(String rule) {
        assertThat(holds(rule, Map.of())).isTrue();
        assertThat(holds(rule, Map.of("a", Double.NaN, "b", 1.0))).isTrue();
    }

    @Test
    void decidesWhatTheUnknownDoesNotMatterTo() {
        assertThat(holds("a < b and 1 = 2", Map.of())).isFalse();
        assertThat(holds("a is null and 1 = 1", Map.of())).isTrue();
        assertThat(holds("if 1 = 1 or a < b then 1 = 2", Map.of())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    a <                    | 'the end' at character 4 (expected: a column, a number or a 'text')
                    a b                    | 'b' at character 3 (expected: one of = != < <= > >= 'is' 'in')
                    a < b b                | 'b' at character 7 (expected: the end)
                    a ? b                  | '? b' at character 2
                    (a < b                 | 'the end' at character 7 (expected: ')')
                    a in ()                | ')' at character 7
                    if a < b               | 'the end' at character 9 (expected: 'then')
                    a < or                 | 'or' at character 5 (expected: a column, a number or a 'text'; a column of this name
                    a = 1 within b         | (expected: a number after 'within')
                    a + 1 is null          | (expected: 'is null' after a column)
                    'open                  | ''open' at character 1
                    """)
    void saysWhatIsWrongWithAText(String rule, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowRule.of(rule))
                .withMessageContaining("rule '" + rule + "'")
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    nothing = 1            | no column 'nothing' (expected: one of [a, b,
                    a = 'x'                | NUMBER = TEXT (expected: two numbers, two texts or two times)
                    region < 1             | TEXT < NUMBER
                    region + 1 = 2         | a text or a time beside '+' (expected: numbers on both sides)
                    start < 'noon'         | 'noon' where a time is wanted
                    start < 5              | TIMESTAMP < NUMBER
                    vector = 1             | 'vector' is an array (expected: a column of single values)
                    """)
    void saysWhatDoesNotGoWithTheColumns(String rule, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowRule.of(rule).bind(SCHEMA.features()))
                .withMessageContaining(message);
    }

    @Test
    void knowsItsColumnsAndText() {
        RowRule rule = RowRule.of("if a < b then \"total amount\" is not null");

        assertThat(rule.columns()).containsExactly("a", "b", "total amount");
        assertThat(rule.name()).isEqualTo("if-a-below-b-then-total-amount-is-not-null");
        assertThat(rule.named("x")).hasToString("if a < b then \"total amount\" is not null");
        assertThat(rule.reaction()).isEqualTo(Reaction.REJECT);
        assertThat(rule.named("x"))
                .isEqualTo(RowRule.of(rule.toString()).named("x"))
                .isNotEqualTo(rule);
    }

    @Test
    void takesARuleInJavaAndCountsWhatItThrowsAsBroken() {
        RowRule rule = RowRule.of("even", row -> row.integer(row.indexOf("i")) % 2 == 0);
        assertThat(rule.bind(SCHEMA.features()).test(SCHEMA.read(Map.of("i", 3))))
                .isFalse();
        assertThat(rule.bind(SCHEMA.features()).test(SCHEMA.read(Map.of("i", 4))))
                .isTrue();

        RowRule throwing = RowRule.of("throwing", row -> {
            throw new IllegalStateException();
        });
        assertThat(throwing.bind(SCHEMA.features()).test(SCHEMA.read(Map.of()))).isFalse();
    }

    @Test
    void refusesNamesAndReactionsThatMeanNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowRule.of("a = b").named("A b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowRule.of("a = b").reaction(Reaction.REPAIR));
    }

    @Test
    void isNotDroveOutOfItsBoundsByDeepOrLongTexts() {
        String deep = "(".repeat(5_000) + "a" + ")".repeat(4_000);
        Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> assertThatThrownBy(() -> RowRule.of(deep)).isInstanceOf(IllegalArgumentException.class));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowRule.of("a = b ".repeat(2_000)))
                .withMessageContaining("12000 characters (expected: at most 10000)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RowRule.of("not ".repeat(60) + "a = b"))
                .withMessageContaining("at most 50 levels");
    }

    @Property(tries = 500)
    void takesAnyTextWithARuleOrARefusal(@ForAll String noise, @ForAll("words") String words) {
        for (String text : new String[] {noise, words}) {
            try {
                assertThat(RowRule.of(text)).hasToString(text);
            } catch (IllegalArgumentException refusal) {
                assertThat(refusal).hasMessageContaining("expected");
            }
        }
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> words() {
        return net.jqwik.api.Arbitraries.of(
                        "a", "b", "if", "then", "or", "and", "not", "is", "null", "in", "(", ")", "=", "<", "+", "-",
                        "1", "'x'", "\"q\"", ",", "within", " ")
                .list()
                .ofMaxSize(12)
                .map(list -> String.join(" ", list));
    }
}
