package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.monitoring.GuideSnippets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/baselines.md, drift.md and many-hosts.md. */
class DriftGuideTest {

    record Loan(double income, int age) {}

    enum Country {
        DE,
        FR,
        US
    }

    record Order(double amount, Country country) {}

    record Answered(Loan loan, double score, boolean repaid, Instant time) {}

    private static final Duration HOUR = Duration.ofHours(1);

    private final Schema<Loan> loans = Schema.of(Loan.class);
    private final Schema<Order> orders = Schema.of(Order.class);
    private final ModelId model = new ModelId("loans", "1");
    private final ManualClock clock = ManualClock.at(Instant.parse("2024-05-01T10:00:00Z"));
    private final Executor executor = Runnable::run;
    private final List<String> alerts = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void theGuidesShowThisCode() throws IOException {
        GuideSnippets.assertThatAllAreIn("drift.md", DriftGuideTest.class);
        GuideSnippets.assertThatAllAreIn("many-hosts.md", DriftGuideTest.class);
        GuideSnippets.assertThatAllAreIn("baselines.md", DriftGuideTest.class);
    }

    private Baseline learn(List<Answered> history) {
        Path file = folder.resolve("baseline.plb");
        Baseline.Builder learned = Baseline.builder(loans.features()).windowRows(500);
        for (Answered past : history) {
            learned.add(loans.read(past.loan()), past.score(), past.repaid() ? 1 : 0);
        }
        learned.build().write(file);
        return Baseline.read(file);
    }

    @Test
    void aTableMakesABaseline() throws IOException {
        List<String> lines = new ArrayList<>(List.of("income,age,score"));
        answered(1, 1_000, 1)
                .forEach(past ->
                        lines.add(past.loan().income() + "," + past.loan().age() + ',' + past.score()));
        Path scored = Files.write(folder.resolve("scored.csv"), lines);

        Baseline baseline = Baseline.builder(loans.features())
                .addAll(Table.csv(scored), row -> row.number("score"), row -> Double.NaN)
                .build();

        assertThat(baseline.rows()).isEqualTo(1_000);
    }

    private static Order order(SplittableRandom random, boolean isBroken) {
        double u = random.nextDouble();
        Country country = u < 0.06 ? Country.DE : u < 0.5 ? Country.FR : Country.US;
        double amount = Math.rint(5_000 * StrictMath.exp(0.4 * NormalScores.of(random.nextDouble(1e-9, 1)))) / 100;
        return new Order(isBroken && country == Country.DE ? 2 * amount : amount, country);
    }

