package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns that are watched, and rows of them as numbers: numbers as they are, names as codes, NaN for what is missing,
 * positive infinity for what could not be read or is not finite. The last column is the prediction. Read only once all names
 * are learned.
 */
final class RowEncoder {

    static final double MISSING = Double.NaN;
    static final double INVALID = Double.POSITIVE_INFINITY;

    private final List<Column> features;
    private final List<NameCodes> codes;

    private RowEncoder(List<Column> features, List<NameCodes> codes) {
        this.features = features;
        this.codes = codes;
    }

    /** Without names. */
    static RowEncoder of(List<Feature> features) {
        List<Column> columns = features.stream().map(Column::of).toList();
        check(columns);
        return new RowEncoder(
                columns, columns.stream().map(column -> new NameCodes()).toList());
    }

    private static void check(List<Column> columns) {
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException(
                        "feature '" + column.name() + "': given twice (expected: names that differ)");
            }
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("features: none (expected: at least one)");
        }
    }

    List<Column> features() {
        return features;
    }

    /** A reader of rows with other features beside the watched ones, or in another order. */
    RowReader reader(List<Feature> ofRows) {
        return new RowReader(features, ofRows);
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
        return column == features.size() || features.get(column).isNumber();
    }

    /** Whether the values of a column are looked at; of the others only whether they are there. */
    boolean hasValues(int column) {
        return column == features.size() || features.get(column).hasValues();
    }

    /** Whether any column has names. */
    boolean hasNames() {
        return features.stream().anyMatch(Column::hasNames);
    }

    boolean isSensitive(int column) {
        return column < features.size() && features.get(column).isSensitive();
    }

    /** How many names of a column have codes. */
    int names(int column) {
        return codes.get(column).size();
    }

    /** The name that a code of the baseline stands for. */
    String text(int column, double code) {
        Column feature = features.get(column);
        if (feature.hasNames()) {
            return codes.get(column).name(code);
        }
        return feature.isBoolean() ? code == 0 ? "false" : "true" : "present";
    }

    /** Puts codes in the place of names, which are learned. */
    void learn(double[] row, @Nullable String[] names) {
        for (int column = 0; column < features.size(); column++) {
            String name = names[column];
            if (name != null) {
                row[column] = codes.get(column).learn(name);
                names[column] = null;
            }
        }
    }

    /** The code of a name, known or not. */
    double code(int column, String name) {
        return codes.get(column).code(name);
    }

    void write(FormWriter out) {
        out.whole(features.size());
        for (int column = 0; column < features.size(); column++) {
            features.get(column).write(out);
            codes.get(column).write(out);
        }
    }

    static RowEncoder read(FormReader in) {
        int size = in.length(4);
        List<Column> features = new ArrayList<>();
        List<NameCodes> codes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            features.add(Column.read(in));
            codes.add(NameCodes.read(in));
        }
        try {
            check(features);
        } catch (IllegalArgumentException contradiction) {
            throw new DriftFormatException("baseline: " + contradiction.getMessage(), contradiction);
        }
        return new RowEncoder(List.copyOf(features), List.copyOf(codes));
    }
}
