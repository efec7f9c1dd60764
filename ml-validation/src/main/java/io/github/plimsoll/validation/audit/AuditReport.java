package io.github.plimsoll.validation.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.audit.Finding.Severity;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What an audit of a data set found. Immutable and thread-safe.
 *
 * @since 0.1
 * @see DataAudit
 */
public final class AuditReport {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String table;
    private final long rows;
    private final long unreadable;
    private final long sampled;
    private final List<Finding> findings;
    private final List<String> limits;

    AuditReport(String table, long rows, long unreadable, long sampled, List<Finding> findings, List<String> limits) {
        this.table = table;
        this.rows = rows;
        this.unreadable = unreadable;
        this.sampled = sampled;
        this.findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity).thenComparing(Finding::kind))
                .toList();
        this.limits = List.copyOf(limits);
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
     * The number of records that were no rows, such as ragged lines: left out, since the table was told to
     * {@linkplain io.github.plimsoll.core.table.Table#skipping skip} them.
     *
     * @return a number >= 0
     */
    public long unreadable() {
        return unreadable;
    }

    /**
     * The number of rows that were compared with each other, drawn at random from all: those behind outliers' limits, leaks, correlated
     * columns and suspected labels. What is counted is counted in all rows.
     *
     * @return a number from 0 to {@link #rows()}, and less than it only in large tables
     */
    public long sampled() {
        return sampled;
    }

    /**
     * Everything that was found: errors first, then warnings, then information; within those by kind, then by column.
     *
     * @return an immutable list
     */
    public List<Finding> findings() {
        return findings;
    }

    /**
     * What was found of a severity and above.
     *
     * @param least the least severity
     * @return an immutable list, in the order of {@link #findings()}
     */
    public List<Finding> findings(Severity least) {
        return findings.stream()
                .filter(finding -> finding.severity().compareTo(least) <= 0)
                .toList();
    }

    /**
     * What was not looked at, or not all of it, because memory is bounded.
     *
     * @return sentences, none if everything was looked at
     */
    public List<String> limits() {
        return limits;
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
                .put("rows", rows)
                .put("unreadable", unreadable)
                .put("sampled", sampled);
        ArrayNode list = json.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode node = list.addObject()
                    .put("kind", finding.kind().code())
                    .put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
            finding.columns().forEach(node.putArray("columns")::add);
            node.put("count", finding.count()).put("share", finding.share());
            if (!Double.isNaN(finding.strength())) {
                node.put("strength", finding.strength());
            }
            node.put("sentence", finding.sentence());
            ArrayNode examples = node.putArray("examples");
            finding.examples()
                    .forEach(example ->
                            examples.addObject().put("line", example.line()).put("observed", example.observed()));
        }
        limits.forEach(json.putArray("limits")::add);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return JSON.writer(printer).writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The report for people: a line of totals, then a line a finding, then what was bounded. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(table)
                .append(": ")
                .append(rows)
                .append(" rows, ")
                .append(unreadable > 0 ? unreadable + " unreadable, " : "")
                .append(sampled < rows ? sampled + " sampled, " : "")
                .append(findings.size())
                .append(findings.size() == 1 ? " finding" : " findings");
        for (Finding finding : findings) {
            String severity = switch (finding.severity()) {
                case ERROR -> "error   ";
                case WARNING -> "warning ";
                case INFO -> "info    ";
            };
            text.append("\n  ").append(severity).append(finding);
        }
        limits.forEach(limit -> text.append("\n  limit   ").append(limit));
        return text.toString();
    }
}
