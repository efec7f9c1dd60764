package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Kind;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Reason;
import io.github.plimsoll.monitoring.drift.Incident;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(240)
class RetrainingTriggerTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final ManualClock clock = ManualClock.at(START);
    private final List<RetrainingRequest> asked = Collections.synchronizedList(new ArrayList<>());

    private RetrainingTrigger.Builder builder() {
        return RetrainingTrigger.of(Reports.CREDIT, Runnable::run, asked::add).time(clock);
    }

    private Alert alert(int number, Alert.Event event, String... columns) {
        return alert(Reports.CREDIT, number, event, columns);
    }

    private Alert alert(ModelId model, int number, Alert.Event event, String... columns) {
        return new Alert(
                "id",
                "message-" + number,
                model,
                event,
                Alert.Severity.WARNING,
                Instant.ofEpochMilli(clock.currentTimeMillis()),
                START,
                Alert.Finding.of(Reports.incident(number, Incident.Kind.SPIKES, columns), 500),
                0,
                0);
    }

    @Test
    void someAlertsInATimeAskForANewModel() {
        RetrainingTrigger trigger = builder().onAlerts(3, Duration.ofDays(7)).build();
        trigger.send(alert(1, Alert.Event.OPENED, "income"));
        clock.advance(Duration.ofDays(7));
        trigger.send(alert(2, Alert.Event.OPENED, "income"));
        trigger.send(alert(2, Alert.Event.OPENED, "income")); // sent again
        trigger.send(alert(3, Alert.Event.RECOVERED, "income"));
        trigger.send(alert(new ModelId("credit", "6"), 4, Alert.Event.OPENED, "income"));
        trigger.send(alert(5, Alert.Event.OPENED, "income"));
        assertThat(asked).isEmpty();

        trigger.send(alert(6, Alert.Event.OPENED, "income"));

        assertThat(asked)
                .extracting(RetrainingRequest::reasons)
                .containsExactly(List.of(new Reason(Kind.ALERTS, "3 alerts in PT168H (expected: fewer than 3)")));
        assertThat(asked.get(0).baselineAge()).isEmpty();
    }

    @Test
    void alertsAboutSomeColumnsAskForANewModel() {
        RetrainingTrigger trigger = builder().onColumns(3, Duration.ofDays(7)).build();
        trigger.send(alert(1, Alert.Event.OPENED, "income", "prediction"));
        trigger.send(alert(2, Alert.Event.OPENED, "prediction"));
        assertThat(asked).isEmpty();
        trigger.send(alert(3, Alert.Event.OPENED, "age"));

        assertThat(asked)
                .extracting(RetrainingRequest::reasons)
                .containsExactly(List.of(new Reason(
                        Kind.COLUMNS,
                        "alerts about 3 columns in PT168H (expected: fewer than 3): income, prediction, age")));
    }

    @Test
    void anOldBaselineAsksOnceInAPeriodUntilThereIsANewOne() {
        RetrainingTrigger trigger = builder()
                .onAge(Duration.ofDays(90), START.minus(Duration.ofDays(89)))
                .atMostEvery(Duration.ofDays(7))
                .build();
        for (int day = 0; day < 20; day++) {
            trigger.check();
            trigger.check();
            clock.advance(Duration.ofDays(1));
        }
        assertThat(asked)
                .extracting(RetrainingRequest::time)
                .containsExactly(
                        START.plus(Duration.ofDays(1)),
                        START.plus(Duration.ofDays(8)),
                        START.plus(Duration.ofDays(15)));
        assertThat(asked.get(1).baselineAge()).contains(Duration.ofDays(97));
        assertThat(asked.get(1).reasons())
                .containsExactly(new Reason(Kind.AGE, "the baseline is 97 days old (expected: less than 90)"));
        assertThat(asked).extracting(RetrainingRequest::id).doesNotHaveDuplicates();

        trigger.retrained(START.plus(Duration.ofDays(16)));
        clock.advance(Duration.ofDays(80));
        trigger.check();
        assertThat(asked).hasSize(3);
    }

    @Test
    void aMeasureBelowItsFloorSomeTimesInARowAsksForANewModel() {
        RetrainingTrigger trigger = builder().onPerformanceBelow("auc", 0.7, 3).build();
        for (double auc : new double[] {0.6, 0.69, 0.7, 0.6, Double.NaN, 0.65}) { // the floor itself is good enough
            trigger.performance("auc", auc);
        }
        assertThat(asked).isEmpty();
        trigger.performance("auc", 0.61);

        assertThat(asked)
                .extracting(RetrainingRequest::reasons)
                .containsExactly(List.of(new Reason(Kind.PERFORMANCE, "auc 0.61 (expected: >= 0.7)")));
        assertThat(asked.get(0)).hasToString("credit:7: a new model is asked for: auc 0.61 (expected: >= 0.7)");
        assertThatThrownBy(() -> trigger.performance("f1", 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("performance: 'f1' (expected: one of [auc])");
    }

    @Test
    void allConditionsAtOnceIfSoRequired() {
        RetrainingTrigger trigger = builder()
                .onAlerts(1, Duration.ofDays(7))
                .onPerformanceBelow("auc", 0.7, 1)
                .onPerformanceBelow("recall", 0.2, 1)
                .requireAll()
                .build();
        trigger.performance("auc", 0.5);
        trigger.send(alert(1, Alert.Event.OPENED, "income"));
        assertThat(asked).isEmpty();
        trigger.performance("recall", 0.1);

        assertThat(asked.get(0).reasons())
                .extracting(Reason::kind)
                .containsExactly(Kind.ALERTS, Kind.PERFORMANCE, Kind.PERFORMANCE);
    }

    @Test
    void whatLedToARequestIsUsedUp() {
        RetrainingTrigger trigger = builder()
                .onAlerts(2, Duration.ofDays(30))
                .onPerformanceBelow("auc", 0.7, 1)
                .atMostEvery(Duration.ofHours(1))
                .build();
        trigger.send(alert(1, Alert.Event.OPENED, "income"));
        trigger.performance("auc", 0.5);
        assertThat(asked).hasSize(1);
        clock.advance(Duration.ofDays(1));
        trigger.send(alert(2, Alert.Event.OPENED, "income"));
        assertThat(asked).hasSize(1);
        trigger.send(alert(3, Alert.Event.OPENED, "income"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void processesThatDecideInOnePeriodGiveOneId() {
        RetrainingTrigger here = builder().onPerformanceBelow("auc", 0.7, 1).build();
        RetrainingTrigger there = builder().onAlerts(1, Duration.ofDays(1)).build();
        here.performance("auc", 0.5);
        clock.advance(Duration.ofHours(11));
        there.send(alert(1, Alert.Event.OPENED, "income"));
        clock.advance(Duration.ofDays(1));
        here.performance("auc", 0.5);

        assertThat(asked).hasSize(3);
        assertThat(asked.get(1).id()).isEqualTo(asked.get(0).id()).matches("plimsoll-[0-9a-f]{32}");
        assertThat(asked.get(2).id()).isNotEqualTo(asked.get(0).id());
    }

    @Test
    void aClockThatIsSetBackDoesNotAskTwiceAndDoesNotSilence() {
        RetrainingTrigger trigger = builder()
                .onPerformanceBelow("auc", 0.7, 1)
                .atMostEvery(Duration.ofDays(1))
                .build();
        trigger.performance("auc", 0.5);
        clock.setBack(Duration.ofDays(300));
        trigger.performance("auc", 0.5);
        assertThat(asked).hasSize(1);
        clock.advance(Duration.ofDays(1));
        trigger.check();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aRequestThatWasNotTakenIsKeptAndTriedAgain() {
        List<Integer> attempts = new ArrayList<>();
        RetrainingTrigger trigger = RetrainingTrigger.of(Reports.CREDIT, Runnable::run, request -> {
                    attempts.add(attempts.size());
                    if (attempts.size() < 3) {
                        throw new IllegalStateException("down");
                    }
                    asked.add(request);
                })
                .onPerformanceBelow("auc", 0.7, 1)
                .time(clock)
                .build();
        trigger.performance("auc", 0.5);
        assertThat(attempts).hasSize(1);
        RetrainingRequest waiting = trigger.pending().orElseThrow();
        clock.advance(Duration.ofSeconds(59));
        trigger.performance("auc", 0.5);
        assertThat(attempts).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        trigger.check();
        clock.advance(Duration.ofSeconds(119));
        trigger.check();
        assertThat(attempts).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        trigger.check();

        assertThat(asked).containsExactly(waiting);
        assertThat(trigger.pending()).isEmpty();
        assertThat(trigger.measurements())
                .extracting(Object::toString)
                .containsExactly(
                        "ml.retraining.requests{result=sent} 1.0",
                        "ml.retraining.requests{result=failed} 2.0",
                        "ml.retraining.requests{result=dropped} 0.0");
    }

    @Test
    void aRequestThatIsRefusedForGoodIsDropped() {
        RetrainingTrigger trigger = RetrainingTrigger.of(Reports.CREDIT, Runnable::run, request -> {
                    throw DeliveryException.refused("no such parameter");
                })
                .onPerformanceBelow("auc", 0.7, 1)
                .build();
        trigger.performance("auc", 0.5);

        assertThat(trigger.pending()).isEmpty();
        assertThat(trigger.measurements())
                .extracting(Object::toString)
                .contains("ml.retraining.requests{result=dropped} 1.0");
    }

    @Test
    void executorsThatRefuseErrorsAndInterruptsLoseNothing() {
        Deque<Throwable> troubles = new ArrayDeque<>(List.of(new RejectedExecutionException()));
        RetrainingTrigger trigger = RetrainingTrigger.of(
                        Reports.CREDIT,
                        task -> {
                            if (troubles.peek() instanceof RejectedExecutionException busy) {
                                troubles.remove();
                                throw busy;
                            }
                            task.run();
                        },
                        request -> {
                            Throwable trouble = troubles.poll();
                            if (trouble instanceof Error error) {
                                throw error;
                            } else if (trouble instanceof Exception exception) {
                                throw exception;
                            }
                            asked.add(request);
                        })
                .onPerformanceBelow("auc", 0.7, 1)
                .time(clock)
                .build();
        trigger.performance("auc", 0.5); // the executor is busy
        troubles.add(new AssertionError());
        assertThatThrownBy(trigger::check).isInstanceOf(AssertionError.class);
        troubles.add(new InterruptedException());
        trigger.check();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).isEmpty();
        clock.advance(Duration.ofHours(1));
        trigger.check();

        assertThat(asked).hasSize(1);
    }

    @Test
    void manyThreadsAskOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        RetrainingTrigger trigger = RetrainingTrigger.of(Reports.CREDIT, pool, asked::add)
                .onPerformanceBelow("auc", 0.7, 1)
                .time(clock)
                .build();
        CountDownLatch done = new CountDownLatch(8);
        for (int thread = 0; thread < 8; thread++) {
            pool.execute(() -> {
                for (int i = 0; i < 200; i++) {
                    trigger.performance("auc", 0.5);
                    trigger.save();
                }
                done.countDown();
            });
        }
        done.await();
        pool.shutdown();
        assertThat(pool.awaitTermination(2, TimeUnit.MINUTES)).isTrue();

        assertThat(asked).hasSize(1);
    }

    @Test
    void aNewBaselineForgetsWhatWasNoted() {
        boolean[] down = {true};
        RetrainingTrigger trigger = RetrainingTrigger.of(Reports.CREDIT, Runnable::run, request -> {
                    if (down[0]) {
                        throw new IllegalStateException("down");
                    }
                    asked.add(request);
                })
                .onAlerts(2, Duration.ofDays(7))
                .time(clock)
                .build();
        trigger.send(alert(1, Alert.Event.OPENED, "income"));
        trigger.send(alert(2, Alert.Event.OPENED, "income"));
        assertThat(trigger.pending()).isPresent();
        down[0] = false;

        trigger.retrained(START);
        clock.advance(Duration.ofDays(2));
        trigger.send(alert(3, Alert.Event.OPENED, "income"));

        assertThat(asked).isEmpty();
        assertThat(trigger.pending()).isEmpty();
    }

    @Test
    void aRestartGoesOnWhereItWas() {
        RetrainingTrigger.Builder settings = RetrainingTrigger.of(Reports.CREDIT, Runnable::run, request -> {
                    throw new IllegalStateException("down");
                })
                .onAlerts(3, Duration.ofDays(7))
                .onPerformanceBelow("auc", 0.7, 2)
                .onAge(Duration.ofDays(90), START)
                .time(clock);
        RetrainingTrigger before = settings.build();
        before.send(alert(1, Alert.Event.OPENED, "income"));
        before.send(alert(2, Alert.Event.OPENED, "income"));
        before.performance("auc", 0.5);

        RetrainingTrigger between = settings.state(before.save()).build();
        assertThat(between.save()).isEqualTo(before.save());
        between.performance("auc", 0.5);
        RetrainingRequest waiting = between.pending().orElseThrow();

        RetrainingTrigger after = builder()
                .onAlerts(3, Duration.ofDays(7))
                .onAge(Duration.ofDays(90), START.minus(Duration.ofDays(1)))
                .state(between.save())
                .build();
        after.check();
        assertThat(asked).containsExactly(waiting);
        assertThat(waiting.baselineFrom()).isEqualTo(START);
        for (int i = 3; i < 6; i++) {
            after.send(alert(i, Alert.Event.OPENED, "income")); // a day has not passed
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void theWrittenStateIsThatOfVersion1() throws IOException {
        byte[] golden = Files.readAllBytes(Path.of("src/test/resources/golden/retraining-v1.json"));

        RetrainingTrigger restored = builder()
                .onAlerts(3, Duration.ofDays(7))
                .onPerformanceBelow("auc", 0.7, 2)
                .state(golden)
                .build();

        assertThat(new String(restored.save(), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden, StandardCharsets.UTF_8));
        assertThat(restored.pending().orElseThrow().reasons())
                .containsExactly(new Reason(Kind.PERFORMANCE, "auc 0.5 (expected: >= 0.7)"));
    }

    @Test
    void damageOfAStateIsNamed() {
        RetrainingTrigger trigger = builder().onAlerts(3, Duration.ofDays(7)).build();
        trigger.send(alert(1, Alert.Event.OPENED, "income"));
        String state = new String(trigger.save(), StandardCharsets.UTF_8);

        assertThatThrownBy(() -> restored(state.replace("\"v\":1", "\"v\":9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("retraining state: version 9 (expected: a JSON object of version 1)");
        assertThatThrownBy(() -> restored(state.replace("\"version\":\"7\"", "\"version\":\"8\"")))
                .hasMessage(
                        "retraining state: \"plimsoll-retraining\" of credit:8 (expected: \"plimsoll-retraining\" of credit:7)");
        for (int length = 0; length < state.length(); length += 5) {
            String cut = state.substring(0, length);
            assertThatThrownBy(() -> restored(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void restored(String state) {
        builder()
                .onAlerts(1, Duration.ofDays(1))
                .state(state.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("retraining: no condition (expected: at least one)");
        assertThatThrownBy(() -> builder().onAlerts(0, Duration.ofDays(1)))
                .hasMessage("alerts: 0 within PT24H (expected: 1 to 1000 within a time > 0)");
        assertThatThrownBy(() -> builder().onColumns(1, Duration.ZERO))
                .hasMessage("columns: 1 within PT0S (expected: 1 to 1000 within a time > 0)");
        assertThatThrownBy(() -> builder().onAge(Duration.ZERO, START)).hasMessage("age: PT0S (expected: > 0)");
        assertThatThrownBy(() -> builder().onPerformanceBelow("auc", Double.NaN, 1))
                .hasMessage(
                        "performance: 'auc' below NaN, 1 in a row (expected: a name, a finite number, and at least 1)");
        assertThatThrownBy(() -> builder().atMostEvery(Duration.ofSeconds(59)))
                .hasMessage("requests: every PT59S (expected: >= PT1M)");
    }
}
