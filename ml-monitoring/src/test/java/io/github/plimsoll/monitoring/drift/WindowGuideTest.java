package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.GuideSnippets;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/incidents.md. */
class WindowGuideTest {

    record Loan(double income, int age) {}

    record Answered(Loan loan, double score, boolean repaid, Instant time) {}

    private final Schema<Loan> loans = Schema.of(Loan.class);
    private final List<String> alerts = new ArrayList<>();

    @Test
    void theGuideShowsThisCode() throws IOException {
        GuideSnippets.assertThatAllAreIn("incidents.md", WindowGuideTest.class);
    }

    @Test
    void watch() {
        WindowMonitor monitor = learn(answered(1, 2_000, 1));
        WindowReport report = close(monitor, answered(2, 500, 1));
        double[] scores = new double[500];
        double[] repaid = new double[500];
        monitor.outcomes(report.window(), scores, repaid).forEach(incident -> alerts.add(incident.toString()));
        assertThat(alerts).hasSize(1);
        assertThat(alerts.get(0)).startsWith("label flip");

        close(monitor, answered(3, 500, 12));

        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(1))
                .isEqualTo(
                        "unit change in income, prediction since window 1, evidence 299.7 of 4.3: income > 5855: 1.8 % -> 100 %");
    }

    private WindowMonitor learn(List<Answered> history) {
        Baseline.Builder baseline = Baseline.builder(loans.features()).windowRows(500);
        for (Answered past : history) {
            baseline.add(loans.read(past.loan()), past.score(), past.repaid() ? 1 : 0);
        }
        WindowMonitor monitor = WindowMonitor.against(baseline.build(), 1, 1_000);
        return monitor;
    }

    private WindowReport close(WindowMonitor monitor, List<Answered> anHour) {
        Window window = monitor.window();
        for (Answered answered : anHour) {
            window.add(loans.read(answered.loan()), answered.score(), answered.time());
        }
        WindowReport report = monitor.close(window);
        report.incidents().forEach(incident -> alerts.add(incident.toString()));
        return report;
    }

    private static List<Answered> answered(long seed, int rows, double factor) {
        var random = new SplittableRandom(seed);
        List<Answered> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            double income = Math.rint(2_000 * StrictMath.exp(0.5 * NormalScores.of(random.nextDouble(1e-9, 1))));
            double score = income / (income + 1_000);
            all.add(new Answered(
                    new Loan(income * factor, 18 + random.nextInt(50)),
                    score,
                    random.nextDouble() < score,
                    Instant.EPOCH.plusSeconds(i)));
        }
        return all;
    }
}
