package io.github.plimsoll.monitoring.profile;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the cells that a feature's values are counted in, with what the baseline knows of it. Each value of a feature falls
 * into exactly one of the feature's cells. Immutable.
 *
 * @since 0.1
 */
public final class Cell {

    /** What falls into a cell. Kinds may be added. */
    public enum Kind {
        /** Null, where the feature may be. */
        NULL,
        /** What could not be read. */
        INVALID,
        /** The number NaN. */
        NAN,
        /** Negative infinity. */
        NEGATIVE_INFINITY,
        /** Positive infinity. */
        POSITIVE_INFINITY,
        /** Numbers above {@link Cell#above()}, up to and including {@link Cell#to()}, that have no cell of their own. */
        RANGE,
        /** One value: a number that many rows have, a category, true or false. */
        VALUE,
        /** Values that few rows of the baseline have, together; numbers between those that have cells. */
        OTHER,
        /** Categories that the feature does not declare or, if it declares none, that the baseline does not know. */
        UNSEEN,
        /** Any value, of a feature whose values are not told apart: text, tensors, timestamps and whatever is sensitive. */
        PRESENT
    }

    private final Kind kind;
    private final long count;
    private final double expected;
    private final double above;
    private final double to;
    private final List<String> names;

    private Cell(Kind kind, long count, double expected, double above, double to, List<String> names) {
        if (count < 0 || !(expected >= 0 && expected <= Double.MAX_VALUE) || !(above <= to)) {
            throw new IllegalArgumentException("cell " + kind + ": count " + count + ", expected " + expected
                    + ", from " + above + " to " + to + " (expected: counts >= 0, ends in order)");
        }
        this.kind = kind;
        this.count = count;
        this.expected = expected;
        this.above = above;
        this.to = to;
        this.names = List.copyOf(names);
    }

    static Cell of(Kind kind, long count) {
        return new Cell(kind, count, count, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of());
    }

    static Cell range(double above, double to, long count) {
        return new Cell(Kind.RANGE, count, count, above, to, List.of());
    }

    static Cell number(double value, long count) {
        return new Cell(Kind.VALUE, count, count, value, value, List.of());
    }

    static Cell names(Kind kind, List<String> names, long count) {
        return names(kind, names, count, (double) count);
    }

    static Cell names(Kind kind, List<String> names, long count, double expected) {
        return new Cell(kind, count, expected, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, names);
    }

    /**
     * What falls into the cell.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * How many rows of the baseline fell into the cell.
     *
     * @return a number >= 0
     */
    public long count() {
        return count;
    }

    /**
     * How many rows of the baseline say how often to expect the cell. This is the {@linkplain #count() count}, but for
     * categories of which only the most frequent names have cells: of these, half of the rows chose the cells and the other
     * half is counted here, since the counts of those that chose are too high by the choice.
     *
     * @return a number >= 0; only its share of the sum over all cells means something
     */
    public double expected() {
        return expected;
    }

    /**
     * The lower end of a range, which is not in it; the value itself for a number.
     *
     * @return a number, negative infinity where there is no such end
     */
    public double above() {
        return above;
    }

    /**
     * The upper end of a range, which is in it; the value itself for a number.
     *
     * @return a number, positive infinity where there is no such end
     */
    public double to() {
        return to;
    }

    /**
     * The categories in the cell; {@code true} or {@code false} for a boolean.
     *
     * @return an immutable list, empty for numbers and for cells that no name is known of
     */
    public List<String> names() {
        return names;
    }

    /** Whether the other object is a cell that is alike in all. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cell that
                && kind == that.kind
                && count == that.count
                && Double.compare(expected, that.expected) == 0
                && Double.compare(above, that.above) == 0
                && Double.compare(to, that.to) == 0
                && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, count, above, to, names);
    }

    /** The cell in words that follow a feature's name, such as {@code > 36.2} or {@code is null}. */
    @Override
    public String toString() {
        return switch (kind) {
            case NULL -> "is null";
            case INVALID -> "cannot be read";
            case NAN -> "is NaN";
            case NEGATIVE_INFINITY -> "is -Infinity";
            case POSITIVE_INFINITY -> "is Infinity";
            case RANGE -> range();
            case VALUE -> "= " + (names.isEmpty() ? Words.number(to) : names.get(0));
            case OTHER -> "is a rare value";
            case UNSEEN -> "is a new name";
            case PRESENT -> "has a value";
        };
    }

    private String range() {
        if (above == Double.NEGATIVE_INFINITY) {
            return to == Double.POSITIVE_INFINITY ? "is a number" : "<= " + Words.number(to);
        }
        return to == Double.POSITIVE_INFINITY
                ? "> " + Words.number(above)
                : "> " + Words.number(above) + " and <= " + Words.number(to);
    }
}
