package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import org.jspecify.annotations.Nullable;

/** A feature as it is watched. */
record Column(String name, FeatureType type, boolean isSensitive) {

    static Column of(Feature feature) {
        return new Column(feature.name(), feature.type(), feature.isSensitive());
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
        out.text(name).text(type.name()).flag(isSensitive);
    }

    static Column read(FormReader in) {
        String name = in.text();
        String type = in.text();
        for (FeatureType known : FeatureType.values()) {
            if (known.name().equals(type)) {
                return new Column(name, known, in.flag());
            }
        }
        throw in.wrong("feature '" + name + "'", "type " + type);
    }
}
