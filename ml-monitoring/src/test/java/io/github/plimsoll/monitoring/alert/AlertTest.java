package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.drift.Finding;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.WindowReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AlertTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/alert-v1.json");

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final Alert.Finding SPIKES = new Alert.Finding(
            Incident.Kind.SPIKES,
            List.of("income", "prediction"),
            18,
            17,
            500,
            299.7,
            4.3,
            "spikes in income, prediction since window 17",
            List.of("income > 5855: 1.8 % -> 100 %"));

    private static Alert alert(
            int message, Alert.Event event, Alert.Severity severity, Duration after, int grouped, int suppressed) {
        return new Alert(
                "0123456789abcdef0123456789abcdef",
                "0123456789abcdef0123456789abcdef.1772366400000.18." + message,
                Reports.CREDIT,
                event,
                severity,
                NOON.plus(after),
                NOON,
                SPIKES,
                grouped,
                suppressed);
    }

    /** What made the golden file: an incident that opened, got worse by another, was reminded of and recovered. */
    private static List<Alert> course() {
        return List.of(
                alert(0, Alert.Event.OPENED, Alert.Severity.WARNING, Duration.ZERO, 0, 2),
                alert(1, Alert.Event.WORSENED, Alert.Severity.CRITICAL, Duration.ofMinutes(10), 1, 2),
                alert(2, Alert.Event.REMINDER, Alert.Severity.CRITICAL, Duration.ofHours(2), 1, 2),
                alert(3, Alert.Event.RECOVERED, Alert.Severity.CRITICAL, Duration.ofMillis(7_500_500), 1, 2));
    }

    @Test
    void theWrittenFormIsThatOfVersion1() throws IOException {
        List<String> lines = course().stream().map(Alert::toJson).toList();

        assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN));
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        List<Alert> read =
                Files.readAllLines(GOLDEN).stream().map(Alert::fromJson).toList();

        assertThat(read).isEqualTo(course());
    }

    @Test
    void aMessageSaysWhatHappenedOnOneLine() {
        assertThat(alert(0, Alert.Event.OPENED, Alert.Severity.WARNING, Duration.ZERO, 0, 0)
                        .text())
                .isEqualTo("credit:7: spikes in income, prediction since window 17");
        assertThat(course())
                .extracting(Alert::text)
                .containsExactly(
                        "credit:7: spikes in income, prediction since window 17; came and went unreported before: 2",
                        "credit:7: worse after PT10M: spikes in income, prediction since window 17; further incidents in these"
                                + " columns: 1; came and went unreported before: 2",
                        "credit:7: still there after PT2H: spikes in income, prediction since window 17; further incidents in these"
                                + " columns: 1; came and went unreported before: 2",
                        "credit:7: recovered after PT2H5M0.5S: spikes in income, prediction since window 17; further incidents in"
                                + " these columns: 1; came and went unreported before: 2");
    }

    @Test
    void theIdIsTheSameInEveryProcess() {
        List<Alert> told = new ArrayList<>();
        Alerting.on(Runnable::run)
                .sink("list", told::add)
                .time(ManualClock.at(NOON))
                .build()
                .accept(
                        Reports.CREDIT,
                        Reports.opening(3, Reports.incident(3, Incident.Kind.SPIKES, "income", "prediction")));

        // printf '["credit","7","SPIKES","income"]' | sha256sum | cut -c 1-32
        assertThat(told).extracting(Alert::id).containsExactly("02278cfa71a4213b7782b7e1cf18f507");
        assertThat(told)
                .extracting(Alert::messageId)
                .containsExactly("02278cfa71a4213b7782b7e1cf18f507." + NOON.toEpochMilli() + ".3.0");
    }

    @Test
    void idsDifferByModelVersionKindAndColumn() {
        List<Alert> told = new ArrayList<>();
        Alerting alerting = Alerting.on(Runnable::run).sink("list", told::add).build();
        for (String version : List.of("7", "8")) {
            for (String column : List.of("income", "age")) {
                for (Incident.Kind kind : List.of(Incident.Kind.SPIKES, Incident.Kind.SENTINEL)) {
                    Reports.Feed feed = new Reports.Feed(alerting, new ModelId("credit", version));
                    feed.accept(Reports.opening(1, Reports.incident(1, kind, column)));
                    alerting.open().forEach(alert -> alerting.resolve(alert.id()));
                }
            }
        }

        assertThat(told)
                .filteredOn(alert -> alert.event() == Alert.Event.OPENED)
                .hasSize(8);
        assertThat(told.stream().map(Alert::id).distinct()).hasSize(8);
    }

    @Test
    void namesFromTheDataBreakNoLogLineAndFillNoScreen() {
        List<Alert> told = new ArrayList<>();
        Alerting alerting = Alerting.on(Runnable::run).sink("list", told::add).build();
        String forged = "a\n2026-03-01 INFO all is well\u202E\u2028";
        Incident incident = new Incident(
                1,
                Incident.Kind.ADDED_COLUMN,
                Collections.nCopies(60, forged + "x".repeat(5_000)),
                1,
                1,
                1,
                Collections.nCopies(30, new Finding.Field(forged, true, 10)));
        alerting.accept(Reports.CREDIT, new WindowReport(1, 10, List.of(incident), Map.of()));

        Alert alert = told.get(0);
        assertThat(alert.text().lines()).hasSize(1);
        assertThat(alert.text()).doesNotContain("\u202E", "\u2028").hasSizeLessThan(1_100);
        assertThat(alert.columns()).hasSize(Alert.MAX_COLUMNS).allMatch(name -> name.length() <= Alert.MAX_TEXT);
        assertThat(alert.details()).hasSize(Alert.MAX_DETAILS).noneMatch(detail -> detail.contains("\n"));
    }

    @Property
    void whateverTheEvidenceItIsReadBack(@ForAll double evidence, @ForAll String detail) {
        List<Alert> told = new ArrayList<>();
        Incident incident = new Incident(
                1,
                Incident.Kind.SPIKES,
                List.of("income"),
                evidence,
                4.3,
                1,
                List.of(new Finding.Field(detail, true, 10)));
        Alerting.on(Runnable::run).sink("list", told::add).build().accept(Reports.CREDIT, Reports.opening(1, incident));

        Alert read = Alert.fromJson(told.get(0).toJson());

        assertThat(read.evidence()).isEqualTo(evidence);
        assertThat(read).isEqualTo(told.get(0)).hasSameHashCodeAs(told.get(0));
    }

    @Test
    void damageIsNamed() throws IOException {
        String good = Files.readAllLines(GOLDEN).get(0);

        assertThatThrownBy(() -> Alert.fromJson(good.replace("\"v\":1", "\"v\":2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alert: version 2 (expected: a JSON object of version 1)");
        assertThatThrownBy(() -> Alert.fromJson(good.substring(0, 40))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Alert.fromJson(good.replace("SPIKES", "SPOKES")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("kind: SPOKES (expected: one of [ADDED_COLUMN,");
        assertThatThrownBy(() -> Alert.fromJson(good.replace("\"window\":18", "\"window\":18.5")))
                .hasMessage("window: 18.5 (expected: a whole number)");
        assertThatThrownBy(() -> Alert.fromJson(good.replace("\"2026-03-01T12:00:00Z\"", "\"yesterday\"")))
                .hasMessage("time: yesterday (expected: a time such as 2026-03-01T12:00:00Z)");
        assertThatThrownBy(() -> Alert.fromJson(good.replace("\"grouped\":0", "\"grouped\":-1")))
                .hasMessage("grouped: -1 (expected: a whole number >= 0)");
        assertThatThrownBy(() -> Alert.fromJson(good.replace("\"evidence\":299.7", "\"evidence\":\"much\"")))
                .hasMessage("evidence: \"much\" (expected: a number)");
        assertThatThrownBy(() -> Alert.fromJson("[1]")).isInstanceOf(IllegalArgumentException.class);
    }
}
