package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A feature, what is computed of one, or an output, as it is watched; of tensors with their shape. */
record Column(String name, FeatureType type, boolean isSensitive, List<Long> shape) {

    private static final int MAX_DIMENSIONS = 100;

    static Column of(Feature feature) {
        return new Column(
                feature.name(),
                feature.type(),
                feature.isSensitive(),
                Arrays.stream(feature.shape()).boxed().toList());
    }

    long[] sizes() {
        return shape.stream().mapToLong(size -> size).toArray();
    }

    /** Whether its values are looked at; of all others only whether they are there. */
    boolean hasValues() {
        return !isSensitive
                && switch (type) {
                    case NUMBER, INTEGER, CATEGORY, BOOLEAN -> true;
                    case TEXT, TIMESTAMP, TENSOR -> false;
                };
    }

    boolean isNumber() {
        return hasValues() && (type == FeatureType.NUMBER || type == FeatureType.INTEGER);
    }

    boolean hasNames() {
        return hasValues() && type == FeatureType.CATEGORY;
    }

    boolean isBoolean() {
        return hasValues() && type == FeatureType.BOOLEAN;
    }

    /** Why a feature of this name cannot be watched as this column, or null. */
    @Nullable
    String mismatch(Feature feature) {
        if (feature.type() != type) {
            return "'" + name + "' is " + feature.type() + " (expected: " + type + ")";
        }
        return feature.isSensitive() == isSensitive
                ? null
                : "'" + name + "' is " + (isSensitive ? "not sensitive" : "sensitive")
                        + " (expected: as in the baseline)";
    }

    void write(FormWriter out) {
        out.text(name).text(type.name()).flag(isSensitive).whole(shape.size());
        shape.forEach(out::signed);
    }

    static Column read(FormReader in) {
        String name = in.text();
        String type = in.text();
        for (FeatureType known : FeatureType.values()) {
            if (known.name().equals(type)) {
                boolean isSensitive = in.flag();
                List<Long> shape = new ArrayList<>();
                for (int size = in.whole(MAX_DIMENSIONS); shape.size() < size; ) {
                    shape.add(in.signed());
                }
                return new Column(name, known, isSensitive, List.copyOf(shape));
            }
        }
        throw in.wrong("feature '" + name + "'", "type " + type);
    }
}
