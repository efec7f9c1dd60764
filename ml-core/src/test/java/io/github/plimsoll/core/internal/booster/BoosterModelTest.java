package io.github.plimsoll.core.internal.booster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelMismatchException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XGBoost and LightGBM: answers, signatures, life. */
class BoosterModelTest {

    private static final String XGBOOST = "breastcancer-xgb/model.ubj";
    private static final String LIGHTGBM = "credit20-lgbm/model.txt";

    private static Model load(String name) {
        return ModelLoading.load(TestModels.path(name), LoadOptions.defaults());
    }

    @ParameterizedTest
    @CsvSource({
        "breastcancer-xgb/model.json, 1e-5, 1",
        "breastcancer-xgb/model.json, 1e-5, 16",
        "breastcancer-xgb/model.ubj, 1e-5, 1",
        "breastcancer-xgb/model.ubj, 1e-5, 16",
        "credit20-lgbm/model.txt, 1e-12, 1",
        "credit20-lgbm/model.txt, 1e-12, 16",
    })
    void answersAreThoseOfTheTrainer(String name, double tolerance, int rows) {
        JsonNode json = TestModels.expected(name.substring(0, name.indexOf('/')));
        try (Model model = load(name)) {
            InferencePlan plan = model.plan(
                    List.of(model.description().signature().outputs().get(0).name()));
            double largest = 0;
            for (int from = 0; from < json.get("input").size(); from += rows) {
                try (Inference inference = plan.begin(rows)) {
                    int columns = json.get("input").get(0).size();
                    for (int row = 0; row < rows; row++) {
                        for (int c = 0; c < columns; c++) {
                            inference
                                    .input(0)
                                    .number(
                                            row * columns + c,
                                            json.get("input")
                                                    .get(from + row)
                                                    .get(c)
                                                    .asDouble());
                        }
                    }
                    inference.run();
                    assertThat(inference.output(0).shape()).containsExactly(rows);
                    for (int row = 0; row < rows; row++) {
                        double expected = json.get("expected").get(from + row).asDouble();
                        double actual = inference.output(0).number(row);
                        largest = Math.max(largest, Math.abs(actual - expected));
                        assertThat(actual).isCloseTo(expected, within(tolerance));
                    }
                }
            }
            System.getLogger("answers").log(System.Logger.Level.INFO, name + " " + rows + ": " + largest);
        }
    }

