package io.github.plimsoll.samples.conformance;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.stats.stream.Adwin;
import io.github.plimsoll.validation.stats.stream.Bocd;
import io.github.plimsoll.validation.stats.stream.ChangeDetector;
import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import io.github.plimsoll.validation.stats.stream.Cusum;
import io.github.plimsoll.validation.stats.stream.Ddm;
import io.github.plimsoll.validation.stats.stream.Eddm;
import io.github.plimsoll.validation.stats.stream.EwmaChart;
import io.github.plimsoll.validation.stats.stream.Fhddm;
import io.github.plimsoll.validation.stats.stream.GeometricMovingAverage;
import io.github.plimsoll.validation.stats.stream.HddmA;
import io.github.plimsoll.validation.stats.stream.HddmW;
import io.github.plimsoll.validation.stats.stream.Kswin;
import io.github.plimsoll.validation.stats.stream.MoaDetectors;
import io.github.plimsoll.validation.stats.stream.OnlineCramerVonMises;
import io.github.plimsoll.validation.stats.stream.PageHinkley;
import io.github.plimsoll.validation.stats.stream.Rddm;
import io.github.plimsoll.validation.stats.stream.RiverDetectors;
import io.github.plimsoll.validation.stats.stream.SeqDrift1;
import io.github.plimsoll.validation.stats.stream.Sides;
import io.github.plimsoll.validation.stats.stream.Stepd;
import io.github.plimsoll.validation.stats.stream.Wstd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;

/** Change detectors on series, by the names that libraries give them and their parameters. */
final class Detectors implements Subject {

    /** Detectors by lower-case name; each takes its parameters under any of their names. */
    static final Map<String, Function<JsonNode, ChangeDetector>> BY_NAME = Map.ofEntries(
            entry("adwin", Detectors::adwin),
            entry(
                    "adwin_buggy",
                    params -> RiverDetectors.adwin(of(params, 0.002, "delta"), (int) of(params, 32, "clock"))),
            entry("adwinchangedetector", params -> MoaDetectors.adwin(of(params, 0.002, "delta"))),
            entry("bocd_gaussian_unknown_mean", Detectors::bocd),
            entry("ecddwt", params -> new EwmaChart()),
            entry("ewmachartdm", params -> MoaDetectors.ewmaChart()),
            entry("kswin", Detectors::kswin),
            entry("page_hinkley_no_clamp", Detectors::pageHinkleyFromStart),
            entry("pagehinkleydm", Detectors::pageHinkleyFromStart),
            entry("rddm", params -> new Rddm()),
            entry("seedchangedetector", params -> MoaDetectors.seed()),
            entry("seqdrift1changedetector", params -> new SeqDrift1(1)),
            entry(
                    "stepd",
                    params -> new Stepd(
                            (int) of(params, 30, "window", "min_num_instances"),
                            of(params, 0.003, "alpha_drift", "alpha_d"),
                            of(params, 0.05, "alpha_warning", "alpha_w"))),
            entry(
                    "wstd",
                    params -> new Wstd(
                            (int) of(params, 30, "recent_window_size"),
                            (int) of(params, 120, "older_window_size"),
                            (int) of(params, 30, "min_instances"),
                            of(params, 0.003, "alpha_drift"),
                            of(params, 0.05, "alpha_warning"))),
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
            entry("hddm_a_test", params -> MoaDetectors.hddmA(0.001, 0.005)),
            entry("hddm_w_test", params -> MoaDetectors.hddmW(0.001, 0.005, 0.05)));

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

    private static PageHinkley pageHinkleyFromStart(JsonNode params) {
        return PageHinkley.fromStart(
                (int) of(params, 30, "min_num_instances"),
                of(params, 0.005, "delta"),
                of(params, 50, "lambda"),
                of(params, 0.9999, "alpha"),
                Sides.RISES);
    }

    private static Bocd bocd(JsonNode params) {
        return new Bocd(
                of(params, 0, "prior_mean"),
                of(params, 1, "prior_var"),
                of(params, 1, "data_var"),
                of(params, 0.01, "hazard"),
                (int) of(params, 30, "min_num_instances"));
    }

