package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.monitoring.GuideSnippets;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.WindowReport;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of docs/guide/alerts.md and docs/guide/retraining.md. */
class AlertGuideTest {

    private static final Logger LOG = LoggerFactory.getLogger(AlertGuideTest.class);

    record Loan(double income) {}

    private final Executor executor = Runnable::run;
    private final String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private final String token = "t0ken";
    private final ModelId model = new ModelId("credit", "1");
    private final WindowReport report =
            Reports.opening(1, Reports.incident(1, Incident.Kind.UNIT_CHANGE, "income", "prediction"));

    @Test
    void theGuidesShowThisCode() throws IOException {
        GuideSnippets.assertThatAllAreIn("alerts.md", AlertGuideTest.class);
        GuideSnippets.assertThatAllAreIn("retraining.md", AlertGuideTest.class);
    }

    @Test
    void sinks() throws IOException {
        List<Alert> told = new ArrayList<>();
        try (var receiver = new Receiver(Receiver.statuses(200))) {
            URI pager = receiver.address();
            Alerting alerting = Alerting.on(executor)
                    .sink("log", AlertSink.logger(LOG))
                    .sink("pager", AlertSink.webhook(HttpEndpoint.at(pager).signedWith(secret)))
                    .sink("own", alert -> told.add(alert))
                    .build();

            alerting.accept(model, report);

            assertThat(told).hasSize(1);
            assertThat(receiver.requests).hasSize(1);
        }
    }

    @Test
    void chat() throws IOException {
        try (var receiver = new Receiver(Receiver.statuses(200))) {
            URI address = receiver.address();
            AlertSink chat = AlertSink.webhook(
                    HttpEndpoint.at(address),
                    alert -> JsonNodeFactory.instance
                            .objectNode()
                            .put("text", alert.text())
                            .toString());
            Alerting.on(executor).sink("chat", chat).build().accept(model, report);

            assertThat(receiver.requests.get(0).text()).startsWith("{\"text\":\"credit:1: unit change in income");
        }
    }

    @Test
    void settings() {
        List<Alert> told = new ArrayList<>();
        Alerting alerting = Alerting.on(executor)
                .sink("own", alert -> told.add(alert))
                .coolDown(Duration.ofHours(6))
                .remindEvery(Duration.ofDays(1))
                .severity(incident ->
                        incident.columns().contains("income") ? Alert.Severity.CRITICAL : Alert.Severity.WARNING)
                .build();
        alerting.accept(model, report);
        String id = told.get(0).id();
        alerting.acknowledge(id); // silent until it is over
        alerting.resolve(id); // it is over

        assertThat(told).extracting(Alert::event).containsExactly(Alert.Event.OPENED, Alert.Event.RECOVERED);
    }

    @Test
    void restart(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("alerts.json");
        Alerting alerting =
                Alerting.on(executor).sink("log", AlertSink.logger(LOG)).build();
        alerting.accept(model, report);
        Files.write(file, alerting.save());

        Alerting afterRestart = Alerting.on(executor)
                .sink("log", AlertSink.logger(LOG))
                .state(Files.readAllBytes(file))
                .build();

        assertThat(afterRestart.open()).hasSize(1);
    }

    @Test
    void meters() {
        var meterRegistry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Alerting alerting =
                Alerting.on(executor).sink("log", AlertSink.logger(LOG)).build();
        try (var risk = Plimsoll.use(FakeModel.ofRows("credit", 1, row -> row[0]))
                .as(Loan.class, Output.number())
                .with(alerting)
                .with(PredictionMetrics.to(meterRegistry))
                .build()) {
            ModelId watched = risk.prediction(new Loan(1)).model();
            alerting.accept(watched, report);

            assertThat(meterRegistry.scrape())
                    .contains(
                            "ml_alerts_messages_total{ml_model=\"credit\",ml_model_version=\"1\",result=\"sent\",sink=\"log\"} 1.0",
                            "ml_alerts_open_alerts{ml_model=\"credit\",ml_model_version=\"1\"} 1.0");
        }
        try (var rebuilt = Plimsoll.use(FakeModel.ofRows("credit", 1, row -> row[0]))
                .as(Loan.class, Output.number())
                .with(alerting)
                .with(PredictionMetrics.to(meterRegistry))
                .build()) {
            alerting.accept(rebuilt.prediction(new Loan(1)).model(), Reports.all(2, State.RECOVERED));

            assertThat(meterRegistry.scrape())
                    .contains(
                            "ml_alerts_messages_total{ml_model=\"credit\",ml_model_version=\"1\",result=\"sent\",sink=\"log\"} 2.0",
                            "ml_alerts_open_alerts{ml_model=\"credit\",ml_model_version=\"1\"} 0.0");
        }
    }

    @Test
    void retraining() throws IOException {
        Instant trainingDataEnd = Instant.parse("2025-11-24T12:00:00Z");
        try (var receiver = new Receiver(Receiver.statuses(200))) {
            URI address = receiver.address();
            HttpEndpoint airflow = HttpEndpoint.at(address).bearerToken(token);
            RetrainingTrigger retraining = RetrainingTrigger.of(
                            model, executor, RetrainingTarget.airflow(airflow, "train_credit"))
                    .onColumns(3, Duration.ofDays(7))
                    .onAge(Duration.ofDays(90), trainingDataEnd)
                    .onPerformanceBelow("auc", 0.7, 3)
                    .atMostEvery(Duration.ofDays(7))
                    .build();
            Alerting alerting = Alerting.on(executor)
                    .sink("log", AlertSink.logger(LOG))
                    .sink("retraining", retraining)
                    .build();
            retraining.performance("auc", 0.64);

            alerting.accept(model, report);
            assertThat(receiver.requests).hasSize(1);
            assertThat(receiver.requests.get(0).text()).contains(" days old (expected: less than 90)");
        }
    }

    @Test
    void targets() throws Exception {
        try (var receiver = new Receiver(Receiver.statuses(201))) {
            URI address = receiver.address();
            RetrainingTarget prefect = RetrainingTarget.prefect(
                    HttpEndpoint.at(address.resolve("/api")).bearerToken(token),
                    "9e6bd3c2-4f6b-4f0e-8f5c-0f5f6a3a4c11",
                    "retraining");
            RetrainingTarget any = RetrainingTarget.http(
                    HttpEndpoint.at(address).signedWith(secret),
                    "{\"pipeline\": \"credit\", \"run\": \"${id}\", \"why\": \"${reasons}\"}");
            RetrainingTarget dryRun = request -> LOG.info("{}", request);

            for (RetrainingTarget target : List.of(prefect, any, dryRun)) {
                RetrainingTrigger.of(model, executor, target)
                        .onPerformanceBelow("auc", 0.7, 1)
                        .build()
                        .performance("auc", 0.5);
            }
            assertThat(receiver.requests).hasSize(2);
        }
    }
}
