package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Violation.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a table's header alone tells: columns that are missing, surplus, or in another order. */
final class TableStructure {

    private TableStructure() {}

    static List<Anomaly> anomalies(DataContract contract, Environment environment, Set<String> header) {
        List<Anomaly> anomalies = new ArrayList<>();
        if (header.isEmpty()) {
            return anomalies; // each row has its own columns
        }
        for (ColumnContract column : contract.columns()) {
            if (column.isCheckedIn(environment) && !header.contains(column.name())) {
                add(
                        anomalies,
                        Check.MISSING,
                        column.name(),
                        "no such column",
                        "a column " + column,
                        column.reaction(Check.MISSING));
            }
        }
        for (String name : header) {
            ColumnContract column = contract.byName().get(name);
            if (column == null || !column.environments().contains(environment)) {
                String expected = column == null
                        ? "no column but those of the contract"
                        : "no such column in " + environment.name().toLowerCase(java.util.Locale.ROOT) + " data";
                add(
                        anomalies,
                        Check.UNEXPECTED,
                        name,
                        "a column of this name",
                        expected,
                        contract.reaction(Check.UNEXPECTED));
            }
        }
        if (contract.isOrdered()) {
            List<String> wanted = new ArrayList<>(contract.byName().keySet());
            wanted.retainAll(header);
            List<String> found = new ArrayList<>(header);
            found.retainAll(contract.byName().keySet());
            if (!wanted.equals(found)) {
                add(
                        anomalies,
                        Check.COLUMN_ORDER,
                        "table",
                        found.toString(),
                        wanted.toString(),
                        contract.reaction(Check.COLUMN_ORDER));
            }
        }
        return anomalies;
    }

    private static void add(
            List<Anomaly> anomalies, Check check, String path, String observed, String expected, Reaction reaction) {
        @Nullable Severity severity = TableValidation.severity(reaction);
        if (severity != null) {
            anomalies.add(new Anomaly(check.code(), path, 0, 0, observed, expected, severity, List.of()));
        }
    }
}
