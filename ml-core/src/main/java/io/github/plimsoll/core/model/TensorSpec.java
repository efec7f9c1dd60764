package io.github.plimsoll.core.model;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One input or output of a model as the model itself declares it: name, element type and shape.
 *
 * <p>The first dimension counts rows. A size of -1 is not fixed. An output that maps class labels to numbers, row by row,
 * has {@link #isLabelled()} true and shape {@code [-1, -1]}: its columns and their labels are known when it has run, and
 * its numbers are read as 64-bit ones whatever the model's own type. An empty shape is that of a scalar, or of a tensor
 * whose shape the model does not state.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class TensorSpec {

    private final String name;
    private final ElementType type;
    private final long[] shape;
    private final boolean labelled;

    private TensorSpec(String name, ElementType type, long[] shape, boolean labelled) {
        this.name = Objects.requireNonNull(name);
        this.type = Objects.requireNonNull(type);
        this.shape = shape;
        this.labelled = labelled;
    }

    /**
     * A tensor.
     *
     * @param name its name
     * @param type its elements' type
     * @param shape its sizes, rows first, -1 where not fixed; copied
     * @return the specification
     */
    public static TensorSpec of(String name, ElementType type, long... shape) {
        return new TensorSpec(name, type, shape.clone(), false);
    }

    /**
     * An output that maps class labels to numbers, row by row.
     *
     * @param name its name
     * @param type the numbers' type
     * @return the specification
     */
    public static TensorSpec labelled(String name, ElementType type) {
        return new TensorSpec(name, type, new long[] {-1, -1}, true);
    }

    /**
     * The tensor's name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The elements' type.
     *
     * @return the type
     */
    public ElementType type() {
        return type;
    }

    /**
     * The sizes, rows first, -1 where not fixed.
     *
     * @return a copy
     */
    public long[] shape() {
        return shape.clone();
    }

    /**
     * Whether the columns carry labels that come with each answer.
     *
     * @return true for a map from class label to number
     */
    public boolean isLabelled() {
        return labelled;
    }

    /**
     * The number of elements of one row.
     *
     * @return the product of all sizes but the first, 1 if there is no other, -1 if one of them is not fixed
     */
    public long elementsPerRow() {
        long product = 1;
        for (int d = 1; d < shape.length; d++) {
            if (shape[d] < 0) {
                return -1;
            }
            product *= shape[d];
        }
        return product;
    }

    /** Whether the other object is a specification that is alike in all. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TensorSpec that
                && name.equals(that.name)
                && type == that.type
                && labelled == that.labelled
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + type.hashCode();
    }

    /** The tensor as one line, such as {@code features: float32 [-1, 20]}. */
    @Override
    public String toString() {
        return name + ": " + type + " " + (labelled ? "by class label" : Arrays.toString(shape));
    }
}
