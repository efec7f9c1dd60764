package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.validation.internal.Characters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the features of one schema have to keep to, by the schema itself and by a contract, made ready for checking rows.
 * Immutable and thread-safe.
 */
final class RowRules {

    // Two passes. The first asks only whether all is well: plain loops over the features that have a rule, grouped by
    // type, against arrays of primitives; it allocates nothing. The second runs for rows that are not well, in the
    // order of the features, and says what is wrong. Both ask the same questions (the methods named fits), so they
    // cannot disagree.
    //
    // A feature that is null or that could not be read fits: the schema has judged it.

    /** The most violations that are listed for one row; one more says what was left out. */
    static final int LIMIT = 100;

    /** The most violations that are listed for one tensor. */
    static final int TENSOR_LIMIT = 10;

    /** The longest text that a pattern without a limit of length is tried on. */
    static final int PATTERN_LIMIT = 10_000;

    /** The longest text where no contract bounds it, in characters. */
    static final int TEXT_LIMIT = 1 << 20;

    private static final int CATEGORIES_SHOWN = 10;
    private static final double TWO_TO_63 = 0x1p63;

    private final List<Feature> schema;

    // At the index of the feature: what it has to keep to by schema and contract, and the contract's column, if any.
    private final Feature[] features;
    private final @Nullable ColumnContract[] columns;

    // At the index of the feature. For a number, the range cut to finite numbers, unless it may be infinite; for an
    // integer, the range cut to whole ones.
    private final double[] min;
    private final double[] max;
    private final long[] integerMin;
    private final long[] integerMax;
    private final boolean[] nanAllowed;

    // At the index of the feature, for a category: which of the schema's codes, and which names without one, are known.
    private final boolean[][] codes;
    private final List<Set<String>> names;

    // The indexes of the features that have a rule.
    private final int[] numbers;
    private final int[] integers;
    private final int[] categories;
    private final int[] tensors;
    private final int[] required;
    private final int[] texts;
    private final int[] timestamps;

    private final boolean contract;
    private final List<RowRule> rowRules;
    private final List<Predicate<FeatureRow>> rowTests;

    /**
     * Prepares the rules that a schema has itself.
     *
     * @throws IllegalStateException if a name is that of no feature, or of one that is neither a number nor a tensor
     */
    RowRules(List<Feature> schema, Set<String> notFiniteAllowed) {
        this(schema, notFiniteAllowed, null, Environment.SERVING);
    }

