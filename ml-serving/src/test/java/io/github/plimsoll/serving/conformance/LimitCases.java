package io.github.plimsoll.serving.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.serving.AdaptiveLimit;
import io.github.plimsoll.serving.AimdLimit;
import io.github.plimsoll.serving.Gradient2Limit;
import io.github.plimsoll.serving.VegasLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers cases of the area {@code serving.limits}: the limits after each sample.
 *
 * <p>The word before the first underscore of a case's name says which algorithm is meant. What a case does not say has the
 * default of the library that the cases describe, which is not always ours.
 */
public final class LimitCases {

    private LimitCases() {}

    /**
     * The limits of one case.
     *
     * @param name such as {@code vegas_hold}
     * @param inputs {@code samples}, one after the other, or {@code cases} of one sample each
     * @return a limit for each sample
     * @throws IllegalArgumentException if there is no such algorithm
     */
    public static List<Integer> limits(String name, JsonNode inputs) {
        List<Integer> limits = new ArrayList<>();
        if (inputs.has("cases")) {
            for (JsonNode one : inputs.get("cases")) {
                limits.add(after(start(name, one), one).limit());
            }
            return limits;
        }
        AdaptiveLimit limit = start(name, inputs);
        for (JsonNode sample : inputs.get("samples")) {
            limit = after(limit, sample);
            limits.add(limit.limit());
        }
        return limits;
    }

    private static AdaptiveLimit start(String name, JsonNode inputs) {
        return switch (name.split("_", 2)[0]) {
            case "aimd" ->
                AimdLimit.startingAt((int) number(inputs, 20, "initial"))
                        .between(least(inputs, 20), (int) number(inputs, 200, "max"))
                        .backoff(number(inputs, 0.9, "backoff", "backoff_ratio"))
                        .timeout(Duration.ofNanos(nanos(inputs, "timeout", 5_000_000_000L)));
            case "gradient2" ->
                Gradient2Limit.startingAt((int) number(inputs, 20, "initial"))
                        .between(least(inputs, 20), (int) number(inputs, 200, "max"))
                        .smoothing(number(inputs, 0.2, "smoothing"))
                        .longWindow((int) number(inputs, 600, "long_window", "longWindow"))
                        .tolerance(number(inputs, 1.5, "tolerance", "rtt_tolerance"))
                        .queue(x -> (int) function(inputs, "4", x, "queue", "queue_size"));
            case "vegas" ->
                VegasLimit.startingAt((int) number(inputs, 20, "initial"))
                        .between(least(inputs, 1), (int) number(inputs, 1000, "max"))
                        .smoothing(number(inputs, 1, "smoothing"))
                        .alpha(x -> (int) function(inputs, "3 * log10(x)", x, "alpha"))
                        .beta(x -> (int) function(inputs, "6 * log10(x)", x, "beta"))
                        .threshold(x -> (int) function(inputs, "log10(x)", x, "threshold"))
                        .increase(x -> function(inputs, "x + log10(x)", x, "increase"))
                        .decrease(x -> function(inputs, "x - log10(x)", x, "decrease"));
            default -> throw new IllegalArgumentException("unsupported: " + name);
        };
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
                return new Formula(node.get(name).asText()).at(x);
            }
        }
        return new Formula(otherwise).at(x);
    }

    /** A formula of x with numbers, {@code + - * / ( )} and {@code log10}, which is a whole number of at least 1 here. */
    private static final class Formula {

        private final String text;
        private int position;

        Formula(String text) {
            this.text = text.replace(" ", "").replace("limit", "x");
        }

        double at(double x) {
            position = 0;
            double value = sum(x);
            if (position < text.length()) {
                throw new IllegalArgumentException("unsupported: " + text);
            }
            return value;
        }

        private double sum(double x) {
            double value = product(x);
            while (next('+') || next('-')) {
                value = text.charAt(position - 1) == '+' ? value + product(x) : value - product(x);
            }
            return value;
        }

        private double product(double x) {
            double value = factor(x);
            while (next('*') || next('/')) {
                value = text.charAt(position - 1) == '*' ? value * factor(x) : value / factor(x);
            }
            return value;
        }

        private double factor(double x) {
            if (text.startsWith("log10(", position)) {
                position += "log10".length();
                return Math.max(1, (int) Math.log10((int) factor(x)));
            }
            if (next('(')) {
                double value = sum(x);
                if (!next(')')) {
                    throw new IllegalArgumentException("unsupported: " + text);
                }
                return value;
            }
            if (next('x')) {
                return x;
            }
            int from = position;
            while (position < text.length() && "0123456789.".indexOf(text.charAt(position)) >= 0) {
                position++;
            }
            return Double.parseDouble(text.substring(from, position));
        }

        private boolean next(char expected) {
            boolean found = position < text.length() && text.charAt(position) == expected;
            position += found ? 1 : 0;
            return found;
        }
    }
}
