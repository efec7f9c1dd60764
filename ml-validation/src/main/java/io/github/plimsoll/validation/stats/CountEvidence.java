package io.github.plimsoll.validation.stats;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Evidence that counts in cells come from another distribution than the baseline's, exact for any baseline of finite size and
 * valid at every look.
 *
 * <p>Cut the line at order statistics of n0 baseline values with spacings m_1, ..., m_B that add up to n0 + 1. Whatever continuous
 * distribution the values have, the probabilities of the cells are then distributed as Dirichlet(m), so that the law of later
 * counts is known exactly. The evidence is their likelihood under a uniform mixture of Dirichlet(c m / (n0 + 1)) over their
 * likelihood under Dirichlet(m): an e-value, see {@link EValues}. Values must be independent and free of ties across edges.
 *
 * @since 0.1
 */
public final class CountEvidence {

    private static final double[] CONCENTRATIONS = {8, 32, 128, 512, 2048, 8192};

    private CountEvidence() {}

    /**
     * The evidence, with concentrations c from 8 to 8192 by factors of 4. O(cells).
     *
     * @param spacings of the baseline's edges, one for each cell
     * @param counts what was counted since, in the same cells
     * @return the natural logarithm of the e-value: it ever reaches ln(1/alpha) with a probability of at most alpha
     * @throws IllegalArgumentException if the arrays differ in length, a spacing is not positive or a count is negative
     */
    public static double log(long[] spacings, long[] counts) {
        double total = sum(spacings);
        double[] logs = new double[CONCENTRATIONS.length];
        for (int i = 0; i < logs.length; i++) {
            double scale = CONCENTRATIONS[i] / total;
            logs[i] = logMarginal(
                    Arrays.stream(spacings).mapToDouble(m -> m * scale).toArray(), counts);
        }
        double largest = Arrays.stream(logs).max().orElseThrow();
        double mean = Arrays.stream(logs)
                .map(log -> Math.exp(log - largest))
                .average()
                .orElseThrow();
        return largest + Math.log(mean) - logNullMarginal(spacings, counts);
    }

    /**
     * The likelihood of the counts under the baseline: the probability of one particular order of values with these counts.
     *
     * @param spacings of the baseline's edges, one for each cell
     * @param counts what was counted since, in the same cells
     * @return its natural logarithm
     * @throws IllegalArgumentException if the arrays differ in length, a spacing is not positive or a count is negative
     */
    public static double logNullMarginal(long[] spacings, long[] counts) {
        return logMarginal(Shares.weights("spacings", spacings), counts);
    }

    private static double logMarginal(double[] parameters, long[] counts) {
        if (parameters.length != counts.length) {
            throw new IllegalArgumentException("counts has " + counts.length + " cells (expected: " + parameters.length
                    + ", as many as spacings)");
        }
        double all = 0;
        double rows = 0;
        double log = 0;
        for (int i = 0; i < parameters.length; i++) {
            if (!(parameters[i] > 0)) {
                throw new IllegalArgumentException("spacings[" + i + "]: " + parameters[i] + " (expected: positive)");
            }
            all += parameters[i];
            rows += Shares.count("counts[" + i + "]", counts[i]);
            log += LogGamma.value(parameters[i] + counts[i]) - LogGamma.value(parameters[i]);
        }
        return log + LogGamma.value(all) - LogGamma.value(all + rows);
    }

    private static double sum(long[] values) {
        return Arrays.stream(values).asDoubleStream().sum();
    }
}
