package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns that are watched, and rows of them as numbers: numbers as they are, names as codes, NaN for what is missing,
 * positive infinity for what could not be read or is not finite. The features come first, then the outputs: the label, if
 * answers have one, the number, and whether the answer was the model's, which is 0 if it was, positive infinity if a fallback
 * answered or nothing did, and NaN if that is not known. Read only once all names are learned.
 */
final class RowEncoder {

    static final double MISSING = Double.NaN;
    static final double INVALID = Double.POSITIVE_INFINITY;

    private static final String PREDICTION = "prediction";
    private static final String CONFIDENCE = "confidence";
    private static final String FALLBACK = "fallback";

    private final List<Column> features;
    private final List<Column> columns;
    private final List<NameCodes> codes;
    private final int labelColumn;
    private final int scoreColumn;

    private RowEncoder(List<Column> features, boolean hasLabel, boolean hasScore, List<NameCodes> codes) {
        this.features = features;
        List<Column> all = new ArrayList<>(features);
        labelColumn = hasLabel ? all.size() : -1;
        if (hasLabel) {
            all.add(new Column(PREDICTION, FeatureType.CATEGORY, false));
        }
        scoreColumn = hasScore ? all.size() : -1;
        if (hasScore) {
            all.add(new Column(hasLabel ? CONFIDENCE : PREDICTION, FeatureType.NUMBER, false));
        }
        all.add(new Column(FALLBACK, FeatureType.BOOLEAN, false));
        columns = List.copyOf(all);
        this.codes = codes;
    }

    /** Without names, for any answers. */
    static RowEncoder of(List<Feature> features) {
        List<Column> columns = features.stream().map(Column::of).toList();
        check(columns);
        List<NameCodes> codes = new ArrayList<>();
        for (int i = 0; i < columns.size() + 3; i++) {
            codes.add(new NameCodes());
        }
        return new RowEncoder(columns, true, true, codes);
    }

    /** The same for answers that are labels, numbers or both, with the names that were learned by now. */
    RowEncoder withOutputs(boolean hasLabel, boolean hasScore) {
        List<NameCodes> kept = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            if ((column != labelColumn || hasLabel) && (column != scoreColumn || hasScore)) {
                kept.add(new NameCodes(codes.get(column)));
            }
        }
        return new RowEncoder(features, hasLabel, hasScore, kept);
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
        return new RowReader(this, ofRows);
    }

    int columns() {
        return columns.size();
    }

    /** The first column that is of answers; all before are of features. */
    int firstOutput() {
        return features.size();
    }

    boolean isOutput(int column) {
        return column >= firstOutput();
    }

    /** The column of the label that was predicted, or -1. */
    int labelColumn() {
        return labelColumn;
    }

    /** The column of the number that was predicted, or of the confidence in the label; or -1. */
    int scoreColumn() {
        return scoreColumn;
    }

    /** The last column: whether the answer was the model's. */
    int fallbackColumn() {
        return columns.size() - 1;
    }

    String name(int column) {
        return columns.get(column).name();
    }

    boolean isNumber(int column) {
        return columns.get(column).isNumber();
    }

    /** Whether the values of a column are looked at; of the others only whether they are there. */
    boolean hasValues(int column) {
        return columns.get(column).hasValues();
    }

    /** Whether any column has names. */
    boolean hasNames() {
        return columns.stream().anyMatch(Column::hasNames);
    }

    boolean isSensitive(int column) {
        return columns.get(column).isSensitive();
    }

    /** How many names of a column have codes. */
    int names(int column) {
        return codes.get(column).size();
    }

    /** The name that a code of the baseline stands for. */
    String text(int column, double code) {
        Column known = columns.get(column);
        if (known.hasNames()) {
            return codes.get(column).name(code);
        }
        return known.isBoolean() ? code == 0 ? "false" : "true" : "present";
    }

    /** Puts codes in the place of names, which are learned. */
    void learn(double[] row, @Nullable String[] names) {
        for (int column = 0; column < names.length; column++) {
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
        features.forEach(feature -> feature.write(out));
        out.flag(labelColumn >= 0).flag(scoreColumn >= 0);
        codes.forEach(names -> names.write(out));
    }

    static RowEncoder read(FormReader in) {
        int size = in.length(4);
        List<Column> features = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            features.add(Column.read(in));
        }
        try {
            check(features);
        } catch (IllegalArgumentException contradiction) {
            throw new DriftFormatException("baseline: " + contradiction.getMessage(), contradiction);
        }
        RowEncoder any = new RowEncoder(List.copyOf(features), in.flag(), in.flag(), List.of());
        if (any.labelColumn < 0 && any.scoreColumn < 0) {
            throw in.wrong("outputs", "none (expected: a label, a number or both)");
        }
        List<NameCodes> codes = new ArrayList<>();
        for (int i = 0; i < any.columns(); i++) {
            codes.add(NameCodes.read(in));
        }
        return new RowEncoder(any.features, any.labelColumn >= 0, any.scoreColumn >= 0, codes);
    }
}
