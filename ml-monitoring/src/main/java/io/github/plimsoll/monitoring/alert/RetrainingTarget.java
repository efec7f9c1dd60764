package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * What a {@link RetrainingTrigger} starts: a pipeline of an orchestrator, any HTTP endpoint, or code of the host. A lambda is a
 * target; one that only logs the request is a dry run.
 *
 * <p>A target is called on the trigger's executor, one request at a time, and may block. One that throws is given the same request
 * again later, unless what it throws is a {@link DeliveryException} that {@linkplain DeliveryException#isFinal() is final}. Since
 * a failure may hide a success, a target starts nothing twice for one {@link RetrainingRequest#id()}; those made here leave that to
 * the orchestrator, which knows the id.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RetrainingTarget {

    /**
     * Starts a training, or asks for one.
     *
     * @param request why, and for which model
     * @throws Exception if it could not be started
     */
    void start(RetrainingRequest request) throws Exception;

    /**
     * A DAG of Airflow 3, through its REST API v2. The request is the run's {@code conf}, its id the {@code dag_run_id}; that such a
     * run is there already (409) is success.
     *
     * @param server the address of Airflow, up to but not including {@code /api}, with a bearer token
     * @param dag the DAG's id
     * @return the target
     * @throws IllegalArgumentException if the id is blank or the address has a query
     */
    static RetrainingTarget airflow(HttpEndpoint server, String dag) {
        String path = "/api/v2/dags/" + segment("dag", dag) + "/dagRuns";
        server.requireNoQuery();
        return request -> {
            ObjectNode body = airflowRun(request);
            body.putNull("logical_date"); // the API wants the field; null: a run that stands for no interval of data
            server.post(path, request.id(), Json.write(body).getBytes(StandardCharsets.UTF_8), Set.of(409));
        };
    }

    /**
     * A DAG of Airflow 2, through its stable REST API v1; otherwise like {@link #airflow}.
     *
     * @param server the address of Airflow, up to but not including {@code /api}, with basic authentication or a token
     * @param dag the DAG's id
     * @return the target
     * @throws IllegalArgumentException if the id is blank or the address has a query
     */
    static RetrainingTarget airflow2(HttpEndpoint server, String dag) {
        String path = "/api/v1/dags/" + segment("dag", dag) + "/dagRuns";
        server.requireNoQuery();
        return request -> server.post(
                path, request.id(), Json.write(airflowRun(request)).getBytes(StandardCharsets.UTF_8), Set.of(409));
    }

    private static ObjectNode airflowRun(RetrainingRequest request) {
        ObjectNode body = Json.object().put("dag_run_id", request.id());
        body.set("conf", request.toNode());
        return body.put("note", Alert.Finding.plain(request.toString()));
    }

    /**
     * A deployment of Prefect. The request's id is the {@code idempotency_key}, so that Prefect makes one run of it.
     *
     * @param api the address of Prefect's API: {@code https://host/api}, or that of a workspace in Prefect Cloud, with its token
     * @param deployment the deployment's id
     * @param parameter the flow's parameter that takes the request, a dict; empty to send none
     * @return the target
     * @throws IllegalArgumentException if the deployment's id is not a UUID or the address has a query
     */
    static RetrainingTarget prefect(HttpEndpoint api, String deployment, String parameter) {
        String path = "/deployments/" + uuid(deployment) + "/create_flow_run";
        Objects.requireNonNull(parameter);
        api.requireNoQuery();
        return request -> {
            ObjectNode body = Json.object().put("idempotency_key", request.id());
            if (!parameter.isEmpty()) {
                body.putObject("parameters").set(parameter, request.toNode());
            }
            api.post(path, request.id(), Json.write(body).getBytes(StandardCharsets.UTF_8));
        };
    }

    /**
     * Any endpoint that takes JSON.
     *
     * @param endpoint where to post
     * @param template the JSON, in which <code>${id}</code>, <code>${model}</code>, <code>${version}</code>, <code>${time}</code>,
     *     <code>${reasons}</code>, <code>${baselineFrom}</code> and <code>${baselineAgeDays}</code> stand for texts, escaped but without
     *     quotes and empty if not known, and <code>${request}</code> for {@link RetrainingRequest#toJson()}, an object
     * @return the target
     * @throws IllegalArgumentException if the template has other placeholders or is not JSON when it is filled in
     */
    static RetrainingTarget http(HttpEndpoint endpoint, String template) {
        Objects.requireNonNull(endpoint);
        BodyTemplate body = new BodyTemplate(template);
        return request -> endpoint.post("", request.id(), body.fill(request).getBytes(StandardCharsets.UTF_8));
    }

    private static String segment(String what, String id) {
        if (id.isBlank()) {
            throw new IllegalArgumentException(what + ": blank (expected: an id)");
        }
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException("deployment: '" + id + "' (expected: a UUID)");
        }
    }
}
