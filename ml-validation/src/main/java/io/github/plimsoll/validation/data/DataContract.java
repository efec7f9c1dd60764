package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model's data has to keep to: each column, the columns of a row among each other, and a table as a whole. One
 * contract guards single predictions, checks whole tables and fails a build; it is a file that people read, change and review.
 *
 * <pre>{@code
 * DataContract rides = DataContract.of(
 *                 "rides",
 *                 ColumnContract.of(Feature.number("temperature").unit("°C").range(-40, 60)),
 *                 ColumnContract.of(Feature.integer("registered").range(0, 1_000)),
 *                 ColumnContract.of(Feature.integer("count").range(0, 1_000)).onlyIn(Environment.TRAINING))
 *         .with(RowRule.of("registered <= count"))
 *         .rowCount(1_000, 1_000_000);
 * }</pre>
 *
 * <p>Columns that the contract does not know are rejected, unless {@link #on on(Check.UNEXPECTED, ...)} says otherwise: an
 * upstream team that adds one should talk to the model's owners.
 *
 * <p>Immutable and thread-safe; the methods that change it return a changed copy. A contract that contradicts itself is
 * refused when it is made: ranges without a value, rules about columns that are not there, categories that no length allows.
 *
 * @since 0.1
 */
public final class DataContract {

    /** The name of a package's part that is a contract. */
    public static final String PACKAGE_PART = "contract";

    /**
     * How old the newest row of a table may be.
     *
     * @param column the column of timestamps
     * @param within the largest age at the time of the check
     */
    public record Freshness(String column, Duration within) {

        /**
         * A limit of age.
         *
         * @throws IllegalArgumentException if the age is not positive
         */
        public Freshness {
            Objects.requireNonNull(column);
            if (within.isNegative() || within.isZero()) {
                throw new IllegalArgumentException("fresh: within " + within + " (expected: > 0)");
            }
        }
    }

    private final String name;
    private final Map<String, ColumnContract> columns;
    private final List<RowRule> rowRules;
    private final TableRules table;

    /** What is said of a table as a whole. */
    record TableRules(
            long minRows,
            long maxRows,
            boolean ordered,
            double duplicates,
            List<List<String>> keys,
            @Nullable Freshness freshness,
            Map<Check, Reaction> reactions) {

        static final TableRules NONE =
                new TableRules(0, Long.MAX_VALUE, false, 1, List.of(), null, Collections.emptyMap());

        TableRules rows(long least, long most) {
            return new TableRules(least, most, ordered, duplicates, keys, freshness, reactions);
        }

        TableRules inOrder() {
            return new TableRules(minRows, maxRows, true, duplicates, keys, freshness, reactions);
        }

        TableRules duplicates(double most) {
            return new TableRules(minRows, maxRows, ordered, most, keys, freshness, reactions);
        }

        TableRules keys(List<List<String>> all) {
            return new TableRules(minRows, maxRows, ordered, duplicates, all, freshness, reactions);
        }

        TableRules freshness(Freshness limit) {
            return new TableRules(minRows, maxRows, ordered, duplicates, keys, limit, reactions);
        }

        TableRules reactions(Map<Check, Reaction> all) {
            return new TableRules(minRows, maxRows, ordered, duplicates, keys, freshness, all);
        }
    }

    DataContract(String name, Map<String, ColumnContract> columns, List<RowRule> rowRules, TableRules table) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: '" + name + "' (expected: a name that is not blank)");
        }
        this.name = name;
        this.columns = columns;
        this.rowRules = rowRules;
        this.table = table;
        checkReferences();
    }

    /**
     * A contract for some columns.
     *
     * @param name what the data is
     * @param columns the columns, in the order that a table should have
     * @return the contract
     * @throws IllegalArgumentException if the name is blank, or a column is there twice
     */
    public static DataContract of(String name, ColumnContract... columns) {
        return of(name, List.of(columns));
    }

    /**
     * A contract for some columns.
     *
     * @param name what the data is
     * @param columns the columns, in the order that a table should have
     * @return the contract
     * @throws IllegalArgumentException if the name is blank, or a column is there twice
     */
    public static DataContract of(String name, List<ColumnContract> columns) {
        return new DataContract(name, byName(columns), List.of(), TableRules.NONE);
    }

    private static Map<String, ColumnContract> byName(List<ColumnContract> columns) {
        Map<String, ColumnContract> byName = new LinkedHashMap<>();
        for (ColumnContract column : columns) {
            if (byName.put(column.name(), column) != null) {
                throw new IllegalArgumentException("columns: '" + column.name() + "' twice (expected: once)");
            }
        }
        return Collections.unmodifiableMap(byName);
    }

    private void checkReferences() {
        columns.values().forEach(ColumnContract::requireConsistent);
        Set<String> names = new HashSet<>();
        for (RowRule rule : rowRules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("row rules: '" + rule.name() + "' twice (expected: once)");
            }
            rule.bind(features());
        }
        for (List<String> key : table.keys) {
            key.forEach(this::column);
            if (new HashSet<>(key).size() < key.size()) {
                throw new IllegalArgumentException("key: " + key + " (expected: each column once)");
            }
        }
        if (table.freshness != null) {
            Feature feature = column(table.freshness.column()).feature();
            if (feature.type() != io.github.plimsoll.core.schema.FeatureType.TIMESTAMP) {
                throw new IllegalArgumentException(
                        "fresh: '" + feature.name() + "' is of type " + feature.type() + " (expected: a timestamp)");
            }
        }
    }

    /**
     * Reads a contract from a file in JSON or YAML.
     *
     * @param file the file
     * @param inJava the rules in Java of which the file has the names
     * @return the contract
     * @throws ContractException if the file cannot be read, is not of this form, is of a newer version, or contradicts itself;
     *     it says where
     */
    public static DataContract read(Path file, RowRule... inJava) {
        return ContractFiles.read(file, inJava);
    }

    /**
     * Reads a contract from a text in JSON or YAML.
     *
     * @param text the text
     * @param inJava the rules in Java of which the text has the names
     * @return the contract
     * @throws ContractException if the text is not of this form, is of a newer version, or contradicts itself; it says where
     */
    public static DataContract parse(String text, RowRule... inJava) {
        return ContractFiles.parse("contract", text, inJava);
    }

    /**
     * The contract as JSON: two spaces of indentation, line feeds, the same text for equal contracts.
     *
     * @return the text
     */
    public String toJson() {
        return ContractFiles.json(this);
    }

    /**
     * The contract as YAML, the form that is easiest to read and change: the same text for equal contracts.
     *
     * @return the text
     */
    public String toYaml() {
        return ContractFiles.yaml(this);
    }

    /**
     * This contract with more rules between columns.
     *
     * @param rules the rules
     * @return a changed copy
     * @throws IllegalArgumentException if a rule speaks of a column that is not there or is of the wrong type, or two have the
     *     same name
     */
    public DataContract with(RowRule... rules) {
        List<RowRule> all = new ArrayList<>(rowRules);
        all.addAll(List.of(rules));
        return new DataContract(name, columns, List.copyOf(all), table);
    }

    /**
     * This contract with a column replaced or, if there is none of its name, added at the end.
     *
     * @param column the column
     * @return a changed copy
     * @throws IllegalArgumentException if a rule between columns does not go with it
     */
    public DataContract with(ColumnContract column) {
        Map<String, ColumnContract> changed = new LinkedHashMap<>(columns);
        changed.put(column.name(), column);
        return new DataContract(name, Collections.unmodifiableMap(changed), rowRules, table);
    }

    /**
     * This contract, bounding the number of rows of a table.
     *
     * @param least the smallest number
     * @param most the largest
     * @return a changed copy
     * @throws IllegalArgumentException if {@code least} is negative or more than {@code most}
     */
    public DataContract rowCount(long least, long most) {
        if (least < 0 || least > most) {
            throw new IllegalArgumentException(
                    "rowCount: " + least + " to " + most + " (expected: 0 <= least <= most)");
        }
        return table(table.rows(least, most));
    }

    /**
     * This contract, asking that a table has its columns in the contract's order.
     *
     * @return a changed copy
     */
    public DataContract ordered() {
        return table(table.inOrder());
    }

    /**
     * This contract, bounding how many rows of a table are equal to an earlier one in all columns.
     *
     * @param most the largest share of the rows, from 0 to 1
     * @return a changed copy
     * @throws IllegalArgumentException if the share is not from 0 to 1
     */
    public DataContract duplicates(double most) {
        if (!(most >= 0 && most <= 1)) {
            throw new IllegalArgumentException("duplicates: " + most + " (expected: 0 to 1)");
        }
        return table(table.duplicates(most));
    }

    /**
     * This contract, asking that no two rows of a table have the same values in some columns.
     *
     * @param first a column
     * @param more further ones
     * @return a changed copy
     * @throws IllegalArgumentException if there is no such column
     */
    public DataContract key(String first, String... more) {
        List<String> key = new ArrayList<>(List.of(first));
        key.addAll(List.of(more));
        List<List<String>> keys = new ArrayList<>(table.keys);
        keys.add(List.copyOf(key));
        return table(table.keys(List.copyOf(keys)));
    }

    /**
     * This contract, asking that the newest row of a table is new.
     *
     * @param column the column of timestamps
     * @param within the largest age at the time of the check
     * @return a changed copy
     * @throws IllegalArgumentException if there is no such column of timestamps, or the age is not positive
     */
    public DataContract fresh(String column, Duration within) {
        return table(table.freshness(new Freshness(column, within)));
    }

    /**
     * This contract with another reaction where a rule about the table, or about columns that it does not know, is broken.
     *
     * @param check {@link Check#UNEXPECTED} or a rule about tables
     * @param reaction what to do
     * @return a changed copy
     * @throws IllegalArgumentException if the rule is one about a column, or the reaction is {@link Reaction#REPAIR}
     */
    public DataContract on(Check check, Reaction reaction) {
        if ((check != Check.UNEXPECTED && check.scope() != Check.Scope.TABLE) || reaction == Reaction.REPAIR) {
            throw new IllegalArgumentException("on " + check + ": " + reaction
                    + " (expected: a rule about tables or unexpected columns, and ACCEPT, WARN or REJECT)");
        }
        Map<Check, Reaction> reactions = new EnumMap<>(Check.class);
        reactions.putAll(table.reactions);
        reactions.put(check, reaction);
        return table(table.reactions(Collections.unmodifiableMap(reactions)));
    }

    private DataContract table(TableRules changed) {
        return new DataContract(name, columns, rowRules, changed);
    }

    TableRules tableRules() {
        return table;
    }

    Map<String, ColumnContract> byName() {
        return columns;
    }

    /**
     * What the data is.
     *
     * @return a name that is not blank
     */
    public String name() {
        return name;
    }

    /**
     * The columns, in the order that a table should have.
     *
     * @return an immutable list
     */
    public List<ColumnContract> columns() {
        return List.copyOf(columns.values());
    }

    /**
     * The contract of one column.
     *
     * @param column its name
     * @return the contract
     * @throws IllegalArgumentException if there is no such column
     */
    public ColumnContract column(String column) {
        ColumnContract found = columns.get(column);
        if (found == null) {
            throw new IllegalArgumentException("column: '" + column + "' (expected: one of " + columns.keySet() + ")");
        }
        return found;
    }

    /**
     * The features that the columns hold.
     *
     * @return an immutable list, in the order of the columns
     */
    public List<Feature> features() {
        return columns.values().stream().map(ColumnContract::feature).toList();
    }

    /**
     * The rules between the columns of a row.
     *
     * @return an immutable list
     */
    public List<RowRule> rowRules() {
        return rowRules;
    }

    /**
     * The smallest number of rows.
     *
     * @return a number >= 0
     */
    public long minRows() {
        return table.minRows;
    }

    /**
     * The largest number of rows.
     *
     * @return a number >= 0, {@code Long.MAX_VALUE} if there is none
     */
    public long maxRows() {
        return table.maxRows;
    }

    /**
     * Whether the columns of a table are to be in the contract's order.
     *
     * @return false unless {@link #ordered()} was called
     */
    public boolean isOrdered() {
        return table.ordered;
    }

    /**
     * The largest share of rows that are equal to an earlier one.
     *
     * @return from 0 to 1
     */
    public double duplicates() {
        return table.duplicates;
    }

    /**
     * The columns whose values together are never there twice.
     *
     * @return an immutable list of lists of names
     */
    public List<List<String>> keys() {
        return table.keys;
    }

    /**
     * How old the newest row may be.
     *
     * @return the limit, or null
     */
    public @Nullable Freshness freshness() {
        return table.freshness;
    }

    /**
     * What is done where a rule about the table, or about columns that the contract does not know, is broken.
     *
     * @param check the rule
     * @return the reaction; {@link Reaction#REJECT} unless set
     */
    public Reaction reaction(Check check) {
        return table.reactions.getOrDefault(check, Reaction.REJECT);
    }

    /**
     * The reactions to rules about the table that were set.
     *
     * @return an immutable map in the order of the rules
     */
    public Map<Check, Reaction> reactions() {
        return table.reactions;
    }

    /**
     * What is different from an earlier contract, for a review or a changelog.
     *
     * @param earlier the earlier contract
     * @return the differences, in the order of this contract's columns; empty if there are none
     */
    public List<ContractChange> changesSince(DataContract earlier) {
        return ContractDifference.between(earlier, this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DataContract that
                && name.equals(that.name)
                && columns().equals(that.columns())
                && rowRules.equals(that.rowRules)
                && table.equals(that.table);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, columns.keySet(), rowRules);
    }

    /** The contract's name and size, such as {@code contract rides, 8 columns, 1 rule between columns}. */
    @Override
    public String toString() {
        return "contract " + name + ", " + columns.size() + " columns, " + rowRules.size() + " rules between columns";
    }
}
