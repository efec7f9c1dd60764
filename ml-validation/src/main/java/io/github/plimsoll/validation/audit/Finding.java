package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.data.Anomaly;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One thing that may be wrong with a data set.
 *
 * <p>Immutable. Values of columns that are {@linkplain DataAudit#sensitive sensitive} are in none.
 *
 * @param kind what it is
 * @param severity how much it matters
 * @param columns the columns that it is about, none if it is about whole rows
 * @param count how many rows, or values of the sample, it is about; 0 if that is no number of rows
 * @param share the count as a share of what was looked at, from 0 to 1
 * @param strength how strongly columns go together: the statistic that {@link Kind} names; {@code NaN} for kinds without one
 * @param sentence what was seen, in words
 * @param examples the first rows that show it, at most {@value Anomaly#MOST_EXAMPLES}; for suspected labels the most suspicious ones
 * @since 0.1
 * @see AuditReport
 */
public record Finding(
        Kind kind,
        Severity severity,
        List<String> columns,
        long count,
        double share,
        double strength,
        String sentence,
        List<Anomaly.Example> examples) {

    /** How much a finding matters. */
    public enum Severity {
        /** A model fitted to this data would be wrong, or look better than it is. */
        ERROR,
        /** Look at it before fitting a model. */
        WARNING,
        /** Good to know. */
        INFO
    }

    /** What can be found, with the rule for each severity. */
    public enum Kind {
        /** A column that only one of the tables has: a warning. */
        COLUMNS,
        /** Cells without a value, or NaN: information, a warning above 5 % of the rows, an error if no cell of the column has one. */
        MISSING,
        /** Rows that are there more than once, identifiers left aside: information, a warning above 1 % of the rows. */
        DUPLICATES,
        /**
         * Different rows that are the same but for case and spaces of texts or digits of numbers that a {@code float} does not hold, as after an
         * export: information, a warning above 1 % of the rows. Identifiers are left aside, label and whole numbers have to be equal.
         */
        NEAR_DUPLICATES,
        /** Rows with the features of others and another label: information, a warning above 1 % of the rows. */
        CONFLICTS,
        /**
         * A feature that nearly is the label. The strength is the share of the label that the feature alone foretells for rows it was not
         * fitted to: of the label's entropy (classes) or of its variance (numbers). Classes: information from 0.5, a warning from
         * 0.8, an error from 0.95. Numbers: a warning from 0.9, an error from 0.99.
         */
        LEAK,
        /**
         * Two features that together nearly are the label, measured as for {@link #LEAK}, where each alone foretells less than half of what both
         * do: a warning from 0.8 (numbers: 0.9), an error from 0.95 (0.99). Tried are the pairs of the 24 features that foretell most alone.
         */
        PAIR_LEAK,
        /** An identifier that foretells the label, measured as for {@link #LEAK}: a warning from 0.1, an error from 0.5. */
        IDENTIFIER_LEAK,
        /** Times of an event that come after the row's own time, a warning; test rows from before the end of training, a warning. */
        TIME_LEAK,
        /** Test rows whose features are those of a training row: information, a warning above 1 % of the test rows, an error above 10 %. */
        OVERLAP,
        /** A label with one class: an error. A class with less than a tenth of the rows of the largest: a warning. */
        CLASS_BALANCE,
        /**
         * Numbers more than eleven times as far from the median as the 1 % most extreme values of their side begin: a warning. In other
         * words beyond q99 + 10 (q99 - median), and as far below; of fewer than 500 values, with the level that leaves five values out for 99 %.
         */
        OUTLIERS,
        /** Numbers or times among texts, or the reverse: a warning if less than 10 % of the values are of another type, else information. */
        MIXED_TYPES,
        /**
         * Values that look alike: they differ by case, spaces, hidden characters or letters of other scripts, a warning. Or a rare value one
         * letter away from a frequent one: information.
         */
        STRING_VARIANTS,
        /**
         * Two features that tell each other. The strength is the larger of the absolute Pearson's and Spearman's correlation (two numbers), the
         * correlation ratio (a number and a category), or Cramer's V with Bergsma's correction (two categories). Information
         * from 0.9, a warning from 0.99.
         */
        CORRELATED,
        /** A column with one value: a warning. One value in at least 99.9 % of the cells: information. */
        CONSTANT,
        /** A column with as many values as rows that was not named as an identifier: information. */
        IDENTIFIER,
        /**
         * Labels that a model fitted to the other rows contradicts, by confident learning. Information, since classes that overlap look the same; a
         * warning above 1 % of the rows if the features tell classes nearly apart, at least 0.8 of the label's entropy.
         */
        LABEL_ERRORS;

        /**
         * The kind as a short stable word.
         *
         * @return lower-case words joined by hyphens, such as {@code mixed-types}
         */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Copies the lists.
     *
     * @throws NullPointerException if any argument is null
     */
    public Finding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(sentence, "sentence");
        columns = List.copyOf(columns);
        examples = List.copyOf(examples);
    }

    /** The finding as one line, such as {@code fare: outliers: 3 values above 310.5, such as 9000.0 in line 17}. */
    @Override
    public String toString() {
        String where = columns.isEmpty() ? "rows" : String.join(", ", columns);
        String example = examples.isEmpty()
                ? ""
                : ", such as " + examples.get(0).observed() + " in line "
                        + examples.get(0).line();
        return where + ": " + kind.code() + ": " + sentence + example;
    }
}
