package io.github.plimsoll.samples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.DriftMonitor;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.log.PredictionLog;
import io.github.plimsoll.serving.Caching;
import io.github.plimsoll.validation.data.Guard;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A real model of a real public table, wrapped: predictions, cache hits, bad rows refused, a silent change of unit noticed,
 * and the text that Prometheus would scrape.
 */
public final class Quickstart {

    private final PrintStream out;

    private Quickstart(PrintStream out) {
        this.out = out;
    }

    /**
     * Runs the sample.
     *
     * @param args none
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("plimsoll-quickstart");
        new Quickstart(new PrintStream(System.out, true, StandardCharsets.UTF_8)).run(folder);
    }

    /** Runs the sample; {@code folder} gets a copy of the model and the prediction log. */
    static void run(Path folder, PrintStream out) throws IOException {
        new Quickstart(out).run(folder);
    }

    private void run(Path folder) throws IOException {
        Path modelFile = copy("model.onnx", folder.resolve("bike-rentals.onnx"));
        List<Ride> rides = rides("serving.csv");
        List<Integer> rentals = lines("serving.csv")
                .map(line -> Integer.valueOf(line.substring(line.lastIndexOf(',') + 1)))
                .toList();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        Schema<Ride> schema = Schema.of(Ride.class);
        DriftMonitor drift =
                DriftMonitor.falseAlarms(1).perWindows(1_000).windowRows(200).baseline(baseline(modelFile, schema));

        try (Predictor<Ride, Double> demand = Plimsoll.load(modelFile)
                .as(schema, Output.number())
                .with(Guard.rejecting())
                .with(Caching.entries(10_000).expireAfterWrite(Duration.ofMinutes(10)))
                .with(drift)
                .with(PredictionMetrics.to(registry))
                .with(PredictionLog.jsonLines(folder.resolve("predictions")))
                .build()) {

            say("1. Predictions of a gradient-boosted model, on hours it has not seen");
            double error = 0;
            for (int i = 0; i < 1_000; i++) {
                Prediction<Double> prediction = demand.prediction(rides.get(i));
                error += Math.abs(prediction.value() - rentals.get(i));
                if (i < 3) {
                    Ride ride = rides.get(i);
                    say(
                            "   %5.1f °C, %2d h, %-6s %-5s -> %3.0f bikes (%d were hired; %s, %s)",
                            ride.temperature(),
                            ride.hour(),
                            ride.season(),
                            ride.weather(),
                            prediction.value(),
                            rentals.get(i),
                            prediction.model(),
                            prediction.source());
                }
            }
            say("   1,000 hours, mean error %.1f bikes", error / 1_000);
            report("watched", drift.look());

            say("2. The same hours again come from the cache");
            long hits = rides.subList(0, 1_000).stream()
                    .filter(ride -> demand.prediction(ride).source() == Prediction.Source.CACHE)
                    .count();
            say("   %,d of 1,000", hits);

            say("3. Bad rows are refused, with every reason");
            Ride good = rides.get(0);
            refuse(demand, new Ride(Double.NaN, 250, 9, 31, 0, false, good.season(), good.weather()));
            refuseJson(
                    modelFile,
                    schema,
                    "{\"temperature\":\"21,5\",\"humidity\":60,\"hour\":8.5,\"weekday\":1,\"workingday\":true,"
                            + "\"season\":\"SUMMER\",\"weather\":null,\"feels_like\":22.0}");

            say("4. The weather feed is switched to °F and nobody is told");
            report("before", drift.look());
            for (Ride ride : rides.subList(1_000, 1_200)) {
                demand.predict(ride.inFahrenheit());
            }
            report("200 hours later", drift.look());

            say("5. What Prometheus would scrape");
            registry.scrape()
                    .lines()
                    .filter(
                            line -> line.matches(
                                    "(ml_predict_seconds_count|ml_input_violations|ml_drift_score.feature=.temperature|ml_drift_alarms).*"))
                    .filter(line -> !line.matches(".* -?0(\\.\\d+)?"))
                    .forEach(line -> say("   %s", line));
        }
    }

    /** What hours and answers were like when all was well. */
    private static Baseline baseline(Path modelFile, Schema<Ride> schema) {
        Baseline.Builder known = Baseline.builder(schema.features()).windowRows(200);
        try (Predictor<Ride, Double> demand =
                Plimsoll.load(modelFile).as(schema, Output.number()).build()) {
            for (Ride ride : rides("baseline.csv")) {
                known.add(schema.read(ride), demand.predict(ride), Double.NaN);
            }
        }
        return known.build();
    }

    private void report(String when, List<Incident> incidents) {
        say("   %s: %s", when, incidents.isEmpty() ? "nothing to report" : "an incident");
        incidents.forEach(incident -> say("   %s", incident));
    }

    private void refuse(Predictor<Ride, Double> demand, Ride ride) {
        try {
            demand.predict(ride);
        } catch (InvalidInputException refusal) {
            say(refusal.violations());
        }
    }

    /** The same model, asked with JSON; one loaded model can serve several predictors. */
    private void refuseJson(Path modelFile, Schema<Ride> schema, String json) throws IOException {
        Schema<JsonNode> jsonSchema = Schema.ofJson(schema.features());
        try (Model model = Plimsoll.load(modelFile).open();
                Predictor<JsonNode, Double> demand = Plimsoll.use(model)
                        .as(jsonSchema, Output.number())
                        .with(Guard.rejecting())
                        .build()) {
            demand.predict(new ObjectMapper().readTree(json));
        } catch (InvalidInputException refusal) {
            say(refusal.violations());
        }
    }

    private void say(List<Violation> violations) {
        violations.forEach(violation -> say("   %s", violation));
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private static Stream<String> lines(String table) {
        return new BufferedReader(new InputStreamReader(resource(table), StandardCharsets.UTF_8))
                .lines()
                .skip(1);
    }

    private static List<Ride> rides(String table) {
        return lines(table).map(Ride::parse).toList();
    }

    private static Path copy(String name, Path target) {
        try (InputStream resource = resource(name)) {
            Files.copy(resource, target);
            return target;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(Quickstart.class.getResourceAsStream("/bike/" + name), name);
    }
}
