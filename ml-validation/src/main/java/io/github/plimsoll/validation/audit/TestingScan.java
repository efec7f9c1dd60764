package io.github.plimsoll.validation.audit;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Anomaly.Example;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One pass over the rows that a model will be tested on, against those that it is fitted to. */
final class TestingScan {

    private static final double MOST_OVERLAP = 0.01;
    private static final double TOO_MUCH_OVERLAP = 0.1;

    private final TableScan.Plan plan;
    private final TableScan training;
    private final Set<String> columns = new LinkedHashSet<>();
    private final List<Example> overlaps = new ArrayList<>();
    private final List<Example> early = new ArrayList<>();
    private long rows;
    private long overlapping;
    private long notLater;

    TestingScan(TableScan.Plan plan, TableScan training) {
        this.plan = plan;
        this.training = training;
    }

    List<Finding> read(Table table) {
        try (TableReader reader = table.open()) {
            columns.addAll(reader.columns());
            for (TableRow row : reader) {
                TableScan.checkInterrupt();
                add(row);
            }
        }
        return findings();
    }

    private void add(TableRow row) {
        rows++;
        long hash = 0;
        for (String name : row.columns()) {
            ColumnScan known = training.find(name);
            if (known == null) {
                if (columns.size() < RowIndex.MOST) {
                    columns.add(name);
                }
                continue;
            }
            columns.add(name);
            Object value = Cells.read(row, name);
            if (value == null || (value instanceof Double number && number.isNaN())) {
                continue;
            }
            if (plan.isFeature(name)) {
                hash += Cells.hash(name, value);
            }
            if (name.equals(plan.time()) && Cells.number(value) <= training.newest()) {
                notLater++;
                example(early, row.line(), known.shown(value));
            }
        }
        long same = training.lineOf(hash);
        if (same > 0) {
            overlapping++;
            example(overlaps, row.line(), "the features of line " + same + " of the training rows");
        }
    }

    private static void example(List<Example> examples, long line, String text) {
        if (examples.size() < Anomaly.MOST_EXAMPLES) {
            examples.add(new Example(line, text));
        }
    }

    private List<Finding> findings() {
        List<Finding> found = new ArrayList<>();
        for (ColumnScan column : training.columns()) {
            if (!columns.contains(column.name) && !column.name.equals(plan.label())) {
                found.add(columns(column.name, "only among the training rows"));
            }
        }
        for (String column : columns) {
            if (training.find(column) == null) {
                found.add(columns(column, "only among the test rows"));
            }
        }
        if (overlapping > 0) {
            double share = (double) overlapping / rows;
            Severity severity =
                    share > TOO_MUCH_OVERLAP ? Severity.ERROR : share > MOST_OVERLAP ? Severity.WARNING : Severity.INFO;
            String sentence = ColumnFindings.percent(share) + " of the test rows are among the training rows";
            found.add(
                    new Finding(Kind.OVERLAP, severity, List.of(), overlapping, share, Double.NaN, sentence, overlaps));
        }
        String time = plan.time();
        if (notLater > 0 && time != null) {
            double share = (double) notLater / rows;
            ColumnScan column = training.find(time);
            boolean isTime = column != null && column.type() == CellType.TIME;
            String newest =
                    isTime ? Instant.ofEpochMilli((long) training.newest()).toString() : Cells.shown(training.newest());
            String sentence = ColumnFindings.percent(share)
                    + " of the test rows are not later than the training rows, which end at " + newest;
            found.add(new Finding(
                    Kind.TIME_LEAK, Severity.WARNING, List.of(time), notLater, share, Double.NaN, sentence, early));
        }
        return found;
    }

    private static Finding columns(String name, String sentence) {
        return new Finding(Kind.COLUMNS, Severity.WARNING, List.of(name), 0, 0, Double.NaN, sentence, List.of());
    }
}
