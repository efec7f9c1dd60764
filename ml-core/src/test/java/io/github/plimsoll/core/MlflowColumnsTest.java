package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MlflowColumnsTest {

    private static final Path COLUMNS = Path.of("src/test/resources/mlflow/onnx-columns");

    record Applicant(double income, double age, double debt_ratio, double tenure) {}

    record Misfit(double tenure, int income, String age, double debt) {}

    private static final Output<Double> OUTPUT =
            Output.probabilityOf("1").from("probabilities").labelled("0", "1");

    @Test
    void aRecordThatFitsTheSignatureIsAnswered() {
        try (var predictor = Plimsoll.load(COLUMNS).as(Applicant.class, OUTPUT).build()) {
            assertThat(predictor.predict(new Applicant(-1.758950f, 0.143063f, 0.936403f, -0.178170f)))
                    .isBetween(0.0, 1.0);
        }
    }

    @Test
    void everyDifferenceToTheSignatureIsListed() {
        var mismatch = catchThrowableOfType(
                ModelMismatchException.class,
                () -> Plimsoll.load(COLUMNS).as(Misfit.class, OUTPUT).build());

        assertThat(mismatch.mismatches())
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo(
                                "MLflow column 'income': float cannot take feature 'income' of type INTEGER (declare the"
                                        + " feature as a number, or take what fits exactly with Enforcement.EXACT)"))
                .anySatisfy(text ->
                        assertThat(text).isEqualTo("MLflow column 'age': float cannot take feature 'age' of type TEXT"))
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo("MLflow column 'debt_ratio': float, required, but there is no feature of that name"))
                .anySatisfy(text -> assertThat(text).startsWith("feature 'debt': no MLflow column of that name"))
                .anySatisfy(text -> assertThat(text)
                        .isEqualTo("MLflow columns [income, age, tenure]: the schema has them in the order"
                                + " [tenure, income, age] (expected: the signature's order, since the model takes them by"
                                + " position)"));
    }

    @Test
    void exactValuesMayBeIntegers() {
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.integer("income"),
                Feature.number("age"),
                Feature.number("debt_ratio"),
                Feature.number("tenure"));
        try (var predictor = Plimsoll.load(COLUMNS)
                .enforcing(Enforcement.EXACT)
                .as(schema, OUTPUT)
                .build()) {
            assertThat(predictor.predict(Map.of("income", 3, "age", 1, "debt_ratio", 0, "tenure", 0)))
                    .isBetween(0.0, 1.0);
            assertThatThrownBy(() ->
                            predictor.predict(Map.of("income", 16_777_217, "age", 1, "debt_ratio", 0, "tenure", 0)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(
                            "income: 16777217 (expected: a number that 32-bit floating point holds exactly)");
        }
    }

    private static List<String> mismatches(String inputs, Enforcement enforcement, Feature... features) {
        List<String> mismatches = new ArrayList<>();
        columns(inputs, enforcement, mismatches, features);
        return mismatches;
    }

    private static MlflowColumns columns(
            String inputs, Enforcement enforcement, List<String> mismatches, Feature... features) {
        ModelDescription model = new ModelDescription(
                new ModelId("m", "1"),
                "fake",
                "1",
                "fake",
                new ModelSignature(List.of(TensorSpec.of("X", ElementType.FLOAT64, -1, features.length)), List.of()),
                Map.of(MlflowSignature.METADATA, "{\"inputs\": " + inputs + "}"));
        return MlflowColumns.of(model, List.of(features), enforcement, mismatches);
    }

    private static List<Violation> check(String inputs, Enforcement enforcement, Feature feature, Object value) {
        List<String> mismatches = new ArrayList<>();
        MlflowColumns columns = columns(inputs, enforcement, mismatches, feature);
        assertThat(mismatches).isEmpty();
        Map<String, Object> row = new HashMap<>();
        row.put(feature.name(), value);
        return columns.check(Schema.ofMap(feature).read(row));
    }

    private static String column(String type) {
        return "[{\"name\": \"a\", \"type\": \"" + type + "\"}]";
    }

    @Test
    void typesAreHeldToMlflowsTable() {
        for (Enforcement each : Enforcement.values()) {
            assertThat(mismatches(column("boolean"), each, Feature.bool("a"))).isEmpty();
            assertThat(mismatches(column("boolean"), each, Feature.integer("a")))
                    .hasSize(1);
            assertThat(mismatches(column("long"), each, Feature.integer("a"))).isEmpty();
            assertThat(mismatches(column("long"), each, Feature.bool("a"))).hasSize(1);
            assertThat(mismatches(column("double"), each, Feature.number("a"))).isEmpty();
            assertThat(mismatches(column("double"), each, Feature.integer("a"))).isEmpty();
            assertThat(mismatches(column("float"), each, Feature.number("a"))).isEmpty();
            assertThat(mismatches(column("string"), each, Feature.category("a")))
                    .isEmpty();
            assertThat(mismatches(column("string"), each, Feature.number("a"))).hasSize(1);
            assertThat(mismatches(column("datetime"), each, Feature.timestamp("a")))
                    .isEmpty();
            assertThat(mismatches(column("binary"), each, Feature.text("a"))).hasSize(1);
            assertThat(mismatches(column("any"), each, Feature.text("a"))).isEmpty();
        }
        assertThat(mismatches(column("long"), Enforcement.MLFLOW, Feature.number("a")))
                .hasSize(1);
        assertThat(mismatches(column("long"), Enforcement.EXACT, Feature.number("a")))
                .isEmpty();
        assertThat(mismatches(column("float"), Enforcement.MLFLOW, Feature.integer("a")))
                .hasSize(1);
        assertThat(mismatches(column("float"), Enforcement.EXACT, Feature.integer("a")))
                .isEmpty();
    }

    @Test
    void anOptionalColumnMayBeAbsent() {
        assertThat(mismatches(
                        "[{\"name\":\"a\",\"type\":\"double\"},{\"name\":\"b\",\"type\":\"double\",\"required\":false}]",
                        Enforcement.MLFLOW,
                        Feature.number("a")))
                .isEmpty();
    }

    @Test
    void columnsWithoutNamesAreCounted() {
        assertThat(mismatches("[{\"type\":\"double\"},{\"type\":\"long\"}]", Enforcement.MLFLOW, Feature.number("a")))
                .containsExactly("MLflow signature: 2 columns without names, but the schema has 1 features");
        assertThat(mismatches("[{\"type\":\"string\"}]", Enforcement.MLFLOW, Feature.number("a")))
                .hasSize(1);
    }

    @Test
    void aTensorHasAnElementForEachFeature() {
        String tensor = "[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float32\",\"shape\":[-1,2]}}]";
        assertThat(mismatches(tensor, Enforcement.MLFLOW, Feature.number("a"), Feature.number("b")))
                .isEmpty();
        assertThat(mismatches(tensor, Enforcement.MLFLOW, Feature.number("a")))
                .containsExactly("MLflow signature: tensor float32 [-1, 2], but the schema has 1 features");
    }

    @Test
    void valuesAreHeldToTheColumn() {
        Feature integer = Feature.integer("a").nullable();
        Feature number = Feature.number("a").nullable();
        long large = 1L << 40;

        assertThat(check(column("integer"), Enforcement.MLFLOW, integer, 5)).isEmpty();
        assertThat(check(column("integer"), Enforcement.EXACT, integer, large)).hasSize(1);
        assertThat(check(column("long"), Enforcement.MLFLOW, integer, large)).isEmpty();
        assertThat(check(column("double"), Enforcement.MLFLOW, integer, large)).hasSize(1);
        assertThat(check(column("double"), Enforcement.EXACT, integer, large)).isEmpty();
        assertThat(check(column("long"), Enforcement.EXACT, number, 3.0)).isEmpty();
        assertThat(check(column("long"), Enforcement.EXACT, number, 3.5)).hasSize(1);
        assertThat(check(column("double"), Enforcement.MLFLOW, integer, null)).isEmpty();
        assertThat(check(column("long"), Enforcement.MLFLOW, integer, null).toString())
                .contains("an MLflow long column cannot have missing values");
    }

    @Test
    void aSensitiveValueIsNotShown() {
        assertThat(check(
                        column("integer"),
                        Enforcement.EXACT,
                        Feature.integer("a").sensitive(),
                        1L << 40))
                .extracting(Violation::observed)
                .containsExactly("(sensitive)");
    }
}
