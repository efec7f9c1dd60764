package io.github.plimsoll.core.schema;

import java.util.List;

/** Reads the elements of an array of numbers, a feature each. */
final class ArrayReader {

    private ArrayReader() {}

    static InputReader<double[]> ofDoubles() {
        return (layout, input) -> {
            RowWriter row = new RowWriter(layout);
            if (isLengthRight(row, input.length)) {
                for (int i = 0; i < input.length; i++) {
                    element(row, i, input[i]);
                }
            }
            return row.finish();
        };
    }

    static InputReader<float[]> ofFloats() {
        return (layout, input) -> {
            RowWriter row = new RowWriter(layout);
            if (isLengthRight(row, input.length)) {
                for (int i = 0; i < input.length; i++) {
                    element(row, i, input[i]);
                }
            }
            return row.finish();
        };
    }

    private static boolean isLengthRight(RowWriter row, int length) {
        int expected = row.layout().size();
        if (length != expected) {
            row.refuse(Violation.LENGTH, length + " elements", expected + " elements");
        }
        return length == expected;
    }

    private static void element(RowWriter row, int index, double value) {
        if (row.type(index) == FeatureType.BOOLEAN && (value == 0 || value == 1)) {
            row.bool(index, value == 1);
        } else {
            Values.number(row, index, value);
        }
    }

    /** Refuses features that no number can be. */
    static List<Feature> checked(List<Feature> features) {
        for (Feature feature : features) {
            switch (feature.type()) {
                case NUMBER, INTEGER, BOOLEAN -> {}
                default ->
                    throw new IllegalArgumentException("feature '" + feature.name() + "': " + feature.type()
                            + " (expected: NUMBER, INTEGER or BOOLEAN, as the input is an array of numbers)");
            }
        }
        return features;
    }
}
