package io.github.plimsoll.core;

/**
 * How much a call matters when not all can be answered in time. Higher ones wait less and are refused last.
 *
 * @since 0.1
 * @see CallOptions
 */
public enum Priority {
    /** The first to be refused: backfills, prefetching, what can be asked again tomorrow. */
    LOW,
    /** Unless said otherwise. */
    NORMAL,
    /** The last to be refused: somebody waits for it. */
    HIGH
}
