package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The evidence that a window gives against a baseline: what opened, in which columns, and the rows that show it. */
final class Case {

    /** The share of rows from which one value is nearly all of them. */
    static final double ALL = 0.95;

    final Norm norm;
    final Layout layout;
    final Window window;
    final List<double[]> sample;
    final Explanation explanation;
    final int features; // how many columns are not of answers; those come after them
    private final double[] tested;
    private final boolean[] opened;

    Case(Norm norm, Window window, double[] tested, boolean[] opened) {
        this.norm = norm;
        layout = norm.layout;
        this.window = window;
        this.tested = tested;
        this.opened = opened;
        features = layout.encoder.firstOutput();
        sample = window.sample();
        explanation = new Explanation(norm, window, sample);
    }

    boolean isOutput(int column) {
        return layout.encoder.isOutput(column);
    }

    String name(int column) {
        return layout.encoder.name(column);
    }

    /** The finite values of a column, of the sample's rows. */
    double[] values(int column) {
        return sample.stream()
                .mapToDouble(row -> row[column])
                .filter(Double::isFinite)
                .toArray();
    }

    /** The most evidence of what opened of one channel in one column; 0 if nothing did. */
    double evidence(Channel channel, int column) {
        double most = 0;
        for (int i = 0; i < opened.length; i++) {
            Unit unit = layout.units.get(i);
            if (opened[i] && unit.channel() == channel && unit.column() == column) {
                most = Math.max(most, tested[i]);
            }
        }
        return most;
    }

    boolean hasOpened(Channel channel) {
        for (int i = 0; i < opened.length; i++) {
            if (opened[i] && layout.units.get(i).channel() == channel) {
                return true;
            }
        }
        return false;
    }

    /** The columns in which something opened, the most likely cause first. */
    List<Integer> columns() {
        int n = layout.encoder.columns();
        double[] own = new double[n];
        double[] related = new double[n];
        for (int i = 0; i < opened.length; i++) {
            Unit unit = layout.units.get(i);
            if (opened[i] && unit.channel() == Channel.RELATION) {
                related[unit.column()] += tested[i];
                related[unit.partner()] += tested[i];
            } else if (opened[i] && unit.column() >= 0) {
                double sure = unit.channel().distance() == 0 ? Tails.CERTAIN : 0; // nothing else moves these
                own[unit.column()] = Math.max(own[unit.column()], tested[i] + sure);
            }
        }
        List<Integer> found = new ArrayList<>();
        for (int column = 0; column < n; column++) {
            if (own[column] > 0 || related[column] > 0) {
                found.add(column);
            }
        }
        // A broken input drags its relations and the prediction along, so these come last.
        found.sort(Comparator.<Integer>comparingInt(column -> own[column] > 0 ? 0 : 1)
                .thenComparingInt(column -> isOutput(column) ? 1 : 0)
                .thenComparingDouble(column -> -own[column])
                .thenComparingDouble(column -> -related[column]));
        return found;
    }

    /** Whether answers moved and nothing else did. */
    boolean isOfPredictionOnly() {
        boolean any = false;
        for (int i = 0; i < opened.length; i++) {
            Unit unit = layout.units.get(i);
            if (opened[i]) {
                if (!isOutput(unit.column()) && !isOutput(unit.partner())) {
                    return false;
                }
                any |= isOutput(unit.column()) && unit.channel() != Channel.RELATION;
            }
        }
        return any;
    }

    /** The most evidence that another feature no longer goes with this one, whether it opened or not. */
    double brokenBy(int column) {
        double most = 0;
        for (int i = 0; i < opened.length; i++) {
            Unit unit = layout.units.get(i);
            boolean ofOther = unit.channel() == Channel.RELATION && unit.partner() == column;
            if (ofOther && !isOutput(unit.column())) {
                most = Math.max(most, tested[i]);
            }
        }
        return most;
    }

    /** The surest of the relations of a column that opened; -1 if there is none. */
    int surestRelation(int column) {
        int surest = -1;
        for (int i = 0; i < opened.length; i++) {
            Unit unit = layout.units.get(i);
            if (opened[i]
                    && unit.channel() == Channel.RELATION
                    && (unit.column() == column || unit.partner() == column)
                    && (surest < 0 || tested[i] > tested[surest])) {
                surest = i;
            }
        }
        return surest;
    }

    /** Whether a column has nearly always the same value now, which it did not have. */
    boolean isStuck(int column, double[] values) {
        double top = values.length == 0 ? 0 : mostFrequent(values);
        return share(values, top) >= ALL && norm.share(column, top) < ALL / 2;
    }

    /** A kind told by one value of a column, which there are too many of. */
    Cause constant(Incident.Kind kind, int column, double value) {
        double before = norm.share(column, value);
        String text = layout.encoder.isNumber(column) ? Words.exact(value) : window.name(column, value);
        return Cause.of(kind, new Finding.Constant(name(column), text, before, share(values(column), value)))
                .where(v -> v == value, before);
    }

    /** The most frequent of some values, of which there is one at least; the least of several. */
    static double mostFrequent(double[] values) {
        return counts(values).mostFrequent(1)[0];
    }

    static ValueCounts counts(double[] values) {
        ValueCounts counts = new ValueCounts(values.length);
        for (double value : values) {
            counts.add(value);
        }
        return counts;
    }

    /** How many of some values are one; NaN without any. */
    static double share(double[] values, double wanted) {
        return (double) Arrays.stream(values).filter(value -> value == wanted).count() / values.length;
    }
}
