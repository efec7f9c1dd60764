package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Copies what is watched out of the rows of one schema: a number a column, and beside it the name of a category, which is
 * looked up later. Allocates nothing. Immutable.
 */
final class RowReader {

    private final List<Feature> features;
    private final int[] indexes;
    private final FeatureType[] types; // TENSOR for all of which only the presence counts
    private final int[] timeColumns; // where times are copied to; -1 for what is no time
    private final int[] kept; // the indexes of texts and tensors
    private final int labelColumn;
    private final int scoreColumn;
    private final int fallbackColumn;

    /**
     * For rows that have the columns among their features, in any order.
     *
     * @throws IllegalArgumentException if they do not; lists every column that is missing or other
     */
    RowReader(RowEncoder encoder, List<Feature> features) {
        this.features = features;
        List<Column> columns = encoder.features();
        timeColumns = IntStream.range(0, columns.size())
                .map(column -> encoder.isTime(column) ? encoder.firstMeasure(column) : -1)
                .toArray();
        labelColumn = encoder.labelColumn();
        scoreColumn = encoder.scoreColumn();
        fallbackColumn = encoder.fallbackColumn();
        indexes = new int[columns.size()];
        types = new FeatureType[columns.size()];
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < indexes.length; i++) {
            Column column = columns.get(i);
            indexes[i] = indexOf(features, column.name());
            String problem =
                    indexes[i] < 0 ? "no feature '" + column.name() + "'" : column.mismatch(features.get(indexes[i]));
            if (problem != null) {
                problems.add(problem);
            }
            types[i] =
                    column.isNumber() || column.hasNames() || column.isBoolean() ? column.type() : FeatureType.TENSOR;
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("features: " + String.join("; ", problems));
        }
        kept = IntStream.range(0, columns.size())
                .filter(column -> encoder.isText(column) || encoder.isTensor(column))
                .map(column -> indexes[column])
                .toArray();
    }

    private static int indexOf(List<Feature> features, String name) {
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether rows with these features are those that this reads; one list for all rows of a schema. */
    boolean isFor(List<Feature> others) {
        return others == features;
    }

    /**
     * Copies a row to some places of two arrays, one for each column.
     *
     * @param score the number that was answered, NaN if there is none
     * @param label the label that was answered, if there is one
     * @param fallback 0 if the model answered, INVALID if it did not, NaN if that is not known
     */
    void read(
            FeatureRow row,
            double score,
            @Nullable String label,
            double fallback,
            double[] values,
            int at,
            @Nullable String[] names) {
        for (int column = 0; column < indexes.length; column++) {
            int index = indexes[column];
            switch (types[column]) {
                case NUMBER -> {
                    double value = row.number(index);
                    // One look at what nearly every row has; whatever is not finite may be missing or invalid.
                    values[at + column] = Math.abs(value) <= Double.MAX_VALUE ? value : special(row, index, value);
                }
                case INTEGER, BOOLEAN -> {
                    double value = row.number(index);
                    values[at + column] = Double.isNaN(value) ? special(row, index, value) : value;
                }
                case CATEGORY -> {
                    String name = row.text(index);
                    names[at + column] = name;
                    values[at + column] = name == null ? special(row, index, RowEncoder.MISSING) : 0;
                }
                default -> {
                    values[at + column] = special(row, index, 0);
                    if (timeColumns[column] >= 0) {
                        values[at + timeColumns[column]] = row.number(index);
                    }
                }
            }
        }
        if (labelColumn >= 0) {
            names[at + labelColumn] = label;
            values[at + labelColumn] = label == null ? RowEncoder.MISSING : 0;
        }
        if (scoreColumn >= 0) {
            values[at + scoreColumn] = score;
        }
        values[at + fallbackColumn] = fallback;
    }

    /** About how many bytes the texts and tensors of a row take that are looked at later. */
    long keptBytes(FeatureRow row) {
        long bytes = 0;
        for (int index : kept) {
            if (features.get(index).type() == FeatureType.TEXT) {
                String text = row.text(index);
                bytes += text == null ? 0 : (long) Character.BYTES * text.length();
            } else {
                bytes += (long) Double.BYTES * row.tensorLength(index);
            }
        }
        return bytes;
    }

    /** Null where none is allowed is invalid, too. */
    private static double special(FeatureRow row, int index, double value) {
        if (row.isInvalid(index)) {
            return row.invalidValue(index) == null ? RowEncoder.MISSING : RowEncoder.INVALID;
        }
        if (row.isNull(index)) {
            return RowEncoder.MISSING;
        }
        return Double.isInfinite(value) ? RowEncoder.INVALID : value;
    }
}
