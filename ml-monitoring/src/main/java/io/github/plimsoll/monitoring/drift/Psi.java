package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * The population stability index, less what chance alone makes of it.
 *
 * @see <a href="https://scholarworks.wmich.edu/dissertations/3208">Yurdakul: Statistical properties of PSI (2018)</a>
 */
final class Psi {

    private Psi() {}

    /** Sum of (q - p) ln(q / p) over the cells, half a row added to each, minus (B - 1)(1/N + 1/M); NaN without rows. */
    static double of(double[] expected, long[] live) {
        double base = Arrays.stream(expected).sum();
        double rows = Arrays.stream(live).sum();
        int used = 0;
        for (int i = 0; i < live.length; i++) {
            if (expected[i] > 0 || live[i] > 0) { // a kind that never occurs is no cell
                used++;
            }
        }
        double sum = 0;
        for (int i = 0; i < live.length; i++) {
            if (expected[i] > 0 || live[i] > 0) {
                double p = (expected[i] + 0.5) / (base + used * 0.5);
                double q = (live[i] + 0.5) / (rows + used * 0.5);
                sum += (q - p) * StrictMath.log(q / p);
            }
        }
        return rows == 0 ? Double.NaN : sum - (used - 1) * (1 / base + 1 / rows);
    }
}
