package io.github.plimsoll.core.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FakeModelTest {

    private static final ModelId ID = new ModelId("fake", "3");

    private static ModelSignature signature(TensorSpec input, TensorSpec... outputs) {
        return new ModelSignature(List.of(input), List.of(outputs));
    }

    @Test
    void ofRowsAnswersEachRow() {
        FakeModel model = FakeModel.ofRows("sum", 2, row -> row[0] + row[1]);

        try (Inference inference = model.plan(List.of("prediction")).begin(2)) {
            for (int i = 0; i < 4; i++) {
                inference.input(0).number(i, Math.pow(10, i));
            }
            inference.run();

            assertThat(inference.output(0).shape()).containsExactly(2, 1);
            assertThat(inference.output(0).number(0)).isEqualTo(11);
            assertThat(inference.output(0).number(1)).isEqualTo(1100);
        }
        assertThat(model.description().id()).isEqualTo(new ModelId("sum", "1"));
        assertThat(model.description().signature())
                .isEqualTo(signature(
                        TensorSpec.of("features", ElementType.FLOAT64, -1, 2),
                        TensorSpec.of("prediction", ElementType.FLOAT64, -1, 1)));
    }

    @ParameterizedTest
    @EnumSource
    void hasInputsAndOutputsOfEveryType(ElementType type) {
        FakeModel model = FakeModel.of(
                ID, signature(TensorSpec.of("in", type, -1, 2), TensorSpec.of("out", type, -1, 2)), (in, out) -> {
                    for (int i = 0; i < in.get(0).length(); i++) {
                        if (type == ElementType.STRING) {
                            out.get(0).text(i, in.get(0).text(i));
                        } else {
                            out.get(0).number(i, in.get(0).number(i));
                        }
                    }
                });

        try (Inference inference = model.plan(List.of("out")).begin(1)) {
            if (type == ElementType.STRING) {
                inference.input(0).text(1, "x");
                inference.run();
                assertThat(inference.output(0).text(1)).isEqualTo("x");
            } else {
                inference.input(0).number(1, 1);
                inference.run();
                assertThat(inference.output(0).number(1)).isEqualTo(1);
            }
            assertThat(inference.output(0).type()).isEqualTo(type);
            assertThat(inference.input(0).type()).isEqualTo(type);
        }
    }

    @Test
    void aPlanGivesItsOutputsInItsOwnOrder() {
        FakeModel model = FakeModel.of(
                ID,
                signature(
                        TensorSpec.of("in", ElementType.FLOAT64, -1),
                        TensorSpec.of("a", ElementType.FLOAT64, -1),
                        TensorSpec.of("b", ElementType.FLOAT64, -1)),
                (in, out) -> {
                    out.get(0).number(0, 1);
                    out.get(1).number(0, 2);
                });

        try (Inference inference = model.plan(List.of("b", "a")).begin(1)) {
            inference.run();

            assertThat(inference.output(0).number(0)).isEqualTo(2);
            assertThat(inference.output(1).number(0)).isEqualTo(1);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.plan(List.of("a", "c")))
                .withMessageContaining("'c'")
                .withMessageContaining("[a, b]");
    }

    @Test
    void anInputOfAnySizeIsSizedByItsUser() {
        FakeModel model = FakeModel.of(
                ID,
                signature(
                        TensorSpec.of("in", ElementType.FLOAT32, -1, -1),
                        TensorSpec.of("sum", ElementType.FLOAT32, -1)),
                (in, out) -> out.get(0).number(0, in.get(0).length()));

        try (Inference inference = model.plan(List.of("sum")).begin(1)) {
            assertThat(inference.input(0, 1, 7)).isSameAs(inference.input(0));
            inference.run();

            assertThat(inference.output(0).number(0)).isEqualTo(7);
        }
    }

    @Test
    void anOutputOfAnySizeIsRefused() {
        ModelSignature unfixed = signature(
                TensorSpec.of("in", ElementType.FLOAT32, -1), TensorSpec.of("out", ElementType.FLOAT32, -1, -1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeModel.of(ID, unfixed, (in, out) -> {}))
                .withMessageContaining("out: float32 [-1, -1]");
    }

    @Test
    void theNumberOfRowsIsBounded() {
        InferencePlan plan = FakeModel.ofRows("m", 1, row -> 0).plan(List.of("prediction"));

        assertThat(plan.maxRows()).isEqualTo(1024);
        plan.begin(1024).close();
        assertThatIllegalArgumentException().isThrownBy(() -> plan.begin(1025)).withMessageContaining("rows: 1025");
        assertThatIllegalArgumentException().isThrownBy(() -> plan.begin(0)).withMessageContaining("rows: 0");
    }

    @Test
    void whatTheFunctionThrowsFailsTheRun() {
        RuntimeException bug = new IllegalStateException("bug");
        FakeModel model = FakeModel.ofRows("m", 1, row -> {
            throw bug;
        });

        try (Inference inference = model.plan(List.of("prediction")).begin(1)) {
            assertThatExceptionOfType(ModelExecutionException.class)
                    .isThrownBy(inference::run)
                    .withMessageContaining("m:1")
                    .withCause(bug);
        }
        assertThat(model.runs()).isEqualTo(1);
    }

    @Test
    void countsRunsAndWhatIsOpen() {
        FakeModel model = FakeModel.ofRows("m", 1, row -> 0);
        InferencePlan plan = model.plan(List.of("prediction"));

        Inference first = plan.begin(1);
        Inference second = plan.begin(2);
        first.run();
        assertThat(model.openInferences()).isEqualTo(2);
        assertThat(model.runs()).isEqualTo(1);

        first.close();
        first.close();
        assertThat(model.openInferences()).isEqualTo(1);
        second.close();
        assertThat(model.openInferences()).isZero();
    }

    @Test
    void onceClosedBeginsNothingButEndsWhatHasBegun() {
        FakeModel model = FakeModel.ofRows("m", 1, row -> 5);
        InferencePlan plan = model.plan(List.of("prediction"));
        try (Inference running = plan.begin(1)) {
            model.close();
            model.close();

            running.run();
            assertThat(running.output(0).number(0)).isEqualTo(5);
        }
        assertThat(model.isClosed()).isTrue();
        assertThatExceptionOfType(ModelClosedException.class)
                .isThrownBy(() -> plan.begin(1))
                .withMessageContaining("m:1");
    }
}
