package io.github.plimsoll.monitoring.drift;

/** Laws over ordered cells that are shifted or spread against a given one. */
final class NormalTilt {

    private NormalTilt() {}

    /** The normal quantile of the middle of each ordered cell, standardised. */
    static double[] scores(double[] parameters, int[] ordered) {
        double total = total(parameters, ordered);
        double[] scores = new double[ordered.length];
        double below = 0;
        for (int i = 0; i < ordered.length; i++) {
            double share = parameters[ordered[i]] / total;
            scores[i] = NormalScores.of(below + share / 2);
            below += share;
        }
        return standardised(scores, parameters, ordered);
    }

    /** Scores with mean 0 and variance 1 under the shares of the ordered cells; all 0 if they do not vary. */
    static double[] standardised(double[] scores, double[] parameters, int[] ordered) {
        double total = total(parameters, ordered);
        double mean = 0;
        for (int i = 0; i < ordered.length; i++) {
            mean += parameters[ordered[i]] / total * scores[i];
        }
        double variance = 0;
        for (int i = 0; i < ordered.length; i++) {
            variance += parameters[ordered[i]] / total * (scores[i] - mean) * (scores[i] - mean);
        }
        double scale = variance > 1e-12 ? 1 / StrictMath.sqrt(variance) : 0;
        double[] standardised = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            standardised[i] = (scores[i] - mean) * scale;
        }
        return standardised;
    }

    /** The parameters after a tilt of the ordered cells, which keep their share; all together sum up to the total. */
    static double[] tilted(double[] parameters, int[] ordered, double[] scores, double tilt, double total) {
        double before = total(parameters, ordered);
        double[] tilted = parameters.clone();
        double after = 0;
        for (int i = 0; i < ordered.length; i++) {
            tilted[ordered[i]] *= StrictMath.exp(tilt * scores[i]);
            after += tilted[ordered[i]];
        }
        double all = 0;
        for (int cell : ordered) {
            tilted[cell] *= before / after;
        }
        for (double parameter : tilted) {
            all += parameter;
        }
        double correction = total / all; // rounding only
        for (int i = 0; i < tilted.length; i++) {
            tilted[i] *= correction;
        }
        return tilted;
    }

    private static double total(double[] parameters, int[] ordered) {
        double total = 0;
        for (int cell : ordered) {
            total += parameters[cell];
        }
        return total;
    }
}
