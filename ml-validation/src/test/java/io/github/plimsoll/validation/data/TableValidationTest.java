package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.validation.data.ColumnContract.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableValidationTest {

    @TempDir
    Path folder;

    private Table csv(String... lines) {
        try {
            return Table.csv(Files.writeString(folder.resolve("rides.csv"), String.join("\n", lines) + "\n"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> anomalies(DataContract contract, Table table) {
        return TableValidation.of(contract).validate(table).anomalies().stream()
                .map(Anomaly::toString)
                .toList();
    }

    private static DataContract of(ColumnContract... columns) {
        return DataContract.of("rides", columns);
    }

    private static ColumnContract hour() {
        return ColumnContract.of(Feature.integer("hour").range(0, 23));
    }

    @Test
    void acceptsATableThatKeepsToItsContract() {
        TableReport report = TableValidation.of(of(hour())).validate(csv("hour", "1", "2", "3"));

        assertThat(report.isAccepted()).isTrue();
        assertThat(report.anomalies()).isEmpty();
        assertThat(report.rows()).isEqualTo(3);
        assertThat(report.toString()).endsWith("rides.csv, contract rides: accepted, 3 rows, 0 rejected");
    }

    @Test
    void countsEachRuleAndShowsTheFirstRows() {
        TableReport report = TableValidation.of(of(hour(), ColumnContract.of(Feature.number("temperature"))))
                .validate(csv("hour,temperature", "1,1.5", "24,x", ",2", "99,3", "7.5,NaN"));

        assertThat(report.anomalies())
                .extracting(Anomaly::toString)
                .containsExactlyInAnyOrder(
                        "hour: range: 2 rows, such as 24 in line 3 (expected: 0 to 23)",
                        "hour: null: 1 row, such as null in line 4 (expected: a whole number)",
                        "hour: inexact: 1 row, such as 7.5 in line 6 (expected: a whole number within 64 bits)",
                        "temperature: type: 1 row, such as 'x' in line 3 (expected: a number)",
                        "temperature: not-finite: 1 row, such as NaN in line 6 (expected: a finite number)");
        assertThat(report.rejected()).isEqualTo(4);
        assertThat(report.rows()).isEqualTo(5);
        assertThat(report.isAccepted()).isFalse();
        Anomaly range = report.anomalies().stream()
                .filter(anomaly -> anomaly.code().equals("range"))
                .findFirst()
                .orElseThrow();
        assertThat(range.fraction()).isEqualTo(0.4);
        assertThat(range.examples()).containsExactly(new Anomaly.Example(3, "24"), new Anomaly.Example(5, "99"));
    }

    @Test
    void tellsOfColumnsOnce() {
        DataContract contract = of(
                hour(),
                ColumnContract.of(Feature.number("gone")),
                ColumnContract.of(Feature.number("retired")).lifecycle(Lifecycle.DEPRECATED),
                ColumnContract.of(Feature.number("planned")).lifecycle(Lifecycle.PLANNED),
                ColumnContract.of(Feature.integer("label")).onlyIn(Environment.TRAINING));
        Table table = csv("label,hour,new,planned", "1,2,3,x", "4,5,6,y");

        assertThat(anomalies(contract, table))
                .containsExactly(
                        "gone: missing: no such column (expected: a column gone: number)",
                        "new: unexpected: a column of this name (expected: no column but those of the contract)");
        assertThat(anomalies(contract.ordered(), table))
                .contains("table: column-order: [label, hour, planned] (expected: [hour, planned, label])");
        assertThat(TableValidation.of(contract.on(Check.UNEXPECTED, Reaction.WARN))
                        .in(Environment.SERVING)
                        .validate(table)
                        .anomalies())
                .extracting(Anomaly::path, Anomaly::severity)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("gone", Violation.Severity.ERROR),
                        org.assertj.core.groups.Tuple.tuple("label", Violation.Severity.WARNING),
                        org.assertj.core.groups.Tuple.tuple("new", Violation.Severity.WARNING));
    }

    @Test
    void takesARuleAsKeptIfMostValuesThatAreNotNullKeepToIt() {
        Table table = csv("hour,code", "1,ab", "24,", ",ab", "x,ABC", "4,ab", "5,ab");
        ColumnContract hour =
                ColumnContract.of(Feature.integer("hour").nullable().range(0, 23));
        ColumnContract code = ColumnContract.of(Feature.text("code").nullable()).matching("[a-z]+");
        List<String> rejects = new ArrayList<>();

        TableReport kept = TableValidation.of(
                        of(hour.mostly(Check.RANGE, 0.8).mostly(Check.TYPE, 0.8), code.mostly(Check.PATTERN, 0.8)))
                .rejects((row, violations) -> rejects.add(row.line() + " " + violations))
                .validate(table);

        assertThat(kept.anomalies()).isEmpty(); // 4 of 5 values each: null counts in no share
        assertThat(rejects).isEmpty();
        assertThat(anomalies(of(hour.mostly(Check.RANGE, 0.81).mostly(Check.TYPE, 0.2), code), table))
                .containsExactly(
                        "hour: range: 1 row, such as 24 in line 3"
                                + " (expected: 0 to 23, at least 0.81 of those that are not null)",
                        "code: pattern: 1 row, such as 'ABC' in line 5 (expected: a text like [a-z]+)");
    }

    @Test
    void countsWithinAShareWhatItDoesNotReject() {
        TableReport report = TableValidation.of(of(hour().mostly(Check.RANGE, 0.9), hour2()))
                .validate(csv("hour,hour2", "24,1", "25,24", "1,1", "2,2"));

        assertThat(report.rejected()).isEqualTo(1); // for hour2
        assertThat(report.anomalies().get(0)).satisfies(anomaly -> {
            assertThat(anomaly.count()).isEqualTo(2);
            assertThat(anomaly.observed()).isEqualTo("2 of 4 that are not null");
            assertThat(anomaly.severity()).isEqualTo(Violation.Severity.ERROR);
        });
    }

    private static ColumnContract hour2() {
        return ColumnContract.of(Feature.integer("hour2").range(0, 23));
    }

    @Test
    void takesARuleBetweenColumnsAsKeptIfMostRowsKeepToIt() {
        Table table = csv("a,b", "1,2", "3,2", ",2", "1,1", "0,");
        DataContract contract = of(
                ColumnContract.of(Feature.integer("a").nullable()),
                ColumnContract.of(Feature.integer("b").nullable()));
        RowRule rule = RowRule.of("a <= b");

        assertThat(anomalies(contract.with(rule.mostly(0.66)), table)).isEmpty(); // 2 of 3 known
        assertThat(anomalies(contract.with(rule.mostly(0.67)), table))
                .containsExactly("input: a-at-most-b: 1 row, such as a = 3, b = 2 in line 3"
                        + " (expected: a <= b, at least 0.67 of those that are not null)");
        assertThat(anomalies(
                        contract.with(
                                RowRule.of("in-java", row -> row.integer(0) < 2).mostly(0.8)),
                        table))
                .isEmpty();
    }

    @Test
    void keepsReactionAndNameOfARuleBetweenColumnsApartFromThoseOfColumns() {
        DataContract contract =
                of(hour()).with(RowRule.of("hour < 20").named("range").reaction(Reaction.WARN));

        assertThat(TableValidation.of(contract).validate(csv("hour", "21")).anomalies())
                .extracting(Anomaly::path, Anomaly::severity)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("input", Violation.Severity.WARNING));
    }

    @Test
    void countsEveryColumnOfAWideTableThatIsAllWrong() {
        int columns = 100_000;
        List<ColumnContract> contracts = new ArrayList<>();
        StringBuilder header = new StringBuilder();
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < columns; i++) {
            contracts.add(
                    ColumnContract.of(Feature.integer("c" + i).range(0, 1)).unique());
            header.append(i == 0 ? "" : ",").append('c').append(i);
            row.append(i == 0 ? "" : ",").append('7');
        }

        TableReport report = TableValidation.of(DataContract.of("wide", contracts))
                .validate(csv(header.toString(), row.toString(), row.toString()).maxColumns(columns));

        assertThat(report.rows()).isEqualTo(2);
        assertThat(report.anomalies())
                .hasSize(2 * columns)
                .allSatisfy(anomaly ->
                        assertThat(anomaly.count()).isEqualTo(anomaly.code().equals("range") ? 2 : 1));
    }

    @Test
    void rowsThatDifferInAColumnThatIsNotCheckedAreNoDuplicates() {
        DataContract contract = of(hour()).on(Check.UNEXPECTED, Reaction.ACCEPT).duplicates(0);

        assertThat(anomalies(contract, csv("hour,id", "1,a", "1,b", "1,a")))
                .containsExactly(
                        "table: duplicates: 1 row, such as a repeat in line 4 (expected: at most 0.0 of the rows)");
        assertThat(anomalies(
                        contract,
                        Table.rows(List.of(
                                Map.of("hour", 1, "id", "a", "more", 2),
                                new java.util.TreeMap<>(Map.of("more", 2, "id", "a", "hour", 1)),
                                Map.of("hour", 1, "id", "a")))))
                .hasSize(1);
    }

    @Test
    void measuresPresenceOverAllRowsAndMassOverValues() {
        DataContract contract = of(
                ColumnContract.of(Feature.number("a").nullable()).presence(0.75),
                ColumnContract.of(Feature.category("c", "x", "y").nullable()).mass(0.66));

        assertThat(anomalies(contract, csv("a,c", "1,x", "2,y", "3,z", ",x"))).isEmpty();
        assertThat(anomalies(contract, csv("a,c", "1,x", ",z", "3,", ",")))
                .containsExactly(
                        "a: presence: a value in 2 of 4 rows (expected: in at least 0.75 of them)",
                        "c: mass: 1 of 2 values known (expected: at least 0.66 of them)");
        assertThat(anomalies(of(ColumnContract.of(Feature.category("c", "x", "y"))), csv("c", "x", "z")))
                .containsExactly("c: unknown-category: 1 row, such as 'z' in line 3 (expected: one of [x, y])");
    }

    @Test
    void findsRepeatsAndCountsDifferentValues() {
        DataContract unique = of(
                ColumnContract.of(Feature.text("id").nullable()).unique(),
                ColumnContract.of(Feature.number("v")).distinct(2, 2));

        assertThat(anomalies(unique, csv("id,v", "a,1", "b,2", ",1", ",2"))).isEmpty();
        assertThat(anomalies(unique, csv("id,v", "a,1", "b,1", "a,1", "a,1")))
                .containsExactly(
                        "id: unique: 2 rows, such as a repeat in line 4 (expected: no value twice)",
                        "v: distinct: 1 different values (expected: 2 to 2)");
    }

    @Test
    void findsRepeatedKeysAndRows() {
        DataContract contract = of(
                        ColumnContract.of(Feature.text("id").nullable()),
                        ColumnContract.of(Feature.integer("day")),
                        ColumnContract.of(Feature.number("v")))
                .key("id", "day");

        assertThat(anomalies(contract, csv("id,day,v", "a,1,1", "a,2,1", "b,1,1", ",1,1", ",1,1")))
                .isEmpty();
        assertThat(anomalies(contract, csv("id,day,v", "a,1,1", "a,1,2")))
                .containsExactly(
                        "id, day: key: 1 row, such as a repeat in line 3 (expected: no two rows with the same id, day)");
        assertThat(anomalies(contract.duplicates(0.3), csv("id,day,v", ",1,1", ",1,1", ",2,1", ",3,1")))
                .isEmpty();
        assertThat(anomalies(contract.duplicates(0.2), csv("id,day,v", ",1,1", ",1,1", ",2,1", ",3,1")))
                .containsExactly(
                        "table: duplicates: 1 row, such as a repeat in line 3 (expected: at most 0.2 of the rows)");
    }

    @Test
    void followsTheOrderOverTheBordersOfBlocks() throws IOException {
        StringBuilder lines = new StringBuilder("t,u\n");
        for (int i = 0; i < 5_000; i++) {
            lines.append(i == 2_048 ? 2_046 : i).append(',').append(i / 2).append('\n');
        }
        Table table = Table.csv(Files.writeString(folder.resolve("t.csv"), lines));
        DataContract contract = of(
                ColumnContract.of(Feature.integer("t")).order(Order.STRICTLY_ASCENDING),
                ColumnContract.of(Feature.integer("u")).order(Order.ASCENDING));

        assertThat(anomalies(contract, table))
                .containsExactly(
                        "t: order: 1 row, such as 2046 after 2047 in line 2050 (expected: strictly ascending)");
        assertThat(anomalies(
                        of(
                                ColumnContract.of(Feature.integer("t")),
                                ColumnContract.of(Feature.integer("u")).order(Order.STRICTLY_ASCENDING)),
                        table))
                .singleElement()
                .asString()
                .startsWith("u: order: 2500 rows");
    }

    @Test
    void looksAtTheNumberAndAgeOfRows() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-02T00:00:00Z"));
        DataContract contract =
                of(ColumnContract.of(Feature.timestamp("at"))).rowCount(2, 3).fresh("at", Duration.ofDays(1));
        TableValidation validation = TableValidation.of(contract).time(clock);

        assertThat(validation
                        .validate(csv("at", "2026-03-01T00:00:00Z", "2026-01-01T00:00:00Z"))
                        .anomalies())
                .isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(validation.validate(csv("at", "2026-03-01T00:00:00Z")).anomalies())
                .extracting(Anomaly::toString)
                .containsExactly(
                        "table: row-count: 1 rows (expected: 2 to 3)",
                        "at: freshness: the newest is 2026-03-01T00:00:00Z (expected: one within PT24H of"
                                + " 2026-03-02T00:00:00.001Z)");
        assertThat(validation.validate(csv("at")).anomalies())
                .extracting(Anomaly::observed)
                .containsExactly("0 rows", "no timestamp");
    }

    @Test
    void checksRulesBetweenColumnsOfTheEnvironment() {
        DataContract contract = of(
                        ColumnContract.of(Feature.integer("registered")),
                        ColumnContract.of(Feature.integer("count")).onlyIn(Environment.TRAINING))
                .with(RowRule.of("registered <= count"));

        assertThat(anomalies(contract, csv("registered,count", "1,2", "3,2")))
                .containsExactly("input: registered-at-most-count: 1 row, such as registered = 3, count = 2 in line 3"
                        + " (expected: registered <= count)");
        assertThat(TableValidation.of(contract)
                        .in(Environment.SERVING)
                        .validate(csv("registered", "1", "3"))
                        .anomalies())
                .isEmpty();
    }

    @Test
    void takesReactionsFromTheContract() {
        DataContract contract = of(hour().on(Check.RANGE, Reaction.WARN).on(Check.TYPE, Reaction.ACCEPT))
                .on(Check.UNEXPECTED, Reaction.ACCEPT);
        TableReport report = TableValidation.of(contract).validate(csv("hour,x", "24,1", "noon,1"));

        assertThat(report.isAccepted()).isTrue();
        assertThat(report.rejected()).isZero();
        assertThat(report.toString())
                .contains("accepted, 2 rows, 0 rejected\n  warning hour: range: 1 row, such as 24 in line 2");
    }

    @Test
    void handsOutRejectedRowsInOrder() {
        List<String> rejects = new ArrayList<>();
        TableValidation.of(of(hour()))
                .rejects((row, violations) -> rejects.add(row.line() + ": " + row.raw() + ": " + violations.get(0)))
                .validate(csv("hour", "1", "24", "2", "x"));

        assertThat(rejects)
                .containsExactly("3: 24: hour: 24 (expected: 0 to 23)", "5: x: hour: 'x' (expected: a whole number)");
    }

    @Test
    void readsJsonLinesWhoseRowsHaveColumnsOfTheirOwn() throws IOException {
        Path file = Files.writeString(
                folder.resolve("rides.jsonl"), "{\"hour\": 1}\n{}\n{\"hour\": 2, \"extra\": 1}\n{\"hour\": \"3\"}\n");

        assertThat(anomalies(of(hour()), Table.jsonLines(file)))
                .containsExactly(
                        "hour: missing: 1 row, such as (absent) in line 2 (expected: a whole number)",
                        "hour: type: 1 row, such as '3' in line 4 (expected: a whole number)",
                        "extra: unexpected: 1 row, such as a field of this name in line 3 (expected: no column but"
                                + " those of the contract)");
    }

    @Test
    void boundsTheNamesOfColumnsThatNobodyKnows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            rows.add(Map.of("hour", 1, "x" + i, 1));
        }
        List<Anomaly> anomalies =
                TableValidation.of(of(hour())).validate(Table.rows(rows)).anomalies();

        assertThat(anomalies).hasSize(1_001);
        assertThat(anomalies.stream().mapToLong(Anomaly::count).sum()).isEqualTo(3_000);
        assertThat(anomalies)
                .filteredOn(anomaly -> anomaly.path().equals("other columns"))
                .singleElement()
                .satisfies(other -> assertThat(other.count()).isEqualTo(2_000));
        assertThat(TableValidation.of(of(hour()).on(Check.UNEXPECTED, Reaction.ACCEPT))
                        .validate(Table.rows(rows))
                        .anomalies())
                .isEmpty();
    }

    @Test
    void leavesOutWhatIsNoRowIfTheTableSaysSo() {
        Table ragged = csv("hour,x", "1,1", "2", "3,3");
        DataContract contract = of(hour(), ColumnContract.of(Feature.number("x")));

        assertThatExceptionOfType(TableException.class)
                .isThrownBy(() -> TableValidation.of(contract).validate(ragged));
        TableReport report = TableValidation.of(contract).validate(ragged.skipping(1));
        assertThat(report.unreadable()).isEqualTo(1);
        assertThat(report.toString()).contains("2 rows, 0 rejected, 1 unreadable");
    }

    @Test
    void givesTheSameReportOnAnyNumberOfThreads() throws IOException {
        Random random = new Random(7);
        StringBuilder lines = new StringBuilder("id,hour,season,note\n");
        for (int i = 0; i < 20_000; i++) {
            lines.append(random.nextInt(19_000))
                    .append(',')
                    .append(random.nextInt(25))
                    .append(',')
                    .append(random.nextInt(100) == 0 ? "AUTUMN" : "FALL")
                    .append(',')
                    .append(random.nextInt(50) == 0 ? "" : "n" + i)
                    .append('\n');
        }
        Table table = Table.csv(Files.writeString(folder.resolve("big.csv"), lines));
        DataContract contract = of(
                        ColumnContract.of(Feature.integer("id")).unique().order(Order.ASCENDING),
                        hour(),
                        ColumnContract.of(Feature.category("season", "SPRING", "FALL")),
                        ColumnContract.of(Feature.text("note").nullable()).presence(0.99))
                .key("id", "hour")
                .duplicates(0);
        List<Long> alone = new ArrayList<>();
        List<Long> together = new ArrayList<>();
        TableReport one = TableValidation.of(contract)
                .rejects((row, violations) -> alone.add(row.line()))
                .validate(table);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            TableReport several = TableValidation.of(contract)
                    .on(executor, 4)
                    .rejects((row, violations) -> together.add(row.line()))
                    .validate(table);
            assertThat(several.toJson()).isEqualTo(one.toJson());
            assertThat(together).isEqualTo(alone).isSorted().hasSize((int) one.rejected());
            assertThat(one.anomalies()).hasSizeGreaterThan(4);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void writesJsonForMachines() throws IOException {
        TableReport report = TableValidation.of(of(hour())).validate(csv("hour", "24"));
        var json = JsonMapper.builder().build().readTree(report.toJson());

        assertThat(json.path("accepted").asBoolean(true)).isFalse();
        assertThat(json.at("/anomalies/0/code").asText()).isEqualTo("range");
        assertThat(json.at("/anomalies/0/fraction").asDouble()).isEqualTo(1);
        assertThat(json.at("/anomalies/0/examples/0/line").asInt()).isEqualTo(2);
    }

    @Test
    void hidesSensitiveValues() {
        DataContract contract =
                of(ColumnContract.of(Feature.integer("salary").range(0, 10).sensitive())
                        .order(Order.ASCENDING)
                        .unique());
        // Not the JSON: it has the path of the file, and the digits of a temp folder are any.
        List<Anomaly> anomalies = TableValidation.of(contract)
                .validate(csv("salary", "777", "555", "777", "secret"))
                .anomalies();

        assertThat(anomalies).extracting(Anomaly::code).containsExactlyInAnyOrder("range", "type", "order", "unique");
        assertThat(anomalies.toString()).doesNotContain("777", "555", "secret");
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() {
        Table table = csv("hour", "1");
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> TableValidation.of(of(hour())).validate(table));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TableValidation.of(of(hour())).on(Runnable::run, 0));
    }

    @Test
    void takesRowsOfTheHosts() {
        assertThat(anomalies(of(hour()), Table.rows(List.of(Map.of("hour", 3), Map.of("hour", 30)))))
                .containsExactly("hour: range: 1 row, such as 30 in line 2 (expected: 0 to 23)");
    }
}
