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

    /**
     * For numbers: a table says where among the ends, each of which belongs to the interval below it, the search begins.
     *
     * <p>A slot of the table is found by a function that never falls as the value grows: a linear one, or the leading bits of
     * the value, whichever spreads the ends better. So all ends with a lower slot lie below the value, and those of the same
     * slot, mostly none or one, are compared.
     */
    static final class OfNumber extends CellIndex {

        private static final int SLOT_BITS = 9;
        private static final int SLOTS = 1 << SLOT_BITS;

        private final double[] ends; // sorted, infinity last
        private final int[] cells; // of the interval below each end
        private final int[] starts; // how many ends have a lower slot
        private final boolean byBits;
        private final double low;
        private final double slotsPerUnit;
        private final long lowBits;
        private final int shift;

        OfNumber(int feature, List<Cell> all) {
            super(feature);
            double[] sorted = new double[2 * all.size() + 1];
            int number = 0;
            for (Cell cell : all) {
                if (cell.kind() == Cell.Kind.RANGE || cell.kind() == Cell.Kind.VALUE) {
                    double below = cell.kind() == Cell.Kind.VALUE ? Math.nextDown(cell.to()) : cell.above();
                    number = addFinite(sorted, number, below);
                    number = addFinite(sorted, number, cell.to());
                }
            }
            sorted[number++] = Double.POSITIVE_INFINITY;
            ends = Arrays.stream(sorted, 0, number).sorted().distinct().toArray();
            cells = new int[ends.length];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = cellEndingAt(all, ends[i]);
            }
            low = ends.length == 1 ? 0 : ends[0];
            double high = ends.length == 1 ? 0 : ends[ends.length - 2];
            double perUnit = SLOTS / (high - low);
            slotsPerUnit = perUnit > 0 && perUnit <= Double.MAX_VALUE ? perUnit : 0;
            lowBits = ordered(low);
            shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(ordered(high) - lowBits) - SLOT_BITS);
            int[] linear = starts(false);
            int[] bits = starts(true);
            byBits = crowding(bits) < crowding(linear);
            starts = byBits ? bits : linear;
        }

        private int[] starts(boolean ofBits) {
            int[] found = new int[SLOTS + 1];
            for (int i = 0; i + 1 < ends.length; i++) {
                int slot = ofBits ? slotOfBits(ends[i]) : slotOfSize(ends[i]);
                for (int higher = slot + 1; higher <= SLOTS; higher++) {
                    found[higher]++;
                }
            }
            return found;
        }

        /** The sum of the squares of how many ends share a slot. */
        private static int crowding(int[] starts) {
            int sum = 0;
            for (int slot = 1; slot <= SLOTS; slot++) {
                int ends = starts[slot] - starts[slot - 1];
                sum += ends * ends;
            }
            return sum;
        }

        private int slotOfSize(double value) {
            double slot = (value - low) * slotsPerUnit;
            return slot >= SLOTS - 1 ? SLOTS - 1 : Math.max(0, (int) slot);
        }

        private int slotOfBits(double value) {
            long bits = ordered(value);
            long slot = (bits - lowBits) >>> shift; // the difference of any two longs, as an unsigned number
            return bits <= lowBits ? 0 : Long.compareUnsigned(slot, SLOTS) < 0 ? (int) slot : SLOTS - 1;
        }

        /** Bits in the order of the numbers. */
        private static long ordered(double value) {
            long bits = Double.doubleToRawLongBits(value == 0 ? 0.0 : value);
            return bits ^ ((bits >> 63) & Long.MAX_VALUE);
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
            int position = starts[byBits ? slotOfBits(value) : slotOfSize(value)];
            while (ends[position] < value) {
                position++;
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
