package io.github.plimsoll.validation.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Corrections for many tests at once. The family-wise ones bound the probability of any false rejection, the others the share of
 * false ones among the rejections (false discovery rate).
 *
 * <p>Equal to statsmodels' {@code multipletests}. O(n log n), Hommel's O(n^2).
 *
 * @since 0.1
 */
public enum PValueAdjustment {
    /** Family-wise, under any dependence: n p. */
    BONFERRONI,
    /** Family-wise, for independent or positively dependent tests: 1 - (1 - p)^n. */
    SIDAK,
    /** Family-wise, under any dependence, and never weaker than Bonferroni: step-down. */
    HOLM,
    /** Family-wise, for independent or positively dependent tests: Holm's steps with Sidak's formula. */
    HOLM_SIDAK,
    /** Family-wise, for independent or positively dependent tests: step-up; also Simes-Hochberg. */
    HOCHBERG,
    /** Family-wise, for independent or positively dependent tests, never weaker than Hochberg: closed Simes tests. */
    HOMMEL,
    /** False discovery rate, for independent or positively dependent tests. */
    BENJAMINI_HOCHBERG,
    /** False discovery rate, under any dependence. */
    BENJAMINI_YEKUTIELI,
    /** False discovery rate: Benjamini-Hochberg twice, the second time with the first's estimate of how many nulls there are. */
    TWO_STAGE_BENJAMINI_HOCHBERG,
    /** False discovery rate: the two-stage procedure of Benjamini, Krieger and Yekutieli, proven for independent tests. */
    TWO_STAGE_BENJAMINI_KRIEGER_YEKUTIELI;

    /**
     * Adjusts p-values, so that each may be compared with the level itself.
     *
     * @param pValues in any order; not changed
     * @param alpha the level; the two-stage procedures need it, the others take no notice of it
     * @return the adjusted p-values, at most 1, in the order given
     * @throws IllegalArgumentException if a p-value or the level is not in [0, 1]
     */
    public double[] adjust(double[] pValues, double alpha) {
        check(pValues, alpha);
        int[] order = order(pValues);
        double[] sorted = Arrays.stream(order).mapToDouble(i -> pValues[i]).toArray();
        double[] adjustedSorted = adjustSorted(sorted, alpha);
        double[] adjusted = new double[pValues.length];
        for (int i = 0; i < order.length; i++) {
            adjusted[order[i]] = Math.min(1, adjustedSorted[i]);
        }
        return adjusted;
    }

    /**
     * Tells which hypotheses are rejected.
     *
     * @param pValues in any order; not changed
     * @param alpha the level
     * @return for each, whether its adjusted p-value is at most {@code alpha}
     * @throws IllegalArgumentException if a p-value or the level is not in [0, 1]
     */
    public boolean[] reject(double[] pValues, double alpha) {
        double[] adjusted = adjust(pValues, alpha);
        boolean[] rejected = new boolean[adjusted.length];
        for (int i = 0; i < rejected.length; i++) {
            rejected[i] = adjusted[i] <= alpha;
        }
        return rejected;
    }

    private double[] adjustSorted(double[] p, double alpha) {
        int n = p.length;
        return switch (this) {
            case BONFERRONI -> each(p, i -> n * p[i]);
            case SIDAK -> each(p, i -> sidak(p[i], n));
            case HOLM -> rising(each(p, i -> (n - i) * p[i]));
            case HOLM_SIDAK -> rising(each(p, i -> sidak(p[i], n - i)));
            case HOCHBERG -> falling(each(p, i -> (n - i) * p[i]));
            case HOMMEL -> hommel(p);
            case BENJAMINI_HOCHBERG -> benjaminiHochberg(p);
            case BENJAMINI_YEKUTIELI -> {
                double harmonic =
                        IntStream.rangeClosed(1, n).mapToDouble(i -> 1.0 / i).sum();
                yield falling(each(p, i -> p[i] / ((i + 1.0) / n / harmonic)));
            }
            case TWO_STAGE_BENJAMINI_HOCHBERG -> twoStage(p, alpha, 1);
            case TWO_STAGE_BENJAMINI_KRIEGER_YEKUTIELI -> twoStage(p, alpha, 1 + alpha);
        };
    }

    private static double sidak(double p, int n) {
        return -Math.expm1(n * Math.log1p(-p));
    }

    private static double[] benjaminiHochberg(double[] p) {
        return falling(each(p, i -> p[i] / ((i + 1.0) / p.length)));
    }

    /** The first stage counts the rejections; what is left is taken for the number of true nulls. */
    private static double[] twoStage(double[] p, double alpha, double factor) {
        double[] adjusted = benjaminiHochberg(p);
        long rejected = Arrays.stream(adjusted).filter(a -> a <= alpha / factor).count();
        double nulls = rejected == 0 || rejected == p.length ? 1 : (double) (p.length - rejected) / p.length;
        return each(adjusted, i -> adjusted[i] * nulls * factor);
    }

    private static double[] hommel(double[] p) {
        int n = p.length;
        double[] adjusted = p.clone();
        for (int m = n; m > 1; m--) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = 1; i <= m; i++) {
                least = Math.min(least, m * p[n - m + i - 1] / i);
            }
            for (int i = 0; i < n; i++) {
                double bound = i >= n - m ? least : Math.min(m * p[i], least);
                adjusted[i] = Math.max(adjusted[i], bound);
            }
        }
        return adjusted;
    }

    private static double[] each(double[] p, IntToDoubleFunction function) {
        return IntStream.range(0, p.length).mapToDouble(function).toArray();
    }

    /** Makes each at least as large as those before. */
    private static double[] rising(double[] values) {
        for (int i = 1; i < values.length; i++) {
            values[i] = Math.max(values[i], values[i - 1]);
        }
        return values;
    }

    /** Makes each at most as large as those after. */
    private static double[] falling(double[] values) {
        for (int i = values.length - 2; i >= 0; i--) {
            values[i] = Math.min(values[i], values[i + 1]);
        }
        return values;
    }

    private static int[] order(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    static void check(double[] pValues, double alpha) {
        for (int i = 0; i < pValues.length; i++) {
            probability("pValues[" + i + "]", pValues[i]);
        }
        probability("alpha", alpha);
    }

    static double probability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: from 0 to 1)");
        }
        return value;
    }
}
