package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.drift.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A message about an incident: that it began, got worse, is still there, or is over. Immutable.
 *
 * <p>Two names: {@link #id()} says which trouble it is about and is the same for all its messages, in every process that watches
 * the model version and after a restart, so it is what a pager groups by. {@link #messageId()} says which message it is and stays
 * the same when the message is sent again, so it is what a receiver drops copies by.
 *
 * <p>Names of columns and what was seen come from the data: control characters are replaced, texts are cut at 1,000 characters,
 * and no more than 50 columns and 20 details are told. Values of sensitive features are in none of them.
 *
 * <p>The written form is JSON of version 1, see {@link #toJson()}. Fields may be added to it, none is changed.
 *
 * @since 0.1
 */
public final class Alert {

    /** What happened to the incident. Further events may be added. */
    public enum Event {
        /** It was found. */
        OPENED,
        /** A more severe one was found in the same columns. */
        WORSENED,
        /** It is still there and nobody has acknowledged it. */
        REMINDER,
        /** Its columns are quiet again. */
        RECOVERED
    }

    /** How bad it is. */
    public enum Severity {
        /** Something has moved; look at it in working hours. */
        WARNING,
        /** Values do not mean what they did; answers are likely wrong. */
        CRITICAL
    }

    static final int MAX_COLUMNS = 50;
    static final int MAX_DETAILS = 20;
    static final int MAX_TEXT = 1_000;

    private final String id;
    private final String messageId;
    private final ModelId model;
    private final Event event;
    private final Severity severity;
    private final Instant time;
    private final Instant openedAt;
    private final Finding finding;
    private final int grouped;
    private final int suppressed;

    /**
     * What the monitor found.
     *
     * @param headline the incident in words
     */
    record Finding(
            Incident.Kind kind,
            List<String> columns,
            long window,
            long onset,
            long rows,
            double evidence,
            double threshold,
            String headline,
            List<String> details) {

        Finding {
            columns = List.copyOf(columns);
            details = List.copyOf(details);
        }

        static Finding of(Incident incident, long rows) {
            return new Finding(
                    incident.kind(),
                    incident.columns().stream()
                            .limit(MAX_COLUMNS)
                            .map(Finding::plain)
                            .toList(),
                    incident.window(),
                    incident.onset(),
                    rows,
                    incident.evidence(),
                    incident.threshold(),
                    plain(incident.toString()),
                    incident.details().stream()
                            .limit(MAX_DETAILS)
                            .map(Finding::plain)
                            .toList());
        }

        /** A text from the data that breaks no line of a log and fills no screen. */
        static String plain(String text) {
            int end = Math.min(text.length(), MAX_TEXT);
            if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(0, end).replaceAll("[\\p{Cc}\\p{Cf}\\x{2028}\\x{2029}]", "\uFFFD");
        }

        void write(ObjectNode node) {
            node.put("kind", kind.name());
            node.set("columns", Json.array(columns));
            node.put("window", window).put("onset", onset).put("rows", rows);
            Json.putNumber(node, "evidence", evidence);
            Json.putNumber(node, "threshold", threshold);
            node.put("headline", headline);
            node.set("details", Json.array(details));
        }

        static Finding read(JsonNode node) {
            return new Finding(
                    Json.constant(node, "kind", Incident.Kind.class),
                    Json.texts(node, "columns"),
                    Json.whole(node, "window"),
                    Json.whole(node, "onset"),
                    Json.whole(node, "rows"),
                    Json.number(node, "evidence"),
                    Json.number(node, "threshold"),
                    Json.text(node, "headline"),
                    Json.texts(node, "details"));
        }
    }

    Alert(
            String id,
            String messageId,
            ModelId model,
            Event event,
            Severity severity,
            Instant time,
            Instant openedAt,
            Finding finding,
            int grouped,
            int suppressed) {
        this.id = id;
        this.messageId = messageId;
        this.model = model;
        this.event = event;
        this.severity = severity;
        this.time = time;
        this.openedAt = openedAt;
        this.finding = finding;
        this.grouped = grouped;
        this.suppressed = suppressed;
    }

    /**
     * Which trouble it is about: model, version, kind and leading column. The same for all its messages, in every process, and
     * again when it comes back.
     *
     * @return 32 hexadecimal digits
     */
    public String id() {
        return id;
    }

    /**
     * Which message it is. The same when it is sent again, also after a restart; different for all others.
     *
     * @return the id, when the alert opened in milliseconds since 1970, in which window, and the number of the message, joined by
     *     dots
     */
    public String messageId() {
        return messageId;
    }

    /**
     * The model whose predictor is watched.
     *
     * @return the model and its version
     */
    public ModelId model() {
        return model;
    }

    /**
     * What happened.
     *
     * @return the event
     */
    public Event event() {
        return event;
    }

    /**
     * How bad it is; the worst of what was grouped.
     *
     * @return the severity
     */
    public Severity severity() {
        return severity;
    }

    /**
     * When the message was made.
     *
     * @return a time of the host's clock
     */
    public Instant time() {
        return time;
    }

    /**
     * When the incident was reported first: when its window closed.
     *
     * @return a time of the host's clock
     */
    public Instant openedAt() {
        return openedAt;
    }

    /**
     * What the incident looks like: {@link Incident#kind()} of the one that opened or worsened the alert.
     *
     * @return the kind
     */
    public Incident.Kind kind() {
        return finding.kind;
    }

    /**
     * The columns concerned, the most likely cause first; {@code *} stands for whole rows.
     *
     * @return an immutable list of at most 50
     */
    public List<String> columns() {
        return finding.columns;
    }

    /**
     * The window in which it was found.
     *
     * @return the number of a window of the monitor
     */
    public long window() {
        return finding.window;
    }

    /**
     * The window from which on it was there, about.
     *
     * @return the number of a window of the monitor
     */
    public long onset() {
        return finding.onset;
    }

    /**
     * How many rows the window had in which it was found.
     *
     * @return a number; 0 for what was found in outcomes
     */
    public long rows() {
        return finding.rows;
    }

    /**
     * How sure.
     *
     * @return a power of ten
     */
    public double evidence() {
        return finding.evidence;
    }

    /**
     * The evidence from which on the budget lets an alarm be raised.
     *
     * @return a power of ten
     */
    public double threshold() {
        return finding.threshold;
    }

    /**
     * What was seen, the strongest first.
     *
     * @return an immutable list of at most 20 texts
     */
    public List<String> details() {
        return finding.details;
    }

    /**
     * How many further incidents in the same columns have joined this one.
     *
     * @return a number >= 0
     */
    public int grouped() {
        return grouped;
    }

    /**
     * How often the same came and went unreported before, during the cool-down.
     *
     * @return a number >= 0
     */
    public int suppressed() {
        return suppressed;
    }

    /**
     * The message in words, on one line, such as {@code credit:7: recovered after PT2H: unit change in income ...}.
     *
     * @return a text without control characters
     */
    public String text() {
        StringBuilder text = new StringBuilder(Finding.plain(model.toString())).append(": ");
        Duration lasted = time.isBefore(openedAt) ? Duration.ZERO : Duration.between(openedAt, time);
        switch (event) {
            case OPENED -> {}
            case WORSENED -> text.append("worse after ").append(lasted).append(": ");
            case REMINDER -> text.append("still there after ").append(lasted).append(": ");
            case RECOVERED -> text.append("recovered after ").append(lasted).append(": ");
        }
        text.append(finding.headline);
        if (grouped > 0) {
            text.append("; further incidents in these columns: ").append(grouped);
        }
        if (suppressed > 0) {
            text.append("; came and went unreported before: ").append(suppressed);
        }
        return text.toString();
    }

    /**
     * The message as a JSON object on one line: {@code v}, {@code id}, {@code message}, {@code model}, {@code version},
     * {@code event}, {@code severity}, {@code time}, {@code openedAt}, {@code kind}, {@code columns}, {@code window},
     * {@code onset}, {@code rows}, {@code evidence}, {@code threshold}, {@code headline}, {@code details}, {@code grouped},
     * {@code suppressed}, {@code text}. Evidence that is infinite or NaN is a string.
     *
     * @return JSON
     */
    public String toJson() {
        return Json.write(toNode().put("text", text()));
    }

    ObjectNode toNode() {
        ObjectNode node = Json.object()
                .put("v", 1)
                .put("id", id)
                .put("message", messageId)
                .put("model", model.name())
                .put("version", model.version())
                .put("event", event.name())
                .put("severity", severity.name())
                .put("time", time.toString())
                .put("openedAt", openedAt.toString());
        finding.write(node);
        return node.put("grouped", grouped).put("suppressed", suppressed);
    }

    /**
     * Reads what {@link #toJson()} wrote. Fields that are not known are left out.
     *
     * @param json the JSON
     * @return an equal alert
     * @throws IllegalArgumentException if it is not JSON of this form
     */
    public static Alert fromJson(String json) {
        return of(Json.read(json, "alert"));
    }

    static Alert of(JsonNode node) {
        return new Alert(
                Json.text(node, "id"),
                Json.text(node, "message"),
                new ModelId(Json.text(node, "model"), Json.text(node, "version")),
                Json.constant(node, "event", Event.class),
                Json.constant(node, "severity", Severity.class),
                Json.instant(node, "time"),
                Json.instant(node, "openedAt"),
                Finding.read(node),
                Json.count(node, "grouped"),
                Json.count(node, "suppressed"));
    }

    /** Whether all that is written is the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Alert alert && toNode().equals(alert.toNode());
    }

    @Override
    public int hashCode() {
        return Objects.hash(messageId);
    }

    /** The message in words. */
    @Override
    public String toString() {
        return text();
    }
}
