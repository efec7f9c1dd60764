package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.alert.ModelCounters.Suppression;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.WindowReport;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what monitors report into few messages, and has them delivered. One object serves all models of a process. Given to a
 * predictor by {@code with}, it shows its counters in metrics.
 *
 * <pre>{@code
 * Alerting alerting = Alerting.on(executor)
 *         .sink("log", AlertSink.logger(LOG))
 *         .sink("pager", AlertSink.webhook(HttpEndpoint.at(pager).signedWith(secret)))
 *         .build();
 * ...
 * alerting.accept(model, windowMonitor.close(window));
 * }</pre>
 *
 * <p><b>What is said.</b> An incident opens an alert, and each sink is told once. It is over when the columns that it moved are
 * quiet again, as the reports' states say; each sink is told that, too. What the states do not show, such as a surplus column or
 * changed outcomes, is over when {@link #resolve} says so or when the monitor finds the same anew.
 *
 * <ul>
 *   <li><b>Grouping</b>: an incident whose columns all are in an open alert of the model joins it. It is worth a message only if
 *       it is more severe.
 *   <li><b>Cool-down</b>: what comes back within an hour (unless told otherwise) of being over is kept back until that hour has
 *       passed, and told then if it is still there. A column that comes and goes thus says so once an hour. The cool-down is that
 *       of one kind in one column of one model.
 *   <li><b>Reminders</b>, if asked for, as long as an alert is open.
 *   <li><b>Acknowledging</b> an alert silences it until it is over.
 * </ul>
 *
 * <p><b>Delivery.</b> Each sink has a queue of its own, 1,000 messages unless told otherwise, handed over in order by one task on
 * the host's executor. A sink that fails is tried again when the next report comes or {@link #deliver()} is called, at the earliest
 * after a pause that grows from one second to five minutes. A full queue drops its oldest message. So each message for each sink is
 * in the end either sent or dropped, and counted as such.
 *
 * <p><b>Restarts.</b> {@link #save()} writes everything that is open, cooling down or waiting; {@link Builder#state} goes on with
 * it. A message that was sent after the state had been saved is sent again, under the same {@link Alert#messageId()}.
 *
 * <p>Bounds: 1,000 open alerts and 1,000 cool-downs over all models; beyond these the oldest is forgotten, with a warning, and says
 * nothing more. Nothing runs by itself: reminders and what is kept back come with the next report or {@link #deliver()}. A report
 * costs microseconds on the thread that brings it, under a lock that is never held while a sink runs. Thread-safe.
 *
 * @since 0.1
 */
public final class Alerting implements BiConsumer<ModelId, WindowReport>, Capability<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
    private static final String FORMAT = "plimsoll-alerting";
    private static final int MAX_OPEN = 1_000;

    /** A time in which an alert that opens is kept back, and how often that has happened. */
    private static final class CoolDown {
        private final long from;
        private final long to;
        private int suppressed;

        private CoolDown(long from, long to, int suppressed) {
            this.from = from;
            this.to = to;
            this.suppressed = suppressed;
        }

        /** A clock that was set back to before the beginning ends it: better a message too many. */
        private boolean lasts(long now) {
            return from <= now && now < to;
        }
    }

    private final Executor executor;
    private final TimeSource time;
    private final long coolDownMillis;
    private final long reminderMillis;
    private final Function<? super Incident, Alert.Severity> severity;
    private final List<Outbox> outboxes = new ArrayList<>();
    private final Map<String, OpenAlert> open = new LinkedHashMap<>(); // by id, longest open first
    private final Map<String, CoolDown> cooling = new LinkedHashMap<>(); // by id, oldest first
    private final Map<ModelId, ModelCounters> counters = new LinkedHashMap<>(16, 0.75f, true); // last used last
    private boolean warnedOfForgetting;

    private Alerting(Builder builder) {
        executor = builder.executor;
        time = builder.time;
        coolDownMillis = builder.coolDown.toMillis();
        reminderMillis = builder.reminder == null ? Long.MAX_VALUE : builder.reminder.toMillis();
        severity = builder.severity;
        builder.sinks.forEach((name, sink) -> outboxes.add(new Outbox(name, sink, builder.queueCapacity, time)));
        if (builder.state != null) {
            restore(builder.state);
        }
    }

    /**
     * Begins to describe an alerting without sinks.
     *
     * @param executor where sinks are called: a small pool of the host whose threads may block
     * @return a builder
     */
    public static Builder on(Executor executor) {
        return new Builder(Objects.requireNonNull(executor));
    }

    /** Collects sinks and settings. Not thread-safe. */
    public static final class Builder {

        private final Executor executor;
        private final Map<String, AlertSink> sinks = new LinkedHashMap<>();
        private Duration coolDown = Duration.ofHours(1);
        private @Nullable Duration reminder;
        private int queueCapacity = 1_000;
        private Function<? super Incident, Alert.Severity> severity = Alerting::severityOf;
        private TimeSource time = TimeSource.system();
        private byte @Nullable [] state;

        private Builder(Executor executor) {
            this.executor = executor;
        }

        /**
         * Adds a sink.
         *
         * @param name what it is called in meters, logs and saved states: not blank
         * @param sink the sink
         * @return this builder
         * @throws IllegalArgumentException if the name is blank or taken
         */
        public Builder sink(String name, AlertSink sink) {
            if (name.isBlank() || sinks.containsKey(name)) {
                throw new IllegalArgumentException("sink: '" + name + "' (expected: a name of its own, not blank)");
            }
            sinks.put(name, Objects.requireNonNull(sink));
            return this;
        }

        /**
         * How long what comes back is kept back, from when it was over; an hour unless told otherwise.
         *
         * @param pause a time; zero for not at all
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder coolDown(Duration pause) {
            if (pause.isNegative()) {
                throw new IllegalArgumentException("cool-down: " + pause + " (expected: >= 0)");
            }
            coolDown = pause;
            return this;
        }

        /**
         * Sends reminders of alerts that are open and not acknowledged; there are none unless asked for.
         *
         * @param period the time between two messages about an alert
         * @return this builder
         * @throws IllegalArgumentException if it is less than a second
         */
        public Builder remindEvery(Duration period) {
            if (period.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("reminders: every " + period + " (expected: >= PT1S)");
            }
            reminder = period;
            return this;
        }

        /**
         * How bad an incident is. Unless told otherwise, {@code CRITICAL} is what makes values mean something else (columns,
         * their order, types, units, signs, swaps, stuck values, another time zone, constant predictions, answers of fallbacks,
         * changed outcomes), and all else is {@code WARNING}.
         *
         * @param judge is called while a report is taken in, so it is quick; if it throws, that is logged and the default holds
         * @return this builder
         */
        public Builder severity(Function<? super Incident, Alert.Severity> judge) {
            severity = Objects.requireNonNull(judge);
            return this;
        }

        /**
         * How many messages may wait for each sink; 1,000 unless told otherwise, about a kilobyte each.
         *
         * @param messages a number >= 1
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder queueCapacity(int messages) {
            if (messages < 1) {
                throw new IllegalArgumentException("queue capacity: " + messages + " (expected: >= 1)");
            }
            queueCapacity = messages;
            return this;
        }

        /**
         * Where times are taken from.
         *
         * @param source the host's time source; the JVM's clocks unless told otherwise
         * @return this builder
         */
        public Builder time(TimeSource source) {
            time = Objects.requireNonNull(source);
            return this;
        }

        /**
         * Goes on where another alerting was when it was saved. Messages that waited for a sink that is not among these are
         * dropped, with a warning.
         *
         * @param saved what {@link Alerting#save()} wrote; read by {@link #build()}
         * @return this builder
         */
        public Builder state(byte[] saved) {
            state = saved.clone();
            return this;
        }

        /**
         * The alerting.
         *
         * @return an object for the life of the process
         * @throws IllegalStateException if there is no sink
         * @throws IllegalArgumentException if the saved state is damaged or of a newer version
         */
        public Alerting build() {
            if (sinks.isEmpty()) {
                throw new IllegalStateException("alerting: no sink (expected: at least one)");
            }
            return new Alerting(this);
        }
    }

    private static Alert.Severity severityOf(Incident incident) {
        return switch (incident.kind()) {
            case ADDED_COLUMN,
                    DROPPED_COLUMN,
                    TYPE_CHANGE,
                    STUCK_VALUE,
                    UNIT_CHANGE,
                    SIGN_FLIP,
                    COLUMN_SWAP,
                    COLUMN_ORDER,
                    TZ_SHIFT,
                    FALLBACK_STORM,
                    PREDICTION_FALLBACK,
                    LABEL_FLIP -> Alert.Severity.CRITICAL;
            case MISSING_JUMP,
                    NEW_CATEGORY,
                    CATEGORY_CASE,
                    ENCODING_CHANGE,
                    SENTINEL,
                    SPIKES,
                    GRADUAL_SHIFT,
                    PRECISION_LOSS,
                    DUPLICATE_ROWS,
                    SUBPOPULATION,
                    PREDICTION_SHIFT -> Alert.Severity.WARNING;
        };
    }

    // ---- reports ------------------------------------------------------------------------------------------------

    /**
     * Takes in what closing a window of a model's monitor came to. Reports come in the order of their windows. Only sinks are slow,
     * and they are called on the executor.
     *
     * @param model the model that is watched
     * @param report the report
     */
    @Override
    public void accept(ModelId model, WindowReport report) {
        synchronized (open) {
            long now = time.currentTimeMillis();
            for (Incident incident : report.incidents()) {
                take(model, incident, report.rows(), report.states(), now);
            }
            for (OpenAlert alert : List.copyOf(open.values())) {
                if (alert.model.equals(model) && alert.isOver(report)) {
                    close(alert, now);
                }
            }
            sayWhatIsDue(now);
        }
        deliverAll();
    }

    /**
     * Takes in what outcomes that came later showed.
     *
     * @param model the model that is watched
     * @param incidents what opened; nothing happens if there is none
     */
    public void outcomes(ModelId model, List<Incident> incidents) {
        synchronized (open) {
            long now = time.currentTimeMillis();
            incidents.forEach(incident -> take(model, incident, 0, Map.of(), now));
            sayWhatIsDue(now);
        }
        deliverAll();
    }

    private void take(ModelId model, Incident incident, long rows, Map<String, State> states, long now) {
        Alert.Finding finding = Alert.Finding.of(incident, rows);
        Alert.Severity bad = judged(incident);
        String lead = finding.columns().isEmpty() ? "" : finding.columns().get(0);
        String id = Json.digest(model.name(), model.version(), finding.kind().name(), lead);
        OpenAlert same = open.get(id);
        if (same != null && same.finding.window() == finding.window()) {
            return; // the same report again
        }
        if (same != null && same.watched.isEmpty()) { // the monitor tells it once, so it was over in the meantime
            end(same, same.announced ? same.lastMessageAt : now);
        }
        OpenAlert joined = joined(model, id, finding);
        if (joined == null) {
            OpenAlert alert = new OpenAlert(id, model, now, finding, bad, countersOf(model));
            alert.cover(finding, states);
            begin(alert);
            return;
        }
        joined.cover(finding, states);
        joined.grouped++;
        boolean worse = bad.compareTo(joined.severity) > 0;
        if (worse) {
            joined.severity = bad;
            joined.finding = finding;
        }
        if (worse && joined.announced && !joined.acknowledged) {
            say(joined, Alert.Event.WORSENED, now);
        } else {
            joined.counters.suppressed(joined.acknowledged ? Suppression.ACKNOWLEDGED : Suppression.GROUPED);
        }
    }

    private Alert.Severity judged(Incident incident) {
        try {
            return Objects.requireNonNull(severity.apply(incident));
        } catch (RuntimeException failure) { // a mistake in the host's judgement must not cost it the alarm
            LOG.warn(
                    "alerts: the severity of an incident could not be judged, the default is taken: {}",
                    incident,
                    failure);
            return severityOf(incident);
        }
    }

    private @Nullable OpenAlert joined(ModelId model, String id, Alert.Finding finding) {
        OpenAlert same = open.get(id);
        if (same != null) {
            return same;
        }
        for (OpenAlert alert : open.values()) {
            if (alert.model.equals(model) && alert.columns.containsAll(finding.columns())) {
                return alert;
            }
        }
        return null;
    }

    private void begin(OpenAlert alert) {
        if (open.size() == MAX_OPEN) {
            OpenAlert oldest = open.values().iterator().next();
            forgetting("open alert", oldest.id);
            open.remove(oldest.id);
            oldest.counters.open.decrementAndGet();
        }
        open.put(alert.id, alert);
        alert.counters.open.incrementAndGet();
    }

    private void close(OpenAlert alert, long now) {
        if (alert.announced) {
            say(alert, Alert.Event.RECOVERED, now);
        }
        end(alert, now);
    }

    /** Forgets an alert, but for its cool-down. */
    private void end(OpenAlert alert, long when) {
        open.remove(alert.id);
        alert.counters.open.decrementAndGet();
        CoolDown lasting = cooling.get(alert.id);
        if (!alert.announced && lasting != null) { // it came and went: that does not make the pause longer
            lasting.suppressed++;
            alert.counters.suppressed(Suppression.COOL_DOWN);
            return;
        }
        cooling.remove(alert.id);
        if (coolDownMillis > 0) {
            if (cooling.size() == MAX_OPEN) {
                String oldest = cooling.keySet().iterator().next();
                forgetting("cool-down", oldest);
                cooling.remove(oldest);
            }
            cooling.put(alert.id, new CoolDown(when, when + coolDownMillis, 0));
        }
    }

    private void forgetting(String what, String id) {
        if (!warnedOfForgetting) {
            warnedOfForgetting = true;
            LOG.warn(
                    "alerts: more than {}, the oldest {} {} is forgotten; so are others from now on",
                    MAX_OPEN,
                    what,
                    id);
        }
    }

    /** Tells what opened and is not kept back, and reminds. */
    private void sayWhatIsDue(long now) {
        for (OpenAlert alert : open.values()) {
            if (!alert.announced) {
                CoolDown lasting = cooling.get(alert.id);
                if (lasting == null || !lasting.lasts(now)) {
                    alert.suppressed = lasting == null ? 0 : lasting.suppressed;
                    cooling.remove(alert.id);
                    alert.announced = true;
                    say(alert, Alert.Event.OPENED, now);
                }
            } else if (now < alert.lastMessageAt) { // the clock was set back
                alert.lastMessageAt = now;
            } else if (!alert.acknowledged && now - alert.lastMessageAt >= reminderMillis) {
                say(alert, Alert.Event.REMINDER, now);
            }
        }
        cooling.values()
                .removeIf(pause -> pause.suppressed == 0 && !pause.lasts(now)); // others have something to tell yet
    }

    private void say(OpenAlert alert, Alert.Event event, long now) {
        Alert message = alert.message(event, now);
        for (Outbox outbox : outboxes) {
            outbox.add(new Outbox.Message(message, alert.counters.sink(outbox.name())));
        }
    }

    // ---- what is counted ------------------------------------------------------------------------------------------

    /**
     * Offers what is counted for the predictor's model: {@code ml.alerts} and its kin, see
     * {@link io.github.plimsoll.core.meter.PredictionMeter}. Of several predictors of one version, the one that was built last counts.
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        measurements(assembly.model().id()).forEach(assembly::measure);
    }

    List<Measurement> measurements(ModelId model) {
        synchronized (open) {
            ModelCounters now = countersOf(model);
            if (now.isOffered) { // an earlier predictor goes on to show what it has; sums of both count nothing twice
                now = newCounters();
                counters.put(model, now);
                for (OpenAlert alert : open.values()) {
                    if (alert.model.equals(model)) {
                        alert.countIn(now);
                    }
                }
            }
            now.isOffered = true;
            return now.measurements();
        }
    }

    private ModelCounters countersOf(ModelId model) {
        ModelCounters known = counters.get(model);
        if (known == null) {
            if (counters.size() == MAX_OPEN) {
                counters.remove(counters.keySet().iterator().next());
            }
            known = newCounters();
            counters.put(model, known);
        }
        return known;
    }

    private ModelCounters newCounters() {
        return new ModelCounters(outboxes.stream().map(Outbox::name).toList());
    }

    // ---- the host -----------------------------------------------------------------------------------------------

    /**
     * Silences an alert until it is over: no reminders, nothing about what joins it. That it is over will be told.
     *
     * @param id an {@link Alert#id()}
     * @return false if no such alert is open
     */
    public boolean acknowledge(String id) {
        synchronized (open) {
            OpenAlert alert = open.get(id);
            if (alert == null) {
                return false;
            }
            alert.acknowledged = true;
            alert.announced = true; // who acknowledges it knows of it
            return true;
        }
    }

    /**
     * Declares an alert to be over. Sinks are told as if it had gone by itself.
     *
     * @param id an {@link Alert#id()}
     * @return false if no such alert is open
     */
    public boolean resolve(String id) {
        synchronized (open) {
            OpenAlert alert = open.get(id);
            if (alert == null) {
                return false;
            }
            close(alert, time.currentTimeMillis());
        }
        deliverAll();
        return true;
    }

    /**
     * The alerts that are open, also those that are kept back or acknowledged, longest open first.
     *
     * @return alerts as a reminder would have them
     */
    public List<Alert> open() {
        synchronized (open) {
            long now = time.currentTimeMillis();
            return open.values().stream()
                    .map(alert -> alert.peek(Alert.Event.REMINDER, now))
                    .toList();
        }
    }

    /**
     * Sends what is due: reminders, alerts that were kept back, messages for sinks that failed. Each report does that as well; a
     * host whose reports are far apart calls this from a scheduler, once a minute say.
     */
    public void deliver() {
        synchronized (open) {
            sayWhatIsDue(time.currentTimeMillis());
        }
        deliverAll();
    }

    private void deliverAll() {
        outboxes.forEach(outbox -> outbox.deliver(executor));
    }

    // ---- the written form ---------------------------------------------------------------------------------------

    /**
     * What is open, cooling down or waiting, to go on with after a restart. Values of features are not in it, names are.
     *
     * @return JSON of version 1 in UTF-8, at most about a kilobyte an alert
     */
    public byte[] save() {
        ObjectNode root = Json.object().put("v", 1).put("format", FORMAT);
        synchronized (open) {
            ArrayNode alerts = root.putArray("open");
            open.values().forEach(alert -> alerts.add(alert.toNode()));
            ArrayNode pauses = root.putArray("coolDowns");
            cooling.forEach((id, pause) -> pauses.addObject()
                    .put("id", id)
                    .put("from", pause.from)
                    .put("to", pause.to)
                    .put("suppressed", pause.suppressed));
            ObjectNode waiting = root.putObject("waiting");
            for (Outbox outbox : outboxes) {
                ArrayNode messages = waiting.putArray(outbox.name());
                outbox.waiting().forEach(alert -> messages.add(alert.toNode()));
            }
        }
        return Json.write(root).getBytes(StandardCharsets.UTF_8);
    }

    private void restore(byte[] state) {
        JsonNode root = Json.read(new String(state, StandardCharsets.UTF_8), "alert state");
        if (!root.path("format").asText().equals(FORMAT)) {
            throw new IllegalArgumentException(
                    "alert state: format " + root.path("format") + " (expected: \"" + FORMAT + "\")");
        }
        try {
            for (JsonNode node : Json.array(root, "open")) {
                ModelId model = new ModelId(Json.text(node, "model"), Json.text(node, "version"));
                begin(OpenAlert.of(node, model, countersOf(model)));
            }
            for (JsonNode node : Json.array(root, "coolDowns")) {
                cooling.put(
                        Json.text(node, "id"),
                        new CoolDown(Json.whole(node, "from"), Json.whole(node, "to"), Json.count(node, "suppressed")));
            }
            JsonNode waiting = Json.object(root, "waiting");
            for (Outbox outbox : outboxes) {
                if (waiting.has(outbox.name())) {
                    for (JsonNode node : Json.array(waiting, outbox.name())) {
                        Alert alert = Alert.of(node);
                        outbox.add(new Outbox.Message(
                                alert, countersOf(alert.model()).sink(outbox.name())));
                    }
                }
            }
            waiting.fieldNames().forEachRemaining(name -> {
                if (outboxes.stream().noneMatch(outbox -> outbox.name().equals(name))
                        && !waiting.path(name).isEmpty()) {
                    LOG.warn(
                            "alerts: no sink '{}' any more, dropped: {} messages",
                            name,
                            waiting.path(name).size());
                }
            });
        } catch (IllegalArgumentException damage) {
            throw new IllegalArgumentException("alert state: " + damage.getMessage(), damage);
        }
    }

    /** The sinks and what is open, in a few words. */
    @Override
    public String toString() {
        synchronized (open) {
            return "alerting to " + outboxes.stream().map(Outbox::name).toList() + ", " + open.size() + " open";
        }
    }
}
