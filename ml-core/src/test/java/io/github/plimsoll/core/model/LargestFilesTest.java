package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.internal.Bounded;
import io.github.plimsoll.core.internal.pack.Hashes;
import io.github.plimsoll.core.internal.pack.PackagedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as large as they may be, made to grow into as much memory as they can. */
class LargestFilesTest {

    private static final Path PACKAGE = Path.of("src/test/resources/packages/churn-1.0");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    private static byte[] filled(String start, String repeated, int size) {
        return (start + repeated.repeat((size - start.length()) / repeated.length())).getBytes(StandardCharsets.UTF_8);
    }

    private void manifest(byte[] bytes) {
        Bounded.run(bytes.length, () -> {
            Files.write(temp.resolve("plimsoll.json"), bytes);
            assertThatThrownBy(() -> ModelPackage.open(temp)).isInstanceOf(ModelPackageException.class);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"features\": [', '0,'",
        "'{\"features\": [', '{},'",
        "'{\"features\": [', '[],'",
        "'{\"files\": [', '{\"path\":\"a\"},'",
        "'{\"name\": \"', 'x'",
        "'{\"name\": ', '['",
        "'', '{\"a\":'",
    })
    void manifestsAndGoldenSamples(String start, String repeated) throws IOException {
        manifest(filled(start, repeated, 8 << 20));
        golden(filled(start, repeated, 32 << 20));
    }

    @Test
    void manyDifferentNames() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; text.length() < (8 << 20) - 20; i++) {
            text.append('"').append(Integer.toString(i, 36)).append("\":0,");
        }
        manifest(text.append("\"\":0}").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** In a package that is otherwise sound. */
    private void golden(byte[] bytes) throws IOException {
        Path copy = Files.createDirectory(temp.resolve("golden"));
        try (Stream<Path> files = Files.list(PACKAGE)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        Files.write(copy.resolve("golden-samples.json"), bytes);
        ObjectNode manifest =
                (ObjectNode) JSON.readTree(copy.resolve("plimsoll.json").toFile());
        List<PackagedFile> files = new ArrayList<>();
        for (JsonNode file : manifest.get("files")) {
            String path = file.get("path").asText();
            PackagedFile now = Hashes.of(copy.resolve(path), path);
            ((ObjectNode) file).put("bytes", now.bytes()).put("sha256", now.sha256());
            files.add(now);
        }
        manifest.put("sha256", Hashes.whole(files));
        JSON.writeValue(copy.resolve("plimsoll.json").toFile(), manifest);
        Bounded.run(
                bytes.length,
                () -> assertThatThrownBy(() -> Plimsoll.load(copy).open())
                        .isInstanceOf(ModelPackageException.class)
                        .hasMessageContaining("golden-samples.json: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- 1\n",
                "- []\n",
                "- {}\n",
                "- a: b\n",
                "- '1'\n",
                "  x",
                "- &a a\n",
                "- [[[[[[[[]]]]]]]]\n",
                "? "
            })
    void mlmodels(String repeated) {
        byte[] bytes = filled("flavors:\n", repeated, 4 << 20);
        Bounded.run(bytes.length, () -> {
            Files.write(temp.resolve("MLmodel"), bytes);
            assertThatThrownBy(() -> Plimsoll.load(temp).open()).isInstanceOf(ModelLoadException.class);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,", "{},", "[],", "{\"type\":\"long\"},", "{\"type\":\"array\",\"items\":"})
    void signaturesOfMlmodels(String repeated) {
        byte[] bytes = filled("signature: {inputs: '[", repeated, (4 << 20) - 3);
        Bounded.run(bytes.length, () -> {
            Files.write(temp.resolve("MLmodel"), bytes);
            Files.writeString(temp.resolve("MLmodel"), "'}", java.nio.file.StandardOpenOption.APPEND);
            assertThatThrownBy(() -> MlflowSignature.read(temp)).isInstanceOf(ModelLoadException.class);
        });
    }

    @Test
    void signatures() throws IOException {
        Path signed = Path.of("src/test/resources/signed");
        PackagePolicy trust = PackagePolicy.defaults().signedBy(signed.resolve("keys/p256.pub"));
        for (String repeated : List.of("{},", "0,")) {
            byte[] bytes = filled("{\"dsseEnvelope\": [", repeated, 16 << 20);
            Files.write(temp.resolve("model.sig"), bytes);
            Bounded.run(
                    bytes.length,
                    () -> assertThatThrownBy(
                                    () -> Plimsoll.load(temp).with(trust).open())
                            .isInstanceOf(ModelPackageException.class)
                            .hasMessageContaining("model.sig: "));
        }
    }

    /** What is unpacked goes to the disk, so it costs no memory: zeros, a thousand times the archive's size. */
    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar.gz"})
    void archives(String kind) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (kind.equals("zip")) {
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.putNextEntry(new ZipEntry("zeros"));
                zip.write(new byte[64 << 20]);
            }
        } else {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(UnpackTest.tarHeader("zeros", '0', 64 << 20));
                gzip.write(new byte[64 << 20]);
            }
        }
        Path archive = Files.write(temp.resolve("archive"), out.toByteArray());
        for (UnpackLimits limits : List.of(UnpackLimits.defaults(), new UnpackLimits(9, 1L << 40, Integer.MAX_VALUE))) {
            Bounded.run(
                    0,
                    () -> assertThatThrownBy(() -> ModelPackage.unpack(archive, temp.resolve("to"), limits))
                            .isInstanceOf(ModelPackageException.class));
        }
    }
}
