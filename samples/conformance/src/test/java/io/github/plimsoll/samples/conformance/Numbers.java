package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Numbers as the case files write them. */
final class Numbers {

    private static final String NUMBER = "[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?";
    private static final Pattern RANGE = Pattern.compile("(-?\\d+)\\.\\.(-?\\d+)");
    private static final Pattern LINSPACE =
            Pattern.compile("linspace\\((" + NUMBER + "),(" + NUMBER + "),(\\d+)\\)(" + NUMBER + ")?");
    private static final Pattern COPIES = Pattern.compile("(\\d+) copies of (" + NUMBER + ")(-" + NUMBER + ")?");
    private static final Pattern REPEATED = Pattern.compile("(\\d+)x(" + NUMBER + ")");

    private Numbers() {}

    /** JSON has no word for these three, so the files write them as text. */
    static boolean isNumber(JsonNode node) {
        return node.isNumber()
                || node.isBoolean()
                || node.isTextual() && node.asText().matches("NaN|-?Infinity");
    }

    static double read(JsonNode node) {
        if (node.isTextual()) {
            return Double.parseDouble(node.asText());
        }
        if (node.isBoolean()) {
            return node.asBoolean() ? 1 : 0;
        }
        if (!node.isNumber()) {
            throw new IllegalArgumentException("expected a number, got: " + node);
        }
        return node.asDouble();
    }

    static double[] read(JsonNode node, Map<String, double[]> streams) {
        if (node.isArray()) {
            return StreamSupport.stream(node.spliterator(), false)
                    .mapToDouble(Numbers::read)
                    .toArray();
        }
        String text = node.isObject() ? node.path("stream").asText() : node.asText();
        double[] stream = streams.get(text);
        return stream != null ? stream : expand(text);
    }

    static double[][] readRows(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> read(row, Map.of()))
                .toArray(double[][]::new);
    }

    /** As an array of counts: an array, or an object whose keys are categories in the order of {@code keys}. */
    static long[] counts(JsonNode counts, Iterable<String> keys) {
        if (counts.isArray()) {
            return Arrays.stream(read(counts, Map.of()))
                    .mapToLong(x -> (long) x)
                    .toArray();
        }
        return StreamSupport.stream(keys.spliterator(), false)
                .mapToLong(key -> counts.path(key).asLong())
                .toArray();
    }

    /** Short forms: {@code 1..9}, {@code linspace(0,1,5)+2}, {@code 10 copies of 0.1-1e-5}, {@code 99x0 + 1x1}. */
    static double[] expand(String text) {
        String plain = text.replace(" ", "");
        Matcher range = RANGE.matcher(plain);
        if (range.matches()) {
            return IntStream.rangeClosed(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)))
                    .asDoubleStream()
                    .toArray();
        }
        Matcher linspace = LINSPACE.matcher(plain);
        if (linspace.matches()) {
            double from = Double.parseDouble(linspace.group(1));
            double to = Double.parseDouble(linspace.group(2));
            int count = Integer.parseInt(linspace.group(3));
            double shift = linspace.group(4) == null ? 0 : Double.parseDouble(linspace.group(4));
            double step = (to - from) / (count - 1);
            return IntStream.range(0, count)
                    .mapToDouble(i -> (i == count - 1 ? to : i * step + from) + shift)
                    .toArray();
        }
        Matcher copies = COPIES.matcher(text);
        if (copies.matches()) {
            double less = copies.group(3) == null ? 0 : Double.parseDouble(copies.group(3));
            return repeat(Integer.parseInt(copies.group(1)), Double.parseDouble(copies.group(2)) + less);
        }
        return Arrays.stream(plain.split("[,+](?=\\d+x)"))
                .flatMapToDouble(part -> {
                    Matcher repeated = REPEATED.matcher(part);
                    if (!repeated.matches()) {
                        throw new Unsupported("input '" + text + "'");
                    }
                    return DoubleStream.of(
                            repeat(Integer.parseInt(repeated.group(1)), Double.parseDouble(repeated.group(2))));
                })
                .toArray();
    }

    private static double[] repeat(int times, double value) {
        double[] values = new double[times];
        Arrays.fill(values, value);
        return values;
    }
}
