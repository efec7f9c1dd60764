package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArrayInputTest {

    private static final Feature[] FEATURES = {Feature.number("n"), Feature.integer("i"), Feature.bool("b")};

    @Test
    void elementsAreReadAsTheirFeatures() {
        for (FeatureRow row : List.of(
                Schema.ofDoubles(FEATURES).read(new double[] {0.5, -3, 1}),
                Schema.ofFloats(FEATURES).read(new float[] {0.5f, -3, 1}))) {
            assertThat(row.violations()).isEmpty();
            assertThat(row.number(0)).isEqualTo(0.5);
            assertThat(row.integer(1)).isEqualTo(-3);
            assertThat(row.value(2)).isEqualTo(true);
        }
    }

    @Test
    void elementThatWouldHaveToChangeIsRefused() {
        FeatureRow row = Schema.ofDoubles(FEATURES).read(new double[] {Double.NaN, 0.5, 0.5});

        assertThat(row.number(0)).isNaN();
        assertThat(row.violations())
                .extracting(Violation::toString)
                .containsExactly(
                        "i: 0.5 (expected: a whole number within 64 bits)", "b: 0.5 (expected: true or false)");
        assertThat(row.violations()).extracting(Violation::code).containsExactly("inexact", "type");
        assertThat(row.isInvalid(0)).isFalse();
    }

    @Test
    void nanIsNoIntegerAndNoBoolean() {
        FeatureRow row = Schema.ofFloats(FEATURES).read(new float[] {1, Float.NaN, Float.NaN});

        assertThat(row.violations()).extracting(Violation::code).containsExactly("inexact", "type");
    }

    @Test
    void arrayOfAnotherLengthHasOneViolation() {
        for (FeatureRow row : List.of(
                Schema.ofDoubles(3).read(new double[4]), Schema.ofFloats(3).read(new float[4]))) {
            assertThat(row.violations())
                    .containsExactly(
                            new Violation("length", "input", "4 elements", "3 elements", Violation.Severity.ERROR));
            assertThat(row.isInvalid(0)).isTrue();
            assertThat(row.isInvalid(2)).isTrue();
            assertThat(row.with(0, 1.0).violations()).hasSize(1);
        }
    }

    @Test
    void wrongLengthIsNotForgottenWhenAFeatureHasItsPath() {
        FeatureRow row =
                Schema.ofDoubles(Feature.number("input"), Feature.number("y")).read(new double[3]);

        FeatureRow repaired = row.with(0, 1.0);

        assertThat(repaired.violations()).isNotEmpty();
        assertThat(repaired.with(1, 1.0).violations()).isEmpty();
    }

    @Test
    void numberedFeaturesHaveNames() {
        assertThat(Schema.ofDoubles(3).features())
                .containsExactly(Feature.number("f0"), Feature.number("f1"), Feature.number("f2"));
        assertThat(Schema.ofFloats(3).features()).isEqualTo(Schema.ofDoubles(3).features());
        assertThatThrownBy(() -> Schema.ofDoubles(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count: 0 (expected: > 0)");
    }

    @Test
    void featureThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> Schema.ofDoubles(Feature.number("a"), Feature.text("b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b': TEXT (expected: NUMBER, INTEGER or BOOLEAN");
    }
}
