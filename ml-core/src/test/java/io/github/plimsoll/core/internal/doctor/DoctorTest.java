package io.github.plimsoll.core.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.Diagnosis;
import io.github.plimsoll.core.Diagnosis.Finding;
import io.github.plimsoll.core.Diagnosis.Status;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.internal.ForkedJvm;
import io.github.plimsoll.core.internal.onnx.OrtRuntime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class DoctorTest {

    /** Prints the diagnosis; with arguments, of a model, twice. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            System.out.println(args.length == 0 ? Plimsoll.doctor() : Plimsoll.doctor(Path.of(args[0])));
            System.out.println("engine loaded: " + isLoaded());
        }

        private static boolean isLoaded() {
            try {
                return OrtRuntime.ifStarted() != null;
            } catch (LinkageError e) {
                return false;
            }
        }
    }

    @Test
    void aSoundProcessIsFoundSoundWithoutAnyEngineStarted() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(Main.class).run();

        assertThat(result.output())
                .contains("OK    ONNX Runtime: onnxruntime-", "native library for")
                .contains("OK    DJL: api-", "with onnxruntime-engine-")
                .contains("OK    offline: DJL downloads nothing (set when the first model is loaded)")
                .contains("OK    call home: DJL reports nothing")
                .contains("OK    temp folder: ")
                .contains("OK    ONNX Runtime environment: not started by this library yet")
                .contains("engine loaded: false")
                .doesNotContain("FAIL");
        assertThat(result.exit()).isZero();
    }

    @Test
    void worksWithoutAnyEngine() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(Main.class)
                .without("onnxruntime", "api-0", "djl", "snakeyaml", "xgboost", "lightgbm4j")
                .run();

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("WARN  ONNX Runtime: not on the class path, and no other engine either -> add"
                        + " com.microsoft.onnxruntime:onnxruntime")
                .contains("OK    DJL: not on the class path");
    }

    /** Another library, or the host, uses ONNX Runtime before this library does. */
    static final class AfterAnother {
        private AfterAnother() {}

        public static void main(String[] args) {
            OrtEnvironment.getEnvironment("theirs");
            System.out.println(Plimsoll.doctor());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anotherLibrarysEnvironmentIsSeenBeforeTheFirstLoad() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(AfterAnother.class).run();

        assertThat(result.output())
                .contains(
                        "WARN  ONNX Runtime environment: not started by this library, but the native library is in the"
                                + " process: another library was first");
    }

    @Test
    void jarsThatDoNotFitTogetherAreSeenBeforeTheFirstLoad() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(Main.class).without("api-0.").run();

        assertThat(result.output())
                .contains("WARN  linkage: ai.djl.onnxruntime.engine.OrtEngine cannot be linked:"
                        + " java.lang.NoClassDefFoundError: ai/djl/engine/Engine -> use versions")
                .contains("engine loaded: false");
    }

    @Test
    void saysWhatStandsInTheWay() throws Exception {
        Path cache = Path.of("pom.xml", "cache").toAbsolutePath(); // below a file

        ForkedJvm.Result result = ForkedJvm.of(Main.class)
                .flag("-Donnxruntime.native.path=/nowhere")
                .flag("-Dai.djl.offline=false")
                .flag("-DDJL_CACHE_DIR=" + cache)
                .run();

        assertThat(result.output())
                .contains("FAIL  ONNX Runtime: ", "onnxruntime.native.path=/nowhere has no")
                .contains("WARN  offline: DJL may download engines and models, by the host's ai.djl.offline=false")
                .contains("WARN  cache folder: " + cache + ": cannot be written to -> set DJL_CACHE_DIR");
    }

    @Test
    void loadsAModelIfAskedTo() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(Main.class)
                .run(Path.of("src/test/resources/mlflow/onnx-columns")
                        .toAbsolutePath()
                        .toString());

        assertThat(result.output())
                .contains("OK    model: onnx-columns:", "loads: OnnxRuntime ")
                .contains("OK    ONNX Runtime environment: started, shared with DJL")
                .contains("engine loaded: true");
    }

    @Test
    void aModelThatDoesNotLoadIsAFinding() {
        Diagnosis diagnosis = Plimsoll.doctor(Path.of("no", "such"));

        assertThat(diagnosis.status()).isEqualTo(Status.FAIL);
        assertThat(diagnosis.findings())
                .anySatisfy(finding -> assertThat(finding.toString())
                        .startsWith("FAIL  model: model ")
                        .contains("no such file or folder"));
    }

    @Test
    void onNewerJvmsNativeAccessIsLookedAt() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(Main.class).withoutNativeAccess().run();

        if (Runtime.version().feature() < 24) {
            assertThat(result.output()).doesNotContain("native access");
        } else {
            assertThat(result.output())
                    .contains("WARN  native access: not allowed for ALL-UNNAMED")
                    .contains("--enable-native-access=ALL-UNNAMED");
        }
    }

    @Test
    void isReadByMachines() throws Exception {
        Diagnosis diagnosis = new Diagnosis(
                List.of(new Finding(Status.OK, "a", "good", ""), new Finding(Status.WARN, "b", "\"bad\"", "mend it")));

        JsonNode json = new ObjectMapper().readTree(diagnosis.toJson());

        assertThat(json.get("status").asText()).isEqualTo("WARN");
        assertThat(json.at("/findings/1/what").asText()).isEqualTo("\"bad\"");
        assertThat(json.at("/findings/1/remedy").asText()).isEqualTo("mend it");
        assertThat(diagnosis).hasToString("OK    a: good\nWARN  b: \"bad\" -> mend it");
        assertThatThrownBy(() -> new Finding(Status.FAIL, "a", "b", " ")).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Diagnosis(List.of()).status()).isEqualTo(Status.OK);
    }
}
