package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.serving.AdaptiveLimit;
import io.github.plimsoll.serving.AimdLimit;
import io.github.plimsoll.serving.Gradient2Limit;
import io.github.plimsoll.serving.VegasLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The limits of calls at once after each sample. Samples come one after the other, or as {@code cases} of one sample each. The form
 * tells which limit is meant:
 *
 * <ul>
 *   <li>what only one of them can be set to: {@code backoff} and {@code timeout}, {@code tolerance}, {@code long_window} and
 *       {@code queue}, {@code alpha} and {@code beta} and the like;
 *   <li>else how a sample is written: without a time for {@link AimdLimit}, as an array {@code [milliseconds, in flight]} for
 *       {@link Gradient2Limit}, with {@code rtt_ns} or {@code rtt_ms} for {@link VegasLimit}.
 * </ul>
 *
 * <p>What a case does not say has the default of the library that the cases describe, which is not always ours.
 */
final class Limits implements Subject {

    @Override
    public Map<String, Answer> answers() {
        return Map.of("serving.limits", given -> Map.of("limits", limits(given.inputs())));
    }

    private static List<Integer> limits(JsonNode inputs) {
        List<Integer> limits = new ArrayList<>();
        if (inputs.has("cases")) {
            for (JsonNode one : inputs.get("cases")) {
                limits.add(after(start(one, one), one).limit());
            }
            return limits;
        }
        if (!inputs.path("samples").isArray()) {
            throw new Unsupported("inputs of a limit without samples or cases");
        }
        AdaptiveLimit limit = start(inputs, inputs.get("samples").path(0));
        for (JsonNode sample : inputs.get("samples")) {
            limit = after(limit, sample);
            limits.add(limit.limit());
        }
        return limits;
    }

    private static AdaptiveLimit start(JsonNode inputs, JsonNode sample) {
        if (says(inputs, "backoff", "backoff_ratio", "timeout_ns", "timeout_ms")) {
            return aimd(inputs);
        }
        if (says(inputs, "tolerance", "rtt_tolerance", "long_window", "longWindow", "queue", "queue_size")) {
            return gradient2(inputs);
        }
        if (says(inputs, "alpha", "beta", "threshold", "increase", "decrease")) {
            return vegas(inputs);
        }
        if (sample.isArray()) {
            return gradient2(inputs);
        }
        return says(sample, "rtt_ns", "rtt_ms") ? vegas(inputs) : aimd(inputs);
    }

    private static AdaptiveLimit aimd(JsonNode inputs) {
        return AimdLimit.startingAt((int) number(inputs, 20, "initial"))
                .between(least(inputs, 20), (int) number(inputs, 200, "max"))
                .backoff(number(inputs, 0.9, "backoff", "backoff_ratio"))
                .timeout(Duration.ofNanos(nanos(inputs, "timeout", 5_000_000_000L)));
    }

    private static AdaptiveLimit gradient2(JsonNode inputs) {
        return Gradient2Limit.startingAt((int) number(inputs, 20, "initial"))
                .between(least(inputs, 20), (int) number(inputs, 200, "max"))
                .smoothing(number(inputs, 0.2, "smoothing"))
                .longWindow((int) number(inputs, 600, "long_window", "longWindow"))
                .tolerance(number(inputs, 1.5, "tolerance", "rtt_tolerance"))
                .queue(x -> (int) function(inputs, "4", x, "queue", "queue_size"));
    }

    private static AdaptiveLimit vegas(JsonNode inputs) {
        return VegasLimit.startingAt((int) number(inputs, 20, "initial"))
                .between(least(inputs, 1), (int) number(inputs, 1000, "max"))
                .smoothing(number(inputs, 1, "smoothing"))
                .alpha(x -> (int) function(inputs, "3 * log10(x)", x, "alpha"))
                .beta(x -> (int) function(inputs, "6 * log10(x)", x, "beta"))
                .threshold(x -> (int) function(inputs, "log10(x)", x, "threshold"))
                .increase(x -> function(inputs, "x + log10(x)", x, "increase"))
                .decrease(x -> function(inputs, "x - log10(x)", x, "decrease"));
    }

    private static boolean says(JsonNode node, String... names) {
        return Arrays.stream(names).anyMatch(node::has);
    }

    private static int least(JsonNode inputs, int otherwise) {
        return Math.max(1, (int) number(inputs, otherwise, "min")); // a limit of 0 ends all calls for good: not ours
    }

    private static AdaptiveLimit after(AdaptiveLimit limit, JsonNode sample) {
        return sample.isArray()
                ? limit.after(
                        (long) (sample.get(0).asDouble() * 1e6),
                        sample.get(1).asInt(),
                        sample.path(2).asBoolean())
                : limit.after(
                        nanos(sample, "rtt", 1_000_000),
                        sample.path("inflight").asInt(),
                        sample.path("drop").asBoolean());
    }

    private static long nanos(JsonNode node, String name, long otherwise) {
        if (node.has(name + "_ms")) {
            return (long) (node.get(name + "_ms").asDouble() * 1e6);
        }
        return node.path(name + "_ns").asLong(otherwise);
    }

    private static double number(JsonNode node, double otherwise, String... names) {
        for (String name : names) {
            if (node.has(name)) {
                return node.get(name).asDouble();
            }
        }
        return otherwise;
    }

    private static double function(JsonNode node, String otherwise, double x, String... names) {
        for (String name : names) {
            if (node.has(name)) {
                return new Formula(node.get(name).asText()).applyAsDouble(x);
            }
        }
        return new Formula(otherwise).applyAsDouble(x);
    }
}
