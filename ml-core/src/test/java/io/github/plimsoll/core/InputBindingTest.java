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
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How features get into a model's inputs. */
class InputBindingTest {

    private static final TensorSpec ANSWER = TensorSpec.of("answer", ElementType.FLOAT64, -1);

    /** What the model was given: for each run, each input as {@code [shape] elements}. */
    private final List<List<String>> given = new ArrayList<>();

    private FakeModel model(TensorSpec... inputs) {
        return FakeModel.of(
                new ModelId("m", "1"),
                new ModelSignature(List.of(inputs), List.of(ANSWER)),
                (in, out) -> given.add(in.stream().map(InputBindingTest::text).toList()));
    }

    private static String text(Tensor tensor) {
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < tensor.length(); i++) {
            switch (tensor.type()) {
                case STRING -> elements.add(tensor.text(i));
                case FLOAT32, FLOAT64 -> elements.add(tensor.number(i));
                default -> elements.add(tensor.integer(i));
            }
        }
        return Arrays.toString(tensor.shape()) + " " + elements;
    }

    private static Predictor<Map<String, ?>, Double> build(Model model, Feature... features) {
        return Plimsoll.use(model).as(Schema.ofMap(features), Output.number()).build();
    }

    private static List<String> mismatches(Model model, Feature... features) {
        ModelMismatchException mismatch =
                catchThrowableOfType(ModelMismatchException.class, () -> build(model, features));
        assertThat(mismatch).as("a mismatch").isNotNull();
        assertThat(mismatch).hasMessageStartingWith("model m:1 does not match: ");
        assertThat(mismatch.mismatches())
                .isUnmodifiable()
                .allMatch(line -> mismatch.getMessage().contains(line));
        return mismatch.mismatches();
    }

    private static Violation refusal(Predictor<Map<String, ?>, Double> predictor, Map<String, ?> input) {
        InvalidInputException refusal =
                catchThrowableOfType(InvalidInputException.class, () -> predictor.predict(input));
        assertThat(refusal).as("a refusal of " + input).isNotNull();
        assertThat(refusal.violations()).hasSize(1);
        return refusal.violations().get(0);
    }

    private static Map<String, ?> nothing(String name) {
        return Collections.singletonMap(name, null);
    }

    @Nested
    class OneMatrix {

        @Test
        void takesTheFeaturesAsColumnsInTheSchemasOrder() {
            var predictor = build(
                    model(TensorSpec.of("x", ElementType.FLOAT64, -1, 3)),
                    Feature.number("b"),
                    Feature.integer("a"),
                    Feature.bool("c"));

            predictor.predictAll(List.of(Map.of("a", 1, "b", 0.5, "c", true), Map.of("a", 2, "b", 1.5, "c", false)));

            assertThat(given).containsExactly(List.of("[2, 3] [0.5, 1.0, 1.0, 1.5, 2.0, 0.0]"));
        }

        @Test
        void ofAnyWidthTakesTheFeaturesThereAre() {
            var predictor = build(
                    model(TensorSpec.of("x", ElementType.FLOAT64, -1, -1)), Feature.number("a"), Feature.number("b"));

            predictor.predictAll(List.of(Map.of("a", 1, "b", 2), Map.of("a", 3, "b", 4)));

            assertThat(given).containsExactly(List.of("[2, 2] [1.0, 2.0, 3.0, 4.0]"));
        }

        @Test
        void takesTextWhereItHoldsStrings() {
            var predictor = build(
                    model(TensorSpec.of("x", ElementType.STRING, -1, 2)),
                    Feature.category("c", "RED", "BLUE"),
                    Feature.text("t"));

            predictor.predict(Map.of("c", "BLUE", "t", "free"));
            predictor.predict(Map.of("c", "GREEN", "t", "")); // whether it is welcome is for a guard to say

            assertThat(given).containsExactly(List.of("[1, 2] [BLUE, free]"), List.of("[1, 2] [GREEN, ]"));
        }

        @Test
        void ofAnotherWidthIsAMismatch() {
            assertThat(mismatches(
                            model(TensorSpec.of("x", ElementType.FLOAT32, -1, 3)),
                            Feature.number("a"),
                            Feature.number("b")))
                    .singleElement()
                    .asString()
                    .contains("'x'", "3 columns", "2 features [a, b]");
        }

        @Test
        void ofAnyWidthAndTheNameOfTheOnlyFeatureTakesManyRowsAtOnce() {
            var predictor = build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, -1)), Feature.number("x"));

            predictor.predictAll(List.of(Map.of("x", 1), Map.of("x", 2)));

            assertThat(given).containsExactly(List.of("[2, 1] [1.0, 2.0]"));
        }

        @Test
        void ofOneColumnThatHasTheNameOfTheFeatureOrNotTakesIt() {
            build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, 1)), Feature.number("x"))
                    .predict(Map.of("x", 1));
            build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, 1)), Feature.number("y"))
                    .predict(Map.of("y", 2));
            build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, -1)), Feature.number("x"))
                    .predict(Map.of("x", 3));

            assertThat(given)
                    .containsExactly(List.of("[1, 1] [1.0]"), List.of("[1, 1] [2.0]"), List.of("[1, 1] [3.0]"));
        }
    }

    @Nested
    class TrainedNames {

        private Model trainedOn(String names) {
            return WrappedModel.withMetadata(
                    model(TensorSpec.of("x", ElementType.FLOAT64, -1, 2)), Map.of("feature_names", names));
        }

        @Test
        void thatAreTheSchemasAreFine() {
            build(trainedOn("[\"a\", \"b\"]"), Feature.number("a"), Feature.number("b"))
                    .predict(Map.of("a", 1, "b", 2));

            assertThat(given).containsExactly(List.of("[1, 2] [1.0, 2.0]"));
        }

        @Test
        void inAnotherOrderAreAMismatch() {
            assertThat(mismatches(trainedOn("[\"b\", \"a\"]"), Feature.number("a"), Feature.number("b")))
                    .singleElement()
                    .asString()
                    .contains("trained on columns [b, a]", "the schema has [a, b]", "the order differs")
                    .doesNotContain("missing", "surplus");
        }

        @Test
        void thatDifferAreNamed() {
            assertThat(mismatches(trainedOn("[\"a\", \"c\"]"), Feature.number("a"), Feature.number("b")))
                    .singleElement()
                    .asString()
                    .contains("missing [c]", "surplus [b]")
                    .doesNotContain("order");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"a, b", "{\"a\": 1}", "[\"a\", null]", "null", "[[\"a\"]]"})
        void thatAreNoJsonArrayOfStringsAreAMismatch(String malformed) {
            assertThat(mismatches(trainedOn(malformed), Feature.number("a"), Feature.number("b")))
                    .singleElement()
                    .asString()
                    .contains("feature_names", malformed, "a JSON array of strings");
        }
    }

    @Nested
    class InputsByName {

        @Test
        void eachTakeTheFeatureOfTheirNameWhateverTheOrder() {
            var predictor = build(
                    model(
                            TensorSpec.of("age", ElementType.INT64, -1, 1),
                            TensorSpec.of("plan", ElementType.STRING, -1),
                            TensorSpec.of("since", ElementType.INT64, -1),
                            TensorSpec.of("active", ElementType.BOOL, -1, 1),
                            TensorSpec.of("income", ElementType.FLOAT32, -1, 1)),
                    Feature.number("income"),
                    Feature.bool("active"),
                    Feature.timestamp("since"),
                    Feature.category("plan", "basic", "plus"),
                    Feature.integer("age"));

            predictor.predict(Map.of(
                    "income", 0.5, "active", true, "since", Instant.ofEpochMilli(77), "plan", "plus", "age", 41));

            assertThat(given)
                    .containsExactly(List.of("[1, 1] [41]", "[1] [plus]", "[1] [77]", "[1, 1] [1]", "[1, 1] [0.5]"));
        }

        @Test
        void everyMismatchIsListedAtOnce() {
            List<String> mismatches = mismatches(
                    model(
                            TensorSpec.of("age", ElementType.INT64, -1, 1),
                            TensorSpec.of("plan", ElementType.FLOAT32, -1, 1),
                            TensorSpec.of("wide", ElementType.FLOAT32, -1, 4),
                            TensorSpec.of("absent", ElementType.FLOAT32, -1, 1)),
                    Feature.number("age"),
                    Feature.category("plan", "basic", "plus"),
                    Feature.number("wide"),
                    Feature.number("surplus"));

            assertThat(mismatches).hasSize(5);
            assertThat(mismatches)
                    .anySatisfy(line -> assertThat(line).contains("input 'absent'", "no feature of that name"));
            assertThat(mismatches).anySatisfy(line -> assertThat(line).contains("feature 'surplus'", "no model input"));
            assertThat(mismatches)
                    .anySatisfy(line -> assertThat(line)
                            .contains(
                                    "input 'age'", "int64 cannot take", "NUMBER", "declare the feature as an integer"));
            assertThat(mismatches)
                    .anySatisfy(line -> assertThat(line)
                            .contains("input 'plan'", "float32 cannot take", "CATEGORY", "encode it inside the model"));
            assertThat(mismatches)
                    .anySatisfy(line -> assertThat(line).contains("input 'wide'", "4 elements a row", "'wide' has 1"));
        }

        @Test
        void theOutputsMismatchIsInTheSameList() {
            ModelMismatchException mismatch = catchThrowableOfType(
                    ModelMismatchException.class,
                    () -> Plimsoll.use(model(TensorSpec.of("x", ElementType.FLOAT32, -1, 2)))
                            .as(Schema.ofDoubles(1), Output.label())
                            .build());

            assertThat(mismatch.mismatches()).anyMatch(line -> line.startsWith("input 'x'"));
            assertThat(mismatch.mismatches()).anyMatch(line -> line.startsWith("output"));
        }

        @Test
        void aSingleVectorInputNeedsAFeatureOfItsName() {
            assertThat(mismatches(model(TensorSpec.of("x", ElementType.FLOAT64, -1)), Feature.number("y")))
                    .hasSize(2);
            build(model(TensorSpec.of("x", ElementType.FLOAT64, -1)), Feature.number("x"))
                    .predict(Map.of("x", 1));
            assertThat(given).containsExactly(List.of("[1] [1.0]"));
        }
    }

    @Nested
    class Types {

        @ParameterizedTest
        @EnumSource
        void whatGoesIntoWhatIsAsStated(ElementType type) {
            boolean floating = type.isFloating();
            boolean integral = type.isIntegral();
            boolean text = type == ElementType.STRING;

            assertThat(fits(type, Feature.number("x"))).isEqualTo(floating);
            assertThat(fits(type, Feature.integer("x"))).isEqualTo(floating || integral);
            assertThat(fits(type, Feature.bool("x"))).isEqualTo(floating || integral || type == ElementType.BOOL);
            assertThat(fits(type, Feature.category("x", "a"))).isEqualTo(text);
            assertThat(fits(type, Feature.text("x"))).isEqualTo(text);
            assertThat(fits(type, Feature.timestamp("x"))).isEqualTo(type == ElementType.INT64);
            assertThat(fits(type, Feature.tensor("x", 1))).isEqualTo(floating);
        }

        private boolean fits(ElementType type, Feature feature) {
            List<String> mismatches = new ArrayList<>();
            InputBinding.of(model(TensorSpec.of("x", type, -1, 1)).description(), List.of(feature), mismatches);
            return mismatches.isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "INT8, -128, 127, 128",
            "INT8, -128, 127, -129",
            "UINT8, 0, 255, 256",
            "UINT8, 0, 255, -1",
            "INT16, -32768, 32767, 32768",
            "INT16, -32768, 32767, -32769",
            "INT32, -2147483648, 2147483647, 2147483648",
            "INT32, -2147483648, 2147483647, -2147483649"
        })
        void anIntegerThatTheInputCannotHoldIsRefused(ElementType type, long least, long greatest, long tooFar) {
            var predictor = build(model(TensorSpec.of("x", type, -1, 1)), Feature.integer("x"));

            predictor.predict(Map.of("x", least));
            predictor.predict(Map.of("x", greatest));

            Violation violation = refusal(predictor, Map.of("x", tooFar));
            assertThat(given).hasSize(2);
            assertThat(violation.code()).isEqualTo(Violation.INEXACT);
            assertThat(violation.observed()).isEqualTo(Long.toString(tooFar));
            assertThat(violation.expected()).contains(type.toString());
        }

        @Test
        void a64BitIntegerArrivesUnrounded() {
            var predictor = build(model(TensorSpec.of("x", ElementType.INT64, -1, 1)), Feature.integer("x"));

            predictor.predict(Map.of("x", (1L << 53) + 1));
            predictor.predict(Map.of("x", Long.MIN_VALUE));

            assertThat(given)
                    .containsExactly(List.of("[1, 1] [9007199254740993]"), List.of("[1, 1] [-9223372036854775808]"));
        }

        @Test
        void aNumberThat32BitsWouldTurnIntoInfinityIsRefusedAndOthersAreRounded() {
            var predictor = build(model(TensorSpec.of("x", ElementType.FLOAT32, -1, 1)), Feature.number("x"));

            for (double fine : new double[] {
                0.1,
                Float.MAX_VALUE,
                -Float.MAX_VALUE,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Math.nextUp((double) Float.MAX_VALUE)
            }) {
                predictor.predict(Map.of("x", fine));
            }

            assertThat(given)
                    .extracting(inputs -> inputs.get(0))
                    .containsExactly(
                            "[1, 1] [0.10000000149011612]",
                            "[1, 1] [3.4028234663852886E38]",
                            "[1, 1] [-3.4028234663852886E38]",
                            "[1, 1] [NaN]",
                            "[1, 1] [Infinity]",
                            "[1, 1] [3.4028234663852886E38]");
            for (double tooFar : new double[] {3.5e38, -3.5e38, Double.MAX_VALUE}) {
                Violation violation = refusal(predictor, Map.of("x", tooFar));
                assertThat(violation.code()).isEqualTo(Violation.INEXACT);
                assertThat(violation.observed()).isEqualTo(Double.toString(tooFar));
            }
        }

        @Test
        void aSensitiveValueIsNotShown() {
            var predictor = build(
                    model(TensorSpec.of("x", ElementType.INT8, -1, 1)),
                    Feature.integer("x").sensitive());

            assertThat(refusal(predictor, Map.of("x", 1234)).toString()).doesNotContain("1234");
        }
    }

    @Nested
    class Nulls {

        @Test
        void becomeNanInFloatingPoint() {
            var predictor = build(
                    model(TensorSpec.of("x", ElementType.FLOAT32, -1, 3)),
                    Feature.number("n").nullable(),
                    Feature.integer("i").nullable(),
                    Feature.bool("b").nullable());

            predictor.predict(Map.of());
            predictor.predict(new LinkedHashMap<>(nothing("i")));

            assertThat(given).containsOnly(List.of("[1, 3] [NaN, NaN, NaN]"));
        }

        @ParameterizedTest
        @EnumSource(names = {"INT8", "UINT8", "INT16", "INT32", "INT64"})
        void areRefusedWhereIntegersGo(ElementType type) {
            var predictor = build(
                    model(TensorSpec.of("x", type, -1, 1)), Feature.integer("x").nullable());

            assertRefused(predictor, type.toString());
        }

        @Test
        void areRefusedWhereBooleansTextAndTimestampsGo() {
            assertRefused(
                    build(
                            model(TensorSpec.of("x", ElementType.BOOL, -1, 1)),
                            Feature.bool("x").nullable()),
                    "bool");
            assertRefused(
                    build(
                            model(TensorSpec.of("x", ElementType.STRING, -1, 1)),
                            Feature.text("x").nullable()),
                    "string");
            assertRefused(
                    build(
                            model(TensorSpec.of("x", ElementType.STRING, -1, 1)),
                            Feature.category("x", "a").nullable()),
                    "string");
            assertRefused(
                    build(
                            model(TensorSpec.of("x", ElementType.INT64, -1, 1)),
                            Feature.timestamp("x").nullable()),
                    "int64");
        }

        @Test
        void areRefusedForTensorsAlsoWhereAnyLengthGoes() {
            assertRefused(
                    build(
                            model(TensorSpec.of("x", ElementType.FLOAT32, -1, 2)),
                            Feature.tensor("x", 2).nullable()),
                    "float32");
            assertRefused(
                    build(
                            model(TensorSpec.of("x", ElementType.FLOAT32, -1, -1)),
                            Feature.tensor("x", -1).nullable()),
                    "float32");
        }

        private void assertRefused(Predictor<Map<String, ?>, Double> predictor, String type) {
            Violation violation = refusal(predictor, nothing("x"));
            assertThat(violation.code()).isEqualTo(Violation.NULL);
            assertThat(violation.path()).isEqualTo("x");
            assertThat(violation.expected()).contains(type);
            assertThat(given).isEmpty();
        }
    }

    @Nested
    class Tensors {

        @Test
        void fillTheirInputInRowMajorOrderWhateverItsName() {
            var predictor =
                    build(model(TensorSpec.of("pixels", ElementType.FLOAT32, -1, 2, 2)), Feature.tensor("image", 2, 2));

            predictor.predictAll(List.of(Map.of("image", new float[] {1, 2, 3, 4}), Map.of("image", new double[][] {
                {5, 6}, {7, 8}
            })));

            assertThat(given).containsExactly(List.of("[2, 2, 2] [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]"));
        }

        @Test
        void ofAnyLengthSizeTheInputAndRowsOfOneLengthGoTogether() {
            var predictor = build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, -1)), Feature.tensor("t", -1));

            predictor.predictAll(List.of(
                    Map.of("t", new float[] {1}),
                    Map.of("t", new float[] {2}),
                    Map.of("t", new float[] {3, 4}),
                    Map.of("t", new float[] {5})));

            assertThat(given)
                    .containsExactly(
                            List.of("[2, 1] [1.0, 2.0]"), List.of("[1, 2] [3.0, 4.0]"), List.of("[1, 1] [5.0]"));
        }

        @Test
        void withOneUnfixedSizeAmongFixedOnesTakeWhatIsAMultiple() {
            var predictor =
                    build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, -1, 2)), Feature.tensor("t", -1, 2));

            predictor.predict(Map.of("t", new float[] {1, 2, 3, 4, 5, 6}));

            assertThat(given).containsExactly(List.of("[1, 3, 2] [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]"));
        }

        @Test
        void ofALengthThatTheModelDoesNotTakeAreRefused() {
            var fixed = build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, 3)), Feature.tensor("t", -1));
            var pairs = build(model(TensorSpec.of("x", ElementType.FLOAT64, -1, -1, 2)), Feature.tensor("t", -1));

            for (var predictor : List.of(fixed, pairs)) {
                Violation violation = refusal(predictor, Map.of("t", new float[] {1, 2, 3, 4, 5}));
                assertThat(violation.code()).isEqualTo(Violation.LENGTH);
                assertThat(violation.path()).isEqualTo("t");
                assertThat(violation.observed()).isEqualTo("5 elements");
            }
            assertThat(given).isEmpty();
        }

        @Test
        void ofAnotherSizeAreAMismatch() {
            assertThat(mismatches(model(TensorSpec.of("x", ElementType.FLOAT64, -1, 2, 2)), Feature.tensor("t", 5)))
                    .singleElement()
                    .asString()
                    .contains("4 elements a row", "'t' has 5");
        }

        @Test
        void withTwoUnfixedSizesAreAMismatch() {
            assertThat(mismatches(model(TensorSpec.of("x", ElementType.FLOAT64, -1, -1, -1)), Feature.tensor("t", 5)))
                    .singleElement()
                    .asString()
                    .contains("more than one size that is not fixed", "translation");
        }

        @Test
        void withAnElementThat32BitsWouldTurnIntoInfinityAreRefused() {
            var predictor = build(model(TensorSpec.of("x", ElementType.FLOAT32, -1, 3)), Feature.tensor("t", 3));

            Violation violation = refusal(predictor, Map.of("t", new double[] {1, 1e300, 2}));

            assertThat(violation.code()).isEqualTo(Violation.INEXACT);
            assertThat(violation.path()).isEqualTo("t[1]");
            assertThat(violation.observed()).isEqualTo("1.0E300");
        }

        @Test
        void besideOtherFeaturesGoByName() {
            var predictor = build(
                    model(
                            TensorSpec.of("t", ElementType.FLOAT32, -1, 2),
                            TensorSpec.of("n", ElementType.FLOAT64, -1, 1)),
                    Feature.number("n"),
                    Feature.tensor("t", 2));

            predictor.predict(Map.of("n", 9, "t", new float[] {1, 2}));

            assertThat(given).containsExactly(List.of("[1, 2] [1.0, 2.0]", "[1, 1] [9.0]"));
        }
    }

    @Test
    void aColumnCountThatDoesNotFitIsSaidOnce() {
        assertThat(mismatches(model(TensorSpec.of("x", ElementType.FLOAT64, -1, 3)), Feature.number("y")))
                .hasSize(1);
    }

    @Test
    void manyRowsEachGetTheirOwnValues() {
        var predictor = build(model(TensorSpec.of("x", ElementType.INT32, -1, 1)), Feature.integer("x"));
        List<Map<String, ?>> inputs = IntStream.range(0, 1024)
                .<Map<String, ?>>mapToObj(i -> Map.of("x", i))
                .toList();

        predictor.predictAll(inputs);

        assertThat(given)
                .containsExactly(
                        List.of("[1024, 1] " + IntStream.range(0, 1024).boxed().toList()));
    }
}
