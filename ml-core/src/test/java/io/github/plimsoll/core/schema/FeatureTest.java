package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeatureTest {

    @Test
    void newFeatureIsPlain() {
        Feature feature = Feature.number("x");

        assertThat(feature.name()).isEqualTo("x");
        assertThat(feature.type()).isEqualTo(FeatureType.NUMBER);
        assertThat(feature.isNullable()).isFalse();
        assertThat(feature.isSensitive()).isFalse();
        assertThat(feature.min()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(feature.max()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(feature.unit()).isNull();
        assertThat(feature.categories()).isEmpty();
        assertThat(feature.shape()).isEmpty();
    }

    @Test
    void everyChangeKeepsTheOthers() {
        Feature feature = Feature.number("x")
                .range(-30, 50)
                .unit("°C")
                .nullable()
                .sensitive()
                .named("y");

        assertThat(feature.name()).isEqualTo("y");
        assertThat(feature.min()).isEqualTo(-30);
        assertThat(feature.max()).isEqualTo(50);
        assertThat(feature.unit()).isEqualTo("°C");
        assertThat(feature.isNullable()).isTrue();
        assertThat(feature.isSensitive()).isTrue();
        assertThat(feature).hasToString("y: number in °C, -30.0 to 50.0, nullable, sensitive");
    }

    @Test
    void changeLeavesTheOriginalAlone() {
        Feature feature = Feature.number("x");

        assertThat(feature.nullable()).isNotEqualTo(feature);
        assertThat(feature.isNullable()).isFalse();
    }

    @Test
    void equalIfAlikeInAll() {
        Feature feature = Feature.category("x", "A", "B").nullable();

        assertThat(feature)
                .isEqualTo(Feature.category("x", List.of("A", "B")).nullable())
                .hasSameHashCodeAs(Feature.category("x", "A", "B").nullable());
        assertThat(feature)
                .isNotEqualTo(Feature.category("x", "B", "A").nullable())
                .isNotEqualTo(Feature.category("x", "A", "B"))
                .isNotEqualTo(feature.named("y"))
                .isNotEqualTo(feature.unit("m"))
                .isNotEqualTo(feature.sensitive())
                .isNotEqualTo("x");
        assertThat(Feature.tensor("t", 2)).isNotEqualTo(Feature.tensor("t", 3)).isEqualTo(Feature.tensor("t", 2));
        assertThat(Feature.number("x").range(0, 1))
                .isNotEqualTo(Feature.number("x").range(0, 2));
        assertThat(Feature.number("x")).isNotEqualTo(Feature.integer("x"));
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> Feature.text("  "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: '  ' (expected: a name that is not blank)");
        assertThatThrownBy(() -> Feature.text("x").named("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Feature.category("x", "A", "A"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("categories of 'x': [A, A] (expected: no repeats)");
        assertThatThrownBy(() -> Feature.number("x").range(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Feature.number("x").range(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Feature.text("x").range(0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("range of 'x': TEXT has none (expected: NUMBER, INTEGER or TENSOR)");
        for (long[] shape : new long[][] {{}, {0}, {-2}, {2, -1}, {-1, -1}, {3, 0}}) {
            assertThatThrownBy(() -> Feature.tensor("x", shape))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("(expected: sizes > 0, the first may be -1)");
        }
    }

    @Test
    void listsAndArraysAreCopied() {
        List<String> categories = new ArrayList<>(List.of("A"));
        long[] shape = {2};
        Feature category = Feature.category("c", categories);
        Feature tensor = Feature.tensor("t", shape);

        categories.add("B");
        shape[0] = 3;
        tensor.shape()[0] = 4;

        assertThat(category.categories()).containsExactly("A");
        assertThat(tensor.shape()).containsExactly(2);
    }
}
