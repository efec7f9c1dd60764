package io.github.plimsoll.core.internal.booster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.ForkedJvm;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.ProcessTest;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What XGBoost and LightGBM could do to a process, each in a JVM of its own. */
class BoosterProcessTest {

    private static final String XGBOOST = "breastcancer-xgb/model.ubj";
    private static final String LIGHTGBM = "credit20-lgbm/model.txt";

    private static final String CLASSES_OF_XGBOOST = "boosters/xgb-classes/model.ubj"; // by another way than one output
    private static final String CLASSES_OF_LIGHTGBM = "boosters/lgbm-classes/model.txt";

    private static String path(String name) {
        return TestModels.path(name).toString();
    }

    @ParameterizedTest
    @CsvSource({XGBOOST + ", 200", LIGHTGBM + ", 200", CLASSES_OF_XGBOOST + ", 200", CLASSES_OF_LIGHTGBM + ", 200"})
    void closingUnderRunningCallsIsSafe(String name, String rounds) throws Exception {
        ForkedJvm.Result result =
                ForkedJvm.of(ProcessTest.CloseWhileRunning.class).run(path(name), "AUTOMATIC", rounds);

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).contains("0 failures");
    }

    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource({XGBOOST + ", 100", LIGHTGBM + ", 100"})
    void loadingAndClosingLevelsOff(String name, String cycles) throws Exception {
        assertNoGrowth(name, cycles);
    }

    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @EnabledIfSystemProperty(named = "plimsoll.tests.long", matches = "true")
    @CsvSource({
        XGBOOST + ", 500",
        LIGHTGBM + ", 500",
        "breastcancer-xgb/model.json, 5000",
        LIGHTGBM + ", 5000",
        CLASSES_OF_XGBOOST + ", 5000",
        CLASSES_OF_LIGHTGBM + ", 5000"
    })
    void manyLoadsAndClosesLevelOff(String name, String cycles) throws Exception {
        assertNoGrowth(name, cycles);
    }

    private static void assertNoGrowth(String name, String cycles) throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(ProcessTest.LoadAndCloseOften.class)
                .heapOfOneSize("64m")
                .run(path(name), "AUTOMATIC", cycles, "30");

        assertThat(result.exit()).as(result.output()).isZero();
        System.getLogger("memory").log(System.Logger.Level.INFO, name + " x " + cycles + ": " + result.output());
    }

    @ParameterizedTest
    @CsvSource({
        XGBOOST + ", xgboost-0, ai.djl.ml.xgboost:xgboost:0.35.0",
        LIGHTGBM + ", lightgbm4j-, io.github.metarank:lightgbm4j:4.3.0-1"
    })
    void withoutItsJarTheEngineIsNamedAndTheOthersWork(String name, String jar, String coordinates) throws Exception {
        String onnx = path("credit20-mlp");
        ForkedJvm.Result result = ForkedJvm.of(ProcessTest.LoadAndRun.class)
                .without(jar)
                .run(path(name), "AUTOMATIC", path(name), "AUTOMATIC", onnx, "AUTOMATIC");

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output().split("EngineUnavailableException: model .*" + coordinates, -1))
                .as(result.output())
                .hasSize(3);
        assertThat(result.output()).contains("answered by direct");
    }

    @ParameterizedTest
    @ValueSource(strings = {XGBOOST, LIGHTGBM})
    void neitherDjlNorOnnxRuntimeIsNeeded(String name) throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(ProcessTest.LoadAndRun.class)
                .without("onnxruntime-", "api-0.38")
                .run(path(name), "AUTOMATIC");

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).contains("answered by native, intra-op threads 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {XGBOOST, LIGHTGBM})
    void aNativeLibraryThatCannotBeUnpackedIsExplained(String name) throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(UnpackNowhere.class)
                .flag("-Djava.io.tmpdir=/no/such/folder") // newer JDKs read it before main
                .run(path(name));

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("EngineUnavailableException: model " + path(name))
                .contains("java.io.tmpdir=/no/such/folder");
    }

    /** Another process that unpacks to the same path would change the library under this one. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theLibraryOfLightgbmIsWhereNoOtherProcessFindsIt() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(ListUnpacked.class).run(path(LIGHTGBM));

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).contains("unpacked: []");
    }

    /** Damage that would end the process in native code must not get there. */
    @ParameterizedTest
    @CsvSource({
        XGBOOST + ", 400",
        "breastcancer-xgb/model.json, 400",
        LIGHTGBM + ", 400",
        "boosters/xgb-partition/model.ubj, 200",
        "boosters/xgb-linear/model.ubj, 200",
        "boosters/lgbm-categories/model.txt, 200",
        "boosters/lgbm-linear-trees/model.txt, 200"
    })
    void damagedModelsAreRefusedOrAnswerButNeverCrash(String name, String files) throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(LoadDamaged.class).run(path(name), files);

        assertThat(result.exit()).as(result.output()).isZero();
        System.getLogger("damage").log(System.Logger.Level.INFO, name + ": " + result.output());
    }

    @Test
    @EnabledIfSystemProperty(named = "plimsoll.tests.long", matches = "true")
    void moreDamage() throws Exception {
        for (String name : List.of(
                XGBOOST,
                "breastcancer-xgb/model.json",
                LIGHTGBM,
                CLASSES_OF_XGBOOST,
                CLASSES_OF_LIGHTGBM,
                "boosters/xgb-partition/model.json",
                "boosters/xgb-partition/model.ubj",
                "boosters/xgb-pandas/model.json",
                "boosters/xgb-dart/model.ubj",
                "boosters/xgb-linear-classes/model.json",
                "boosters/xgb-linear-classes/model.ubj",
                "boosters/lgbm-categories/model.txt",
                "boosters/lgbm-linear-trees/model.txt")) {
            damagedModelsAreRefusedOrAnswerButNeverCrash(name, "10000");
        }
    }

    // ---- main classes ----

    /** Argument: model. */
    static final class UnpackNowhere {
        public static void main(String[] args) {
            try {
                ModelLoading.load(Path.of(args[0]), LoadOptions.defaults());
                System.exit(1);
            } catch (EngineUnavailableException e) {
                System.out.println(e);
            }
        }
    }

    /** Argument: model. */
    static final class ListUnpacked {
        public static void main(String[] args) throws Exception {
            try (Model model = ModelLoading.load(Path.of(args[0]), LoadOptions.defaults());
                    var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
                System.out.println("unpacked: "
                        + files.filter(file -> file.toString().contains("lightgbm"))
                                .toList());
            }
        }
    }

    /** Arguments: model, number of damaged copies. */
    static final class LoadDamaged {
        public static void main(String[] args) throws Exception {
            Path original = Path.of(args[0]);
            byte[] bytes = Files.readAllBytes(original);
            Path copy = Files.createTempDirectory("damaged").resolve(original.getFileName());
            Random random = new Random(7);
            int refused = 0;
            int answered = 0;
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                byte[] damaged = bytes.clone();
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    int at = random.nextInt(damaged.length);
                    damaged[at] = random.nextBoolean()
                            ? (byte) (damaged[at] ^ (1 << random.nextInt(8)))
                            : (byte) ('0' + random.nextInt(10));
                }
                Files.write(copy, damaged);
                try (Model model = ModelLoading.load(copy, LoadOptions.defaults())) {
                    InferencePlan plan = model.plan(List.of(
                            model.description().signature().outputs().get(0).name()));
                    try (Inference inference = plan.begin(8)) {
                        for (int e = 0; e < inference.input(0).length(); e++) {
                            inference.input(0).number(e, random.nextGaussian() * 100);
                        }
                        inference.run();
                    }
                    answered++;
                } catch (ModelLoadException e) {
                    refused++;
                }
            }
            System.out.println(answered + " answered, " + refused + " refused");
        }
    }
}
