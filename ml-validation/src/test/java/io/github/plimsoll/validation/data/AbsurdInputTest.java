package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no one sends by accident, or only a broken client: the model never sees it, and saying so costs little. */
class AbsurdInputTest {

    private static final Schema<Map<String, ?>> NAME = Schema.ofMap(Feature.text("name"));

    private static List<String> check(Guard guard, Schema<Map<String, ?>> schema, Object value) {
        return guard.check(schema.read(Map.of(schema.features().get(0).name(), value))).stream()
                .map(violation -> violation.code() + " " + violation)
                .toList();
    }

    private static List<String> check(Object name) {
        return check(Guard.rejecting(), NAME, name);
    }

    private static List<String> plain(Object name) {
        ColumnContract column = ColumnContract.of(Feature.text("name")).plain();
        return check(Guard.rejecting().by(DataContract.of("people", column)), NAME, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Zoë Müller-Łoś",
                "\u0639\u0644\u06cc\u200c\u0632\u0627\u062f\u0647", // Persian, with a joiner of zero width
                "\ud83d\udc69\u200d\ud83d\ude80", // an astronaut: two emoji joined
                "a\tb\r\nc\u000b\u0085",
                "\u05d1\u05b0\u05bc\u05e8\u05b5\u05d0\u05e9\u05b4\u05c1\u05d9\u05ea", // Hebrew with points
                "P\u0430ris \u202etxt.exe\u202c"
            })
    void soundTextPasses(String text) {
        assertThat(check(text)).isEmpty();
    }

    @Test
    void unsoundTextIsRefusedByAnyGuardWithItsPlace() {
        String sound = "sound text: no controls, no halves of surrogate pairs, at most 30 accents in a row)";

        assertThat(check("ab\ud83d")).containsExactly("characters name: U+D83D at character 3 (expected: " + sound);
        assertThat(check("\ude00a")).containsExactly("characters name: U+DE00 at character 1 (expected: " + sound);
        assertThat(check("a\u0000b")).containsExactly("characters name: U+0000 at character 2 (expected: " + sound);
        assertThat(check("a\u001b[2J")).hasSize(1);
        assertThat(check("a\uffff")).hasSize(1);
        assertThat(check("e" + "\u0301".repeat(30))).isEmpty();
        assertThat(check("e" + "\u0301".repeat(31)))
                .containsExactly("characters name: U+0301 at character 32 (expected: " + sound);
    }

    @Test
    void plainTextHidesNothing() {
        assertThat(plain("Zoë Müller")).isEmpty();
        assertThat(plain("Москва, Αθήνα and Paris")).isEmpty();
        assertThat(plain("ısı ölçümü")).isEmpty(); // Turkish, all Latin
        assertThat(plain("pay\u200bpal"))
                .containsExactly("characters name: U+200B at character 4 "
                        + "(expected: plain text: nothing hidden, no look-alike letters, sound)");
        assertThat(plain("\u202egnp.exe")).hasSize(1);
        assertThat(plain("p\u0430ypal")).singleElement().asString().contains("U+0430 at character 2");
        assertThat(plain("\u0420aypal")).singleElement().asString().contains("U+0420 at character 1");
        assertThat(plain("a\ufeff")).hasSize(1);
    }

    @Test
    void aContractDecidesWhatHappens() {
        ColumnContract column = ColumnContract.of(Feature.text("name")).plain();
        DataContract warns = DataContract.of("people", column.on(Check.CHARACTERS, Reaction.WARN));
        DataContract accepts = DataContract.of("people", column.on(Check.CHARACTERS, Reaction.ACCEPT));
        Map<String, ?> odd = Map.of("name", "pay\u200bpal");

        assertThat(Guard.rejecting().by(warns).check(NAME.read(odd)))
                .extracting(Violation::severity)
                .containsExactly(Violation.Severity.WARNING);
        assertThat(Guard.rejecting().by(accepts).check(NAME.read(odd))).isEmpty();
        assertThat(DataContract.parse(warns.toYaml())).isEqualTo(warns);
        assertThat(warns.toYaml()).contains("plain: true", "characters: warn");
        assertThatIllegalStateException()
                .isThrownBy(() -> ColumnContract.of(Feature.number("x")).plain());
    }

