package io.github.plimsoll.core.internal.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowFolderTest {

    private static final Path GOLDEN = Path.of("src/test/resources/mlflow");
    private static final String ONNX = "flavors:\n  onnx:\n    data: model.onnx\n";

    @TempDir
    Path temp;

    /** A folder with a tiny model and the text as MLmodel. */
    private Path folder(String mlmodel) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("model"));
        Files.writeString(folder.resolve("MLmodel"), mlmodel);
        Files.copy(GOLDEN.resolve("onnx-bare/model.onnx"), folder.resolve("model.onnx"));
        return folder;
    }

    private static Model load(Path path) {
        return ModelLoading.load(path, LoadOptions.defaults());
    }

    private static void assertRefused(Path path, String... words) {
        assertThatThrownBy(() -> load(path))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnx-columns", "onnx-tensor", "onnx-bare"})
    void answersAsPythonDoes(String name) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(GOLDEN.resolve(name + ".expected.json").toFile());
        Schema<double[]> schema = name.equals("onnx-columns")
                ? Schema.ofDoubles(
                        MlflowSignature.read(GOLDEN.resolve(name)).orElseThrow().features())
                : Schema.ofDoubles(4);

        try (Predictor<double[], Double> predictor = Plimsoll.load(GOLDEN.resolve(name))
                .as(schema, Output.probabilityOf("1").from("probabilities").labelled("0", "1"))
                .build()) {
            for (int row = 0; row < expected.get("rows").size(); row++) {
                double[] values = new double[4];
                for (int i = 0; i < values.length; i++) {
                    values[i] = expected.get("rows").get(row).get(i).asDouble();
                }
                assertThat(predictor.predict(values))
                        .isCloseTo(expected.get("answers").get(row).asDouble(), within(1e-6));
            }
        }
    }

    @Test
    void saysWhatItIsAndThatItAnsweredItsExample() {
        try (Model model = load(GOLDEN.resolve("onnx-tensor"))) {
            assertThat(model.description().id())
                    .isEqualTo(new ModelId("onnx-tensor", "c58362481666407f95e54854d6c8073a"));
            assertThat(model.description().metadata())
                    .containsEntry("mlflow.flavor", "onnx")
                    .containsEntry("mlflow.version", "3.17.2")
                    .containsEntry("mlflow.inputExample", "answered, 3 rows")
                    .containsEntry("mlflow.sessionOptionsLeftOut", "graph_optimization_level, intra_op_num_threads");
            assertThat(model.description().execution()).contains("threads 1");
        }
    }

    @Test
    void threadsAreTheHostsAndItsNameGoesBeforeTheFiles() {
        try (Model model = ModelLoading.load(
                GOLDEN.resolve("onnx-tensor"),
                LoadOptions.defaults().named("risk", "7").intraOpThreads(3))) {
            assertThat(model.description().id()).isEqualTo(new ModelId("risk", "7"));
            assertThat(model.description().execution())
                    .contains("threads " + Math.min(3, Runtime.getRuntime().availableProcessors()));
        }
    }

    @Test
    void aDownloadKeepsTheNameOfTheRegistry() throws IOException {
        Path folder = folder(ONNX);
        Files.writeString(folder.resolve("registered_model_meta"), "model_name: credit\nmodel_version: '12'\n");

        try (Model model = load(folder)) {
            assertThat(model.description().id()).isEqualTo(new ModelId("credit", "12"));
        }
    }

    @ParameterizedTest
    @CsvSource({"xgboost-booster, xgboost, model.ubj", "lightgbm-booster, lightgbm, model.lgb"})
    void handsBoostersToTheirLoader(String name, String flavor, String file) {
        MlflowFolder mlflow = MlflowFolder.read(GOLDEN.resolve(name).toAbsolutePath());

        assertThat(mlflow.flavor()).isEqualTo(flavor);
        assertThat(mlflow.data()).hasFileName(file).isRegularFile();
        try (Model model = load(GOLDEN.resolve(name))) {
            assertThat(model.description().metadata()).containsEntry("mlflow.inputExample", "answered, 3 rows");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "onnx | threshold | double | 0.5 | true",
                "xgboost | output_margin | boolean | false | true",
                "xgboost | output_margin | boolean | true | false",
                "xgboost | iteration_range | long | [0, 0] | true",
                "xgboost | iteration_range | long | [0, 2] | false",
                "xgboost | threshold | double | 0.5 | true",
            })
    void paramsThatWouldChangeTheAnswersInPythonAreRefused(
            String flavor, String name, String type, String value, boolean loads) throws IOException {
        Path folder = folder("signature:\n  inputs: null\n  params: '[{\"name\": \"" + name + "\", \"type\": \"" + type
                + "\", \"default\": " + value + ", \"shape\": " + (value.startsWith("[") ? "[-1]" : "null")
                + "}]'\nflavors:\n  " + flavor + ": {data: model." + (flavor.equals("onnx") ? "onnx" : "ubj") + "}\n");
        Files.copy(GOLDEN.resolve("xgboost-booster/model.ubj"), folder.resolve("model.ubj"));

        if (loads) {
            try (Model model = load(folder)) {
                assertThat(model.description().metadata()).containsEntry("mlflow.paramsLeftOut", name);
            }
        } else {
            assertRefused(folder, "param '" + name + "', by default " + value.replace(" ", ""), "log it again without");
        }
    }

    @Test
    void aParamWithAWrongDefaultIsRefused() throws IOException {
        assertRefused(
                folder(ONNX + "signature: {params: '[{\"name\": \"n\", \"type\": \"long\", \"default\": \"x\"}]'}\n"),
                "MLmodel: signature: params.n.default: x (expected: long)");
    }

    @Test
    void unknownKeysAndNullsDoNotMatter() throws IOException {
        Path folder = folder(
                "future: {a: [1, 2]}\nsignature: null\nrun_id: null\nmodel_uuid: 5\n"
                        + "flavors:\n  python_function: {loader_module: os}\n  onnx: {data: model.onnx, code: null, x: {y: z}}\n");

        try (Model model = load(folder)) {
            assertThat(model.description().id()).isEqualTo(new ModelId("model", "5"));
            assertThat(model.description().metadata()).containsEntry("mlflow.inputExample", "none");
        }
    }

    @Test
    void aFlavorWithoutKeysHasItsUsualFile() throws IOException {
        load(folder("flavors: {onnx: null}")).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.onnx", "/etc/passwd", ".", "a/../../model.onnx", "''", "..", "a/.."})
    void dataOutsideTheFolderIsRefused(String data) throws IOException {
        Files.copy(GOLDEN.resolve("onnx-bare/model.onnx"), temp.resolve("outside.onnx"));

        assertRefused(folder("flavors:\n  onnx:\n    data: " + data + "\n"), "leads out of the folder");
    }

    @Test
    void dataOutsideTheFolderByALinkIsRefused() throws IOException {
        Path folder = folder("flavors:\n  onnx:\n    data: link.onnx\n");
        Path outside = temp.resolve("outside.onnx");
        Files.copy(GOLDEN.resolve("onnx-bare/model.onnx"), outside);
        Files.createSymbolicLink(folder.resolve("link.onnx"), outside);

        assertRefused(folder, "leads out of the folder");
    }

    @Test
    void aFolderThatIsItsOwnPartIsRefused() throws IOException {
        Path folder = folder("flavors:\n  onnx:\n    data: loop\n");
        Files.createSymbolicLink(folder.resolve("loop"), folder);

        assertRefused(folder, "leads out of the folder");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        assertRefused(folder("flavors:\n  onnx:\n    data: other.onnx\n"), "no file 'other.onnx'", "expected:");
    }

    @Test
    void aPickleOfScikitLearnIsRefusedWithTheLineThatHelps() {
        assertRefused(
                GOLDEN.resolve("sklearn-pickle").toAbsolutePath(),
                "python_function is never executed",
                "import mlflow, skl2onnx; m = mlflow.sklearn.load_model(",
                "mlflow.onnx.save_model(");
    }

    @Test
    void aPickleOfLightgbmIsRefusedWithTheLineThatHelps() {
        assertRefused(
                GOLDEN.resolve("lightgbm-pickle").toAbsolutePath(),
                "'model.pkl' is a Python pickle",
                "booster_",
                "import mlflow; mlflow.lightgbm.save_model(");
    }

    @Test
    void aSkopsArchiveIsRefused() throws IOException {
        Path folder = folder("flavors:\n  lightgbm: {data: model.skops}\n");
        zip(folder.resolve("model.skops"), "schema.json");

        assertRefused(folder, "skops", "booster_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_data: data", "data: data", "model_data: data/model.pth"})
    void aPickleOfPytorchIsRefusedByItsContent(String key) throws IOException {
        Path folder = folder("flavors:\n  pytorch: {" + key + "}\n");
        Files.createDirectory(folder.resolve("data"));
        zip(folder.resolve("data/model.pth"), "model/data.pkl", "model/data/0");

        assertRefused(folder, "'model.pth' is a Python pickle", "torch.jit.script(mlflow.pytorch.load_model(");
    }

    @Test
    void torchscriptIsToldByItsContent() throws IOException {
        Path folder = folder("flavors:\n  pytorch: {model_data: data}\n");
        Files.createDirectory(folder.resolve("data"));
        zip(folder.resolve("data/model.pth"), "m/data.pkl", "m/constants.pkl", "m/code/__torch__.py");

        assertThat(MlflowFolder.read(folder).data()).isEqualTo(folder.resolve("data/model.pth"));
    }

    @Test
    void anExportedProgramOfTorchIsRefused() throws IOException {
        Path folder = folder("flavors:\n  pytorch: {model_data: data}\n");
        Files.createDirectory(folder.resolve("data"));
        zip(folder.resolve("data/model.pt2"), "m/serialized_exported_program.json");

        assertRefused(folder, "torch.onnx.export(torch.export.load(");
    }

    @Test
    void aPickleUnderAnotherNameIsRefused() throws IOException {
        Path folder = folder("flavors:\n  xgboost: {data: model.ubj}\n");
        Files.write(folder.resolve("model.ubj"), new byte[] {(byte) 0x80, 4, 0, 0});

        assertRefused(folder, "Python pickle");
    }

    @Test
    void ofSeveralFlavorsTheLoadableOneIsTaken() throws IOException {
        Path folder = folder("flavors:\n  onnx: {data: model.onnx}\n  lightgbm: {data: model.pkl}\n");
        Files.write(folder.resolve("model.pkl"), new byte[] {(byte) 0x80, 4, 0, 0});

        load(folder).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run_id: 1", "flavors: null", "flavors: [onnx]", "[]", "text", ""})
    void aFileWithoutFlavorsIsRefused(String text) throws IOException {
        assertRefused(folder(text), "MLmodel", "flavors");
    }

    @Test
    void anUnreadableSignatureIsNamed() throws IOException {
        assertRefused(folder(ONNX + "signature: {inputs: '[{\"type\": '}\n"), "signature", "not JSON");
    }

    @Test
    void aModelThatFailsOnItsExampleDoesNotLoad() throws IOException {
        Path folder = folder(ONNX + "saved_input_example_info: {artifact_path: input_example.json, type: dataframe}\n");
        Files.writeString(folder.resolve("input_example.json"), "{\"columns\":[\"a\",\"b\"],\"data\":[[1,2]]}");

        assertRefused(folder, "fails on its own input example input_example.json", "2 values a row", "takes 4");
    }

    @Test
    void anExampleThatIsMissingIsNamed() throws IOException {
        try (Model model = load(folder(ONNX + "saved_input_example_info: {artifact_path: gone.json}\n"))) {
            assertThat(model.description().metadata())
                    .containsEntry("mlflow.inputExample", "left out: no file gone.json");
        }
    }

    @Test
    void anExampleOutsideTheFolderIsRefused() throws IOException {
        Files.writeString(temp.resolve("secret.json"), "[]");

        assertRefused(
                folder(ONNX + "saved_input_example_info: {artifact_path: ../secret.json}\n"),
                "input example",
                "leads out of the folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[[1,2,3,4],[1,2,3,null]] | answered, 2 rows",
                "{\"inputs\": [[1,2,3,4.5]]} | answered, 1 row",
                "{\"inputs\": {\"X\": [[1,2,3,4.5]]}} | answered, 1 row",
                "{\"columns\":[\"a\",\"b\",\"c\",\"d\"],\"data\":[[1,2,3,4]]} | answered, 1 row",
                "{\"X\": [[1,2,3,4.5]]} | answered, 1 row",
                "[[1,2,3,\"x\"]] | left out: a value that float32 cannot hold",
                "{\"question\": \"why\"} | left out: neither a table in split orientation nor an array for input 'X'",
                "[] | left out: no rows",
                "[{\"a\": 1}] | left out: values that are no numbers or texts",
                "nonsense | left out: not JSON",
            })
    void takesTheFormsThatExamplesHave(String example, String outcome) throws IOException {
        Path folder = folder(ONNX);
        Files.writeString(folder.resolve("input_example.json"), example);

        try (Model model = load(folder)) {
            assertThat(model.description().metadata().get("mlflow.inputExample"))
                    .startsWith(outcome);
        }
    }

    @Test
    void fillsNamedInputsFromColumns() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("churn"));
        Files.writeString(folder.resolve("MLmodel"), ONNX);
        Files.copy(TestModels.path("churn-multi-input/model.onnx"), folder.resolve("model.onnx"));
        Files.writeString(
                folder.resolve("input_example.json"),
                "{\"columns\":[\"plan\",\"age\",\"tenure\"],\"data\":[[\"plus\",22.5,41],[\"pro\",30,2]]}");

        try (Model model = load(folder)) {
            assertThat(model.description().metadata()).containsEntry("mlflow.inputExample", "answered, 2 rows");
        }
    }

    private static void zip(Path file, String... names) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
