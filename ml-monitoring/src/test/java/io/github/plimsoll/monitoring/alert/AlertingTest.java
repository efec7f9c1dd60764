package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class AlertingTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<Alert> told = Collections.synchronizedList(new ArrayList<>());
    private final Alerting alerting = builder().build();
    private final Reports.Feed feed = Reports.feed(alerting);

    private Alerting.Builder builder() {
        return Alerting.on(Runnable::run).sink("list", told::add).time(clock);
    }

    private List<String> events() {
        return told.stream()
                .map(alert -> alert.event() + " " + alert.kind() + " " + alert.columns())
                .toList();
    }

    private static void open(Reports.Feed feed, long window, Kind kind, String... columns) {
        feed.accept(Reports.opening(window, Reports.incident(window, kind, columns)));
    }

    private static double value(Reports.Feed feed, PredictionMeter meter, String... tags) {
        List<Measurement> found = feed.measurements().stream()
                .filter(measurement -> measurement.meter() == meter
                        && measurement.tags().values().containsAll(List.of(tags)))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0).value().getAsDouble();
    }

    // ---- what is said ---------------------------------------------------------------------------------------------

    @Test
    void anIncidentIsToldWhenItOpensAndWhenItIsOver() {
        open(feed, 1, Kind.UNIT_CHANGE, "income", "prediction");
        feed.accept(Reports.in(2, "income", State.DRIFT));
        feed.accept(Reports.in(3, "prediction", State.DRIFT));
        feed.accept(Reports.in(4, "income", State.NOT_ENOUGH_DATA));
        feed.accept(Reports.in(5, "income", State.RECOVERED));
        feed.accept(Reports.all(6, State.OK));

        assertThat(events())
                .containsExactly(
                        "OPENED UNIT_CHANGE [income, prediction]", "RECOVERED UNIT_CHANGE [income, prediction]");
        assertThat(alerting.open()).isEmpty();
    }

    @Test
    void otherColumnsAndModelsDoNotEndAnAlert() {
        open(feed, 1, Kind.UNIT_CHANGE, "income");
        feed.accept(Reports.in(2, "income", State.DRIFT));
        new Reports.Feed(alerting, new ModelId("credit", "8")).accept(Reports.all(2, State.OK));

        assertThat(alerting.open()).extracting(Alert::columns).containsExactly(List.of("income"));
    }

    @Test
    void whatHasNoStateIsOverWhenItIsResolvedOrFoundAnew() {
        open(feed, 1, Kind.ADDED_COLUMN, "surplus");
        feed.accept(Reports.all(2, State.OK));
        feed.accept(Reports.all(9, State.RECOVERED));
        assertThat(events()).containsExactly("OPENED ADDED_COLUMN [surplus]");

        clock.advance(Duration.ofHours(2));
        open(feed, 10, Kind.ADDED_COLUMN, "surplus");
        assertThat(events()).containsExactly("OPENED ADDED_COLUMN [surplus]", "OPENED ADDED_COLUMN [surplus]");

        assertThat(alerting.resolve(told.get(1).id())).isTrue();
        assertThat(alerting.resolve(told.get(1).id())).isFalse();
        assertThat(events()).hasSize(3).last().isEqualTo("RECOVERED ADDED_COLUMN [surplus]");
        assertThat(told).extracting(Alert::messageId).doesNotHaveDuplicates();
    }

    @Test
    void whatIsFoundAnewAtTheSameMomentHasAMessageOfItsOwn() {
        open(feed, 1, Kind.ADDED_COLUMN, "surplus");
        open(feed, 2, Kind.ADDED_COLUMN, "surplus");
        clock.advance(Duration.ofHours(1));
        alerting.deliver();

        assertThat(told).hasSize(2).extracting(Alert::messageId).doesNotHaveDuplicates();
    }

    @Test
    void outcomesOpenAlertsToo() {
        alerting.outcomes(Reports.CREDIT, List.of());
        alerting.outcomes(Reports.CREDIT, List.of(Reports.incident(3, Kind.LABEL_FLIP, "label")));

        assertThat(events()).containsExactly("OPENED LABEL_FLIP [label]");
        assertThat(told.get(0).severity()).isEqualTo(Alert.Severity.CRITICAL);
        assertThat(told.get(0).rows()).isZero();
    }

    @Test
    void theSameReportTwiceIsToldOnce() {
        open(feed, 1, Kind.UNIT_CHANGE, "income");
        open(feed, 1, Kind.UNIT_CHANGE, "income");
        open(feed, 1, Kind.ADDED_COLUMN, "surplus");
        open(feed, 1, Kind.ADDED_COLUMN, "surplus");

        assertThat(events())
                .containsExactly(
                        "OPENED UNIT_CHANGE [income]",
                        "RECOVERED UNIT_CHANGE [income]",
                        "OPENED ADDED_COLUMN [surplus]");
    }

    @Test
    void anIncidentInTheSameColumnsJoinsTheAlertAndIsToldOnlyIfItIsWorse() {
        open(feed, 1, Kind.SPIKES, "income", "prediction");
        open(feed, 2, Kind.PREDICTION_SHIFT, "prediction");
        open(feed, 3, Kind.SIGN_FLIP, "income");
        open(feed, 4, Kind.STUCK_VALUE, "prediction");
        feed.accept(Reports.opening(5, "income", Reports.incident(5, Kind.SPIKES, "age")));

        assertThat(events())
                .containsExactly(
                        "OPENED SPIKES [income, prediction]", "WORSENED SIGN_FLIP [income]", "OPENED SPIKES [age]");
        assertThat(told.get(1).severity()).isEqualTo(Alert.Severity.CRITICAL);
        assertThat(told.get(1).id()).isEqualTo(told.get(0).id());
        assertThat(told.get(1).grouped()).isEqualTo(2);
        assertThat(value(feed, PredictionMeter.ALERTS_SUPPRESSED, "grouped")).isEqualTo(2);
        assertThat(value(feed, PredictionMeter.ALERTS_OPEN)).isEqualTo(2);
    }

    @Test
    void whatComesAndGoesIsToldOncePerCoolDown() {
        for (int hour = 0; hour < 3; hour++) {
            for (int flap = 0; flap < 6; flap++) {
                open(feed, 12 * hour + 2 * flap, Kind.SPIKES, "income");
                clock.advance(Duration.ofMinutes(5));
                feed.accept(Reports.all(12 * hour + 2 * flap + 1, State.RECOVERED));
                clock.advance(Duration.ofMinutes(5));
            }
        }

        // over at :05, kept back until 1:05; the one that opened at 1:00 is over at 1:05, the next that is told opens
        // at 1:10
        assertThat(told)
                .extracting(alert -> alert.event() + " " + alert.time() + " " + alert.suppressed())
                .containsExactly(
                        "OPENED 2026-03-01T12:00:00Z 0",
                        "RECOVERED 2026-03-01T12:05:00Z 0",
                        "OPENED 2026-03-01T13:10:00Z 6",
                        "RECOVERED 2026-03-01T13:15:00Z 6",
                        "OPENED 2026-03-01T14:20:00Z 6",
                        "RECOVERED 2026-03-01T14:25:00Z 6");
        assertThat(value(feed, PredictionMeter.ALERTS_SUPPRESSED, "cool-down")).isEqualTo(15);
    }

    @Test
    void whatIsKeptBackIsToldWhenTheCoolDownIsOverAndItIsStillThere() {
        open(feed, 1, Kind.SPIKES, "income");
        feed.accept(Reports.all(2, State.RECOVERED));
        clock.advance(Duration.ofMinutes(30));
        open(feed, 3, Kind.SPIKES, "income");
        clock.advance(Duration.ofMinutes(29));
        feed.accept(Reports.in(4, "income", State.DRIFT));
        assertThat(events()).hasSize(2);

        clock.advance(Duration.ofMinutes(1));
        alerting.deliver();

        assertThat(events()).hasSize(3).last().isEqualTo("OPENED SPIKES [income]");
        assertThat(told.get(2).openedAt()).isEqualTo(Instant.parse("2026-03-01T12:30:00Z"));
    }

    @Test
    void theCoolDownIsThatOfOneKindInOneColumn() {
        open(feed, 1, Kind.SPIKES, "income");
        feed.accept(Reports.all(2, State.RECOVERED));
        open(feed, 3, Kind.SENTINEL, "income");
        feed.accept(Reports.opening(4, "income", Reports.incident(4, Kind.SPIKES, "age")));

        assertThat(events()).hasSize(4);
    }

    @Test
    void aClockThatIsSetBackKeepsNothingBack() {
        open(feed, 1, Kind.SPIKES, "income");
        feed.accept(Reports.all(2, State.RECOVERED));
        clock.setBack(Duration.ofDays(300));
        open(feed, 3, Kind.SPIKES, "income");

        assertThat(events()).hasSize(3);
        feed.accept(Reports.all(4, State.OK));
        assertThat(told.get(3).text()).contains("recovered after PT0S");
    }

    @Test
    void remindersComeUntilAnAlertIsAcknowledgedOrOver() {
        Alerting reminding = builder()
                .remindEvery(Duration.ofMinutes(30))
                .coolDown(Duration.ZERO)
                .build();
        Reports.Feed reports = Reports.feed(reminding);
        open(reports, 1, Kind.SPIKES, "income");
        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofMinutes(10));
            reports.accept(Reports.in(2 + i, "income", State.DRIFT));
        }
        assertThat(told)
                .extracting(Alert::event)
                .containsExactly(Alert.Event.OPENED, Alert.Event.REMINDER, Alert.Event.REMINDER);

        assertThat(reminding.acknowledge(told.get(0).id())).isTrue();
        clock.advance(Duration.ofHours(5));
        open(reports, 8, Kind.UNIT_CHANGE, "income");
        clock.advance(Duration.ofHours(5));
        reports.accept(Reports.in(9, "income", State.DRIFT));
        assertThat(told).hasSize(3);
        assertThat(value(reports, PredictionMeter.ALERTS_SUPPRESSED, "acknowledged"))
                .isEqualTo(1);

        reports.accept(Reports.all(10, State.RECOVERED));
        open(reports, 11, Kind.SPIKES, "income");

        assertThat(told).extracting(Alert::event).endsWith(Alert.Event.RECOVERED, Alert.Event.OPENED);
        assertThat(reminding.acknowledge("no such alert")).isFalse();
    }

    @Test
    void aSurplusColumnWithARandomNameInEachWindowFillsNoMemory() {
        for (int window = 0; window < 3_000; window++) {
            open(feed, window, Kind.ADDED_COLUMN, "surplus-" + window);
        }

        assertThat(told).hasSize(3_000);
        assertThat(alerting.open()).hasSize(1_000);
        assertThat(value(feed, PredictionMeter.ALERTS_OPEN)).isEqualTo(1_000);
    }

    @Test
    void columnsInAnotherOrderAreAsBadAsTwoSwapped() {
        Reports.Feed reports = Reports.feed(builder().build());
        open(reports, 1, Kind.COLUMN_ORDER, "income");
        open(reports, 2, Kind.CATEGORY_CASE, "country");

        assertThat(told)
                .filteredOn(alert -> alert.event() == Alert.Event.OPENED)
                .extracting(Alert::severity)
                .containsExactly(Alert.Severity.CRITICAL, Alert.Severity.WARNING);
    }

    @Test
    void theHostJudges() {
        Reports.Feed reports = Reports.feed(
                builder().severity(incident -> Alert.Severity.CRITICAL).build());
        open(reports, 1, Kind.SPIKES, "income");

        assertThat(told.get(0).severity()).isEqualTo(Alert.Severity.CRITICAL);
    }

    @Test
    void aJudgementThatFailsCostsNoAlarm() {
        Reports.Feed reports = Reports.feed(builder()
                .severity(incident -> {
                    throw new IllegalStateException("no idea");
                })
                .build());
        open(reports, 1, Kind.UNIT_CHANGE, "income");

        assertThat(told).extracting(Alert::severity).containsExactly(Alert.Severity.CRITICAL);
    }

    // ---- delivery -------------------------------------------------------------------------------------------------

    @Test
    void aSinkThatIsDownGetsEverythingInOrderWhenItIsBack() {
        AtomicInteger attempts = new AtomicInteger();
        List<Alert> taken = new ArrayList<>();
        Alerting two = builder()
                .sink("flaky", alert -> {
                    if (attempts.incrementAndGet() <= 3) {
                        throw new IllegalStateException("down");
                    }
                    taken.add(alert);
                })
                .build();
        Reports.Feed reports = Reports.feed(two);
        open(reports, 1, Kind.SPIKES, "income");
        open(reports, 2, Kind.SPIKES, "age");
        assertThat(attempts).hasValue(1); // pauses a second
        assertThat(told).hasSize(3); // income has recovered meanwhile
        assertThat(value(reports, PredictionMeter.ALERTS_WAITING, "flaky")).isEqualTo(3);

        clock.advance(Duration.ofSeconds(1));
        two.deliver();
        clock.advance(Duration.ofSeconds(1));
        two.deliver();
        assertThat(attempts).hasValue(2); // now two seconds
        clock.advance(Duration.ofSeconds(1));
        reports.accept(Reports.in(3, "income", State.DRIFT));
        assertThat(attempts).hasValue(3);
        clock.advance(Duration.ofSeconds(4));
        two.deliver();

        assertThat(taken).isEqualTo(told).hasSize(4); // and so has age
        assertThat(value(reports, PredictionMeter.ALERTS, "flaky", "sent")).isEqualTo(4);
        assertThat(value(reports, PredictionMeter.ALERTS, "flaky", "failed")).isEqualTo(3);
        assertThat(value(reports, PredictionMeter.ALERTS, "flaky", "dropped")).isZero();
        assertThat(value(reports, PredictionMeter.ALERTS_WAITING, "flaky")).isZero();
    }

    @Test
    void theTimeThatAReceiverAsksForIsGiven() {
        AtomicInteger attempts = new AtomicInteger();
        Alerting busy = Alerting.on(Runnable::run)
                .sink("busy", alert -> {
                    attempts.incrementAndGet();
                    throw DeliveryException.passing("busy", null, Duration.ofMinutes(30));
                })
                .time(clock)
                .build();
        open(Reports.feed(busy), 1, Kind.SPIKES, "income");

        clock.advance(Duration.ofMinutes(29));
        busy.deliver();
        assertThat(attempts).hasValue(1);
        clock.advance(Duration.ofMinutes(1));
        busy.deliver();
        assertThat(attempts).hasValue(2);
    }

    @Test
    void whatASinkWillNeverTakeIsDroppedAndHoldsUpNothing() {
        List<Alert> taken = new ArrayList<>();
        Alerting choosy = Alerting.on(Runnable::run)
                .sink("choosy", alert -> {
                    if (alert.columns().contains("income")) {
                        throw DeliveryException.refused("no income, please");
                    }
                    taken.add(alert);
                })
                .build();
        Reports.Feed reports = Reports.feed(choosy);
        open(reports, 1, Kind.SPIKES, "income");
        reports.accept(Reports.opening(2, "income", Reports.incident(2, Kind.SPIKES, "age")));

        assertThat(taken).hasSize(1);
        assertThat(value(reports, PredictionMeter.ALERTS, "dropped")).isEqualTo(1);
        assertThat(value(reports, PredictionMeter.ALERTS_WAITING)).isZero();
    }

    @Test
    void aFullQueueDropsItsOldestMessageAndCountsIt() {
        List<String> taken = new ArrayList<>();
        Deque<Runnable> tasks = new ArrayDeque<>();
        Alerting small = Alerting.on(tasks::add)
                .sink("small", alert -> taken.add(alert.columns().get(0)))
                .queueCapacity(2)
                .build();
        Reports.Feed reports = Reports.feed(small);
        for (String column : List.of("a", "b", "c")) {
            open(reports, 1, Kind.ADDED_COLUMN, column);
        }
        assertThat(tasks).hasSize(1); // one task a sink
        tasks.remove().run();

        assertThat(taken).containsExactly("b", "c");
        assertThat(value(reports, PredictionMeter.ALERTS, "dropped")).isEqualTo(1);
        assertThat(value(reports, PredictionMeter.ALERTS, "sent")).isEqualTo(2);
    }

    @Test
    void whatIsBeingSentIsNotDropped() {
        List<String> taken = new ArrayList<>();
        List<Reports.Feed> reports = new ArrayList<>();
        Alerting tiny = Alerting.on(Runnable::run)
                .sink("tiny", alert -> {
                    String column = alert.columns().get(0);
                    if (column.equals("a")) { // while this is being sent, more comes than there is room for
                        open(reports.get(0), 1, Kind.ADDED_COLUMN, "b");
                        open(reports.get(0), 1, Kind.ADDED_COLUMN, "c");
                    }
                    taken.add(column);
                })
                .queueCapacity(1)
                .build();
        reports.add(Reports.feed(tiny));
        open(reports.get(0), 1, Kind.ADDED_COLUMN, "a");

        assertThat(taken).containsExactly("a");
        assertThat(value(reports.get(0), PredictionMeter.ALERTS, "sent")).isEqualTo(1);
        assertThat(value(reports.get(0), PredictionMeter.ALERTS, "dropped")).isEqualTo(2);
    }

    @Test
    void anExecutorThatRefusesLosesNothing() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        boolean[] busy = {true};
        Alerting later = Alerting.on(task -> {
                    if (busy[0]) {
                        throw new RejectedExecutionException("busy");
                    }
                    tasks.add(task);
                })
                .sink("list", told::add)
                .build();
        open(Reports.feed(later), 1, Kind.SPIKES, "income");
        busy[0] = false;
        later.deliver();
        tasks.remove().run();

        assertThat(told).hasSize(1);
    }

    @Test
    void anErrorInASinkLeavesTheMessage() {
        boolean[] broken = {true};
        Alerting fragile = Alerting.on(Runnable::run)
                .sink("fragile", alert -> {
                    if (broken[0]) {
                        throw new AssertionError("broken");
                    }
                    told.add(alert);
                })
                .build();
        Reports.Feed reports = Reports.feed(fragile);
        assertThatThrownBy(() -> open(reports, 1, Kind.SPIKES, "income")).isInstanceOf(AssertionError.class);
        broken[0] = false;
        fragile.deliver();

        assertThat(told).hasSize(1);
    }

    @Test
    void anInterruptedSinkKeepsTheFlagAndTheMessage() {
        Alerting interrupted = Alerting.on(Runnable::run)
                .sink("list", alert -> {
                    throw new InterruptedException();
                })
                .time(clock)
                .build();
        Reports.Feed reports = Reports.feed(interrupted);
        open(reports, 1, Kind.SPIKES, "income");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(value(reports, PredictionMeter.ALERTS_WAITING)).isEqualTo(1);
    }

    @Test
    void aSinkThatHangsHoldsUpNeitherReportsNorOtherSinks() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch delivered = new CountDownLatch(50);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Alerting two = Alerting.on(pool)
                    .sink("hangs", alert -> hangs.await())
                    .sink("works", alert -> delivered.countDown())
                    .build();
            Reports.Feed reports = Reports.feed(two);
            for (int i = 0; i < 50; i++) {
                open(reports, i, Kind.ADDED_COLUMN, "surplus-" + i);
            }

            delivered.await();
            assertThat(value(reports, PredictionMeter.ALERTS_WAITING, "hangs")).isEqualTo(50);
        } finally {
            hangs.countDown();
            pool.shutdown();
            assertThat(pool.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void reportsFromManyThreadsAreEachToldOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        ExecutorService reporters = Executors.newFixedThreadPool(4);
        Alerting shared = Alerting.on(pool).sink("list", told::add).build();
        Reports.Feed reports = Reports.feed(shared);
        CountDownLatch go = new CountDownLatch(1);
        for (int thread = 0; thread < 4; thread++) {
            String name = "surplus-" + thread + "-";
            reporters.execute(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < 100; i++) {
                    open(reports, i, Kind.ADDED_COLUMN, name + i);
                    shared.save();
                    shared.deliver();
                }
            });
        }
        go.countDown();
        reporters.shutdown();
        assertThat(reporters.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        shared.deliver();
        pool.shutdown();
        assertThat(pool.awaitTermination(2, TimeUnit.MINUTES)).isTrue();

        assertThat(told).hasSize(400);
        assertThat(told.stream().map(Alert::messageId).distinct()).hasSize(400);
    }

    // ---- restarts -------------------------------------------------------------------------------------------------

    @Test
    void aRestartForgetsNothingAndSaysNothingTwice() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Alerting before =
                Alerting.on(tasks::add).sink("list", told::add).time(clock).build();
        Reports.Feed reports = Reports.feed(before);
        open(reports, 1, Kind.SPIKES, "income");
        tasks.remove().run();
        reports.accept(Reports.opening(2, "income", Reports.incident(2, Kind.SPIKES, "age"))); // waits
        before.acknowledge(told.get(0).id());

        Alerting after = builder().state(before.save()).build();
        Reports.Feed anew = Reports.feed(after);
        assertThat(after.open()).isEqualTo(before.open()).hasSize(2);
        assertThat(value(anew, PredictionMeter.ALERTS_WAITING)).isEqualTo(1);
        open(anew, 0, Kind.SPIKES, "income"); // a monitor that begins anew finds it again, and age well
        anew.accept(Reports.all(2, State.RECOVERED));

        assertThat(events())
                .containsExactly(
                        "OPENED SPIKES [income]",
                        "OPENED SPIKES [age]",
                        "RECOVERED SPIKES [age]",
                        "RECOVERED SPIKES [income]");
        assertThat(value(anew, PredictionMeter.ALERTS, "sent")).isEqualTo(3);
        assertThat(value(anew, PredictionMeter.ALERTS_OPEN)).isZero();
        assertThat(value(Reports.feed(after), PredictionMeter.ALERTS, "sent")).isZero(); // a feed counts its own
        assertThat(builder().state(after.save()).build().save()).isEqualTo(after.save());
    }

    /** The golden file has an alert that is told, one that is kept back, a cool-down, and messages that wait. */
    @Test
    void theWrittenStateIsThatOfVersion1() throws IOException {
        byte[] golden = Files.readAllBytes(Path.of("src/test/resources/golden/alerting-v1.json"));

        Alerting restored = Alerting.on(task -> {})
                .sink("list", told::add)
                .time(clock)
                .state(golden)
                .build();

        assertThat(new String(restored.save(), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden, StandardCharsets.UTF_8));
        assertThat(restored.open())
                .extracting(alert -> alert.kind() + " " + alert.columns() + " " + alert.openedAt())
                .containsExactly(
                        "SENTINEL [age] 2026-03-01T12:00:00Z", "SPIKES [income, prediction] 2026-03-01T12:20:00Z");
    }

    @Test
    void messagesForASinkThatIsGoneAreDropped() {
        Alerting before =
                Alerting.on(task -> {}).sink("old", told::add).time(clock).build();
        open(Reports.feed(before), 1, Kind.SPIKES, "income");

        Alerting after = builder().state(before.save()).build();
        after.deliver();

        assertThat(told).isEmpty();
        assertThat(after.open()).hasSize(1);
    }

    @Test
    void aDamagedOrNewerStateIsNamed() {
        open(feed, 1, Kind.SPIKES, "income");
        String state = new String(alerting.save(), StandardCharsets.UTF_8);

        assertThatThrownBy(() -> restored(state.replace("\"v\":1,\"format\"", "\"v\":2,\"format\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alert state: version 2 (expected: a JSON object of version 1)");
        assertThatThrownBy(() -> restored(state.replace("plimsoll-alerting", "plimsoll-baseline")))
                .hasMessage("alert state: format \"plimsoll-baseline\" (expected: \"plimsoll-alerting\")");
        assertThatThrownBy(() -> restored(state.replace("\"announced\":true", "\"announced\":1")))
                .hasMessage("alert state: announced: 1 (expected: true or false)");
        for (int length = 0; length < state.length(); length += 7) {
            String cut = state.substring(0, length);
            assertThatThrownBy(() -> restored(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void restored(String state) {
        builder().state(state.getBytes(StandardCharsets.UTF_8)).build();
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> Alerting.on(Runnable::run).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("alerting: no sink (expected: at least one)");
        assertThatThrownBy(() -> builder().sink("list", told::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sink: 'list' (expected: a name of its own, not blank)");
        assertThatThrownBy(() -> builder().coolDown(Duration.ofSeconds(-1)))
                .hasMessage("cool-down: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> builder().remindEvery(Duration.ofMillis(999)))
                .hasMessage("reminders: every PT0.999S (expected: >= PT1S)");
        assertThatThrownBy(() -> builder().queueCapacity(0)).hasMessage("queue capacity: 0 (expected: >= 1)");
    }

    @Test
    void anIncidentWithoutColumnsIsStillTold() {
        feed.accept(new WindowReport(
                1, 500, List.of(new Incident(1, Kind.DUPLICATE_ROWS, List.of(), 9, 4, 1, List.of())), Map.of()));

        assertThat(told).hasSize(1);
    }
}
