package io.github.plimsoll.validation.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFingerprintTest {

    private static final String RIDES = "fare,company\n12.5,Blue\n7,Red\n7,Red\n,Blue\n";

    @TempDir
    Path folder;

    private int files;

    private Table csv(String text) {
        return Table.csv(file("table" + files++ + ".csv", text));
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DataFingerprint of(String csv) {
        return DataFingerprint.of(csv(csv));
    }

    @Test
    void theFormOfTheTableDoesNotMatter() throws IOException {
        DataFingerprint data = of(RIDES);

        assertThat(of("fare,company\n,Blue\n7.0,Red\n12.50,Blue\n7e0,\"Red\"\n"))
                .isEqualTo(data); // sorted, written otherwise
        assertThat(of("company,fare\nBlue,12.5\nRed,7\nRed,7\nBlue,\n")).isEqualTo(data); // columns moved
        assertThat(DataFingerprint.of(
                        csv(RIDES.replace('.', '#').replace(',', ';').replace('#', ','))
                                .separator(';')
                                .decimalSeparator(',')))
                .isEqualTo(data);
        assertThat(DataFingerprint.of(Table.jsonLines(file("rides.jsonl", """
                        {"fare": 12.5, "company": "Blue"}
                        {"company": "Red", "fare": 7}
                        {"company": "Red", "fare": 7.0}
                        {"fare": null, "company": "Blue"}
                        """))))
                .isEqualTo(data);
        assertThat(DataFingerprint.of(Table.rows(List.of(
                        Map.of("fare", 12.5, "company", "Blue"),
                        Map.of("fare", 7L, "company", "Red"),
                        Map.of("fare", 7, "company", "Red"),
                        Map.of("company", "Blue")))))
                .isEqualTo(data);
    }

    @Test
    void whatDiffersIsSeen() {
        DataFingerprint data = of(RIDES);

        assertThat(of("fare,company\n12.5,Blue\n7,Red\n,Blue\n").content())
                .isNotEqualTo(data.content()); // a repeat less
        assertThat(of("fare,company\n12.5,Red\n7,Red\n7,Blue\n,Blue\n").columns())
                .isEqualTo(data.columns());
        assertThat(of("fare,company\n12.5,Red\n7,Red\n7,Blue\n,Blue\n").content())
                .isNotEqualTo(data.content()); // the same values in other rows
        assertThat(of(RIDES.replace("7,Red", "007,Red")).columns().get("fare"))
                .isNotEqualTo(data.columns().get("fare")); // a code is no number
        assertThat(of(RIDES.replace("fare", "tips")).schema()).isNotEqualTo(data.schema());
        assertThat(of("a,b\n1,23\n").content()).isNotEqualTo(of("a,b\n12,3\n").content());
        assertThat(of("id\n9007199254740993\n").content())
                .isNotEqualTo(of("id\n9007199254740992\n").content());
    }

    @Test
    void theContentIsTheSumOfTheRowsHashes() throws Exception {
        BigInteger sum = BigInteger.ZERO;
        for (String[] row : new String[][] {{"company", "Blue", "fare", "12.5"}, {"company", "Red", "fare", "7"}}) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part : row) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                sha.update(new byte[] {0, 0, 0, (byte) bytes.length});
                sha.update(bytes);
            }
            sum = sum.add(new BigInteger(1, sha.digest()));
        }
        String expected = String.format("%064x", sum.mod(BigInteger.ONE.shiftLeft(256)));

        assertThat(of("fare,company\n12.5,Blue\n7,Red\n").content()).isEqualTo(expected);
        assertThat(of("fare,company\n").content()).isEqualTo("0".repeat(64));
    }

    @Property(tries = 60)
    void theSumIsThatOfBigNumbersInAnyOrder(@ForAll Random random) {
        List<Map<String, Object>> rows = new ArrayList<>();
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < 40; i++) {
            Map<String, Object> row = Map.of("x", random.nextInt(20));
            rows.add(row);
            sum = sum.add(new BigInteger(
                    1,
                    HexFormat.of()
                            .parseHex(
                                    DataFingerprint.of(Table.rows(List.of(row))).content())));
        }
        Collections.shuffle(rows, random);

        assertThat(DataFingerprint.of(Table.rows(rows)).content())
                .isEqualTo(String.format("%064x", sum.mod(BigInteger.ONE.shiftLeft(256))));
    }

    @Test
    void aFileOfItIsReadBack() {
        DataFingerprint data = of(RIDES);

        assertThat(DataFingerprint.read(file("data.json", data.toJson()))).isEqualTo(data);
        assertThat(data.toJson()).isEqualTo("""
                {
                  "plimsoll-fingerprint" : 1,
                  "rows" : 4,
                  "content" : "%s",
                  "schema" : "%s",
                  "columns" : {
                    "company" : "%s",
                    "fare" : "%s"
                  }
                }
                """.formatted(
                        data.content(),
                        data.schema(),
                        data.columns().get("company"),
                        data.columns().get("fare")));
    }

    @Test
    void aFileThatIsNoneIsRefusedWithWhatIsWrong() {
        String json = of(RIDES).toJson();

        assertRefused("{", "not valid JSON");
        assertRefused("[]", "plimsoll-fingerprint:  (expected: 1)");
        assertRefused(json.replace("\" : 1", "\" : 2"), "expected: 1; it needs a newer Plimsoll");
        assertRefused(json.replace("\"rows\" : 4", "\"rows\" : -4"), "rows: -4 (expected: a whole number >= 0)");
        assertRefused(json.replace("\"content\" : \"", "\"content\" : \"x"), "content: \"x");
    }

    private static void assertRefused(String json, String why) {
        assertThatThrownBy(() -> DataFingerprint.parse(json))
                .isInstanceOf(LineageException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aPackageNamesTheRowsAndTheirContent() {
        DataFingerprint data = of(RIDES);

        TrainingData described = data.describe(TrainingData.unknown());

        assertThat(described.rows()).isEqualTo(4);
        assertThat(described.lineage()).containsEntry("plimsoll-rows", data.content());
    }
}
