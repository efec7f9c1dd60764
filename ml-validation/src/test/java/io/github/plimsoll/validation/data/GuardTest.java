package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {

    private static List<Violation> check(Guard guard, Feature feature, Object value) {
        return guard.check(Schema.ofMap(feature).read(Collections.singletonMap(feature.name(), value)));
    }

    private static List<Violation> check(Feature feature, Object value) {
        return check(Guard.rejecting(), feature, value);
    }

    private static void assertBroken(Feature feature, Object value, String code, String line) {
        assertThat(check(feature, value)).singleElement().satisfies(violation -> {
            assertThat(violation.code()).isEqualTo(code);
            assertThat(violation).hasToString(line);
            assertThat(violation.severity()).isEqualTo(Severity.ERROR);
        });
    }

    @Nested
    class Numbers {

        private final Feature ranged = Feature.number("x").range(-1, 2.5);

        @ParameterizedTest
        @ValueSource(doubles = {-1, -0.0, 0, 2.5, Double.MIN_VALUE})
        void withinTheRangePassEndsIncluded(double value) {
            assertThat(check(ranged, value)).isEmpty();
        }

        @Test
        void outsideTheRangeAreNamedWithTheRange() {
            assertBroken(
                    ranged, Math.nextDown(-1.0), Violation.RANGE, "x: -1.0000000000000002 (expected: -1.0 to 2.5)");
            assertBroken(ranged, Math.nextUp(2.5), Violation.RANGE, "x: 2.5000000000000004 (expected: -1.0 to 2.5)");
            assertBroken(
                    Feature.number("t").unit("°C").range(-30, 50),
                    451,
                    Violation.RANGE,
                    "t: 451.0 (expected: -30.0 to 50.0 °C)");
        }

        @Test
        void belowOrAboveAnOpenRangeAreNamedWithItsOneEnd() {
            Feature positive = Feature.number("x").range(0, Double.POSITIVE_INFINITY);
            Feature negative = Feature.number("x").range(Double.NEGATIVE_INFINITY, 0);

            assertBroken(positive, -0.5, Violation.RANGE, "x: -0.5 (expected: >= 0.0)");
            assertBroken(negative, 0.5, Violation.RANGE, "x: 0.5 (expected: <= 0.0)");
            assertThat(check(positive, Double.MAX_VALUE)).isEmpty();
            assertThat(check(negative, -Double.MAX_VALUE)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
        void thatAreNotFiniteAreRefusedWithAndWithoutARange(double value) {
            assertBroken(
                    Feature.number("x"), value, Violation.NOT_FINITE, "x: " + value + " (expected: a finite number)");
            assertBroken(
                    ranged, value, Violation.NOT_FINITE, "x: " + value + " (expected: a finite number, -1.0 to 2.5)");
        }

        @ParameterizedTest
        @ValueSource(doubles = {-Double.MAX_VALUE, Double.MAX_VALUE, 0})
        void thatAreFinitePassWithoutARange(double value) {
            assertThat(check(Feature.number("x"), value)).isEmpty();
        }

        @Test
        void thatAreNotFinitePassWhereAllowed() {
            Guard guard = Guard.rejecting().allowingNotFinite("x");

            assertThat(check(guard, Feature.number("x"), Double.NaN)).isEmpty();
            assertThat(check(guard, Feature.number("x"), Double.POSITIVE_INFINITY))
                    .isEmpty();
            assertThat(check(guard, Feature.number("x"), Double.NEGATIVE_INFINITY))
                    .isEmpty();
        }

        @Test
        void whereNotFiniteIsAllowedNanNeedsNoRangeButAnInfinityDoes() {
            Guard guard = Guard.rejecting().allowingNotFinite("x");
            Feature positive = Feature.number("x").range(0, Double.POSITIVE_INFINITY);

            assertThat(check(guard, ranged, Double.NaN)).isEmpty();
            assertThat(check(guard, positive, Double.POSITIVE_INFINITY)).isEmpty();
            assertThat(check(guard, positive, Double.NEGATIVE_INFINITY))
                    .singleElement()
                    .hasToString("x: -Infinity (expected: >= 0.0)")
                    .extracting(Violation::code)
                    .isEqualTo(Violation.RANGE);
            assertThat(check(guard, ranged, Double.POSITIVE_INFINITY)).hasSize(1);
            assertThat(check(guard, ranged, 3)).hasSize(1);
        }

        @Test
        void allowingAddsUpAndChangesNoOtherGuard() {
            Guard first = Guard.rejecting().allowingNotFinite("a");
            Guard both = first.allowingNotFinite("b");
            Map<String, ?> nans = Map.of("a", Double.NaN, "b", Double.NaN);
            Schema<Map<String, ?>> schema = Schema.ofMap(Feature.number("a"), Feature.number("b"));

            assertThat(both.check(schema.read(nans))).isEmpty();
            assertThat(first.check(schema.read(nans)))
                    .extracting(Violation::path)
                    .containsExactly("b");
            assertThat(both).hasToString("guard, rejecting, allowing NaN and infinities in [a, b]");
        }
    }

    @Nested
    class Integers {

        @Test
        void areComparedExactly() {
            long beyond = 1L << 53;
            Feature feature = Feature.integer("n").range(-0x1p53, 0x1p53);

            assertThat(check(feature, beyond)).isEmpty();
            assertThat(check(feature, -beyond)).isEmpty();
            assertBroken(
                    feature,
                    beyond + 1, // a double would round it back into the range
                    Violation.RANGE,
                    "n: 9007199254740993 (expected: -9007199254740992 to 9007199254740992)");
            assertThat(check(feature, -beyond - 1)).hasSize(1);
        }

        @Test
        void withoutARangeAllPass() {
            assertThat(check(Feature.integer("n"), Long.MAX_VALUE)).isEmpty();
            assertThat(check(Feature.integer("n"), Long.MIN_VALUE)).isEmpty();
        }

        @Test
        void ofARangeWithOneEndAllOnItsSidePass() {
            assertThat(check(Feature.integer("n").range(0, Double.POSITIVE_INFINITY), Long.MAX_VALUE))
                    .isEmpty();
            assertThat(check(Feature.integer("n").range(Double.NEGATIVE_INFINITY, 0), Long.MIN_VALUE))
                    .isEmpty();
            assertBroken(
                    Feature.integer("n").range(18, Double.POSITIVE_INFINITY),
                    17,
                    Violation.RANGE,
                    "n: 17 (expected: >= 18)");
        }

        @Test
        void haveToLieBetweenEndsThatAreNotWhole() {
            Feature feature = Feature.integer("n").range(0.5, 2.5);

            assertThat(check(feature, 1)).isEmpty();
            assertThat(check(feature, 2)).isEmpty();
            assertBroken(feature, 0, Violation.RANGE, "n: 0 (expected: 0.5 to 2.5)");
            assertThat(check(feature, 3)).hasSize(1);
            assertThat(check(Feature.integer("n").range(0.2, 0.8), 0)).hasSize(1);
            assertThat(check(Feature.integer("n").range(0.2, 0.8), 1)).hasSize(1);
        }

        @Test
        void reachNoRangeBeyondTheirType() {
            assertThat(check(Feature.integer("n").range(1e19, 1e20), Long.MAX_VALUE))
                    .hasSize(1);
            assertThat(check(Feature.integer("n").range(-1e20, -1e19), Long.MIN_VALUE))
                    .hasSize(1);
            assertThat(check(Feature.integer("n").range(-1e20, 1e20), Long.MIN_VALUE))
                    .isEmpty();
            assertThat(check(Feature.integer("n").range(-1e20, -0x1p63), Long.MIN_VALUE))
                    .isEmpty();
            assertThat(check(Feature.integer("n").range(-1e20, -0x1p63), Long.MIN_VALUE + 1))
                    .hasSize(1);
            assertThat(check(Feature.integer("n").range(-0x1p63, 0), Long.MIN_VALUE))
                    .isEmpty();
            assertThat(check(Feature.integer("n").range(0x1p63, 1e20), Long.MAX_VALUE))
                    .hasSize(1);
        }
    }

    @Nested
    class Categories {

        @Test
        void outsideTheDeclaredSetAreNamedWithTheSet() {
            Feature season = Feature.category("season", "SUMMER", "WINTER");

            assertThat(check(season, "SUMMER")).isEmpty();
            assertThat(check(season, "WINTER")).isEmpty();
            assertBroken(
                    season,
                    "AUTUMN",
                    Violation.UNKNOWN_CATEGORY,
                    "season: 'AUTUMN' (expected: one of [SUMMER, WINTER])");
            assertBroken(
                    season,
                    "summer",
                    Violation.UNKNOWN_CATEGORY,
                    "season: 'summer' (expected: one of [SUMMER, WINTER])");
        }

        @Test
        void ofAnOpenSetAllPass() {
            assertThat(check(Feature.category("season"), "AUTUMN")).isEmpty();
        }

        @Test
        void ofALargeSetAreNamedWithAFewOfIt() {
            List<String> many = IntStream.range(0, 500).mapToObj(i -> "c" + i).toList();

            assertBroken(
                    Feature.category("c", many),
                    "x",
                    Violation.UNKNOWN_CATEGORY,
                    "c: 'x' (expected: one of 500 categories, such as [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9])");
            assertThat(check(Feature.category("c", many.subList(0, 10)), "x")
                            .get(0)
                            .expected())
                    .isEqualTo("one of [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9]");
        }

        @Test
        void thatAreLongAreShortened() {
            String observed = check(Feature.category("c", "a"), "y".repeat(1_000_000))
                    .get(0)
                    .observed();

            assertThat(observed)
                    .hasSize(Violation.OBSERVED_LIMIT)
                    .startsWith("'yyy")
                    .endsWith("...'");
            assertThat(check(Feature.category("c", "a"), "y".repeat(78)).get(0).observed())
                    .isEqualTo("'" + "y".repeat(78) + "'");
        }
    }

    @Nested
    class Tensors {

        private final Feature tensor = Feature.tensor("e", -1);

        @Test
        void haveToBeFiniteInEachElement() {
            assertThat(check(tensor, new float[] {1, -Float.MAX_VALUE, 0})).isEmpty();
            assertThat(check(tensor, new float[0])).isEmpty();
            assertThat(check(tensor, new double[] {1, Double.NaN, 3, Double.NEGATIVE_INFINITY}))
                    .extracting(Violation::toString)
                    .containsExactly(
                            "e[1]: NaN (expected: a finite number)", "e[3]: -Infinity (expected: a finite number)");
            assertBroken(
                    tensor,
                    new float[] {Float.POSITIVE_INFINITY},
                    Violation.NOT_FINITE,
                    "e[0]: Infinity (expected: a finite number)");
        }

        @Test
        void haveTheirFirstTenBrokenElementsListed() {
            double[] values = new double[100_000];
            Arrays.fill(values, 50, 70, Double.NaN);

            List<Violation> violations = check(tensor, values);

            assertThat(violations).hasSize(11);
            assertThat(violations.get(9).path()).isEqualTo("e[59]");
            assertThat(violations.get(10))
                    .hasToString("e: 10 more elements that are not finite (expected: a finite number)");
            Arrays.fill(values, 60, 70, 0);
            assertThat(check(tensor, values)).hasSize(10);
        }

        @Test
        void mayHoldAnythingWhereThatIsAllowed() {
            assertThat(check(Guard.rejecting().allowingNotFinite("e"), tensor, new double[] {Double.NaN}))
                    .isEmpty();
        }
    }

    @Nested
    class NullsAndTheRest {

        private final List<Feature> all = List.of(
                Feature.number("number").range(1, 2),
                Feature.integer("integer").range(1, 2),
                Feature.bool("bool"),
                Feature.category("category", "a"),
                Feature.text("text"),
                Feature.timestamp("timestamp"),
                Feature.tensor("tensor", 2));

        @Test
        void aNullThatTheSchemaAllowsBreaksNoRule() {
            Schema<Map<String, ?>> schema =
                    Schema.ofMap(all.stream().map(Feature::nullable).toList());

            assertThat(Guard.rejecting().check(schema.read(Map.of()))).isEmpty();
        }

        @Test
        void aNullThatItDoesNotAllowIsNamedOnce() {
            assertThat(Guard.rejecting().check(Schema.ofMap(all).read(Map.of())))
                    .hasSize(7)
                    .extracting(Violation::code)
                    .containsOnly(Violation.MISSING);
        }

        @Test
        void whatIsOfTheWrongTypeIsNamedOnce() {
            Map<String, Object> wrong = new HashMap<>();
            all.forEach(feature -> wrong.put(feature.name(), List.of("of no type")));

            assertThat(Guard.rejecting().check(Schema.ofMap(all).read(wrong)))
                    .extracting(Violation::path)
                    .contains("number", "integer", "bool", "category", "text", "timestamp")
                    .doesNotHaveDuplicates();
        }

        @Test
        void booleansTextsAndTimestampsHaveNoRules() {
            assertThat(check(Feature.bool("b"), false)).isEmpty();
            assertThat(check(Feature.text("t"), "")).isEmpty();
            assertThat(check(Feature.timestamp("t"), Instant.MIN))
                    .extracting(Violation::code)
                    .containsExactly("inexact");
            assertThat(check(Feature.timestamp("t"), Instant.ofEpochMilli(-1))).isEmpty();
        }
    }

    @Nested
    class WhatIsListed {

        private final Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.tensor("embedding", 2),
                Feature.category("season", "SUMMER", "WINTER"),
                Feature.number("temperature").range(-30, 50),
                Feature.integer("hour").range(0, 23),
                Feature.bool("holiday"));

        private final Map<String, ?> everythingWrong = Map.of(
                "embedding",
                new float[] {0, Float.NaN},
                "season",
                "AUTUMN",
                "temperature",
                451,
                "hour",
                24,
                "holiday",
                "no",
                "humidity",
                0.5);

        @Test
        void isWhatCouldNotBeReadAndThenWhatBreaksARuleInTheOrderOfTheFeatures() {
            List<Violation> violations = Guard.rejecting().check(schema.read(everythingWrong));

            assertThat(violations)
                    .extracting(violation -> violation.path() + " " + violation.code())
                    .containsExactly(
                            "holiday type",
                            "humidity unexpected",
                            "embedding[1] not-finite",
                            "season unknown-category",
                            "temperature range",
                            "hour range");
            assertThat(violations)
                    .isUnmodifiable()
                    .extracting(Violation::severity)
                    .containsOnly(Severity.ERROR);
        }

        @Test
        void isAllInOneException() {
            Predictor<Map<String, ?>, Double> predictor =
                    always(schema).with(Guard.rejecting()).build();

            InvalidInputException refusal =
                    catchThrowableOfType(InvalidInputException.class, () -> predictor.predict(everythingWrong));

            assertThat(refusal.violations()).isEqualTo(Guard.rejecting().check(schema.read(everythingWrong)));
            assertThat(refusal)
                    .hasMessageContainingAll(
                            "temperature: 451.0 (expected: -30.0 to 50.0)", "hour: 24 (expected: 0 to 23)", "holiday");
        }

        @Test
        void neverHoldsASensitiveValue() {
            Schema<Map<String, ?>> secret = Schema.ofMap(
                    Feature.number("number").range(0, 1).sensitive(),
                    Feature.integer("integer").range(0, 1).sensitive(),
                    Feature.category("category", "a").sensitive(),
                    Feature.tensor("tensor", 2).sensitive());

            List<Violation> violations = Guard.rejecting()
                    .check(secret.read(
                            Map.of("number", 4711.25, "integer", 4711, "category", "c4711", "tensor", new double[] {
                                1, Double.NaN
                            })));

            assertThat(violations).hasSize(4).extracting(Violation::observed).containsOnly("(sensitive)");
            assertThat(violations.get(3).path()).isEqualTo("tensor[1]");
        }

        @Test
        void isBounded() {
            List<Feature> features = IntStream.range(0, 1000)
                    .mapToObj(i -> Feature.number("f" + i).range(0, 1))
                    .toList();
            double[] values = new double[1000];
            Arrays.fill(values, 2);

            List<Violation> violations =
                    Guard.rejecting().check(Schema.ofDoubles(features).read(values));

            assertThat(violations).hasSize(101);
            assertThat(violations.get(99).path()).isEqualTo("f99");
            assertThat(violations.get(100)).hasToString("input: 900 more violations (expected: none)");
            assertThat(violations.get(100).code()).isEqualTo("more");
        }

        @Test
        void isTheSameEmptyListIfAllIsWell() {
            Schema<double[]> numbers = Schema.ofDoubles(3);

            assertThat(Guard.rejecting().check(numbers.read(new double[3]))).isSameAs(List.of());
        }
    }

    private static PredictorBuilder<Map<String, ?>, Double> always(Schema<Map<String, ?>> schema) {
        return Plimsoll.<Map<String, ?>, Double>function(new ModelId("always", "1"), input -> 1.0)
                .features(schema);
    }

    @Nested
    class InAPredictor {

        private final Schema<Map<String, ?>> schema =
                Schema.ofMap(Feature.number("x").range(0, 1), Feature.number("y"));
        private final AtomicInteger asked = new AtomicInteger();
        private final RecordingListener<Map<String, ?>, Double> listener = new RecordingListener<>();

        private Predictor<Map<String, ?>, Double> guardedBy(Guard guard) {
            return Plimsoll.<Map<String, ?>, Double>function(new ModelId("counting", "1"), input -> {
                        asked.incrementAndGet();
                        return 1.0;
                    })
                    .features(schema)
                    .with(guard)
                    .with(listener)
                    .build();
        }

        @Test
        void whatIsRefusedDoesNotReachTheModelAndTheRestOfABatchDoes() {
            List<Outcome<Double>> outcomes = guardedBy(Guard.rejecting())
                    .predictEach(List.of(
                            Map.of("x", 0.5, "y", 0),
                            Map.of("x", 2, "y", 0),
                            Map.of("x", 1, "y", 0),
                            Map.of("x", "1", "y", 0)));

            assertThat(outcomes.stream().map(outcome -> outcome instanceof Outcome.Answered))
                    .containsExactly(true, false, true, false);
            assertThat(asked).hasValue(2);
            assertThat(listener.events())
                    .extracting(PredictionEvent::failure)
                    .filteredOn(failure -> failure instanceof InvalidInputException)
                    .hasSize(2);
        }

        @Test
        void aWarningGuardLetsPassAndSaysWhy() {
            Prediction<Double> prediction = guardedBy(Guard.warning()).prediction(Map.of("x", 2, "y", Double.NaN));

            assertThat(prediction.value()).isEqualTo(1);
            assertThat(prediction.warnings())
                    .extracting(violation -> violation.severity() + " " + violation)
                    .containsExactly(
                            "WARNING x: 2.0 (expected: 0.0 to 1.0)", "WARNING y: NaN (expected: a finite number)");
            assertThat(listener.events().get(0).warnings()).isEqualTo(prediction.warnings());
        }

        @Test
        void aWarningGuardIsSilentIfAllIsWell() {
            assertThat(guardedBy(Guard.warning())
                            .prediction(Map.of("x", 1, "y", 2))
                            .warnings())
                    .isEmpty();
        }

        @Test
        void evenAWarningGuardLetsNothingPassThatCouldNotBeRead() {
            InvalidInputException refusal = catchThrowableOfType(
                    InvalidInputException.class,
                    () -> guardedBy(Guard.warning()).predict(Map.of("x", 2, "y", "two")));

            assertThat(refusal.violations()).extracting(Violation::path).containsExactly("y");
            assertThat(listener.events().get(0).warnings())
                    .extracting(Violation::path)
                    .containsExactly("x");
            assertThat(asked).hasValue(0);
        }

        @Test
        void byHandAWarningGuardTellsWarningsFromErrors() {
            assertThat(Guard.warning().check(schema.read(Map.of("x", 2, "y", "two"))))
                    .extracting(violation -> violation.severity() + " " + violation.path())
                    .containsExactly("ERROR y", "WARNING x");
        }

        @Test
        void aGuardIsNamedInTheDescriptionAtItsPlace() {
            assertThat(guardedBy(Guard.rejecting()).describe())
                    .contains("    validate: rejects inputs that break the schema's rules: 2 numbers, 0 integers");
            assertThat(guardedBy(Guard.warning()).describe()).contains("validate: warns of inputs");
        }

        @Test
        void oneGuardServesSeveralPredictorsAndSchemas() {
            Guard guard = Guard.rejecting();
            Schema<Map<String, ?>> other = Schema.ofMap(Feature.number("x").range(5, 6));
            Predictor<Map<String, ?>, Double> first = guardedBy(guard);
            Predictor<Map<String, ?>, Double> second = always(other).with(guard).build();

            assertThat(first.predictEach(List.of(Map.of("x", 1, "y", 1))))
                    .hasOnlyElementsOfType(Outcome.Answered.class);
            assertThat(second.predictEach(List.of(Map.of("x", 1)))).hasOnlyElementsOfType(Outcome.Failed.class);
            for (int i = 0; i < 3; i++) {
                assertThat(guard.check(schema.read(Map.of("x", 1, "y", 1)))).isEmpty();
                assertThat(guard.check(other.read(Map.of("x", 1)))).hasSize(1);
                assertThat(guard.check(other.read(Map.of("x", 5)))).isEmpty();
            }
        }
    }

    @Nested
    class Mistakes {

        @Test
        void aPredictorWithoutASchemaCannotBeGuarded() {
            PredictorBuilder<Double, Double> builder = Plimsoll.<Double, Double>function(
                            new ModelId("bare", "1"), number -> number)
                    .with(Guard.rejecting());

            assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("expected: a schema");
        }

        @Test
        void aFeatureThatIsNoNumberOrTensorOfTheSchemaCannotBeAllowed() {
            Schema<Map<String, ?>> schema =
                    Schema.ofMap(Feature.number("x"), Feature.tensor("t", 1), Feature.integer("n"));

            for (String wrong : List.of("z", "n")) {
                Guard guard = Guard.rejecting().allowingNotFinite("x", "t", wrong);
                PredictorBuilder<Map<String, ?>, Double> builder =
                        always(schema).with(guard);

                assertThatIllegalStateException()
                        .isThrownBy(builder::build)
                        .withMessageContaining("'" + wrong + "'")
                        .withMessageContaining("[x, t]");
                assertThatIllegalStateException().isThrownBy(() -> guard.check(schema.read(Map.of())));
            }
        }

        @Test
        void allowingNothingIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Guard.rejecting().allowingNotFinite());
        }
    }
}