    /**
     * Prepares the rules that a schema has itself and those of a contract in an environment.
     *
     * @throws IllegalStateException if a name is that of no feature, or of one that is neither a number nor a tensor, or if
     *     schema and contract contradict each other
     */
    RowRules(
            List<Feature> schema,
            Set<String> notFiniteAllowed,
            @Nullable DataContract contract,
            Environment environment) {
        this.schema = schema;
        int count = schema.size();
        features = new Feature[count];
        columns = new @Nullable ColumnContract[count];
        min = new double[count];
        max = new double[count];
        integerMin = new long[count];
        integerMax = new long[count];
        nanAllowed = new boolean[count];
        codes = new boolean[count][];
        names = new ArrayList<>(count);
        checkNames(schema, notFiniteAllowed);
        Indexes ruledNumbers = new Indexes(count);
        Indexes ruledIntegers = new Indexes(count);
        Indexes ruledCategories = new Indexes(count);
        Indexes ruledTensors = new Indexes(count);
        Indexes ruledNulls = new Indexes(count);
        Indexes ruledTexts = new Indexes(count);
        Indexes ruledTimestamps = new Indexes(count);
        for (int i = 0; i < count; i++) {
            ColumnContract column =
                    contract == null ? null : ContractBinding.column(contract, schema.get(i), environment);
            columns[i] = column;
            Feature feature =
                    column == null ? schema.get(i) : ContractBinding.narrower(schema.get(i), column.feature());
            features[i] = feature;
            boolean notFinite = notFiniteAllowed.contains(feature.name())
                    || (column != null && column.isNotFiniteAllowed())
                    || accepts(i, Check.NOT_FINITE);
            boolean ranged = isRanged(feature) && !accepts(i, Check.RANGE);
            nanAllowed[i] = notFinite;
            Set<String> known = Set.copyOf(feature.categories());
            names.add(column == null ? Set.of() : known); // to a schema alone, a name without a code is unknown
            List<String> coded = schema.get(i).categories();
            codes[i] = new boolean[coded.size()];
            for (int code = 0; code < coded.size(); code++) {
                codes[i][code] = known.contains(coded.get(code));
            }
            if (schema.get(i).isNullable() && !feature.isNullable() && !accepts(i, Check.NULL)) {
                ruledNulls.add(i);
            }
            switch (feature.type()) {
                case NUMBER, TENSOR -> {
                    double least = ranged ? feature.min() : Double.NEGATIVE_INFINITY;
                    double greatest = ranged ? feature.max() : Double.POSITIVE_INFINITY;
                    min[i] = notFinite ? least : Math.max(-Double.MAX_VALUE, least);
                    max[i] = notFinite ? greatest : Math.min(Double.MAX_VALUE, greatest);
                    if (!notFinite || ranged) {
                        (feature.type() == FeatureType.NUMBER ? ruledNumbers : ruledTensors).add(i);
                    }
                }
                case INTEGER -> {
                    double least = Math.ceil(feature.min());
                    double greatest = Math.floor(feature.max());
                    boolean outOfReach = least >= TWO_TO_63 || greatest < -TWO_TO_63;
                    integerMin[i] = outOfReach ? Long.MAX_VALUE : (long) least; // the cast stops at the ends of long
                    integerMax[i] = outOfReach ? Long.MIN_VALUE : (long) greatest;
                    if (ranged) {
                        ruledIntegers.add(i);
                    }
                }
                case CATEGORY -> {
                    if (!feature.categories().isEmpty() && !accepts(i, Check.UNKNOWN_CATEGORY)) {
                        ruledCategories.add(i);
                    }
                    if (feature.categories().isEmpty() || hasTextRule(column)) {
                        ruledTexts.add(i);
                    }
                }
                case TEXT -> ruledTexts.add(i);
                case TIMESTAMP -> {
                    if (column != null
                            && (column.earliest() != null || column.latest() != null)
                            && !accepts(i, Check.TIME)) {
                        ruledTimestamps.add(i);
                    }
                }
                case BOOLEAN -> {}
            }
        }
        numbers = ruledNumbers.toArray();
        integers = ruledIntegers.toArray();
        categories = ruledCategories.toArray();
        tensors = ruledTensors.toArray();
        required = ruledNulls.toArray();
        texts = ruledTexts.toArray();
        timestamps = ruledTimestamps.toArray();
        this.contract = contract != null;
        rowRules = contract == null ? List.of() : ContractBinding.rules(contract, schema);
        rowTests = rowRules.stream().map(rule -> rule.bind(schema)).toList();
    }

    private boolean accepts(int i, Check check) {
        return reaction(i, check) == Reaction.ACCEPT;
    }

    private Reaction reaction(int i, Check check) {
        ColumnContract column = columns[i];
        return column == null ? Reaction.REJECT : column.reaction(check);
    }

    private static boolean hasTextRule(@Nullable ColumnContract column) {
        return column != null
                && (column.minLength() > 0
                        || column.maxLength() < Integer.MAX_VALUE
                        || column.pattern() != null
                        || column.isPlain());
    }

    private static void checkNames(List<Feature> features, Set<String> notFiniteAllowed) {
        List<String> possible = features.stream()
                .filter(feature -> feature.type() == FeatureType.NUMBER || feature.type() == FeatureType.TENSOR)
                .map(Feature::name)
                .toList();
        for (String name : notFiniteAllowed) {
            if (!possible.contains(name)) {
                throw new IllegalStateException("allowingNotFinite: '" + name
                        + "' (expected: a number or tensor of the schema, " + possible + ")");
            }
        }
    }

    private static boolean isRanged(Feature feature) {
        return feature.min() != Double.NEGATIVE_INFINITY || feature.max() != Double.POSITIVE_INFINITY;
    }

    List<Feature> features() {
        return schema;
    }

    /** The feature as schema and contract together have it. */
    Feature feature(int i) {
        return features[i];
    }

    /** What the contract says of a feature, if anything. */
    @Nullable
    ColumnContract column(int i) {
        return columns[i];
    }

    boolean hasContract() {
        return contract;
    }

    boolean isNotFiniteAllowed(int i) {
        return nanAllowed[i];
    }

    /** What is checked, in a few words. */
    String summary() {
        return numbers.length + " numbers, " + integers.length + " integers, " + categories.length + " categories, "
                + tensors.length + " tensors"
                + (texts.length > 0 ? ", " + texts.length + " texts" : "")
                + (timestamps.length > 0 ? ", " + timestamps.length + " timestamps" : "")
                + (rowRules.isEmpty() ? "" : ", " + rowRules.size() + " rules between columns");
    }

