package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that nobody would write on purpose, and contracts that nobody can keep. */
class HostileTablesTest {

    @TempDir
    Path folder;

    private static final DataContract CONTRACT = DataContract.of(
            "people",
            ColumnContract.of(Feature.text("name").nullable()),
            ColumnContract.of(Feature.number("age").range(0, 150)));

    private Path file(byte[] bytes) throws Exception {
        return Files.write(folder.resolve("t.csv"), bytes);
    }

    private Table csv(String text, Charset charset) throws Exception {
        return Table.csv(file(text.getBytes(charset))).charset(charset);
    }

    private Table csv(String text) throws Exception {
        return Table.csv(file(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> anomalies(Table table) {
        return TableValidation.of(CONTRACT).validate(table).anomalies().stream()
                .map(Anomaly::toString)
                .toList();
    }

    @Test
    void raggedLinesEndAValidationUnlessTheyAreSkippedAndCounted() throws Exception {
        String text = "name,age\nann,7\nbob\ncy,8,9\ndan,9\n";

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> TableValidation.of(CONTRACT).validate(csv(text)))
                .withMessageContaining("line 3");
        TableReport report = TableValidation.of(CONTRACT).validate(csv(text).skipping(2));
        assertThat(report.rows()).isEqualTo(2);
        assertThat(report.unreadable()).isEqualTo(2);
    }

    @Test
    void textInAnotherEncodingIsNamedByItsPlaceAndReadIfStated() throws Exception {
        byte[] latin = "name,age\nJosé,7\n".getBytes(StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> TableValidation.of(CONTRACT).validate(Table.csv(file(latin))))
                .withMessageContaining("line 2");
        assertThat(anomalies(Table.csv(file(latin)).charset(StandardCharsets.ISO_8859_1)))
                .isEmpty();
        assertThat(anomalies(csv("name,age\nJosé,7\n", StandardCharsets.UTF_16LE)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFname,age\nann,7\n",
                "name,age\r\nann,7\r\n",
                "name,age\nann,7\rbob,8\r\ncy,9",
                "\"name\",\"age\"\n\"a \"\"b\"\"\nc, d\",\"7\"\n",
                "age,name\n7,ann\n",
                "name,age\n",
            })
    void oddButSoundFilesAreRead(String text) throws Exception {
        assertThat(anomalies(csv(text))).isEmpty();
    }

    @Test
    void aHeaderAloneIsATableWithoutRowsAndAnEmptyFileIsNone() throws Exception {
        assertThat(TableValidation.of(CONTRACT.rowCount(1, 9))
                        .validate(csv("name,age\n"))
                        .anomalies())
                .extracting(Anomaly::toString)
                .containsExactly("table: row-count: 0 rows (expected: 1 to 9)");
        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> TableValidation.of(CONTRACT).validate(csv("")))
                .withMessageContaining("empty");
        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> TableValidation.of(CONTRACT).validate(csv("age,name,age\n1,a,2\n")))
                .withMessageContaining("'age' is also column 1");
    }

    @Test
    void decimalsOfAnotherLocaleAreWrongUnlessStated() throws Exception {
        String text = "name;age\nann;7,5\nbob;1.234,5\n";

        assertThat(anomalies(csv(text).separator(';')))
                .containsExactly("age: type: 2 rows, such as '7,5' in line 2 (expected: a number)");
        assertThat(anomalies(csv(text).separator(';').decimalSeparator(',')))
                .containsExactly("age: type: 1 row, such as '1.234,5' in line 3 (expected: a number)");
    }

    @Test
    void aCellOfAHundredMegabytesCostsItsRowAndNoMemory() throws Exception {
        Path file = folder.resolve("huge.csv");
        byte[] part = new byte[1 << 20];
        Arrays.fill(part, (byte) 'x');
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write("name,age\nann,7\n".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 100; i++) {
                out.write(part);
            }
            out.write(",8\nbob,9\n".getBytes(StandardCharsets.UTF_8));
        }

        TableReport report = TableValidation.of(CONTRACT)
                .profiling()
                .validate(Table.csv(file).skipping(1));

        assertThat(report.rows()).isEqualTo(2);
        assertThat(report.unreadable()).isEqualTo(1);
        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> TableValidation.of(CONTRACT).validate(Table.csv(file)))
                .withMessageContaining("line 3");
    }

    /** Whatever the bytes are, there is a report or a {@link TableException}, the same on any number of threads. */
    @Test
    void anyBytesGiveAReportOrARefusal() throws Exception {
        Random random = new Random(20);
        byte[][] pieces = {
            "name,age\n".getBytes(StandardCharsets.UTF_8),
            "ann,7\n".getBytes(StandardCharsets.UTF_8),
            "\"a\nb\",1e9\r\n".getBytes(StandardCharsets.UTF_8),
            "\"".getBytes(StandardCharsets.UTF_8),
            ",,\n".getBytes(StandardCharsets.UTF_8),
            {0, (byte) 0xFF, (byte) 0xC3, '\r'},
            "NaN,-Infinity\n".getBytes(StandardCharsets.UTF_8)
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        int reports = 0;
        try {
            for (int i = 0; i < 500; i++) {
                List<byte[]> chosen = new ArrayList<>();
                chosen.add(pieces[0]);
                for (int n = random.nextInt(8); n > 0; n--) {
                    chosen.add(pieces[random.nextInt(pieces.length)]);
                }
                try (OutputStream out = Files.newOutputStream(folder.resolve("t.csv"))) {
                    for (byte[] piece : chosen) {
                        out.write(piece);
                    }
                }
                Table table = Table.csv(folder.resolve("t.csv")).skipping(2);
                TableValidation validation =
                        TableValidation.of(CONTRACT.duplicates(0)).profiling();
                try {
                    TableReport report = validation.validate(table);
                    reports++;
                    TableReport same = validation.on(threads, 2).validate(table);
                    assertThat(same.toJson()).isEqualTo(report.toJson());
                    assertThat(same.profile()).isEqualTo(report.profile());
                } catch (TableException refusal) {
                    assertThat(refusal).hasMessageContaining("t.csv");
                }
            }
        } finally {
            threads.shutdown();
        }
        assertThat(reports).isBetween(100, 490);
    }

    @Test
    void anyJsonLinesGiveAReportOrARefusal() throws Exception {
        Random random = new Random(22);
        String good =
                "{\"name\": \"ann\", \"age\": 7}\n{\"age\": 1e400, \"name\": null}\n{\"age\": [1], \"other\": {\"a\": 2}}\n";
        String alphabet = "{}[]:,\"\\ \n0-.eNan\u0000\uFEFFé";
        int reports = 0;
        for (int i = 0; i < 1_000; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Path file = Files.writeString(folder.resolve("t.jsonl"), text);
            try {
                TableReport report = TableValidation.of(CONTRACT)
                        .profiling()
                        .validate(Table.jsonLines(file).skipping(1));
                assertThat(report.rows() + report.unreadable()).isBetween(1L, 6L);
                reports++;
            } catch (TableException refusal) {
                assertThat(refusal).hasMessageContaining("t.jsonl");
            }
        }
        assertThat(reports).isBetween(100, 999);
    }

    // ---- contracts ------------------------------------------------------------------------------------------------

    @Test
    void aContractThatNoValueCanKeepIsRefused() {
        assertRefused(
                ColumnContract.of(Feature.category("c", "EU", "USA")).length(2, 2),
                "category of 'c': 'USA' (expected: 2 to 2 characters)");
        assertRefused(
                ColumnContract.of(Feature.category("c", "EU", "us")).matching("[A-Z]+"),
                "category of 'c': 'us' (expected: a text like [A-Z]+)");
        assertRefused(
                ColumnContract.of(Feature.text("c")).imputing("none").length(5, 9),
                "imputing of 'c': 'none' (expected: 5 to 9 characters)");
        assertRefused(
                ColumnContract.of(Feature.timestamp("c"))
                        .imputing(java.time.Instant.EPOCH)
                        .between(java.time.Instant.parse("2020-01-01T00:00:00Z"), null),
                "imputing of 'c': 1970-01-01T00:00:00Z (expected: 2020-01-01T00:00:00Z to null)");
        assertRefused(
                ColumnContract.of(Feature.category("c", "a", "b")).distinct(3, 9),
                "distinct of 'c': at least 3 (expected: at most 2, as many values as there can be)");
        assertRefused(
                ColumnContract.of(Feature.integer("c").range(0.5, 3.5)).distinct(4, 9),
                "distinct of 'c': at least 4 (expected: at most 3, as many values as there can be)");
        assertRefused(ColumnContract.of(Feature.bool("c")).distinct(3, 3), "distinct of 'c': at least 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CONTRACT.key("name", "name"))
                .withMessage("key: [name, name] (expected: each column once)");
    }

    private static void assertRefused(ColumnContract column, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataContract.of("c", column))
                .withMessageStartingWith(message);
    }

    @Test
    void aContractWithRoomForOtherValuesContradictsNothing() {
        DataContract.of(
                "c",
                ColumnContract.of(Feature.category("a", "x")).mass(0.9).distinct(2, 9),
                ColumnContract.of(Feature.integer("b").range(0, 1))
                        .distinct(3, 9)
                        .on(Check.RANGE, Reaction.WARN),
                ColumnContract.of(Feature.integer("d").range(0, 1))
                        .distinct(3, 9)
                        .mostly(Check.RANGE, 0.9),
                ColumnContract.of(Feature.integer("e").range(0, 1)).distinct(2, 9));
    }

    @Test
    void damagedContractsAreRefusedInTheFamilyOrRead() throws Exception {
        Random random = new Random(21);
        String[] good = new String[2];
        for (int i = 0; i < 2; i++) {
            try (var in =
                    HostileTablesTest.class.getResourceAsStream("/golden/contract-1." + (i == 0 ? "json" : "yaml"))) {
                good[i] = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        String alphabet = "{}[]:,\"'-&*!|>%@ \n\t0159.eE+_xa\u0000\uFEFF\uD800é";
        int refused = 0;
        for (int i = 0; i < 6_000; i++) {
            StringBuilder text = new StringBuilder(good[i % 2]);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                char with = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(4)) {
                    case 0 -> text.setCharAt(at, with);
                    case 1 -> text.insert(at, with);
                    case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(40)));
                    default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
                }
            }
            try {
                DataContract read = DataContract.parse(text.toString());
                assertThat(DataContract.parse(read.toYaml())).isEqualTo(read);
            } catch (ContractException refusal) {
                assertThat(refusal).hasMessageStartingWith("contract");
                refused++;
            }
        }
        assertThat(refused).isBetween(3_000, 5_999);
    }
}
