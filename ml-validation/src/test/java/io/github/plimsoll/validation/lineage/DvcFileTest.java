package io.github.plimsoll.validation.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.validation.lineage.DvcFile.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DvcFileTest {

    private static final String HELLO = "5d41402abc4b2a76b9719d911017c592"; // of "hello", as everybody knows

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void write() throws IOException {
        data = Files.writeString(folder.resolve("train.csv"), "hello");
    }

    private DvcFile dvc(String yaml) throws IOException {
        return DvcFile.read(Files.writeString(folder.resolve("train.csv.dvc"), yaml));
    }

    private static String md5(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aFileIsTheTrackedOneIfSizeAndHashAre() throws IOException {
        String yaml = """
                outs:
                - md5: 5d41402abc4b2a76b9719d911017c592
                  size: 5
                  hash: md5
                  path: train.csv
                """;

        assertThat(dvc(yaml).verify().get(0)).hasToString("train.csv: matches: MD5 " + HELLO);

        Files.writeString(data, "hallo");
        assertThat(dvc(yaml).verify().get(0).status()).isEqualTo(Status.DIFFERS);
        assertThat(dvc(yaml).verify().get(0).reason())
                .isEqualTo("MD5 598d4c200461b81522a3328565c25f7c (expected: " + HELLO + ")");

        Files.writeString(data, "hello!");
        assertThat(dvc(yaml).verify().get(0).reason()).isEqualTo("6 bytes (expected: 5)");

        Files.delete(data);
        assertThat(dvc(yaml).verify().get(0).status()).isEqualTo(Status.MISSING);
    }

    @Test
    void lineEndsOfTextsDoNotMatterToVersionsBeforeThree() throws Exception {
        Files.writeString(data, "a,b\r\n1,\r2\r\n\r");
        String old = "outs:\n- {md5: " + md5("a,b\n1,\r2\n\r") + ", path: train.csv}\n";
        String three = "outs:\n- {md5: " + md5("a,b\n1,\r2\n\r") + ", hash: md5, path: train.csv}\n";

        assertThat(dvc(old).verify().get(0).status()).isEqualTo(Status.MATCHES);
        assertThat(dvc(three).verify().get(0).status()).isEqualTo(Status.DIFFERS);

        Files.write(data, "a\0\r\n".getBytes(StandardCharsets.UTF_8)); // no text
        assertThat(dvc("outs:\n- {md5: " + md5("a\0\n") + ", path: train.csv}\n")
                        .verify()
                        .get(0)
                        .status())
                .isEqualTo(Status.DIFFERS);
    }

    /** The first versions looked at the beginning of the file only, which a real one of today does not do any more. */
    @Test
    void onlyTheBeginningOfAFileTellsTheFirstVersionsThatItIsText() throws Exception {
        String beginning = "x\n".repeat(1 << 19);
        Files.writeString(data, beginning + "\0\r\n");

        assertThat(dvc("outs:\n- {md5: " + md5(beginning + "\0\n") + ", path: train.csv}\n")
                        .verify()
                        .get(0)
                        .status())
                .isEqualTo(Status.MATCHES);
    }

    @Test
    void aFolderIsHashedAsTheListOfItsFiles() throws Exception {
        Path images = Files.createDirectories(folder.resolve("images/b"));
        Files.writeString(images.resolve("2.png"), "two");
        Files.writeString(folder.resolve("images/ä \"1\".png"), "one");
        String list = "[{\"md5\": \"" + md5("two") + "\", \"relpath\": \"b/2.png\"}, {\"md5\": \"" + md5("one")
                + "\", \"relpath\": \"\\u00e4 \\\"1\\\".png\"}]";
        String yaml = "outs:\n- {md5: " + md5(list) + ".dir, size: 6, nfiles: 2, hash: md5, path: images}\n";

        assertThat(dvc(yaml).verify().get(0).status()).isEqualTo(Status.MATCHES);

        Files.writeString(images.resolve("3.png"), "");
        assertThat(dvc(yaml).verify().get(0).reason()).isEqualTo("3 files (expected: 2)");
    }

    @Test
    void aFolderWhereAFileIsExpectedIsAnotherThing() throws IOException {
        Files.delete(data);
        Files.createDirectory(data);

        assertThat(dvc("outs:\n- {md5: " + HELLO + ", path: train.csv}\n")
                        .verify()
                        .get(0)
                        .reason())
                .isEqualTo("a folder (expected: a file)");
    }

    @Test
    void whatIsNoFileOfDvcIsRefused() {
        assertRefused("outs: [", "not valid YAML");
        assertRefused("deps: []", "no 'outs' (expected: a list of outputs)");
        assertRefused("outs: [a]", "outs[0]: a (expected: a mapping)");
        assertRefused("outs: [{path: a}]", "outs[0].md5: null (expected: 32 hexadecimal digits");
        assertRefused("outs: [{md5: " + HELLO + ", path: ../../etc/passwd}]", "expected: a relative path that stays");
        assertRefused("outs: [{md5: " + HELLO + ", path: /etc/passwd}]", "expected: a relative path that stays");
        assertRefused("outs: [{md5: " + HELLO + ", path: a, size: big}]", "outs[0].size: big");
        assertRefused(
                "wdir: ..\nouts: [{md5: " + HELLO + ", path: a}]", "outs[0].path: ../a (expected: a relative path");
        assertRefused("wdir: [a]\nouts: [{md5: " + HELLO + ", path: a}]", "wdir: [a] (expected: a relative path)");
    }

    private void assertRefused(String yaml, String why) {
        assertThatThrownBy(() -> dvc(yaml)).isInstanceOf(LineageException.class).hasMessageContaining(why);
    }

    @Test
    void aPackageNamesTheHash() throws IOException {
        DvcFile file = dvc("outs:\n- {md5: " + HELLO + ", path: train.csv}\n");

        assertThat(file.describe(TrainingData.unknown()).lineage()).containsEntry("dvc", HELLO);
    }
}
