package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns rows into numbers, one a column: numbers as they are, names as codes in the order in which they were first met, NaN
 * for what is missing, positive infinity for what could not be read or is not finite. The last column is the prediction.
 * Thread-safe.
 */
final class RowEncoder {

    static final double MISSING = Double.NaN;
    static final double INVALID = Double.POSITIVE_INFINITY;

    /** Further names share one code. */
    private static final int MAX_NAMES = 100_000;

    private final List<Feature> features;
    private final List<Map<String, Integer>> codes = new ArrayList<>();

    RowEncoder(List<Feature> features) {
        this.features = List.copyOf(features);
        features.forEach(feature -> codes.add(new ConcurrentHashMap<>()));
    }

    int columns() {
        return features.size() + 1;
    }

    int predictionColumn() {
        return features.size();
    }

    String name(int column) {
        return column == features.size() ? "prediction" : features.get(column).name();
    }

    boolean isNumber(int column) {
        return column == features.size()
                || switch (features.get(column).type()) {
                    case NUMBER, INTEGER, TIMESTAMP -> true;
                    case BOOLEAN, CATEGORY, TEXT, TENSOR -> false;
                };
    }

    boolean isSensitive(int column) {
        return column < features.size() && features.get(column).isSensitive();
    }

    void check(List<Feature> others) {
        if (!others.equals(features)) {
            throw new IllegalArgumentException("row: features " + others + " (expected: " + features + ")");
        }
    }

    /** How many names of a column have codes. */
    int names(int column) {
        return codes.get(column).size();
    }

    /** The names of a column that have codes, with these. */
    Map<String, Integer> codes(int column) {
        return Collections.unmodifiableMap(codes.get(column));
    }

    /** The name that a code stands for. */
    String text(int column, double code) {
        if (features.get(column).type() == FeatureType.BOOLEAN) {
            return code == 0 ? "false" : "true";
        }
        for (Map.Entry<String, Integer> entry : codes.get(column).entrySet()) {
            if (entry.getValue() == (int) code) {
                return entry.getKey();
            }
        }
        return "(one of more than " + MAX_NAMES + " names)";
    }

    double[] encode(FeatureRow row, double prediction) {
        double[] encoded = new double[columns()];
        for (int column = 0; column < features.size(); column++) {
            encoded[column] = encode(row, column);
        }
        encoded[features.size()] = prediction;
        return encoded;
    }

    private double encode(FeatureRow row, int column) {
        if (row.isInvalid(column)) { // a null where none is allowed is invalid, too
            return row.invalidValue(column) == null ? MISSING : INVALID;
        }
        if (row.isNull(column)) {
            return MISSING;
        }
        FeatureType type = features.get(column).type();
        return switch (type) {
            case NUMBER, INTEGER, TIMESTAMP -> finite(row.number(column));
            case BOOLEAN -> row.integer(column);
            case CATEGORY -> code(column, String.valueOf(row.text(column)));
            case TEXT, TENSOR -> 0; // only whether there is one
        };
    }

    private static double finite(double value) {
        return Double.isInfinite(value) ? INVALID : value;
    }

    private double code(int column, String name) {
        Map<String, Integer> known = codes.get(column);
        Integer code = known.get(name);
        if (code != null) {
            return code;
        }
        synchronized (known) {
            return known.size() == MAX_NAMES ? MAX_NAMES : known.computeIfAbsent(name, unused -> known.size());
        }
    }
}
