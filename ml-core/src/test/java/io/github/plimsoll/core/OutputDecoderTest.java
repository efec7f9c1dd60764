package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Ranking;
import io.github.plimsoll.core.schema.Schema;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a model's output is chosen and understood. */
class OutputDecoderTest {

    private static final TensorSpec INPUT = TensorSpec.of("x", ElementType.FLOAT64, -1, 1);

    private static FakeModel model(BiConsumer<List<Tensor>, List<Tensor>> function, TensorSpec... outputs) {
        return FakeModel.of(new ModelId("m", "1"), new ModelSignature(List.of(INPUT), List.of(outputs)), function);
    }

    /** A model with outputs that nobody reads. */
    private static FakeModel model(TensorSpec... outputs) {
        return model((in, out) -> {}, outputs);
    }

    /** A model with one output, whose rows have the elements if the input is 1, and zeros if it is 0. */
    private static FakeModel answering(TensorSpec output, double... row) {
        return model(
                (in, out) -> {
                    for (int i = 0; i < out.get(0).length(); i++) {
                        double asked = in.get(0)
                                .number(i * out.get(0).rows() / out.get(0).length());
                        out.get(0).number(i, asked * row[i % row.length]);
                    }
                },
                output);
    }

    private static <O> O answer(Model model, Output<O> output) {
        List<O> answers = Plimsoll.use(model)
                .as(Schema.ofDoubles(1), output)
                .build()
                .predictAll(List.of(new double[] {0}, new double[] {1}));
        return answers.get(1); // the second row: the first would hide a wrong offset
    }

    private static String refusal(Model model, Output<?> output) {
        ModelOutputException refusal = catchThrowableOfType(
                ModelOutputException.class,
                () -> Plimsoll.use(model)
                        .as(Schema.ofDoubles(1), output)
                        .build()
                        .predict(new double[] {1}));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.getMessage();
    }

    private static String mismatch(Model model, Output<?> output) {
        ModelMismatchException mismatch = catchThrowableOfType(
                ModelMismatchException.class,
                () -> Plimsoll.use(model).as(Schema.ofDoubles(1), output).build());
        assertThat(mismatch).as("a mismatch").isNotNull();
        assertThat(mismatch.mismatches()).hasSize(1);
        return mismatch.mismatches().get(0);
    }

    private static TensorSpec floats(String name, long... shape) {
        return TensorSpec.of(name, ElementType.FLOAT32, shape);
    }

    private static TensorSpec doubles(String name, long... shape) {
        return TensorSpec.of(name, ElementType.FLOAT64, shape);
    }

    @Nested
    class Numbers {

        @ParameterizedTest
        @EnumSource(names = {"FLOAT32", "FLOAT64", "INT8", "UINT8", "INT16", "INT32", "INT64", "BOOL"})
        void areReadFromEveryNumericType(ElementType type) {
            assertThat(answer(answering(TensorSpec.of("y", type, -1, 1), 1), Output.number()))
                    .isEqualTo(1);
            assertThat(answer(answering(TensorSpec.of("y", type, -1), 1), Output.number()))
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
        void thatAreNotFiniteAreNoAnswer(double value) {
            assertThat(refusal(answering(doubles("y", -1, 1), value), Output.number()))
                    .contains("'y'", Double.toString(value), "a finite number");
        }

        @Test
        void areNotReadFromTextOrSeveralColumns() {
            assertThat(mismatch(model(TensorSpec.of("y", ElementType.STRING, -1, 1)), Output.number()))
                    .contains("none can be read as number", "holds no plain numbers");
            assertThat(mismatch(model(floats("y", -1, 2)), Output.number())).contains("has 2 elements a row");
        }
    }

    @Nested
    class Probabilities {

        @ParameterizedTest
        @ValueSource(doubles = {0, 0.25, 1})
        void areRead(double value) {
            assertThat(answer(answering(floats("p", -1, 1), value), Output.probability()))
                    .isEqualTo(value);
        }

        @Test
        void thatRoundingCarriedOverTheEndArePutBack() {
            assertThat(answer(answering(doubles("p", -1, 1), 1 + 1e-6), Output.probability()))
                    .isEqualTo(1);
            assertThat(answer(answering(doubles("p", -1, 1), -1e-6), Output.probability()))
                    .isZero();
        }

