package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * The law of counts whose cells' probabilities are drawn from a Dirichlet law, without the multinomial coefficient: the
 * probability of one particular order of rows. Immutable.
 */
final class DirichletMultinomial {

    private final double[] parameters;
    private final double[] logGammas;
    private final double total;
    private final double logGammaOfTotal;

    /** Keeps the array. */
    DirichletMultinomial(double[] parameters) {
        this.parameters = parameters;
        logGammas = Arrays.stream(parameters).map(LogGamma::of).toArray();
        total = Arrays.stream(parameters).sum();
        logGammaOfTotal = LogGamma.of(total);
    }

    /** The natural logarithm of the probability. */
    double log(long[] counts, long rows) {
        return logGammaOfTotal - LogGamma.of(total + rows) + sum(counts);
    }

    private double sum(long[] counts) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                sum += LogGamma.of(parameters[i] + counts[i]) - logGammas[i];
            }
        }
        return sum;
    }
}
