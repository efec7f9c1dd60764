package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns that are watched, and rows of them as numbers: numbers as they are, names as codes, NaN for what is missing,
 * positive infinity for what could not be read or is not finite. The features come first, then what is computed of them, at
 * last of that what depends on when a row is, and then the outputs: the label, if
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
    private final List<List<Measure>> measures = new ArrayList<>(); // by feature
    private final List<Vocabulary> vocabularies; // by feature
    private final int[] firstMeasures; // by feature
    private final int[] ageColumns;
    private final @Nullable Measure[] measureOf; // by column
    private final int[] featureOf; // by column; for what is of no feature, the column itself
    private final boolean[] numbers; // by column
    private final int[] nameColumns;
    private final int rowColumns;
    private final int firstOutput;
    private final int labelColumn;
    private final int scoreColumn;

    private RowEncoder(
            List<Column> features,
            boolean hasLabel,
            boolean hasScore,
            List<NameCodes> codes,
            List<Vocabulary> vocabularies) {
        this.features = features;
        this.vocabularies = vocabularies;
        List<Column> all = new ArrayList<>(features);
        List<@Nullable Measure> ofColumns = new ArrayList<>();
        List<Integer> featuresOf = new ArrayList<>();
        for (int feature = 0; feature < features.size(); feature++) {
            measures.add(Measure.of(features.get(feature)));
            ofColumns.add(null);
            featuresOf.add(feature);
        }
        firstMeasures = new int[features.size()];
        ageColumns = new int[features.size()];
        for (boolean ofRowTime : new boolean[] {false, true}) {
            for (int feature = 0; feature < features.size(); feature++) {
                (ofRowTime ? ageColumns : firstMeasures)[feature] = all.size();
                for (Measure measure : measures.get(feature)) {
                    if (measure.isOfRowTime() == ofRowTime) {
                        all.add(measure.column(features.get(feature)));
                        ofColumns.add(measure);
                        featuresOf.add(feature);
                    }
                }
            }
        }
        rowColumns = ageColumns[0];
        firstOutput = all.size();
        labelColumn = hasLabel ? all.size() : -1;
        if (hasLabel) {
            all.add(new Column(PREDICTION, FeatureType.CATEGORY, false, List.of()));
        }
        scoreColumn = hasScore ? all.size() : -1;
        if (hasScore) {
            all.add(new Column(hasLabel ? CONFIDENCE : PREDICTION, FeatureType.NUMBER, false, List.of()));
        }
        all.add(new Column(FALLBACK, FeatureType.BOOLEAN, false, List.of()));
        while (ofColumns.size() < all.size()) {
            ofColumns.add(null);
            featuresOf.add(featuresOf.size());
        }
        measureOf = ofColumns.toArray(new @Nullable Measure[0]);
        featureOf = featuresOf.stream().mapToInt(feature -> feature).toArray();
        columns = named(all);
        numbers = new boolean[columns.size()];
        for (int column = 0; column < numbers.length; column++) {
            numbers[column] = columns.get(column).isNumber();
        }
        nameColumns = IntStream.range(0, columns.size())
                .filter(column -> columns.get(column).hasNames())
                .toArray();
        this.codes = codes;
    }

    /** With names that differ: a name that is taken gets an underscore. */
    private static List<Column> named(List<Column> columns) {
        Set<String> taken = new HashSet<>();
        List<Column> named = new ArrayList<>();
        for (Column column : columns) {
            String name = column.name();
            while (!taken.add(name)) {
                name += "_";
            }
            named.add(new Column(name, column.type(), column.isSensitive(), column.shape()));
        }
        return List.copyOf(named);
    }

    /** Without names, for any answers. */
    static RowEncoder of(List<Feature> features) {
        List<Column> columns = features.stream().map(Column::of).toList();
        check(columns);
        List<NameCodes> codes = new ArrayList<>();
        List<Vocabulary> vocabularies = new ArrayList<>();
        RowEncoder encoder = new RowEncoder(columns, true, true, codes, vocabularies);
        encoder.columns.forEach(column -> codes.add(new NameCodes()));
        columns.forEach(column -> vocabularies.add(new Vocabulary()));
        return encoder;
    }

    /** The same for answers that are labels, numbers or both, with the names that were learned by now. */
    RowEncoder withOutputs(boolean hasLabel, boolean hasScore) {
        List<NameCodes> kept = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            if ((column != labelColumn || hasLabel) && (column != scoreColumn || hasScore)) {
                kept.add(new NameCodes(codes.get(column)));
            }
        }
        return new RowEncoder(
                features,
                hasLabel,
                hasScore,
                kept,
                vocabularies.stream().map(Vocabulary::new).toList());
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
        return firstOutput;
    }

    boolean isOutput(int column) {
        return column >= firstOutput;
    }

    /** How many of the first columns depend on a row's features and on nothing else. */
    int rowColumns() {
        return rowColumns;
    }

    /** Whether anything is computed of features. */
    boolean isMeasuring() {
        return firstOutput > features.size();
    }

    /** Whether anything is computed of what a row has to be kept for: texts and tensors. */
    boolean keepsRows() {
        return IntStream.range(0, features.size()).anyMatch(feature -> isText(feature) || isTensor(feature));
    }

    boolean isText(int feature) {
        return !features.get(feature).isSensitive() && features.get(feature).type() == FeatureType.TEXT;
    }

    boolean isTensor(int feature) {
        return !features.get(feature).isSensitive() && features.get(feature).type() == FeatureType.TENSOR;
    }

    boolean isTime(int feature) {
        return !features.get(feature).isSensitive() && features.get(feature).type() == FeatureType.TIMESTAMP;
    }

    /** What is computed of a feature: the columns from {@link #firstMeasure} on, but for the {@link #ageColumn age}. */
    List<Measure> measures(int feature) {
        return measures.get(feature);
    }

    int firstMeasure(int feature) {
        return firstMeasures[feature];
    }

    int ageColumn(int feature) {
        return ageColumns[feature];
    }

    /** The column of a measure of a feature, but for its age. */
    int column(int feature, Measure measure) {
        return firstMeasures[feature] + measures.get(feature).indexOf(measure);
    }

    Vocabulary vocabulary(int feature) {
        return vocabularies.get(feature);
    }

    /** What a column is computed as, null if it is not. */
    @Nullable
    Measure measure(int column) {
        return measureOf[column];
    }

    /** The column of the feature that a column is computed of; of all others, the column itself. */
    int featureOf(int column) {
        return featureOf[column];
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
        return numbers[column];
    }

    /** Whether the values of a column are looked at; of the others only whether they are there. */
    boolean hasValues(int column) {
        return columns.get(column).hasValues();
    }

    /** Whether any column has names. */
    boolean hasNames() {
        return nameColumns.length > 0;
    }

    /** The columns that have names; read only. */
    int[] nameColumns() {
        return nameColumns;
    }

    boolean hasNames(int column) {
        return columns.get(column).hasNames();
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
        for (int feature = 0; feature < features.size(); feature++) {
            if (isText(feature)) {
                vocabularies.get(feature).write(out);
            }
        }
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
        RowEncoder any = new RowEncoder(List.copyOf(features), in.flag(), in.flag(), List.of(), List.of());
        if (any.labelColumn < 0 && any.scoreColumn < 0) {
            throw in.wrong("outputs", "none (expected: a label, a number or both)");
        }
        List<NameCodes> codes = new ArrayList<>();
        for (int i = 0; i < any.columns(); i++) {
            codes.add(NameCodes.read(in));
        }
        List<Vocabulary> vocabularies = new ArrayList<>();
        for (int feature = 0; feature < any.features.size(); feature++) {
            vocabularies.add(any.isText(feature) ? new Vocabulary(in) : new Vocabulary());
        }
        return new RowEncoder(any.features, any.labelColumn >= 0, any.scoreColumn >= 0, codes, vocabularies);
    }
}