        @ParameterizedTest
        @ValueSource(doubles = {1.00001, -0.00001, 87, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
        void outsideZeroToOneAreNoAnswer(double value) {
            assertThat(refusal(answering(doubles("p", -1, 1), value), Output.probability()))
                    .contains("'p'", Double.toString(value), "a probability from 0 to 1");
            assertThat(refusal(answering(doubles("p", -1, 2), 0.5, value), Output.classes()))
                    .contains("a probability from 0 to 1");
            assertThat(refusal(
                            answering(doubles("p", -1, 2), 0.5, value),
                            Output.probabilityOf("b").labelled("a", "b")))
                    .contains("a probability from 0 to 1");
        }

        @Test
        void areNotReadFromIntegersOrSeveralColumns() {
            assertThat(mismatch(model(TensorSpec.of("p", ElementType.INT64, -1, 1)), Output.probability()))
                    .contains("holds no plain floating-point numbers");
            assertThat(mismatch(model(floats("p", -1, 2)), Output.probability()))
                    .contains("has 2 elements a row");
        }
    }

    @Nested
    class ProbabilityOfOneClass {

        @Test
        void isTheColumnOfItsLabel() {
            FakeModel model = answering(doubles("p", -1, 3), 0.5, 0.3, 0.2);

            assertThat(answer(model, Output.probabilityOf("b").labelled("a", "b", "c")))
                    .isEqualTo(0.3);
            assertThat(answer(model, Output.probabilityOf("a").labelled("a", "b", "c")))
                    .isEqualTo(0.5);
            assertThat(answer(model, Output.probabilityOf("c").labelled("a", "b", "c")))
                    .isEqualTo(0.2);
        }

        @Test
        void isFoundByTheLabelThatComesWithTheAnswer() {
            FakeModel number = answering(doubles("p", -1, 1), 0.3);
            WrappedModel model = WrappedModel.labelled(number, List.of("no", "yes"), p -> new double[] {1 - p, p});

            assertThat(answer(model, Output.probabilityOf("yes"))).isEqualTo(0.3);
            assertThat(answer(model, Output.probabilityOf("no"))).isEqualTo(0.7);
            assertThat(refusal(model, Output.probabilityOf("maybe"))).contains("[no, yes]", "'maybe'");
        }

        @Test
        void needsLabelsFromSomebodyAndNotTwice() {
            assertThat(mismatch(model(floats("p", -1, 2)), Output.probabilityOf("yes")))
                    .contains("does not name its classes", "labelled");
            assertThat(mismatch(
                            model(floats("p", -1, 2)), Output.probabilityOf("a").labelled("a", "b", "c")))
                    .contains("has 2 columns, but 3 labels were given");
            WrappedModel labelled =
                    WrappedModel.labelled(answering(doubles("p", -1, 1), 0), List.of("a"), p -> new double[] {p});
            assertThat(mismatch(labelled, Output.probabilityOf("a").labelled("a", "b")))
                    .contains("names its columns itself");
        }

        @Test
        void isNotReadFromOneColumn() {
            assertThat(mismatch(
                            model(floats("p", -1, 1)), Output.probabilityOf("b").labelled("a", "b")))
                    .contains("has one element a row");
        }

        @Test
        void isRefusedWhenAnOutputOfAnyWidthTurnsOutTooNarrow() {
            FakeModel inner = answering(doubles("p", -1, 3), 0.5, 0.3, 0.2);
            WrappedModel narrow = WrappedModel.answering(
                    inner, tensor -> Tensor.of(DoubleBuffer.allocate(tensor.rows() * 2), tensor.rows(), 2));

            assertThat(refusal(narrow, Output.probabilityOf("c").labelled("a", "b", "c")))
                    .contains("2 columns", "one for class 'c'");
        }
    }

    @Nested
    class Classes {

        private final FakeModel model = answering(doubles("p", -1, 3), 0.5, 0.3, 0.2);

        @Test
        void haveTheGivenLabelsOrNumbers() {
            assertThat(answer(model, Output.classes().labelled("a", "b", "c")))
                    .isEqualTo(ClassProbabilities.of(List.of("a", "b", "c"), 0.5, 0.3, 0.2));
            assertThat(answer(model, Output.classes()))
                    .isEqualTo(ClassProbabilities.of(List.of("0", "1", "2"), 0.5, 0.3, 0.2));
        }

        @Test
        void haveTheLabelsThatComeWithTheAnswer() {
            WrappedModel labelled = WrappedModel.labelled(
                    answering(doubles("p", -1, 1), 0.25), List.of("no", "yes"), p -> new double[] {1 - p, p});

            assertThat(answer(labelled, Output.classes()))
                    .isEqualTo(ClassProbabilities.of(List.of("no", "yes"), 0.75, 0.25));
            assertThat(mismatch(labelled, Output.classes().labelled("a", "b"))).contains("names its columns itself");
        }

        @Test
        void areNotReadFromOneColumnOrIntegers() {
            assertThat(mismatch(model(floats("p", -1)), Output.classes())).contains("has one element a row");
            assertThat(mismatch(model(TensorSpec.of("p", ElementType.INT32, -1, 3)), Output.classes()))
                    .contains("holds no floating-point numbers");
        }

        @Test
        void areRefusedWhenThereAreOtherThanTheLabels() {
            WrappedModel wide = WrappedModel.answering(
                    model, tensor -> Tensor.of(DoubleBuffer.allocate(tensor.rows() * 4), tensor.rows(), 4));

            assertThat(refusal(wide, Output.classes())).contains("4 columns", "[0, 1, 2]");
        }
    }

    @Nested
    class Labels {

        @Test
        void areReadFromText() {
            FakeModel model = model(
                    (in, out) -> {
                        for (int row = 0; row < out.get(0).rows(); row++) {
                            out.get(0).text(row, "row " + row);
                        }
                    },
                    TensorSpec.of("label", ElementType.STRING, -1));

            assertThat(answer(model, Output.label())).isEqualTo("row 1");
            assertThat(mismatch(model, Output.label().labelled("a"))).contains("names its classes itself");
        }

        @Test
        void areReadFromIntegersAsTheyAreOrByName() {
            FakeModel model = answering(TensorSpec.of("label", ElementType.INT64, -1, 1), 1);

            assertThat(answer(model, Output.label())).isEqualTo("1");
            assertThat(answer(model, Output.label().labelled("no", "yes"))).isEqualTo("yes");
            assertThat(answer(
                            answering(TensorSpec.of("label", ElementType.INT64, -1, 1), 0),
                            Output.label().labelled("no", "yes")))
                    .isEqualTo("no");
            assertThat(refusal(model, Output.label().labelled("no"))).contains("1", "an index into [no]");
            assertThat(refusal(
                            answering(TensorSpec.of("label", ElementType.INT64, -1, 1), -1),
                            Output.label().labelled("no")))
                    .contains("-1");
        }

        @Test
        void areNotReadFromFloatingPointOrSeveralColumns() {
            assertThat(mismatch(model(floats("label", -1)), Output.label()))
                    .contains("holds neither text nor integers");
            assertThat(mismatch(model(TensorSpec.of("label", ElementType.INT64, -1, 2)), Output.label()))
                    .contains("has 2 elements a row");
        }
    }

    @Nested
    class VectorsAndRankings {

        @Test
        void aVectorIsTheRowInRowMajorOrder() {
            assertThat(answer(answering(floats("v", -1, 2, 2), 1, 2, 3, 4), Output.vector()))
                    .containsExactly(1, 2, 3, 4);
            assertThat(answer(answering(TensorSpec.of("v", ElementType.INT32, -1), 7), Output.vector()))
                    .containsExactly(7);
        }

        @Test
        void eachAnswerIsAnArrayOfItsOwn() {
            Predictor<double[], double[]> predictor = Plimsoll.use(answering(floats("v", -1, 2), 1, 2))
                    .as(Schema.ofDoubles(1), Output.vector())
                    .build();

            assertThat(predictor.predict(new double[] {1})).isNotSameAs(predictor.predict(new double[] {1}));
        }

        @Test
        void oneElementThatIsNotFiniteSpoilsAVectorAndARanking() {
            FakeModel model = answering(doubles("v", -1, 3), 1, Double.NaN, 3);

            assertThat(refusal(model, Output.vector())).contains("NaN", "a finite number");
            assertThat(refusal(model, Output.ranking())).contains("NaN", "a finite number");
        }

        @Test
        void aRankingPutsTheBestFirst() {
            FakeModel model = answering(doubles("scores", -1, 3), 0.5, 9, -1);

            assertThat(answer(model, Output.ranking()).items())
                    .extracting(Ranking.Item::name)
                    .containsExactly("1", "0", "2");
            assertThat(answer(model, Output.ranking().labelled("a", "b", "c")).top(1))
                    .containsExactly(new Ranking.Item("b", 9));
            assertThat(mismatch(model, Output.ranking().labelled("a", "b"))).contains("3 columns, but 2 labels");
        }

        @Test
        void aRankingHasTheLabelsThatComeWithTheAnswer() {
            WrappedModel labelled = WrappedModel.labelled(
                    answering(doubles("s", -1, 1), 5), List.of("low", "high"), s -> new double[] {-s, s});

            assertThat(answer(labelled, Output.ranking()).items())
                    .extracting(Ranking.Item::name)
                    .containsExactly("high", "low");
            assertThat(mismatch(labelled, Output.vector())).contains("holds no plain numbers");
            assertThat(mismatch(labelled, Output.number())).contains("holds no plain numbers");
        }

        @Test
        void neitherIsReadFromText() {
            FakeModel text = model(TensorSpec.of("t", ElementType.STRING, -1, 3));

            assertThat(mismatch(text, Output.vector())).contains("holds no plain numbers");
            assertThat(mismatch(text, Output.ranking())).contains("holds no numbers");
        }
    }

    @Nested
    class Choosing {

        private final FakeModel model = model(
                (in, out) -> {
                    out.get(0).integer(0, 3);
                    out.get(1).number(0, 0.25);
                    out.get(2).number(0, 0.75);
                    out.get(2).number(1, 0.25);
                },
                TensorSpec.of("label", ElementType.INT64, -1),
                doubles("score", -1, 1),
                doubles("probabilities", -1, 2));

        private <O> O first(Output<O> output) {
            return Plimsoll.use(model).as(Schema.ofDoubles(1), output).build().predict(new double[] {1});
        }

        @Test
        void theOnlyOneThatFitsIsTaken() {
            assertThat(first(Output.label())).isEqualTo("3");
            assertThat(first(Output.probability())).isEqualTo(0.25);
            assertThat(first(Output.classes()).top()).isEqualTo("0");
        }

        @Test
        void severalThatFitAreAMismatchThatNamesThem() {
            assertThat(mismatch(model, Output.number())).contains("[label, score]", "choose one with from");
        }

        @Test
        void oneThatIsNamedIsTaken() {
            assertThat(first(Output.number().from("label"))).isEqualTo(3);
            assertThat(first(Output.number().from("score"))).isEqualTo(0.25);
        }

        @Test
        void oneThatIsNamedButNotThereOrDoesNotFitIsAMismatch() {
            assertThat(mismatch(model, Output.number().from("logits")))
                    .contains("'logits': not there", "probabilities");
            assertThat(mismatch(model, Output.number().from("probabilities")))
                    .contains("output probabilities: float64 [-1, 2]: has 2 elements a row");
        }

        @Test
        void noneThatFitsIsAMismatchThatSaysWhyNot() {
            FakeModel odd = model(TensorSpec.of("a", ElementType.STRING, -1), floats("b", -1, 9));

            assertThat(mismatch(odd, Output.probability()))
                    .contains(
                            "a: string [-1] holds no plain floating-point", "b: float32 [-1, 9] has 9 elements a row");
        }

        @Test
        void describeNamesTheOutputThatIsRead() {
            assertThat(Plimsoll.use(model)
                            .as(Schema.ofDoubles(1), Output.probability())
                            .build()
                            .describe())
                    .contains("probability from 'score'");
        }
    }

    @Test
    void mappingsAreAppliedInOrder() {
        FakeModel model = answering(doubles("y", -1, 1), 2);

        String answer = answer(model, Output.number().map(y -> y + 1).map(y -> "y = " + y));

        assertThat(answer).isEqualTo("y = 3.0");
    }
}
