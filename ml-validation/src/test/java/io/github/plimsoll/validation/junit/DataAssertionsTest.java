package io.github.plimsoll.validation.junit;

import static io.github.plimsoll.validation.junit.DataAssertions.assertAccepted;
import static io.github.plimsoll.validation.junit.DataAssertions.assertFits;
import static io.github.plimsoll.validation.junit.DataAssertions.assertNoFindings;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.audit.AuditReport;
import io.github.plimsoll.validation.audit.DataAudit;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.ColumnContract;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.Environment;
import io.github.plimsoll.validation.data.TableValidation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataAssertionsTest {

    private static final DataContract RIDES = DataContract.of(
            "rides",
            ColumnContract.of(Feature.integer("hour").range(0, 23)),
            ColumnContract.of(Feature.integer("count")).onlyIn(Environment.TRAINING));

    @Test
    void passesWhatFits() {
        List<Map<String, Object>> rows = List.of(Map.of("hour", 3, "count", 7));

        assertFits(RIDES, rows);
        assertFits(RIDES, Table.rows(rows));
    }

    @Test
    void failsWithALineForEachAnomaly() {
        List<Map<String, Object>> rows = List.of(Map.of("hour", 24, "count", "x"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertFits(RIDES, rows))
                .withMessageContaining("contract rides: REJECTED, 1 rows, 1 rejected\n")
                .withMessageContaining("\n  error   hour: range: 1 row, such as 24 in line 1 (expected: 0 to 23)")
                .withMessageContaining("\n  error   count: type: 1 row, such as 'x'");
    }

    @Test
    void passesAReportOfAnyEnvironment() {
        assertAccepted(
                TableValidation.of(RIDES).in(Environment.SERVING).validate(Table.rows(List.of(Map.of("hour", 3)))));
    }

    @Test
    void failsWithALineForEachFindingOfASeverityAndAbove() {
        AuditReport report = DataAudit.of(Table.rows(List.of(Map.of("a", 1), Map.of("a", 1, "b", 2))))
                .run();

        assertNoFindings(report, Severity.ERROR);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertNoFindings(report, Severity.WARNING))
                .withMessage("""
                    2 findings in 2 rows
                      WARNING b: missing: 50 % of the cells have no value, such as null in line 1
                      WARNING a: constant: every value is 1\
                    """);
    }
}
