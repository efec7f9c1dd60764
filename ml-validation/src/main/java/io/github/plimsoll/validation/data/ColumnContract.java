package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.validation.profile.FeatureProfile;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What one column of a table, or one feature of a model, has to keep to, and what is done where it does not.
 *
 * <pre>{@code
 * ColumnContract.of(Feature.number("temperature").unit("°C").range(-40, 60)).on(Check.RANGE, Reaction.WARN)
 * ColumnContract.of(Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER")).mass(0.99)
 * ColumnContract.of(Feature.text("iban").sensitive()).length(15, 34).matching("[A-Z]{2}[0-9]{2}[A-Z0-9]+")
 * ColumnContract.of(Feature.integer("count")).onlyIn(Environment.TRAINING)
 * }</pre>
 *
 * <p>Type, range, unit, categories, shape and whether a value may be null are the {@link Feature}'s. By default a column is
 * there in every environment, numbers are finite, and a row that breaks a rule is rejected.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @since 0.1
 * @see DataContract
 */
public final class ColumnContract {

    /** How the values of a column follow on each other. Rows without a value are passed over. */
    public enum Order {
        /** In any order. */
        NONE,
        /** None is less than the one before. */
        ASCENDING,
        /** Each is greater than the one before. */
        STRICTLY_ASCENDING,
        /** None is greater than the one before. */
        DESCENDING,
        /** Each is less than the one before. */
        STRICTLY_DESCENDING
    }

    /**
     * How far two distributions of a column are from each other. They are compared cell by cell, without null and values that could not
     * be read:
     *
     * <ul>
     *   <li>Categories, texts, and numbers of few values, at least five rows of the reference to a value: a cell for each value. If
     *       there are more texts than a profile knows, all that are not known to both profiles are one cell.
     *   <li>Other numbers and timestamps: the reference is cut at its twentieths, and what is below its least and above its greatest
     *       value are cells of their own. A cut is as exact as {@link FeatureProfile#shareAtMost}.
     *   <li>NaN and both infinities of numbers each are a cell.
     * </ul>
     *
     * <p>Distances are above 0 by chance, the more so the fewer rows there are.
     */
    public enum Distance {
        /** The largest difference between the shares of a cell: 0 to 1. */
        L_INFINITY,
        /** The Jensen-Shannon divergence to base 2: 0 to 1. */
        JENSEN_SHANNON,
        /** The largest difference between the counts of a cell, as a share of all rows of both: 0 to 1. It grows if there are more rows. */
        NORMALIZED_ABSOLUTE_DIFFERENCE;

        /**
         * How far a column is from what it was.
         *
         * @param reference what it was
         * @param current what it is
         * @return from 0 to 1; 0 if neither has values, 1 if one has none
         * @throws IllegalArgumentException if the values are not known to the profiles, since they are sensitive or arrays
         */
        public double between(FeatureProfile reference, FeatureProfile current) {
            return CommonCells.of(reference, current).distance(this);
        }
    }

    /**
     * How far a distribution may move.
     *
     * @param distance how it is measured
     * @param most the largest distance that is no violation, from 0 to 1
     */
    public record Limit(Distance distance, double most) {

        /**
         * A limit.
         *
         * @throws IllegalArgumentException if the number is not from 0 to 1
         */
        public Limit {
            Objects.requireNonNull(distance);
            share("limit", most);
        }

        /**
         * Whether a distance keeps to the limit.
         *
         * @param observed a distance
         * @return true if it is not larger than the limit
         */
        public boolean allows(double observed) {
            return observed <= most;
        }
    }

    private static final Set<Check> REPAIRABLE = Collections.unmodifiableSet(
            EnumSet.of(Check.TYPE, Check.MISSING, Check.NULL, Check.RANGE, Check.NOT_FINITE, Check.UNKNOWN_CATEGORY));

    private static final Set<Check> COUNTABLE = Collections.unmodifiableSet(EnumSet.of(
            Check.TYPE, Check.INEXACT, Check.RANGE, Check.NOT_FINITE, Check.LENGTH, Check.PATTERN, Check.TIME));

    private final Settings settings;

    private ColumnContract(Settings settings) {
        this.settings = settings;
    }

    /**
     * A contract that says of a column what the feature does.
     *
     * @param feature name, type, range and so on
     * @return the contract
     */
    public static ColumnContract of(Feature feature) {
        return new ColumnContract(new Settings(Objects.requireNonNull(feature)));
    }

    /**
     * This contract for a changed feature, such as one with another range.
     *
     * @param feature name, type, range and so on
     * @return a changed copy
     * @throws IllegalArgumentException if it is of another type, which would leave rules without a meaning
     * @throws IllegalStateException if it is sensitive and there is a limit of drift or skew
     */
    public ColumnContract feature(Feature feature) {
        if (feature.type() != feature().type()) {
            throw problem("type", feature.type(), feature().type().toString());
        }
        if (settings.drift != null || settings.skew != null) {
            requireComparable("drift or skew", feature);
        }
        Settings changed = settings.copy();
        changed.feature = feature;
        return new ColumnContract(changed);
    }

    /**
     * This contract, asking that enough rows have a value.
     *
     * @param least the smallest share of rows in which the column is not null, from 0 to 1
     * @return a changed copy
     * @throws IllegalArgumentException if the share is not from 0 to 1
     * @throws IllegalStateException if it is less than 1 and the feature is not nullable
     */
    public ColumnContract presence(double least) {
        share("presence", least);
        if (least < 1 && !feature().isNullable()) {
            throw state("presence", least, "1, or a nullable feature");
        }
        Settings changed = settings.copy();
        changed.presence = least;
        return new ColumnContract(changed);
    }

    /**
     * This contract, taking NaN and infinities for values, as for a model that was trained to.
     *
     * @return a changed copy
     * @throws IllegalStateException if the column is neither of numbers nor of tensors
     */
    public ColumnContract allowingNotFinite() {
        requireType("allowingNotFinite", FeatureType.NUMBER, FeatureType.TENSOR);
        Settings changed = settings.copy();
        changed.notFiniteAllowed = true;
        return new ColumnContract(changed);
    }

    /**
     * This contract, bounding the length of texts.
     *
     * @param least the smallest number of characters (Unicode code points)
     * @param most the largest
     * @return a changed copy
     * @throws IllegalArgumentException if {@code least} is negative or more than {@code most}
     * @throws IllegalStateException if the column is neither of texts nor of categories
     */
    public ColumnContract length(int least, int most) {
        requireType("length", FeatureType.TEXT, FeatureType.CATEGORY);
        if (least < 0 || least > most) {
            throw problem("length", least + " to " + most, "0 <= least <= most");
        }
        Settings changed = settings.copy();
        changed.minLength = least;
        changed.maxLength = most;
        return new ColumnContract(changed);
    }

    /**
     * This contract, asking that the whole of each text matches a regular expression. It is tried only on texts that keep
     * to {@link #length}, by default of at most 10,000 characters: some expressions take very long on long texts.
     *
     * @param regex an expression of {@link Pattern}
     * @return a changed copy
     * @throws IllegalArgumentException if it is no regular expression
     * @throws IllegalStateException if the column is neither of texts nor of categories
     */
    public ColumnContract matching(String regex) {
        requireType("matching", FeatureType.TEXT, FeatureType.CATEGORY);
        Settings changed = settings.copy();
        try {
            changed.pattern = Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "matching of '" + name() + "': " + e.getMessage() + " (expected: a regular expression)", e);
        }
        return new ColumnContract(changed);
    }

    /**
     * This contract, bounding timestamps.
     *
     * @param earliest the first moment allowed, or null
     * @param latest the last moment allowed, or null
     * @return a changed copy
     * @throws IllegalArgumentException if {@code latest} comes before {@code earliest}
     * @throws IllegalStateException if the column is not of timestamps
     */
    public ColumnContract between(@Nullable Instant earliest, @Nullable Instant latest) {
        requireType("between", FeatureType.TIMESTAMP);
        if (earliest != null && latest != null && latest.isBefore(earliest)) {
            throw problem("between", earliest + " to " + latest, "earliest <= latest");
        }
        Settings changed = settings.copy();
        changed.earliest = earliest;
        changed.latest = latest;
        return new ColumnContract(changed);
    }

    /**
     * This contract, asking for plain text: no character that is not seen or changes how others are seen, such as those of zero width or of
     * writing direction, and no letter of another script that looks like a Latin one in a word with Latin letters.
     *
     * <p>Without this a text only has to be sound: no half of a surrogate pair, no control but white space, nothing that Unicode says is no
     * character, no more than 30 accents in a row. Emoji, and languages that join letters by characters of zero width, need no more
     * than that.
     *
     * @return a changed copy
     * @throws IllegalStateException if the column is neither of texts nor of categories
     * @see Check#CHARACTERS
     */
    public ColumnContract plain() {
        requireType("plain", FeatureType.TEXT, FeatureType.CATEGORY);
        Settings changed = settings.copy();
        changed.plain = true;
        return new ColumnContract(changed);
    }

    /**
     * This contract, asking that no value is there twice; null may be.
     *
     * @return a changed copy
     */
    public ColumnContract unique() {
        Settings changed = settings.copy();
        changed.unique = true;
        return new ColumnContract(changed);
    }

    /**
     * This contract, bounding how many different values a table has; null is none.
     *
     * @param least the smallest number
     * @param most the largest
     * @return a changed copy
     * @throws IllegalArgumentException if {@code least} is negative or more than {@code most}
     */
    public ColumnContract distinct(long least, long most) {
        if (least < 0 || least > most) {
            throw problem("distinct", least + " to " + most, "0 <= least <= most");
        }
        Settings changed = settings.copy();
        changed.minDistinct = least;
        changed.maxDistinct = most;
        return new ColumnContract(changed);
    }

    /**
     * This contract, asking for an order from row to row.
     *
     * @param order the order
     * @return a changed copy
     * @throws IllegalStateException if the column is of tensors, which have no order
     */
    public ColumnContract order(Order order) {
        if (feature().type() == FeatureType.TENSOR) {
            throw state("order", order, "a column of single values");
        }
        Settings changed = settings.copy();
        changed.order = order;
        return new ColumnContract(changed);
    }

    /**
     * This contract, asking that enough values are among the feature's categories. Less than 1 leaves room in a table for
     * values that are new; what is done with a single row that has one is said by {@code on(Check.UNKNOWN_CATEGORY, ...)}, and
     * a table shows such rows only if that is a warning.
     *
     * @param least the smallest share of the values, from 0 to 1
     * @return a changed copy
     * @throws IllegalArgumentException if the share is not from 0 to 1
     * @throws IllegalStateException if the feature has no categories
     */
    public ColumnContract mass(double least) {
        share("mass", least);
        if (feature().categories().isEmpty()) {
            throw state("mass", least, "a feature with categories");
        }
        Settings changed = settings.copy();
        changed.mass = least;
        return new ColumnContract(changed);
    }

    /**
     * This contract, taking a rule as kept by a table if enough of the values that are not null keep to it. A row that does not is
     * counted but not rejected. A {@link Guard}, which sees one row at a time, does not know of shares: what it does with such a row
     * is said by {@link #on on(check, ...)}.
     *
     * @param check a rule about values that are there: type, inexact, range, not finite, length, pattern or time; see
     *     {@link #mass} for categories and {@link #presence} for null
     * @param least the smallest share of the values that are not null, from 0 to 1; a table without such values keeps to the rule
     * @return a changed copy
     * @throws IllegalArgumentException if the share is not from 0 to 1, or the rule is another
     */
    public ColumnContract mostly(Check check, double least) {
        share("mostly " + check, least);
        if (!COUNTABLE.contains(check)) {
            throw problem(
                    "mostly", check, "one of " + COUNTABLE + "; see mass for unknown-category, presence for null");
        }
        Settings changed = settings.copy();
        changed.mostly.put(check, least);
        return new ColumnContract(changed);
    }

    /**
     * This contract, bounding how far the values may move from one table to the next.
     *
     * @param distance how it is measured
     * @param most the largest distance, from 0 to 1
     * @return a changed copy
     * @throws IllegalArgumentException if the number is not from 0 to 1
     * @throws IllegalStateException if the column is sensitive or of arrays, whose values profiles do not know
     */
    public ColumnContract drift(Distance distance, double most) {
        requireComparable("drift", feature());
        Settings changed = settings.copy();
        changed.drift = new Limit(distance, most);
        return new ColumnContract(changed);
    }

    /**
     * This contract, bounding how far the values when serving may be from those when training.
     *
     * @param distance how it is measured
     * @param most the largest distance, from 0 to 1
     * @return a changed copy
     * @throws IllegalArgumentException if the number is not from 0 to 1
     * @throws IllegalStateException if the column is sensitive or of arrays, whose values profiles do not know
     */
    public ColumnContract skew(Distance distance, double most) {
        requireComparable("skew", feature());
        Settings changed = settings.copy();
        changed.skew = new Limit(distance, most);
        return new ColumnContract(changed);
    }

    /**
     * This contract for a column that is there in some environments only.
     *
     * @param first an environment
     * @param more further ones
     * @return a changed copy
     */
    public ColumnContract onlyIn(Environment first, Environment... more) {
        Settings changed = settings.copy();
        changed.environments = Collections.unmodifiableSet(EnumSet.of(first, more));
        return new ColumnContract(changed);
    }

    /**
     * This contract for a column at a stage of its life.
     *
     * @param stage how far it has come
     * @return a changed copy
     */
    public ColumnContract lifecycle(Lifecycle stage) {
        Settings changed = settings.copy();
        changed.lifecycle = Objects.requireNonNull(stage);
        return new ColumnContract(changed);
    }

    /**
     * This contract, giving rows without a usable value another one: those where it is missing, null, unreadable, not finite
     * or an unknown category, as far as the reaction to that is {@link Reaction#REPAIR}.
     *
     * @param value a value of the feature's type that keeps to the contract; a {@code Double}, {@code Long},
     *     {@code Boolean}, {@code String} or {@code Instant}
     * @return a changed copy
     * @throws IllegalArgumentException if it is of another type, or breaks a rule of this contract
     */
    public ColumnContract imputing(Object value) {
        Settings changed = settings.copy();
        changed.imputed = Objects.requireNonNull(value);
        boolean fits = switch (feature().type()) {
            case NUMBER ->
                value instanceof Double number
                        && feature().min() <= number
                        && number <= feature().max();
            case INTEGER ->
                value instanceof Long number
                        && feature().min() <= number
                        && number <= feature().max();
            case BOOLEAN -> value instanceof Boolean;
            case CATEGORY ->
                value instanceof String name
                        && (feature().categories().isEmpty()
                                || feature().categories().contains(name));
            case TEXT -> value instanceof String;
            case TIMESTAMP -> value instanceof Instant;
            case TENSOR -> false;
        };
        if (!fits) {
            throw problem("imputing", value, "a value of " + feature());
        }
        return new ColumnContract(changed);
    }

    /**
     * This contract with another reaction where a rule is broken.
     *
     * <p>{@link Reaction#REPAIR} means: a number out of range is clipped; a category is matched without regard to case,
     * surrounding blanks and Unicode form; a number or boolean is parsed from a text. What that does not help, and what is
     * missing, null or not finite, gets the {@linkplain #imputing imputed} value.
     *
     * @param check the rule
     * @param reaction what to do; for rules over a column or table, {@link Reaction#REPAIR} is none
     * @return a changed copy
     * @throws IllegalArgumentException if the rule cannot be repaired
     */
    public ColumnContract on(Check check, Reaction reaction) {
        if (reaction == Reaction.REPAIR && !REPAIRABLE.contains(check)) {
            throw problem("on " + check, reaction, "ACCEPT, WARN or REJECT; only " + REPAIRABLE + " can be repaired");
        }
        Settings changed = settings.copy();
        changed.reactions.put(Objects.requireNonNull(check), Objects.requireNonNull(reaction));
        return new ColumnContract(changed);
    }

    /**
     * The column's name.
     *
     * @return a name that is not blank
     */
    public String name() {
        return feature().name();
    }

    /**
     * Name, type, range and so on.
     *
     * @return the feature
     */
    public Feature feature() {
        return settings.feature;
    }

    /**
     * The smallest share of rows in which the column has a value.
     *
     * @return from 0 to 1; unless set, 1 if the feature is not nullable, else 0
     */
    public double presence() {
        return Double.isNaN(settings.presence) ? (feature().isNullable() ? 0 : 1) : settings.presence;
    }

    /**
     * Whether NaN and infinities are values.
     *
     * @return false unless {@link #allowingNotFinite} was called
     */
    public boolean isNotFiniteAllowed() {
        return settings.notFiniteAllowed;
    }

    /**
     * The smallest number of characters.
     *
     * @return a number >= 0
     */
    public int minLength() {
        return settings.minLength;
    }

    /**
     * The largest number of characters.
     *
     * @return a number >= 0, {@code Integer.MAX_VALUE} if there is none
     */
    public int maxLength() {
        return settings.maxLength;
    }

    /**
     * What texts have to match.
     *
     * @return the regular expression, or null
     */
    public @Nullable Pattern pattern() {
        return settings.pattern;
    }

    /**
     * The first moment allowed.
     *
     * @return the moment, or null
     */
    public @Nullable Instant earliest() {
        return settings.earliest;
    }

    /**
     * The last moment allowed.
     *
     * @return the moment, or null
     */
    public @Nullable Instant latest() {
        return settings.latest;
    }

    /**
     * Whether texts have to be plain.
     *
     * @return false unless {@link #plain} was called
     */
    public boolean isPlain() {
        return settings.plain;
    }

    /**
     * Whether no value may be there twice.
     *
     * @return false unless {@link #unique} was called
     */
    public boolean isUnique() {
        return settings.unique;
    }

    /**
     * The smallest number of different values.
     *
     * @return a number >= 0
     */
    public long minDistinct() {
        return settings.minDistinct;
    }

    /**
     * The largest number of different values.
     *
     * @return a number >= 0, {@code Long.MAX_VALUE} if there is none
     */
    public long maxDistinct() {
        return settings.maxDistinct;
    }

    /**
     * How the values follow on each other.
     *
     * @return the order
     */
    public Order order() {
        return settings.order;
    }

    /**
     * The smallest share of values that are among the categories.
     *
     * @return from 0 to 1; 1 unless set
     */
    public double mass() {
        return settings.mass;
    }

    /**
     * The smallest share of the values that are not null that keep to a rule.
     *
     * @param check the rule
     * @return from 0 to 1; 1 unless set
     */
    public double mostly(Check check) {
        return settings.mostly.getOrDefault(check, 1.0);
    }

    /**
     * The shares that were set.
     *
     * @return an immutable map in the order of the rules
     */
    public Map<Check, Double> mostly() {
        return Collections.unmodifiableMap(settings.mostly);
    }

    /**
     * How far the values may move from one table to the next.
     *
     * @return the limit, or null
     */
    public @Nullable Limit drift() {
        return settings.drift;
    }

    /**
     * How far the values when serving may be from those when training.
     *
     * @return the limit, or null
     */
    public @Nullable Limit skew() {
        return settings.skew;
    }

    /**
     * Where the column is there.
     *
     * @return an immutable set
     */
    public Set<Environment> environments() {
        return settings.environments;
    }

    /**
     * How far the column has come.
     *
     * @return the stage; {@link Lifecycle#PRODUCTION} unless set
     */
    public Lifecycle lifecycle() {
        return settings.lifecycle;
    }

    /**
     * Whether the column is checked in an environment.
     *
     * @param environment the environment
     * @return true if it is there and its stage is one that is checked
     */
    public boolean isCheckedIn(Environment environment) {
        return settings.environments.contains(environment) && settings.lifecycle.isChecked();
    }

    /**
     * What a repair puts where there is no usable value.
     *
     * @return the value, or null if there is none
     */
    public @Nullable Object imputed() {
        return settings.imputed;
    }

    /**
     * What is done where a rule is broken.
     *
     * @param check the rule
     * @return the reaction; {@link Reaction#REJECT} unless set
     */
    public Reaction reaction(Check check) {
        return settings.reactions.getOrDefault(check, Reaction.REJECT);
    }

    /**
     * The reactions that were set.
     *
     * @return an immutable map in the order of the rules
     */
    public Map<Check, Reaction> reactions() {
        return Collections.unmodifiableMap(settings.reactions);
    }

    /**
     * Makes sure that a value can keep to all rules at once.
     *
     * @throws IllegalArgumentException if a category or the imputed value breaks another rule, or there cannot be as many different
     *     values as there have to be
     */
    void requireConsistent() {
        for (String category : feature().categories()) {
            requireFit("category", category);
        }
        if (settings.imputed instanceof String text) {
            requireFit("imputing", text);
        }
        if (settings.imputed instanceof Instant time
                && (isBefore(time, settings.earliest) || isBefore(settings.latest, time))) {
            throw problem("imputing", time, settings.earliest + " to " + settings.latest);
        }
        double possible = switch (feature().type()) {
            case BOOLEAN -> 2;
            case INTEGER -> Math.floor(feature().max()) - Math.ceil(feature().min()) + 1;
            case CATEGORY ->
                feature().categories().isEmpty() || mass() < 1
                        ? Double.POSITIVE_INFINITY
                        : feature().categories().size();
            case NUMBER, TEXT, TIMESTAMP, TENSOR -> Double.POSITIVE_INFINITY;
        };
        if (minDistinct() > possible && isEnforced(Check.RANGE) && isEnforced(Check.UNKNOWN_CATEGORY)) {
            throw problem(
                    "distinct",
                    "at least " + minDistinct(),
                    "at most " + (long) possible + ", as many values as there can be");
        }
    }

    private boolean isEnforced(Check check) {
        return reaction(check) == Reaction.REJECT && mostly(check) == 1;
    }

    private static boolean isBefore(@Nullable Instant time, @Nullable Instant other) {
        return time != null && other != null && time.isBefore(other);
    }

    private void requireFit(String what, String text) {
        int length = text.codePointCount(0, text.length());
        if (length < minLength() || length > maxLength()) {
            throw problem(what, "'" + text + "'", minLength() + " to " + maxLength() + " characters");
        }
        Pattern pattern = pattern();
        if (pattern != null && !pattern.matcher(text).matches()) {
            throw problem(what, "'" + text + "'", "a text like " + pattern);
        }
    }

    private void requireComparable(String what, Feature feature) {
        if (feature.isSensitive() || feature.type() == FeatureType.TENSOR) {
            throw state(
                    what,
                    feature.isSensitive() ? "a sensitive column" : feature.type(),
                    "a column whose values are known to a profile");
        }
    }

    private void requireType(String what, FeatureType... allowed) {
        for (FeatureType type : allowed) {
            if (feature().type() == type) {
                return;
            }
        }
        throw state(what, feature().type(), "a column of type " + java.util.Arrays.toString(allowed));
    }

    private static void share(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: 0 to 1)");
        }
    }

    private IllegalArgumentException problem(String what, Object value, String expected) {
        return new IllegalArgumentException(what + " of '" + name() + "': " + value + " (expected: " + expected + ")");
    }

    private IllegalStateException state(String what, Object value, String expected) {
        return new IllegalStateException(what + " of '" + name() + "': " + value + " (expected: " + expected + ")");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ColumnContract that && ContractJson.column(this).equals(ContractJson.column(that));
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    /** The contract as one line, such as {@code temperature: number in °C, -40.0 to 60.0}. */
    @Override
    public String toString() {
        return feature().toString();
    }

    /** The settings of a contract; changed only while a copy is being made. */
    private static final class Settings {

        private Feature feature;
        private double presence = Double.NaN;
        private boolean notFiniteAllowed;
        private int minLength;
        private int maxLength = Integer.MAX_VALUE;
        private @Nullable Pattern pattern;
        private @Nullable Instant earliest;
        private @Nullable Instant latest;
        private boolean plain;
        private boolean unique;
        private long minDistinct;
        private long maxDistinct = Long.MAX_VALUE;
        private Order order = Order.NONE;
        private double mass = 1;
        private Map<Check, Double> mostly = new EnumMap<>(Check.class);
        private @Nullable Limit drift;
        private @Nullable Limit skew;
        private Set<Environment> environments = Collections.unmodifiableSet(EnumSet.allOf(Environment.class));
        private Lifecycle lifecycle = Lifecycle.PRODUCTION;
        private @Nullable Object imputed;
        private Map<Check, Reaction> reactions = new EnumMap<>(Check.class);

        private Settings(Feature feature) {
            this.feature = feature;
        }

        private Settings copy() {
            Settings copy = new Settings(feature);
            copy.presence = presence;
            copy.notFiniteAllowed = notFiniteAllowed;
            copy.minLength = minLength;
            copy.maxLength = maxLength;
            copy.pattern = pattern;
            copy.earliest = earliest;
            copy.latest = latest;
            copy.plain = plain;
            copy.unique = unique;
            copy.minDistinct = minDistinct;
            copy.maxDistinct = maxDistinct;
            copy.order = order;
            copy.mass = mass;
            copy.mostly = new EnumMap<>(mostly);
            copy.drift = drift;
            copy.skew = skew;
            copy.environments = environments;
            copy.lifecycle = lifecycle;
            copy.imputed = imputed;
            copy.reactions = new EnumMap<>(reactions);
            return copy;
        }
    }
}
