package io.github.plimsoll.serving.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.serving.batch.BatchException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A place in a run to which its files can be cut and from which it can go on. The file is JSON, form 1.
 *
 * @param settings what the next run has to agree with
 * @param input the input file, or null for rows of the host's own
 * @param position where the input is read on
 * @param outputBytes how much of the output counts
 * @param rejectBytes how much of the rejects counts
 * @param tally what has been dealt with
 * @param isComplete whether only the files' names are missing
 */
record Checkpoint(
        String settings,
        @Nullable Fingerprint input,
        TablePosition position,
        long outputBytes,
        long rejectBytes,
        Tally tally,
        boolean isComplete) {

    private static final int FORM = 1;

    /** What has been dealt with. */
    static final class Tally {

        /** The most different reasons that are counted apart. */
        private static final int MOST_REASONS = 100;

        /** The most models that are remembered. */
        private static final int MOST_MODELS = 100;

        long rows;
        long answered;
        final Map<String, Long> reasons = new TreeMap<>(); // in an order that does not depend on where a run stopped
        final Set<ModelId> models = new LinkedHashSet<>();

        long rejected() {
            return rows - answered;
        }

        void add(Tally other) {
            rows += other.rows;
            answered += other.answered;
            other.reasons.forEach(this::add);
            for (ModelId model : other.models) {
                if (models.size() < MOST_MODELS) {
                    models.add(model);
                }
            }
        }

        void add(String reason, long count) {
            boolean isKnown = reasons.containsKey(reason) || reasons.size() < MOST_REASONS;
            reasons.merge(isKnown ? reason : "other", count, Long::sum);
        }
    }

    /** Writes the file so that there is always a whole one. */
    void write(Path file) throws IOException {
        ObjectNode json = OutputForm.JSON.createObjectNode();
        json.put("form", FORM);
        json.put("settings", settings);
        if (input != null) {
            json.putObject("input").put("size", input.size()).put("sha256", input.sha256());
        }
        json.put("offset", position.offset()).put("line", position.line());
        json.put("outputBytes", outputBytes).put("rejectBytes", rejectBytes);
        json.put("rows", tally.rows).put("answered", tally.answered);
        ObjectNode reasons = json.putObject("reasons");
        tally.reasons.forEach(reasons::put);
        ArrayNode models = json.putArray("models");
        for (ModelId model : tally.models) {
            models.addObject().put("name", model.name()).put("version", model.version());
        }
        json.put("complete", isComplete);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (OutputFile out = new OutputFile(fresh)) {
            out.cut(0);
            out.write(OutputForm.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
            out.sync();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads the file. */
    static Checkpoint read(Path file) {
        try {
            JsonNode json = OutputForm.JSON.readTree(Files.readAllBytes(file));
            int form = json.required("form").asInt();
            if (form != FORM) {
                throw new IllegalArgumentException("form " + form + " (expected: " + FORM + ")");
            }
            Tally tally = new Tally();
            tally.rows = json.required("rows").longValue();
            tally.answered = json.required("answered").longValue();
            json.required("reasons")
                    .properties()
                    .forEach(e -> tally.reasons.put(e.getKey(), e.getValue().longValue()));
            for (JsonNode model : json.required("models")) {
                tally.models.add(new ModelId(
                        model.required("name").textValue(),
                        model.required("version").textValue()));
            }
            JsonNode input = json.get("input");
            return new Checkpoint(
                    json.required("settings").textValue(),
                    input == null
                            ? null
                            : new Fingerprint(
                                    input.required("size").longValue(),
                                    input.required("sha256").textValue()),
                    new TablePosition(
                            json.required("offset").longValue(),
                            json.required("line").longValue()),
                    json.required("outputBytes").longValue(),
                    json.required("rejectBytes").longValue(),
                    tally,
                    json.required("complete").booleanValue());
        } catch (IOException | RuntimeException failure) {
            throw new BatchException(
                    Reason.CHECKPOINT_UNREADABLE,
                    file + ": " + failure.getMessage()
                            + " (expected: a checkpoint of this version; delete it, or start over, to begin anew)",
                    failure);
        }
    }
}