    @Test
    void categoriesOfAnOpenSetAreTextsToo() {
        Schema<Map<String, ?>> city = Schema.ofMap(Feature.category("city"));

        assertThat(check(Guard.rejecting(), city, "a\u0000")).hasSize(1);
        assertThat(check(Guard.rejecting(), city, "x".repeat(RowRules.TEXT_LIMIT + 1)))
                .hasSize(1);
        assertThat(check(Guard.rejecting(), Schema.ofMap(Feature.category("city", "Rome")), "a\u0000"))
                .singleElement()
                .asString()
                .startsWith("unknown-category");
    }

    @Test
    void aTextIsNoLongerThanAMillionCharactersUnlessAContractSaysSo() {
        String longest = "x".repeat(RowRules.TEXT_LIMIT);
        DataContract longer = DataContract.of(
                "people", ColumnContract.of(Feature.text("name")).length(0, 2 * RowRules.TEXT_LIMIT));

        assertThat(check(longest)).isEmpty();
        assertThat(check("\ud83d\ude00".repeat(RowRules.TEXT_LIMIT))).isEmpty();
        assertThat(check(longest + "x"))
                .containsExactly("length name: 1048577 characters (expected: 0 to 1048576 characters)");
        assertThat(check(Guard.rejecting().by(longer), NAME, longest + "x")).isEmpty();
    }

    @Test
    void elementsOfAVectorKeepToARange() {
        Schema<Map<String, ?>> schema =
                Schema.ofMap(Feature.tensor("embedding", -1).range(-1, 1));
        Guard guard = Guard.rejecting();

        assertThat(check(guard, schema, new float[] {-1, 0.5f, 1})).isEmpty();
        assertThat(check(guard, schema, new double[] {0, 1e30, Double.NaN, Double.NEGATIVE_INFINITY}))
                .containsExactly(
                        "not-finite embedding[2]: NaN (expected: a finite number)",
                        "not-finite embedding[3]: -Infinity (expected: a finite number)",
                        "range embedding[1]: 1.0E30 (expected: -1.0 to 1.0)");
        double[] allOut = new double[100_000];
        java.util.Arrays.fill(allOut, 7);
        assertThat(check(guard, schema, allOut))
                .hasSize(11)
                .last()
                .isEqualTo("range embedding: 99990 more elements out of range (expected: -1.0 to 1.0)");
        assertThat(check(
                        guard.allowingNotFinite("embedding"), schema, new double[] {Double.NaN, Double.POSITIVE_INFINITY
                        }))
                .containsExactly("range embedding[1]: Infinity (expected: -1.0 to 1.0)");
    }

    @Test
    void aContractBoundsTheElementsOfAVector() {
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.tensor("embedding", 2));
        DataContract contract = DataContract.parse("""
            plimsoll-contract: 1
            name: search
            columns:
            - {name: embedding, type: tensor, shape: [2], min: -1, max: 1}
            """);

        assertThat(check(Guard.rejecting().by(contract), schema, new double[] {0.5, 2}))
                .containsExactly("range embedding[1]: 2.0 (expected: -1.0 to 1.0)");
        assertThat(DataContract.parse(contract.toJson())).isEqualTo(contract);
    }

    @Test
    void deepAndHugeJsonCostsLittleAndIsRefused() {
        Schema<JsonNode> schema = Schema.ofJson(Feature.text("name"), Feature.tensor("x", -1, 2));
        ArrayNode deep = JsonNodeFactory.instance.arrayNode();
        ArrayNode inner = deep;
        for (int i = 0; i < 100_000; i++) {
            inner = inner.addArray();
        }
        ObjectNode wide = JsonNodeFactory.instance.objectNode();
        IntStream.range(0, 100_000).forEach(i -> wide.put("f" + i, i));
        ObjectNode input = JsonNodeFactory.instance.objectNode();
        input.set("name", wide);
        input.set("x", deep);

        assertThat(Guard.rejecting().check(schema.read(input)))
                .extracting(Violation::toString)
                .containsExactly(
                        "name: an object of 100000 (expected: text)", "x[0]: 1 elements (expected: 2 elements)");
        assertThat(Guard.rejecting().check(schema.read(wide))).hasSizeLessThanOrEqualTo(102);
    }

    @Property
    void soundTextIsWhatCanBeEncodedAndHasNoControls(@ForAll String text) {
        boolean encodable = text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
        boolean refused = !check(text).isEmpty();

        assertThat(encodable || refused).isTrue();
        assertThat(plain(text).isEmpty() && refused).as("plain text is sound").isFalse();
    }
}
