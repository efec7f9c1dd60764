package io.github.plimsoll.validation.data;

/**
 * How far a column has come. Only columns that are {@link #BETA} or in {@link #PRODUCTION} are checked; the others are known, so
 * that they are not taken for surplus ones.
 *
 * @since 0.1
 */
public enum Lifecycle {
    /** Not there yet. */
    PLANNED,
    /** Being tried out; may be missing or wrong. */
    ALPHA,
    /** Used by some models. */
    BETA,
    /** Used. */
    PRODUCTION,
    /** On its way out; may be missing or wrong. */
    DEPRECATED,
    /** Only there to look for faults. */
    DEBUG_ONLY,
    /** Not to be used. */
    DISABLED;

    /**
     * Whether columns at this stage are checked.
     *
     * @return true for {@link #BETA} and {@link #PRODUCTION}
     */
    public boolean isChecked() {
        return this == BETA || this == PRODUCTION;
    }
}
