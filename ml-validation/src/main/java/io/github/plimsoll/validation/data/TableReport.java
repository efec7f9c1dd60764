package io.github.plimsoll.validation.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.validation.profile.Profile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of a table that was held against a contract: how many rows, and every way in which it breaks the contract.
 * Immutable and thread-safe.
 *
 * @since 0.1
 * @see TableValidation
 */
public final class TableReport {

    private final String table;
    private final String contract;
    private final long rows;
    private final long rejected;
    private final long unreadable;
    private final List<Anomaly> anomalies;
    private final @Nullable Profile profile;

    TableReport(
            String table,
            String contract,
            long rows,
            long rejected,
            long unreadable,
            List<Anomaly> anomalies,
            @Nullable Profile profile) {
        this.table = table;
        this.contract = contract;
        this.rows = rows;
        this.rejected = rejected;
        this.unreadable = unreadable;
        this.anomalies = List.copyOf(anomalies);
        this.profile = profile;
    }

    /**
     * The number of rows that were read.
     *
     * @return a number >= 0
     */
    public long rows() {
        return rows;
    }

    /**
     * The number of rows with a violation that rejects them. Rules about columns or the table reject no row.
     *
     * @return a number from 0 to {@link #rows()}
     */
    public long rejected() {
        return rejected;
    }

    /**
     * The number of records that were no rows, such as ragged lines: left out, since the table was told to
     * {@linkplain io.github.plimsoll.core.table.Table#skipping skip} them.
     *
     * @return a number >= 0
     */
    public long unreadable() {
        return unreadable;
    }

    /**
     * Everything that breaks the contract: first what concerns the table, then column by column in the contract's order, then
     * the rules between columns.
     *
     * @return an immutable list, empty if all is well
     */
    public List<Anomaly> anomalies() {
        return anomalies;
    }

    /**
     * What the table holds, column by column.
     *
     * @return the profile of the contract's columns that are in the table; empty unless {@link TableValidation#profiling} or a comparison
     *     asked for it
     */
    public Optional<Profile> profile() {
        return Optional.ofNullable(profile);
    }

    /**
     * Whether nothing is wrong that the contract rejects; there may be warnings.
     *
     * @return true if there is no anomaly of severity {@link Severity#ERROR}
     */
    public boolean isAccepted() {
        return anomalies.stream().noneMatch(anomaly -> anomaly.severity() == Severity.ERROR);
    }

    /**
     * The report for machines.
     *
     * @return JSON, the same text for equal reports
     */
    public String toJson() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("table", table)
                .put("contract", contract)
                .put("accepted", isAccepted())
                .put("rows", rows)
                .put("rejected", rejected)
                .put("unreadable", unreadable);
        ArrayNode list = json.putArray("anomalies");
        for (Anomaly anomaly : anomalies) {
            ObjectNode node = list.addObject()
                    .put("code", anomaly.code())
                    .put("path", anomaly.path())
                    .put("severity", anomaly.severity().name().toLowerCase(Locale.ROOT))
                    .put("count", anomaly.count())
                    .put("fraction", anomaly.fraction())
                    .put("observed", anomaly.observed())
                    .put("expected", anomaly.expected());
            ArrayNode examples = node.putArray("examples");
            anomaly.examples()
                    .forEach(example ->
                            examples.addObject().put("line", example.line()).put("observed", example.observed()));
        }
        return ContractFiles.pretty(json);
    }

    /** The report for people: a line of totals, then a line an anomaly. */
    @Override
    public String toString() {
        return table + ", contract " + contract + ": " + (isAccepted() ? "accepted" : "REJECTED") + ", " + rows
                + " rows, "
                + rejected + " rejected"
                + (unreadable > 0 ? ", " + unreadable + " unreadable" : "")
                + anomalies.stream()
                        .map(anomaly ->
                                "\n  " + (anomaly.severity() == Severity.ERROR ? "error   " : "warning ") + anomaly)
                        .collect(Collectors.joining());
    }
}
