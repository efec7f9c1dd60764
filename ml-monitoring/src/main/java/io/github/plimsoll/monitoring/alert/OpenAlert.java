package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.drift.WindowReport;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** An incident that is not over, as far as is known, and what has been said about it. Guarded by {@link Alerting}. */
final class OpenAlert {

    final String id;
    final ModelId model;
    final long openedAt;
    final long openedIn; // the window
    Alert.Finding finding;
    Alert.Severity severity;
    final Set<String> columns; // of all that joined
    final Set<String> watched; // those of them whose state tells when it is over
    int grouped;
    int suppressed;
    int messages;
    long lastMessageAt;
    boolean announced;
    boolean acknowledged;
    ModelCounters counters;

    OpenAlert(
            String id,
            ModelId model,
            long openedAt,
            Alert.Finding finding,
            Alert.Severity severity,
            ModelCounters counters) {
        this(
                id,
                model,
                openedAt,
                finding.window(),
                finding,
                severity,
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                counters);
    }

    private OpenAlert(
            String id,
            ModelId model,
            long openedAt,
            long openedIn,
            Alert.Finding finding,
            Alert.Severity severity,
            Set<String> columns,
            Set<String> watched,
            ModelCounters counters) {
        this.id = id;
        this.model = model;
        this.openedAt = openedAt;
        this.openedIn = openedIn;
        this.finding = finding;
        this.severity = severity;
        this.columns = columns;
        this.watched = watched;
        this.counters = counters;
    }

    /** Takes in the columns of a finding, and of these the ones whose state says that they have moved. */
    void cover(Alert.Finding found, Map<String, State> states) {
        for (String column : found.columns()) {
            if (columns.size() < Alert.MAX_COLUMNS) {
                columns.add(column);
                if (states.get(column) == State.DRIFT) {
                    watched.add(column);
                }
            }
        }
    }

    /** Whether a report says that all is quiet again. */
    boolean isOver(WindowReport report) {
        return !watched.isEmpty()
                && watched.stream().allMatch(column -> {
                    State state = report.states().get(column);
                    return state == State.OK || state == State.WARN || state == State.RECOVERED;
                });
    }

    /** Moves to other counters of the same model. */
    void countIn(ModelCounters now) {
        counters.open.decrementAndGet();
        counters = now;
        counters.open.incrementAndGet();
    }

    Alert message(Alert.Event event, long now) {
        Alert message = peek(event, now);
        messages++;
        lastMessageAt = now;
        return message;
    }

    Alert peek(Alert.Event event, long now) {
        return new Alert(
                id,
                id + '.' + openedAt + '.' + openedIn + '.' + messages,
                model,
                event,
                severity,
                Instant.ofEpochMilli(now),
                Instant.ofEpochMilli(openedAt),
                finding,
                grouped,
                suppressed);
    }

    // ---- the written form ---------------------------------------------------------------------------------------

    ObjectNode toNode() {
        ObjectNode node = Json.object()
                .put("id", id)
                .put("model", model.name())
                .put("version", model.version())
                .put("openedAt", openedAt)
                .put("openedIn", openedIn)
                .put("severity", severity.name());
        finding.write(node);
        node.set("covered", Json.array(columns));
        node.set("watched", Json.array(watched));
        return node.put("grouped", grouped)
                .put("suppressed", suppressed)
                .put("messages", messages)
                .put("lastMessageAt", lastMessageAt)
                .put("announced", announced)
                .put("acknowledged", acknowledged);
    }

    static OpenAlert of(JsonNode node, ModelId model, ModelCounters counters) {
        OpenAlert alert = new OpenAlert(
                Json.text(node, "id"),
                model,
                Json.whole(node, "openedAt"),
                Json.whole(node, "openedIn"),
                Alert.Finding.read(node),
                Json.constant(node, "severity", Alert.Severity.class),
                new LinkedHashSet<>(Json.texts(node, "covered")),
                new LinkedHashSet<>(Json.texts(node, "watched")),
                counters);
        alert.grouped = Json.count(node, "grouped");
        alert.suppressed = Json.count(node, "suppressed");
        alert.messages = Json.count(node, "messages");
        alert.lastMessageAt = Json.whole(node, "lastMessageAt");
        alert.announced = Json.flag(node, "announced");
        alert.acknowledged = Json.flag(node, "acknowledged");
        return alert;
    }
}
