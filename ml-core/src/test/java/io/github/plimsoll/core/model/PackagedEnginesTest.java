package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.Diagnosis;
import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packages hold what any engine runs, not only ONNX: made, loaded, answered as the trainer did, and refused when damaged. */
class PackagedEnginesTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    private static List<double[]> rows(JsonNode array) {
        List<double[]> rows = new ArrayList<>();
        array.forEach(row -> rows.add(JSON.convertValue(row, double[].class)));
        return rows;
    }

    @ParameterizedTest
    @CsvSource({
        "models/breastcancer-xgb/model.json, XGBoost, 1e-5",
        "models/breastcancer-xgb/model.ubj, XGBoost, 1e-5",
        "models/credit20-lgbm/model.txt, LightGBM, 1e-12",
    })
    void boosters(String file, String engine, double tolerance) throws IOException {
        Path model = RESOURCES.resolve(file);
        JsonNode expected = JSON.readTree(model.resolveSibling("expected.json").toFile());
        List<double[]> rows = rows(expected.get("input"));
        roundTrip(
                model,
                Schema.ofDoubles(rows.get(0).length),
                Output.number(),
                rows,
                rows(
                        expected.get("expected").size() == rows.size()
                                ? JSON.valueToTree(List.of(expected.get("expected")))
                                : expected.get("expected")),
                engine,
                tolerance);
    }

    @ParameterizedTest
    @CsvSource({
        "onnx-columns, model.onnx, OnnxRuntime",
        "lightgbm-booster, model.lgb, LightGBM",
        "xgboost-booster, model.ubj, XGBoost",
    })
    void theModelOfAnMlflowFolderWithItsSignaturesColumns(String name, String data, String engine) throws IOException {
        Path folder = RESOURCES.resolve("mlflow").resolve(name);
        JsonNode expected =
                JSON.readTree(folder.resolveSibling(name + ".expected.json").toFile());
        List<Feature> features = MlflowSignature.read(folder).orElseThrow().features();
        Output<Double> output = data.endsWith(".onnx")
                ? Output.probabilityOf("1").from("probabilities").labelled("0", "1")
                : Output.number();
        roundTrip(
                folder.resolve(data),
                Schema.ofDoubles(features),
                output,
                rows(expected.get("rows")),
                rows(JSON.valueToTree(List.of(expected.get("answers")))),
                engine,
                1e-5);
    }

    private void roundTrip(
            Path model,
            Schema<double[]> schema,
            Output<Double> output,
            List<double[]> rows,
            List<double[]> expected,
            String engine,
            double tolerance)
            throws IOException {
        Path folder = temp.resolve("packaged");

        ModelPackage packaged = Packager.of(model, schema, output)
                .named("it", "7")
                .samples(rows.subList(0, 4))
                .tolerance(tolerance, 0)
                .write(folder);

        assertThat(packaged.engine()).isEqualTo(engine);
        try (Predictor<double[], Double> predictor =
                Plimsoll.load(folder).as(schema, output).build()) {
            for (int i = 0; i < rows.size(); i++) {
                assertThat(predictor.predict(rows.get(i))).isCloseTo(expected.get(0)[i], within(tolerance));
            }
            assertThat(predictor.prediction(rows.get(0)).model()).isEqualTo(new ModelId("it", "7"));
        }
        assertThat(Plimsoll.doctor(folder).toString()).contains("OK    model: it:7, a sound package, loads: " + engine);

        Files.write(packaged.modelFile(), new byte[] {10}, StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Plimsoll.load(folder).open()).hasMessageContaining(Files.size(model) + 1 + " bytes");
        Diagnosis diagnosis = Plimsoll.doctor(folder);
        assertThat(diagnosis.status()).isEqualTo(Diagnosis.Status.FAIL);
        assertThat(diagnosis.toString()).contains("FAIL  model: package " + folder);
    }

    @Test
    void aTranslatedModelIsVerifiedToo() throws IOException {
        Path folder = temp.resolve("packaged");
        Packager.of(RESOURCES.resolve("models/small/square-root.onnx"), Schema.ofDoubles(1), Output.number())
                .named("roots", "1")
                .samples(List.of(new double[] {9}))
                .write(folder);
        DjlTranslation<Float, Float> roots = DjlTranslation.of(new NoBatchifyTranslator<Float, Float>() {
            @Override
            public NDList processInput(TranslatorContext context, Float square) {
                return new NDList(context.getNDManager().create(new float[] {square}, new Shape(1, 1)));
            }

            @Override
            public Float processOutput(TranslatorContext context, NDList list) {
                return list.singletonOrThrow().toFloatArray()[0];
            }
        });

        try (Predictor<Float, Float> predictor = Plimsoll.load(folder).as(roots).build()) {
            assertThat(predictor.predict(16f)).isEqualTo(4f);
            assertThat(predictor.prediction(16f).model()).isEqualTo(new ModelId("roots", "1"));
        }
        Files.writeString(folder.resolve("more.txt"), "");
        assertThatThrownBy(() -> Plimsoll.load(folder).as(roots).build())
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("'more.txt': not in the manifest");
    }

    @Test
    void aFolderIsNoModelFile() {
        Path folder = RESOURCES.resolve("mlflow/onnx-columns");

        assertThatThrownBy(() -> Packager.of(folder, Schema.ofDoubles(4), Output.number())
                        .write(temp.resolve("it")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a folder (expected: the model file in it");
    }
}
