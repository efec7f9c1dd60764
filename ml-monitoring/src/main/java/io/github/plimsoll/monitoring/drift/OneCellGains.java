package io.github.plimsoll.monitoring.drift;

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
        total = CompensatedSum.of(parameters);
        int cells = parameters.length;
        lesser = new double[cells];
        larger = new double[cells];
        logGammasOfLesser = new double[cells];
        logGammasOfLarger = new double[cells];
        for (int i = 0; i < cells; i++) {
            lesser[i] = (1 - share) * parameters[i];
            larger[i] = lesser[i] + share * total;
            logGammasOfLesser[i] = LogGamma.of(lesser[i]);
            logGammasOfLarger[i] = LogGamma.of(larger[i]);
        }
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
