package io.github.plimsoll.validation.stats;

/**
 * What a test looks for beside the null hypothesis. Each test says what "less" and "greater" compare.
 *
 * @since 0.1
 */
public enum Alternative {
    /** A difference in either direction. */
    TWO_SIDED,
    /** The first is less. */
    LESS,
    /** The first is greater. */
    GREATER
}
