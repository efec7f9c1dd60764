package io.github.plimsoll.validation.data;

import java.util.Objects;

/**
 * One difference between two contracts.
 *
 * @param kind what it means for data that kept to the earlier contract
 * @param path where: a column, a rule, or {@code table}
 * @param text the difference in words
 * @since 0.1
 * @see DataContract#changesSince
 */
public record ContractChange(Kind kind, String path, String text) {

    /** What a difference means for data that kept to the earlier contract. */
    public enum Kind {
        /** More is allowed: it still keeps to the contract. */
        LOOSER,
        /** Less is allowed: it may not. */
        TIGHTER,
        /** Something else is meant: it may not. */
        OTHER
    }

    /** A difference. */
    public ContractChange {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(path);
        Objects.requireNonNull(text);
    }

    /** The difference as one line, such as {@code temperature: range -40.0 to 60.0, was -30.0 to 50.0 (looser)}. */
    @Override
    public String toString() {
        return path + ": " + text + " (" + kind.name().toLowerCase(java.util.Locale.ROOT) + ")";
    }
}
