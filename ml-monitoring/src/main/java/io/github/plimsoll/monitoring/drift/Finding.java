package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.validation.stats.Interval;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One fact about an {@link Incident}: what changed, by how much, in which rows, and what it did to the predictions. Each says
 * itself in words with {@code toString()}. Immutable. Kinds of findings may be added.
 *
 * <p>Shares are from 0 to 1. An {@link Interval} holds what it is of with a confidence of 95 %, given that the rows are
 * independent. Of a feature that the schema marks as sensitive there is no finding that has a value or a name in it.
 *
 * @since 0.1
 */
public sealed interface Finding
        permits CellShift,
                Finding.Constant,
                Finding.Conversion,
                Finding.Exchange,
                Finding.Fallbacks,
                Finding.Field,
                Finding.MedianShift,
                Finding.NewNames,
                Finding.Outside,
                Finding.PredictionShift,
                Finding.RepeatedRows,
                Finding.Rounding,
                Finding.Segment,
                Finding.Spelling,
                Finding.Together,
                Finding.Turn,
                Finding.Where {

    /**
     * The segments of the baseline, {@linkplain Baseline.Builder#segmentBy values of a feature} or {@linkplain
     * Baseline.Builder#hoursOfWeek hours of the week}, in which an incident was found, which does not show
     * in all rows together. Everything else that the incident says is of these rows; of several segments, of the one with the
     * most evidence.
     *
     * @param column the feature whose values are the segments, or {@code hour of week}
     * @param values the values, the most frequent first, or hours such as {@code Mon-Fri 08-18}
     * @param rows how many rows of these were compared
     */
    record Where(String column, List<String> values, long rows) implements Finding {
        /** Copies the list. */
        public Where {
            values = List.copyOf(values);
        }

        @Override
        public String toString() {
            return "only where " + column + " = " + String.join(", ", values) + " (" + rows + " rows)";
        }
    }

    /**
     * A field that rows have and no feature describes, or one that is no longer there.
     *
     * @param name the field's name
     * @param isNew whether it has come; if not, it is gone
     * @param rows in how many rows of the window
     */
    record Field(String name, boolean isNew, long rows) implements Finding {
        @Override
        public String toString() {
            return name + (isNew ? " is new in " : " is not there in ") + rows + " rows";
        }
    }

    /**
     * Numbers that are now another multiple, or that many more, of what they were: another unit, another sign, an offset. The
     * factor is the exact one of a known conversion where that is as likely as the fitted one.
     *
     * @param column the column
     * @param factor what each number was multiplied with; 1 if only the offset counts
     * @param offset what was added after that; 0 if only the factor counts
     * @param share the share of the rows that this happened to
     */
    record Conversion(String column, double factor, double offset, double share) implements Finding {
        @Override
        public String toString() {
            StringBuilder words = new StringBuilder(column).append(" is now ");
            if (factor == -1) {
                words.append("minus what it was");
            } else {
                words.append(factor == 1 ? "" : Words.number(factor) + " x ").append("what it was");
            }
            if (offset != 0) {
                words.append(offset < 0 ? " - " : " + ").append(Words.number(Math.abs(offset)));
            }
            return words + (share < 1 ? " in " + CellShift.percent(share) + " of rows" : "");
        }
    }

    /**
     * Columns that have each other's values: two, or several in a ring, as when the columns of an array are in another order.
     *
     * @param valuesOf for each column, the one whose values it now has
     */
    record Exchange(Map<String, String> valuesOf) implements Finding {
        /** Copies the map. */
        public Exchange {
            valuesOf = Map.copyOf(valuesOf);
        }

        @Override
        public String toString() {
            return valuesOf.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> entry.getKey() + " has the values of " + entry.getValue())
                    .collect(Collectors.joining(", "));
        }
    }

    /**
     * A cyclic number, such as an hour, that was turned.
     *
     * @param column the column
     * @param steps by how many steps ahead, from 1 to {@code period - 1}
     * @param period after how many steps it begins again
     */
    record Turn(String column, int steps, int period) implements Finding {
        @Override
        public String toString() {
            return column + " is " + steps + " of " + period + " steps ahead";
        }
    }

    /**
     * One value that stands for all or many others: stuck, a default, a code for "unknown".
     *
     * @param column the column
     * @param value the value
     * @param before its share of the baseline
     * @param now its share of the window
     */
    record Constant(String column, String value, double before, double now) implements Finding {
        @Override
        public String toString() {
            return column + " = " + value + ": " + CellShift.percent(before) + " -> " + CellShift.percent(now);
        }
    }

    /**
     * Names that the baseline does not have.
     *
     * @param column the column
     * @param names some of them, the most frequent first
     */
    record NewNames(String column, List<String> names) implements Finding {
        /** Copies the list. */
        public NewNames {
            names = List.copyOf(names);
        }

        @Override
        public String toString() {
            return column + " has new names, such as " + String.join(", ", names);
        }
    }

    /**
     * Names that are those of the baseline, written in another way.
     *
     * @param column the column
     * @param change what is different
     * @param examples some of the names as they are now, and as they were
     */
    record Spelling(String column, Change change, Map<String, String> examples) implements Finding {

        /** In what a name differs from what it was. */
        public enum Change {
            /** In upper and lower case. */
            CASE,
            /** In spaces. */
            WHITESPACE,
            /** In how accents are composed (a normalization form of Unicode). */
            NORMALIZATION,
            /** In characters that were written in one encoding and read in another, or could not be written. */
            ENCODING,
            /** In punctuation, or in several ways. */
            PUNCTUATION
        }

        /** Copies the map. */
        public Spelling {
            Objects.requireNonNull(change);
            examples = Map.copyOf(examples);
        }

        @Override
        public String toString() {
            String what = switch (change) {
                case CASE -> "other case";
                case WHITESPACE -> "other spaces";
                case NORMALIZATION -> "another form of its accents";
                case ENCODING -> "another encoding";
                case PUNCTUATION -> "other punctuation";
            };
            return column + " is written in " + what + ": "
                    + examples.entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(entry -> '"' + entry.getKey() + "\" for \"" + entry.getValue() + '"')
                            .collect(Collectors.joining(", "));
        }
    }

    /**
     * Numbers with fewer decimals.
     *
     * @param column the column
     * @param decimals the most that nearly all numbers have now
     * @param before the share of the baseline that had no more
     */
    record Rounding(String column, int decimals, double before) implements Finding {
        @Override
        public String toString() {
            return column + " has at most " + decimals + " decimals, as " + CellShift.percent(before) + " had before";
        }
    }

    /**
     * Numbers outside the range of the baseline.
     *
     * @param column the column
     * @param range the range of the baseline
     * @param share the share of the numbers that are outside
     * @param farthest the one farthest outside
     */
    record Outside(String column, Interval range, double share, double farthest) implements Finding {
        @Override
        public String toString() {
            return CellShift.percent(share) + " of " + column + " are outside " + Words.number(range.lower()) + " to "
                    + Words.number(range.upper()) + ", up to " + Words.number(farthest);
        }
    }

    /**
     * Rows that equal an earlier one.
     *
     * @param repeated how many
     * @param rows of how many
     */
    record RepeatedRows(long repeated, long rows) implements Finding {
        @Override
        public String toString() {
            return repeated + " of " + rows + " rows occur twice";
        }
    }

    /**
     * The median of a number.
     *
     * @param column the column
     * @param before in the baseline
     * @param now in the window
     * @param interval where the median of rows like those of the window is, from the ranks of their values
     */
    record MedianShift(String column, double before, double now, Interval interval) implements Finding {
        @Override
        public String toString() {
            return "median of " + column + ": " + Words.number(before) + " -> " + Words.number(now) + " ("
                    + Words.number(interval.lower()) + " to " + Words.number(interval.upper()) + ")";
        }
    }

    /**
     * Where what moved is: a value or a range of another column that carries at least 80 % of it. Named only if it surely
     * does.
     *
     * @param column the other column
     * @param cell its value or range, in words
     * @param ofMoved the share of what moved that has it
     * @param ofAll the share of all rows of the window that has it
     */
    record Segment(String column, String cell, double ofMoved, double ofAll) implements Finding {
        @Override
        public String toString() {
            return CellShift.percent(ofMoved) + " of what moved has " + column + ' ' + cell + ", as "
                    + CellShift.percent(ofAll) + " of all rows";
        }
    }

    /**
     * Answers that were not the model's: a fallback gave them, or there were none.
     *
     * @param before their share of the baseline, 0 where that does not know
     * @param now their share of the window
     * @param interval the share that is behind {@code now}
     */
    record Fallbacks(double before, double now, Interval interval) implements Finding {
        @Override
        public String toString() {
            return CellShift.words("answers that are not the model's", before, now, interval);
        }
    }

    /**
     * What the model makes of it: how far its answers moved.
     *
     * @param column {@code prediction}, or {@code confidence} for the highest of classes' probabilities
     * @param meanBefore their mean in the baseline
     * @param meanNow their mean in the window
     * @param medianBefore their median in the baseline
     * @param medianNow their median in the window
     * @param moved the smallest share of the answers that have to be others (the total variation distance of the cells, less
     *     what chance makes of it)
     */
    record PredictionShift(
            String column, double meanBefore, double meanNow, double medianBefore, double medianNow, double moved)
            implements Finding {
        @Override
        public String toString() {
            return (column.equals("prediction") ? "predictions" : column) + ": mean " + Words.number(meanBefore)
                    + " -> " + Words.number(meanNow) + ", median "
                    + Words.number(medianBefore) + " -> " + Words.number(medianNow) + ", at least "
                    + CellShift.percent(moved) + " of them moved";
        }
    }

    /**
     * Further columns that moved together with the first, the surest first.
     *
     * @param columns the columns
     */
    record Together(List<String> columns) implements Finding {

        private static final int SHOWN = 5;

        /** Copies the list. */
        public Together {
            columns = List.copyOf(columns);
        }

        @Override
        public String toString() {
            int more = columns.size() - SHOWN;
            return "moved with it: " + columns.stream().limit(SHOWN).collect(Collectors.joining(", "))
                    + (more > 0 ? " and " + more + " more" : "");
        }
    }
}
