package io.github.plimsoll.core.schema;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The features of one input, read once and laid out flat: what the guard checks, the cache compares, the model is fed,
 * the profiles count and the log writes.
 *
 * <p>Features are addressed by their index in {@link Schema#features()}. A feature is in one of three states: it has a
 * value, it is {@linkplain #isNull null}, or it {@linkplain #isInvalid could not be read}; what could not be read is
 * listed in {@link #violations()}.
 *
 * <p>Immutable and thread-safe. Reading a primitive allocates nothing. Two rows are equal if they come from the same
 * schema and every feature is in the same state with the same bits: any NaN equals any NaN, and {@code -0.0} differs from
 * {@code 0.0}, since a model may tell them apart. A {@code float[]} never equals a {@code double[]}. What could not be read
 * is not compared. So a row can serve as a cache key.
 *
 * @since 0.1
 */
public final class FeatureRow {

    // One slot a feature: the bits of a double, a long, 0 or 1, epoch milliseconds, or a category's code. What has no
    // primitive form (text, a category outside the declared set, a tensor, a value that could not be read) is in
    // objects at the same index, and objects is null for rows that have none: most rows of most tables.
    private static final int OBJECT_BYTES = 40;
    private static final int ARRAY_HEADER_BYTES = 16;
    private static final int STRING_BYTES = 24;
    private static final int POINTER_BYTES = 4;

    private final SchemaLayout layout;
    private final long[] slots;
    private final @Nullable Object @Nullable [] objects;
    private final long @Nullable [] nulls;
    private final long @Nullable [] invalid;
    private final List<Violation> violations;
    private int hash; // 0 until asked for; threads may race here: each computes the same

    FeatureRow(
            SchemaLayout layout,
            long[] slots,
            @Nullable Object @Nullable [] objects,
            long @Nullable [] nulls,
            long @Nullable [] invalid,
            List<Violation> violations) {
        this.layout = layout;
        this.slots = slots;
        this.objects = objects;
        this.nulls = nulls;
        this.invalid = invalid;
        this.violations = violations;
    }

    /**
     * The number of features.
     *
     * @return a number > 0
     */
    public int size() {
        return slots.length;
    }

    /**
     * The features in the order of their indexes.
     *
     * @return an immutable list
     */
    public List<Feature> features() {
        return layout.features();
    }

    /**
     * The index of the feature with a name.
     *
     * @param name the name
     * @return the index, or -1 if there is no such feature
     */
    public int indexOf(String name) {
        return layout.indexOf(name);
    }

    /**
     * Whether the feature is null.
     *
     * @param index the feature's index
     * @return true if it has no value because none was given
     * @throws IndexOutOfBoundsException if there is no such feature
     */
    public boolean isNull(int index) {
        return isSet(nulls, Objects.checkIndex(index, slots.length));
    }

    /**
     * Whether what was given for the feature could not be read; {@link #violations()} says why.
     *
     * @param index the feature's index
     * @return true if it has no value because what was given is none
     * @throws IndexOutOfBoundsException if there is no such feature
     */
    public boolean isInvalid(int index) {
        return isSet(invalid, Objects.checkIndex(index, slots.length));
    }

    private static boolean isSet(long @Nullable [] bits, int index) {
        return bits != null && (bits[index >>> 6] & (1L << index)) != 0;
    }

    /**
     * A number, integer, boolean (0 or 1) or timestamp (milliseconds) as a {@code double}.
     *
     * @param index the feature's index
     * @return the value, or NaN if the feature is null or invalid; an integer beyond 2<sup>53</sup> is rounded
     * @throws IndexOutOfBoundsException if there is no such feature
     * @throws IllegalStateException if the feature is of another type
     */
    public double number(int index) {
        long bits = slots[index];
        return switch (layout.type(index)) {
            case NUMBER -> Double.longBitsToDouble(bits);
            case INTEGER, BOOLEAN, TIMESTAMP -> isNull(index) || isInvalid(index) ? Double.NaN : (double) bits;
            default -> throw wrongType(index, "a number");
        };
    }

    /**
     * An integer, boolean (0 or 1) or timestamp (milliseconds) as a {@code long}.
     *
     * @param index the feature's index
     * @return the value, or 0 if the feature is null or invalid
     * @throws IndexOutOfBoundsException if there is no such feature
     * @throws IllegalStateException if the feature is of another type
     */
    public long integer(int index) {
        return switch (layout.type(index)) {
            case INTEGER, BOOLEAN, TIMESTAMP -> slots[index];
            default -> throw wrongType(index, "an integer");
        };
    }

    /**
     * A category's index in {@link Feature#categories()}.
     *
     * @param index the feature's index
     * @return the code, or -1 if the feature is null or invalid or its value is not in the declared set
     * @throws IndexOutOfBoundsException if there is no such feature
     * @throws IllegalStateException if the feature is not a category
     */
    public int categoryCode(int index) {
        if (layout.type(index) != FeatureType.CATEGORY) {
            throw wrongType(index, "a category");
        }
        return (int) slots[index];
    }

    /**
     * A category's name, or a text.
     *
     * @param index the feature's index
     * @return the value, or null if the feature is null or invalid
     * @throws IndexOutOfBoundsException if there is no such feature
     * @throws IllegalStateException if the feature is neither a category nor a text
     */
    public @Nullable String text(int index) {
        FeatureType type = layout.type(index);
        if (type != FeatureType.CATEGORY && type != FeatureType.TEXT) {
            throw wrongType(index, "a category or a text");
        }
        int code = type == FeatureType.CATEGORY ? (int) slots[index] : -1;
        return code >= 0 ? layout.feature(index).categories().get(code) : (String) heldObject(index);
    }

    /**
     * The number of elements of a tensor.
     *
     * @param index the feature's index
     * @return the number of elements, 0 if the feature is null or invalid
     * @throws IndexOutOfBoundsException if there is no such feature
     * @throws IllegalStateException if the feature is not a tensor
     */
    public int tensorLength(int index) {
        Object array = tensorArray(index);
        return array == null ? 0 : java.lang.reflect.Array.getLength(array);
    }

    /**
     * One element of a tensor, in row-major order.
     *
     * @param index the feature's index
     * @param element the element's index
     * @return the element
     * @throws IndexOutOfBoundsException if there is no such feature or element
     * @throws IllegalStateException if the feature is not a tensor
     */
    public double tensorElement(int index, int element) {
        Object array = tensorArray(index);
        if (array instanceof float[] floats) {
            return floats[element];
        }
        if (array instanceof double[] doubles) {
            return doubles[element];
        }
        throw new IndexOutOfBoundsException("element " + element + " of '"
                + features().get(index).name() + "' (expected: a tensor that is neither null nor invalid)");
    }

    private @Nullable Object tensorArray(int index) {
        if (layout.type(index) != FeatureType.TENSOR) {
            throw wrongType(index, "a tensor");
        }
        return heldObject(index);
    }

    /**
     * A feature's value as an object: {@code Double}, {@code Long}, {@code Boolean}, {@code String}, {@code Instant},
     * {@code float[]} or {@code double[]} (a copy).
     *
     * @param index the feature's index
     * @return the value, or null if the feature is null or invalid
     * @throws IndexOutOfBoundsException if there is no such feature
     */
    public @Nullable Object value(int index) {
        if (isNull(index) || isInvalid(index)) {
            return null;
        }
        return switch (layout.type(index)) {
            case NUMBER -> Double.longBitsToDouble(slots[index]);
            case INTEGER -> slots[index];
            case BOOLEAN -> slots[index] != 0;
            case TIMESTAMP -> Instant.ofEpochMilli(slots[index]);
            case CATEGORY, TEXT -> text(index);
            case TENSOR ->
                tensorArray(index) instanceof float[] floats
                        ? floats.clone()
                        : tensorArray(index) instanceof double[] doubles ? doubles.clone() : null;
        };
    }

    /**
     * What was given for a feature that could not be read, for a guard that knows how to repair it.
     *
     * @param index the feature's index
     * @return what was given, not a copy; a whole number as a {@code Long} or {@code BigInteger}, a floating-point number as
     *     a {@code Double}, JSON's arrays and objects as nodes; null if the feature is not invalid, or nothing was given
     * @throws IndexOutOfBoundsException if there is no such feature
     */
    public @Nullable Object invalidValue(int index) {
        return objects != null && isInvalid(index) ? objects[index] : null;
    }

    /**
     * What was wrong when the input was read. A call whose row still has violations after the guard fails.
     *
     * <p>At most 100 violations are listed. If there were more, two last ones say how many: one of code
     * {@link Violation#UNEXPECTED} for unknown fields, one of code {@code more} for features; both have the path
     * {@code input}.
     *
     * @return an immutable list, empty for a sound row
     */
    public List<Violation> violations() {
        return violations;
    }

    /**
     * This row with another value for one feature, whose violations are dropped: the way to repair a row.
     *
     * @param index the feature's index
     * @param value the value, of a type that {@link #value} returns, an {@code Integer} for an integer, or null
     * @return a changed copy; if the value is not one the feature can have, its violations are in the copy
     * @throws IndexOutOfBoundsException if there is no such feature
     */
    public FeatureRow with(int index, @Nullable Object value) {
        Objects.checkIndex(index, slots.length);
        RowWriter writer = new RowWriter(layout);
        for (int i = 0; i < slots.length; i++) {
            if (i != index) {
                writer.copy(i, slots[i], objects == null ? null : objects[i], isNull(i), isInvalid(i));
            }
        }
        writer.violations(violations, index);
        writer.object(index, value);
        return writer.finish();
    }

    private IllegalStateException wrongType(int index, String wanted) {
        return new IllegalStateException("feature '" + features().get(index).name() + "' is of type "
                + layout.type(index) + " (expected: " + wanted + ")");
    }

    /**
     * An estimate of the memory that the row takes while it is kept, as in a cache: its own arrays, texts and tensors, without
     * the schema, which all rows share. For a 64-bit JVM with compressed pointers; others take more.
     *
     * @return bytes > 0; computed at each call, in time proportional to the texts' length
     */
    public long estimatedBytes() {
        long bytes = OBJECT_BYTES + array(Long.BYTES, slots.length);
        if (objects != null) {
            bytes += array(POINTER_BYTES, objects.length);
            for (int i = 0; i < objects.length; i++) {
                bytes += estimatedBytes(heldObject(i));
            }
        }
        bytes += nulls == null ? 0 : array(Long.BYTES, nulls.length);
        return bytes + (invalid == null ? 0 : array(Long.BYTES, invalid.length));
    }

    private static long estimatedBytes(@Nullable Object held) {
        if (held instanceof String text) {
            boolean latin = text.chars().allMatch(c -> c < 256);
            return STRING_BYTES + array(latin ? 1 : Character.BYTES, text.length());
        }
        if (held instanceof float[] floats) {
            return array(Float.BYTES, floats.length);
        }
        return held instanceof double[] doubles ? array(Double.BYTES, doubles.length) : 0;
    }

    /** An array's header and elements, in steps of 8 bytes. */
    private static long array(int elementBytes, int length) {
        return (ARRAY_HEADER_BYTES + (long) elementBytes * length + 7) & ~7L;
    }

    /** Whether the other object is a row of the same schema with the same bits. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof FeatureRow that
                && layout == that.layout
                && Arrays.equals(slots, that.slots)
                && Arrays.equals(nulls, that.nulls)
                && Arrays.equals(invalid, that.invalid)
                && sameObjects(that);
    }

    private boolean sameObjects(FeatureRow that) {
        for (int i = 0; (objects != null || that.objects != null) && i < slots.length; i++) {
            if (!Objects.deepEquals(heldObject(i), that.heldObject(i))) {
                return false;
            }
        }
        return true;
    }

    // What could not be read takes no part in equality: it is the caller's object, which may change or contain itself.
    private @Nullable Object heldObject(int index) {
        return objects == null || isInvalid(index) ? null : objects[index];
    }

    @Override
    public int hashCode() {
        int known = hash; // a cache and whoever joins equal calls ask several times on the way of one call
        if (known == 0) {
            known = computeHash();
            hash = known;
        }
        return known;
    }

    private int computeHash() {
        // A multiply and a rotate a slot, finished by an avalanche: neighbouring rows of small integers must spread. In
        // two
        // chains, since one multiplication after the other is what takes the time, and a processor does two at once.
        long even = 0x9E37_79B9_7F4A_7C15L;
        long odd = ~even;
        int last = slots.length - 1;
        for (int i = 0; i < last; i += 2) {
            even = Long.rotateLeft((even ^ slots[i]) * 0xBF58_476D_1CE4_E5B9L, 31);
            odd = Long.rotateLeft((odd ^ slots[i + 1]) * 0xBF58_476D_1CE4_E5B9L, 31);
        }
        if ((last & 1) == 0) {
            even = Long.rotateLeft((even ^ slots[last]) * 0xBF58_476D_1CE4_E5B9L, 31);
        }
        long hash = Long.rotateLeft(even, 32) ^ odd * 0x94D0_49BB_1331_11EBL;
        if (nulls != null) {
            hash += Arrays.hashCode(nulls);
        }
        for (int i = 0; objects != null && i < slots.length; i++) {
            Object object = heldObject(i);
            if (object != null) {
                hash = hash * 31 + hash(object);
            }
        }
        hash ^= hash >>> 32;
        hash *= 0x94D0_49BB_1331_11EBL;
        return (int) (hash ^ (hash >>> 29));
    }

    private static int hash(Object object) {
        if (object instanceof float[] floats) {
            return Arrays.hashCode(floats);
        }
        return object instanceof double[] doubles ? Arrays.hashCode(doubles) : object.hashCode();
    }

    /** The features as {@code {name=value, ...}}, with sensitive values hidden. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < size(); i++) {
            Feature feature = features().get(i);
            text.append(i == 0 ? "" : ", ").append(feature.name()).append('=');
            if (feature.isSensitive()) {
                text.append("(sensitive)");
            } else if (isInvalid(i)) {
                text.append("(invalid)");
            } else {
                Object value = value(i);
                text.append(
                        value instanceof float[] floats
                                ? Arrays.toString(floats)
                                : value instanceof double[] doubles ? Arrays.toString(doubles) : String.valueOf(value));
            }
        }
        return text.append('}').toString();
    }
}
