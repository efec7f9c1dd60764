package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.stats.stream.ChangeDetector;
import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code detectors.json}: where change detectors of several libraries fire. Where these differ, ours follow River. */
final class DetectorsReference implements ReferenceFile {

    /** Detectors whose conventions are ours; River's ADWIN of that release leaves the newest bucket of each size out. */
    private static final Set<String> OURS = Set.of(
            "river DDM",
            "river EDDM",
            "river HDDM_A",
            "river HDDM_W",
            "river PageHinkley",
            "frouros CUSUM",
            "moa CusumDM",
            "frouros GeometricMovingAverage",
            "moa GeometricMovingAverageDM");

    private static final int MAX_WARNINGS = 200; // the file has no more

    @Override
    public String path() {
        return "expected/detectors.json";
    }

    @Override
    public List<Check> checks(JsonNode content, Tables tables) {
        List<Check> checks = new ArrayList<>();
        for (JsonNode run : content) {
            String library = run.path("library").asText();
            String name = library + ' ' + run.path("detector").asText();
            checks.add(new Check(
                    name + " on " + run.path("stream").asText() + ' ' + run.path("params"),
                    () -> firings(run, name, tables),
                    ((ObjectNode) run.deepCopy()).retain("drifts", "warnings"),
                    Tolerance.reference()));
        }
        return checks;
    }

    private static Object firings(JsonNode run, String name, Tables tables) throws Exception {
        Function<JsonNode, ChangeDetector> made =
                Detectors.BY_NAME.get(run.path("detector").asText().toLowerCase(Locale.ROOT));
        if (made == null || !OURS.contains(name)) {
            throw new Unsupported("'" + name + "'");
        }
        ChangeDetector detector = made.apply(run.path("params"));
        List<Integer> changes = new ArrayList<>();
        List<Integer> warnings = new ArrayList<>();
        Signal before = Signal.STABLE;
        double[] stream = tables.stream(run.path("stream").asText());
        for (int i = 0; i < stream.length; i++) {
            Signal signal = detector.add(stream[i]);
            if (signal == Signal.CHANGE) {
                changes.add(i);
            } else if (signal == Signal.WARNING && before != Signal.WARNING && warnings.size() < MAX_WARNINGS) {
                warnings.add(i);
            }
            before = signal;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("drifts", changes);
        answer.put("warnings", warnings);
        return answer;
    }
}
