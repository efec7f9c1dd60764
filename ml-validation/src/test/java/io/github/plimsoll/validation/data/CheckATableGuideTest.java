package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.history.HistoryReport;
import io.github.plimsoll.validation.history.MetricHistory;
import io.github.plimsoll.validation.history.SeriesRule;
import io.github.plimsoll.validation.history.TableMetrics;
import io.github.plimsoll.validation.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/check-a-table.md, compiled and run; every block of the page stands here word for word. */
class CheckATableGuideTest {

    @Test
    @SuppressWarnings("SystemOut")
    void reportsWhatThePageShows(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("rides.csv"), """
                ride_id,temperature,season,registered,count,windspeed
                a,12.5,SPRING,30,40,3
                b,12.5,AUTUMN,30,40,3
                c,75.5,SUMMER,30,40,3
                d,12.5,WINTER,,40,3
                e,12.5,FALL,90,40,3
                a,12.5,FALL,30,40,3
                """);

        DataContract rides = DataContract.of(
                        "rides",
                        ColumnContract.of(Feature.text("ride_id")).unique(),
                        ColumnContract.of(
                                Feature.number("temperature").unit("°C").range(-40, 60)),
                        ColumnContract.of(Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER"))
                                .on(Check.UNKNOWN_CATEGORY, Reaction.WARN),
                        ColumnContract.of(Feature.integer("registered").nullable())
                                .presence(0.9),
                        ColumnContract.of(Feature.integer("count")).onlyIn(Environment.TRAINING))
                .with(RowRule.of("registered <= count"))
                .rowCount(5, 1_000_000);

        TableReport report = TableValidation.of(rides).validate(Table.csv(file));
        System.out.println(report);

        String page = Files.readString(Path.of("..", "docs", "guide", "check-a-table.md"));
        assertThat(page).contains("```text\n" + report.toString().replace(folder.toString() + "/", "") + "\n```");

        List<String> rejects = new ArrayList<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            TableValidation.of(rides)
                    .in(Environment.SERVING)
                    .on(executor, 4)
                    .rejects((row, violations) -> rejects.add(row.line() + ": " + violations.get(0)))
                    .validate(Table.csv(file));
        } finally {
            executor.shutdown();
        }
        assertThat(rejects).containsExactly("4: temperature: 75.5 (expected: -40.0 to 60.0 °C)");

        Table messy = Table.csv(file)
                .separator(';')
                .decimalSeparator(',')
                .nulls("", "NA")
                .skipping(100);
        Table local = Table.csv(file).zone(ZoneId.of("Europe/Paris"));
        assertThat(local.toString()).endsWith("rides.csv");
        assertThat(messy.toString()).endsWith("rides.csv");
    }

    private static final DataContract RIDES = DataContract.of(
            "rides", ColumnContract.of(Feature.number("temperature")), ColumnContract.of(Feature.category("season")));

    private static Table seasons(int spring, int summer, int fall) {
        List<Map<String, ?>> rows = new ArrayList<>();
        for (int i = 0; i < spring + summer + fall; i++) {
            String season = i < spring ? "SPRING" : i < spring + summer ? "SUMMER" : "FALL";
            rows.add(Map.of("temperature", 10.0 + i, "season", season));
        }
        return Table.rows(rows);
    }

    @Test
    void takesARuleAsKeptIfMostValuesKeepToIt() {
        DataContract mostly = DataContract.of(
                        "rides",
                        ColumnContract.of(Feature.number("temperature").range(-40, 60))
                                .mostly(Check.RANGE, 0.99),
                        ColumnContract.of(Feature.integer("registered")),
                        ColumnContract.of(Feature.integer("count")))
                .with(RowRule.of("registered <= count").mostly(0.999));

        assertThat(DataContract.parse(mostly.toYaml())).isEqualTo(mostly);
    }

    @Test
    void tellsWhatMoved(@TempDir Path folder) throws IOException {
        DataContract rides = RIDES;
        Profile training = TableValidation.of(RIDES)
                .profiling()
                .validate(seasons(0, 1, 3))
                .profile()
                .orElseThrow();
        Profile yesterday = training;
        Path file = Files.writeString(folder.resolve("rides.csv"), """
                temperature,season
                10,SPRING
                11,SUMMER
                12,WINTER
                13,FALL
                12,AUTUMN
                11,FALL
                """);

        DataContract watched = rides.with(rides.column("season").skew(Distance.L_INFINITY, 0.1))
                .with(rides.column("temperature").drift(Distance.JENSEN_SHANNON, 0.1));

        TableReport today = TableValidation.of(watched)
                .skewAgainst(training)
                .driftSince(yesterday)
                .validate(Table.csv(file));
        Profile forTomorrow = today.profile().orElseThrow();

        String page = Files.readString(Path.of("..", "docs", "guide", "check-a-table.md"));
        assertThat(page).contains("```text\n" + today.anomalies().get(0) + "\n```");
        assertThat(forTomorrow.rows()).isEqualTo(6);
    }

    @Test
    void tellsATableThatIsUnlikeThoseBefore(@TempDir Path folder) throws IOException {
        Path historyFile = folder.resolve("history.json");
        List<TableMetrics> lastWeeks = new ArrayList<>();
        for (int day = 1; day < 31; day++) {
            TableReport report =
                    TableValidation.of(RIDES).profiling().validate(seasons(30 + day % 7, 40 + day * 37 % 5, 30));
            lastWeeks.add(TableMetrics.of(
                    report, Instant.parse("2026-03-01T06:00:00Z").plus(Duration.ofDays(day - 1))));
        }
        TableReport report = TableValidation.of(RIDES).profiling().validate(seasons(40, 0, 0));

        MetricHistory history = MetricHistory.empty();
        for (TableMetrics earlier : lastWeeks) {
            history = history.with(earlier);
        }
        history = history.rule("rows", SeriesRule.relativeChange(0.5, 2))
                .rule("*.missing", SeriesRule.onlineNormal(3), Reaction.WARN)
                .rule("temperature.mean", SeriesRule.seasonal(7, 4))
                .rule("rejected", SeriesRule.threshold(0, 0.01));

        TableMetrics metrics = TableMetrics.of(report, Instant.parse("2026-03-31T06:00:00Z"));
        HistoryReport unusual = history.check(metrics);
        history.with(metrics).write(historyFile);

        String page = Files.readString(Path.of("..", "docs", "guide", "check-a-table.md"));
        assertThat(page).contains("```text\n" + unusual + "\n```");
        assertThat(MetricHistory.read(historyFile).tables()).hasSize(31);
    }
}
