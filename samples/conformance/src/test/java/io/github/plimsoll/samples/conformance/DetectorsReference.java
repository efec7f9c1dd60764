package io.github.plimsoll.samples.conformance;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.stats.stream.ChangeDetector;
import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import io.github.plimsoll.validation.stats.stream.Cusum;
import io.github.plimsoll.validation.stats.stream.FrourosDetectors;
import io.github.plimsoll.validation.stats.stream.MoaDetectors;
import io.github.plimsoll.validation.stats.stream.RiverDetectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@code detectors.json}: where change detectors of several libraries fire. Ours follow River; {@code MoaDetectors} and parameters give
 * what most others do, {@code FrourosDetectors} and {@code RiverDetectors} the rest.
 */
final class DetectorsReference implements ReferenceFile {

    /** By library and detector, under which name {@link Detectors} has it. */
    private static final Map<String, String> OURS = Map.ofEntries(
            entry("river DDM", "ddm"),
            entry("river EDDM", "eddm"),
            entry("river HDDM_A", "hddm_a"),
            entry("river HDDM_W", "hddm_w"),
            entry("river PageHinkley", "page_hinkley"),
            entry("river ADWIN", "adwin_buggy"),
            entry("river KSWIN", "kswin"),
            entry("skmultiflow KSWIN", "kswin"),
            entry("frouros CUSUM", "cusum"),
            entry("frouros GeometricMovingAverage", "geometric_moving_average"),
            entry("frouros PageHinkley", "page_hinkley_no_clamp"),
            entry("frouros ECDDWT", "ecddwt"),
            entry("moa CusumDM", "cusum"),
            entry("moa GeometricMovingAverageDM", "geometric_moving_average"),
            entry("moa ADWINChangeDetector", "adwinchangedetector"),
            entry("moa PageHinkleyDM", "pagehinkleydm"),
            entry("moa HDDM_A_Test", "hddm_a_test"),
            entry("moa HDDM_W_Test", "hddm_w_test"),
            entry("moa EWMAChartDM", "ewmachartdm"),
            entry("moa RDDM", "rddm"),
            entry("skmultiflow HDDM_A", "hddm_a_test"),
            entry("skmultiflow HDDM_W", "hddm_w_test"));

    /** Those whose parameters count otherwise than ours, as they are by default; the file has no others. */
    private static final Map<String, Supplier<ChangeDetector>> BY_DEFAULT = Map.ofEntries(
            entry("moa DDM", () -> MoaDetectors.ddm(30, 2, 3)),
            entry("moa EDDM", () -> MoaDetectors.eddm(30, 30)),
            entry("skmultiflow ADWIN", () -> RiverDetectors.scikitMultiflowAdwin(0.002)),
            entry("skmultiflow DDM", () -> MoaDetectors.ddm(30, 2, 3)),
            entry("skmultiflow EDDM", () -> MoaDetectors.eddm(29, 30)),
            entry("skmultiflow PageHinkley", () -> new Cusum(29, 0.005, 50, 0.9999)),
            entry("frouros ADWIN", () -> FrourosDetectors.adwin(0.002)),
            entry("frouros DDM", FrourosDetectors::ddm),
            entry("frouros EDDM", FrourosDetectors::eddm),
            entry("frouros HDDMA", () -> FrourosDetectors.hddmA(0.001, 0.005)),
            entry("frouros HDDMW", () -> FrourosDetectors.hddmW(0.001, 0.005, 0.05)),
            entry("frouros RDDM", FrourosDetectors::rddm),
            entry("frouros STEPD", FrourosDetectors::stepd));

    /** What has warnings, but not in the state from which the file was made. */
    private static final Set<String> SILENT = Set.of("frouros STEPD");

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
        ChangeDetector detector = detector(name, run.path("params"));
        List<Integer> changes = new ArrayList<>();
        List<Integer> warnings = new ArrayList<>();
        int mostWarnings = SILENT.contains(name) ? 0 : MAX_WARNINGS;
        Signal before = Signal.STABLE;
        double[] stream = Arrays.copyOf(
                tables.stream(run.path("stream").asText()), run.path("values").asInt());
        if (run.path("randomised").asBoolean()) {
            List<Integer> wanted = new ArrayList<>();
            run.path("drifts").forEach(index -> wanted.add(index.asInt()));
            return Map.of("drifts", Detectors.asOften(detector, stream, wanted), "warnings", warnings);
        }
        for (int i = 0; i < stream.length; i++) {
            Signal signal = detector.add(stream[i]);
            if (signal == Signal.CHANGE) {
                changes.add(i);
            } else if (signal == Signal.WARNING && before != Signal.WARNING && warnings.size() < mostWarnings) {
                warnings.add(i);
            }
            before = signal;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("drifts", changes);
        answer.put("warnings", warnings);
        return answer;
    }

    private static ChangeDetector detector(String name, JsonNode params) {
        Supplier<ChangeDetector> byDefault = BY_DEFAULT.get(name);
        if (byDefault != null && params.isEmpty()) {
            return byDefault.get();
        }
        String ours = OURS.get(name);
        if (ours == null) {
            throw new Unsupported("'" + name + "'");
        }
        return Objects.requireNonNull(Detectors.BY_NAME.get(ours)).apply(params);
    }
}
