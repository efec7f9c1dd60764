package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** One published case: what is asked, with what, and what the answer is. */
record Case(
        String name,
        String method,
        String what,
        JsonNode params,
        JsonNode inputs,
        JsonNode expected,
        JsonNode tolerance,
        Map<String, double[]> streams) {

    static Case of(JsonNode json, Map<String, double[]> streams) {
        return new Case(
                json.path("name").asText(),
                json.path(json.has("area") ? "area" : "method").asText(),
                json.path("what").asText(),
                json.path("params"),
                json.path("inputs"),
                json.path("expected"),
                json.path("tolerance"),
                streams);
    }

    /** The numbers of an input: an array, a named stream, or one of the short forms of {@link Numbers#expand}. */
    double[] numbers(String input) {
        return Numbers.read(inputs.path(input), streams);
    }

    double number(String input) {
        return Numbers.read(inputs.path(input));
    }

    double param(String param, double otherwise) {
        return params.has(param) ? Numbers.read(params.get(param)) : otherwise;
    }
}
