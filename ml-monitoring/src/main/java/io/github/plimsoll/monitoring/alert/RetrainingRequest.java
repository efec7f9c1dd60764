package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The wish for a new model, with the reasons. Immutable.
 *
 * @param id the same when the request is sent again, and for requests of several processes in one
 *     {@linkplain RetrainingTrigger.Builder#atMostEvery period}: letters, digits and hyphens
 * @param model the model that is to be trained anew
 * @param time when it was decided
 * @param reasons why; not empty
 * @param baselineFrom when the data ended that the model and its baseline were made from, null if that was not said
 * @since 0.1
 */
public record RetrainingRequest(
        String id,
        ModelId model,
        Instant time,
        List<Reason> reasons,
        @Nullable Instant baselineFrom) {

    /** What asks for a new model. Further kinds may be added. */
    public enum Kind {
        /** Several alerts within a time. */
        ALERTS,
        /** Alerts about several columns within a time. */
        COLUMNS,
        /** The baseline is old. */
        AGE,
        /** A measure of the model's quality is below its floor. */
        PERFORMANCE
    }

    /**
     * One reason.
     *
     * @param kind which condition held
     * @param text what was seen and what was expected, in words
     */
    public record Reason(Kind kind, String text) {

        /** Checks that nothing is null. */
        public Reason {
            Objects.requireNonNull(kind);
            Objects.requireNonNull(text);
        }
    }

    /**
     * Copies the reasons.
     *
     * @throws IllegalArgumentException if there is none
     */
    public RetrainingRequest {
        Objects.requireNonNull(id);
        Objects.requireNonNull(model);
        Objects.requireNonNull(time);
        reasons = List.copyOf(reasons);
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("reasons: none (expected: at least one)");
        }
    }

    /**
     * How old the baseline was when it was decided.
     *
     * @return a time >= 0, or empty if it is not known when the baseline is from
     */
    public Optional<Duration> baselineAge() {
        if (baselineFrom == null) {
            return Optional.empty();
        }
        return Optional.of(time.isBefore(baselineFrom) ? Duration.ZERO : Duration.between(baselineFrom, time));
    }

    /**
     * The request as a JSON object on one line: {@code v}, which is 1, {@code id}, {@code model}, {@code version}, {@code time},
     * {@code reasons} of {@code kind} and {@code text}, and, if known, {@code baselineFrom} and {@code baselineAgeDays}. Fields
     * may be added, none is changed.
     *
     * @return JSON
     */
    public String toJson() {
        return Json.write(toNode());
    }

    ObjectNode toNode() {
        ObjectNode node = Json.object()
                .put("v", 1)
                .put("id", id)
                .put("model", model.name())
                .put("version", model.version())
                .put("time", time.toString());
        ArrayNode all = node.putArray("reasons");
        reasons.forEach(
                reason -> all.addObject().put("kind", reason.kind.name()).put("text", reason.text));
        if (baselineFrom != null) {
            node.put("baselineFrom", baselineFrom.toString());
        }
        baselineAge().ifPresent(age -> node.put("baselineAgeDays", age.toDays()));
        return node;
    }

    static RetrainingRequest of(JsonNode node) {
        List<Reason> reasons = new ArrayList<>();
        for (JsonNode each : Json.array(node, "reasons")) {
            reasons.add(new Reason(Json.constant(each, "kind", Kind.class), Json.text(each, "text")));
        }
        return new RetrainingRequest(
                Json.text(node, "id"),
                new ModelId(Json.text(node, "model"), Json.text(node, "version")),
                Json.instant(node, "time"),
                reasons,
                node.has("baselineFrom") ? Json.instant(node, "baselineFrom") : null);
    }

    /** The request in words, such as {@code credit:7: a new model is asked for: auc 0.61 (expected: >= 0.7)}. */
    @Override
    public String toString() {
        return model + ": a new model is asked for: "
                + reasons.stream().map(Reason::text).collect(Collectors.joining("; "));
    }
}
