package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.validation.data.InferredContract.Hint;
import io.github.plimsoll.validation.data.InferredContract.Rule;
import io.github.plimsoll.validation.profile.Profile;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Infers a contract from data that are taken to be good, loosens one where good data fail it, and brings one up to date with
 * columns that came, went or were renamed.
 *
 * <pre>{@code
 * InferredContract taxi = ContractInference.of("taxi").label("tips").infer(Table.csv(training));
 * System.out.println(taxi);                                  // a page to review
 * Files.writeString(file, taxi.contract().toYaml());         // a contract to change
 * }</pre>
 *
 * <p><b>The promise.</b> A clean table, one of the same distribution with as many rows as {@link #tables} says, is rejected in at
 * most one of a hundred cases ({@link #falseAlarms}). That chance is divided among the rules that are estimates; each
 * limit gets the margin that its law asks for:
 *
 * <ul>
 *   <li>Ends of ranges, of lengths and of times: the generalised Pareto law of the largest values. Where the tail may be so
 *       heavy that one value can be any number of times the next, a value beyond the end is a warning. Ends that need no
 *       margin are seen as such: a sharp end that many values share, a few values that each are there many times, zero,
 *       shares, hours of a day.
 *   <li>Missing values and new categories: Clopper and Pearson's upper end, and what a binomial distribution makes of it in
 *       the smallest table. How likely a new category is, the number of those seen once tells (Good, Turing).
 *   <li>Distances: what chance makes of them in tables of that size.
 * </ul>
 *
 * <p>What was never seen, such as a null, is taken for a rule; the {@linkplain Rule#risk() risk} of each rule says how far that
 * can be trusted. Rules of fewer than a hundred values have no range.
 *
 * <p><b>Types</b> are what {@link io.github.plimsoll.core.schema.Schema#ofTable Schema.ofTable} reads all values as; the table
 * that a contract was inferred from is accepted by it, but for warnings. Words such as {@code N/A} among numbers leave them
 * numbers, with a hint.
 *
 * <p>Memory is bounded: for each column up to two thousand different values of at most 200 characters, some thousand numbers, and,
 * as long as a column has no value twice, up to four million 64-bit hashes.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @since 0.1
 */
public final class ContractInference {

    private static final int RULES = 4; // the most estimated rules of a column: two ends, presence, mass

    private final String name;
    private final Set<String> labels;
    private final double falseAlarms;
    private final long least;
    private final long most;
    private final int mostCategories;
    private final Environment environment;
    private final Lifecycle stage;
    private final Map<String, String> renamed;

    private ContractInference(
            String name,
            Set<String> labels,
            double falseAlarms,
            long least,
            long most,
            int mostCategories,
            Environment environment,
            Lifecycle stage,
            Map<String, String> renamed) {
        this.name = name;
        this.labels = labels;
        this.falseAlarms = falseAlarms;
        this.least = least;
        this.most = most;
        this.mostCategories = mostCategories;
        this.environment = environment;
        this.stage = stage;
        this.renamed = renamed;
    }

    /**
     * An inference of contracts with a name.
     *
     * @param name what the data is
     * @return the inference
     * @throws IllegalArgumentException if the name is blank
     */
    public static ContractInference of(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: '" + name + "' (expected: a name that is not blank)");
        }
        return new ContractInference(
                name, Set.of(), 0.01, 1_000, 0, 100, Environment.TRAINING, Lifecycle.BETA, Map.of());
    }

    /**
     * With columns that are there in training data only: the label, and what is known no sooner than it.
     *
     * @param first a column
     * @param more further ones
     * @return a changed copy
     */
    public ContractInference label(String first, String... more) {
        Set<String> all = new LinkedHashSet<>(labels);
        all.add(first);
        all.addAll(List.of(more));
        return new ContractInference(name, all, falseAlarms, least, most, mostCategories, environment, stage, renamed);
    }

    /**
     * With another chance than 0.01 that a clean table is rejected.
     *
     * @param chance a probability above 0 and below 1
     * @return a changed copy
     * @throws IllegalArgumentException if it is not
     */
    public ContractInference falseAlarms(double chance) {
        if (!(chance > 0 && chance < 1)) {
            throw new IllegalArgumentException("falseAlarms: " + chance + " (expected: above 0, below 1)");
        }
        return new ContractInference(name, labels, chance, least, most, mostCategories, environment, stage, renamed);
    }

    /**
     * For tables of another size than 1,000 rows up to as many as the contract is inferred from. Shares are less certain in
     * smaller tables, and larger ones have more values that can lie outside a range.
     *
     * @param fewest the fewest rows
     * @param largest the most rows
     * @return a changed copy
     * @throws IllegalArgumentException if it is not {@code 1 <= fewest <= largest}
     */
    public ContractInference tables(long fewest, long largest) {
        if (fewest < 1 || fewest > largest) {
            throw new IllegalArgumentException(
                    "tables: " + fewest + " to " + largest + " rows (expected: 1 <= fewest <= largest)");
        }
        return new ContractInference(
                name, labels, falseAlarms, fewest, largest, mostCategories, environment, stage, renamed);
    }

    /**
     * With another limit than 100 different values, above which a column holds texts and no categories.
     *
     * @param limit the most categories of a column
     * @return a changed copy
     * @throws IllegalArgumentException if it is not from 1 to 2,000
     */
    public ContractInference categories(int limit) {
        if (limit < 1 || limit > 2_000) {
            throw new IllegalArgumentException("categories: " + limit + " (expected: 1 to 2000)");
        }
        return new ContractInference(name, labels, falseAlarms, least, most, limit, environment, stage, renamed);
    }

    /**
     * For updates and migrations by data of another environment than training.
     *
     * @param where the environment that the tables are of, which decides what columns are to be there
     * @return a changed copy
     */
    public ContractInference in(Environment where) {
        return new ContractInference(
                name, labels, falseAlarms, least, most, mostCategories, Objects.requireNonNull(where), stage, renamed);
    }

    /**
     * For migrations: with another stage than {@link Lifecycle#BETA} for columns that are new.
     *
     * @param first the stage that they begin with, such as {@link Lifecycle#ALPHA} for ones that are tried out
     * @return a changed copy
     */
    public ContractInference introducing(Lifecycle first) {
        return new ContractInference(
                name,
                labels,
                falseAlarms,
                least,
                most,
                mostCategories,
                environment,
                Objects.requireNonNull(first),
                renamed);
    }

    /**
     * For migrations: says that a column has another name now.
     *
     * @param before its name in the contract
     * @param now its name in the table
     * @return a changed copy
     */
    public ContractInference renamed(String before, String now) {
        Map<String, String> all = new LinkedHashMap<>(renamed);
        all.put(before, Objects.requireNonNull(now));
        return new ContractInference(
                name,
                labels,
                falseAlarms,
                least,
                most,
                mostCategories,
                environment,
                stage,
                Collections.unmodifiableMap(all));
    }

    /**
     * Infers a contract from a table, in one pass.
     *
     * @param table the table, of which nothing needs to be known
     * @return the contract and what it rests on
     * @throws TableException if the table cannot be read to its end
     * @throws ContractException if the table has no rows, or more than 16,384 columns
     * @throws CancellationException if the calling thread is interrupted
     */
    public InferredContract infer(Table table) {
        return infer(TableReading.of(table));
    }

    /**
     * Infers a contract from a profile. It has the types that the profile has; a table tells more: keys, order, the form and
     * the length of texts, words for null, and repeats of rows.
     *
     * @param profile the profile
     * @return the contract and what it rests on
     * @throws ContractException if the profile has no rows or no features
     */
    public InferredContract infer(Profile profile) {
        return infer(ProfileReading.of(profile));
    }

    /**
     * Loosens a contract where a table that is known to be good is rejected by it, and nowhere else: warnings are left, and no
     * rule is made stricter. Each change says which rows it is for.
     *
     * <p>Loosened are ranges, nulls and presence, lists of categories, lengths, times, the share of repeats and the number of rows;
     * by as much as the table alone would give, and at least as the rows need. Left open for a person are:
     *
     * <ul>
     *   <li>rules that more than 5 % of the rows fail;
     *   <li>numbers further off a range than it is wide: another unit, or a fault;
     *   <li>categories that differ from a known one in case or surrounding blanks only;
     *   <li>a number of rows of less than half or more than double of what was agreed on;
     *   <li>types, columns that came or went, patterns, keys, order, freshness, drift and skew, NaN, and rules between columns.
     * </ul>
     *
     * @param contract the contract
     * @param table the table, which is read twice
     * @return the loosened contract, with what was changed and what is open
     * @throws TableException if the table cannot be read to its end
     * @throws CancellationException if the calling thread is interrupted
     */
    public ContractUpdate update(DataContract contract, Table table) {
        TableReport report = TableValidation.of(contract).in(environment).validate(table);
        TableReading reading = TableReading.of(table);
        return new Loosening(contract, reading, promise(reading), mostCategories).by(report);
    }

    /**
     * Brings a contract up to date with the columns of a table.
     *
     * <ul>
     *   <li>A column that the contract does not know, or that was {@linkplain Lifecycle#PLANNED planned} and has values now, is
     *       inferred and begins as {@link #introducing} says.
     *   <li>A column that has another name now, as {@link #renamed} says or because the two names have the same letters and
     *       digits and the values keep to its rules, keeps its rules under the new name. If a rule between columns speaks of it,
     *       it is left open.
     *   <li>A column that is no longer there becomes {@linkplain Lifecycle#DEPRECATED deprecated}: known, and not checked.
     * </ul>
     *
     * <p>All other columns and rules stay as they are.
     *
     * @param contract the contract
     * @param table the table
     * @return the contract with the columns that the table has, with what was changed and what is open
     * @throws TableException if the table cannot be read to its end
     * @throws IllegalArgumentException if a column that is said to be renamed is not in the contract, or not in the table
     * @throws CancellationException if the calling thread is interrupted
     */
    public ContractUpdate migrate(DataContract contract, Table table) {
        TableReading reading = TableReading.of(table);
        return new Migration(contract, environment, labels, reading)
                .run(renamed, table, stage, promise(reading), mostCategories);
    }

    /**
     * Brings a contract up to date with the features of a profile, as {@link #migrate(DataContract, Table)} does; a column with a
     * name that is spelled alike is taken for the same without a look at its values.
     *
     * @param contract the contract
     * @param profile the profile
     * @return the contract with the columns that the profile has, with what was changed and what is open
     * @throws IllegalArgumentException if a column that is said to be renamed is not in the contract, or not in the profile
     */
    public ContractUpdate migrate(DataContract contract, Profile profile) {
        TableReading reading = ProfileReading.of(profile);
        return new Migration(contract, environment, labels, reading)
                .run(renamed, null, stage, promise(reading), mostCategories);
    }

    private InferredContract infer(TableReading reading) {
        if (reading.rows() == 0 || reading.columns().isEmpty()) {
            throw new ContractException(
                    "inference from " + reading.source() + ": " + reading.rows() + " rows of "
                            + reading.columns().size() + " columns (expected: at least 1 of each)",
                    null);
        }
        for (String label : labels) {
            if (reading.columns().stream().noneMatch(column -> column.name().equals(label))) {
                throw new ContractException(
                        "inference from " + reading.source() + ": no label '" + label
                                + "' (expected: one of the columns)",
                        null);
            }
        }
        Promise promise = promise(reading);
        List<ColumnContract> columns = new ArrayList<>();
        List<Rule> rules = new ArrayList<>();
        List<Hint> hints = new ArrayList<>();
        for (ColumnFacts facts : reading.columns()) {
            ColumnInference inference = new ColumnInference(facts, promise, mostCategories);
            ColumnContract column = inference.contract();
            columns.add(labels.contains(facts.name()) ? column.onlyIn(Environment.TRAINING) : column);
            rules.addAll(inference.rules());
            hints.addAll(inference.hints());
        }
        if (reading.nameless()) {
            hints.add(new Hint(
                    InferredContract.TABLE,
                    "a column without a name, such as an index, cannot be agreed on: tables with it are rejected"));
        }
        DataContract contract = duplicates(DataContract.of(name, columns), reading, promise, rules, hints);
        return new InferredContract(contract, reading.source(), reading.rows(), words(promise), rules, hints);
    }

    private Promise promise(TableReading reading) {
        double chance = falseAlarms / (RULES * reading.columns().size() + 1);
        long rows = reading.rows();
        return most == 0
                ? new Promise(chance, Math.max(1, Math.min(least, rows)), Math.max(1, rows))
                : new Promise(chance, least, most);
    }

    private String words(Promise promise) {
        return String.format(
                Locale.ROOT,
                "A clean table of %,d to %,d rows is rejected by chance in at most %s of all cases. The risk of a rule is the"
                        + " probability, at most and%nwith 95 %% confidence, that a further value is of a kind that was not seen."
                        + " Lines with ? are for you to look at.",
                promise.least(),
                promise.most(),
                falseAlarms);
    }

    private static DataContract duplicates(
            DataContract contract, TableReading reading, Promise promise, List<Rule> rules, List<Hint> hints) {
        if (reading.rows() < Tail.FEWEST || reading.repeats() < 0) {
            return contract;
        }
        if (reading.repeats() * 10 > reading.rows()) {
            hints.add(new Hint(
                    InferredContract.TABLE,
                    String.format(
                            Locale.ROOT,
                            "%,d of %,d rows are equal to an earlier one",
                            reading.repeats(),
                            reading.rows())));
            return contract;
        }
        double share = new BigDecimal(promise.share(reading.repeats(), reading.rows()))
                .setScale(4, RoundingMode.UP)
                .doubleValue();
        rules.add(new Rule(
                InferredContract.TABLE,
                Check.DUPLICATES,
                "at most " + share + " of the rows are repeats",
                Reaction.REJECT,
                reading.rows(),
                Promise.risk(reading.repeats(), reading.rows()),
                String.format(Locale.ROOT, "%,d are", reading.repeats())));
        return contract.duplicates(share);
    }

    /** The inference in words. */
    @Override
    public String toString() {
        return "inference of contract " + name + (labels.isEmpty() ? "" : ", labels " + labels);
    }
}
