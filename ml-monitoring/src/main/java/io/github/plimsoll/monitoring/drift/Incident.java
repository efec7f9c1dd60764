package io.github.plimsoll.monitoring.drift;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Something that went wrong with a stream, as one finding however many columns it moved.
 *
 * @param window the number of the window in which it was found
 * @param kind what it looks like
 * @param columns the columns concerned, the most likely cause first; {@code *} stands for whole rows
 * @param evidence how sure, as a power of ten
 * @param threshold the evidence from which on the budget lets an alarm be raised
 * @param windows how many windows, the last included, the evidence was gathered over
 * @param details what was seen, in words, the strongest first
 * @since 0.1
 */
public record Incident(
        long window,
        Kind kind,
        List<String> columns,
        double evidence,
        double threshold,
        int windows,
        List<String> details) {

    /** What an incident looks like. Kinds may be added. */
    public enum Kind {
        /** Rows have a field that no feature describes. */
        ADDED_COLUMN,
        /** A field is no longer in the rows. */
        DROPPED_COLUMN,
        /** Values can no longer be read as what they were. */
        TYPE_CHANGE,
        /** More values are missing. */
        MISSING_JUMP,
        /** A name that the baseline does not have. */
        NEW_CATEGORY,
        /** Names are spelled in another way. */
        CATEGORY_CASE,
        /** One value stands for all or many others. */
        STUCK_VALUE,
        /** A number that stands for something else, such as -1 or 999. */
        SENTINEL,
        /** Some numbers far outside the range. */
        SPIKES,
        /** All or many numbers are multiplied by the same factor. */
        UNIT_CHANGE,
        /** All numbers have moved by about the same amount. */
        GRADUAL_SHIFT,
        /** Numbers have another sign. */
        SIGN_FLIP,
        /** Numbers have fewer decimals. */
        PRECISION_LOSS,
        /** Two columns stand in each other's place. */
        COLUMN_SWAP,
        /** Hours or other cyclic numbers are turned by some steps. */
        TZ_SHIFT,
        /** Rows are repeated. */
        DUPLICATE_ROWS,
        /** The mix of rows is another. */
        SUBPOPULATION,
        /** Many predictions are one constant. */
        PREDICTION_FALLBACK,
        /** Predictions have moved, inputs have not. */
        PREDICTION_SHIFT,
        /** Outcomes no longer follow the predictions as they did. */
        LABEL_FLIP
    }

    /** Copies the lists. */
    public Incident {
        Objects.requireNonNull(kind);
        columns = List.copyOf(columns);
        details = List.copyOf(details);
    }

    /**
     * The first of the windows that the evidence was gathered over: about when it began.
     *
     * @return the number of a window
     */
    public long onset() {
        return window - windows + 1;
    }

    /** The incident in a paragraph. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s in %s since window %d, evidence %.1f of %.1f%s",
                kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                String.join(", ", columns),
                onset(),
                evidence,
                threshold,
                details.isEmpty() ? "" : ": " + String.join("; ", details));
    }
}
