package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.ValueCount;
import io.github.plimsoll.validation.stats.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What two profiles of one column counted, in the same cells. Null and what could not be read are in none. */
final class CommonCells {

    // Texts: a cell a value; if not all values of both are known, those that are known of both, and one cell for all
    // others.
    // Numbers of few values: a cell a value. Other numbers: cells between quantiles of the reference, a twentieth of
    // its values in
    // each as far as ties allow, one below its least value and one above its greatest. Numbers: NaN and both infinities
    // apart.

    private static final int QUANTILES = 20;
    private static final int ROWS_OF_A_VALUE = 5; // as many as the chi-square test wants in a cell
    private static final int SHOWN = 3;

    private final List<String> names = new ArrayList<>();
    private final List<double[]> counts = new ArrayList<>(); // of the reference, of the other

    private CommonCells() {}

    /**
     * The cells of two profiles.
     *
     * @throws IllegalArgumentException if they have nothing that can be compared
     */
    static CommonCells of(FeatureProfile reference, FeatureProfile current) {
        requireValues(reference);
        requireValues(current);
        CommonCells cells = new CommonCells();
        if (isText(reference) || isText(current)) {
            cells.addValues(reference, current);
        } else {
            if (areFew(reference) && current.isDistinctExact()) {
                cells.addValues(reference, current);
            } else {
                cells.addRanges(reference, current);
            }
            cells.addCounts("NaN", reference.notANumber(), current.notANumber());
            cells.addCounts("-Infinity", reference.negativeInfinity(), current.negativeInfinity());
            cells.addCounts("Infinity", reference.positiveInfinity(), current.positiveInfinity());
        }
        return cells;
    }

    private static void requireValues(FeatureProfile profile) {
        Feature feature = profile.feature();
        if (feature.type() == FeatureType.TENSOR || feature.isSensitive()) {
            throw new IllegalArgumentException("profile of '" + feature.name() + "': "
                    + (feature.isSensitive() ? "sensitive" : "arrays")
                    + " (expected: a column whose values are known to its profile)");
        }
    }

    private static boolean isText(FeatureProfile profile) {
        return profile.type() == FeatureType.CATEGORY || profile.type() == FeatureType.TEXT;
    }

    private static boolean areFew(FeatureProfile profile) {
        return profile.isDistinctExact() && profile.count() >= ROWS_OF_A_VALUE * profile.distinct();
    }

    private void addCounts(String name, long before, long after) {
        add(name, (double) before, (double) after);
    }

    private void add(String name, double before, double after) {
        if (before > 0 || after > 0) {
            names.add(name);
            counts.add(new double[] {before, after});
        }
    }

    private void addValues(FeatureProfile reference, FeatureProfile current) {
        Map<String, double[]> values = new LinkedHashMap<>();
        boolean all = reference.isDistinctExact() && current.isDistinctExact();
        Map<String, Long> after = current.frequent().stream()
                .collect(Collectors.toMap(ValueCount::value, ValueCount::count, Long::sum, LinkedHashMap::new));
        double[] others = {reference.count(), current.count()};
        for (ValueCount value : reference.frequent()) {
            Long same = after.remove(value.value());
            if (all || same != null) {
                double[] count = {value.count(), same == null ? 0 : same};
                values.put(value.value(), count);
                others[0] -= count[0];
                others[1] -= count[1];
            }
        }
        if (all) {
            after.forEach((value, count) -> values.put(value, new double[] {0, count}));
        } else {
            values.put("all others", others);
        }
        values.forEach((name, count) -> add("'" + name + "'", count[0], count[1]));
    }

    private void addRanges(FeatureProfile reference, FeatureProfile current) {
        FeatureProfile measure = reference.count() > 0 ? reference : current;
        TreeSet<Double> cuts = new TreeSet<>();
        for (int i = 1; i <= QUANTILES; i++) {
            cuts.add(measure.quantile((double) i / QUANTILES));
        }
        double from = measure.min();
        double[] before = {atMost(reference, Math.nextDown(from)), atMost(current, Math.nextDown(from))};
        add("below " + from, before[0], before[1]);
        String bracket = "[";
        for (double to : cuts) {
            double[] after = {atMost(reference, to), atMost(current, to)};
            String name = bracket.equals("[") && to == from ? Double.toString(to) : bracket + from + ", " + to + "]";
            add(name, after[0] - before[0], after[1] - before[1]);
            before = after;
            from = to;
            bracket = "(";
        }
        add("above " + from, reference.count() - before[0], current.count() - before[1]);
    }

    private static double atMost(FeatureProfile profile, double number) {
        return profile.count() == 0 ? 0 : profile.count() * profile.shareAtMost(number);
    }

    private double[] side(int side) {
        return counts.stream().mapToDouble(count -> count[side]).toArray();
    }

    double distance(Distance distance) {
        double[] before = side(0);
        double[] after = side(1);
        double rowsBefore = Arrays.stream(before).sum();
        double rowsAfter = Arrays.stream(after).sum();
        if (rowsBefore == 0 || rowsAfter == 0) {
            return rowsBefore == rowsAfter ? 0 : 1;
        }
        return switch (distance) {
            case L_INFINITY -> Divergence.between(before, after).lInfinity();
            case JENSEN_SHANNON -> Math.min(1, Divergence.between(before, after).jensenShannon() / Math.log(2));
            case NORMALIZED_ABSOLUTE_DIFFERENCE ->
                IntStream.range(0, before.length)
                                .mapToDouble(i -> Math.abs(before[i] - after[i]))
                                .max()
                                .orElse(0)
                        / (rowsBefore + rowsAfter);
        };
    }

    /** The cells whose shares moved most, such as {@code 'Cash' 0.4100, was 0.6200}. */
    String moved() {
        double[] before = side(0);
        double[] after = side(1);
        double rowsBefore = Arrays.stream(before).sum();
        double rowsAfter = Arrays.stream(after).sum();
        if (rowsBefore == 0 || rowsAfter == 0) {
            return (long) rowsAfter + " values, were " + (long) rowsBefore;
        }
        return IntStream.range(0, before.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(after[i] / rowsAfter - before[i] / rowsBefore)))
                .limit(SHOWN)
                .map(i -> String.format(
                        Locale.ROOT, "%s %.4f, was %.4f", names.get(i), after[i] / rowsAfter, before[i] / rowsBefore))
                .collect(Collectors.joining("; "));
    }
}
