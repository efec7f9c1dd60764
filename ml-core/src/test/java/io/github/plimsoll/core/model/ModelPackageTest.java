package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.plimsoll.core.ModelMismatchException;
import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.PackagePolicy.OnDifference;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackageTest {

    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final Path GOLDEN = Path.of("src/test/resources/packages/churn-1.0");
    private static final Path SCHEMA = Path.of("../docs/schema/plimsoll-manifest-1.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    record Customer(
            @FeatureSpec(unit = "years", min = 0, max = 120) float age,
            long tenure,

            @FeatureSpec(categories = {"basic", "plus", "pro"})
            String plan) {}

    private static final List<Customer> CUSTOMERS = List.of(
            new Customer(22.731113f, 41, "plus"), new Customer(60, 3, "basic"), new Customer(35.5f, 100, "pro"));

    @TempDir
    Path temp;

    /** Everything that a manifest can say; also what the golden package was made with. */
    private static Packager<Customer> churn(Path temp) throws IOException {
        Path contract = Files.writeString(temp.resolve("contract.json"), "{}\n");
        Path training = Files.writeString(temp.resolve("train.csv"), "age,tenure,plan\n");
        return Packager.of(
                        MODELS.resolve("churn-multi-input/model.onnx"),
                        Schema.of(Customer.class),
                        Output.probability().map(p -> p > 0.5))
                .named("churn", "2026-03")
                .samples(CUSTOMERS)
                .part("contract", contract)
                .metric("auc", 0.91)
                .metric("rows", 16)
                .trainingData(TrainingData.unknown()
                        .file(training)
                        .rows(48_000)
                        .profile("a".repeat(64))
                        .lineage("git", "1f3c9e2")
                        .lineage("dvc", "md5:0cc1"))
                .environment(
                        TrainingEnvironment.unknown().opset(15).randomSeed(42).library("scikit-learn", "1.5.2"))
                .modelCard("# Churn\n")
                .decisionLog("# Why\n");
    }

    private Path written() {
        try {
            return churn(temp).write(temp.resolve("churn")).folder();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> problems(Path folder) {
        return problems(folder, PackagePolicy.defaults());
    }

    private static List<String> problems(Path folder, PackagePolicy policy) {
        try (Model model = Plimsoll.load(folder).with(policy).open()) {
            return List.of();
        } catch (ModelPackageException e) {
            return e.problems();
        }
    }

    private static void edit(Path folder, Consumer<ObjectNode> change) {
        try {
            Path file = folder.resolve("plimsoll.json");
            ObjectNode manifest = (ObjectNode) JSON.readTree(file.toFile());
            change.accept(manifest);
            JSON.writeValue(file.toFile(), manifest);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ObjectNode at(ObjectNode manifest, String pointer) {
        return (ObjectNode) manifest.at(pointer);
    }

    // ---- writing and reading ------------------------------------------------------------------------------------

    @Test
    void saysWhatWasPackaged() {
        ModelPackage churn = ModelPackage.open(written());

        assertThat(churn.id()).isEqualTo(new ModelId("churn", "2026-03"));
        assertThat(churn.engine()).isEqualTo("OnnxRuntime");
        assertThat(churn.engineVersion()).isNotBlank();
        assertThat(churn.modelFile()).hasFileName("model.onnx").exists();
        assertThat(churn.features()).isEqualTo(Schema.of(Customer.class).features());
        assertThat(churn.outputs()).hasSize(1).first().hasToString("probability");
        assertThat(churn.files())
                .containsOnlyKeys(
                        "DECISIONS.md", "MODEL_CARD.md", "contract.json", "golden-samples.json", "model.onnx");
        assertThat(churn.sha256()).hasSize(64);
        assertThat(churn.part("contract").orElseThrow()).hasContent("{}");
        assertThat(churn.part("baseline")).isEmpty();
        assertThat(churn.parts()).containsOnlyKeys("contract");
        assertThat(churn.metrics()).containsExactly(Map.entry("auc", 0.91), Map.entry("rows", 16.0));
        assertThat(churn.trainingData().rows()).isEqualTo(48_000);
        assertThat(churn.trainingData().profileSha256()).isEqualTo("a".repeat(64));
        assertThat(churn.trainingData().lineage()).containsEntry("dvc", "md5:0cc1");
        assertThat(churn.trainingData().files().get(0).bytes()).isEqualTo(16);
        assertThat(churn.environment().opset()).isEqualTo(15);
        assertThat(churn.environment().randomSeed()).isEqualTo(42);
        assertThat(churn.environment().libraries()).containsKeys("scikit-learn", "platform");
        assertThat(churn.modelCard().orElseThrow()).hasContent("# Churn");
        assertThat(churn.decisionLog().orElseThrow()).hasContent("# Why");
        assertThat(churn.goldenSamples()).isPresent();
        assertThat(churn.unknownKeys()).isEmpty();
        churn.verify(PackagePolicy.defaults());
    }

    @Test
    void writesManifestsThatKeepToThePublishedSchema() throws IOException {
        com.networknt.schema.Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(SCHEMA), InputFormat.JSON);

        assertThat(schema.validate(Files.readString(written().resolve("plimsoll.json")), InputFormat.JSON))
                .isEmpty();
        assertThat(schema.validate(Files.readString(GOLDEN.resolve("plimsoll.json")), InputFormat.JSON))
                .isEmpty();
        edit(written2(), m -> {
            at(m, "/files/0").put("path", "../x");
            at(m, "/features/0").put("type", "numbr");
            m.put("sha256", "ABC");
        });
        assertThat(schema.validate(Files.readString(temp.resolve("second/plimsoll.json")), InputFormat.JSON))
                .hasSizeGreaterThanOrEqualTo(3);
    }

    private Path written2() throws IOException {
        return churn(temp).write(temp.resolve("second")).folder();
    }

    /** The package that release 0.1 wrote. Deleted, it is written anew, and then differs from what is expected here. */
    @Test
    void readsTheGoldenPackage() throws IOException {
        if (!Files.exists(GOLDEN)) {
            churn(temp).write(GOLDEN);
        }
        try (Predictor<Customer, Double> churn =
                Plimsoll.load(GOLDEN).as(Customer.class, Output.probability()).build()) {
            assertThat(churn.predict(CUSTOMERS.get(0))).isBetween(0.121, 0.122);
        }
        assertThat(ModelPackage.open(GOLDEN).sha256())
                .isEqualTo("4856684a428a01a2423d8a56bf31f1c4b0f5ae5d7614ede7d53503b2f2824380");
    }

    @Test
    void writesNothingOverAFolderAndLeavesNothingBehind() throws IOException {
        Path folder = written();

        assertThatThrownBy(this::written)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("exists");
        assertThatThrownBy(() -> churn(temp)
                        .file("plimsoll.json", folder.resolve("model.onnx"))
                        .write(temp.resolve("b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        churn(temp).file("../x", folder.resolve("model.onnx")).write(temp.resolve("b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> churn(temp).file("x", temp.resolve("nowhere")).write(temp.resolve("b")))
                .isInstanceOf(java.io.UncheckedIOException.class);
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("churn", "contract.json", "train.csv");
        }
    }

    @Test
    void keepsSensitiveValuesOutOfSamplesUnlessTheyAreMadeUp() {
        Schema<Customer> schema = Schema.of(Customer.class).refine("age", Feature::sensitive);
        Packager<Customer> packager =
                Packager.of(MODELS.resolve("churn-multi-input/model.onnx"), schema, Output.probability());

        assertThatThrownBy(() -> packager.samples(CUSTOMERS).write(temp.resolve("a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'age'")
                .hasMessageNotContaining("22.7");
        assertThat(packager.syntheticSamples(CUSTOMERS)
                        .write(temp.resolve("a"))
                        .features()
                        .get(0)
                        .isSensitive())
                .isTrue();
    }

    // ---- loading ------------------------------------------------------------------------------------------------

    @Test
    void loadsUnderTheManifestsNameUnlessTheHostGivesAnother() {
        Path folder = written();

        try (Model own = Plimsoll.load(folder).open();
                Model named = Plimsoll.load(folder)
                        .with(LoadOptions.defaults().named("a", "b"))
                        .with(PackagePolicy.defaults().warmUp(7))
                        .open()) {
            assertThat(own.description().id()).isEqualTo(new ModelId("churn", "2026-03"));
            assertThat(named.description().id()).isEqualTo(new ModelId("a", "b"));
            assertThat(own.origin().orElseThrow().folder()).isEqualTo(folder);
            assertThat(ModelPackage.open(folder).compare(own.description())).isEqualTo(new EnvironmentMatch.Same());
        }
    }

    @Test
    void listsEveryFileThatIsNotAsItWasPackaged() throws IOException {
        Path folder = written();
        byte[] card = Files.readAllBytes(folder.resolve("MODEL_CARD.md"));
        card[2] ^= 1;
        Files.write(folder.resolve("MODEL_CARD.md"), card);
        Files.writeString(folder.resolve("contract.json"), "{\"a\":1}");
        Files.delete(folder.resolve("DECISIONS.md"));
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/extra.py"), "");
        Files.createDirectories(folder.resolve(".git"));
        Files.writeString(folder.resolve(".git/HEAD"), "");

        assertThat(problems(folder))
                .hasSize(4)
                .anySatisfy(p -> assertThat(p).contains("'DECISIONS.md': missing"))
                .anySatisfy(p -> assertThat(p).contains("'MODEL_CARD.md': SHA-256"))
                .anySatisfy(p -> assertThat(p).contains("'contract.json': 7 bytes (expected: 3)"))
                .anySatisfy(p -> assertThat(p).contains("'sub/extra.py': not in the manifest"));
        assertThatThrownBy(() -> ModelPackage.open(folder).verify(PackagePolicy.defaults()))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("MODEL_CARD.md")
                .hasMessageContaining("extra.py");
    }

    @Test
    void followsLinksInsideTheFolderOnly() throws IOException {
        Path folder = written();
        Path mounted = Files.createDirectories(folder.resolve("..2026_03_01"));
        for (String name : List.of("model.onnx", "contract.json")) {
            Files.move(folder.resolve(name), mounted.resolve(name));
            Files.createSymbolicLink(folder.resolve(name), Path.of("..2026_03_01", name));
        }
        assertThat(problems(folder)).isEmpty();

        Files.move(folder.resolve("MODEL_CARD.md"), temp.resolve("card"));
        Files.createSymbolicLink(folder.resolve("MODEL_CARD.md"), temp.resolve("card"));
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        assertThat(problems(folder))
                .anySatisfy(p -> assertThat(p).contains("'MODEL_CARD.md': is a link that leads out of the folder"))
                .anySatisfy(p -> assertThat(p).contains("'loop': is a link to a folder"));
    }

    @Test
    void loadsThroughALinkToTheFolder() throws IOException {
        assertThat(problems(Files.createSymbolicLink(temp.resolve("current"), written())))
                .isEmpty();
    }

    @Test
    void refusesAModelThatAnswersOtherwise() throws IOException {
        Path folder = written();
        Path golden = folder.resolve("golden-samples.json");
        String text = Files.readString(golden);
        String answer = JSON.readTree(text).at("/samples/1/answers/0").asText();
        replaceFile(folder, "golden-samples.json", text.replace(answer, "0.987"));

        assertThat(problems(folder))
                .hasSize(2)
                .allSatisfy(p -> assertThat(p).contains("golden sample 1").contains("expected: 0.987 within 1.0E-6"));
        edit(folder, m -> at(m, "/outputs/0/tolerance").put("absolute", 1));
        assertThat(problems(folder)).isEmpty();
    }

    /** Exchanges a file and puts its hash, and that of the whole, into the manifest. */
    private static void replaceFile(Path folder, String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        rehash(folder);
    }

    private static void rehash(Path folder) throws IOException {
        edit(folder, m -> {
            StringBuilder listing = new StringBuilder();
            m.get("files").forEach(file -> {
                try {
                    byte[] bytes =
                            Files.readAllBytes(folder.resolve(file.get("path").asText()));
                    ((ObjectNode) file).put("bytes", bytes.length).put("sha256", sha256(bytes));
                    listing.append(sha256(bytes))
                            .append("  ")
                            .append(file.get("path").asText())
                            .append('\n');
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            m.put("sha256", sha256(listing.toString().getBytes(StandardCharsets.UTF_8)));
        });
    }

    private static String sha256(byte[] bytes) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesAModelThatIsNotWhatTheManifestSays() throws IOException {
        Path folder = written();
        edit(folder, m -> at(m, "/features/1").put("type", "number"));

        assertThat(problems(folder))
                .anySatisfy(p ->
                        assertThat(p).contains("not what the manifest says").contains("tenure"));
    }

    @Test
    void refusesGoldenSamplesThatAreNone() throws IOException {
        Path folder = written();
        String text = Files.readString(folder.resolve("golden-samples.json"));

        replaceFile(folder, "golden-samples.json", text.replace("\"age\"", "\"agee\""));
        assertThat(problems(folder)).anySatisfy(p -> assertThat(p).contains("$.samples[0].input.agee"));
        replaceFile(folder, "golden-samples.json", text.replace("\"plus\"", "17"));
        assertThat(problems(folder))
                .anySatisfy(p -> assertThat(p).contains("golden sample 0").contains("plan"));
        replaceFile(folder, "golden-samples.json", "{\"formatVersion\":\"1.0\",\"samples\":[]}");
        assertThat(problems(folder)).anySatisfy(p -> assertThat(p).contains("at least one"));
        replaceFile(folder, "golden-samples.json", text.replace("1.0\"", "2.0\""));
        assertThat(problems(folder)).anySatisfy(p -> assertThat(p).contains("formatVersion: '2.0'"));
    }

    @Test
    void comparesTheEngine() {
        Path folder = written();
        String version = ModelPackage.open(folder).engineVersion();

        edit(folder, m -> at(m, "/model").put("engineVersion", "0.9.1"));
        assertThat(problems(folder)).isEmpty();
        assertThat(problems(folder, PackagePolicy.defaults().onDifferentEnvironment(OnDifference.REFUSE)))
                .containsExactly("engine version: " + version + " (packaged with 0.9.1)");
        String olderMinor = version.substring(0, version.indexOf('.')) + ".0.0";
        edit(folder, m -> at(m, "/model").put("engineVersion", olderMinor));
        assertThat(problems(folder, PackagePolicy.defaults().onDifferentEnvironment(OnDifference.REFUSE)))
                .isEmpty();
        try (Model model = Plimsoll.load(folder).open()) {
            assertThat(ModelPackage.open(folder).compare(model.description()))
                    .isInstanceOf(EnvironmentMatch.Compatible.class);
        }
    }

    // ---- the host's schema --------------------------------------------------------------------------------------

    record Swapped(@FeatureSpec(unit = "months") float age, double tenure, Plan plan, int extra) {}

    enum Plan {
        basic,
        gold
    }

    @Test
    void tellsEveryMismatchWithTheHostsRecord() {
        Path folder = written();

        assertThatThrownBy(() -> Plimsoll.load(folder)
                        .as(Swapped.class, Output.probability())
                        .build())
                .isInstanceOfSatisfying(
                        ModelMismatchException.class,
                        e -> assertThat(e.mismatches())
                                .anySatisfy(
                                        m -> assertThat(m).contains("'age': in months (the package has it in years)"))
                                .anySatisfy(m -> assertThat(m).contains("'tenure': NUMBER (the package has INTEGER)"))
                                .anySatisfy(m -> assertThat(m).contains("'plan': has the categories [gold]"))
                                .anySatisfy(m -> assertThat(m).contains("'extra': not in the package")));
    }

    @Test
    void tellsAnOrderThatDiffersWhereTheModelHasOneInput() {
        List<Feature> names =
                List.of(Feature.number("sl"), Feature.number("sw"), Feature.number("pl"), Feature.number("pw"));
        List<Feature> swapped = new ArrayList<>(names);
        swapped.add(swapped.remove(0));
        Path folder = Packager.of(MODELS.resolve("iris-logreg/model.onnx"), Schema.ofDoubles(names), Output.classes())
                .output(Output.label())
                .samples(List.of(new double[] {5.1, 3.5, 1.4, 0.2}, new double[] {6.7, 3.0, 5.2, 2.3}))
                .write(temp.resolve("iris"))
                .folder();

        assertThatThrownBy(() -> Plimsoll.load(folder)
                        .as(Schema.ofDoubles(swapped), Output.classes())
                        .build())
                .isInstanceOf(ModelMismatchException.class)
                .hasMessageContaining("the order is [sw, pl, pw, sl] (the package has [sl, sw, pl, pw])");
        try (Predictor<Map<String, ?>, String> iris =
                Plimsoll.load(folder).as(Schema.ofMap(names), Output.label()).build()) {
            assertThat(iris.predict(Map.of("sl", 5.1, "sw", 3.5, "pl", 1.4, "pw", 0.2)))
                    .isEqualTo("0");
        }
    }

    // ---- bad manifests ------------------------------------------------------------------------------------------

    @Test
    void namesPathValueAndExpectationOfEveryProblemInTheManifest() {
        Path folder = written();
        edit(folder, m -> {
            at(m, "/features/0").put("type", "numbr");
            at(m, "/features/1").put("name", "plan");
            at(m, "/features/2").put("min", 3);
            at(m, "/files/0").put("bytes", -1);
            at(m, "/files/1").put("sha256", "AB");
            at(m, "/outputs/0").put("kind", "probability_of_class");
            at(m, "/metrics").put("auc", "high");
            m.put("modelCard", "../card.md");
            m.remove("name");
        });

        assertThat(problems(folder))
                .contains(
                        "$.name: missing (expected: the model's name)",
                        "$.features[0].type: 'numbr' (expected: one of [number, integer, boolean, category, text,"
                                + " timestamp, tensor])",
                        "$.features[2]: range of 'plan': CATEGORY has none (expected: NUMBER, INTEGER or TENSOR)",
                        "$.files[0].bytes: -1 (expected: a whole number >= 0)",
                        "$.files[1].sha256: 'AB' (expected: 64 hexadecimal digits in lower case)",
                        "$.outputs[0].class: missing (expected: the label of the class)",
                        "$.metrics.auc: 'high' (expected: a finite number)",
                        "$.modelCard: '../card.md' has a segment '..' (expected: a path within the folder, such as"
                                + " data/model.onnx)");
    }

    @Test
    void keepsPathsInTheFolder() {
        Path folder = written();
        for (String path : List.of(
                "../model.onnx",
                "/etc/passwd",
                "a/../../b",
                "C:\\model.onnx",
                "C:/model.onnx",
                "a\\b",
                "a\0b",
                "",
                ".",
                "a//b",
                "a/",
                "./a",
                "nul",
                "a/con.txt",
                "a.",
                " a",
                "a:b",
                "x".repeat(600),
                "a/".repeat(40) + "b",
                "\ud800")) {
            edit(folder, m -> at(m, "/files/0").put("path", path));
            assertThat(problems(folder)).as(path).anySatisfy(p -> assertThat(p).startsWith("$.files[0].path: '"));
        }
    }

    @Test
    void refusesANewerFormAndIgnoresNewKeysOfThisOne() {
        Path folder = written();
        edit(folder, m -> {
            m.put("formatVersion", "1.7");
            m.put("new key", 1);
            at(m, "/features/2").put("colour", "blue");
        });
        assertThat(problems(folder)).isEmpty();
        assertThat(ModelPackage.open(folder).unknownKeys()).containsExactly("$['new key']", "$.features[2].colour");

        for (String format : List.of("2.0", "0.9", "one", "1")) {
            edit(folder, m -> m.put("formatVersion", format));
            assertThat(problems(folder))
                    .as(format)
                    .singleElement()
                    .asString()
                    .startsWith("$.formatVersion: '" + format);
        }
        edit(folder, m -> m.put("formatVersion", "2.0"));
        assertThat(problems(folder)).singleElement().asString().contains("newer than this version of Plimsoll");
    }

    @Test
    void refusesAWholeHashThatIsNotThatOfTheFiles() {
        Path folder = written();
        edit(folder, m -> m.put("sha256", "0".repeat(64)));

        assertThat(problems(folder)).singleElement().asString().startsWith("$.sha256: 0000");
    }

    @Test
    void refusesWhatIsNoManifest() throws IOException {
        Path folder = written();
        for (String text : List.of(
                "",
                " ",
                "null",
                "[]",
                "{",
                "{} {}",
                "{\"name\":1,\"name\":2}",
                "[".repeat(100_000),
                "\u0000\u0001",
                "{\"formatVersion\":1}",
                "{\"a\":" + "9".repeat(2000) + "}")) {
            Files.writeString(folder.resolve("plimsoll.json"), text);
            assertThat(problems(folder)).as(text.length() > 50 ? "long" : text).isNotEmpty();
        }
        Files.write(folder.resolve("plimsoll.json"), new byte[9 << 20]);
        assertThat(problems(folder)).singleElement().asString().contains("more than 8388608 bytes");
        assertThatThrownBy(() -> ModelPackage.open(temp))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("no plimsoll.json");
    }
}
