package io.github.plimsoll.monitoring.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the cell that a row's value of one feature falls into. Immutable; allocates nothing. Every list of cells begins with
 * null and invalid.
 */
abstract sealed class CellIndex {

    static final int NULL = 0;
    static final int INVALID = 1;
    static final int NAN = 2;
    static final int NEGATIVE_INFINITY = 3;
    static final int POSITIVE_INFINITY = 4;
    static final int PRESENT = 2;
    static final int FALSE = 2;
    static final int TRUE = 3;

    final int feature;

    private CellIndex(int feature) {
        this.feature = feature;
    }

    /** The index of the cell. */
    abstract int cell(FeatureRow row);

    private static int required(List<Cell> cells, Cell.Kind kind) {
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).kind() == kind) {
                return i;
            }
        }
        throw new IllegalArgumentException("cells " + cells + " (expected: one of kind " + kind + ")");
    }

    /** For values that are not told apart. */
    static final class OfPresence extends CellIndex {

        OfPresence(int feature) {
            super(feature);
        }

        @Override
        int cell(FeatureRow row) {
            return row.isNull(feature) ? NULL : row.isInvalid(feature) ? INVALID : PRESENT;
        }
    }

    static final class OfBoolean extends CellIndex {

        OfBoolean(int feature) {
            super(feature);
        }

        @Override
        int cell(FeatureRow row) {
            if (row.integer(feature) != 0) {
                return TRUE;
            }
            return row.isNull(feature) ? NULL : row.isInvalid(feature) ? INVALID : FALSE;
        }
    }

    /** For numbers: a search among ends, each of which belongs to the interval below it. */
    static final class OfNumber extends CellIndex {

        private final double[] ends; // sorted, filled up with infinity to one less than a power of two
        private final int[] cells; // of the interval below each end, and above the last

        OfNumber(int feature, List<Cell> all) {
            super(feature);
            double[] sorted = new double[2 * all.size()];
            int number = 0;
            for (Cell cell : all) {
                if (cell.kind() == Cell.Kind.RANGE || cell.kind() == Cell.Kind.VALUE) {
                    double below = cell.kind() == Cell.Kind.VALUE ? Math.nextDown(cell.to()) : cell.above();
                    number = addFinite(sorted, number, below);
                    number = addFinite(sorted, number, cell.to());
                }
            }
            double[] distinct =
                    Arrays.stream(sorted, 0, number).sorted().distinct().toArray();
            ends = Arrays.copyOf(distinct, Math.max(1, Integer.highestOneBit(distinct.length) * 2 - 1));
            Arrays.fill(ends, distinct.length, ends.length, Double.POSITIVE_INFINITY);
            cells = new int[ends.length + 1];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cellEndingAt(all, i < distinct.length ? distinct[i] : Double.POSITIVE_INFINITY);
            }
        }

        private static int addFinite(double[] ends, int number, double end) {
            if (Double.isFinite(end)) {
                ends[number] = end;
                return number + 1;
            }
            return number;
        }

        private static int cellEndingAt(List<Cell> all, double end) {
            for (int i = 0; i < all.size(); i++) {
                Cell cell = all.get(i);
                boolean within = cell.kind() == Cell.Kind.RANGE && cell.above() < end && end <= cell.to();
                if (within || (cell.kind() == Cell.Kind.VALUE && cell.to() == end)) {
                    return i;
                }
            }
            return required(all, Cell.Kind.OTHER);
        }

        @Override
        int cell(FeatureRow row) {
            double value = row.number(feature);
            if (!(Math.abs(value) <= Double.MAX_VALUE)) {
                return special(row, value);
            }
            int position = 0;
            for (int step = (ends.length + 1) >> 1; step > 0; step >>= 1) {
                // step if the end is below the value, else 0. The sign bit in place of a comparison: no branch to
                // mispredict.
                // A difference of doubles has the sign of their order even where it underflows, and equal ones give +0.
                long sign = Double.doubleToRawLongBits(ends[position + step - 1] - value) >> 63;
                position += step & (int) sign;
            }
            return cells[position];
        }

        private int special(FeatureRow row, double value) {
            if (value == Double.NEGATIVE_INFINITY) {
                return NEGATIVE_INFINITY;
            }
            if (value == Double.POSITIVE_INFINITY) {
                return POSITIVE_INFINITY;
            }
            return row.isNull(feature) ? NULL : row.isInvalid(feature) ? INVALID : NAN;
        }
    }

    static final class OfCategory extends CellIndex {

        private final int[] cellOfCode;
        private final Map<String, Integer> cellOfName = new HashMap<>();
        private final int unseen;

        OfCategory(int feature, Feature declared, List<Cell> all) {
            super(feature);
            for (int i = 0; i < all.size(); i++) {
                for (String name : all.get(i).names()) {
                    cellOfName.put(name, i);
                }
            }
            unseen = required(all, Cell.Kind.UNSEEN);
            cellOfCode = declared.categories().stream()
                    .mapToInt(name -> cellOfName.getOrDefault(name, unseen))
                    .toArray();
        }

        @Override
        int cell(FeatureRow row) {
            int code = row.categoryCode(feature);
            if (code >= 0) {
                return cellOfCode[code];
            }
            String name = row.text(feature);
            if (name == null) {
                return row.isNull(feature) ? NULL : INVALID;
            }
            Integer cell = cellOfName.get(name);
            return cell == null ? unseen : cell;
        }
    }
}
