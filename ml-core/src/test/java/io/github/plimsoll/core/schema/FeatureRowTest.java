package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeatureRowTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("number"),
            Feature.integer("integer"),
            Feature.bool("boolean"),
            Feature.category("category", "A", "B"),
            Feature.text("text"),
            Feature.timestamp("timestamp"),
            Feature.tensor("tensor", -1));

    private static final Map<String, Object> INPUT = Map.of(
            "number",
            1.5,
            "integer",
            (1L << 53) + 1,
            "boolean",
            true,
            "category",
            "B",
            "text",
            "abc",
            "timestamp",
            Instant.ofEpochMilli(1000),
            "tensor",
            new float[] {1, 2});

    private static final FeatureRow ROW = SCHEMA.read(INPUT);

    @Test
    void theMemoryOfARowIsThatOfItsParts() {
        Schema<double[]> numbers = Schema.ofDoubles(3);
        Schema<Map<String, ?>> text = Schema.ofMap(Feature.text("text").nullable());

        assertThat(numbers.read(new double[3]).estimatedBytes()).isEqualTo(40 + 16 + 3 * 8);
        assertThat(ROW.estimatedBytes())
                .as("seven slots, seven pointers, 'abc' and two floats")
                .isEqualTo(40 + 16 + 7 * 8 + 48 + 24 + 24 + 24);
        assertThat(text.read(Map.of("text", "\u017elu\u0165")).estimatedBytes())
                .as("four characters of two bytes")
                .isEqualTo(40 + 24 + 24 + 24 + 24);
        assertThat(text.read(java.util.Collections.singletonMap("text", null)).estimatedBytes())
                .as("a null takes a bit")
                .isEqualTo(40 + 24 + 24);
    }

    @Test
    void valuesAreGivenInEveryFormTheirTypeHas() {
        assertThat(ROW.size()).isEqualTo(7);
        assertThat(ROW.features()).isEqualTo(SCHEMA.features());
        assertThat(ROW.indexOf("text")).isEqualTo(4);
        assertThat(ROW.indexOf("none")).isEqualTo(-1);
        assertThat(ROW.number(0)).isEqualTo(1.5);
        assertThat(ROW.number(1)).isEqualTo(0x1p53);
        assertThat(ROW.number(2)).isEqualTo(1);
        assertThat(ROW.number(5)).isEqualTo(1000);
        assertThat(ROW.integer(1)).isEqualTo((1L << 53) + 1);
        assertThat(ROW.integer(2)).isEqualTo(1);
        assertThat(ROW.integer(5)).isEqualTo(1000);
        assertThat(ROW.categoryCode(3)).isEqualTo(1);
        assertThat(ROW.text(3)).isEqualTo("B");
        assertThat(ROW.text(4)).isEqualTo("abc");
        assertThat(ROW.tensorLength(6)).isEqualTo(2);
        assertThat(ROW.tensorElement(6, 1)).isEqualTo(2);
        assertThat(ROW.invalidValue(0)).isNull();
    }

    @Test
    void askingForAnotherTypeIsRefused() {
        for (Runnable wrong : List.<Runnable>of(
                () -> ROW.number(3),
                () -> ROW.number(4),
                () -> ROW.integer(0),
                () -> ROW.integer(6),
                () -> ROW.categoryCode(4),
                () -> ROW.text(0),
                () -> ROW.tensorLength(0),
                () -> ROW.tensorElement(4, 0))) {
            assertThatThrownBy(wrong::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("feature '\\w+' is of type [A-Z]+ \\(expected: an? .*\\)");
        }
    }

    @Test
    void askingForAnIndexThatIsNotThereIsRefused() {
        for (int index : new int[] {-1, 7}) {
            for (Runnable wrong : List.<Runnable>of(
                    () -> ROW.number(index),
                    () -> ROW.integer(index),
                    () -> ROW.categoryCode(index),
                    () -> ROW.text(index),
                    () -> ROW.tensorLength(index),
                    () -> ROW.value(index),
                    () -> ROW.isNull(index),
                    () -> ROW.isInvalid(index),
                    () -> ROW.with(index, null))) {
                assertThatThrownBy(wrong::run).isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
        assertThatThrownBy(() -> ROW.tensorElement(6, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void bitsOfTheSecondHalfOfAWordAreTheirOwn() {
        Feature[] features = new Feature[130];
        Arrays.setAll(features, i -> Feature.number("f" + i).nullable());
        FeatureRow row = Schema.ofMap(features).read(Map.of("f1", 1, "f65", 1, "f129", 1));

        for (int i = 0; i < 130; i++) {
            assertThat(row.isNull(i)).isEqualTo(i % 64 != 1);
        }
    }

    // ---- equality -----------------------------------------------------------------------------------------------

    @Test
    void rowsWithTheSameBitsAreEqual() {
        FeatureRow same = SCHEMA.read(INPUT);

        assertThat(same).isEqualTo(ROW).hasSameHashCodeAs(ROW);
        for (Map.Entry<Integer, Object> change : Map.<Integer, Object>of(
                        0, 2.5, 1, 7, 2, false, 3, "A", 4, "b", 5, Instant.ofEpochMilli(1), 6, new float[] {1, 3})
                .entrySet()) {
            assertThat(ROW.with(change.getKey(), change.getValue())).isNotEqualTo(ROW);
            assertThat(ROW.with(change.getKey(), ROW.value(change.getKey())))
                    .isEqualTo(ROW)
                    .hasSameHashCodeAs(ROW);
        }
        assertThat(ROW).isNotEqualTo(Schema.ofMap(SCHEMA.features()).read(INPUT));
        assertThat(ROW.equals(null)).isFalse();
    }

    @Test
    void everyNanIsTheSameAndTheZerosAreNot() {
        FeatureRow nan = ROW.with(0, Double.NaN);
        FeatureRow other = ROW.with(0, Double.longBitsToDouble(0x7ff8_0000_0000_0001L));

        assertThat(other).isEqualTo(nan).hasSameHashCodeAs(nan);
        assertThat(nan.isNull(0)).isFalse();
        assertThat(ROW.with(0, 0.0)).isNotEqualTo(ROW.with(0, -0.0));
    }

    @Test
    void nullDiffersFromTheValueItsSlotHolds() {
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.number("n").nullable(),
                Feature.integer("i").nullable(),
                Feature.category("c", "A").nullable());
        FeatureRow nulls = schema.read(Map.of());

        assertThat(nulls.with(0, Double.NaN)).isNotEqualTo(nulls);
        assertThat(nulls.with(1, 0)).isNotEqualTo(nulls);
        assertThat(nulls.with(2, "unknown")).isNotEqualTo(nulls);
        assertThat(nulls.with(1, null)).isEqualTo(nulls).hasSameHashCodeAs(nulls);
    }

    @Test
    void twoUnknownCategoriesDiffer() {
        assertThat(ROW.with(3, "C")).isNotEqualTo(ROW.with(3, "D")).isEqualTo(ROW.with(3, "C"));
    }

    @Test
    void whatCouldNotBeReadIsNotCompared() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        FeatureRow one = ROW.with(4, itself);
        FeatureRow other = ROW.with(4, 1);

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).isNotEqualTo(ROW);
        assertThat(one).isEqualTo(ROW.with(4, null)).hasSameHashCodeAs(ROW.with(4, null));
    }

    @Test
    void neighbouringRowsSpread() {
        Schema<double[]> schema = Schema.ofDoubles(Feature.integer("a"), Feature.integer("b"));
        Set<Integer> low = new HashSet<>();
        for (int a = 0; a < 100; a++) {
            for (int b = 0; b < 100; b++) {
                low.add(schema.read(new double[] {a, b}).hashCode() & 0xffff);
            }
        }

        // 10,000 balls into 65,536 bins fill 9,274 of them on average, with a standard deviation below 30.
        assertThat(low.size()).isGreaterThan(9_100);
    }

    // ---- with ---------------------------------------------------------------------------------------------------

    @Test
    void repairedFeatureLosesItsViolationsOnly() {
        FeatureRow broken = SCHEMA.read(Map.of("number", "x", "tensor", List.of("a", "b"), "surplus", 1));
        assertThat(broken.violations()).hasSize(9);

        FeatureRow repaired = broken.with(6, new double[] {1}).with(0, 1.0);

        assertThat(repaired.violations())
                .extracting(Violation::path)
                .containsExactly("integer", "boolean", "category", "text", "timestamp", "surplus");
        assertThat(repaired.isInvalid(0)).isFalse();
        assertThat(repaired.isInvalid(1)).isTrue();
        assertThat(repaired.number(0)).isEqualTo(1);
        assertThat(broken.isInvalid(0)).isTrue();
        assertThat(broken.invalidValue(0)).isEqualTo("x");
    }

    @Test
    void surplusFieldWithTheNameOfAnElementStays() {
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.tensor("t", 1), Feature.text("t[1]"));
        FeatureRow row = schema.read(Map.of("t", List.of("x"), "t[0]", 1));

        FeatureRow repaired = row.with(0, new float[1]);

        assertThat(row.violations()).extracting(Violation::path).containsExactly("t[0]", "t[1]", "t[0]");
        assertThat(repaired.violations()).extracting(Violation::path).containsExactly("t[1]", "t[0]");
        assertThat(repaired.violations()).extracting(Violation::code).containsExactly("missing", "unexpected");
    }

    @Test
    void valueThatTheFeatureCannotHaveIsAViolationOfTheCopy() {
        assertThat(ROW.with(0, "x").violations()).extracting(Violation::code).containsExactly("type");
        assertThat(ROW.with(1, 0.5).violations()).extracting(Violation::code).containsExactly("inexact");
        assertThat(ROW.with(2, null).violations()).extracting(Violation::code).containsExactly("null");
        assertThat(ROW.violations()).isEmpty();
    }

    @Test
    void textShowsEveryState() {
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.number("a"),
                Feature.number("b").nullable(),
                Feature.text("c").sensitive());

        assertThat(schema.read(Map.of("a", "x", "c", "secret"))).hasToString("{a=(invalid), b=null, c=(sensitive)}");
        assertThat(ROW)
                .hasToString("{number=1.5, integer=9007199254740993, boolean=true, category=B, text=abc, "
                        + "timestamp=1970-01-01T00:00:01Z, tensor=[1.0, 2.0]}");
    }
}
