package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.profile.Cell;
import io.github.plimsoll.monitoring.profile.FeatureProfile;
import java.util.List;

/**
 * The population stability index, less what chance alone makes of it.
 *
 * @see <a href="https://scholarworks.wmich.edu/dissertations/3208">Yurdakul: Statistical properties of PSI (2018)</a>
 */
final class Psi {

    private Psi() {}

    /** Sum of (q - p) ln(q / p) over the cells, half a row added to each, minus (B - 1)(1/N + 1/M); NaN without rows. */
    static double of(FeatureProfile profile) {
        List<Cell> cells = profile.baseline().cells();
        double live = profile.rows();
        double base = cells.stream().mapToDouble(Cell::expected).sum();
        int used = 0;
        double sum = 0;
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).expected() > 0 || profile.count(i) > 0) {
                used++;
            }
        }
        for (int i = 0; i < cells.size(); i++) {
            if (cells.get(i).expected() > 0 || profile.count(i) > 0) { // a kind that never occurs is no cell
                double p = (cells.get(i).expected() + 0.5) / (base + used * 0.5);
                double q = (profile.count(i) + 0.5) / (live + used * 0.5);
                sum += (q - p) * StrictMath.log(q / p);
            }
        }
        return live == 0 ? Double.NaN : sum - (used - 1) * (1 / base + 1 / live);
    }
}
