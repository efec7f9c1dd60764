package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Anomaly.Example;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What whole rows, the label and the rows' times show. */
final class RowFindings {

    private static final double MOST_REPEATED = 0.01;
    private static final double LEAST_BALANCE = 0.1;

    private RowFindings() {}

    static List<Finding> ofRepeats(TableScan scan) {
        List<Finding> found = new ArrayList<>();
        if (scan.repeated() > 0) {
            String sentence =
                    scan.repeated() == 1 ? "1 row was there before" : scan.repeated() + " rows were there before";
            found.add(ofRows(Kind.DUPLICATES, scan.repeated(), scan.rows(), sentence, scan.repeats));
        }
        if (scan.nearlyRepeated() > 0) {
            String sentence = scan.nearlyRepeated()
                    + (scan.nearlyRepeated() == 1 ? " row was" : " rows were")
                    + " there before but for case, spaces or digits beyond the seventh";
            found.add(ofRows(Kind.NEAR_DUPLICATES, scan.nearlyRepeated(), scan.rows(), sentence, scan.nearRepeats));
        }
        if (scan.conflicting() > 0) {
            String sentence = scan.conflicting() + " rows share their features with rows of another label";
            found.add(ofRows(Kind.CONFLICTS, scan.conflicting(), scan.rows(), sentence, scan.conflicts));
        }
        return found;
    }

    private static Finding ofRows(Kind kind, long count, long rows, String sentence, List<Example> examples) {
        double share = (double) count / rows;
        Severity severity = share > MOST_REPEATED ? Severity.WARNING : Severity.INFO;
        return new Finding(kind, severity, List.of(), count, share, Double.NaN, sentence, examples);
    }

    static List<Finding> ofClasses(ColumnScan label, long rows) {
        Map<Object, ColumnScan.Occurrences> classes = label.values();
        if (classes == null || classes.isEmpty()) {
            return List.of();
        }
        List<Map.Entry<Object, ColumnScan.Occurrences>> ordered = classes.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> entry.getValue().count))
                .toList();
        Object rarest = ordered.get(0).getKey();
        long few = ordered.get(0).getValue().count;
        Object commonest = ordered.get(ordered.size() - 1).getKey();
        long many = ordered.get(ordered.size() - 1).getValue().count;
        Severity severity;
        String sentence;
        if (classes.size() == 1) {
            severity = Severity.ERROR;
            sentence = "there is but one class, " + label.shown(commonest);
        } else if (few < LEAST_BALANCE * many) {
            severity = Severity.WARNING;
            sentence = few + " rows of the rarest of " + classes.size() + " classes, " + label.shown(rarest)
                    + ", against " + many + " of " + label.shown(commonest);
        } else {
            return List.of();
        }
        List<Example> first = List.of(new Example(ordered.get(0).getValue().line, label.shown(rarest)));
        double share = (double) few / rows;
        return List.of(new Finding(
                Kind.CLASS_BALANCE, severity, List.of(label.name), few, share, Double.NaN, sentence, first));
    }

    /** Times of events that come after the row's own time, which a model could not have known then. */
    static List<Finding> ofTimes(Sample sample, Sample.Column time) {
        List<Finding> found = new ArrayList<>();
        for (Sample.Column column : sample.columns()) {
            if (column.name().equals(time.name())
                    || column.scan().type() != CellType.TIME
                    || time.scan().type() != CellType.TIME) {
                continue;
            }
            List<Example> examples = new ArrayList<>();
            long later = 0;
            long both = 0;
            for (int row = 0; row < sample.rows(); row++) {
                double own = time.numbers()[row];
                double other = column.numbers()[row];
                both += Double.isNaN(own) || Double.isNaN(other) ? 0 : 1;
                if (other > own) {
                    later++;
                    if (examples.size() < Anomaly.MOST_EXAMPLES) {
                        String shown = column.scan().hidden
                                ? "(sensitive)"
                                : Instant.ofEpochMilli((long) other) + " after " + Instant.ofEpochMilli((long) own);
                        examples.add(new Example(sample.line(row), shown));
                    }
                }
            }
            if (later > 0) {
                String sentence = later + " times of the sample come after the row's own, " + time.name();
                found.add(new Finding(
                        Kind.TIME_LEAK,
                        Severity.WARNING,
                        List.of(column.name()),
                        later,
                        (double) later / both,
                        Double.NaN,
                        sentence,
                        examples));
            }
        }
        return found;
    }
}
