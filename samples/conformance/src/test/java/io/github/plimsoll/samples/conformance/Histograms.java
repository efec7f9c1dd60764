package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.stats.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Two histograms, made comparable: the product compares counts of the same cells. */
final class Histograms {

    private Histograms() {}

    /** Of categories and their weights; a category that one of them lacks weighs 0. */
    static Divergence ofCategories(JsonNode x, JsonNode y) {
        Set<String> keys = names(x, y);
        return Divergence.between(weights(x, keys), weights(y, keys));
    }

    static Set<String> names(JsonNode x, JsonNode y) {
        Set<String> names = new LinkedHashSet<>();
        x.fieldNames().forEachRemaining(names::add);
        y.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static double[] weights(JsonNode weights, Set<String> keys) {
        return keys.stream().mapToDouble(key -> weights.path(key).asDouble()).toArray();
    }

    /**
     * Of buckets {@code [from, to, count]}, or {@code {nan, buckets}}, cut at the edges of both as if the counts were spread evenly.
     * NaN has a cell of its own, and so has a bucket without a width, even inside another's bucket.
     */
    static Divergence ofBuckets(JsonNode x, JsonNode y) {
        TreeSet<Double> edges = new TreeSet<>();
        TreeSet<Double> points = new TreeSet<>();
        Stream.of(x, y).map(Histograms::buckets).flatMap(Arrays::stream).forEach(bucket -> {
            if (bucket[0] == bucket[1]) {
                points.add(bucket[0]);
            } else {
                edges.add(bucket[0]);
                edges.add(bucket[1]);
            }
        });
        return Divergence.between(cells(x, edges, points), cells(y, edges, points));
    }

    private static double[][] buckets(JsonNode histogram) {
        return Numbers.readRows(histogram.isArray() ? histogram : histogram.path("buckets"));
    }

    private static double[] cells(JsonNode histogram, Set<Double> edges, Set<Double> points) {
        double[][] buckets = buckets(histogram);
        List<Double> cells = new ArrayList<>();
        cells.add(histogram.path("nan").asDouble());
        for (double point : points) {
            cells.add(Arrays.stream(buckets)
                    .filter(bucket -> bucket[0] == point && bucket[1] == point)
                    .mapToDouble(bucket -> bucket[2])
                    .sum());
        }
        double from = Double.NaN;
        for (double to : edges) {
            cells.add(share(buckets, from, to));
            from = to;
        }
        return cells.stream().mapToDouble(cell -> cell).toArray();
    }

    private static double share(double[][] buckets, double from, double to) {
        return Arrays.stream(buckets)
                .filter(bucket -> bucket[0] <= from && bucket[1] >= to && bucket[0] < bucket[1])
                .mapToDouble(bucket -> bucket[2] * (to - from) / (bucket[1] - bucket[0]))
                .sum();
    }
}
