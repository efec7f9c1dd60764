package io.github.plimsoll.core.schema;

/**
 * What a feature's values are, and how {@link FeatureRow} holds them.
 *
 * @since 0.1
 */
public enum FeatureType {
    /** A real number, held as a {@code double}. */
    NUMBER,
    /** A whole number, held as a {@code long}; never rounded through a {@code double}. */
    INTEGER,
    /** True or false. */
    BOOLEAN,
    /** One of a set of names. With a declared set, held as the name's index in it. */
    CATEGORY,
    /** Free text. */
    TEXT,
    /** A point on the time line, held as milliseconds since 1970-01-01T00:00:00Z, rounded down. */
    TIMESTAMP,
    /** An array of numbers of a fixed shape: an embedding, an image, a window of readings. */
    TENSOR
}
