package io.github.plimsoll.monitoring.alert;

import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.drift.CellShift;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.WindowReport;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import io.github.plimsoll.validation.stats.Interval;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports as a monitor makes them. */
final class Reports {

    static final ModelId CREDIT = new ModelId("credit", "7");

    /** Where the reports about one model go. */
    record Feed(Alerting alerting, ModelId model, List<Measurement> measurements) {

        Feed(Alerting alerting, ModelId model) {
            this(alerting, model, alerting.measurements(model));
        }

        void accept(WindowReport report) {
            alerting.accept(model, report);
        }
    }

    private Reports() {}

    static Feed feed(Alerting alerting) {
        return new Feed(alerting, CREDIT);
    }

    static Incident incident(long window, Incident.Kind kind, String... columns) {
        return new Incident(
                window,
                kind,
                List.of(columns),
                299.7,
                4.3,
                2,
                List.of(new CellShift(columns[0] + " > 5855", 0.018, 1, new Interval(0.99, 1))));
    }

    /** A window in which incidents open: their columns are in drift, income and age are fine otherwise. */
    static WindowReport opening(long window, Incident... incidents) {
        Map<String, State> states = states(State.OK);
        for (Incident incident : incidents) {
            incident.columns().stream().filter(states::containsKey).forEach(column -> states.put(column, State.DRIFT));
        }
        return new WindowReport(window, 500, List.of(incidents), states);
    }

    /** A window in which an incident opens while another column is still in drift. */
    static WindowReport opening(long window, String inDrift, Incident incident) {
        Map<String, State> states =
                new LinkedHashMap<>(opening(window, incident).states());
        states.put(inDrift, State.DRIFT);
        return new WindowReport(window, 500, List.of(incident), states);
    }

    static WindowReport all(long window, State state) {
        return new WindowReport(window, 500, List.of(), states(state));
    }

    static WindowReport in(long window, String column, State state) {
        Map<String, State> states = states(State.OK);
        states.put(column, state);
        return new WindowReport(window, 500, List.of(), states);
    }

    private static Map<String, State> states(State state) {
        Map<String, State> states = new LinkedHashMap<>();
        List.of("income", "age", "prediction").forEach(column -> states.put(column, state));
        return states;
    }
}
