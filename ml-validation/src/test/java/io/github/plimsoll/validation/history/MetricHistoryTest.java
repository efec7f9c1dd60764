package io.github.plimsoll.validation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.ColumnContract;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.Reaction;
import io.github.plimsoll.validation.data.TableValidation;
import io.github.plimsoll.validation.history.SeriesRule.Point;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricHistoryTest {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");

    private static TableMetrics day(int day, Map<String, Double> values) {
        return new TableMetrics(START.plus(Duration.ofDays(day)), values);
    }

    private static MetricHistory rows(double... rows) {
        MetricHistory history = MetricHistory.empty();
        for (int i = 0; i < rows.length; i++) {
            history = history.with(day(i, Map.of("rows", rows[i])));
        }
        return history;
    }

    @Test
    void aTableThatIsNotLikeTheOthersIsToldInTheWordsOfTables() {
        MetricHistory history = rows(100, 104, 96)
                .rule("rows", SeriesRule.batchNormal(3))
                .rule("rows", SeriesRule.relativeChange(0.5, 2));

        HistoryReport report = history.check(day(3, Map.of("rows", 40.0)));

        assertThat(report.isAccepted()).isFalse();
        assertThat(report.anomalies().get(0).toString())
                .isEqualTo("rows: batch-normal: 40.0 (expected: 88.0 to 112.0)");
        assertThat(report.anomalies().get(1).toString())
                .isEqualTo("rows: relative-change: 40.0, a change of 0.4166666666666667"
                        + " (expected: a change of 0.5 to 2.0)");
        assertThat(history.tables()).hasSize(3);
        assertThat(history.check(day(3, Map.of("rows", 101.0))).anomalies()).isEmpty();
    }

    @Test
    void whatNothingIsKnownOfIsNeitherWellNorWrong() {
        MetricHistory history = rows(100)
                .rule("rows", SeriesRule.batchNormal(3))
                .rule("fare.mean", SeriesRule.threshold(0, 1))
                .rule("*.mising", SeriesRule.threshold(0, 1));

        HistoryReport report =
                history.with(day(1, Map.of("rows", 1.0, "fare.mean", 0.5))).check(day(2, Map.of("rows", 1.0)));
        HistoryReport early = history.check(day(1, Map.of("rows", 1.0)));

        assertThat(early.undecided())
                .containsExactly(
                        "rows: batch-normal: 1.0 after 1 earlier values",
                        "fare.mean: threshold: no such metric",
                        "*.mising: threshold: no such metric");
        assertThat(early.isAccepted()).isTrue();
        assertThat(report.undecided())
                .containsExactly(
                        "fare.mean: threshold: not measured of this table", "*.mising: threshold: no such metric");
    }

    @Test
    void anAsteriskStandsForAnyText() {
        MetricHistory history = MetricHistory.empty().rule("*.missing", SeriesRule.threshold(0, 0.1), Reaction.WARN);

        HistoryReport report = history.check(day(0, Map.of("fare.missing", 0.2, "tip.missing", 0.05, "missing", 1.0)));

        assertThat(report.anomalies()).singleElement().satisfies(anomaly -> {
            assertThat(anomaly.path()).isEqualTo("fare.missing");
            assertThat(anomaly.severity()).isEqualTo(Severity.WARNING);
        });
        assertThat(report.isAccepted()).isTrue();
        assertThat(report.toString()).startsWith("accepted, 1 unusual, 0 undecided\n  warning fare.missing: threshold");
    }

    @Test
    void theNewestTablesAreKeptAndTheOthersCounted() {
        MetricHistory history = rows(1, 2, 3, 4, 5).keeping(3);

        MetricHistory more = history.with(day(9, Map.of("rows", 6.0)));

        assertThat(history.dropped()).isEqualTo(2);
        assertThat(more.dropped()).isEqualTo(3);
        assertThat(more.series("rows")).extracting(Point::value).containsExactly(4.0, 5.0, 6.0);
        assertThat(more.toString()).isEqualTo("history of 3 tables, 0 rules");
    }

    @Test
    void valuesFoundUnusualBeforeDoNotWidenTheOnlineBounds() {
        double[] rows = new double[13];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = 100 + i % 2;
        }
        rows[12] = 5_000;
        MetricHistory history = rows(rows).rule("rows", SeriesRule.onlineNormal(3));

        assertThat(history.check(day(20, Map.of("rows", 5_000.0))).isAccepted()).isFalse();
        assertThat(history.check(day(20, Map.of("rows", 100.0))).isAccepted()).isTrue();
    }

    @Test
    void timeGoesForward() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows(1, 2).with(day(1, Map.of())))
                .withMessageContaining("expected: later than the one before, 2026-03-02T06:00:00Z");
        assertThatIllegalArgumentException().isThrownBy(() -> rows(1, 2).check(day(0, Map.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetricHistory.empty().keeping(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetricHistory.empty().rule("*.*", SeriesRule.threshold(0, 1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetricHistory.empty().rule("a", SeriesRule.threshold(0, 1), Reaction.REPAIR));
        assertThatIllegalArgumentException().isThrownBy(() -> day(0, Map.of("a", Double.NaN)));
    }

    @Test
    void aReportGivesItsCounts() {
        DataContract contract =
                DataContract.of("t", ColumnContract.of(Feature.integer("a").range(0, 1)));
        var report = TableValidation.of(contract)
                .validate(Table.rows(List.of(Map.of("a", 1), Map.of("a", 2), Map.of("a", 0), Map.of("a", 7))));

        TableMetrics metrics = TableMetrics.of(report, START).with("accuracy", 0.9);

        assertThat(metrics.values())
                .isEqualTo(Map.of("rows", 4.0, "rejected", 0.5, "unreadable", 0.0, "accuracy", 0.9));
    }

    @Test
    void aProfileGivesItsNumbers() {
        DataContract contract = DataContract.of(
                "t",
                ColumnContract.of(Feature.number("fare").nullable()).allowingNotFinite(),
                ColumnContract.of(Feature.category("kind").nullable()),
                ColumnContract.of(Feature.text("name").sensitive()));
        var report = TableValidation.of(contract)
                .profiling()
                .validate(Table.rows(List.of(
                        Map.of("fare", 1.0, "kind", "a", "name", "x"),
                        Map.of("fare", 2.0, "kind", "b", "name", "y"),
                        Map.of("fare", 6.0, "kind", "a", "name", "z"),
                        Map.of("fare", Double.NaN, "kind", "a", "name", "z"))));

        TableMetrics metrics = TableMetrics.of(report, START);

        assertThat(metrics.values().keySet())
                .containsExactly(
                        "rows",
                        "rejected",
                        "unreadable",
                        "fare.missing",
                        "fare.unreadable",
                        "fare.distinct",
                        "fare.not-finite",
                        "fare.min",
                        "fare.max",
                        "fare.mean",
                        "fare.sd",
                        "fare.q25",
                        "fare.q50",
                        "fare.q75",
                        "kind.missing",
                        "kind.unreadable",
                        "kind.distinct",
                        "name.missing",
                        "name.unreadable");
        assertThat(metrics.values())
                .containsEntry("rows", 4.0)
                .containsEntry("fare.not-finite", 0.25)
                .containsEntry("fare.mean", 3.0)
                .containsEntry("fare.sd", Math.sqrt(7))
                .containsEntry("fare.q50", 2.0)
                .containsEntry("kind.distinct", 2.0);
        assertThat(TableMetrics.of(report.profile().orElseThrow(), START).values())
                .doesNotContainKey("rejected")
                .containsEntry("rows", 4.0);
    }

    @Test
    void aTableWithoutRowsHasNoSharesAndNoMeans() {
        DataContract contract = DataContract.of("t", ColumnContract.of(Feature.number("fare")));
        var report = TableValidation.of(contract).profiling().validate(Table.rows(List.of()));

        assertThat(TableMetrics.of(report, START).values()).isEqualTo(Map.of("rows", 0.0, "fare.distinct", 0.0));
    }

    // ---- files ----------------------------------------------------------------------------------------------------

    private static final MetricHistory WRITTEN = MetricHistory.empty()
            .keeping(2)
            .with(day(0, Map.of("rows", 1.0)))
            .with(day(1, Map.of("rows", 2.5)))
            .with(day(2, Map.of("fare.mean", -1e-9)));

    @Test
    void theFirstFormOfAHistoryIsReadForEver() throws Exception {
        try (var in = MetricHistoryTest.class.getResourceAsStream("/golden/history-1.json")) {
            String golden = new String(in.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(MetricHistory.parse(golden).tables()).isEqualTo(WRITTEN.tables());
            assertThat(WRITTEN.toJson()).isEqualTo(golden);
        }
    }

    @Test
    void aHistoryIsReadAsItWasWritten(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("history.json");

        WRITTEN.write(file);
        WRITTEN.write(file);
        MetricHistory read = MetricHistory.read(file);

        assertThat(read.tables()).isEqualTo(WRITTEN.tables());
        assertThat(read.keeping()).isEqualTo(2);
        assertThat(read.dropped()).isEqualTo(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(MetricHistory.parse(MetricHistory.empty().toJson()).tables()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | no JSON object",
                "[] | no JSON object",
                "{ | not valid JSON at line 1",
                "{\"plimsoll-history\":2} | .plimsoll-history: 2 (expected: 1; this history needs a newer Plimsoll)",
                "{\"plimsoll-history\":0} | .plimsoll-history: 0 (expected: 1)",
                "{\"plimsoll-history\":1,\"keping\":3} | .keping: unknown (expected: one of [dropped, keeping",
                "{\"plimsoll-history\":1,\"keeping\":1,\"dropped\":0} | .tables: no array",
                "{\"plimsoll-history\":1,\"keeping\":0,\"dropped\":0,\"tables\":[]} | keeping: 0 (expected: 1 to 100000)",
                "{\"plimsoll-history\":1,\"keeping\":1e9,\"dropped\":0,\"tables\":[]} | .keeping: 1.0E9 (expected",
                "{\"plimsoll-history\":1,\"keeping\":99999999999,\"dropped\":0,\"tables\":[]} | integer overflow",
                "{\"plimsoll-history\":1,\"keeping\":1,\"dropped\":-1,\"tables\":[]} | .dropped: -1 (expected",
                "{\"plimsoll-history\":1,\"keeping\":1,\"dropped\":0,\"tables\":[7]} | .tables[0]: 7 (expected",
                "{\"plimsoll-history\":1,\"keeping\":1,\"dropped\":0,\"tables\":[{\"at\":\"now\",\"values\":{}}]} | 'now'",
                "{\"plimsoll-history\":1,\"keeping\":1,\"dropped\":0,\"tables\":[{\"at\":\"2026-03-01T06:00:00Z\",\"values\":{\"a\":\"1\"}}]} | .tables[0].values.a: \"1\" (expected: a number)",
                "{\"plimsoll-history\":1,\"keeping\":1,\"dropped\":0,\"tables\":[{\"at\":\"2026-03-01T06:00:00Z\",\"values\":{\"a\":1e999}}]} | metric 'a': Infinity",
                "{\"plimsoll-history\":1,\"keeping\":9,\"dropped\":0,\"tables\":[{\"at\":\"2026-03-01T06:00:00Z\",\"values\":{}},{\"at\":\"2026-03-01T06:00:00Z\",\"values\":{}}]} | later than the one before",
            })
    void aFileThatIsNoHistoryIsRefusedWithItsPlace(String json, String message) {
        assertThatExceptionOfType(HistoryException.class)
                .isThrownBy(() -> MetricHistory.parse(json))
                .withMessageStartingWith("history")
                .withMessageContaining(message);
    }

    @Test
    void damagedFilesAreRefusedInTheFamilyOrRead() {
        Random random = new Random(5);
        byte[] good = WRITTEN.toJson().getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) (32 + random.nextInt(95));
            }
            try {
                MetricHistory.parse(new String(bad, StandardCharsets.UTF_8));
            } catch (HistoryException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void aFileThatIsNotThereOrNotTextIsRefused(@TempDir Path folder) throws Exception {
        Path binary = Files.write(folder.resolve("b.json"), new byte[] {'{', (byte) 0xC0, '}'});

        assertThatExceptionOfType(HistoryException.class)
                .isThrownBy(() -> MetricHistory.read(folder.resolve("none.json")))
                .withMessageContaining("cannot be read");
        assertThatExceptionOfType(HistoryException.class)
                .isThrownBy(() -> MetricHistory.read(binary))
                .withMessageContaining("not UTF-8");
        assertThatExceptionOfType(HistoryException.class)
                .isThrownBy(() -> WRITTEN.write(folder.resolve("no/such/folder")))
                .withMessageContaining("cannot be written");
    }
}
