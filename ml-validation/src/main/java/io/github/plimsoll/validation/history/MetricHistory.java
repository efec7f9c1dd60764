package io.github.plimsoll.validation.history;

import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Reaction;
import io.github.plimsoll.validation.history.SeriesRule.Judgement;
import io.github.plimsoll.validation.history.SeriesRule.Point;
import io.github.plimsoll.validation.history.SeriesRule.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was measured of each table so far, and which new measurement is unusual.
 *
 * <pre>{@code
 * MetricHistory history = MetricHistory.read(file)
 *         .rule("rows", SeriesRule.relativeChange(0.5, 2))
 *         .rule("*.missing", SeriesRule.onlineNormal(3), Reaction.WARN);
 * TableMetrics today = TableMetrics.of(report, Instant.now());
 * HistoryReport unusual = history.check(today);
 * history.with(today).write(file);
 * }</pre>
 *
 * <p>A history keeps the newest 1,000 tables unless it {@linkplain #keeping keeps} another number, and counts those that it dropped.
 * Checking costs time in proportion to rules times tables; {@link SeriesRule#smoothed} and {@link SeriesRule#seasonal} cost some
 * thousand times the length of a series.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @since 0.1
 */
public final class MetricHistory {

    /** The most tables that a history can be told to keep. */
    public static final int MOST_TABLES = 100_000;

    private static final int KEPT = 1_000;

    private final List<TableMetrics> tables;
    private final int keeping;
    private final long dropped;
    private final List<Watch> watches;

    /** A rule for some metrics. */
    private record Watch(String metric, SeriesRule rule, Severity severity) {

        boolean matches(String name) {
            int star = metric.indexOf('*');
            return star < 0
                    ? metric.equals(name)
                    : name.length() >= metric.length() - 1
                            && name.startsWith(metric.substring(0, star))
                            && name.endsWith(metric.substring(star + 1));
        }
    }

    private MetricHistory(List<TableMetrics> tables, int keeping, long dropped, List<Watch> watches) {
        int surplus = Math.max(0, tables.size() - keeping);
        this.tables = List.copyOf(tables.subList(surplus, tables.size()));
        this.keeping = keeping;
        this.dropped = dropped + surplus;
        this.watches = watches;
    }

    /**
     * A history of no table.
     *
     * @return the history
     */
    public static MetricHistory empty() {
        return new MetricHistory(List.of(), KEPT, 0, List.of());
    }

    /** The history that a file describes. */
    static MetricHistory of(List<TableMetrics> tables, int keeping, long dropped) {
        MetricHistory history = new MetricHistory(List.of(), KEPT, dropped, List.of()).keeping(keeping);
        checkOrder(tables);
        return new MetricHistory(tables, history.keeping, dropped, List.of());
    }

    private static void checkOrder(List<TableMetrics> tables) {
        for (int i = 1; i < tables.size(); i++) {
            Instant before = tables.get(i - 1).at();
            if (!tables.get(i).at().isAfter(before)) {
                throw new IllegalArgumentException(
                        "table at " + tables.get(i).at() + " (expected: later than the one before, " + before + ")");
            }
        }
    }

    /**
     * Reads a history that was {@linkplain #write written}.
     *
     * @param file the file
     * @return the history, without rules
     * @throws HistoryException if the file cannot be read, is not of this form, or is of a newer version
     */
    public static MetricHistory read(Path file) {
        return HistoryFiles.read(file);
    }

    /**
     * Reads a history from a text.
     *
     * @param json what {@link #toJson} gave
     * @return the history, without rules
     * @throws HistoryException if the text is not of this form, or is of a newer version
     */
    public static MetricHistory parse(String json) {
        return HistoryFiles.parse("history", json);
    }

    /**
     * Writes the history, without its rules, in place of the file that is there: to a file beside it first, so that a failure loses
     * nothing.
     *
     * @param file the file
     * @throws HistoryException if it cannot be written
     */
    public void write(Path file) {
        HistoryFiles.write(this, file);
    }

    /**
     * The history as JSON, without its rules: the same text for equal histories.
     *
     * @return the text
     */
    public String toJson() {
        return HistoryFiles.json(this);
    }

    /**
     * This history, keeping another number of tables.
     *
     * @param most how many; the oldest above that are dropped and counted
     * @return a changed copy
     * @throws IllegalArgumentException if the number is not from 1 to {@value #MOST_TABLES}
     */
    public MetricHistory keeping(int most) {
        if (most < 1 || most > MOST_TABLES) {
            throw new IllegalArgumentException("keeping: " + most + " (expected: 1 to " + MOST_TABLES + ")");
        }
        return new MetricHistory(tables, most, dropped, watches);
    }

    /**
     * This history, rejecting tables whose metrics break a rule.
     *
     * @param metric the name of a metric; one asterisk in it stands for any text, as in {@code *.missing}
     * @param rule what is unusual
     * @return a changed copy
     * @throws IllegalArgumentException if there are two asterisks
     */
    public MetricHistory rule(String metric, SeriesRule rule) {
        return rule(metric, rule, Reaction.REJECT);
    }

    /**
     * This history with a rule.
     *
     * @param metric the name of a metric; one asterisk in it stands for any text, as in {@code *.missing}
     * @param rule what is unusual
     * @param reaction {@link Reaction#WARN} or {@link Reaction#REJECT}
     * @return a changed copy
     * @throws IllegalArgumentException if there are two asterisks, or the reaction is another
     */
    public MetricHistory rule(String metric, SeriesRule rule, Reaction reaction) {
        if (metric.isBlank() || metric.indexOf('*') != metric.lastIndexOf('*')) {
            throw new IllegalArgumentException("metric: '" + metric + "' (expected: a name with at most one asterisk)");
        }
        if (reaction != Reaction.WARN && reaction != Reaction.REJECT) {
            throw new IllegalArgumentException(
                    "reaction for '" + metric + "': " + reaction + " (expected: WARN or REJECT)");
        }
        Severity severity = reaction == Reaction.WARN ? Severity.WARNING : Severity.ERROR;
        List<Watch> more = new ArrayList<>(watches);
        more.add(new Watch(metric, rule, severity));
        return new MetricHistory(tables, keeping, dropped, List.copyOf(more));
    }

    /**
     * This history with one more table. Whether a table that was found unusual is added is the host's choice.
     *
     * @param table what was measured of it
     * @return a changed copy
     * @throws IllegalArgumentException if the table is not later than the newest
     */
    public MetricHistory with(TableMetrics table) {
        List<TableMetrics> more = new ArrayList<>(tables);
        more.add(table);
        checkOrder(more.subList(Math.max(0, more.size() - 2), more.size()));
        return new MetricHistory(more, keeping, dropped, watches);
    }

    /**
     * Holds a new table to those before it, and leaves the history as it is.
     *
     * @param table what was measured of it
     * @return what is unusual, rule by rule, and what nothing is known of yet: a metric without enough earlier values, one that this
     *     table lacks, or a rule that no metric has a name for
     * @throws IllegalArgumentException if the table is not later than the newest
     */
    public HistoryReport check(TableMetrics table) {
        List<TableMetrics> all = with(table).tables;
        List<Anomaly> anomalies = new ArrayList<>();
        List<String> undecided = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(table.values().keySet());
        tables.forEach(earlier -> names.addAll(earlier.values().keySet()));
        for (Watch watch : watches) {
            List<String> matching = names.stream().filter(watch::matches).toList();
            if (matching.isEmpty()) {
                undecided.add(watch.metric + ": " + watch.rule.code() + ": no such metric");
            }
            for (String name : matching) {
                if (table.values().containsKey(name)) {
                    judge(watch, name, series(all, name), anomalies, undecided);
                } else {
                    undecided.add(name + ": " + watch.rule.code() + ": not measured of this table");
                }
            }
        }
        return new HistoryReport(anomalies, undecided);
    }

    private static void judge(
            Watch watch, String name, List<Point> series, List<Anomaly> anomalies, List<String> undecided) {
        Judgement judgement = watch.rule.judgeNewest(series);
        double value = series.get(series.size() - 1).value();
        if (judgement.verdict() == Verdict.UNDECIDED) {
            undecided.add(name + ": " + watch.rule.code() + ": " + value + " after " + (series.size() - 1)
                    + " earlier values");
        } else if (judgement.verdict() == Verdict.UNUSUAL) {
            boolean changed = judgement.measured() != value;
            String observed = value + (changed ? ", a change of " + judgement.measured() : "");
            anomalies.add(new Anomaly(
                    watch.rule.code(),
                    name,
                    0,
                    0,
                    observed,
                    (changed ? "a change of " : "") + judgement.least() + " to " + judgement.most(),
                    watch.severity,
                    List.of()));
        }
    }

    /**
     * The values of one metric.
     *
     * @param metric its name
     * @return a point for each table that has it, in the order of time; empty if none has
     */
    public List<Point> series(String metric) {
        return series(tables, metric);
    }

    private static List<Point> series(List<TableMetrics> tables, String metric) {
        List<Point> series = new ArrayList<>();
        for (TableMetrics table : tables) {
            Double value = table.values().get(metric);
            if (value != null) {
                series.add(new Point(table.at(), value));
            }
        }
        return series;
    }

    /**
     * What was measured of each table that is kept.
     *
     * @return an immutable list, the oldest first
     */
    public List<TableMetrics> tables() {
        return tables;
    }

    /**
     * How many tables are kept at most.
     *
     * @return from 1 to {@value #MOST_TABLES}
     */
    public int keeping() {
        return keeping;
    }

    /**
     * How many tables were dropped, since there were more than are kept.
     *
     * @return a number >= 0
     */
    public long dropped() {
        return dropped;
    }

    /** The history as one line, such as {@code history of 30 tables, 2 rules}. */
    @Override
    public String toString() {
        return "history of " + tables.size() + (tables.size() == 1 ? " table, " : " tables, ") + watches.size()
                + (watches.size() == 1 ? " rule" : " rules");
    }
}
