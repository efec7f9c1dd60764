package io.github.plimsoll.validation.stats;

/**
 * Whether a discrete statistic is moved half a step before it is compared with a continuous limit.
 *
 * @since 0.1
 */
public enum Correction {
    /** It is not. */
    NONE,
    /** It is, which Yates and Edwards gave their names to; p-values become larger. */
    CONTINUITY
}
