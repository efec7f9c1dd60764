package io.github.plimsoll.core;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a look at this process has found: whether models can be loaded in it, and what stands in the way. Immutable.
 *
 * @param findings what was looked at, one after the other; copied
 * @since 0.1
 * @see Plimsoll#doctor()
 */
public record Diagnosis(List<Finding> findings) {

    private static final JsonMapper JSON = new JsonMapper();

    /** How good or bad a finding is. */
    public enum Status {
        /** As it should be. */
        OK,
        /** Models may load, but something is not as it should be. */
        WARN,
        /** Models will not load, or this one did not. */
        FAIL
    }

    /**
     * One thing that was looked at.
     *
     * @param status how good or bad it is
     * @param area what was looked at, such as {@code temp folder}
     * @param what what was found
     * @param remedy what to do; empty if there is nothing to do
     */
    public record Finding(Status status, String area, String what, String remedy) {

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if it is not OK and there is no remedy
         */
        public Finding {
            Objects.requireNonNull(area);
            Objects.requireNonNull(what);
            if (status != Status.OK && remedy.isBlank()) {
                throw new IllegalArgumentException("remedy of '" + area + "': blank (expected: what to do)");
            }
        }

        /** The finding as one line. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-4s  %s: %s", status, area, what)
                    + (remedy.isEmpty() ? "" : " -> " + remedy);
        }
    }

    /** Copies the list. */
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /**
     * The worst of the findings.
     *
     * @return its status
     */
    public Status status() {
        return findings.stream().map(Finding::status).max(Status::compareTo).orElse(Status.OK);
    }

    /**
     * The diagnosis for machines: an object with {@code status} and {@code findings}, each with {@code status}, {@code area},
     * {@code what} and {@code remedy}.
     *
     * @return JSON
     */
    public String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("status", status().name());
        ArrayNode list = json.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("status", finding.status().name())
                    .put("area", finding.area())
                    .put("what", finding.what())
                    .put("remedy", finding.remedy());
        }
        return json.toString();
    }

    /** The diagnosis for people: a line for each finding. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(text.isEmpty() ? "" : "\n").append(finding);
        }
        return text.toString();
    }
}
