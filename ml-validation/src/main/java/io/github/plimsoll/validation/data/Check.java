package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Violation;

/**
 * Everything that a contract can say of one column or of a table, and what happens by default where it is broken. What is said
 * between columns is a {@link RowRule}, which has a name of its own.
 *
 * @since 0.1
 */
public enum Check {
    /** The value can be read as the column's type. */
    TYPE(Violation.TYPE, Scope.VALUE),
    /** The column is there. */
    MISSING(Violation.MISSING, Scope.VALUE),
    /** The value is not null. */
    NULL(Violation.NULL, Scope.VALUE),
    /** There is no column that the contract does not know. */
    UNEXPECTED(Violation.UNEXPECTED, Scope.VALUE),
    /** The number can be held by the column's type without changing it. */
    INEXACT(Violation.INEXACT, Scope.VALUE),
    /** The number is within the range. */
    RANGE(Violation.RANGE, Scope.VALUE),
    /** The number is neither NaN nor infinite. */
    NOT_FINITE(Violation.NOT_FINITE, Scope.VALUE),
    /** The category is one of those that are known. */
    UNKNOWN_CATEGORY(Violation.UNKNOWN_CATEGORY, Scope.VALUE),
    /** The text has as many characters, or the array as many elements, as it should. */
    LENGTH(Violation.LENGTH, Scope.VALUE),
    /** The text has the right form. */
    PATTERN("pattern", Scope.VALUE),
    /** The text is sound, and plain if it should be: see {@link ColumnContract#plain}. */
    CHARACTERS("characters", Scope.VALUE),
    /** The timestamp is within its bounds. */
    TIME("time", Scope.VALUE),
    /** Enough rows have a value. */
    PRESENCE("presence", Scope.COLUMN),
    /** No value is there twice. */
    UNIQUE("unique", Scope.COLUMN),
    /** There are neither too few nor too many different values. */
    DISTINCT("distinct", Scope.COLUMN),
    /** The values are in order. */
    ORDER("order", Scope.COLUMN),
    /** Enough values are of a known category. */
    MASS("mass", Scope.COLUMN),
    /** The values are distributed as they were in the data of the day before. */
    DRIFT("drift", Scope.COLUMN),
    /** The values are distributed when serving as they were when training. */
    SKEW("skew", Scope.COLUMN),
    /** There are neither too few nor too many rows. */
    ROW_COUNT("row-count", Scope.TABLE),
    /** The columns are in the contract's order. */
    COLUMN_ORDER("column-order", Scope.TABLE),
    /** The newest row is new enough. */
    FRESHNESS("freshness", Scope.TABLE),
    /** Not too many rows are there twice. */
    DUPLICATES("duplicates", Scope.TABLE),
    /** No two rows have the same key. */
    KEY("key", Scope.TABLE);

    /** What has to be seen to know whether a rule is broken. */
    public enum Scope {
        /** One value: it can be checked as a row passes, by a guard. */
        VALUE,
        /** All values of a column. */
        COLUMN,
        /** All rows. */
        TABLE
    }

    private final String code;
    private final Scope scope;

    Check(String code, Scope scope) {
        this.code = code;
        this.scope = scope;
    }

    /**
     * The code of the violations, also the name in a contract's file.
     *
     * @return lower-case words joined by hyphens
     */
    public String code() {
        return code;
    }

    /**
     * What has to be seen.
     *
     * @return the scope
     */
    public Scope scope() {
        return scope;
    }

    /** The code. */
    @Override
    public String toString() {
        return code;
    }
}
