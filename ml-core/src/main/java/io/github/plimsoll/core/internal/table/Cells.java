package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.table.TableRow;
import java.util.List;

/** What is said of cells. */
final class Cells {

    private Cells() {}

    static InvalidInputException noNumber(TableRow row, String column) {
        return new InvalidInputException(List.of(new Violation(
                Violation.TYPE, column, "'" + row.text(column) + "'", "a number", Violation.Severity.ERROR)));
    }
}
