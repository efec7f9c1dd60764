package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Kind;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a pipeline for a new model: after alerts, when the baseline is old, when a measure of quality has fallen, or when all of
 * that holds at once.
 *
 * <pre>{@code
 * RetrainingTrigger retraining = RetrainingTrigger.of(model, executor, RetrainingTarget.airflow(airflow, "train_credit"))
 *         .onColumns(3, Duration.ofDays(7))
 *         .onAge(Duration.ofDays(90), trainingDataEnd)
 *         .onPerformanceBelow("auc", 0.7, 3)
 *         .build();
 * Alerting alerting = Alerting.on(executor).sink("retraining", retraining).build();
 * }</pre>
 *
 * <p>It is told of alerts as a sink of {@link Alerting}, of measures by {@link #performance}, and looks at the age whenever it is
 * told something and when {@link #check()} is called. Nothing runs by itself. Given to a predictor by {@code with}, it shows its
 * counters in metrics.
 *
 * <p><b>Once in a period</b>, a day unless told otherwise, however many reasons there are. Alerts and measures that led to a request
 * are used up. What still holds when the period is over, such as the age, leads to the next; {@link #retrained} ends it. Processes
 * that decide in the same period give their requests the same id, so that the orchestrator starts one run.
 *
 * <p>The target runs on the host's executor. A request that it did not take is kept, one at a time, and tried again with the next
 * alert, measure or check, at the earliest after a pause that grows from one minute to an hour.
 *
 * <p>Thread-safe. Bounded: the last 1,000 alerts are remembered.
 *
 * @since 0.1
 */
public final class RetrainingTrigger implements AlertSink, Capability<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(RetrainingTrigger.class);
    private static final String FORMAT = "plimsoll-retraining";
    private static final int MAX_ALERTS = 1_000;
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private record Rate(int count, Duration within) {}

    private record Floor(double value, int inARow) {}

    /** What became of requests. */
    private static final class Counters {
        private final LongAdder sent = new LongAdder();
        private final LongAdder failed = new LongAdder(); // attempts
        private final LongAdder dropped = new LongAdder();
        private boolean isOffered;
    }

    private record Seen(String messageId, long time, List<String> columns) {}

    private final ModelId model;
    private final Executor executor;
    private final RetrainingTarget target;
    private final TimeSource time;
    private final @Nullable Rate alerts;
    private final @Nullable Rate columns;
    private final @Nullable Duration age;
    private final Map<String, Floor> floors;
    private final boolean all;
    private final long periodMillis;

    // guarded by this object
    private Counters counters = new Counters();
    private final Deque<Seen> seen = new ArrayDeque<>();
    private final Map<String, Integer> below = new LinkedHashMap<>(); // how often in a row, by measure
    private final Map<String, Double> last = new LinkedHashMap<>();
    private @Nullable Instant baselineFrom;
    private @Nullable Long decidedAt;
    private @Nullable RetrainingRequest pending;
    private boolean running;
    private int failures;
    private long notBefore;

    private RetrainingTrigger(Builder builder) {
        model = builder.model;
        executor = builder.executor;
        target = builder.target;
        time = builder.time;
        alerts = builder.alerts;
        columns = builder.columns;
        age = builder.age;
        floors = Map.copyOf(builder.floors);
        all = builder.all;
        periodMillis = builder.period.toMillis();
        baselineFrom = builder.baselineFrom;
        if (builder.state != null) {
            restore(builder.state);
        }
    }

    /**
     * Begins to describe a trigger without conditions.
     *
     * @param model the model that is watched and is to be trained anew; alerts about others are left out
     * @param executor where the target is called: threads of the host that may block
     * @param target what to start
     * @return a builder
     */
    public static Builder of(ModelId model, Executor executor, RetrainingTarget target) {
        return new Builder(
                Objects.requireNonNull(model), Objects.requireNonNull(executor), Objects.requireNonNull(target));
    }

    /** Collects conditions and settings. Not thread-safe. */
    public static final class Builder {

        private final ModelId model;
        private final Executor executor;
        private final RetrainingTarget target;
        private @Nullable Rate alerts;
        private @Nullable Rate columns;
        private @Nullable Duration age;
        private @Nullable Instant baselineFrom;
        private final Map<String, Floor> floors = new LinkedHashMap<>();
        private boolean all;
        private Duration period = Duration.ofDays(1);
        private TimeSource time = TimeSource.system();
        private byte @Nullable [] state;

        private Builder(ModelId model, Executor executor, RetrainingTarget target) {
            this.model = model;
            this.executor = executor;
            this.target = target;
        }

        /**
         * Asks for a new model after a number of alerts that opened.
         *
         * @param count how many, 1 to 1,000
         * @param within in which time
         * @return this builder
         * @throws IllegalArgumentException if a value is out of range
         */
        public Builder onAlerts(int count, Duration within) {
            alerts = rate("alerts", count, within);
            return this;
        }

        /**
         * Asks for a new model when alerts have named a number of different columns.
         *
         * @param count how many, 1 to 1,000
         * @param within in which time
         * @return this builder
         * @throws IllegalArgumentException if a value is out of range
         */
        public Builder onColumns(int count, Duration within) {
            columns = rate("columns", count, within);
            return this;
        }

        private static Rate rate(String what, int count, Duration within) {
            if (count < 1 || count > MAX_ALERTS || within.isNegative() || within.isZero()) {
                throw new IllegalArgumentException(what + ": " + count + " within " + within + " (expected: 1 to "
                        + MAX_ALERTS + " within a time > 0)");
            }
            return new Rate(count, within);
        }

        /**
         * Asks for a new model when the data that it was made from is old.
         *
         * @param oldest the age from which on
         * @param from when that data ended
         * @return this builder
         * @throws IllegalArgumentException if the age is not positive
         */
        public Builder onAge(Duration oldest, Instant from) {
            if (oldest.isNegative() || oldest.isZero()) {
                throw new IllegalArgumentException("age: " + oldest + " (expected: > 0)");
            }
            age = oldest;
            baselineFrom = Objects.requireNonNull(from);
            return this;
        }

        /**
         * Asks for a new model when a measure of quality has been below a floor. For what is better when it is smaller, report it
         * with another sign.
         *
         * @param measure the name under which {@link RetrainingTrigger#performance} will report it
         * @param floor the lowest value that is good enough
         * @param inARow how many reports one after the other have to be below it, at least 1
         * @return this builder
         * @throws IllegalArgumentException if the name is blank, the floor is not finite or the number is less than 1
         */
        public Builder onPerformanceBelow(String measure, double floor, int inARow) {
            if (measure.isBlank() || !Double.isFinite(floor) || inARow < 1) {
                throw new IllegalArgumentException("performance: '" + measure + "' below " + floor + ", " + inARow
                        + " in a row (expected: a name, a finite number, and at least 1)");
            }
            floors.put(measure, new Floor(floor, inARow));
            return this;
        }

        /**
         * Asks only when all conditions hold at once, each floor being one; otherwise one of them is enough.
         *
         * @return this builder
         */
        public Builder requireAll() {
            all = true;
            return this;
        }

        /**
         * How far requests are apart at least; a day unless told otherwise.
         *
         * @param time the time from one to the next
         * @return this builder
         * @throws IllegalArgumentException if it is less than a minute
         */
        public Builder atMostEvery(Duration time) {
            if (time.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException("requests: every " + time + " (expected: >= PT1M)");
            }
            period = time;
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
         * Goes on where another trigger was when it was saved.
         *
         * @param saved what {@link RetrainingTrigger#save()} wrote; read by {@link #build()}
         * @return this builder
         */
        public Builder state(byte[] saved) {
            state = saved.clone();
            return this;
        }

        /**
         * The trigger.
         *
         * @return a trigger for the life of the model version
         * @throws IllegalStateException if there is no condition
         * @throws IllegalArgumentException if the saved state is damaged, of a newer version or of another model
         */
        public RetrainingTrigger build() {
            if (alerts == null && columns == null && age == null && floors.isEmpty()) {
                throw new IllegalStateException("retraining: no condition (expected: at least one)");
            }
            return new RetrainingTrigger(this);
        }
    }

    // ---- what it is told ------------------------------------------------------------------------------------------

    /** Takes note of an alert that opened; other messages and other models are left out. Returns at once. */
    @Override
    public void send(Alert alert) {
        if (alert.event() == Alert.Event.OPENED && alert.model().equals(model)) {
            synchronized (this) {
                if (seen.stream().noneMatch(known -> known.messageId.equals(alert.messageId()))) {
                    seen.add(new Seen(alert.messageId(), alert.time().toEpochMilli(), alert.columns()));
                    if (seen.size() > MAX_ALERTS) {
                        seen.remove();
                    }
                }
            }
        }
        check();
    }

    /**
     * Takes note of a measure of quality. Returns at once.
     *
     * @param measure its name
     * @param value its value, the greater the better; NaN stands for unknown and is left out
     * @throws IllegalArgumentException if no condition has this name
     */
    public void performance(String measure, double value) {
        Floor floor = floors.get(measure);
        if (floor == null) {
            throw new IllegalArgumentException("performance: '" + measure + "' (expected: one of "
                    + floors.keySet().stream().sorted().toList() + ")");
        }
        if (!Double.isNaN(value)) {
            synchronized (this) {
                below.put(measure, value < floor.value ? below.getOrDefault(measure, 0) + 1 : 0);
                last.put(measure, value);
            }
        }
        check();
    }

    /**
     * Looks whether a new model is to be asked for, and tries again what failed. Returns at once; cheap enough for a scheduler
     * that calls it every minute.
     */
    public void check() {
        if (claim()) {
            boolean started = false;
            try {
                executor.execute(this::start);
                started = true;
            } catch (RejectedExecutionException busy) {
                LOG.debug("retraining: the executor takes no task; tried again later", busy);
            } finally {
                if (!started) {
                    release();
                }
            }
        }
    }

    /**
     * Declares that a new model, or at least a new baseline, is in place: what was noted so far is forgotten, and a request that
     * waits is dropped.
     *
     * @param from when the data ended that it was made from
     */
    public synchronized void retrained(Instant from) {
        baselineFrom = Objects.requireNonNull(from);
        seen.clear();
        below.clear();
        last.clear();
        if (pending != null && !running) {
            pending = null;
            counters.dropped.increment();
        }
    }

    // ---- deciding -------------------------------------------------------------------------------------------------

    private synchronized boolean claim() {
        long now = time.currentTimeMillis();
        if (pending == null) {
            decide(now);
        }
        if (pending == null || running || (failures > 0 && time.nanoTime() - notBefore < 0)) {
            return false;
        }
        running = true;
        return true;
    }

    private void decide(long now) {
        if (decidedAt != null && now < decidedAt) { // the clock was set back: the pause begins anew
            decidedAt = now;
        }
        if (decidedAt != null && now - decidedAt < periodMillis) {
            return;
        }
        List<Reason> reasons = reasons(now);
        int conditions = (alerts == null ? 0 : 1) + (columns == null ? 0 : 1) + (age == null ? 0 : 1) + floors.size();
        if (reasons.isEmpty() || (all && reasons.size() < conditions)) {
            return;
        }
        String id = "plimsoll-"
                + Json.digest(
                        model.name(),
                        model.version(),
                        Long.toString(periodMillis),
                        Long.toString(Math.floorDiv(now, periodMillis)));
        pending = new RetrainingRequest(id, model, Instant.ofEpochMilli(now), reasons, baselineFrom);
        decidedAt = now;
        seen.clear();
        below.clear();
        LOG.info("{}", pending);
    }

    private List<Reason> reasons(long now) {
        List<Reason> reasons = new ArrayList<>();
        if (alerts != null) {
            long count = within(alerts, now).size();
            if (count >= alerts.count) {
                reasons.add(new Reason(
                        Kind.ALERTS,
                        count + " alerts in " + alerts.within + " (expected: fewer than " + alerts.count + ")"));
            }
        }
        if (columns != null) {
            List<String> names = within(columns, now).stream()
                    .flatMap(each -> each.columns.stream())
                    .distinct()
                    .toList();
            if (names.size() >= columns.count) {
                reasons.add(new Reason(
                        Kind.COLUMNS,
                        Alert.Finding.plain("alerts about " + names.size() + " columns in " + columns.within
                                + " (expected: fewer than " + columns.count + "): " + String.join(", ", names))));
            }
        }
        if (age != null && baselineFrom != null) {
            Duration old = Duration.between(baselineFrom, Instant.ofEpochMilli(now));
            if (old.compareTo(age) >= 0) {
                reasons.add(new Reason(
                        Kind.AGE,
                        "the baseline is " + old.toDays() + " days old (expected: less than " + age.toDays() + ")"));
            }
        }
        floors.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            Floor floor = entry.getValue();
            if (below.getOrDefault(entry.getKey(), 0) >= floor.inARow) {
                reasons.add(new Reason(
                        Kind.PERFORMANCE,
                        entry.getKey() + " " + last.get(entry.getKey()) + " (expected: >= " + floor.value + ")"));
            }
        });
        return reasons;
    }

    private List<Seen> within(Rate rate, long now) {
        return seen.stream()
                .filter(each -> now - each.time < rate.within.toMillis())
                .toList();
    }

    // ---- asking ---------------------------------------------------------------------------------------------------

    private void start() {
        RetrainingRequest request;
        synchronized (this) {
            request = Objects.requireNonNull(pending);
        }
        Exception failure = null;
        boolean over = false;
        try {
            target.start(request);
            over = true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            failure = interrupted;
            over = true;
        } catch (Exception any) {
            failure = any;
            over = true;
        } finally {
            if (!over) { // an Error: the request stays
                release();
            }
        }
        settle(failure);
    }

    private synchronized void settle(@Nullable Exception failure) {
        running = false;
        if (failure == null) {
            counters.sent.increment();
            pending = null;
            failures = 0;
            return;
        }
        counters.failed.increment();
        if (failure instanceof DeliveryException refused && refused.isFinal()) {
            LOG.error("retraining: refused, dropped: {}", pending, failure);
            counters.dropped.increment();
            pending = null;
            failures = 0;
            return;
        }
        if (failures == 0) {
            LOG.warn("retraining: failed, tried again later: {}", pending, failure);
        } else {
            LOG.debug("retraining: failed again", failure);
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 6));
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        if (failure instanceof DeliveryException delivery) {
            pause = delivery.pauseOf(pause);
        }
        failures++;
        notBefore = time.nanoTime() + pause.toNanos();
    }

    private synchronized void release() {
        running = false;
    }

    /**
     * The request that has been decided on and not yet been taken.
     *
     * @return the request, or empty
     */
    public synchronized Optional<RetrainingRequest> pending() {
        return Optional.ofNullable(pending);
    }

    /**
     * Offers what is counted: {@code ml.retraining.requests}. Of several predictors, the one that was built last counts.
     *
     * @throws IllegalStateException if the predictor is of another model
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        ModelId of = assembly.model().id();
        if (!of.equals(model)) {
            throw new IllegalStateException(
                    "retraining of " + model + ": attached to " + of + " (expected: " + model + ")");
        }
        measurements().forEach(assembly::measure);
    }

    synchronized List<Measurement> measurements() {
        if (counters.isOffered) { // sums of this and earlier predictors count nothing twice
            counters = new Counters();
        }
        counters.isOffered = true;
        return List.of(
                result("sent", counters.sent), result("failed", counters.failed), result("dropped", counters.dropped));
    }

    private static Measurement result(String result, LongAdder count) {
        return new Measurement(PredictionMeter.RETRAINING, Map.of(Tag.RESULT, result), count::sum);
    }

    // ---- the written form -----------------------------------------------------------------------------------------

    /**
     * What was noted, decided and not yet been taken, to go on with after a restart.
     *
     * @return JSON of version 1 in UTF-8
     */
    public synchronized byte[] save() {
        ObjectNode root = Json.object()
                .put("v", 1)
                .put("format", FORMAT)
                .put("model", model.name())
                .put("version", model.version());
        if (baselineFrom != null) {
            root.put("baselineFrom", baselineFrom.toString());
        }
        if (decidedAt != null) {
            root.put("decidedAt", decidedAt);
        }
        if (pending != null) {
            root.set("pending", pending.toNode());
        }
        ArrayNode known = root.putArray("alerts");
        for (Seen each : seen) {
            ObjectNode node = known.addObject().put("message", each.messageId).put("time", each.time);
            node.set("columns", Json.array(each.columns));
        }
        ArrayNode measures = root.putArray("measures");
        last.forEach((name, value) -> {
            ObjectNode node = measures.addObject().put("name", name).put("below", below.getOrDefault(name, 0));
            Json.putNumber(node, "last", value);
        });
        return Json.write(root).getBytes(StandardCharsets.UTF_8);
    }

    private void restore(byte[] state) {
        JsonNode root = Json.read(new String(state, StandardCharsets.UTF_8), "retraining state");
        try {
            ModelId of = new ModelId(Json.text(root, "model"), Json.text(root, "version"));
            if (!Json.text(root, "format").equals(FORMAT) || !of.equals(model)) {
                throw new IllegalArgumentException(
                        root.path("format") + " of " + of + " (expected: \"" + FORMAT + "\" of " + model + ")");
            }
            if (root.has("baselineFrom")) {
                Instant saved = Json.instant(root, "baselineFrom");
                baselineFrom = baselineFrom == null || saved.isAfter(baselineFrom) ? saved : baselineFrom;
            }
            if (root.has("decidedAt")) {
                decidedAt = Json.whole(root, "decidedAt");
            }
            if (root.has("pending")) {
                pending = RetrainingRequest.of(Json.object(root, "pending"));
            }
            for (JsonNode node : Json.array(root, "alerts")) {
                seen.add(new Seen(Json.text(node, "message"), Json.whole(node, "time"), Json.texts(node, "columns")));
            }
            for (JsonNode node : Json.array(root, "measures")) {
                String name = Json.text(node, "name");
                if (floors.containsKey(name)) {
                    below.put(name, Json.count(node, "below"));
                    last.put(name, Json.number(node, "last"));
                }
            }
        } catch (IllegalArgumentException damage) {
            throw new IllegalArgumentException("retraining state: " + damage.getMessage(), damage);
        }
    }

    /** The model, and what asks for a new one. */
    @Override
    public String toString() {
        return "retraining of " + model + (all ? " on all of " : " on ")
                + (alerts == null ? "" : alerts.count + " alerts in " + alerts.within + ", ")
                + (columns == null ? "" : columns.count + " columns in " + columns.within + ", ")
                + (age == null ? "" : "age " + age + ", ")
                + (floors.isEmpty()
                        ? ""
                        : "floors of " + floors.keySet().stream().sorted().toList() + ", ")
                + "at most every " + Duration.ofMillis(periodMillis);
    }
}
