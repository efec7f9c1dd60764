package io.github.plimsoll.validation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.audit.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/audit-a-data-set.md, compiled and run; every block of the page stands here word for word. */
class AuditGuideTest {

    private static final String HEADER = "customer_id,applied_at,iban,income,city,collected,closed_at,defaulted\n";

    /** Loans with the faults that loans have. */
    private static String loans(int from, int to) {
        Random random = new Random(1);
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 0; i < to; i++) {
            double income = Math.round(Math.exp(10 + 0.5 * random.nextGaussian()));
            boolean defaulted = income < 15_000 == random.nextInt(10) > 0;
            LocalDate applied = LocalDate.of(2025, 1, 1).plusDays(i / 10);
            String city = i == 700 ? "PORTO " : i == 710 ? "P\u043erto" : random.nextBoolean() ? "Porto" : "Lisbon";
            String row = String.format(
                    Locale.ROOT,
                    "C%05d,%s,PT50%08d,%.0f,%s,%s,%s,%s%n",
                    i * 7919 % 100_000,
                    applied,
                    random.nextInt(100_000_000),
                    i == 500 ? 9e8 : income,
                    city,
                    defaulted ? "" + random.nextInt(500) : "",
                    defaulted ? applied.plusDays(90) : "",
                    defaulted ? "yes" : "no");
            if (i >= from) {
                rows.append(row);
            }
        }
        return rows.toString();
    }

    @Test
    @SuppressWarnings("SystemOut")
    void reportsWhatThePageShows(@TempDir Path folder) throws IOException {
        Path training = Files.writeString(folder.resolve("training.csv"), loans(0, 1_000));
        Path testing = Files.writeString(folder.resolve("testing.csv"), loans(970, 1_300));

        AuditReport report = DataAudit.of(Table.csv(training))
                .label("defaulted")
                .identifier("customer_id")
                .time("applied_at")
                .testing(Table.csv(testing))
                .sensitive("iban")
                .run();
        System.out.println(report);

        String page = Files.readString(Path.of("..", "docs", "guide", "audit-a-data-set.md"));
        assertThat(page).contains("```text\n" + report.toString().replace(folder + "/", "") + "\n```");
        assertThat(report.findings(Severity.WARNING))
                .hasSizeLessThan(report.findings().size());
    }
}
