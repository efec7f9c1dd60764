package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.history.SeriesRule;
import io.github.plimsoll.validation.history.SeriesRule.Judgement;
import io.github.plimsoll.validation.history.SeriesRule.Point;
import io.github.plimsoll.validation.history.SeriesRule.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Unusual values of a series. Bounds are those of the change from one value to the next. They are of a ratio if the case says so, or if
 * a difference of 0, no change at all, would be outside.
 */
final class Series {

    private static final Pattern INTERVAL = Pattern.compile("interval_(\\d+)_(\\d+)");
    private static final Pattern THRESHOLDS =
            Pattern.compile("upper (-?[.\\d]+); and bounds \\[(-?[.\\d]+), ?(-?[.\\d]+)]");
    private static final SeriesRule ANY_DIFFERENCE = SeriesRule.absoluteChange(-1, 1);

    private Series() {}

    static Object answer(Case given) {
        JsonNode inputs = given.inputs();
        List<Point> series = points(given.numbers("series"));
        if (inputs.has("interval")) {
            double[] interval = given.numbers("interval");
            SeriesRule rule = SeriesRule.batchNormal(given.number("factor"));
            return Map.of("anomalies", unusual(rule, series, (int) interval[0], (int) interval[1]));
        }
        if (inputs.has("min") || inputs.has("max")) {
            return changes(given, series);
        }
        if (inputs.has("series3")) {
            return Map.of(
                    "first", measured(ANY_DIFFERENCE, series),
                    "second", measured(SeriesRule.absoluteChange(-1, 1, 2), series),
                    "third", measured(SeriesRule.absoluteChange(-1, 1, 3), points(given.numbers("series3"))));
        }
        return values(given, series);
    }

    private static Object changes(Case given, List<Point> series) {
        double least = given.inputs().has("min") ? given.number("min") : Double.NEGATIVE_INFINITY;
        double most = given.inputs().has("max") ? given.number("max") : Double.POSITIVE_INFINITY;
        int order = given.inputs().path("order").asInt(1);
        boolean ratio = given.what().contains("ratio") || least > 0 || most < 0;
        SeriesRule rule =
                ratio ? SeriesRule.relativeChange(least, most, order) : SeriesRule.absoluteChange(least, most, order);
        Map<String, Object> answer = new HashMap<>();
        answer.put("anomalies", unusual(rule, series, 0, series.size()));
        given.expected().fieldNames().forEachRemaining(key -> {
            Matcher interval = INTERVAL.matcher(key);
            if (interval.matches()) {
                int from = Integer.parseInt(interval.group(1));
                answer.put(key, unusual(rule, series, from, Integer.parseInt(interval.group(2))));
            }
        });
        return answer;
    }

    /** Ratios at two lags; and, where the case says which, values outside bounds. */
    private static Object values(Case given, List<Point> series) {
        Map<String, Object> answer = new HashMap<>();
        answer.put("lag1", measured(SeriesRule.relativeChange(-1, 1), series));
        answer.put("lag2", measured(SeriesRule.relativeChange(-1, 1, 2), series));
        Matcher bounds = THRESHOLDS.matcher(given.what());
        if (bounds.find()) {
            SeriesRule upper = SeriesRule.threshold(Double.NEGATIVE_INFINITY, Double.parseDouble(bounds.group(1)));
            SeriesRule both =
                    SeriesRule.threshold(Double.parseDouble(bounds.group(2)), Double.parseDouble(bounds.group(3)));
            answer.put("upper_only", unusual(upper, series, 0, series.size()));
            answer.put("both", unusual(both, series, 0, series.size()));
        }
        return answer;
    }

    private static List<Integer> unusual(SeriesRule rule, List<Point> series, int from, int to) {
        return rule.judge(series, from, to).stream()
                .filter(judgement -> judgement.verdict() == Verdict.UNUSUAL)
                .map(Judgement::index)
                .toList();
    }

    /** What was held to bounds, without the points that have too few before them. */
    private static double[] measured(SeriesRule rule, List<Point> series) {
        return rule.judge(series, 0, series.size()).stream()
                .mapToDouble(Judgement::measured)
                .filter(number -> !Double.isNaN(number))
                .toArray();
    }

    private static List<Point> points(double[] values) {
        List<Point> points = new ArrayList<>();
        for (double value : values) {
            points.add(new Point(Instant.EPOCH.plusSeconds(points.size()), value));
        }
        return points;
    }
}
