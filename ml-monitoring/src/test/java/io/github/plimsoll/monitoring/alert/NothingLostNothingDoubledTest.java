package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/**
 * Two services see the same reports. One has a sink that always works and is never restarted. The other has one that fails before
 * or after it has taken a message, an executor that refuses tasks, and a process that is killed again and again and goes on with
 * its last saved state. In the end the receivers, which drop copies by the message's id, have the same messages in the same order.
 */
class NothingLostNothingDoubledTest {

    private static final List<String> COLUMNS = List.of("income", "age", "prediction");
    private static final List<Kind> KINDS = List.of(Kind.SPIKES, Kind.UNIT_CHANGE, Kind.SENTINEL);
    private static final List<ModelId> MODELS = List.of(new ModelId("credit", "7"), new ModelId("credit", "8"));

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(Alerting.class);

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    /** Thousands of failures are wanted here. */
    @BeforeContainer
    static void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterContainer
    static void speakAgain() {
        LOG.setLevel(null);
    }

    @Property(tries = 100)
    void whateverFailsTheReceiverHasEveryMessageOnce(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Alert> expected = new ArrayList<>();
        Map<String, Alert> received = new LinkedHashMap<>();
        List<String> order = new ArrayList<>();
        double failing = 0.9 * random.nextDouble();
        AlertSink unreliable = alert -> {
            if (random.nextDouble() < failing / 2) {
                throw new IllegalStateException("down");
            }
            if (received.put(alert.messageId(), alert) == null) {
                order.add(alert.messageId());
            }
            if (random.nextDouble() < failing / 2) {
                throw new IllegalStateException("taken, but the answer got lost");
            }
        };
        Alerting steady = settings(Alerting.on(Runnable::run).sink("receiver", expected::add))
                .build();
        Alerting shaky = shaky(random, unreliable, null);
        byte[] saved = shaky.save();
        Map<ModelId, State[]> states = new HashMap<>();
        MODELS.forEach(model -> states.put(model, new State[] {State.OK, State.OK, State.OK}));

        for (int window = 0; window < 120; window++) {
            ModelId model = MODELS.get(random.nextInt(MODELS.size()));
            WindowReport report = next(window, states.get(model), random);
            clock.advance(Duration.ofMinutes(random.nextInt(40)));
            if (random.nextInt(10) == 0) { // killed; nothing was reported since the state was saved
                shaky = shaky(random, unreliable, saved);
            }
            steady.accept(model, report);
            shaky.accept(model, report);
            saved = shaky.save();
        }
        for (int i = 0; i < 5_000 && order.size() < expected.size(); i++) { // no time passes, so no reminder falls due
            shaky = settings(Alerting.on(Runnable::run).sink("receiver", unreliable))
                    .state(saved)
                    .build();
            shaky.deliver();
            saved = shaky.save();
        }

        assertThat(order).isEqualTo(expected.stream().map(Alert::messageId).toList());
        assertThat(List.copyOf(received.values())).isEqualTo(expected);
        assertThat(shaky.open()).isEqualTo(steady.open());
    }

    private Alerting shaky(SplittableRandom random, AlertSink sink, byte[] state) {
        Alerting.Builder builder = settings(Alerting.on(task -> {
                    if (random.nextInt(4) == 0) {
                        throw new RejectedExecutionException("busy");
                    }
                    task.run();
                })
                .sink("receiver", sink));
        return state == null ? builder.build() : builder.state(state).build();
    }

    private Alerting.Builder settings(Alerting.Builder builder) {
        return builder.time(clock).coolDown(Duration.ofHours(2)).remindEvery(Duration.ofHours(5));
    }

    /** A window after another: columns begin to drift, with or without others, and become quiet again. */
    private static WindowReport next(long window, State[] states, SplittableRandom random) {
        List<Incident> incidents = new ArrayList<>();
        List<String> opening = new ArrayList<>();
        for (int column = 0; column < states.length; column++) {
            if (states[column] == State.DRIFT) {
                states[column] = random.nextInt(3) == 0 ? State.RECOVERED : State.DRIFT;
            } else {
                states[column] = random.nextInt(4) == 0 ? State.DRIFT : State.OK;
                if (states[column] == State.DRIFT) {
                    opening.add(COLUMNS.get(column));
                }
            }
        }
        if (!opening.isEmpty()) {
            incidents.add(new Incident(window, KINDS.get(random.nextInt(3)), opening, 9, 4, 1, List.of()));
        } else if (random.nextInt(8) == 0) {
            incidents.add(new Incident(
                    window, Kind.ADDED_COLUMN, List.of("surplus-" + random.nextInt(3)), 9, 4, 1, List.of()));
        }
        Map<String, State> all = new LinkedHashMap<>();
        for (int column = 0; column < states.length; column++) {
            all.put(COLUMNS.get(column), states[column]);
        }
        return new WindowReport(window, 500, incidents, all);
    }
}
