package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSchemaTest {

    private static final Schema<TableRow> SCHEMA = Schema.ofTable(
            Feature.number("income"),
            Feature.integer("age"),
            Feature.bool("owner"),
            Feature.category("housing", "RENT", "OWN"),
            Feature.text("note").nullable(),
            Feature.timestamp("since"),
            Feature.tensor("scores", 2));

    @TempDir
    Path folder;

    private List<FeatureRow> read(Schema<TableRow> schema, String text) throws IOException {
        return read(schema, Table.csv(Files.writeString(folder.resolve("table.csv"), text)));
    }

    private static List<FeatureRow> read(Schema<TableRow> schema, Table table) {
        List<FeatureRow> rows = new ArrayList<>();
        try (TableReader reader = table.open()) {
            for (TableRow row : reader) {
                rows.add(schema.read(row));
            }
        }
        return rows;
    }

    @Test
    void cellsBecomeWhatTheirFeaturesAre() throws IOException {
        FeatureRow row = read(
                        SCHEMA,
                        "id,scores,since,note,housing,owner,age,income\n"
                                + "7,\"[1, 2.5]\",2026-01-31T12:00:00Z,,OWN,True,41,52000.5\n")
                .get(0);

        assertThat(row.violations()).isEmpty();
        assertThat(row.number(0)).isEqualTo(52000.5);
        assertThat(row.integer(1)).isEqualTo(41);
        assertThat(row.value(2)).isEqualTo(true);
        assertThat(row.categoryCode(3)).isEqualTo(1);
        assertThat(row.isNull(4)).isTrue();
        assertThat(row.value(5)).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat((double[]) row.value(6)).containsExactly(1, 2.5);
    }

    @Test
    void whatIsNotAValueOfItsFeatureIsListed() throws IOException {
        FeatureRow row = read(SCHEMA, "scores,since,note,housing,owner,age\n[1],yesterday,\"\",CAVE,yes,41.5\n")
                .get(0);

        assertThat(row.violations())
                .extracting(Violation::toString)
                .containsExactlyInAnyOrder(
                        "income: (absent) (expected: a number)",
                        "age: 41.5 (expected: a whole number within 64 bits)",
                        "owner: 'yes' (expected: true or false)",
                        "since: 'yesterday' (expected: a point in time: ISO-8601 text with an offset, such as 2026-01-31T12:00:00Z)",
                        "scores: 1 elements (expected: 2 elements)");
        assertThat(row.text(3)).isEqualTo("CAVE");
        assertThat(row.categoryCode(3)).isEqualTo(-1);
        assertThat(row.text(4)).as("an empty text in quotes is a text").isEmpty();
    }

    @Test
    void timesWithoutAnOffsetAreThoseOfTheStatedZone() throws IOException {
        Schema<TableRow> times = Schema.ofTable(Feature.timestamp("t"));
        String text = "t\n2026-01-31 12:00:00.250\n2026-07-31T12:00\n2026-07-31T12:00:00+05:00\n"
                + "2026-10-25 02:30:00\n2026-03-29 02:30:00\n2026-01-31\n2026-01-3112:00\n";
        Table table = Table.csv(Files.writeString(folder.resolve("table.csv"), text));

        List<FeatureRow> rows = read(times, table.zone(ZoneId.of("Europe/Paris")));

        assertThat(rows.subList(0, 4))
                .extracting(row -> row.value(0))
                .containsExactly(
                        Instant.parse("2026-01-31T11:00:00.250Z"),
                        Instant.parse("2026-07-31T10:00:00Z"),
                        Instant.parse("2026-07-31T07:00:00Z"),
                        Instant.parse("2026-10-25T00:30:00Z")); // the first of two half past twos
        assertThat(rows.subList(4, 7)) // clocks went from 2 to 3; a day is no time; neither is this
                .allMatch(row -> row.isInvalid(0));
        assertThat(read(times, table)).filteredOn(row -> row.isInvalid(0)).hasSize(6);
        assertThat(table.zone(ZoneId.of("Europe/Paris")).dialect()).contains("local times of Europe/Paris");
    }

    @Test
    void numbersAreReadExactlyAndNeverGuessed() throws IOException {
        Schema<TableRow> numbers = Schema.ofTable(Feature.number("x"));

        assertThat(read(numbers, "x\n0.1\n 5 \n\"7\"\n1e-7\nNaN\n-Infinity\n"))
                .extracting(row -> row.number(0))
                .containsExactly(0.1, 5.0, 7.0, 1e-7, Double.NaN, Double.NEGATIVE_INFINITY);
        assertThat(read(numbers, "x\n1e999\n\"1,5\"\n0x10\n\"\"\n"))
                .extracting(row -> row.violations().get(0).toString())
                .containsExactly(
                        "x: '1e999' (expected: a number within the range of a double)",
                        "x: '1,5' (expected: a number)",
                        "x: '0x10' (expected: a number)",
                        "x: null (expected: a number)");
    }

    @Test
    void wholeNumbersStayExact() throws IOException {
        Schema<TableRow> integers = Schema.ofTable(Feature.integer("x"));

        assertThat(read(integers, "x\n9223372036854775807\n-9223372036854775808\n3.0\n1e3\n-7\n 8\n"))
                .extracting(row -> row.integer(0))
                .containsExactly(Long.MAX_VALUE, Long.MIN_VALUE, 3L, 1000L, -7L, 8L);
        assertThat(read(integers, "x\n9223372036854775808\n3.5\n1e99999999999\n0e99999999999\nNaN\n1x\n-\n"))
                .allMatch(row -> row.violations().size() == 1);
    }

    @Test
    void theOrderOfColumnsIsLookedUpForEachFile() throws IOException {
        Schema<TableRow> numbers = Schema.ofTable(Feature.number("x"), Feature.number("y"));

        FeatureRow first = read(numbers, "x,y\n1,2\n").get(0);
        FeatureRow second = read(numbers, "y,x\n2,1\n").get(0);

        assertThat(second).isEqualTo(first);
    }

    @Test
    void anyFormOfTableGivesTheSameFeatures() throws IOException {
        Schema<TableRow> schema = Schema.ofTable(Feature.number("x"), Feature.category("c", "a", "b"));

        FeatureRow fromCsv = read(schema, "id,x,c\n1,2.5,b\n").get(0);
        FeatureRow fromJson = read(
                        schema,
                        Table.jsonLines(Files.writeString(folder.resolve("t"), "{\"id\":1,\"x\":2.5,\"c\":\"b\"}")))
                .get(0);
        FeatureRow fromMap = read(schema, Table.rows(List.of(Map.of("id", 1, "x", 2.5, "c", "b"))))
                .get(0);

        assertThat(fromJson).isEqualTo(fromCsv);
        assertThat(fromMap).isEqualTo(fromCsv);
    }

    @Test
    void manyCategoriesAreFoundByNameToo() throws IOException {
        String[] names = new String[40];
        for (int i = 0; i < names.length; i++) {
            names[i] = "c\u00e4t" + i;
        }
        Schema<TableRow> schema = Schema.ofTable(Feature.category("c", names));

        assertThat(read(schema, "c\nc\u00e4t39\n\"c\u00e4t0\"\nother\n"))
                .extracting(row -> row.categoryCode(0))
                .containsExactly(39, 0, -1);
    }
}
