package io.github.plimsoll.serving;

/** Lets tests of other packages see the line that batching fits. */
public final class FittedCosts {

    private FittedCosts() {}

    /** Slope and intercept after runs of so many rows that took so long; the slope is at least {@code leastSlope}. */
    public static double[] fit(int[] rows, double[] times, double leastSlope) {
        CostModel costs = new CostModel(leastSlope);
        for (int i = 0; i < rows.length; i++) {
            costs.add(rows[i], times[i]);
        }
        return new double[] {costs.slope(), costs.intercept()};
    }
}
