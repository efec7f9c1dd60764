package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(messy.toString()).endsWith("rides.csv");
    }
}
