package io.github.plimsoll.core.schema;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One input of a model: its name, its type and what its values may be.
 *
 * <pre>{@code
 * Feature.number("temperature").unit("°C").range(-30, 50)
 * Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER")
 * Feature.text("iban").sensitive()
 * }</pre>
 *
 * <p>Immutable; each method returns a changed copy. A feature is not nullable, unbounded and not sensitive until told
 * otherwise.
 *
 * @since 0.1
 */
public final class Feature {

    private static final long[] NO_SHAPE = {};

    private final String name;
    private final FeatureType type;
    private final boolean nullable;
    private final double min;
    private final double max;
    private final @Nullable String unit;
    private final boolean sensitive;
    private final List<String> categories;
    private final long[] shape;

    private Feature(
            String name,
            FeatureType type,
            boolean nullable,
            double min,
            double max,
            @Nullable String unit,
            boolean sensitive,
            List<String> categories,
            long[] shape) {
        this.name = name;
        this.type = type;
        this.nullable = nullable;
        this.min = min;
        this.max = max;
        this.unit = unit;
        this.sensitive = sensitive;
        this.categories = categories;
        this.shape = shape;
    }

    private static Feature of(String name, FeatureType type, List<String> categories, long[] shape) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: '" + name + "' (expected: a name that is not blank)");
        }
        return new Feature(
                name, type, false, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, null, false, categories, shape);
    }

    /**
     * A feature of type {@link FeatureType#NUMBER}.
     *
     * @param name the feature's name
     * @return the feature
     * @throws IllegalArgumentException if the name is blank
     */
    public static Feature number(String name) {
        return of(name, FeatureType.NUMBER, List.of(), NO_SHAPE);
    }

    /**
     * A feature of type {@link FeatureType#INTEGER}.
     *
     * @param name the feature's name
     * @return the feature
     * @throws IllegalArgumentException if the name is blank
     */
    public static Feature integer(String name) {
        return of(name, FeatureType.INTEGER, List.of(), NO_SHAPE);
    }

    /**
     * A feature of type {@link FeatureType#BOOLEAN}.
     *
     * @param name the feature's name
     * @return the feature
     * @throws IllegalArgumentException if the name is blank
     */
    public static Feature bool(String name) {
        return of(name, FeatureType.BOOLEAN, List.of(), NO_SHAPE);
    }

    /**
     * A feature of type {@link FeatureType#CATEGORY}.
     *
     * @param name the feature's name
     * @param categories the names its values may take, in the order that gives their codes; none for an open set
     * @return the feature
     * @throws IllegalArgumentException if the name is blank or a category stands twice
     */
    public static Feature category(String name, String... categories) {
        return category(name, List.of(categories));
    }

    /**
     * A feature of type {@link FeatureType#CATEGORY}.
     *
     * @param name the feature's name
     * @param categories the names its values may take, in the order that gives their codes; empty for an open set
     * @return the feature
     * @throws IllegalArgumentException if the name is blank or a category stands twice
     */
    public static Feature category(String name, List<String> categories) {
        if (new LinkedHashSet<>(categories).size() != categories.size()) {
            throw new IllegalArgumentException(
                    "categories of '" + name + "': " + categories + " (expected: no repeats)");
        }
        return of(name, FeatureType.CATEGORY, List.copyOf(categories), NO_SHAPE);
    }

    /**
     * A feature of type {@link FeatureType#TEXT}.
     *
     * @param name the feature's name
     * @return the feature
     * @throws IllegalArgumentException if the name is blank
     */
    public static Feature text(String name) {
        return of(name, FeatureType.TEXT, List.of(), NO_SHAPE);
    }

    /**
     * A feature of type {@link FeatureType#TIMESTAMP}.
     *
     * @param name the feature's name
     * @return the feature
     * @throws IllegalArgumentException if the name is blank
     */
    public static Feature timestamp(String name) {
        return of(name, FeatureType.TIMESTAMP, List.of(), NO_SHAPE);
    }

    /**
     * A feature of type {@link FeatureType#TENSOR}.
     *
     * @param name the feature's name
     * @param shape the size of each dimension of one row's value, outermost first; -1 where the size may differ from row
     *     to row (at most one, and the first)
     * @return the feature
     * @throws IllegalArgumentException if the name is blank, or the shape is empty or has a size that is not allowed
     */
    public static Feature tensor(String name, long... shape) {
        boolean allowed = shape.length > 0;
        for (int d = 0; d < shape.length; d++) {
            allowed &= shape[d] > 0 || (shape[d] == -1 && d == 0);
        }
        if (!allowed) {
            throw new IllegalArgumentException("shape of '" + name + "': " + Arrays.toString(shape)
                    + " (expected: sizes > 0, the first may be -1)");
        }
        return of(name, FeatureType.TENSOR, List.of(), shape.clone());
    }

    /**
     * This feature with another name.
     *
     * @param other the name wanted
     * @return a changed copy
     * @throws IllegalArgumentException if the name is blank
     */
    public Feature named(String other) {
        Feature renamed = of(other, type, categories, shape);
        return new Feature(renamed.name, type, nullable, min, max, unit, sensitive, categories, shape);
    }

    /**
     * This feature, allowed to be null or absent.
     *
     * @return a changed copy
     */
    public Feature nullable() {
        return new Feature(name, type, true, min, max, unit, sensitive, categories, shape);
    }

    /**
     * This feature with a range that its values, or every element of a tensor, should keep to; both ends belong to it.
     *
     * <p>The range is a statement about the data. It is a guard, not the schema, that acts on it. For an
     * {@link FeatureType#INTEGER} feature, ends beyond 2<sup>53</sup> are as exact as a {@code double} is.
     *
     * @param least the smallest value, or negative infinity
     * @param greatest the largest value, or positive infinity
     * @return a changed copy
     * @throws IllegalArgumentException if an end is NaN or {@code least > greatest}
     * @throws IllegalStateException if the feature is neither a number nor an integer nor a tensor
     */
    public Feature range(double least, double greatest) {
        if (type != FeatureType.NUMBER && type != FeatureType.INTEGER && type != FeatureType.TENSOR) {
            throw new IllegalStateException(
                    "range of '" + name + "': " + type + " has none (expected: NUMBER, INTEGER or TENSOR)");
        }
        if (!(least <= greatest)) {
            throw new IllegalArgumentException(
                    "range of '" + name + "': " + least + " to " + greatest + " (expected: least <= greatest)");
        }
        return new Feature(name, type, nullable, least, greatest, unit, sensitive, categories, shape);
    }

    /**
     * This feature with the unit that its values are in.
     *
     * @param symbol the unit's symbol, such as {@code °C}, {@code EUR} or {@code km/h}
     * @return a changed copy
     */
    public Feature unit(String symbol) {
        return new Feature(
                name, type, nullable, min, max, Objects.requireNonNull(symbol), sensitive, categories, shape);
    }

    /**
     * This feature, marked as personal or secret: its values appear in no log, message or profile.
     *
     * @return a changed copy
     */
    public Feature sensitive() {
        return new Feature(name, type, nullable, min, max, unit, true, categories, shape);
    }

    /**
     * The feature's name.
     *
     * @return a name that is not blank
     */
    public String name() {
        return name;
    }

    /**
     * What the feature's values are.
     *
     * @return the type
     */
    public FeatureType type() {
        return type;
    }

    /**
     * Whether the feature may be null or absent.
     *
     * @return true if it may
     */
    public boolean isNullable() {
        return nullable;
    }

    /**
     * The smallest value of the range.
     *
     * @return a number, negative infinity where there is no such end
     */
    public double min() {
        return min;
    }

    /**
     * The largest value of the range.
     *
     * @return a number, positive infinity where there is no such end
     */
    public double max() {
        return max;
    }

    /**
     * The unit that the values are in.
     *
     * @return the unit's symbol, or null if none was stated
     */
    public @Nullable String unit() {
        return unit;
    }

    /**
     * Whether the values are personal or secret.
     *
     * @return true if they must not appear in a log, message or profile
     */
    public boolean isSensitive() {
        return sensitive;
    }

    /**
     * The names that a category's values may take, in the order of their codes.
     *
     * @return an immutable list, empty for an open set and for every other type
     */
    public List<String> categories() {
        return categories;
    }

    /**
     * The shape of one row's value of a tensor.
     *
     * @return a copy of the shape, empty for every other type
     */
    public long[] shape() {
        return shape.clone();
    }

    /** Whether the other object is a feature that is alike in all. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Feature that
                && name.equals(that.name)
                && type == that.type
                && nullable == that.nullable
                && Double.compare(min, that.min) == 0
                && Double.compare(max, that.max) == 0
                && Objects.equals(unit, that.unit)
                && sensitive == that.sensitive
                && categories.equals(that.categories)
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + type.hashCode();
    }

    /** The feature as one line, such as {@code temperature: number in °C, -30.0 to 50.0}. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(name).append(": ").append(type.name().toLowerCase(java.util.Locale.ROOT));
        if (unit != null) {
            text.append(" in ").append(unit);
        }
        if (!categories.isEmpty()) {
            text.append(' ').append(categories);
        }
        if (shape.length > 0) {
            text.append(' ').append(Arrays.toString(shape));
        }
        if (min != Double.NEGATIVE_INFINITY || max != Double.POSITIVE_INFINITY) {
            text.append(", ").append(min).append(" to ").append(max);
        }
        if (nullable) {
            text.append(", nullable");
        }
        if (sensitive) {
            text.append(", sensitive");
        }
        return text.toString();
    }
}
