package io.github.plimsoll.validation.stats;

/**
 * How far two distributions over the same cells are apart, by the usual measures. Made from counts, weights or shares; what
 * matters of them is their share of their sum.
 *
 * <pre>{@code
 * var divergence = Divergence.between(referenceCounts, currentCounts);
 * divergence.jensenShannonDistance();
 * divergence.replacing(EmptyCells.adding(0.5)).kullbackLeibler();
 * }</pre>
 *
 * <p>All measures are 0 for equal shares and cost O(cells). All but Kullback-Leibler's and the population stability index stay
 * finite when a cell is empty in one of the two. All but Kullback-Leibler's are symmetric. All are above 0 by chance, the more so
 * the fewer are counted: see {@link PopulationStability}.
 *
 * @since 0.1
 */
public final class Divergence {

    private final double[] x;
    private final double[] y;
    private final double[] p;
    private final double[] q;

    private Divergence(double[] x, double[] y, EmptyCells emptyCells) {
        this.x = x;
        this.y = y;
        this.p = emptyCells.shares(x);
        this.q = emptyCells.shares(y);
    }

    /**
     * Compares counts.
     *
     * @param x counts of the reference, per cell
     * @param y counts of what is compared with it, in the same cells
     * @return their divergence, with empty cells as they are
     * @throws IllegalArgumentException if the counts differ in length, are negative or all 0
     */
    public static Divergence between(long[] x, long[] y) {
        return between(Shares.weights("x", x), Shares.weights("y", y));
    }

    /**
     * Compares weights or shares.
     *
     * @param x weights of the reference, per cell; they need not add up to 1
     * @param y weights of what is compared with it, in the same cells
     * @return their divergence, with empty cells as they are
     * @throws IllegalArgumentException if the weights differ in length, are negative, not finite, or all 0
     */
    public static Divergence between(double[] x, double[] y) {
        Shares.of("x", x);
        Shares.of("y", y, x.length);
        return new Divergence(x.clone(), y.clone(), EmptyCells.kept());
    }

    /**
     * The same counts with another policy for empty cells.
     *
     * @param emptyCells what becomes of empty cells
     * @return the divergence under that policy
     */
    public Divergence replacing(EmptyCells emptyCells) {
        return new Divergence(x, y, emptyCells);
    }

    /**
     * The Kullback-Leibler divergence of the reference from the other, sum of p ln(p / q). Not symmetric: swap the two for the other
     * direction.
     *
     * @return in nats, from 0 to infinity
     */
    public double kullbackLeibler() {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += relativeEntropy(p[i], q[i]);
        }
        return sum;
    }

    /**
     * The population stability index, sum of (p - q) ln(p / q): Kullback-Leibler's divergences of both directions added.
     *
     * @return in nats, from 0 to infinity
     */
    public double populationStabilityIndex() {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] != q[i]) {
                sum += (p[i] - q[i]) * Math.log(p[i] / q[i]);
            }
        }
        return sum;
    }

    /**
     * The Jensen-Shannon divergence: the mean of both Kullback-Leibler divergences from the middle.
     *
     * @return in nats, from 0 to ln 2; divide by ln 2 for bits, from 0 to 1
     */
    public double jensenShannon() {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            double middle = (p[i] + q[i]) / 2;
            sum += relativeEntropy(p[i], middle) + relativeEntropy(q[i], middle);
        }
        return Math.max(0, sum / 2);
    }

    /**
     * The Jensen-Shannon distance, the square root of the divergence, which is a metric. Evidently and SciPy by default use nats.
     *
     * @return the root of a number of nats, from 0 to 0.8326
     */
    public double jensenShannonDistance() {
        return Math.sqrt(jensenShannon());
    }

    /**
     * The Jensen-Shannon distance in bits, as NannyML has it.
     *
     * @return the root of a number of bits, from 0 to 1
     */
    public double jensenShannonDistanceBase2() {
        return Math.sqrt(jensenShannon() / Math.log(2));
    }

    /**
     * The Bhattacharyya coefficient, sum of sqrt(p q): how much the two overlap.
     *
     * @return from 0 for nothing in common to 1 for equal shares
     */
    public double bhattacharyyaCoefficient() {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.sqrt(p[i] * q[i]);
        }
        return sum;
    }

    /**
     * The Bhattacharyya distance, minus the logarithm of the coefficient.
     *
     * @return from 0 to infinity
     */
    public double bhattacharyyaDistance() {
        return Math.max(0, -Math.log(bhattacharyyaCoefficient()));
    }

    /**
     * The Hellinger distance, sqrt(1 - sum of sqrt(p q)), which is a metric.
     *
     * @return from 0 to 1
     */
    public double hellinger() {
        return Math.sqrt(Math.max(0, 1 - bhattacharyyaCoefficient()));
    }

    /**
     * The total variation distance, half the sum of |p - q|: the share that would have to move to another cell. One minus the
     * intersection of the histograms is the same number.
     *
     * @return from 0 to 1
     */
    public double totalVariation() {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.abs(p[i] - q[i]);
        }
        return sum / 2;
    }

    /**
     * The L-infinity distance, the largest |p - q|: how much the cell that moved most did move.
     *
     * @return from 0 to 1
     */
    public double lInfinity() {
        double largest = 0;
        for (int i = 0; i < p.length; i++) {
            largest = Math.max(largest, Math.abs(p[i] - q[i]));
        }
        return largest;
    }

    /**
     * The L-infinity distance less what chance explains at a level, by the bound of the two-sample Kolmogorov-Smirnov test, as
     * Deequ and SageMaker have it: {@code d - sqrt(-ln(alpha / 2) / 2) sqrt((m + n) / (m n))}. The weights must be counts.
     *
     * @param alpha the level, as 0.003
     * @return the corrected distance; 0 if chance explains it all
     * @throws IllegalArgumentException if {@code alpha} is not between 0 and 1
     */
    public double robustLInfinity(double alpha) {
        return Math.max(
                0, lInfinity() - KolmogorovSmirnov.criticalValue(Math.round(sum(x)), Math.round(sum(y)), alpha));
    }

    /**
     * The entropy of the reference.
     *
     * @return in nats, from 0 to the logarithm of the number of cells
     */
    public double referenceEntropy() {
        double sum = 0;
        for (double share : p) {
            sum -= relativeEntropy(share, 1);
        }
        return sum;
    }

    private static double relativeEntropy(double share, double other) {
        return share == 0 ? 0 : share * Math.log(share / other);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