    @Test
    void theSignatureIsReadFromTheFile() {
        try (Model model = load(XGBOOST)) {
            assertThat(model.description().id()).isEqualTo(new ModelId("breastcancer-xgb", ModelId.UNVERSIONED));
            assertThat(model.description().engine()).isEqualTo("XGBoost");
            assertThat(model.description().engineVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
            assertThat(model.description().execution()).isEqualTo("native, intra-op threads 1");
            assertThat(model.description().signature().inputs())
                    .containsExactly(TensorSpec.of("features", ElementType.FLOAT32, -1, 30));
            assertThat(model.description().signature().outputs())
                    .containsExactly(TensorSpec.of("probability", ElementType.FLOAT32, -1));
            assertThat(model.description().metadata())
                    .containsEntry("objective", "binary:logistic")
                    .containsEntry("trees", "30")
                    .containsEntry("producer", "XGBoost 1.7.4")
                    .doesNotContainKey("feature_names");
        }
        try (Model model = load(LIGHTGBM)) {
            assertThat(model.description().engine()).isEqualTo("LightGBM");
            assertThat(model.description().signature().inputs())
                    .containsExactly(TensorSpec.of("features", ElementType.FLOAT64, -1, 20));
            assertThat(model.description().signature().outputs())
                    .containsExactly(TensorSpec.of("probability", ElementType.FLOAT64, -1));
            assertThat(model.description().metadata())
                    .containsEntry("objective", "binary sigmoid:1")
                    .containsEntry("trees", "40")
                    .doesNotContainKey("feature_names");
        }
    }

    @ParameterizedTest
    @CsvSource({"breastcancer-xgb/model.json, 29, 30", "credit20-lgbm/model.txt, 21, 20"})
    void aWrongNumberOfFeaturesNeverReachesTheEngine(String name, int given, int wanted) {
        assertThatThrownBy(() -> Plimsoll.load(TestModels.path(name))
                        .as(Schema.ofDoubles(given), Output.probability())
                        .build())
                .isInstanceOf(ModelMismatchException.class)
                .hasMessageContaining(wanted + " columns, but the schema has " + given);
    }

    @Test
    void namesAndOrderOfTheFeaturesAreChecked(@TempDir Path folder) throws Exception {
        String names =
                String.join(" ", IntStream.range(0, 20).mapToObj(i -> "f" + i).toList());
        String text = Files.readString(TestModels.path(LIGHTGBM));
        Path file = Files.writeString(
                folder.resolve("named.txt"), text.replaceFirst("feature_names=.*", "feature_names=" + names));
        Feature[] features = IntStream.range(0, 20)
                .mapToObj(i -> Feature.number("f" + (i == 3 ? 4 : i == 4 ? 3 : i)))
                .toArray(Feature[]::new);

        assertThatThrownBy(() -> Plimsoll.load(file)
                        .as(Schema.ofMap(features), Output.probability())
                        .build())
                .isInstanceOf(ModelMismatchException.class)
                .hasMessageContaining("the order differs");
    }

    @ParameterizedTest
    @CsvSource({XGBOOST, LIGHTGBM})
    void aMissingNumberIsTheEnginesMissingValue(String name) {
        try (Model model = load(name);
                Inference inference = planOf(model).begin(1)) {
            for (int i = 0; i < inference.input(0).length(); i++) {
                inference.input(0).number(i, Double.NaN);
            }
            inference.run();

            assertThat(inference.output(0).number(0)).isBetween(0.0, 1.0);
        }
    }

    @ParameterizedTest
    @CsvSource({XGBOOST, LIGHTGBM})
    void rowsDoNotDependOnTheirNeighbours(String name) {
        try (Model model = load(name)) {
            InferencePlan plan = planOf(model);
            double[] together = new double[plan.maxRows()];
            try (Inference inference = plan.begin(plan.maxRows())) {
                fill(inference, 0, plan.maxRows());
                inference.run();
                for (int row = 0; row < together.length; row++) {
                    together[row] = inference.output(0).number(row);
                }
            }
            for (int row = 0; row < together.length; row += 100) {
                try (Inference inference = plan.begin(1)) {
                    fill(inference, row, 1);
                    inference.run();
                    assertThat(inference.output(0).number(0)).isEqualTo(together[row]);
                }
            }
        }
    }

    private static void fill(Inference inference, int from, int rows) {
        int columns = inference.input(0).length() / rows;
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < columns; c++) {
                inference.input(0).number(row * columns + c, Math.sin((from + row) * 31.0 + c) * 20);
            }
        }
    }

    private static InferencePlan planOf(Model model) {
        return model.plan(
                List.of(model.description().signature().outputs().get(0).name()));
    }

    @ParameterizedTest
    @CsvSource({XGBOOST, LIGHTGBM})
    void misuseIsNamed(String name) {
        Model model = load(name);
        InferencePlan plan = planOf(model);
        assertThatThrownBy(() -> plan.begin(0)).hasMessageContaining("expected: 1 to");
        assertThatThrownBy(() -> plan.begin(plan.maxRows() + 1)).hasMessageContaining("expected: 1 to");
        assertThatThrownBy(() -> model.plan(List.of("other"))).hasMessageContaining("other");
        try (Inference inference = plan.begin(1)) {
            assertThatThrownBy(() -> inference.output(0)).hasMessageContaining("expected: run() first");
            assertThatThrownBy(() -> inference.input(0, 1, 7)).hasMessageContaining("shape [1, 7]");
            inference.run();
            assertThatThrownBy(inference::run).hasMessageContaining("called before");
        }
        Inference open = plan.begin(1);
        model.close();
        model.close();
        open.run();
        open.close();
        assertThatThrownBy(() -> plan.begin(1)).isInstanceOf(ModelClosedException.class);
    }
}
