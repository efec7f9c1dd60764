package io.github.plimsoll.monitoring.drift;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/** Repairs a window's sample of rows in some way, and tells how much of the evidence that leaves. */
final class Repairs {

    /** What a repair leaves at most that explains a case. */
    static final double CLEAR = 0.3;

    /** What the best of several repairs leaves at most. */
    static final double BEST = 0.45;

    private static final double NOISE = 1.5;

    private final Case found;
    private final List<UnitState> states;

    Repairs(Case found, List<UnitState> states) {
        this.found = found;
        this.states = states;
    }

    /** The evidence in a column and its relations before any repair. */
    double before(int column) {
        return strain(found.sample, column, -1);
    }

    /** The part of the evidence that is left when the finite values of a column are replaced. */
    double left(int column, DoubleUnaryOperator repair, double before) {
        List<double[]> repaired = repaired(row -> {
            if (Double.isFinite(row[column])) {
                row[column] = repair.applyAsDouble(row[column]);
            }
            return row;
        });
        return remaining(strain(repaired, column, -1), before);
    }

    /** The part that is left when those values that are far outside are divided by a factor. */
    double leftAfterFactor(int column, double factor, double before) {
        TailLaw tail = found.norm.tail(column);
        return left(column, value -> tail.isOutside(value) ? value / factor : value, before);
    }

    /** The part that is left of both when two columns are swapped. */
    double leftAfterSwap(int column, int other) {
        double before = strain(found.sample, column, other);
        List<double[]> repaired = repaired(row -> {
            double value = row[column];
            row[column] = row[other];
            row[other] = value;
            return row;
        });
        return remaining(strain(repaired, column, other), before);
    }

    /** The part that is left of all when each column's values are put back where they are from. */
    double leftInOrder(Map<Integer, Integer> sources) {
        List<double[]> repaired = repaired(row -> {
            double[] were = row.clone();
            sources.forEach((column, from) -> row[from] = were[column]);
            return row;
        });
        double before = 0;
        double after = 0;
        for (int column : sources.keySet()) {
            before += strain(found.sample, column, -1);
            after += strain(repaired, column, -1);
        }
        return remaining(after, before);
    }

    /** The part of the evidence that a repair leaves; all of it where there is too little to tell. */
    private static double remaining(double after, double before) {
        return before < 1 ? 1 : after / before;
    }

    private List<double[]> repaired(UnaryOperator<double[]> repair) {
        return found.sample.stream().map(row -> repair.apply(row.clone())).toList();
    }

    /** How much evidence some rows give in one or two columns and their relations. */
    private double strain(List<double[]> rows, int column, int other) {
        Window counted = new Window(found.norm);
        rows.forEach(counted::count);
        double sum = 0;
        for (int i = 0; i < states.size(); i++) {
            Unit unit = found.layout.units.get(i);
            boolean asked = switch (unit.channel()) {
                case CELLS, TAIL, RELATION -> true;
                default -> false;
            };
            // The model answered what it was given, so its answers fit the rows before the repair.
            asked &= !found.isOutput(unit.column()) && !found.isOutput(unit.partner());
            boolean ofColumn = unit.column() == column
                    || unit.partner() == column
                    || (other >= 0 && (unit.column() == other || unit.partner() == other));
            if (asked && ofColumn) {
                double natural = states.get(i).fromBaseline.deflation();
                sum += Math.max(0, found.norm.evidence(i, counted) / natural - NOISE);
            }
        }
        return sum;
    }
}
