package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table and the rules in {@link Schema}'s documentation, line by line. */
class ReadingRulesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonMapper DECIMAL_JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Feature NUMBER = Feature.number("x");
    private static final Feature INTEGER = Feature.integer("x");
    private static final Feature BOOLEAN = Feature.bool("x");
    private static final Feature CATEGORY = Feature.category("x", "DAYS", "HOURS");
    private static final Feature TEXT = Feature.text("x");
    private static final Feature TIMESTAMP = Feature.timestamp("x");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    static Stream<Arguments> valuesOfMaps() {
        return Stream.of(
                arguments(NUMBER, 1.5, 1.5),
                arguments(NUMBER, 1.5f, 1.5),
                arguments(NUMBER, 0.1f, 0.10000000149011612),
                arguments(NUMBER, 3, 3.0),
                arguments(NUMBER, (short) 3, 3.0),
                arguments(NUMBER, (byte) 3, 3.0),
                arguments(NUMBER, 1L << 53, 0x1p53),
                arguments(NUMBER, Long.MIN_VALUE, -0x1p63),
                arguments(NUMBER, new AtomicLong(3), 3.0),
                arguments(NUMBER, BigInteger.TWO.pow(1023), 0x1p1023),
                arguments(NUMBER, BigInteger.ZERO, 0.0),
                arguments(NUMBER, BigInteger.TWO.pow(70).negate(), -0x1p70),
                arguments(NUMBER, new BigDecimal("0.1"), 0.1),
                arguments(NUMBER, new BigDecimal("1e-999"), 0.0),
                arguments(NUMBER, Double.NaN, Double.NaN),
                arguments(NUMBER, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY),
                arguments(NUMBER, Float.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY),
                arguments(NUMBER, -0.0, -0.0),
                arguments(NUMBER, new ForeignNumber(2.5), 2.5),
                arguments(NUMBER, OptionalDouble.of(2.5), 2.5),
                arguments(NUMBER, OptionalInt.of(2), 2.0),
                arguments(INTEGER, 3, 3L),
                arguments(INTEGER, Long.MAX_VALUE, Long.MAX_VALUE),
                arguments(INTEGER, 3.0, 3L),
                arguments(INTEGER, -0.0, 0L),
                arguments(INTEGER, 3f, 3L),
                arguments(INTEGER, -0x1p63, Long.MIN_VALUE),
                arguments(INTEGER, BigInteger.valueOf(Long.MIN_VALUE), Long.MIN_VALUE),
                arguments(INTEGER, new BigDecimal("3.00"), 3L),
                arguments(INTEGER, new BigDecimal("3e2"), 300L),
                arguments(INTEGER, new ForeignNumber(2), 2L),
                arguments(INTEGER, OptionalLong.of(7), 7L),
                arguments(BOOLEAN, true, true),
                arguments(BOOLEAN, Optional.of(false), false),
                arguments(CATEGORY, "HOURS", "HOURS"),
                arguments(CATEGORY, CharBuffer.wrap("HOURS"), "HOURS"),
                arguments(CATEGORY, TimeUnit.HOURS, "HOURS"),
                arguments(CATEGORY, "nowhere", "nowhere"),
                arguments(CATEGORY, TimeUnit.SECONDS, "SECONDS"),
                arguments(TEXT, "", ""),
                arguments(TEXT, CharBuffer.wrap("abc"), "abc"),
                arguments(TIMESTAMP, NOON, NOON),
                arguments(TIMESTAMP, OffsetDateTime.ofInstant(NOON, ZoneOffset.ofHours(2)), NOON),
                arguments(TIMESTAMP, ZonedDateTime.ofInstant(NOON, ZoneId.of("Europe/Paris")), NOON),
                arguments(TIMESTAMP, Date.from(NOON), NOON),
                arguments(TIMESTAMP, new java.sql.Date(NOON.toEpochMilli()), NOON),
                arguments(TIMESTAMP, "2026-01-31T12:00:00Z", NOON),
                arguments(TIMESTAMP, "2026-01-31T14:00+02:00", NOON),
                arguments(TIMESTAMP, Instant.ofEpochSecond(-1, 999_999_999), Instant.ofEpochMilli(-1)),
                arguments(TIMESTAMP, Instant.ofEpochSecond(0, -1), Instant.ofEpochMilli(-1)));
    }

    @ParameterizedTest
    @MethodSource("valuesOfMaps")
    void mapValueIsRead(Feature feature, Object given, Object expected) {
        FeatureRow row = Schema.ofMap(feature).read(Map.of("x", given));

        assertThat(row.violations()).isEmpty();
        assertThat(row.isInvalid(0)).isFalse();
        assertThat(row.value(0)).isEqualTo(expected);
    }

    static Stream<Arguments> noValuesOfMaps() {
        return Stream.of(
                arguments(NUMBER, "42", "type", "'42'", "a number"),
                arguments(NUMBER, "NaN", "type", "'NaN'", "a number"),
                arguments(NUMBER, true, "type", "true", "a number"),
                arguments(NUMBER, 'a', "type", "a java.lang.Character", "a number"),
                arguments(NUMBER, NOON, "type", "2026-01-31T12:00:00Z", "a number"),
                arguments(NUMBER, TimeUnit.DAYS, "type", "DAYS", "a number"),
                arguments(NUMBER, new float[3], "type", "float[3]", "a number"),
                arguments(NUMBER, List.of(1), "type", "a java.util.ImmutableCollections$List12", "a number"),
                arguments(NUMBER, (1L << 53) + 1, "inexact", "9007199254740993", null),
                arguments(NUMBER, Long.MAX_VALUE, "inexact", "9223372036854775807", null),
                arguments(NUMBER, BigInteger.TWO.pow(53).add(BigInteger.ONE), "inexact", "9007199254740993", null),
                arguments(NUMBER, BigInteger.TWO.pow(1024), "inexact", "an integer of 1025 bits", null),
                arguments(NUMBER, new BigDecimal("1e400"), "inexact", "1E+400", null),
                arguments(NUMBER, new BigDecimal("-1e400"), "inexact", "-1E+400", null),
                arguments(INTEGER, 3.5, "inexact", "3.5", "a whole number within 64 bits"),
                arguments(INTEGER, Double.NaN, "inexact", "NaN", null),
                arguments(INTEGER, Double.POSITIVE_INFINITY, "inexact", "Infinity", null),
                arguments(INTEGER, 0x1p63, "inexact", String.valueOf(0x1p63), null),
                arguments(INTEGER, BigInteger.TWO.pow(63), "inexact", "9223372036854775808", null),
                arguments(INTEGER, new BigDecimal("0.5"), "inexact", "0.5", null),
                arguments(INTEGER, new BigDecimal("1e1000000000"), "inexact", "1E+1000000000", null),
                arguments(INTEGER, new ForeignNumber(0x1p60), "inexact", "a " + ForeignNumber.class.getName(), null),
                arguments(INTEGER, "3", "type", "'3'", "a whole number"),
                arguments(INTEGER, false, "type", "false", "a whole number"),
                arguments(BOOLEAN, 1, "type", "1", "true or false"),
                arguments(BOOLEAN, 1.0, "type", "1.0", "true or false"),
                arguments(BOOLEAN, BigInteger.ONE, "type", "1", "true or false"),
                arguments(BOOLEAN, BigDecimal.ONE, "type", "1", "true or false"),
                arguments(BOOLEAN, "true", "type", "'true'", "true or false"),
                arguments(CATEGORY, 1, "type", "1", "a category's name"),
                arguments(CATEGORY, 'D', "type", "a java.lang.Character", "a category's name"),
                arguments(TEXT, 1, "type", "1", "text"),
                arguments(TEXT, TimeUnit.DAYS, "type", "DAYS", "text"),
                arguments(TEXT, new Object(), "type", "a java.lang.Object", "text"),
                arguments(TIMESTAMP, "2026-01-31T12:00:00", "type", "'2026-01-31T12:00:00'", null),
                arguments(TIMESTAMP, "2026-01-31", "type", "'2026-01-31'", null),
                arguments(TIMESTAMP, "Z".repeat(100), "type", "'" + "Z".repeat(75) + "...'", null),
                arguments(TIMESTAMP, LocalDateTime.of(2026, 1, 31, 12, 0), "type", "2026-01-31T12:00", null),
                arguments(TIMESTAMP, 1_700_000_000_000L, "type", "1700000000000", null),
                arguments(TIMESTAMP, Instant.MAX, "inexact", "+1000000000-12-31T23:59:59.999999999Z", null),
                arguments(TIMESTAMP, "-999999999-01-01T00:00:00Z", "inexact", "'-999999999-01-01T00:00:00Z'", null));
    }

    @ParameterizedTest
    @MethodSource("noValuesOfMaps")
    void mapValueIsRefused(Feature feature, Object given, String code, String observed, String expected) {
        FeatureRow row = Schema.ofMap(feature).read(Map.of("x", given));

        assertThat(row.violations()).singleElement().satisfies(violation -> {
            assertThat(violation.code()).isEqualTo(code);
            assertThat(violation.path()).isEqualTo("x");
            assertThat(violation.observed()).isEqualTo(observed);
            assertThat(violation.severity()).isEqualTo(Violation.Severity.ERROR);
            if (expected != null) {
                assertThat(violation.expected()).isEqualTo(expected);
            }
        });
        assertThat(row.isInvalid(0)).isTrue();
        assertThat(row.isNull(0)).isFalse();
        assertThat(row.value(0)).isNull();
        assertThat(row.invalidValue(0)).isEqualTo(given instanceof Integer i ? Long.valueOf(i) : given);
    }

    @Test
    void timestampWithoutOffsetIsToldSo() {
        FeatureRow row = Schema.ofMap(TIMESTAMP).read(Map.of("x", "2026-01-31T12:00:00"));

        assertThat(row.violations())
                .singleElement()
                .extracting(Violation::expected)
                .asString()
                .contains("with an offset");
    }

    static Stream<Arguments> valuesOfJson() {
        return Stream.of(
                arguments(NUMBER, "1.5", 1.5),
                arguments(NUMBER, "3", 3.0),
                arguments(NUMBER, "-0.0", -0.0),
                arguments(NUMBER, "0.1", 0.1),
                arguments(NUMBER, "0.1000000000000000055511151231257827", 0.1),
                arguments(NUMBER, "1e-999", 0.0),
                arguments(NUMBER, "9007199254740992", 0x1p53),
                arguments(NUMBER, "18446744073709551616", 0x1p64),
                arguments(INTEGER, "3", 3L),
                arguments(INTEGER, "3.0", 3L),
                arguments(INTEGER, "3e2", 300L),
                arguments(INTEGER, "-9223372036854775808", Long.MIN_VALUE),
                arguments(BOOLEAN, "true", true),
                arguments(CATEGORY, "\"DAYS\"", "DAYS"),
                arguments(CATEGORY, "\"nowhere\"", "nowhere"),
                arguments(TEXT, "\"\"", ""),
                arguments(TIMESTAMP, "\"2026-01-31T13:00:00+01:00\"", NOON));
    }

    @ParameterizedTest
    @MethodSource("valuesOfJson")
    void jsonValueIsRead(Feature feature, String json, Object expected) throws JsonProcessingException {
        for (JsonMapper mapper : List.of(JSON, DECIMAL_JSON)) {
            FeatureRow row = Schema.ofJson(feature).read(mapper.readTree("{\"x\": " + json + "}"));

            assertThat(row.violations()).isEmpty();
            if (mapper == JSON || !json.equals("-0.0")) { // a BigDecimal has no negative zero
                assertThat(row.value(0)).isEqualTo(expected);
            }
        }
    }

    static Stream<Arguments> noValuesOfJson() {
        return Stream.of(
                arguments(NUMBER, "\"42\"", "type", "'42'"),
                arguments(NUMBER, "\"NaN\"", "type", "'NaN'"),
                arguments(NUMBER, "\"Infinity\"", "type", "'Infinity'"),
                arguments(NUMBER, "\"-Infinity\"", "type", "'-Infinity'"),
                arguments(NUMBER, "true", "type", "true"),
                arguments(NUMBER, "[1, 2]", "type", "an array of 2"),
                arguments(NUMBER, "{\"a\": 1}", "type", "an object of 1"),
                arguments(NUMBER, "null", "null", "null"),
                arguments(NUMBER, "9007199254740993", "inexact", "9007199254740993"),
                arguments(NUMBER, "18446744073709551617", "inexact", "18446744073709551617"),
                arguments(INTEGER, "3.5", "inexact", "3.5"),
                arguments(INTEGER, "9223372036854775808", "inexact", "9223372036854775808"),
                arguments(INTEGER, "\"3\"", "type", "'3'"),
                arguments(BOOLEAN, "1", "type", "1"),
                arguments(BOOLEAN, "\"true\"", "type", "'true'"),
                arguments(CATEGORY, "1", "type", "1"),
                arguments(TEXT, "1", "type", "1"),
                arguments(TEXT, "null", "null", "null"),
                arguments(TIMESTAMP, "\"2026-01-31T12:00:00\"", "type", "'2026-01-31T12:00:00'"),
                arguments(TIMESTAMP, "1700000000000", "type", "1700000000000"));
    }

    @ParameterizedTest
    @MethodSource("noValuesOfJson")
    void jsonValueIsRefused(Feature feature, String json, String code, String observed) throws JsonProcessingException {
        for (JsonMapper mapper : List.of(JSON, DECIMAL_JSON)) {
            FeatureRow row = Schema.ofJson(feature).read(mapper.readTree("{\"x\": " + json + "}"));

            assertThat(row.violations()).singleElement().satisfies(violation -> {
                assertThat(violation.code()).isEqualTo(code);
                assertThat(violation.path()).isEqualTo("x");
                assertThat(violation.observed()).isEqualTo(observed);
            });
            assertThat(row.isInvalid(0)).isTrue();
        }
    }

    @Test
    void jsonNumberTooLargeForADoubleIsInexactWhateverJacksonMadeOfIt() throws JsonProcessingException {
        for (JsonMapper mapper : List.of(JSON, DECIMAL_JSON)) {
            for (Feature feature : List.of(NUMBER, INTEGER)) {
                FeatureRow row = Schema.ofJson(feature).read(mapper.readTree("{\"x\": 1e400}"));

                assertThat(row.violations()).extracting(Violation::code).containsExactly("inexact");
            }
        }
    }

    @Test
    void nodesThatNoTextGivesAreReadAsWhatTheyHold() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        ObjectNode input = nodes.objectNode();
        input.set("nan", nodes.numberNode(Double.NaN));
        input.set("float", nodes.numberNode(0.5f));
        input.set("short", nodes.numberNode((short) 5));
        input.set("pojo", nodes.pojoNode(NOON));
        input.set("bytes", nodes.binaryNode(new byte[3]));
        input.set("gone", nodes.missingNode());
        Schema<JsonNode> schema = Schema.ofJson(
                Feature.number("nan"),
                Feature.number("float"),
                Feature.integer("short"),
                Feature.timestamp("pojo"),
                Feature.text("bytes"),
                Feature.text("gone"));

        FeatureRow row = schema.read(input);

        assertThat(row.number(0)).isNaN();
        assertThat(row.number(1)).isEqualTo(0.5);
        assertThat(row.integer(2)).isEqualTo(5);
        assertThat(row.value(3)).isEqualTo(NOON);
        assertThat(row.violations()).extracting(Violation::path).containsExactly("bytes", "gone");
        assertThat(row.violations()).extracting(Violation::code).containsExactly("type", "missing");
    }

    @ParameterizedTest
    @MethodSource("jsonThatIsNoObject")
    void jsonThatIsNoObjectHasOneViolation(String json, String observed) throws JsonProcessingException {
        FeatureRow row = Schema.ofJson(NUMBER, Feature.text("y").nullable()).read(JSON.readTree(json));

        assertThat(row.violations())
                .containsExactly(new Violation("type", "input", observed, "a JSON object", Violation.Severity.ERROR));
        assertThat(row.isInvalid(0)).isTrue();
        assertThat(row.isInvalid(1)).isTrue();
    }

    static Stream<Arguments> jsonThatIsNoObject() {
        return Stream.of(
                arguments("[1]", "an array of 1"),
                arguments("1", "1"),
                arguments("null", "null"),
                arguments("", "null"));
    }

    @Test
    void absentAndNullAreToldApart() {
        Map<String, Object> input = new HashMap<>();
        input.put("null", null);
        input.put("nullable null", null);
        input.put("empty", Optional.empty());
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.number("null"),
                Feature.integer("absent"),
                Feature.category("nullable null", "A").nullable(),
                Feature.number("nullable absent").nullable(),
                Feature.bool("empty"));

        FeatureRow row = schema.read(input);

        assertThat(row.violations())
                .extracting(Violation::code, Violation::path, Violation::observed)
                .containsExactly(
                        tuple("null", "null", "null"),
                        tuple("missing", "absent", "(absent)"),
                        tuple("null", "empty", "null"));
        assertThat(row.isNull(0)).isFalse();
        assertThat(row.isNull(2)).isTrue();
        assertThat(row.isInvalid(2)).isFalse();
        assertThat(row.categoryCode(2)).isEqualTo(-1);
        assertThat(row.isNull(3)).isTrue();
        assertThat(row.number(3)).isNaN();
        assertThat(row.number(1)).isNaN();
        assertThat(row.integer(1)).isZero();
    }

    @Test
    void surplusFieldsAreNamedButNotShown() throws JsonProcessingException {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("x", 1);
        map.put("iban", "DE02120300000000202051");
        map.put("line\nfeed", 1);
        JsonNode json = JSON.valueToTree(map);

        for (FeatureRow row :
                List.of(Schema.ofMap(NUMBER).read(map), Schema.ofJson(NUMBER).read(json))) {
            assertThat(row.violations()).extracting(Violation::path).containsExactly("iban", "line?feed");
            assertThat(row.violations()).extracting(Violation::code).containsOnly("unexpected");
            assertThat(row.violations().toString()).doesNotContain("DE02");
            assertThat(row.isInvalid(0)).isFalse();
        }
        assertThat(Schema.ofMap(NUMBER).ignoringUnknownFields().read(map).violations())
                .isEmpty();
        assertThat(Schema.ofJson(NUMBER).ignoringUnknownFields().read(json).violations())
                .isEmpty();
    }

    @Test
    void surplusFieldIsFoundAlsoWhenAnotherIsAbsent() {
        FeatureRow row = Schema.ofMap(NUMBER).read(Map.of("X", 1));

        assertThat(row.violations())
                .extracting(Violation::toString)
                .containsExactly(
                        "x: (absent) (expected: a number)",
                        "X: a field that is in no feature (expected: no such field)");
    }

    @Test
    @SuppressWarnings("unchecked")
    void keyThatIsNoStringIsASurplusField() {
        Map<String, Object> polluted = (Map<String, Object>) (Map<?, ?>) Collections.singletonMap(7, 1);

        FeatureRow row = Schema.ofMap(NUMBER.nullable()).read(polluted);

        assertThat(row.violations()).extracting(Violation::path).containsExactly("7");
    }

    @Test
    void categoryHasItsCode() {
        Schema<Map<String, ?>> schema = Schema.ofMap(CATEGORY);

        assertThat(schema.read(Map.of("x", "HOURS")).categoryCode(0)).isEqualTo(1);
        assertThat(schema.read(Map.of("x", "hours")).categoryCode(0)).isEqualTo(-1);
        assertThat(schema.read(Map.of("x", "hours")).text(0)).isEqualTo("hours");
    }

    private static final class ForeignNumber extends Number {
        private static final long serialVersionUID = 1;
        private final double value;

        ForeignNumber(double value) {
            this.value = value;
        }

        @Override
        public int intValue() {
            return (int) value;
        }

        @Override
        public long longValue() {
            return (long) value;
        }

        @Override
        public float floatValue() {
            return (float) value;
        }

        @Override
        public double doubleValue() {
            return value;
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("nobody asks a stranger for its text");
        }
    }
}
