package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.stats.ChiSquare;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.McNemar;
import io.github.plimsoll.validation.stats.TestResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the tests of counts say of two models, and of how callers were split between them. */
final class Comparisons implements Subject {

    @Override
    public Map<String, Answer> answers() {
        return Map.of("validation.comparison", Comparisons::comparison, "serving.canary", Comparisons::split);
    }

    /** McNemar's test of a table; the form says nothing of exactness, the text does. */
    private static Object comparison(Case given) {
        JsonNode table = given.inputs().path("table");
        if (!table.isArray()) {
            throw new Unsupported("'" + given.method() + "' of this kind");
        }
        long onlyFirst = table.path(0).path(1).asLong();
        long onlySecond = table.path(1).path(0).asLong();
        boolean exact = given.what().startsWith("exact");
        TestResult result = exact
                ? McNemar.exact(onlyFirst, onlySecond)
                : McNemar.chiSquare(onlyFirst, onlySecond, Correction.CONTINUITY);
        Map<String, Object> answer = new HashMap<>();
        answer.put("chi2", exact ? null : result.statistic());
        answer.put("p", result.pValue());
        return answer;
    }

    /** Whether callers were split as they should have been. */
    private static Object split(Case given) {
        List<Double> statistics = new ArrayList<>();
        List<Double> pValues = new ArrayList<>();
        for (JsonNode one : given.inputs().path("cases")) {
            if (!one.has("counts")) {
                break;
            }
            long[] counts = Numbers.counts(one.get("counts"), List.of());
            double[] weights = Numbers.read(one.get("weights"), Map.of());
            double each = Arrays.stream(counts).sum() / Arrays.stream(weights).sum();
            TestResult result = ChiSquare.goodnessOfFit(
                    counts, Arrays.stream(weights).map(weight -> weight * each).toArray());
            statistics.add(result.statistic());
            pValues.add(result.pValue());
        }
        if (statistics.isEmpty()) {
            throw new Unsupported("'" + given.method() + "' of this kind");
        }
        return Map.of("chi2", statistics, "p", pValues);
    }
}
