package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Anomaly.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What each column shows alone. */
final class ColumnFindings {

    private static final double MOST_MISSING = 0.05;
    private static final double MOST_MIXED = 0.1;
    private static final double NEARLY_ALL = 0.999;
    private static final double TAIL = 0.99;
    private static final int LEFT_OUT = 5;
    private static final int FEWEST_FOR_OUTLIERS = 20;
    private static final int FEWEST_FOR_IDENTIFIER = 100;
    private static final double REACH = 10;

    private final TableScan scan;
    private final List<Finding> found = new ArrayList<>();

    ColumnFindings(TableScan scan) {
        this.scan = scan;
    }

    List<Finding> of(Sample.Column column, boolean isFeature) {
        ColumnScan cells = column.scan();
        missing(cells);
        if (cells.present() > 0) {
            mixed(cells);
            if (isFeature) {
                constant(cells);
                identifier(column);
            }
            if (column.isNumber()) {
                outliers(column);
            } else {
                found.addAll(StringVariants.of(cells));
            }
        }
        return found;
    }

    private void missing(ColumnScan column) {
        long missing = scan.rows() - column.present();
        if (missing == 0) {
            return;
        }
        double share = (double) missing / scan.rows();
        Severity severity =
                column.present() == 0 ? Severity.ERROR : share > MOST_MISSING ? Severity.WARNING : Severity.INFO;
        String sentence = percent(share) + " of the cells have no value"
                + (column.nan() == 0 ? "" : ", " + column.nan() + " of them are NaN");
        add(Kind.MISSING, severity, column, missing, share, sentence, column.missingAt);
    }

    private void mixed(ColumnScan column) {
        CellType main = column.type();
        for (CellType type : CellType.values()) {
            long others = column.count(type);
            if (type == main || others == 0) {
                continue;
            }
            double share = (double) others / column.present();
            // A category called "42" is no fault: only what cannot be read as the rest is.
            boolean rare = share < MOST_MIXED && main != CellType.TEXT;
            String sentence = others + " " + (others == 1 ? type.one : type.many) + " among " + column.count(main) + " "
                    + main.many;
            add(
                    Kind.MIXED_TYPES,
                    rare ? Severity.WARNING : Severity.INFO,
                    column,
                    others,
                    share,
                    sentence,
                    column.firsts(type));
        }
    }

    private void constant(ColumnScan column) {
        Map<Object, ColumnScan.Occurrences> values = column.values();
        if (values == null || column.present() < 2) {
            return;
        }
        for (Map.Entry<Object, ColumnScan.Occurrences> value : values.entrySet()) {
            double share = (double) value.getValue().count / column.present();
            if (share >= NEARLY_ALL) {
                boolean all = values.size() == 1;
                String sentence = (all ? "every value is " : percent(share) + " of the values are ")
                        + column.shown(value.getKey());
                add(
                        Kind.CONSTANT,
                        all ? Severity.WARNING : Severity.INFO,
                        column,
                        value.getValue().count,
                        share,
                        sentence,
                        List.of());
            }
        }
    }

    private void identifier(Sample.Column column) {
        ColumnScan cells = column.scan();
        boolean whole = cells.type() != CellType.NUMBER
                || Arrays.stream(column.numbers()).allMatch(value -> Double.isNaN(value) || value == Math.rint(value));
        if (whole && column.present() >= FEWEST_FOR_IDENTIFIER && column.distinct() == column.present()) {
            String sentence =
                    "no value is there twice: name it as an identifier if it is one, so that repeats of the rest are"
                            + " found";
            add(Kind.IDENTIFIER, Severity.INFO, cells, 0, 0, sentence, List.of());
        }
    }

    private void outliers(Sample.Column column) {
        double[] sorted = Arrays.stream(column.numbers())
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (sorted.length < FEWEST_FOR_OUTLIERS || column.scan().type() != CellType.NUMBER) {
            return;
        }
        double level = Math.min(TAIL, 1 - (double) LEFT_OUT / sorted.length);
        double median = quantile(sorted, 0.5);
        double above = quantile(sorted, level);
        double below = quantile(sorted, 1 - level);
        double high = above > median ? above + REACH * (above - median) : Double.POSITIVE_INFINITY;
        double low = below < median ? below - REACH * (median - below) : Double.NEGATIVE_INFINITY;
        List<Example> examples = new ArrayList<>();
        for (ColumnScan.Place place : column.scan().largest()) {
            if (place.value() > high) {
                examples.add(new Example(place.line(), column.scan().shown(place.value())));
            }
        }
        for (ColumnScan.Place place : column.scan().smallest()) {
            if (place.value() < low) {
                examples.add(new Example(place.line(), column.scan().shown(place.value())));
            }
        }
        if (examples.isEmpty()) {
            return;
        }
        long inSample = Arrays.stream(sorted)
                .filter(value -> value > high || value < low)
                .count();
        // The extremes come from all rows, the count from the sample: together a lower bound, exact if all were
        // sampled.
        long count = Math.max(examples.size(), inSample);
        String bounds = Double.isInfinite(low)
                ? "above " + (float) high
                : Double.isInfinite(high) ? "below " + (float) low : "outside " + (float) low + " to " + (float) high;
        String sentence = (sorted.length < column.scan().present() ? "at least " : "")
                + (count == 1 ? "1 value " : count + " values ")
                + (column.scan().hidden ? "far from all others" : bounds);
        List<Example> first = examples.subList(0, Math.min(examples.size(), Anomaly.MOST_EXAMPLES));
        add(
                Kind.OUTLIERS,
                Severity.WARNING,
                column.scan(),
                count,
                (double) count / column.scan().present(),
                sentence,
                first);
    }

    /** The order statistic at a level, without interpolation, which would mix in an outlier. */
    private static double quantile(double[] sorted, double level) {
        return sorted[(int) Math.round(level * (sorted.length - 1))];
    }

    private void add(
            Kind kind,
            Severity severity,
            ColumnScan column,
            long count,
            double share,
            String sentence,
            List<Example> examples) {
        found.add(new Finding(kind, severity, List.of(column.name), count, share, Double.NaN, sentence, examples));
    }

    /** A share for people. */
    static String percent(double share) {
        double percent = share * 100;
        return (percent >= 10
                        ? String.valueOf(Math.round(percent))
                        : String.valueOf((float) (Math.round(percent * 100) / 100.0)))
                + " %";
    }
}
