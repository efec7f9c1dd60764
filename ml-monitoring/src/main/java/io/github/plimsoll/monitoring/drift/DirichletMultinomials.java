package io.github.plimsoll.monitoring.drift;

import java.util.List;

/**
 * Laws of the same counts whose cells' probabilities are drawn from Dirichlet laws, without the multinomial coefficient: each
 * gives the probability of one particular order of rows. Immutable.
 */
final class DirichletMultinomials {

    private final int laws;
    private final double[] terms; // by cell and law, as they are used: a parameter and its log gamma
    private final double[] totals;
    private final double[] logGammasOfTotals;

    /** For the parameters of each law, as many in all. */
    DirichletMultinomials(List<double[]> parameters) {
        laws = parameters.size();
        terms = new double[2 * laws * parameters.get(0).length];
        for (int law = 0; law < laws; law++) {
            double[] ofLaw = parameters.get(law);
            for (int cell = 0; cell < ofLaw.length; cell++) {
                int at = 2 * (cell * laws + law);
                terms[at] = ofLaw[cell];
                terms[at + 1] = LogGamma.of(ofLaw[cell]);
            }
        }
        totals = new double[laws];
        logGammasOfTotals = new double[laws];
        for (int law = 0; law < laws; law++) {
            totals[law] = CompensatedSum.of(parameters.get(law));
            logGammasOfTotals[law] = LogGamma.of(totals[law]);
        }
    }

    /** The natural logarithm of the probability by each of some laws that are needed but once. */
    static double[] logs(List<double[]> parameters, long[] counts, long rows) {
        double[] logs = new double[parameters.size()];
        for (int law = 0; law < logs.length; law++) {
            double[] ofLaw = parameters.get(law);
            for (int cell = 0; cell < counts.length; cell++) {
                if (counts[cell] > 0) {
                    logs[law] += LogGamma.of(ofLaw[cell] + counts[cell]) - LogGamma.of(ofLaw[cell]);
                }
            }
            double total = CompensatedSum.of(ofLaw);
            logs[law] += LogGamma.of(total) - LogGamma.of(total + rows);
        }
        return logs;
    }

    /** The natural logarithm of the probability by each law. */
    double[] logs(long[] counts, long rows) {
        double[] logs = new double[laws];
        for (int cell = 0; cell < counts.length; cell++) {
            if (counts[cell] > 0) {
                double count = counts[cell];
                int at = 2 * cell * laws;
                for (int law = 0; law < laws; law++, at += 2) {
                    logs[law] += LogGamma.of(terms[at] + count) - terms[at + 1];
                }
            }
        }
        for (int law = 0; law < laws; law++) {
            logs[law] += logGammasOfTotals[law] - LogGamma.of(totals[law] + rows);
        }
        return logs;
    }
}
