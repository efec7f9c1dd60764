package io.github.plimsoll.samples.conformance;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.stats.stream.Adwin;
import io.github.plimsoll.validation.stats.stream.ChangeDetector;
import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import io.github.plimsoll.validation.stats.stream.Cusum;
import io.github.plimsoll.validation.stats.stream.Ddm;
import io.github.plimsoll.validation.stats.stream.Eddm;
import io.github.plimsoll.validation.stats.stream.Fhddm;
import io.github.plimsoll.validation.stats.stream.GeometricMovingAverage;
import io.github.plimsoll.validation.stats.stream.HddmA;
import io.github.plimsoll.validation.stats.stream.HddmW;
import io.github.plimsoll.validation.stats.stream.PageHinkley;
import io.github.plimsoll.validation.stats.stream.Sides;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Change detectors on series, by the names that libraries give them and their parameters. */
final class Detectors implements Subject {

    /** Detectors by lower-case name; each takes its parameters under any of their names. */
    static final Map<String, Function<JsonNode, ChangeDetector>> BY_NAME = Map.ofEntries(
            entry("adwin", Detectors::adwin),
            entry("ddm", Detectors::ddm),
            entry("eddm", Detectors::eddm),
            entry(
                    "hddm_a",
                    params -> new HddmA(
                            confidence(params, "drift", 0.001),
                            confidence(params, "warning", 0.005),
                            oneOrBoth(params))),
            entry(
                    "hddm_w",
                    params -> new HddmW(
                            confidence(params, "drift", 0.001),
                            confidence(params, "warning", 0.005),
                            of(params, 0.05, "lambda", "lambda_val"),
                            oneOrBoth(params))),
            entry("page_hinkley", Detectors::pageHinkley),
            entry("pagehinkley", Detectors::pageHinkley),
            entry("fhddm", params -> new Fhddm((int) of(params, 100, "window"), of(params, 1e-6, "delta"))),
            entry("cusum", Detectors::cusum),
            entry("cusumdm", Detectors::cusum),
            entry("geometric_moving_average", Detectors::geometric),
            entry("geometricmovingaverage", Detectors::geometric),
            entry("geometricmovingaveragedm", Detectors::geometric),
            entry("hddm_w_test", params -> new HddmW()));

    private static double of(JsonNode params, double otherwise, String... names) {
        for (String name : names) {
            if (params.has(name)) {
                return Numbers.read(params.get(name));
            }
        }
        return otherwise;
    }

    private static double confidence(JsonNode params, String which, double otherwise) {
        return of(params, otherwise, which + "_confidence");
    }

    private static Sides oneOrBoth(JsonNode params) {
        boolean both = params.path("two_sided").asBoolean()
                || params.path("two_sided_test").asBoolean();
        return both ? Sides.BOTH : Sides.RISES;
    }

    private static Adwin adwin(JsonNode params) {
        return new Adwin(
                of(params, 0.002, "delta"),
                (int) of(params, 32, "clock"),
                (int) of(params, 5, "max_buckets"),
                (int) of(params, 5, "min_window_length"),
                (int) of(params, 10, "grace_period"));
    }

    private static Ddm ddm(JsonNode params) {
        return new Ddm(
                (int) of(params, 30, "warm_start"),
                of(params, 2, "warning_threshold"),
                of(params, 3, "drift_threshold"));
    }

    private static Eddm eddm(JsonNode params) {
        return new Eddm((int) of(params, 30, "warm_start"), of(params, 0.95, "alpha"), of(params, 0.9, "beta"));
    }

    private static PageHinkley pageHinkley(JsonNode params) {
        Sides sides = switch (params.path("mode").asText("both")) {
            case "up" -> Sides.RISES;
            case "down" -> Sides.FALLS;
            default -> Sides.BOTH;
        };
        return new PageHinkley(
                (int) of(params, 30, "min_instances"),
                of(params, 0.005, "delta"),
                of(params, 50, "threshold", "lambda"),
                of(params, 0.9999, "alpha"),
                sides);
    }

    private static Cusum cusum(JsonNode params) {
        return new Cusum(
                (int) of(params, 30, "min_num_instances"), of(params, 0.005, "delta"), of(params, 50, "lambda"));
    }

    private static GeometricMovingAverage geometric(JsonNode params) {
        return new GeometricMovingAverage(
                (int) of(params, 30, "min_num_instances"), of(params, 0.99, "alpha"), of(params, 1, "lambda"));
    }

    @Override
    public Map<String, Answer> answers() {
        Map<String, Answer> answers = new LinkedHashMap<>();
        for (String name : List.of(
                "adwin",
                "ddm",
                "eddm",
                "hddm_a",
                "hddm_w",
                "page_hinkley",
                "fhddm",
                "cusum",
                "geometric_moving_average",
                "CusumDM",
                "GeometricMovingAverageDM",
                "HDDM_W_Test")) {
            answers.put(
                    name,
                    given -> signals(
                            Objects.requireNonNull(BY_NAME.get(name.toLowerCase(Locale.ROOT)))
                                    .apply(given.params()),
                            given.numbers("stream"),
                            given.expected()));
        }
        answers.put("adwin_statistics", given -> {
            Adwin adwin = adwin(given.params());
            for (double value : given.numbers("stream")) {
                adwin.add(value);
            }
            return Map.of("width", adwin.width(), "total", adwin.mean() * adwin.width(), "estimation", adwin.mean());
        });
        return answers;
    }

    /** Where changes were told, and, if asked for, the first warning before each and after the last. */
    private static Map<String, Object> signals(ChangeDetector detector, double[] stream, JsonNode expected) {
        List<Integer> changes = new ArrayList<>();
        List<Integer> warnings = new ArrayList<>();
        boolean warned = false;
        for (int i = 0; i < stream.length; i++) {
            Signal signal = detector.add(stream[i]);
            if (signal == Signal.WARNING && !warned) {
                warnings.add(i);
                warned = true;
            } else if (signal == Signal.CHANGE) {
                changes.add(i);
                warned = false;
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("indices", changes);
        for (String name : List.of("first_warnings", "first_warning_per_segment")) {
            if (expected.has(name)) {
                answer.put(name, warnings);
            }
        }
        return answer;
    }
}
