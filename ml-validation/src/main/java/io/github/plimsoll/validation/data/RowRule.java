package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold between the columns of a row, written as people would write it.
 *
 * <pre>{@code
 * RowRule.of("casual + registered = count")
 * RowRule.of("if payment = 'CARD' then card_type is not null").named("card-type")
 * RowRule.of("discount <= 0.3 * price or region in ('EU', 'UK')").reaction(Reaction.WARN)
 * RowRule.of("total = net + tax within 0.01")
 * }</pre>
 *
 * <p>The language:
 *
 * <ul>
 *   <li>{@code if A then B}, {@code or}, {@code and}, {@code not}, parentheses; {@code and} binds stronger than {@code or}.
 *       Words may be in upper or lower case.
 *   <li>{@code =}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=} between two numbers, two texts or two
 *       timestamps; {@code within} and a number after {@code =} for numbers that need not be equal to the last bit.
 *   <li>{@code + - * /} between numbers. Booleans are 0 and 1.
 *   <li>{@code is null}, {@code is not null}, {@code in (...)}, {@code not in (...)}.
 *   <li>A column is a name of letters, digits, underscores and dots, or any name {@code "in double quotes"}. A text stands
 *       {@code 'in single quotes'}, a quote in it is doubled. A text that is compared with a timestamp is one in ISO form,
 *       such as {@code '2026-03-01T12:00:00Z'}.
 * </ul>
 *
 * <p>As in SQL, a comparison with something that is null, unreadable or NaN is neither true nor false, and a rule that is not
 * false is not broken: whether a column may be null is said of the column. Two integer columns are compared exactly, other
 * numbers as {@code double}s.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class RowRule {

    private final String name;
    private final @Nullable Expression expression;
    private final @Nullable Predicate<? super FeatureRow> predicate;
    private final Reaction reaction;
    private final double mostly;

    private RowRule(
            String name,
            @Nullable Expression expression,
            @Nullable Predicate<? super FeatureRow> predicate,
            Reaction reaction,
            double mostly) {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException(
                    "name: '" + name + "' (expected: lower-case letters, digits and hyphens, at most 64)");
        }
        this.name = name;
        this.expression = expression;
        this.predicate = predicate;
        this.reaction = reaction;
        this.mostly = mostly;
    }

    /**
     * A rule that is written down. A row that breaks it is rejected.
     *
     * @param text the rule
     * @return the rule, with a name made of its words
     * @throws IllegalArgumentException if the text is no rule; the message says where and what was expected
     */
    public static RowRule of(String text) {
        Expression expression = Expression.parse(text);
        return new RowRule(nameOf(text), expression, null, Reaction.REJECT, 1);
    }

    /**
     * A rule in Java. Contracts that are written to a file keep its name only. A row that breaks it is rejected.
     *
     * @param name a name: lower-case letters, digits and hyphens
     * @param holds whether a row keeps to the rule; thread-safe; what it throws counts as broken
     * @return the rule
     * @throws IllegalArgumentException if the name is not of that form
     */
    public static RowRule of(String name, Predicate<? super FeatureRow> holds) {
        return new RowRule(name, null, Objects.requireNonNull(holds), Reaction.REJECT, 1);
    }

    private static String nameOf(String text) {
        String words = text.toLowerCase(Locale.ROOT)
                .replace("<=", " at-most ")
                .replace(">=", " at-least ")
                .replace("!=", " not ")
                .replace("<", " below ")
                .replace(">", " above ")
                .replace("=", " is ")
                .replace("+", " plus ")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        String cut = words.substring(0, Math.min(64, words.length())).replaceAll("-$", "");
        return cut.isEmpty() ? "rule" : cut;
    }

    /**
     * This rule with another name, which is the code of its violations.
     *
     * @param other lower-case letters, digits and hyphens
     * @return a changed copy
     * @throws IllegalArgumentException if the name is not of that form
     */
    public RowRule named(String other) {
        return new RowRule(other, expression, predicate, reaction, mostly);
    }

    /**
     * This rule with another answer to rows that break it.
     *
     * @param other what to do
     * @return a changed copy
     * @throws IllegalArgumentException if it is {@link Reaction#REPAIR}: a rule does not say which column is wrong
     */
    public RowRule reaction(Reaction other) {
        if (other == Reaction.REPAIR) {
            throw new IllegalArgumentException(
                    "reaction of '" + name + "': REPAIR (expected: ACCEPT, WARN or REJECT, since a rule over several"
                            + " columns does not say which is wrong)");
        }
        return new RowRule(name, expression, predicate, other, mostly);
    }

    /**
     * This rule, kept by a table if enough of its rows keep to it. A row that does not is counted but not rejected. A {@link Guard},
     * which sees one row at a time, does not know of shares: what it does with such a row is said by {@link #reaction(Reaction)}.
     *
     * @param least the smallest share, from 0 to 1, of the rows of which the rule is true or false; of all rows for a rule in Java
     * @return a changed copy
     * @throws IllegalArgumentException if the share is not from 0 to 1
     */
    public RowRule mostly(double least) {
        if (!(least >= 0 && least <= 1)) {
            throw new IllegalArgumentException("mostly of '" + name + "': " + least + " (expected: 0 to 1)");
        }
        return new RowRule(name, expression, predicate, reaction, least);
    }

    /**
     * The rule's name.
     *
     * @return lower-case letters, digits and hyphens
     */
    public String name() {
        return name;
    }

    /**
     * What is done with rows that break the rule.
     *
     * @return the reaction
     */
    public Reaction reaction() {
        return reaction;
    }

    /**
     * The smallest share of a table's rows that keep to the rule.
     *
     * @return from 0 to 1; 1 unless set
     */
    public double mostly() {
        return mostly;
    }

    /**
     * The rule as it was written.
     *
     * @return the text, or null for a rule in Java
     */
    public @Nullable String text() {
        return expression == null ? null : expression.text();
    }

    /**
     * The columns that the rule speaks of.
     *
     * @return their names in the order of the text, empty for a rule in Java
     */
    public Set<String> columns() {
        return expression == null ? Set.of() : expression.columns();
    }

    /**
     * Makes the rule ready for rows of a schema.
     *
     * @throws IllegalArgumentException if the schema lacks a column of the rule, or one is of the wrong type
     */
    Predicate<FeatureRow> bind(List<Feature> features) {
        if (expression != null) {
            return expression.bind(features);
        }
        Predicate<? super FeatureRow> test = Objects.requireNonNull(predicate);
        return row -> {
            try {
                return test.test(row);
            } catch (RuntimeException broken) {
                return false;
            }
        };
    }

    /** Whether a row is one of those that {@link #mostly} is a share of. */
    Predicate<FeatureRow> bindKnown(List<Feature> features) {
        return expression == null ? row -> true : expression.bindKnown(features);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowRule that
                && name.equals(that.name)
                && reaction == that.reaction
                && mostly == that.mostly
                && Objects.equals(text(), that.text())
                && Objects.equals(predicate, that.predicate);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** The rule as it was written, or its name. */
    @Override
    public String toString() {
        return expression == null ? name + " (in Java)" : expression.text();
    }
}
