package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TensorTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Feature PAIR = Feature.tensor("t", 2);
    private static final Feature ANY = Feature.tensor("t", -1);
    private static final Feature TABLE = Feature.tensor("t", 2, 3);
    private static final Feature TRIPLES = Feature.tensor("t", -1, 3);
    private static final Feature CUBE = Feature.tensor("t", 2, 1, 2);

    static Stream<Arguments> arrays() {
        double[] six = {1, 2, 3, 4, 5, 6};
        return Stream.of(
                arguments(PAIR, new double[] {1, 2}, new double[] {1, 2}),
                arguments(PAIR, new float[] {1, 0.1f}, new float[] {1, 0.1f}),
                arguments(PAIR, List.of(1, 2.5f), new double[] {1, 2.5}),
                arguments(PAIR, Arrays.asList(1L, BigInteger.TWO), new double[] {1, 2}),
                arguments(PAIR, new Object[] {new BigDecimal("0.1"), (byte) 1}, new double[] {0.1, 1}),
                arguments(PAIR, List.of(Double.NaN, Double.POSITIVE_INFINITY), new double[] {Double.NaN, 1 / 0.0}),
                arguments(ANY, new double[0], new double[0]),
                arguments(ANY, List.of(), new double[0]),
                arguments(ANY, List.of(1, 2, 3), new double[] {1, 2, 3}),
                arguments(TABLE, six, six),
                arguments(TABLE, List.of(1, 2, 3, 4, 5, 6), six),
                arguments(TABLE, new float[][] {{1, 2, 3}, {4, 5, 6}}, new float[] {1, 2, 3, 4, 5, 6}),
                arguments(TABLE, new double[][] {{1, 2, 3}, {4, 5, 6}}, six),
                arguments(TABLE, List.of(new double[] {1, 2, 3}, List.of(4, 5, 6)), six),
                arguments(TRIPLES, six, six),
                arguments(TRIPLES, List.of(List.of(1, 2, 3), List.of(4, 5, 6)), six),
                arguments(TRIPLES, List.of(), new double[0]),
                arguments(CUBE, new float[][][] {{{1, 2}}, {{3, 4}}}, new float[] {1, 2, 3, 4}));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void arrayIsReadFlat(Feature feature, Object given, Object expected) {
        FeatureRow row = Schema.ofMap(feature).read(Map.of("t", given));

        assertThat(row.violations()).isEmpty();
        assertThat(row.value(0)).isEqualTo(expected);
        assertThat(row.tensorLength(0)).isEqualTo(java.lang.reflect.Array.getLength(expected));
        for (int i = 0; i < row.tensorLength(0); i++) {
            Double element = ((Number) java.lang.reflect.Array.get(expected, i)).doubleValue();
            assertThat(row.tensorElement(0, i)).isEqualTo(element); // boxed: NaN equals itself
        }
    }

    static Stream<Arguments> noArrays() {
        return Stream.of(
                arguments(PAIR, new double[3], "length t: 3 elements (expected: 2 elements)"),
                arguments(PAIR, new float[0], "length t: 0 elements (expected: 2 elements)"),
                arguments(PAIR, List.of(1), "length t: 1 elements (expected: 2 elements)"),
                arguments(PAIR, "[1, 2]", "type t: '[1, 2]' (expected: an array of numbers of shape 2)"),
                arguments(PAIR, 1.5, "type t: 1.5 (expected: an array of numbers of shape 2)"),
                arguments(PAIR, new int[2], "type t: int[2] (expected: an array of numbers of shape 2)"),
                arguments(PAIR, List.of(1, "2"), "type t[1]: '2' (expected: a number)"),
                arguments(PAIR, Arrays.asList(null, 2), "null t[0]: null (expected: a number)"),
                arguments(PAIR, List.of(1, true), "type t[1]: true (expected: a number)"),
                arguments(
                        PAIR,
                        List.of(1, (1L << 53) + 1),
                        "inexact t[1]: 9007199254740993 (expected: a whole number that a double holds exactly)"),
                arguments(
                        PAIR,
                        List.of(1, new BigDecimal("1e400")),
                        "inexact t[1]: 1E+400 (expected: a number within the range of a double)"),
                arguments(PAIR, List.of(List.of(1), List.of(2)), null),
                arguments(TABLE, new double[5], "length t: 5 elements (expected: 6 elements)"),
                arguments(TRIPLES, new double[5], "length t: 5 elements (expected: a multiple of 3 elements)"),
                arguments(TABLE, new double[1][3], "length t: 1 elements (expected: 2 elements)"),
                arguments(TABLE, new double[2][2], null),
                arguments(
                        TABLE,
                        List.of(List.of(1, 2, 3), List.of(4, 5)),
                        "length t[1]: 2 elements (expected: 3 elements)"),
                arguments(
                        TABLE,
                        List.of(List.of(1, 2, 3), 4),
                        "type t[1]: 4 (expected: an array, as the shape is 2 x 3)"),
                arguments(TABLE, Arrays.asList(List.of(1, 2, 3), null), "null t[1]: null (expected: an array)"),
                arguments(
                        TABLE, List.of(List.of(1, 2, 3), List.of(4, 5, "6")), "type t[1][2]: '6' (expected: a number)"),
                arguments(
                        CUBE, new float[][][] {{{1, 2}}, {{3}}}, "length t[1][0]: 1 elements (expected: 2 elements)"));
    }

    @ParameterizedTest
    @MethodSource("noArrays")
    void whatIsNoSuchArrayIsRefused(Feature feature, Object given, String expected) {
        FeatureRow row = Schema.ofMap(feature).read(Map.of("t", given));

        assertThat(row.isInvalid(0)).isTrue();
        assertThat(row.tensorLength(0)).isZero();
        assertThatThrownBy(() -> row.tensorElement(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(row.invalidValue(0)).isEqualTo(given);
        if (expected == null) {
            assertThat(row.violations()).hasSize(2);
        } else {
            assertThat(row.violations()).extracting(v -> v.code() + " " + v).containsExactly(expected);
        }
    }

    @Test
    void jsonArraysAreReadByTheSameRules() throws JsonProcessingException {
        FeatureRow flat = Schema.ofJson(TABLE).read(JSON.readTree("{\"t\": [1, 2.5, 3, 4, 5, 6]}"));
        FeatureRow nested = Schema.ofJson(TABLE).read(JSON.readTree("{\"t\": [[1, 2.5, 3], [4, 5, 6]]}"));
        FeatureRow broken = Schema.ofJson(TABLE)
                .read(JSON.readTree("{\"t\": [[1, null, \"NaN\"], [9007199254740993, 1e400, [1]]]}"));

        assertThat(flat.value(0)).isEqualTo(new double[] {1, 2.5, 3, 4, 5, 6});
        assertThat(nested.value(0)).isEqualTo(flat.value(0));
        assertThat(broken.violations())
                .extracting(violation -> violation.code() + " " + violation.path() + " " + violation.observed())
                .containsExactly(
                        "null t[0][1] null",
                        "type t[0][2] 'NaN'",
                        "inexact t[1][0] 9007199254740993",
                        "inexact t[1][1] Infinity",
                        "type t[1][2] an array of 1");
    }

    @Test
    void onlyTheFirstTenBrokenElementsAreListed() {
        List<String> broken = java.util.Collections.nCopies(25, "x");

        FeatureRow row = Schema.ofMap(ANY).read(Map.of("t", broken));

        assertThat(row.violations()).hasSize(11);
        assertThat(row.violations().get(9).path()).isEqualTo("t[9]");
        assertThat(row.violations().get(10).path()).isEqualTo("t");
        assertThat(row.violations().get(10).observed()).isEqualTo("15 more elements that are no numbers");
        assertThat(row.with(0, new double[] {1}).violations()).isEmpty();
    }

    @Test
    void emptyArraysReserveNoMemoryForWhatTheShapePromises() {
        Feature huge = Feature.tensor("t", -1, Integer.MAX_VALUE);

        FeatureRow row = Schema.ofMap(huge).read(Map.of("t", java.util.Collections.nCopies(1000, List.of())));

        assertThat(row.violations())
                .hasSize(11)
                .first()
                .extracting(Violation::code)
                .isEqualTo("length");
    }

    @Test
    void shapeWithMoreElementsThanALongCountsIsNeverFilled() {
        Feature impossible = Feature.tensor("t", 1L << 62, 4); // 2^64, which is 0 in a long
        Feature impossibleBlocks = Feature.tensor("t", -1, 1L << 62, 4);

        for (Feature feature : List.of(impossible, impossibleBlocks)) {
            assertThat(Schema.ofMap(feature).read(Map.of("t", new float[4])).violations())
                    .extracting(Violation::code)
                    .containsExactly("length");
        }
        assertThat(Schema.ofMap(impossible).read(Map.of("t", new float[0])).isInvalid(0))
                .isTrue();
    }

    @Test
    void callersArrayMayChangeAfterTheRead() {
        double[] doubles = {1, 2};
        float[] floats = {1, 2};
        FeatureRow ofDoubles = Schema.ofMap(PAIR).read(Map.of("t", doubles));
        FeatureRow ofFloats = Schema.ofMap(PAIR).read(Map.of("t", floats));

        doubles[0] = 9;
        floats[0] = 9;

        assertThat(ofDoubles.tensorElement(0, 0)).isEqualTo(1);
        assertThat(ofFloats.tensorElement(0, 0)).isEqualTo(1);
    }

    @Test
    void returnedArrayIsACopy() {
        FeatureRow row = Schema.ofMap(PAIR).read(Map.of("t", new float[] {1, 2}));

        ((float[]) row.value(0))[0] = 9;

        assertThat(row.tensorElement(0, 0)).isEqualTo(1);
    }
}
