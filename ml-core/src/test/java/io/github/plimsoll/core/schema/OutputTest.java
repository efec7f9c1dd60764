package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutputTest {

    @Test
    void everyFormHasItsKind() {
        assertThat(Output.number().kind()).isEqualTo(Output.Kind.NUMBER);
        assertThat(Output.probability().kind()).isEqualTo(Output.Kind.PROBABILITY);
        assertThat(Output.probabilityOf("a").kind()).isEqualTo(Output.Kind.PROBABILITY_OF_CLASS);
        assertThat(Output.classes().kind()).isEqualTo(Output.Kind.CLASSES);
        assertThat(Output.label().kind()).isEqualTo(Output.Kind.LABEL);
        assertThat(Output.vector().kind()).isEqualTo(Output.Kind.VECTOR);
        assertThat(Output.ranking().kind()).isEqualTo(Output.Kind.RANKING);
    }

    @Test
    void changesKeepTheOthers() {
        Output<String> output = Output.probabilityOf("default")
                .labelled("repaid", "default")
                .from("probabilities")
                .map(p -> "p=" + p);

        assertThat(output.classLabel()).isEqualTo("default");
        assertThat(output.labels()).containsExactly("repaid", "default");
        assertThat(output.source()).isEqualTo("probabilities");
        assertThat(output.mapped(0.5)).isEqualTo("p=0.5");
        assertThat(output).hasToString("probability of class 'default' [repaid, default] from 'probabilities'");
    }

    @Test
    void mappingsFollowOneAnother() {
        Output<Integer> output = Output.number()
                .map(x -> x + 1)
                .from("y")
                .map(x -> "<" + x + ">")
                .map(String::length);

        assertThat(output.mapped(1.5)).isEqualTo(5);
        assertThat(Output.number().mapped(1.5)).isEqualTo(1.5);
    }

    @Test
    void changeLeavesTheOriginalAlone() {
        Output<ClassProbabilities> output = Output.classes();

        assertThat(output.labelled("a").labels()).containsExactly("a");
        assertThat(output.labels()).isEmpty();
        assertThat(output.source()).isNull();
    }

    @Test
    void labelsAreForClassesAndItemsOnly() {
        for (Output<?> output : List.of(Output.number(), Output.probability(), Output.vector())) {
            assertThatThrownBy(() -> output.labelled("a"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("has none (expected: an output with classes or items)");
        }
        for (Output<?> output :
                List.of(Output.probabilityOf("a"), Output.classes(), Output.label(), Output.ranking())) {
            assertThat(output.labelled("a", "b").labels()).containsExactly("a", "b");
        }
    }

    @Test
    void wrongLabelsAreNamed() {
        assertThatThrownBy(() -> Output.classes().labelled()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Output.classes().labelled("a", "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels: [a, a] (expected: at least one, no repeats)");
        assertThatThrownBy(() -> Output.probabilityOf("c").labelled("a", "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels: [a, b] (expected: 'c' among them)");
        assertThatThrownBy(() -> Output.probabilityOf(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Output.number().from(null)).isInstanceOf(NullPointerException.class);
    }
}
