package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassProbabilitiesTest {

    private final ClassProbabilities probabilities = ClassProbabilities.of(List.of("a", "b", "c"), 0.2, 0.5, 0.3);

    @Test
    void answersByLabel() {
        assertThat(probabilities.of("c")).isEqualTo(0.3);
        assertThat(probabilities.top()).isEqualTo("b");
        assertThat(probabilities.confidence()).isEqualTo(0.5);
        assertThat(probabilities.labels()).containsExactly("a", "b", "c");
        assertThat(probabilities).hasToString("{a=0.2, b=0.5, c=0.3}");
    }

    @Test
    void firstOfTheMostProbableIsOnTop() {
        assertThat(ClassProbabilities.of(List.of("a", "b", "c"), 0.2, 0.4, 0.4).top())
                .isEqualTo("b");
    }

    @Test
    void arraysAreCopied() {
        double[] values = {0.4, 0.6};
        ClassProbabilities copy = ClassProbabilities.of(List.of("a", "b"), values);

        values[0] = 9;
        copy.toArray()[1] = 9;

        assertThat(copy.toArray()).containsExactly(0.4, 0.6);
    }

    @Test
    void equalByLabelsAndNumbers() {
        assertThat(probabilities)
                .isEqualTo(ClassProbabilities.of(List.of("a", "b", "c"), 0.2, 0.5, 0.3))
                .hasSameHashCodeAs(ClassProbabilities.of(List.of("a", "b", "c"), 0.2, 0.5, 0.3))
                .isNotEqualTo(ClassProbabilities.of(List.of("a", "b", "d"), 0.2, 0.5, 0.3))
                .isNotEqualTo(ClassProbabilities.of(List.of("a", "b", "c"), 0.2, 0.4, 0.3));
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> probabilities.of("d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class: 'd' (expected: one of [a, b, c])");
        assertThatThrownBy(() -> ClassProbabilities.of(List.of("a"), 0.5, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("probabilities: 2 (expected: one for each of 1 labels)");
        assertThatThrownBy(() -> ClassProbabilities.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
