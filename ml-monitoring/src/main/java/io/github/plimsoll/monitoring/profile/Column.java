package io.github.plimsoll.monitoring.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The values of one feature in the rows that a baseline is made from. */
abstract sealed class Column permits Column.OfPresence, Column.OfBoolean, Column.OfNumber, CategoryColumn {

    // Counts of two halves of the rows; only categories tell them apart.
    final long[] nulls = new long[2];
    final long[] invalid = new long[2];
    private long rows;
    private int half;

    static Column of(Feature feature) {
        if (feature.isSensitive()) {
            return new OfPresence();
        }
        return switch (feature.type()) {
            case NUMBER, INTEGER -> new OfNumber();
            case BOOLEAN -> new OfBoolean();
            case CATEGORY -> new CategoryColumn(feature.categories());
            case TEXT, TIMESTAMP, TENSOR -> new OfPresence();
        };
    }

    final void add(FeatureRow row, int index) {
        half = (int)
                ((rows++ * 0x9E37_79B9_7F4A_7C15L) >>> 63); // as even as turns, but of no period that rows may have
        if (row.isNull(index)) {
            nulls[half]++;
        } else if (row.isInvalid(index)) {
            invalid[half]++;
        } else {
            addValue(row, index);
        }
    }

    /** The half that the row which is being added belongs to. */
    final int half() {
        return half;
    }

    abstract void addValue(FeatureRow row, int index);

    abstract void addCells(List<Cell> cells);

    final List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        addCells(cells);
        return cells;
    }

    final void addNullAndInvalid(List<Cell> cells) {
        cells.add(Cell.of(Cell.Kind.NULL, nulls[0] + nulls[1]));
        cells.add(Cell.of(Cell.Kind.INVALID, invalid[0] + invalid[1]));
    }

    static final class OfPresence extends Column {

        private long present;

        @Override
        void addValue(FeatureRow row, int index) {
            present++;
        }

        @Override
        void addCells(List<Cell> cells) {
            addNullAndInvalid(cells);
            cells.add(Cell.of(Cell.Kind.PRESENT, present));
        }
    }

    static final class OfBoolean extends Column {

        private final long[] counts = new long[2];

        @Override
        void addValue(FeatureRow row, int index) {
            counts[(int) row.integer(index)]++;
        }

        @Override
        void addCells(List<Cell> cells) {
            addNullAndInvalid(cells);
            cells.add(Cell.names(Cell.Kind.VALUE, List.of("false"), counts[0]));
            cells.add(Cell.names(Cell.Kind.VALUE, List.of("true"), counts[1]));
        }
    }

    static final class OfNumber extends Column {

        private double[] values = new double[256];
        private int size;
        private long nan;
        private long negativeInfinity;
        private long positiveInfinity;

        @Override
        void addValue(FeatureRow row, int index) {
            double value = row.number(index);
            if (Double.isNaN(value)) {
                nan++;
            } else if (value == Double.NEGATIVE_INFINITY) {
                negativeInfinity++;
            } else if (value == Double.POSITIVE_INFINITY) {
                positiveInfinity++;
            } else {
                if (size == values.length) {
                    values = Arrays.copyOf(values, size * 2);
                }
                values[size++] = value == 0 ? 0.0 : value; // the two zeros are one value
            }
        }

        @Override
        void addCells(List<Cell> cells) {
            addNullAndInvalid(cells);
            cells.add(Cell.of(Cell.Kind.NAN, nan));
            cells.add(Cell.of(Cell.Kind.NEGATIVE_INFINITY, negativeInfinity));
            cells.add(Cell.of(Cell.Kind.POSITIVE_INFINITY, positiveInfinity));
            double[] sorted = Arrays.copyOf(values, size);
            Arrays.sort(sorted);
            cells.addAll(new NumberCells(sorted).cut());
        }
    }
}
