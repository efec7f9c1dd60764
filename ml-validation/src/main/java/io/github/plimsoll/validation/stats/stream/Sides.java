package io.github.plimsoll.validation.stats.stream;

/**
 * Which changes of a mean are looked for.
 *
 * @since 0.1
 */
public enum Sides {
    /** It rises. */
    RISES,
    /** It falls. */
    FALLS,
    /** It rises or falls. */
    BOTH
}
