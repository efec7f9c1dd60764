package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * For each cell the Dirichlet-multinomial law in which that cell alone has gained a share e, and all others have lost in
 * proportion. The laws share all terms but one, so all of them cost hardly more than one. Immutable.
 */
final class OneCellGains {

    private final double[] lesser;
    private final double[] logGammasOfLesser;
    private final double[] larger;
    private final double[] logGammasOfLarger;
    private final double total;
    private final double logGammaOfTotal;

    /** For the parameters of the law before; each of the laws has the same total. */
    OneCellGains(double[] parameters, double share) {
        total = Arrays.stream(parameters).sum();
        lesser = Arrays.stream(parameters).map(m -> (1 - share) * m).toArray();
        larger = Arrays.stream(lesser).map(m -> m + share * total).toArray();
        logGammasOfLesser = Arrays.stream(lesser).map(LogGamma::of).toArray();
        logGammasOfLarger = Arrays.stream(larger).map(LogGamma::of).toArray();
        logGammaOfTotal = LogGamma.of(total);
    }

    /** Writes the natural logarithm of each law's probability, with a weight, in place of zeros. */
    void log(long[] counts, long rows, double logWeight, double[] logs, int from) {
        double[] terms = new double[lesser.length];
        double sum = 0;
        for (int i = 0; i < terms.length; i++) {
            if (counts[i] > 0) {
                double count = counts[i];
                terms[i] = LogGamma.of(lesser[i] + count) - logGammasOfLesser[i];
                logs[from + i] = LogGamma.of(larger[i] + count) - logGammasOfLarger[i];
            }
            sum += terms[i];
        }
        double common = logWeight + logGammaOfTotal - LogGamma.of(total + rows) + sum;
        for (int i = 0; i < terms.length; i++) {
            logs[from + i] += common - terms[i];
        }
    }
}
