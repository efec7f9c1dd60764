package io.github.plimsoll.monitoring.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Kind;
import io.github.plimsoll.monitoring.alert.RetrainingRequest.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetrainingTargetTest {

    private static final String DEPLOYMENT = "9e6bd3c2-4f6b-4f0e-8f5c-0f5f6a3a4c11";
    private static final RetrainingRequest REQUEST = new RetrainingRequest(
            "plimsoll-0123456789abcdef0123456789abcdef",
            Reports.CREDIT,
            Instant.parse("2026-03-01T12:00:00Z"),
            List.of(
                    new Reason(Kind.AGE, "the baseline is 97 days old (expected: less than 90)"),
                    new Reason(Kind.COLUMNS, "a \"quoted\" column")),
            Instant.parse("2025-11-24T12:00:00Z"));
    private static final String JSON = """
            {"v":1,"id":"plimsoll-0123456789abcdef0123456789abcdef","model":"credit","version":"7",\
            "time":"2026-03-01T12:00:00Z","reasons":[{"kind":"AGE","text":"the baseline is 97 days old (expected: less than 90)"},\
            {"kind":"COLUMNS","text":"a \\"quoted\\" column"}],"baselineFrom":"2025-11-24T12:00:00Z","baselineAgeDays":97}""";

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void theWrittenFormIsThatOfVersion1() throws IOException {
        assertThat(REQUEST.toJson()).isEqualTo(JSON);
        assertThat(RetrainingRequest.of(json(JSON))).isEqualTo(REQUEST);
    }

    @Test
    void airflow3GetsARunWithALogicalDateOfNull() throws Exception {
        try (var airflow = new Receiver(Receiver.statuses(200))) {
            RetrainingTarget.airflow(airflow.endpoint("/").bearerToken("jwt"), "train credit")
                    .start(REQUEST);

            Receiver.Request request = airflow.requests.get(0);
            assertThat(request.path()).isEqualTo("/api/v2/dags/train%20credit/dagRuns");
            assertThat(request.header("Authorization")).isEqualTo("Bearer jwt");
            assertThat(json(request.text()))
                    .isEqualTo(json("{\"dag_run_id\":\"" + REQUEST.id() + "\",\"logical_date\":null,\"conf\":" + JSON
                            + ",\"note\":\"credit:7: a new model is asked for: the baseline is 97 days old (expected: less than"
                            + " 90); a \\\"quoted\\\" column\"}"));
        }
    }

    @Test
    void airflow2GetsARunOfItsOwnForm() throws Exception {
        try (var airflow = new Receiver(Receiver.statuses(200))) {
            RetrainingTarget.airflow2(airflow.endpoint("/airflow"), "train_credit")
                    .start(REQUEST);

            assertThat(airflow.requests.get(0).path()).isEqualTo("/airflow/api/v1/dags/train_credit/dagRuns");
            JsonNode body = json(airflow.requests.get(0).text());
            assertThat(body.path("dag_run_id").asText()).isEqualTo(REQUEST.id());
            assertThat(body.path("conf")).isEqualTo(json(JSON));
            assertThat(body.has("logical_date")).isFalse();
        }
    }

    @Test
    void aRunThatAirflowHasAlreadyIsSuccess() throws Exception {
        try (var airflow = new Receiver(Receiver.statuses(409))) {
            RetrainingTarget.airflow(airflow.endpoint(""), "train").start(REQUEST);
            RetrainingTarget.airflow2(airflow.endpoint(""), "train").start(REQUEST);

            assertThat(airflow.requests).hasSize(2);
        }
    }

    @Test
    void prefectGetsAnIdempotencyKeyAndTheRequestAsOneParameter() throws Exception {
        try (var prefect = new Receiver(Receiver.statuses(201, 200))) {
            HttpEndpoint api = prefect.endpoint("/api");
            RetrainingTarget.prefect(api, DEPLOYMENT, "retraining").start(REQUEST);
            RetrainingTarget.prefect(api, DEPLOYMENT, "").start(REQUEST);

            assertThat(prefect.requests)
                    .extracting(Receiver.Request::path)
                    .containsOnly("/api/deployments/" + DEPLOYMENT + "/create_flow_run");
            assertThat(json(prefect.requests.get(0).text()))
                    .isEqualTo(json("{\"idempotency_key\":\"" + REQUEST.id() + "\",\"parameters\":{\"retraining\":"
                            + JSON + "}}"));
            assertThat(json(prefect.requests.get(1).text()))
                    .isEqualTo(json("{\"idempotency_key\":\"" + REQUEST.id() + "\"}"));
        }
    }

    @Test
    void anyEndpointGetsWhatATemplateSays() throws Exception {
        try (var endpoint = new Receiver(Receiver.statuses(202))) {
            RetrainingTarget.http(
                            endpoint.endpoint(),
                            "{\"run\":\"${model}/${version}/${id}\",\"at\":\"${time}\",\"why\":\"${reasons}\",\"from\":\"${baselineFrom}\","
                                    + "\"days\":\"${baselineAgeDays}\",\"all\":${request}, \"price\": \"5 $\"}")
                    .start(REQUEST);

            assertThat(endpoint.requests.get(0).header("Idempotency-Key")).isEqualTo(REQUEST.id());
            assertThat(json(endpoint.requests.get(0).text()))
                    .isEqualTo(json("{\"run\":\"credit/7/" + REQUEST.id()
                            + "\",\"at\":\"2026-03-01T12:00:00Z\",\"why\":\"the baseline is 97 days old (expected: less than 90); a"
                            + " \\\"quoted\\\" column\",\"from\":\"2025-11-24T12:00:00Z\",\"days\":\"97\",\"all\":"
                            + JSON
                            + ",\"price\":\"5 $\"}"));
        }
    }

    @Test
    void whatIsNotKnownIsEmptyInATemplate() {
        var request = new RetrainingRequest(
                "id", new ModelId("a\"b", "1"), Instant.EPOCH, List.of(new Reason(Kind.ALERTS, "x\ny")), null);

        assertThat(new BodyTemplate("[\"${model}\",\"${reasons}\",\"${baselineFrom}${baselineAgeDays}\"]")
                        .fill(request))
                .isEqualTo("[\"a\\\"b\",\"x\\ny\",\"\"]");
    }

    @Test
    void mistakesAreNamedWhenATargetIsMade() {
        HttpEndpoint endpoint = HttpEndpoint.at(URI.create("https://example.com"));
        HttpEndpoint withQuery = HttpEndpoint.at(URI.create("https://example.com?x=1"));

        assertThatThrownBy(() -> RetrainingTarget.http(endpoint, "{\"x\":\"${modell}\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "template: ${modell} (expected: one of [baselineAgeDays, baselineFrom, id, model, reasons, request, time,"
                                + " version])");
        for (String template : List.of("", "{\"x\":${reasons}}", "{\"x\":1", "{} {}")) {
            assertThatThrownBy(() -> RetrainingTarget.http(endpoint, template))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("template: not JSON when filled in");
        }
        assertThatThrownBy(() -> RetrainingTarget.prefect(endpoint, "train/credit", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deployment: 'train/credit' (expected: a UUID)");
        assertThatThrownBy(() -> RetrainingTarget.airflow(endpoint, " ")).hasMessage("dag: blank (expected: an id)");
        assertThatThrownBy(() -> RetrainingTarget.airflow(withQuery, "train"))
                .hasMessage("endpoint: has a query (expected: an address that a path can be added to)");
        assertThatThrownBy(() -> new RetrainingRequest("id", Reports.CREDIT, Instant.EPOCH, List.of(), null))
                .hasMessage("reasons: none (expected: at least one)");
    }
}
