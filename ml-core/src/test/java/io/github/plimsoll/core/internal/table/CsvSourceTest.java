package io.github.plimsoll.core.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What must hold for any bytes. */
class CsvSourceTest {

    private static final CsvDialect SMALL =
            CsvDialect.USUAL.comment('#').header(List.of("a", "b")).limits(new CsvDialect.Limits(4, 12, 30));

    private static Path file;

    @BeforeContainer
    static void makeAFile() throws IOException {
        file = Files.createTempFile("csv-source", ".csv");
    }

    @AfterContainer
    static void deleteIt() throws IOException {
        Files.delete(file);
    }

    /** A record or a problem as text, with where it stands, and where reading could go on after it. */
    private record Read(String what, TablePosition next) {}

    private static List<Read> read(CsvDialect dialect, TablePosition from, int blockBytes) throws IOException {
        List<Read> all = new ArrayList<>();
        try (TextSource text = TextSource.open(file, StandardCharsets.UTF_8, from.offset());
                CsvSource source = new CsvSource("test", text, dialect, dialect.header(), from, blockBytes)) {
            while (source.advance()) {
                TableRow row = source.row();
                if (row == null) {
                    TableProblem p = source.problem();
                    all.add(new Read(
                            p.kind() + " " + p.line() + " " + p.column() + " " + p.offset() + " " + p.raw(),
                            source.position()));
                } else {
                    CsvRow csv = (CsvRow) row;
                    all.add(new Read(
                            csv.text(0) + "|" + csv.text(1) + " " + row.line() + " " + row.offset() + " " + row.raw(),
                            source.position()));
                }
            }
        }
        return all;
    }

    @Property(tries = 3000)
    void theSizeOfABlockChangesNothing(
            @ForAll("texts") String text, @ForAll @IntRange(min = 3, max = 40) int blockBytes) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));

        List<Read> inOne = read(SMALL, new TablePosition(0, 1), 1 << 16);
        List<Read> inMany = read(SMALL, new TablePosition(0, 1), blockBytes);

        assertThat(inMany.stream().map(Read::what))
                .containsExactlyElementsOf(inOne.stream().map(Read::what).toList());
    }

    @Property(tries = 3000)
    void readingGoesOnFromAnyPositionAsIfItHadNotStopped(
            @ForAll("texts") String text, @ForAll @IntRange(min = 3, max = 40) int blockBytes) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));

        List<Read> all = read(SMALL, new TablePosition(0, 1), blockBytes);

        for (int i = 0; i < all.size(); i++) {
            List<String> rest = read(SMALL, all.get(i).next(), blockBytes).stream()
                    .map(Read::what)
                    .toList();
            assertThat(rest)
                    .containsExactlyElementsOf(all.subList(i + 1, all.size()).stream()
                            .map(Read::what)
                            .toList());
        }
    }

    /** Mostly what matters to a parser, so that quotes open, close and stay open. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('"', '"', ',', '\n', '\r', 'x', '#', '\u00e4', '\u00c3', '\u00a4')
                .ofMaxLength(120);
    }

    @Property(tries = 2000)
    void whatWasWrittenIsRead(@ForAll("cells") List<String> cells, @ForAll @IntRange(min = 3, max = 40) int blockBytes)
            throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 1 < cells.size(); i += 2) {
            text.append(quoted(cells.get(i)))
                    .append(',')
                    .append(quoted(cells.get(i + 1)))
                    .append(i % 4 == 0 ? "\n" : "\r\n");
        }
        Files.writeString(file, text);

        List<String> found = new ArrayList<>();
        CsvDialect dialect = CsvDialect.USUAL.header(List.of("a", "b"));
        try (TextSource source = TextSource.open(file, null, 0);
                CsvSource rows =
                        new CsvSource("test", source, dialect, dialect.header(), new TablePosition(0, 1), blockBytes)) {
            while (rows.advance()) {
                CsvRow row = (CsvRow) rows.row();
                found.add(row.text(0));
                found.add(row.text(1));
            }
        }

        assertThat(found).containsExactlyElementsOf(cells.subList(0, cells.size() / 2 * 2));
    }

    private static String quoted(String cell) {
        return '"' + cell.replace("\"", "\"\"") + '"';
    }

    @Provide
    Arbitrary<List<String>> cells() {
        return Arbitraries.strings()
                .withChars('"', ',', '\n', '\r', 'x', '\u00e4', '\u20ac')
                .ofMaxLength(20)
                .list()
                .ofMaxSize(12);
    }
}