    /** The rules that a row breaks: an immutable list, empty without being allocated if there are none. */
    List<Violation> check(FeatureRow row, Severity severity) {
        return isClean(row) ? List.of() : new Listing(row, severity, LIMIT).list();
    }

    /** The same without a limit but the number of rules: for a table, which counts what each rule finds. */
    List<Violation> checkAll(FeatureRow row, Severity severity) {
        return isClean(row) ? List.of() : new Listing(row, severity, Integer.MAX_VALUE).list();
    }

    boolean isClean(FeatureRow row) {
        for (int i : numbers) {
            if (!numberFits(row, i)) {
                return false;
            }
        }
        for (int i : integers) {
            if (!integerFits(row, i)) {
                return false;
            }
        }
        for (int i : categories) {
            if (!categoryFits(row, i)) {
                return false;
            }
        }
        for (int i : tensors) {
            int length = row.tensorLength(i);
            for (int e = 0; e < length; e++) {
                if (!elementFits(row, i, e)) {
                    return false;
                }
            }
        }
        return hasNoOtherProblem(row);
    }

    private boolean hasNoOtherProblem(FeatureRow row) {
        for (int i : required) {
            if (row.isNull(i)) {
                return false;
            }
        }
        for (int i : texts) {
            if (!lengthFits(row, i) || !patternFits(row, i) || !charactersFit(row, i)) {
                return false;
            }
        }
        for (int i : timestamps) {
            if (!timeFits(row, i)) {
                return false;
            }
        }
        for (int r = 0; r < rowTests.size(); r++) { // by index: an iterator would be an allocation for each row
            if (!rowTests.get(r).test(row)) {
                return false;
            }
        }
        return true;
    }

    private boolean lengthFits(FeatureRow row, int i) {
        String text = row.text(i);
        if (text == null || accepts(i, Check.LENGTH)) {
            return true;
        }
        ColumnContract column = columns[i];
        int most = mostCharacters(i);
        int length = text.length();
        if (length > 2 * (long) most) {
            return false; // a code point takes at most two chars: no need to count those of a huge text
        }
        int points = column == null && length <= most ? length : text.codePointCount(0, length);
        return points >= (column == null ? 0 : column.minLength()) && points <= most;
    }

    private int mostCharacters(int i) {
        ColumnContract column = columns[i];
        return column == null || column.maxLength() == Integer.MAX_VALUE ? TEXT_LIMIT : column.maxLength();
    }

    private boolean charactersFit(FeatureRow row, int i) {
        return firstUnsound(row, i) < 0;
    }

    private int firstUnsound(FeatureRow row, int i) {
        String text = row.text(i);
        if (text == null || accepts(i, Check.CHARACTERS) || !lengthFits(row, i)) {
            return -1; // if it is too long that is said already
        }
        ColumnContract column = columns[i];
        return Characters.firstUnsound(text, column != null && column.isPlain());
    }

    private boolean patternFits(FeatureRow row, int i) {
        String text = row.text(i);
        ColumnContract column = columns[i];
        Pattern pattern = column == null ? null : column.pattern();
        if (text == null || pattern == null || accepts(i, Check.PATTERN)) {
            return true;
        }
        if (!lengthFits(row, i)) {
            return true; // said already, and matching a text that is too long may take for ever
        }
        return text.length() <= PATTERN_LIMIT && pattern.matcher(text).matches();
    }

    private boolean timeFits(FeatureRow row, int i) {
        if (row.isNull(i) || row.isInvalid(i)) {
            return true;
        }
        ColumnContract column = Objects.requireNonNull(columns[i]);
        Instant earliest = column.earliest();
        Instant latest = column.latest();
        long millis = row.integer(i);
        return (earliest == null || millis >= earliest.toEpochMilli())
                && (latest == null || millis <= latest.toEpochMilli());
    }

    private boolean numberFits(FeatureRow row, int i) {
        double value = row.number(i);
        return (value >= min[i] && value <= max[i])
                || (Double.isNaN(value) && (nanAllowed[i] || row.isNull(i) || row.isInvalid(i)));
    }

    private boolean integerFits(FeatureRow row, int i) {
        long value = row.integer(i);
        return (value >= integerMin[i] && value <= integerMax[i]) || row.isNull(i) || row.isInvalid(i);
    }

