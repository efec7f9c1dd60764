package io.github.plimsoll.validation.data;

import java.time.LocalDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the values of one column are, as far as rules can rest on it.
 *
 * @param name the column
 * @param kind what all values can be read as
 * @param rows how many rows there are
 * @param values how many of them have a value; the words for null among numbers are none
 * @param words the words that probably stand for null, with their counts
 * @param unreadable how many values are none of the kind, and not known: of a profile
 * @param counts the different values with their counts; null if there are too many to have been kept
 * @param smallest the smallest numbers, ascending; of timestamps, milliseconds
 * @param largest the largest numbers, descending
 * @param notFinite how many numbers are NaN or infinite
 * @param pointed how many numbers are written with a decimal point or exponent
 * @param strangers for texts: how many of the values are numbers
 * @param untyped for texts: how many values are none in the table itself, such as a number of JSON
 * @param unique whether no value is there twice; only told of whole numbers, timestamps and texts
 * @param ascending whether each value is greater than the one before, told as above
 * @param lengths the number of characters of texts
 * @param pattern the form of all texts, or null
 * @param timeForm how texts are dates without a zone, or null
 * @param ambiguous whether they are dates also with day and month exchanged
 * @param earliest the earliest of these dates
 * @param latest the latest of these dates
 * @param elements of tensors, how many elements each has, -1 if they differ
 * @param sensitive whether the values must not be looked at: then they are not in here
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ColumnFacts(
        String name,
        Kind kind,
        long rows,
        long values,
        Map<String, Long> words,
        long unreadable,
        @Nullable Map<String, Long> counts,
        double[] smallest,
        double[] largest,
        long notFinite,
        long pointed,
        long strangers,
        long untyped,
        boolean unique,
        boolean ascending,
        Extremes lengths,
        @Nullable String pattern,
        @Nullable TimeForm timeForm,
        boolean ambiguous,
        @Nullable LocalDateTime earliest,
        @Nullable LocalDateTime latest,
        int elements,
        boolean sensitive) {

    /** What values are. */
    enum Kind {
        /** There is none. */
        EMPTY,
        /** Whole numbers, written as such. */
        INTEGER,
        /** Numbers. */
        NUMBER,
        /** True and false. */
        BOOLEAN,
        /** Moments, with a zone. */
        TIMESTAMP,
        /** Arrays of numbers. */
        TENSOR,
        /** Objects, or arrays of something else. */
        OBJECT,
        /** Texts, and whatever is mixed. */
        TEXT
    }

    boolean isNumeric() {
        return kind == Kind.INTEGER || kind == Kind.NUMBER;
    }

    double min() {
        return smallest[0];
    }

    double max() {
        return largest[0];
    }

    long nulls() {
        return rows - values - notFinite - strays();
    }

    /** How many values are not of the kind: words for null among numbers, for instance; among texts they are texts. */
    long strays() {
        return kind == Kind.TEXT
                ? unreadable
                : unreadable
                        + words.values().stream().mapToLong(Long::longValue).sum();
    }
}
