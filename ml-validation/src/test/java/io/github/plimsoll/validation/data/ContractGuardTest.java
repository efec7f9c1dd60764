package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContractGuardTest {

    private static final List<Feature> FEATURES = List.of(
            Feature.number("temperature"),
            Feature.integer("hour").nullable(),
            Feature.category("season"),
            Feature.text("comment"),
            Feature.timestamp("start"),
            Feature.number("low"),
            Feature.number("high"));

    private static final DataContract CONTRACT = DataContract.of(
                    "rides",
                    ColumnContract.of(Feature.number("temperature").unit("°C").range(-40, 60))
                            .on(Check.RANGE, Reaction.REPAIR)
                            .on(Check.TYPE, Reaction.REPAIR)
                            .on(Check.NOT_FINITE, Reaction.REPAIR)
                            .imputing(15.0),
                    ColumnContract.of(Feature.integer("hour").range(0, 23)).on(Check.NULL, Reaction.WARN),
                    ColumnContract.of(Feature.category("season", "SPRING", "SUMMER", "Été"))
                            .on(Check.UNKNOWN_CATEGORY, Reaction.REPAIR),
                    ColumnContract.of(Feature.text("comment")).length(0, 10).matching("[a-z ]*"),
                    ColumnContract.of(Feature.timestamp("start"))
                            .between(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2030-01-01T00:00:00Z")),
                    ColumnContract.of(Feature.number("low")),
                    ColumnContract.of(Feature.number("high")).on(Check.NOT_FINITE, Reaction.ACCEPT),
                    ColumnContract.of(Feature.integer("count")).onlyIn(Environment.TRAINING))
            .with(
                    RowRule.of("low <= high"),
                    RowRule.of("if hour > 12 then comment != ''")
                            .named("afternoons-have-a-comment")
                            .reaction(Reaction.WARN),
                    RowRule.of("hour <= count"));

    private static final Map<String, Object> GOOD = Map.of(
            "temperature",
            20.0,
            "hour",
            8,
            "season",
            "SPRING",
            "comment",
            "fine",
            "start",
            Instant.parse("2026-01-01T00:00:00Z"),
            "low",
            1.0,
            "high",
            2.0);

    private static Predictor<Map<String, ?>, String> predictor(Guard guard) {
        return Plimsoll.<Map<String, ?>, String>function(new ModelId("echo", "1"), row -> "answer")
                .features(Schema.ofMap(FEATURES))
                .with(guard)
                .build();
    }

    private static Map<String, Object> with(String name, @Nullable Object value) {
        Map<String, Object> row = new HashMap<>(GOOD);
        row.put(name, value);
        return row;
    }

    private static Prediction<String> predict(String name, @Nullable Object value) {
        try (var predictor = predictor(Guard.rejecting().by(CONTRACT))) {
            return predictor.prediction(with(name, value));
        }
    }

    private static List<String> refusal(String name, @Nullable Object value) {
        try (var predictor = predictor(Guard.rejecting().by(CONTRACT))) {
            Outcome<?> outcome =
                    predictor.predictEach(List.of(with(name, value))).get(0);
            assertThat(outcome).isInstanceOf(Outcome.Failed.class);
            InvalidInputException failure = (InvalidInputException) ((Outcome.Failed<?>) outcome).failure();
            return failure.violations().stream().map(Violation::toString).toList();
        }
    }

    @Test
    void letsAGoodRowPassUntouched() {
        assertThat(predict("hour", 8).warnings()).isEmpty();
    }

    @Test
    void rejectsWhatTheContractRejects() {
        assertThat(refusal("hour", 24)).containsExactly("hour: 24 (expected: 0 to 23)");
        assertThat(refusal("comment", "far too long for it"))
                .containsExactly("comment: 19 characters (expected: 0 to 10 characters)");
        assertThat(refusal("comment", "Fine!")).containsExactly("comment: 'Fine!' (expected: a text like [a-z ]*)");
        assertThat(refusal("start", Instant.parse("2019-12-31T23:59:59Z")))
                .containsExactly("start: 2019-12-31T23:59:59Z (expected: not before 2020-01-01T00:00:00Z, not after"
                        + " 2030-01-01T00:00:00Z)");
        assertThat(refusal("low", 3.0)).containsExactly("input: low = 3.0, high = 2.0 (expected: low <= high)");
        assertThat(refusal("season", "AUTUMN")).singleElement().asString().contains("'AUTUMN'");
    }

    @Test
    void listsAllThatIsWrong() {
        Map<String, Object> row = new HashMap<>(GOOD);
        row.put("hour", -1);
        row.put("low", 5.0);
        row.put("comment", "Ä");
        try (var predictor = predictor(Guard.rejecting().by(CONTRACT))) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> predictor.predict(row))
                    .satisfies(failure -> assertThat(failure.violations())
                            .extracting(Violation::code)
                            .containsExactly("range", "pattern", "low-at-most-high"));
        }
    }

    @Test
    void warnsOfWhatTheContractWarnsOf() {
        assertThat(predict("hour", null).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.toString()).isEqualTo("hour: null (expected: a value)");
            assertThat(warning.severity()).isEqualTo(Severity.WARNING);
        });
        Map<String, Object> afternoon = with("comment", "");
        afternoon.put("hour", 13);
        try (var predictor = predictor(Guard.rejecting().by(CONTRACT))) {
            assertThat(predictor.prediction(afternoon).warnings())
                    .extracting(Violation::code)
                    .containsExactly("afternoons-have-a-comment");
        }
    }

    @Test
    void acceptsWhatTheContractAccepts() {
        assertThat(predict("high", Double.POSITIVE_INFINITY).warnings()).isEmpty();
        assertThat(predict("high", Double.NaN).warnings()).isEmpty();
    }

    @Test
    void repairsAndSaysSo() {
        assertThat(repaired("temperature", 75.5)).containsExactly("temperature", 60.0);
        assertThat(repaired("temperature", -75.5)).containsExactly("temperature", -40.0);
        assertThat(repaired("temperature", " 21.5 ")).containsExactly("temperature", 21.5);
        assertThat(repaired("temperature", "21,5")).containsExactly("temperature", 15.0);
        assertThat(repaired("temperature", "1e999")).containsExactly("temperature", 15.0);
        assertThat(repaired("temperature", Double.NaN)).containsExactly("temperature", 15.0);
        assertThat(repaired("season", " summer")).containsExactly("season", "SUMMER");
        assertThat(repaired("season", "e\u0301te\u0301")).containsExactly("season", "Été");
        assertThat(predict("temperature", 75.5).warnings())
                .extracting(Violation::toString)
                .containsExactly(
                        "temperature: 75.5 (expected: temperature: number in °C, -40.0 to 60.0; repaired to 60.0)");
    }

    /** What the model is given for a row with a value that is to be repaired, as the listeners see it. */
    private static List<Object> repaired(String name, Object value) {
        var listener = new io.github.plimsoll.core.fake.RecordingListener<Map<String, ?>, String>();
        try (var predictor = Plimsoll.<Map<String, ?>, String>function(new ModelId("echo", "1"), row -> "answer")
                .features(Schema.ofMap(FEATURES))
                .with(Guard.rejecting().by(CONTRACT))
                .with(listener)
                .build()) {
            assertThat(predictor.prediction(with(name, value)).warnings())
                    .singleElement()
                    .satisfies(warning -> assertThat(warning.path()).isEqualTo(name));
            var row = listener.events().get(0).features();
            return List.of(name, row.value(row.indexOf(name)));
        }
    }

    @Test
    void onlyWarnsAndRepairsNothingWhenItIsToWarn() {
        try (var predictor = predictor(Guard.warning().by(CONTRACT))) {
            assertThat(predictor.prediction(with("temperature", 75.5)).warnings())
                    .extracting(Violation::toString)
                    .containsExactly("temperature: 75.5 (expected: -40.0 to 60.0 °C)");
            assertThat(predictor.prediction(with("low", 9.0)).warnings())
                    .extracting(Violation::severity)
                    .containsExactly(Severity.WARNING);
        }
    }

    @Test
    void showsNoSensitiveValue() {
        List<Feature> features = List.of(Feature.text("iban").sensitive(), Feature.number("limit"));
        DataContract contract = DataContract.of(
                        "c",
                        ColumnContract.of(Feature.text("iban").sensitive()).matching("[A-Z]+"),
                        ColumnContract.of(Feature.number("limit")))
                .with(RowRule.of("iban = 'X' and limit > 0").named("both"));
        try (var predictor = Plimsoll.<Map<String, ?>, String>function(new ModelId("echo", "1"), row -> "")
                .features(Schema.ofMap(features))
                .with(Guard.rejecting().by(contract))
                .build()) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> predictor.predict(Map.of("iban", "de89secret", "limit", 1)))
                    .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("de89secret"));
        }
    }

    @Test
    void refusesAContractThatDoesNotFitTheModel() {
        assertThatIllegalStateException()
                .isThrownBy(() -> predictor(
                        Guard.rejecting().by(DataContract.of("c", ColumnContract.of(Feature.number("temperature"))))))
                .withMessage(
                        "Guard: contract 'c': feature 'hour' is in no column of the contract (expected: a column for"
                                + " each feature)");
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> predictor(Guard.rejecting().by(CONTRACT.with(ColumnContract.of(Feature.bool("season"))))))
                .withMessageContaining("feature 'season' is of type CATEGORY in the schema (expected: BOOLEAN");
        assertThatIllegalStateException()
                .isThrownBy(() -> predictor(Guard.rejecting()
                        .by(CONTRACT.with(
                                ColumnContract.of(Feature.number("low")).onlyIn(Environment.TRAINING)))))
                .withMessageContaining("feature 'low' is a column that is not there when serving");
        try (var predictor = predictor(Guard.rejecting()
                .by(DataContract.of("c", ColumnContract.of(Feature.number("temperature")))
                        .on(Check.UNEXPECTED, Reaction.ACCEPT)))) {
            assertThat(predictor.prediction(GOOD).warnings()).isEmpty();
        }
    }

    @Test
    void holdsInputsToSchemaAndContractBoth() {
        DataContract contract = DataContract.of(
                "c",
                ColumnContract.of(Feature.category("season", "SPRING", "SUMMER", "FALL")),
                ColumnContract.of(Feature.number("temperature").range(-40, 60)));
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.category("season", "WINTER", "SPRING", "SUMMER"),
                Feature.number("temperature").range(0, 100));
        Guard guard = Guard.rejecting().by(contract);

        assertThat(guard.check(schema.read(Map.of("season", "SUMMER", "temperature", 0))))
                .isEmpty();
        assertThat(guard.check(schema.read(Map.of("season", "WINTER", "temperature", 61))))
                .extracting(Violation::expected)
                .containsExactly("one of [SPRING, SUMMER]", "0.0 to 60.0");
        assertThat(guard.check(schema.read(Map.of("season", "FALL", "temperature", -1))))
                .hasSize(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> guard.check(
                        Schema.ofMap(Feature.category("season", "WINTER")).read(Map.of("season", "WINTER"))))
                .withMessageContaining("have a category in common");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        guard.check(Schema.ofMap(Feature.number("temperature").range(70, 80))
                                .read(Map.of("temperature", 75))))
                .withMessageContaining("have a value in common");
    }

    @Test
    void saysWhatItChecks() {
        try (var predictor = predictor(Guard.rejecting().by(CONTRACT))) {
            assertThat(predictor.describe())
                    .contains("rejects inputs that break the contract's and the schema's rules:")
                    .contains("2 rules between columns");
        }
    }
}
