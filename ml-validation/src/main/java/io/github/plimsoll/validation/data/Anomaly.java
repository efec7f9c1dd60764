package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Violation;
import java.util.List;
import java.util.Objects;

/**
 * One way in which a table breaks a contract, or is unlike those before it: what, where, how often, and for example.
 *
 * @param code what kind of rule is broken: a {@link Check#code()}, the name of a {@link RowRule}, or, against a history, the kind of
 *     {@link io.github.plimsoll.validation.history.SeriesRule}, such as {@code relative-change}
 * @param path where: a column, {@code input} for a rule between columns, {@code table}, or a metric of a history
 * @param count how many rows break the rule; for rules about a column or the table as a whole, how many rows they concern, 0 if
 *     that is no number of rows
 * @param fraction the count as a share of the rows, from 0 to 1
 * @param observed what was seen
 * @param expected the limit that was broken, in words
 * @param severity what the contract says of it: rejecting or warning
 * @param examples the first rows that break the rule, at most {@value #MOST_EXAMPLES}
 * @since 0.1
 * @see TableReport
 */
public record Anomaly(
        String code,
        String path,
        long count,
        double fraction,
        String observed,
        String expected,
        Violation.Severity severity,
        List<Example> examples) {

    /** The most examples of one anomaly. */
    public static final int MOST_EXAMPLES = 10;

    /**
     * A row that breaks a rule.
     *
     * @param line the number of the line in which the row begins, from 1
     * @param observed what was seen there; hidden if the column is sensitive
     */
    public record Example(long line, String observed) {

        /** An example. */
        public Example {
            Objects.requireNonNull(observed);
        }
    }

    /** An anomaly. */
    public Anomaly {
        Objects.requireNonNull(code);
        Objects.requireNonNull(path);
        Objects.requireNonNull(observed);
        Objects.requireNonNull(expected);
        Objects.requireNonNull(severity);
        examples = List.copyOf(examples);
    }

    /** The anomaly as one line, such as {@code hour: range: 3 rows, such as 24 in line 17 (expected: 0 to 23)}. */
    @Override
    public String toString() {
        String seen = examples.isEmpty()
                ? observed
                : count + (count == 1 ? " row" : " rows") + ", such as "
                        + examples.get(0).observed() + " in line "
                        + examples.get(0).line();
        return path + ": " + code + ": " + seen + " (expected: " + expected + ")";
    }
}