    private static Kswin kswin(JsonNode params) {
        return new Kswin(
                of(params, 0.005, "alpha"),
                (int) of(params, 100, "window_size"),
                (int) of(params, 30, "stat_size"),
                (long) of(params, 1, "seed", "_seed"));
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
                "adwin_buggy",
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
                "HDDM_A_Test",
                "HDDM_W_Test",
                "ADWINChangeDetector",
                "EWMAChartDM",
                "PageHinkleyDM",
                "RDDM",
                "SEEDChangeDetector",
                "SeqDrift1ChangeDetector",
                "STEPD",
                "bocd_gaussian_unknown_mean",
                "page_hinkley_no_clamp",
                "wstd")) {
            answers.put(
                    name,
                    given -> signals(
                            Objects.requireNonNull(BY_NAME.get(name.toLowerCase(Locale.ROOT)))
                                    .apply(given.params()),
                            given.numbers("stream"),
                            given.expected()));
        }
        answers.put("DDM", given -> signals(MoaDetectors.ddm(30, 2, 3), given.numbers("stream"), given.expected()));
        answers.put("EDDM", given -> signals(MoaDetectors.eddm(30, 30), given.numbers("stream"), given.expected()));
        answers.put("kswin", given -> {
            double[] stream = given.numbers("stream");
            List<Integer> wanted = new ArrayList<>();
            given.expected().path("indices").forEach(index -> wanted.add(index.asInt()));
            return Map.of("indices", asOften(kswin(given.params()), stream, wanted));
        });
        answers.put("cvm_online", Detectors::runTimes);
        answers.put("adwin_statistics", given -> {
            Adwin adwin = adwin(given.params());
            for (double value : given.numbers("stream")) {
                adwin.add(value);
            }
            return Map.of("width", adwin.width(), "total", adwin.mean() * adwin.width(), "estimation", adwin.mean());
        });
        return answers;
    }

    /** Average runs without and with a change of a standard deviation, over references of normal numbers; what is in its bounds is as wanted. */
    private static Map<String, Object> runTimes(Case given) {
        JsonNode inputs = given.inputs();
        if (!inputs.path("h0").asText().equals("N(0,1)")
                || !inputs.path("h1").asText().equals("N(1,1)")) {
            throw new Unsupported("laws of '" + given.method() + "'");
        }
        int runs = 100;
        int window = given.params().path("window_sizes").path(0).asInt();
        double run = 0;
        double delay = 0;
        Random random = new Random(1);
        for (int i = 0; i < runs; i++) {
            double[] reference = new double[(int) given.param("n_ref", 200)];
            Arrays.setAll(reference, k -> random.nextGaussian());
            int averageRun = (int) given.param("ert", 50);
            run += runTime(new OnlineCramerVonMises(reference, window, averageRun, i), random, 0) / (double) runs;
            delay += runTime(new OnlineCramerVonMises(reference, window, averageRun, i), random, 1) / (double) runs;
        }
        JsonNode wanted = given.expected();
        double least = wanted.path("average_run_time").path(0).asDouble();
        double most = wanted.path("average_run_time").path(1).asDouble();
        JsonNode bound = wanted.path("average_detection_delay_below");
        return Map.of(
                "average_run_time", run >= least && run <= most ? wanted.get("average_run_time") : run,
                "average_detection_delay_below", delay < bound.asDouble() ? bound : delay);
    }

    private static int runTime(ChangeDetector detector, Random random, double mean) {
        int time = 1;
        while (detector.add(mean + random.nextGaussian()) != Signal.CHANGE) {
            time++;
        }
        return time;
    }

    /**
     * What another generator's draws gave, if ours give about as many changes: two numbers of rare events with one rate differ by more
     * than three times the root of their sum in about one of 400 pairs. Else what ours give.
     */
    static List<Integer> asOften(ChangeDetector detector, double[] stream, List<Integer> wanted) {
        List<Integer> changes = new ArrayList<>();
        for (int i = 0; i < stream.length; i++) {
            if (detector.add(stream[i]) == Signal.CHANGE) {
                changes.add(i);
            }
        }
        double most = 3 * Math.sqrt((double) changes.size() + wanted.size());
        return Math.abs(changes.size() - wanted.size()) <= most ? wanted : changes;
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