    private boolean categoryFits(FeatureRow row, int i) {
        int code = codes[i].length == 0 ? -1 : row.categoryCode(i); // the schema may have a text for the category
        if (code >= 0) {
            return codes[i][code];
        }
        String name = row.text(i);
        return name == null || names.get(i).contains(name); // null, or it could not be read
    }

    private boolean elementFits(FeatureRow row, int i, int element) {
        double value = row.tensorElement(i, element);
        return (value >= min[i] && value <= max[i]) || (nanAllowed[i] && Double.isNaN(value));
    }

    /** The second pass over one row. */
    private final class Listing {

        private final FeatureRow row;
        private final Severity severity;
        private final int limit;
        private final List<Violation> listed = new ArrayList<>();
        private int unlisted;

        private Listing(FeatureRow row, Severity severity, int limit) {
            this.row = row;
            this.severity = severity;
            this.limit = limit;
        }

        private List<Violation> list() {
            for (int i = 0; i < features.length; i++) {
                Feature feature = features[i];
                if (row.isNull(i) && schema.get(i).isNullable() && !feature.isNullable()) {
                    add(i, Check.NULL, Violation.of(Violation.NULL, feature, null, "a value"));
                }
                switch (feature.type()) {
                    case NUMBER -> number(i, feature);
                    case INTEGER -> integer(i, feature);
                    case CATEGORY -> category(i, feature);
                    case TENSOR -> tensor(i, feature);
                    case TEXT -> text(i, feature);
                    case TIMESTAMP -> timestamp(i, feature);
                    case BOOLEAN -> {}
                }
            }
            for (int r = 0; r < rowRules.size(); r++) {
                RowRule rule = rowRules.get(r);
                if (!rowTests.get(r).test(row)) {
                    list(rowViolation(rule), rule.reaction());
                }
            }
            if (unlisted > 0) {
                listed.add(new Violation("more", "input", unlisted + " more violations", "none", severity));
            }
            return List.copyOf(listed);
        }

        private void number(int i, Feature feature) {
            if (numberFits(row, i)) {
                return;
            }
            double value = row.number(i);
            if (Double.isFinite(value) || (nanAllowed[i] && !Double.isNaN(value))) {
                add(i, Check.RANGE, Violation.of(Violation.RANGE, feature, value, range(feature)));
            } else {
                String finite = isRanged(feature) ? "a finite number, " + range(feature) : "a finite number";
                add(i, Check.NOT_FINITE, Violation.of(Violation.NOT_FINITE, feature, value, finite));
            }
        }

        private void integer(int i, Feature feature) {
            if (isRanged(feature) && !integerFits(row, i)) {
                add(i, Check.RANGE, Violation.of(Violation.RANGE, feature, row.integer(i), range(feature)));
            }
        }

        private void category(int i, Feature feature) {
            if (!feature.categories().isEmpty() && !categoryFits(row, i)) {
                String known = oneOf(feature.categories());
                add(
                        i,
                        Check.UNKNOWN_CATEGORY,
                        Violation.of(Violation.UNKNOWN_CATEGORY, feature, quoted(row.text(i)), known));
            }
            text(i, feature);
        }

        private void text(int i, Feature feature) {
            ColumnContract column = columns[i];
            if (column == null
                    && feature.type() == FeatureType.CATEGORY
                    && !feature.categories().isEmpty()) {
                return; // only those names are let through
            }
            if (!lengthFits(row, i)) {
                String length = Objects.requireNonNull(row.text(i)).length() + " characters";
                int least = column == null ? 0 : column.minLength();
                add(
                        i,
                        Check.LENGTH,
                        Violation.of(
                                Violation.LENGTH, feature, length, least + " to " + mostCharacters(i) + " characters"));
            }
            characters(i, feature);
            if (column != null && !patternFits(row, i)) {
                add(
                        i,
                        Check.PATTERN,
                        Violation.of(
                                Check.PATTERN.code(), feature, quoted(row.text(i)), "a text like " + column.pattern()));
            }
        }

        private void characters(int i, Feature feature) {
            int at = firstUnsound(row, i);
            if (at >= 0) {
                ColumnContract column = columns[i];
                String observed = String.format(
                        Locale.ROOT,
                        "U+%04X at character %d",
                        Objects.requireNonNull(row.text(i)).codePointAt(at),
                        at + 1);
                String expected = column != null && column.isPlain()
                        ? "plain text: nothing hidden, no look-alike letters, sound"
                        : "sound text: no controls, no halves of surrogate pairs, at most 30 accents in a row";
                add(i, Check.CHARACTERS, Violation.of(Check.CHARACTERS.code(), feature, observed, expected));
            }
        }

