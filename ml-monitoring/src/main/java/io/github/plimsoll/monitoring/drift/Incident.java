package io.github.plimsoll.monitoring.drift;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that went wrong with a stream, as one finding however many columns it moved.
 *
 * @param window the number of the window in which it was found
 * @param kind what it looks like
 * @param columns the columns concerned, the most likely cause first; {@code *} stands for whole rows
 * @param evidence how sure, as a power of ten
 * @param threshold the evidence from which on the budget lets an alarm be raised
 * @param windows how many windows, the last included, the evidence was gathered over
 * @param findings what was seen: what the kind was told by first, then the cells that moved, the rows that carry it, what else
 *     moved, and what it did to the predictions
 * @since 0.1
 */
public record Incident(
        long window,
        Kind kind,
        List<String> columns,
        double evidence,
        double threshold,
        int windows,
        List<Finding> findings) {

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
        /** Names are spelled in another way: in case, spaces or punctuation. */
        CATEGORY_CASE,
        /** Names were written in one encoding and read in another, or their accents are composed in another way. */
        ENCODING_CHANGE,
        /** One value stands for all or many others. */
        STUCK_VALUE,
        /** A number that stands for something else, such as -1 or 999. */
        SENTINEL,
        /** Some numbers far outside the range. */
        SPIKES,
        /** All or many numbers are in another unit: multiplied by the same factor, or that and an offset. */
        UNIT_CHANGE,
        /** All numbers have moved by about the same amount. */
        GRADUAL_SHIFT,
        /** Numbers have another sign. */
        SIGN_FLIP,
        /** Numbers have fewer decimals. */
        PRECISION_LOSS,
        /** Two columns stand in each other's place. */
        COLUMN_SWAP,
        /** Three or more columns stand in each other's places. */
        COLUMN_ORDER,
        /** Hours or other cyclic numbers are turned by some steps. */
        TZ_SHIFT,
        /** Rows are repeated. */
        DUPLICATE_ROWS,
        /** The mix of rows is another. */
        SUBPOPULATION,
        /** Many answers are not the model's: a fallback gave them, or there were none. */
        FALLBACK_STORM,
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
        findings = List.copyOf(findings);
    }

    /**
     * The first of the windows that the evidence was gathered over: about when it began.
     *
     * @return the number of a window
     */
    public long onset() {
        return window - windows + 1;
    }

    /**
     * What was seen, in words.
     *
     * @return the {@link #findings}, a line each
     */
    public List<String> details() {
        return findings.stream().map(Finding::toString).toList();
    }

    /**
     * The first finding of a kind, such as the factor of a unit change.
     *
     * @param <F> the kind of finding
     * @param type its class
     * @return the finding, if there is one
     */
    public <F extends Finding> Optional<F> finding(Class<F> type) {
        return findings.stream().filter(type::isInstance).map(type::cast).findFirst();
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
                findings.isEmpty() ? "" : ": " + String.join("; ", details()));
    }
}
