package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.Plimsoll;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackTest {

    private static final Path PACKAGE = Path.of("src/test/resources/packages/churn-1.0");

    @TempDir
    Path temp;

    private static Map<String, byte[]> files(String prefix) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> list = Files.list(PACKAGE)) {
            for (Path file : list.sorted().toList()) {
                files.put(prefix + file.getFileName(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files;
    }

    private Path zip(Map<String, byte[]> files) throws IOException {
        Path archive = Files.createTempFile(temp, "a", ".zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        return archive;
    }

    static byte[] tarHeader(String name, char type, long size) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 124, String.format("%011o\0", size));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, header.length - at));
    }

    private static byte[] tarEntry(String name, char type, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tarHeader(name, type, content.length));
        out.write(content);
        out.write(new byte[(512 - content.length % 512) % 512]);
        return out.toByteArray();
    }

    private Path tarGz(List<byte[]> entries) throws IOException {
        Path archive = Files.createTempFile(temp, "a", ".tgz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            for (byte[] entry : entries) {
                out.write(entry);
            }
            out.write(new byte[1024]);
        }
        return archive;
    }

    private void assertRefused(Path archive, UnpackLimits limits, String text) throws IOException {
        assertThatThrownBy(() -> ModelPackage.unpack(archive, temp.resolve("refused"), limits))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining(text);
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    private void assertRefused(Path archive, String text) throws IOException {
        assertRefused(archive, UnpackLimits.defaults(), text);
    }

    @Test
    void unpacksAZipAtTheTopOrInAFolder() throws IOException {
        for (String prefix : List.of("", "churn/")) {
            Path target = temp.resolve("to" + prefix.length() + "/churn");
            ModelPackage churn = ModelPackage.unpack(zip(files(prefix)), target, UnpackLimits.defaults());

            assertThat(churn.folder()).isEqualTo(target);
            try (Model model = Plimsoll.load(target).open()) {
                assertThat(model.description().id()).isEqualTo(churn.id());
            }
        }
    }

    @Test
    void unpacksATarGz() throws IOException {
        List<byte[]> entries = new ArrayList<>();
        entries.add(tarEntry("./", '5', new byte[0]));
        for (Map.Entry<String, byte[]> file : files("./").entrySet()) {
            if (file.getKey().endsWith("model.onnx")) {
                String path = "path=./model.onnx\n";
                entries.add(tarEntry("pax", 'x', ((path.length() + 3) + " " + path).getBytes(StandardCharsets.UTF_8)));
                entries.add(tarEntry("short", '0', file.getValue()));
            } else if (file.getKey().endsWith("golden-samples.json")) {
                entries.add(tarEntry("././@LongLink", 'L', (file.getKey() + "\0").getBytes(StandardCharsets.UTF_8)));
                entries.add(tarEntry("golden", '0', file.getValue()));
            } else {
                entries.add(tarEntry(file.getKey(), '0', file.getValue()));
            }
        }

        assertThat(ModelPackage.unpack(tarGz(entries), temp.resolve("to"), UnpackLimits.defaults())
                        .id())
                .hasToString("churn:2026-03");
    }

    @Test
    void refusesPathsThatLeadOut() throws IOException {
        for (String name : List.of("../x", "/etc/x", "a/../../x", "C:/x", "a\\..\\x", "a\u0000b", "..", "sub//x")) {
            Map<String, byte[]> files = files("");
            files.put(name, new byte[1]);
            assertRefused(zip(files), "entry '");
            assertRefused(tarGz(List.of(tarEntry(name.replace('\0', '\n'), '0', new byte[1]))), "entry '");
        }
        assertThat(temp.resolveSibling("x")).doesNotExist();
    }

    @Test
    void refusesLinksAndDevicesInATar() throws IOException {
        for (char type : new char[] {'1', '2', '3', '4', '6', 'S', 'K'}) {
            assertRefused(tarGz(List.of(tarEntry("model.onnx", type, new byte[0]))), "files and folders only");
        }
    }

    @Test
    void refusesTheSameNameTwice() throws IOException {
        Map<String, byte[]> files = files("");
        files.remove("model.onnx");
        files.put("model.onnx", new byte[1]);
        files.put("MODEL.onnx", new byte[1]);
        assertRefused(zip(files), "'MODEL.onnx' is there twice");
        Map<String, byte[]> under = new LinkedHashMap<>();
        under.put("a", new byte[1]);
        under.put("a/b", new byte[1]);
        assertRefused(zip(under), "is in an entry that is a file");
    }

    @Test
    void keepsToTheLimits() throws IOException {
        Map<String, byte[]> bomb = new LinkedHashMap<>();
        bomb.put("zeros", new byte[8 << 20]);
        assertRefused(zip(bomb), "zip bomb");
        assertRefused(tarGz(List.of(tarEntry("zeros", '0', new byte[8 << 20]))), "zip bomb");
        assertRefused(zip(bomb), new UnpackLimits(10, 1 << 20, 1_000_000), "more than 1048576 bytes");
        assertRefused(zip(files("")), new UnpackLimits(3, 1 << 20, 200), "more than 3 entries");
        assertRefused(zip(Map.of("a/b/c/d/e", new byte[1])), new UnpackLimits(4, 1 << 20, 200), "more than 4 entries");
        assertThatThrownBy(() -> new UnpackLimits(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsDamagedOrHoldsNoPackage() throws IOException {
        Path zip = zip(files(""));
        byte[] bytes = Files.readAllBytes(zip);
        for (int cut = 50; cut < bytes.length / 2; cut += 50) {
            Files.write(zip, java.util.Arrays.copyOf(bytes, cut));
            assertRefused(zip, "archive ");
        }
        Files.write(zip, new byte[0]);
        assertRefused(zip, "neither as a zip nor as a tar.gz");
        Files.write(zip, new byte[] {0x1f, (byte) 0x8b, 8, 0});
        assertRefused(zip, "is damaged");
        assertRefused(zip(Map.of("readme.txt", new byte[1])), "no plimsoll.json");
        Map<String, byte[]> changed = files("");
        changed.put("model.onnx", new byte[471]);
        assertRefused(zip(changed), "'model.onnx': SHA-256");
        byte[] badSum = tarEntry("a", '0', new byte[0]);
        badSum[0] = 'b';
        assertRefused(tarGz(List.of(badSum)), "checksum");
    }

    @Test
    void writesOverNothing() throws IOException {
        Path zip = zip(files(""));
        assertThatThrownBy(() -> ModelPackage.unpack(zip, temp, UnpackLimits.defaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("exists");
    }
}
