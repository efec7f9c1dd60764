package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the features of one schema have to keep to, made ready for checking rows. Immutable and thread-safe. */
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

    private static final int CATEGORIES_SHOWN = 10;
    private static final double TWO_TO_63 = 0x1p63;

    private final List<Feature> features;

    // At the index of the feature. For a number, the range cut to finite numbers, unless it may be infinite; for an
    // integer, the range cut to whole ones.
    private final double[] min;
    private final double[] max;
    private final long[] integerMin;
    private final long[] integerMax;
    private final boolean[] nanAllowed;

    // The indexes of the features that have a rule.
    private final int[] numbers;
    private final int[] integers;
    private final int[] categories;
    private final int[] tensors;

    /**
     * Prepares the rules.
     *
     * @throws IllegalStateException if a name is that of no feature, or of one that is neither a number nor a tensor
     */
    RowRules(List<Feature> features, Set<String> notFiniteAllowed) {
        this.features = features;
        int count = features.size();
        min = new double[count];
        max = new double[count];
        integerMin = new long[count];
        integerMax = new long[count];
        nanAllowed = new boolean[count];
        checkNames(features, notFiniteAllowed);
        Indexes ruledNumbers = new Indexes(count);
        Indexes ruledIntegers = new Indexes(count);
        Indexes ruledCategories = new Indexes(count);
        Indexes ruledTensors = new Indexes(count);
        for (int i = 0; i < count; i++) {
            Feature feature = features.get(i);
            boolean notFinite = notFiniteAllowed.contains(feature.name());
            nanAllowed[i] = notFinite;
            switch (feature.type()) {
                case NUMBER -> {
                    min[i] = notFinite ? feature.min() : Math.max(-Double.MAX_VALUE, feature.min());
                    max[i] = notFinite ? feature.max() : Math.min(Double.MAX_VALUE, feature.max());
                    if (!notFinite || isRanged(feature)) {
                        ruledNumbers.add(i);
                    }
                }
                case INTEGER -> {
                    double least = Math.ceil(feature.min());
                    double greatest = Math.floor(feature.max());
                    boolean outOfReach = least >= TWO_TO_63 || greatest < -TWO_TO_63;
                    integerMin[i] = outOfReach ? Long.MAX_VALUE : (long) least; // the cast stops at the ends of long
                    integerMax[i] = outOfReach ? Long.MIN_VALUE : (long) greatest;
                    if (isRanged(feature)) {
                        ruledIntegers.add(i);
                    }
                }
                case CATEGORY -> {
                    if (!feature.categories().isEmpty()) {
                        ruledCategories.add(i);
                    }
                }
                case TENSOR -> {
                    if (!notFinite) {
                        ruledTensors.add(i);
                    }
                }
                case BOOLEAN, TEXT, TIMESTAMP -> {}
            }
        }
        numbers = ruledNumbers.toArray();
        integers = ruledIntegers.toArray();
        categories = ruledCategories.toArray();
        tensors = ruledTensors.toArray();
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
        return features;
    }

    /** What is checked, in a few words. */
    String summary() {
        return numbers.length + " numbers, " + integers.length + " integers, " + categories.length + " categories, "
                + tensors.length + " tensors";
    }

    /** The rules that a row breaks: an immutable list, empty without being allocated if there are none. */
    List<Violation> check(FeatureRow row, Severity severity) {
        return isClean(row) ? List.of() : new Listing(row, severity).list();
    }

    private boolean isClean(FeatureRow row) {
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
        return true;
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

    private static boolean categoryFits(FeatureRow row, int i) {
        return row.categoryCode(i) >= 0 || row.text(i) == null; // without a text it is null or could not be read
    }

    private static boolean elementFits(FeatureRow row, int i, int element) {
        return Double.isFinite(row.tensorElement(i, element));
    }

    /** The second pass over one row. */
    private final class Listing {

        private final FeatureRow row;
        private final Severity severity;
        private final List<Violation> listed = new ArrayList<>();
        private int unlisted;

        private Listing(FeatureRow row, Severity severity) {
            this.row = row;
            this.severity = severity;
        }

        private List<Violation> list() {
            for (int i = 0; i < features.size(); i++) {
                Feature feature = features.get(i);
                switch (feature.type()) {
                    case NUMBER -> number(i, feature);
                    case INTEGER -> integer(i, feature);
                    case CATEGORY -> category(i, feature);
                    case TENSOR -> tensor(i, feature);
                    case BOOLEAN, TEXT, TIMESTAMP -> {}
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
                add(Violation.of(Violation.RANGE, feature, value, range(feature)));
            } else {
                String finite = isRanged(feature) ? "a finite number, " + range(feature) : "a finite number";
                add(Violation.of(Violation.NOT_FINITE, feature, value, finite));
            }
        }

        private void integer(int i, Feature feature) {
            if (isRanged(feature) && !integerFits(row, i)) {
                add(Violation.of(Violation.RANGE, feature, row.integer(i), range(feature)));
            }
        }

        private void category(int i, Feature feature) {
            if (!feature.categories().isEmpty() && !categoryFits(row, i)) {
                add(Violation.of(
                        Violation.UNKNOWN_CATEGORY, feature, quoted(row.text(i)), oneOf(feature.categories())));
            }
        }

        private void tensor(int i, Feature feature) {
            if (nanAllowed[i]) {
                return;
            }
            int length = row.tensorLength(i);
            int wrong = 0;
            for (int e = 0; e < length; e++) {
                if (!elementFits(row, i, e) && ++wrong <= TENSOR_LIMIT) {
                    add(notFinite(feature, e, row.tensorElement(i, e)));
                }
            }
            if (wrong > TENSOR_LIMIT) {
                String more = wrong - TENSOR_LIMIT + " more elements that are not finite";
                add(new Violation(Violation.NOT_FINITE, feature.name(), more, "a finite number", severity));
            }
        }

        private Violation notFinite(Feature feature, int element, double value) {
            String path = feature.name() + "[" + element + "]";
            String observed = feature.isSensitive() ? "(sensitive)" : Double.toString(value);
            return new Violation(Violation.NOT_FINITE, path, observed, "a finite number", severity);
        }

        private void add(Violation violation) {
            if (listed.size() < LIMIT) {
                listed.add(violation.withSeverity(severity));
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
