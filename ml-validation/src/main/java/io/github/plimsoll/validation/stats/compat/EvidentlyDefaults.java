package io.github.plimsoll.validation.stats.compat;

import io.github.plimsoll.validation.stats.Bins;
import io.github.plimsoll.validation.stats.ChiSquare;
import io.github.plimsoll.validation.stats.Divergence;
import io.github.plimsoll.validation.stats.EmptyCells;
import io.github.plimsoll.validation.stats.KolmogorovSmirnov;
import io.github.plimsoll.validation.stats.Proportion;
import io.github.plimsoll.validation.stats.Wasserstein;
import io.github.plimsoll.validation.stats.compat.ColumnDrift.Test;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * Evidently's default drift tests, as of version 0.7: which test a column gets, with what threshold, and when a data set drifts.
 *
 * <p>Missing values ({@code NaN}, {@code null}) are dropped first, so that a column that becomes half empty is no drift. Up to 1,000
 * reference values: Kolmogorov-Smirnov for numbers with more than 5 distinct values in both samples together, chi-square for
 * other columns with more than 2, the z test below that; drift is a p-value below 0.05. Beyond: Wasserstein over the reference's
 * standard deviation for those numbers, the Jensen-Shannon distance in nats for all else; drift is a distance of 0.1 or more.
 *
 * @since 0.1
 */
public final class EvidentlyDefaults {

    private static final int SMALL_REFERENCE = 1000;
    private static final int FEW_NUMBERS = 5;
    private static final int FEW_REFERENCE_NUMBERS = 20;
    private static final double P_VALUE = 0.05;
    private static final double DISTANCE = 0.1;
    private static final double DRIFT_SHARE = 0.5;

    private EvidentlyDefaults() {}

    /**
     * The decision for a column of numbers. O(n log n).
     *
     * @param reference the reference
     * @param current what is compared with it
     * @return the test that Evidently chooses, and what it says
     * @throws IllegalArgumentException if nothing is left of a sample when missing values are dropped, or if a value is infinite
     */
    public static ColumnDrift numbers(double[] reference, double[] current) {
        double[] x = present(reference);
        double[] y = present(current);
        if (distinct(x, y) <= FEW_NUMBERS) {
            return categories(boxed(x), boxed(y));
        }
        if (x.length <= SMALL_REFERENCE) {
            return byPValue(
                    Test.KOLMOGOROV_SMIRNOV, KolmogorovSmirnov.twoSample(x, y).pValue());
        }
        return byDistance(Test.WASSERSTEIN, Wasserstein.overReferenceDeviation(x, y));
    }

    /**
     * The decision for a column of categories. O(n).
     *
     * @param reference the reference
     * @param current what is compared with it
     * @return the test that Evidently chooses, and what it says
     * @throws IllegalArgumentException if nothing is left of a sample when missing values are dropped
     */
    public static ColumnDrift categories(Collection<?> reference, Collection<?> current) {
        List<?> x = present("reference", reference);
        List<?> y = present("current", current);
        CategoryCounts counts = CategoryCounts.of(x, y);
        if (x.size() > SMALL_REFERENCE) {
            return byDistance(
                    Test.JENSEN_SHANNON,
                    Divergence.between(counts.reference(), counts.current()).jensenShannonDistance());
        }
        if (counts.reference().length > 2) {
            double scale = (double) y.size() / x.size();
            double[] expected = Arrays.stream(counts.reference())
                    .mapToDouble(count -> count * scale)
                    .toArray();
            return byPValue(
                    Test.CHI_SQUARE,
                    ChiSquare.goodnessOfFit(counts.current(), expected).pValue());
        }
        // One category in both is no difference, which the z test cannot say: it would divide by zero.
        double pValue = counts.reference().length == 1
                ? 1
                : Proportion.zTest(counts.reference()[0], x.size(), counts.current()[0], y.size())
                        .pValue();
        return byPValue(Test.PROPORTION_Z, pValue);
    }

    /**
     * Evidently's population stability index of numbers: over cells of Sturges' rule on both samples together, or over the values
     * themselves if the reference has at most 20 distinct ones.
     *
     * @param reference the reference
     * @param current what is compared with it
     * @return the index
     * @throws IllegalArgumentException if nothing is left of a sample when missing values are dropped, or if a value is infinite
     */
    public static double populationStabilityIndex(double[] reference, double[] current) {
        double[] x = present(reference);
        double[] y = present(current);
        if (distinct(x) <= FEW_REFERENCE_NUMBERS) {
            return populationStabilityIndex(boxed(x), boxed(y));
        }
        Bins bins = Bins.sturges(
                DoubleStream.concat(Arrays.stream(x), Arrays.stream(y)).toArray());
        return index(bins.count(x), bins.count(y));
    }

    /**
     * Evidently's population stability index of categories.
     *
     * @param reference the reference
     * @param current what is compared with it
     * @return the index
     * @throws IllegalArgumentException if nothing is left of a sample when missing values are dropped
     */
    public static double populationStabilityIndex(Collection<?> reference, Collection<?> current) {
        CategoryCounts counts = CategoryCounts.of(present("reference", reference), present("current", current));
        return index(counts.reference(), counts.current());
    }

    /**
     * The decision for a data set: whether at least half of its columns drift.
     *
     * @param columns the decisions for its columns
     * @return whether the data set drifts; false without columns
     */
    public static boolean dataSetDrifted(Collection<ColumnDrift> columns) {
        long drifted = columns.stream().filter(ColumnDrift::drifted).count();
        return !columns.isEmpty() && drifted >= DRIFT_SHARE * columns.size();
    }

    private static double index(long[] reference, long[] current) {
        return Divergence.between(reference, current)
                .replacing(EmptyCells.asEvidently())
                .populationStabilityIndex();
    }

    private static ColumnDrift byPValue(Test test, double pValue) {
        return new ColumnDrift(test, pValue, P_VALUE, pValue < P_VALUE);
    }

    private static ColumnDrift byDistance(Test test, double distance) {
        return new ColumnDrift(test, distance, DISTANCE, distance >= DISTANCE);
    }

    private static double[] present(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }

    private static List<?> present(String name, Collection<?> values) {
        List<?> present = values.stream().filter(Objects::nonNull).toList();
        if (present.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty (expected: at least one value that is not missing)");
        }
        return present;
    }

    private static long distinct(double[]... samples) {
        return Arrays.stream(samples).flatMapToDouble(Arrays::stream).distinct().count();
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
