package io.github.plimsoll.validation.data;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A contract that was inferred from data, with what each of its rules rests on, for a person to review: {@link #toString} is the
 * page to read. The {@linkplain #contract() contract} is an ordinary one, to be changed, written and checked like any
 * other.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 * @see ContractInference
 */
public final class InferredContract {

    /**
     * A rule of the contract and what it rests on.
     *
     * @param column the column, or {@code table}
     * @param check which rule
     * @param text what it says
     * @param reaction what is done where it is broken
     * @param values how many values it rests on
     * @param risk the probability that a further value of the same distribution is of a kind that would have led to another
     *     rule, such as one below the smallest of all: not more than this, with a confidence of 95 %, whatever the distribution.
     *     What a margin saves is not counted in; the reason says it
     * @param reason why the rule is as it is
     * @since 0.1
     */
    public record Rule(
            String column, Check check, String text, Reaction reaction, long values, double risk, String reason) {

        /** A rule. */
        public Rule {
            Objects.requireNonNull(column);
            Objects.requireNonNull(check);
            Objects.requireNonNull(text);
            Objects.requireNonNull(reaction);
            Objects.requireNonNull(reason);
        }

        /** The rule as one line, such as {@code hour: range 0 to 23 (10,000 values, risk 0.030 %): hours of a day}. */
        @Override
        public String toString() {
            return column + ": " + said() + " (" + basis() + "): " + reason;
        }

        private String said() {
            return check + " " + text
                    + (reaction == Reaction.REJECT ? "" : ", " + reaction.name().toLowerCase(Locale.ROOT) + "s");
        }

        private String basis() {
            return String.format(Locale.ROOT, "%,d values, risk %.2g %%", values, 100 * risk);
        }
    }

    /**
     * Something that the values suggest and no rule says: for a person to look at.
     *
     * @param column the column, or {@code table}
     * @param text what it is
     * @since 0.1
     */
    public record Hint(String column, String text) {

        /** A hint. */
        public Hint {
            Objects.requireNonNull(column);
            Objects.requireNonNull(text);
        }

        /** The hint as one line. */
        @Override
        public String toString() {
            return column + ": " + text;
        }
    }

    static final String TABLE = "table";

    private final DataContract contract;
    private final String source;
    private final long rows;
    private final String promise;
    private final List<Rule> rules;
    private final List<Hint> hints;

    InferredContract(
            DataContract contract, String source, long rows, String promise, List<Rule> rules, List<Hint> hints) {
        this.contract = contract;
        this.source = source;
        this.rows = rows;
        this.promise = promise;
        this.rules = List.copyOf(rules);
        this.hints = List.copyOf(hints);
    }

    /**
     * The contract.
     *
     * @return an ordinary contract
     */
    public DataContract contract() {
        return contract;
    }

    /**
     * The rules that the contract has, each with what it rests on.
     *
     * @return an immutable list: columns in the order of the table, then the table
     */
    public List<Rule> rules() {
        return rules;
    }

    /**
     * What a person should look at.
     *
     * @return an immutable list in the order of the columns
     */
    public List<Hint> hints() {
        return hints;
    }

    /** The page to review: what was promised, then column by column the rules and the hints. */
    @Override
    public String toString() {
        StringBuilder page = new StringBuilder(String.format(
                Locale.ROOT,
                "contract %s, inferred from %,d rows of %s: %d columns, %d rules, %d hints%n",
                contract.name(),
                rows,
                source,
                contract.columns().size(),
                rules.size(),
                hints.size()));
        page.append(promise).append("\n");
        for (ColumnContract column : contract.columns()) {
            lines(page.append("\n"), column);
        }
        page.append("\ntable\n");
        for (Rule rule : rules) {
            if (rule.check().scope() == Check.Scope.TABLE) {
                page.append("  ")
                        .append(rule.said())
                        .append(": ")
                        .append(rule.reason())
                        .append("\n");
            }
        }
        hints(page, TABLE);
        return page.toString().replace(System.lineSeparator(), "\n");
    }

    /** A column: what is said of all its values in one line, then the other rules, then the hints. */
    private void lines(StringBuilder page, ColumnContract column) {
        List<Rule> own = rules.stream()
                .filter(rule -> rule.check().scope() != Check.Scope.TABLE
                        && rule.column().equals(column.name()))
                .toList();
        page.append(column.name())
                .append(": ")
                .append(column.feature().type().name().toLowerCase(Locale.ROOT));
        if (own.stream().anyMatch(rule -> rule.check() == Check.NULL)) {
            page.append(", never null");
        }
        if (column.environments().size() == 1) {
            page.append(", only in ")
                    .append(column.environments().iterator().next().name().toLowerCase(Locale.ROOT))
                    .append(" data");
        }
        if (column.lifecycle() != Lifecycle.PRODUCTION) {
            page.append(", ")
                    .append(column.lifecycle().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .append(column.lifecycle().isChecked() ? "" : ", not checked");
        }
        for (Rule rule : own) {
            if (rule.check() == Check.TYPE) {
                page.append(" (").append(rule.basis()).append(")");
            }
        }
        page.append("\n");
        for (Rule rule : own) {
            if (rule.check() != Check.NULL && (rule.check() != Check.TYPE || rule.reaction() != Reaction.REJECT)) {
                page.append("  ")
                        .append(rule.said())
                        .append(": ")
                        .append(rule.reason())
                        .append("\n");
            }
        }
        hints(page, column.name());
    }

    private void hints(StringBuilder page, String column) {
        for (Hint hint : hints) {
            if (hint.column().equals(column)) {
                page.append("  ? ").append(hint.text()).append("\n");
            }
        }
    }
}
