package io.github.plimsoll.monitoring.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one feature looked like in the baseline: its cells and how many rows fell into each. Immutable.
 *
 * @since 0.1
 */
public final class FeatureBaseline {

    private final String name;
    private final FeatureType type;
    private final boolean sensitive;
    private final List<Cell> cells;

    FeatureBaseline(String name, FeatureType type, boolean sensitive, List<Cell> cells) {
        this.name = name;
        this.type = type;
        this.sensitive = sensitive;
        this.cells = List.copyOf(cells);
    }

    /**
     * The feature's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The feature's type.
     *
     * @return the type
     */
    public FeatureType type() {
        return type;
    }

    /**
     * Whether the feature is sensitive, in which case the baseline knows none of its values.
     *
     * @return true if it is
     */
    public boolean isSensitive() {
        return sensitive;
    }

    /**
     * The cells: null and invalid first, then what is special about the type, then values and ranges in ascending order, or by
     * falling count for categories.
     *
     * @return an immutable list; every value of the feature falls into exactly one
     */
    public List<Cell> cells() {
        return cells;
    }

    /** Whether values of a feature can be counted in these cells; the words are for a message. */
    @Nullable
    String mismatch(Feature feature) {
        if (feature.type() != type) {
            return "'" + name + "' is " + feature.type() + " (expected: " + type + ")";
        }
        return feature.isSensitive() == sensitive
                ? null
                : "'" + name + "' is " + (sensitive ? "not sensitive" : "sensitive")
                        + " (expected: as in the baseline)";
    }

    /** What counts a feature of this name, found at an index of each row. */
    CellIndex index(Feature feature, int index) {
        if (sensitive) {
            return new CellIndex.OfPresence(index);
        }
        return switch (type) {
            case NUMBER, INTEGER -> new CellIndex.OfNumber(index, cells);
            case BOOLEAN -> new CellIndex.OfBoolean(index);
            case CATEGORY -> new CellIndex.OfCategory(index, feature, cells);
            case TEXT, TIMESTAMP, TENSOR -> new CellIndex.OfPresence(index);
        };
    }

    /** Whether the other object is a baseline of an equal feature with equal cells. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FeatureBaseline that
                && name.equals(that.name)
                && type == that.type
                && sensitive == that.sensitive
                && cells.equals(that.cells);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, type, cells);
    }

    /** The feature in a few words, such as {@code temperature: number in 37 cells}. */
    @Override
    public String toString() {
        return name + ": " + type.name().toLowerCase(Locale.ROOT) + " in " + cells.size() + " cells";
    }
}
