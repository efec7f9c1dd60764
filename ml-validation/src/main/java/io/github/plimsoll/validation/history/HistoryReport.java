package io.github.plimsoll.validation.history;

import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.validation.data.Anomaly;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a table compares with those before it. Immutable and thread-safe.
 *
 * @param anomalies metrics that are unusual: the path is the metric, the code the kind of rule, in the words that tables' anomalies have
 * @param undecided what no rule could decide: metric and rule, and why
 * @since 0.1
 * @see MetricHistory#check
 */
public record HistoryReport(List<Anomaly> anomalies, List<String> undecided) {

    /** A report. */
    public HistoryReport {
        anomalies = List.copyOf(anomalies);
        undecided = List.copyOf(undecided);
    }

    /**
     * Whether nothing is unusual that the history rejects; there may be warnings, and rules that were undecided.
     *
     * @return true if there is no anomaly of severity {@link Severity#ERROR}
     */
    public boolean isAccepted() {
        return anomalies.stream().noneMatch(anomaly -> anomaly.severity() == Severity.ERROR);
    }

    /** The report for people: a line of totals, then a line an anomaly and a line an undecided rule. */
    @Override
    public String toString() {
        return (isAccepted() ? "accepted" : "REJECTED") + ", " + anomalies.size() + " unusual, " + undecided.size()
                + " undecided"
                + anomalies.stream()
                        .map(anomaly ->
                                "\n  " + (anomaly.severity() == Severity.ERROR ? "error   " : "warning ") + anomaly)
                        .collect(Collectors.joining())
                + undecided.stream().map(line -> "\n  unknown " + line).collect(Collectors.joining());
    }
}