    @Test
    void segments() {
        var random = new SplittableRandom(1);
        List<Order> history =
                Stream.generate(() -> order(random, false)).limit(8_000).toList();

        Baseline.Builder learned = Baseline.builder(orders.features()).segmentBy("country");
        for (Order past : history) {
            learned.add(orders.read(past), score(past.amount()), Double.NaN);
        }
        Baseline baseline = learned.build();

        assertThat(baseline.segments().keySet()).containsExactly("US", "FR", "DE");
        WindowMonitor monitor = WindowMonitor.against(baseline);
        List<Incident> incidents = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Window window = monitor.window();
            Stream.generate(() -> order(random, true))
                    .limit(500)
                    .forEach(order -> window.add(orders.read(order), score(order.amount())));
            incidents.addAll(monitor.close(window).incidents());
        }
        for (Incident incident : incidents) {
            incident.finding(Finding.Where.class)
                    .ifPresent(where -> alerts.add("ask " + where.column() + ' ' + where.values()));
        }
        assertThat(alerts).containsExactly("ask country [DE]");
        assertThat(incidents.get(0).toString())
                .contains("since window ", " of 5.0: only where country = DE (", " rows); ");
    }

    @Test
    void hoursOfTheWeek() {
        var random = new SplittableRandom(1);
        record Placed(Order order, Instant time) {}
        // By night, the amounts of orders are twice as high.
        List<Placed> history = IntStream.range(0, 14 * 24 * 20)
                .mapToObj(i -> new Placed(
                        i / 20 % 24 < 6
                                ? new Order(2 * order(random, false).amount(), Country.FR)
                                : order(random, false),
                        Instant.parse("2024-01-01T00:00:00Z").plusSeconds(180L * i)))
                .toList();

        Baseline.Builder learned =
                Baseline.builder(orders.features()).windowRows(20).hoursOfWeek(ZoneId.of("Europe/Berlin"));
        for (Placed past : history) {
            learned.add(orders.read(past.order()), score(past.order().amount()), Double.NaN, past.time());
        }
        Baseline baseline = learned.build();

        assertThat(baseline.hoursOfWeek().keySet()).containsExactlyInAnyOrder("Mon-Sun 01-07", "Mon-Sun 07-01");
    }

    @Test
    void liveTrafficMakesABaseline() {
        Path file = folder.resolve("live.plb");
        BaselineRecorder recorder = BaselineRecorder.rows(20_000).during(Duration.ofDays(7));
        try (var predictor = Plimsoll.function(model, (Loan loan) -> score(loan.income()))
                .features(loans)
                .with(recorder)
                .build()) {
            answered(1, 2_000, 1).forEach(answered -> predictor.predict(answered.loan()));
        }
        recorder.baseline(500).write(file);

        assertThat(Baseline.read(file).rows()).isEqualTo(2_000);
    }

    @Test
    void windowsMakeABaseline() {
        Baseline baseline = learn(answered(1, 2_000, 1));
        List<byte[]> sinceTheChange = new ArrayList<>();
        for (int hour = 0; hour < 4; hour++) {
            Window window = baseline.window();
            answered(hour, 500, 2).forEach(row -> window.add(loans.read(row.loan()), row.score()));
            sinceTheChange.add(window.toBytes());
        }

        Baseline.Builder renewed = Baseline.builder(loans.features()).windowRows(500);
        for (byte[] sent : sinceTheChange) {
            renewed.addAll(baseline.window(sent));
        }
        Baseline next = renewed.build();

        assertThat(next.rows()).isEqualTo(2_000);
    }

    @Test
    void watch() throws IOException {
        DriftMonitor drift = DriftMonitor.falseAlarms(1)
                .per(Duration.ofDays(90))
                .window(Duration.ofHours(1))
                .on(executor)
                .listener(
                        (model, report) -> report.incidents().forEach(incident -> alerts.add(model + ": " + incident)));
        DriftMonitor knowing =
                drift.season(Instant.parse("2026-11-27T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(knowing.toString()).contains("1 seasons announced");

        drift = drift.baseline(learn(answered(1, 2_000, 1)));
        watch(drift, answered(2, 500, 1));
        WindowReport report = drift.reports(model).get(0);
        double[] scores = new double[500];
        double[] repaid = new double[500];
        drift.outcomes(model, report.window(), scores, repaid).forEach(incident -> alerts.add(incident.toString()));
        assertThat(alerts).hasSize(1);
        assertThat(alerts.get(0)).startsWith("label flip");

        watch(drift, answered(3, 500, 12));
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(1)).startsWith("loans:1: unit change in income");

        Path file = folder.resolve("drift.state");
        Files.write(file, drift.save());
        assertThat(file).isNotEmptyFile();
    }

    private void watch(DriftMonitor drift, List<Answered> anHour) {
        try (var predictor = Plimsoll.function(model, (Loan loan) -> score(loan.income()))
                .features(loans)
                .time(clock)
                .with(drift)
                .build()) {
            anHour.forEach(answered -> predictor.predict(answered.loan()));
            clock.advance(HOUR);
            drift.look();
        }
    }

    @Test
    void windowsOfYourOwn() {
        Baseline baseline = learn(answered(1, 2_000, 1));
        List<Answered> anHour = answered(3, 500, 12);

        WindowMonitor monitor = WindowMonitor.against(baseline, 1, 1_000);
        Window window = monitor.window();
        for (Answered answered : anHour) {
            window.add(loans.read(answered.loan()), answered.score(), answered.time());
        }
        WindowReport report = monitor.close(window);

        assertThat(report.incidents().toString())
                .startsWith("[unit change in income, prediction since window 0, evidence 299.7 of 4.3:"
                        + " income is now 12 x what it was; income > 5855: 1.8 % -> 100 % (98 % to 100 %);");
    }

    @Test
    void manyHosts() {
        List<byte[]> topic = new ArrayList<>();
        Baseline baseline = learn(answered(1, 2_000, 1));
        DriftMonitor onHost = DriftMonitor.falseAlarms(1)
                .per(Duration.ofDays(90))
                .on(executor)
                .sendingTo(topic::add, "host-7");
        watch(onHost.baseline(baseline), answered(3, 500, 12));
        assertThat(topic).hasSize(1);

        DriftMonitor ofAll = DriftMonitor.falseAlarms(1)
                .per(Duration.ofDays(90))
                .baseline(baseline)
                .grace(Duration.ofMinutes(5));
        topic.forEach(ofAll::merge);
        ofAll.look();

        assertThat(ofAll.reports(model)).extracting(WindowReport::rows).containsExactly(500L);
    }

    private static double score(double income) {
        return income / (income + 1_000);
    }

    private static List<Answered> answered(long seed, int rows, double factor) {
        var random = new SplittableRandom(seed);
        List<Answered> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            double income = Math.rint(2_000 * StrictMath.exp(0.5 * NormalScores.of(random.nextDouble(1e-9, 1))));
            double score = score(income);
            all.add(new Answered(
                    new Loan(income * factor, 18 + random.nextInt(50)),
                    score,
                    random.nextDouble() < score,
                    Instant.EPOCH.plusSeconds(i)));
        }
        return all;
    }
}
