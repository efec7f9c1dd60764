package io.github.plimsoll.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.table.TableProblem.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {

    private static final String PEOPLE = "name,age\nAda,36\n\"Hopper, Grace\",85\n";

    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("table"), bytes);
    }

    private Table csv(String text) throws IOException {
        return Table.csv(file(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Table json(String text) throws IOException {
        return Table.jsonLines(file(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The rows as text, cells between bars, null as a dash. */
    private static List<String> rows(Table table) {
        List<String> all = new ArrayList<>();
        try (TableReader reader = table.open()) {
            for (TableRow row : reader) {
                StringBuilder text = new StringBuilder();
                for (String column : row.columns()) {
                    text.append('|').append(row.isNull(column) ? "-" : row.text(column));
                }
                all.add(text.append('|').toString());
            }
        }
        return all;
    }

    private static TableProblem problem(Table table) {
        return catchThrowableOfType(TableException.class, () -> rows(table)).problem();
    }

    // ---- what is read -------------------------------------------------------------------------------------------

    @Test
    void aCsvFileHasItsCellsByName() throws IOException {
        assertThat(rows(csv(PEOPLE))).containsExactly("|Ada|36|", "|Hopper, Grace|85|");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r", "\n\na,b\n\n1,2\r\n\r\n3,4\r\n\n"})
    void linesEndInAnyWay(String text) throws IOException {
        assertThat(rows(csv(text))).containsExactly("|1|2|", "|3|4|");
    }

    @Test
    void quotesKeepSeparatorsLineBreaksAndQuotes() throws IOException {
        assertThat(rows(csv("a,b\n\"x,\"\"y\"\"\r\nz\",\"\"\n\"\"\"\",q\"q\n")))
                .containsExactly("|x,\"y\"\r\nz||", "|\"|q\"q|");
    }

    @Test
    void aRowKnowsItsLineAndItsPlace() throws IOException {
        Table table = csv("# made by hand\na,b\n\"1\n1\",2\n\n3,4\n").comment('#');

        try (TableReader reader = table.open()) {
            List<TableRow> rows = reader.next(10);

            assertThat(rows).extracting(TableRow::line).containsExactly(3L, 6L);
            assertThat(rows).extracting(TableRow::offset).containsExactly(19L, 28L);
            assertThat(rows).extracting(TableRow::raw).containsExactly("\"1\n1\",2", "3,4");
        }
    }

    @Test
    void theDialectIsTheHosts() throws IOException {
        Table table = csv("1,5;NA;'x;y'\n-0,25;;n/a\n")
                .separator(';')
                .quote('\'')
                .decimalSeparator(',')
                .nulls("NA", "n/a")
                .columns("number", "maybe", "text");

        try (TableReader reader = table.open()) {
            List<TableRow> rows = reader.next(2);

            assertThat(rows.get(0).number("number")).isEqualTo(1.5);
            assertThat(rows.get(0).isNull("maybe")).isTrue();
            assertThat(rows.get(0).text("text")).isEqualTo("x;y");
            assertThat(rows.get(1).number("number")).isEqualTo(-0.25);
            assertThat(rows.get(1).isNull("maybe")).isFalse();
            assertThat(rows.get(1).text("text")).isNull();
        }
    }

    @Test
    void aWordForNullInQuotesIsText() throws IOException {
        assertThat(rows(csv("country,code\n\"NA\",NA\n").nulls("NA"))).containsExactly("|NA|-|");
    }

    @Test
    void aByteOrderMarkIsNoText() throws IOException {
        assertThat(rows(csv("\uFEFF" + PEOPLE))).containsExactly("|Ada|36|", "|Hopper, Grace|85|");
        assertThat(rows(Table.csv(file(("\uFEFF" + PEOPLE).getBytes(StandardCharsets.UTF_16LE)))))
                .containsExactly("|Ada|36|", "|Hopper, Grace|85|");
        assertThat(rows(json("\uFEFF{\"a\":1}"))).containsExactly("|1|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows-1252", "ISO-8859-15", "UTF-16BE", "UTF-8"})
    void textMayBeInAnyEncoding(String name) throws IOException {
        Charset charset = Charset.forName(name);
        String city = "K\u00f6ln".repeat(20_000); // more than one buffer of the conversion
        Table table =
                Table.csv(file(("id,city\n1," + city + "\n").getBytes(charset))).charset(charset);

        assertThat(rows(table)).containsExactly("|1|" + city + "|");
    }

    @Test
    void gzipIsSeenByItsFirstBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String member : PEOPLE.split("(?<=\n)")) { // several members, as tools that append write them
            try (OutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(member.getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThat(rows(Table.csv(file(bytes.toByteArray())))).containsExactly("|Ada|36|", "|Hopper, Grace|85|");
    }

    @Test
    void jsonLinesHaveFieldsOfTheirOwn() throws IOException {
        Table table = json("{\"a\":1.5,\"b\":null}\r\n\n{\"b\":\"x\",\"c\":[1,2]}");

        assertThat(rows(table)).containsExactly("|1.5|-|", "|x|[1,2]|");
        try (TableReader reader = table.open()) {
            List<TableRow> rows = reader.next(5);
            assertThat(rows.get(0).number("a")).isEqualTo(1.5);
            assertThat(rows.get(0).number("b")).isNaN();
            assertThat(rows.get(0).raw()).isEqualTo("{\"a\":1.5,\"b\":null}");
            assertThat(rows).extracting(TableRow::line).containsExactly(1L, 3L);
        }
    }

    @Test
    void rowsOfTheHostAreATableToo() {
        Table table = Table.rows(List.of(Map.of("a", 1), Map.of("a", "x")));

        assertThat(rows(table)).containsExactly("|1|", "|x|");
        try (TableReader reader = table.open(new TablePosition(1, 2))) {
            TableRow row = reader.next(1).get(0);
            assertThat(row.line()).isEqualTo(2);
            assertThatThrownBy(() -> row.number("a"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("invalid input: a: 'x' (expected: a number)");
        }
    }

    @Test
    void aTableWithAHeaderOnlyHasNoRows() throws IOException {
        assertThat(rows(csv("a,b"))).isEmpty();
        assertThat(rows(csv("a,b\r\n\r\n"))).isEmpty();
    }

    @Test
    void nextGivesAsManyRowsAsAskedForUntilTheEnd() throws IOException {
        try (TableReader reader = csv("a\n1\n2\n3\n").open()) {
            assertThat(reader.columns()).containsExactly("a");
            assertThat(reader.next(2)).hasSize(2);
            assertThat(reader.next(2)).hasSize(1);
            assertThat(reader.next(2)).isEmpty();
        }
    }

    @Test
    void lookingAtARowDoesNotTakeIt() throws IOException {
        Table table = csv("a\n1\n2\n3\n");
        try (TableReader reader = table.open()) {
            var rows = reader.iterator();
            rows.next();
            assertThat(rows.hasNext()).isTrue();

            try (TableReader again = table.open(reader.position())) {
                assertThat(again.next(9)).extracting(TableRow::raw).containsExactly("2", "3");
            }
            assertThat(reader.next(9)).extracting(TableRow::raw).containsExactly("2", "3");
            assertThat(rows.hasNext()).isFalse();
        }
    }

    // ---- what is not sound --------------------------------------------------------------------------------------

    @Test
    void raggedLinesAreNamedWithLineAndColumn() throws IOException {
        assertThat(problem(csv("a,b\n1,2\n3\n")))
                .hasToString("line 3, column 2: 'b': 1 cells (expected: 2, as there are columns)")
                .returns(Kind.RAGGED, TableProblem::kind)
                .returns("3", TableProblem::raw)
                .returns(8L, TableProblem::offset);
        assertThat(problem(csv("a,b\n1,2,3\n")))
                .hasToString("line 2, column 3: 3 cells (expected: 2, as there are columns)");
    }

    @Test
    void unsoundRecordsAreLeftOutAndToldUpToALimit() throws IOException {
        List<TableProblem> told = new ArrayList<>();
        Table table = csv("a,b\n1\n2,2\n\"3\"3,3\n4,4\n5,5,5\n");

        try (TableReader reader = table.skipping(3, told::add).open()) {
            assertThat(reader.next(9)).extracting(TableRow::raw).containsExactly("2,2", "4,4");
            assertThat(reader.skipped()).isEqualTo(3);
        }
        assertThat(told).extracting(TableProblem::kind).containsExactly(Kind.RAGGED, Kind.BAD_QUOTE, Kind.RAGGED);
        assertThat(told).extracting(TableProblem::line).containsExactly(2L, 4L, 6L);
        assertThatThrownBy(() -> rows(table.skipping(2)))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("line 6, column 3: 3 cells (expected: 2");
    }

    @Test
    void aQuoteThatIsNotClosedCostsItsLine() throws IOException {
        List<TableProblem> told = new ArrayList<>();

        assertThat(rows(csv("a,b\n1,2\n3,\"4\n5,6\n7,8\n").skipping(9, told::add)))
                .containsExactly("|1|2|", "|5|6|", "|7|8|");
        assertThat(told).singleElement().satisfies(p -> {
            assertThat(p.kind()).isEqualTo(Kind.OPEN_QUOTE);
            assertThat(p.line()).isEqualTo(3);
            assertThat(p.column()).isEqualTo(2);
            assertThat(p.raw()).isEqualTo("3,\"4");
        });
    }

    @Test
    void bytesThatAreNoTextAreFoundWhereTheyAre() throws IOException {
        byte[] bytes = "a,b\n1,2\n3,Koln\n5,6\n".getBytes(StandardCharsets.UTF_8);
        bytes[11] = (byte) 0xF6;

        List<TableProblem> told = new ArrayList<>();
        assertThat(rows(Table.csv(file(bytes)).skipping(1, told::add))).containsExactly("|1|2|", "|5|6|");
        assertThat(told)
                .singleElement()
                .hasToString("line 3, column 2: 'b': byte 0xf6 (expected: text in the table's encoding)");
        assertThat(problem(Table.csv(file(new byte[] {'a', '\n', (byte) 0x81, '\n'}))
                        .charset(Charset.forName("windows-1252"))))
                .returns(Kind.BAD_ENCODING, TableProblem::kind)
                .returns(2L, TableProblem::line);
    }

    @Test
    void aTextInUtf16WithoutAMarkIsRefusedAtItsHeader() throws IOException {
        assertThat(problem(Table.csv(file("a,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE)))))
                .returns(Kind.BAD_ENCODING, TableProblem::kind);
    }

    @Test
    void filesWithoutASoundHeaderAreRefusedEvenIfProblemsAreSkipped() throws IOException {
        assertThat(problem(csv("").skipping(9))).hasToString("empty (expected: a line with the names of the columns)");
        assertThat(problem(csv("\n\r\n").skipping(9)).kind()).isEqualTo(Kind.EMPTY);
        assertThat(problem(csv("a,b,a\n").skipping(9)))
                .hasToString("line 1, column 3: 'a' is also column 1 (expected: names that differ)");
        assertThat(problem(csv("a," + "b".repeat(2_000_000)).skipping(9)).kind())
                .isEqualTo(Kind.CELL_TOO_LONG);
    }

    @Test
    void tooManyColumnsAreRefusedAndAsManyAsAllowedAreRead() throws IOException {
        StringBuilder header = new StringBuilder("c0");
        for (int i = 1; i < 100_000; i++) {
            header.append(",c").append(i);
        }
        String text = header + "\n" + "1,".repeat(99_999) + "2\n";

        assertThat(problem(csv(text))).hasToString("line 1, column 16385: 100000 columns (expected: at most 16384)");
        try (TableReader reader = csv(text).maxColumns(100_000).open()) {
            assertThat(reader.next(1).get(0).number("c99999")).isEqualTo(2);
        }
    }

    @Test
    void aHugeCellIsLeftOutInBoundedMemory() throws IOException {
        Path path = folder.resolve("huge.csv");
        byte[] megabyte = new byte[1 << 20];
        Arrays.fill(megabyte, (byte) 'x');
        for (String quote : List.of("", "\"")) {
            try (OutputStream out = Files.newOutputStream(path)) {
                out.write(("a,b\n1,2\n3," + quote).getBytes(StandardCharsets.UTF_8));
                for (int i = 0; i < 100; i++) {
                    out.write(megabyte);
                }
                out.write((quote + "\n5,6\n").getBytes(StandardCharsets.UTF_8));
            }
            List<TableProblem> told = new ArrayList<>();

            assertThat(rows(Table.csv(path).skipping(1, told::add))).containsExactly("|1|2|", "|5|6|");
            assertThat(told).singleElement().satisfies(p -> {
                assertThat(p.kind()).isEqualTo(Kind.CELL_TOO_LONG);
                assertThat(p.line()).isEqualTo(3);
                assertThat(p.raw()).hasSize(TableProblem.RAW_LIMIT);
            });
        }
        assertThat(rows(Table.jsonLines(path).skipping(9))).isEmpty();
    }

    @Test
    void aRecordThatIsTooLongIsLeftOut() throws IOException {
        List<TableProblem> told = new ArrayList<>();
        assertThat(rows(csv("a,b\n" + "12345,".repeat(10) + "\n1,2\n")
                        .maxRowBytes(20)
                        .skipping(1, told::add)))
                .containsExactly("|1|2|");
        assertThat(told.get(0).kind()).isEqualTo(Kind.ROW_TOO_LONG);

        told.clear();
        assertThat(rows(json("{\"a\":\"" + "x".repeat(300_000) + "\"}\n{\"a\":1}")
                        .maxRowBytes(100)
                        .skipping(1, told::add)))
                .containsExactly("|1|");
        assertThat(told.get(0)).returns(Kind.ROW_TOO_LONG, TableProblem::kind).returns(1L, TableProblem::line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":}",
                "[1]",
                "1",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1} {\"a\":2}",
                "{\"a\":NaN}",
                "{",
                "nonsense"
            })
    void aLineThatIsNoJsonObjectIsNamed(String line) throws IOException {
        List<TableProblem> told = new ArrayList<>();

        assertThat(rows(json("{\"a\":1}\n" + line + "\n{\"a\":3}\n").skipping(1, told::add)))
                .containsExactly("|1|", "|3|");
        assertThat(told).singleElement().satisfies(p -> {
            assertThat(p.kind()).isEqualTo(Kind.BAD_JSON);
            assertThat(p.line()).isEqualTo(2);
            assertThat(p.raw()).isEqualTo(line);
            assertThat(p.message()).doesNotContain("nonsense");
        });
    }

    @Test
    void deepJsonIsRefused() throws IOException {
        assertThat(problem(json("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"))
                        .kind())
                .isEqualTo(Kind.BAD_JSON);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Table.csv(folder.resolve("none.csv")).open())
                .isInstanceOf(TableException.class)
                .hasMessageContaining("none.csv")
                .hasMessageContaining("NoSuchFileException");
    }

    @Test
    void aFolderAndATruncatedGzipAreUnreadable() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 100_000; i++) {
                gzip.write((i * 31 + ",x\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] half = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);

        assertThat(problem(Table.csv(folder)).kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(problem(Table.csv(file(half)).columns("a", "b").skipping(Long.MAX_VALUE))
                        .kind())
                .isEqualTo(Kind.UNREADABLE);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        Table table = Table.csv(folder.resolve("x"));
        assertThatThrownBy(() -> table.separator('"')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.separator('\n')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.quote('\u00e4')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.decimalSeparator('1')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.columns("a", "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.skipping(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.maxRowBytes(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Table.jsonLines(Path.of("x")).separator(';'))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("(expected: a CSV file)");
        assertThatThrownBy(() -> Table.rows(List.of()).charset(StandardCharsets.UTF_8))
                .isInstanceOf(IllegalStateException.class);
    }

    @Property(tries = 500)
    void anyBytesAreATableOrATableException(@ForAll @Size(max = 300) byte[] bytes) throws IOException {
        Path path = Files.createTempFile("any", ".bin");
        try {
            Files.write(path, bytes);
            for (Table table : List.of(Table.csv(path), Table.csv(path).columns("a"), Table.jsonLines(path))) {
                try {
                    rows(table.skipping(Long.MAX_VALUE));
                } catch (TableException expected) {
                    assertThat(expected.problem().message()).isNotEmpty();
                }
            }
        } finally {
            Files.delete(path);
        }
    }
}
