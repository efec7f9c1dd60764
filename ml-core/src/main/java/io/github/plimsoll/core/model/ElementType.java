package io.github.plimsoll.core.model;

/**
 * The type of a tensor's elements.
 *
 * @since 0.1
 */
public enum ElementType {
    /** 32-bit floating point. */
    FLOAT32("float32", Kind.FLOATING),
    /** 64-bit floating point. */
    FLOAT64("float64", Kind.FLOATING),
    /** Signed 8-bit integer. */
    INT8("int8", Kind.INTEGRAL),
    /** Unsigned 8-bit integer. */
    UINT8("uint8", Kind.INTEGRAL),
    /** Signed 16-bit integer. */
    INT16("int16", Kind.INTEGRAL),
    /** Signed 32-bit integer. */
    INT32("int32", Kind.INTEGRAL),
    /** Signed 64-bit integer. */
    INT64("int64", Kind.INTEGRAL),
    /** True or false. */
    BOOL("bool", Kind.BOOLEAN),
    /** Text. */
    STRING("string", Kind.TEXT);

    private enum Kind {
        FLOATING,
        INTEGRAL,
        BOOLEAN,
        TEXT
    }

    private final String label;
    private final Kind kind;

    ElementType(String label, Kind kind) {
        this.label = label;
        this.kind = kind;
    }

    /**
     * Whether the elements are floating-point numbers.
     *
     * @return true for {@link #FLOAT32} and {@link #FLOAT64}
     */
    public boolean isFloating() {
        return kind == Kind.FLOATING;
    }

    /**
     * Whether the elements are whole numbers.
     *
     * @return true for the signed and unsigned integers
     */
    public boolean isIntegral() {
        return kind == Kind.INTEGRAL;
    }

    /** The type's usual name, such as {@code float32}. */
    @Override
    public String toString() {
        return label;
    }
}
