package io.github.plimsoll.validation.junit;

import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.validation.audit.AuditReport;
import io.github.plimsoll.validation.audit.Finding;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.data.TableValidation;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Assertions about data, for a host's own tests. One that fails throws an {@link AssertionError} whose message has a line for each thing that
 * is wrong, so any test framework will do.
 *
 * <pre>{@code
 * @Test
 * void theTrainingDataKeepsToItsContract() {
 *     assertFits(DataContract.read(Path.of("contracts/taxi.yaml")), Table.csv(Path.of("data/taxi.csv")));
 * }
 * }</pre>
 *
 * @since 0.1
 * @see DataContractTest
 */
public final class DataAssertions {

    private DataAssertions() {}

    /**
     * Asserts that training data keeps to a contract.
     *
     * @param contract what the data has to keep to
     * @param table the data
     * @throws AssertionError if an anomaly is an error, with a line for each of those and each warning
     * @throws TableException if the table cannot be read to its end
     */
    public static void assertFits(DataContract contract, Table table) {
        assertAccepted(TableValidation.of(contract).validate(table));
    }

    /**
     * Asserts that rows keep to a contract as training data.
     *
     * @param contract what the data has to keep to
     * @param rows the rows, as maps from the columns' names to values: see {@link Table#rows}
     * @throws AssertionError if an anomaly is an error, with a line for each of those and each warning
     */
    public static void assertFits(DataContract contract, Iterable<? extends Map<String, ?>> rows) {
        assertFits(contract, Table.rows(rows));
    }

    /**
     * Asserts that a validation found no errors: for tables in other environments, or checked on several threads.
     *
     * @param report what was found
     * @throws AssertionError if an anomaly is an error, with a line for each of those and each warning
     */
    public static void assertAccepted(TableReport report) {
        if (!report.isAccepted()) {
            throw new AssertionError(report.toString());
        }
    }

    /**
     * Asserts that an audit found nothing of a severity and above.
     *
     * @param report what was found
     * @param least the least severity that is not accepted
     * @throws AssertionError if there is such a finding, with a line for each of them
     */
    public static void assertNoFindings(AuditReport report, Finding.Severity least) {
        List<Finding> found = report.findings(least);
        if (!found.isEmpty()) {
            throw new AssertionError(
                    found.size() + (found.size() == 1 ? " finding" : " findings") + " in " + report.rows()
                            + " rows"
                            + found.stream()
                                    .map(finding -> "\n  " + finding.severity() + " " + finding)
                                    .collect(Collectors.joining()));
        }
    }

    /** An anomaly and all its examples, for a test of its own. */
    static String inFull(Anomaly anomaly) {
        String severity = anomaly.severity() == Violation.Severity.ERROR ? "error " : "warning ";
        return severity
                + anomaly
                + anomaly.examples().stream()
                        .map(example -> "\n  line " + example.line() + ": " + example.observed())
                        .collect(Collectors.joining());
    }
}