        private void timestamp(int i, Feature feature) {
            ColumnContract column = columns[i];
            if (column != null && !timeFits(row, i)) {
                String bounds = (column.earliest() == null ? "" : "not before " + column.earliest())
                        + (column.earliest() == null || column.latest() == null ? "" : ", ")
                        + (column.latest() == null ? "" : "not after " + column.latest());
                add(i, Check.TIME, Violation.of(Check.TIME.code(), feature, row.value(i), bounds));
            }
        }

        private Violation rowViolation(RowRule rule) {
            StringBuilder observed = new StringBuilder();
            for (String name : rule.columns()) {
                int index = row.indexOf(name);
                boolean sensitive = schema.get(index).isSensitive() || features[index].isSensitive();
                observed.append(observed.isEmpty() ? "" : ", ")
                        .append(name)
                        .append(" = ")
                        .append(sensitive ? "(sensitive)" : row.value(index));
            }
            return new Violation(rule.name(), "input", observed.toString(), rule.toString(), severity);
        }

        private void tensor(int i, Feature feature) {
            if (isTensorRuled(i)) {
                tensor(i, feature, Check.NOT_FINITE);
                tensor(i, feature, Check.RANGE);
            }
        }

        private boolean isTensorRuled(int i) {
            return Arrays.stream(tensors).anyMatch(ruled -> ruled == i);
        }

        /** The elements of a tensor that break one of the two rules: an infinity is not finite, or out of range where it may be. */
        private void tensor(int i, Feature feature, Check check) {
            String expected = check == Check.RANGE ? range(feature) : "a finite number";
            String broken = check == Check.RANGE ? " more elements out of range" : " more elements that are not finite";
            int length = row.tensorLength(i);
            int wrong = 0;
            for (int e = 0; e < length; e++) {
                double value = row.tensorElement(i, e);
                boolean isRange = Double.isFinite(value) || nanAllowed[i];
                if (!elementFits(row, i, e) && isRange == (check == Check.RANGE) && ++wrong <= TENSOR_LIMIT) {
                    String path = feature.name() + "[" + e + "]";
                    String observed = feature.isSensitive() ? "(sensitive)" : Double.toString(value);
                    add(i, check, new Violation(check.code(), path, observed, expected, severity));
                }
            }
            if (wrong > TENSOR_LIMIT) {
                String more = wrong - TENSOR_LIMIT + broken;
                add(i, check, new Violation(check.code(), feature.name(), more, expected, severity));
            }
        }

        private void add(int i, Check check, Violation violation) {
            list(violation, reaction(i, check));
        }

        private void list(Violation violation, Reaction reaction) {
            if (reaction == Reaction.ACCEPT) {
                return;
            }
            if (listed.size() < limit) {
                listed.add(violation.withSeverity(reaction == Reaction.WARN ? Severity.WARNING : severity));
            } else {
                unlisted++;
            }
        }
    }

    private static String range(Feature feature) {
        String least = end(feature, feature.min());
        String greatest = end(feature, feature.max());
        String range = feature.max() == Double.POSITIVE_INFINITY
                ? ">= " + least
                : feature.min() == Double.NEGATIVE_INFINITY ? "<= " + greatest : least + " to " + greatest;
        return feature.unit() == null ? range : range + " " + feature.unit();
    }

    private static String end(Feature feature, double end) {
        boolean whole = feature.type() == FeatureType.INTEGER && end == Math.rint(end) && Math.abs(end) < TWO_TO_63;
        return whole ? Long.toString((long) end) : Double.toString(end);
    }

    private static String quoted(@Nullable String text) {
        int most = Violation.OBSERVED_LIMIT - 2;
        return text == null || text.length() <= most ? "'" + text + "'" : "'" + text.substring(0, most - 3) + "...'";
    }

    private static String oneOf(List<String> categories) {
        return categories.size() <= CATEGORIES_SHOWN
                ? "one of " + categories
                : "one of " + categories.size() + " categories, such as " + categories.subList(0, CATEGORIES_SHOWN);
    }

    /** A growing list of ints. */
    private static final class Indexes {

        private final int[] indexes;
        private int size;

        private Indexes(int capacity) {
            indexes = new int[capacity];
        }

        private void add(int index) {
            indexes[size++] = index;
        }

        private int[] toArray() {
            return Arrays.copyOf(indexes, size);
        }
    }
}
