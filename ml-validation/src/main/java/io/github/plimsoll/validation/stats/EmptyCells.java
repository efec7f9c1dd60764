package io.github.plimsoll.validation.stats;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * What becomes of cells in which nothing was counted, before a distance takes the logarithm of their share. The choice decides
 * the population stability index and the Kullback-Leibler divergence of sparse counts more than the data do, so state it beside
 * the number.
 *
 * @since 0.1
 */
public final class EmptyCells {

    private static final double EVIDENTLY_SHARE = 1e-4;

    private final UnaryOperator<double[]> toShares;

    private EmptyCells(UnaryOperator<double[]> toShares) {
        this.toShares = toShares;
    }

    /**
     * Leaves them empty: what is counted there in one sample only makes the distance infinite.
     *
     * @return the policy
     */
    public static EmptyCells kept() {
        return new EmptyCells(weights -> Shares.of("counts", weights));
    }

    /**
     * Gives them a share, and leaves all other shares as they are, so that they add up to more than 1.
     *
     * @param share the share, as 0.0001
     * @return the policy
     * @throws IllegalArgumentException if the share is not between 0 and 1
     */
    public static EmptyCells replacedBy(double share) {
        check(share);
        return new EmptyCells(weights -> map(Shares.of("counts", weights), each -> each == 0 ? share : each));
    }

    /**
     * Raises every share below a floor to it, and leaves all others as they are. Deepchecks does so with 0.01.
     *
     * @param share the floor
     * @return the policy
     * @throws IllegalArgumentException if the share is not between 0 and 1
     */
    public static EmptyCells raisedTo(double share) {
        check(share);
        return new EmptyCells(weights -> map(Shares.of("counts", weights), each -> Math.max(share, each)));
    }

    /**
     * Counts something more in every cell. One half, after Jeffreys, is the choice with a reason: it is what the counts would be
     * after a prior that favours nothing.
     *
     * @param more what is added to each count, as 0.5
     * @return the policy
     * @throws IllegalArgumentException if {@code more} is not positive and finite
     */
    public static EmptyCells adding(double more) {
        if (!(more > 0 && more <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("more: " + more + " (expected: a positive number)");
        }
        return new EmptyCells(weights -> {
            Shares.of("counts", weights); // refuses what is no count
            return Shares.of("counts", map(weights, each -> each + more));
        });
    }

    /**
     * Does as Evidently: gives them 0.0001, or a millionth of the smallest other share if that is at most 0.0001.
     *
     * @return the policy
     */
    public static EmptyCells asEvidently() {
        return new EmptyCells(weights -> {
            double[] shares = Shares.of("counts", weights);
            double smallest =
                    Arrays.stream(shares).filter(share -> share > 0).min().orElseThrow();
            double share = smallest <= EVIDENTLY_SHARE ? smallest / 1e6 : EVIDENTLY_SHARE;
            return map(shares, each -> each == 0 ? share : each);
        });
    }

    /**
     * The same policy, after which all shares are scaled to add up to 1.
     *
     * @return the policy
     */
    public EmptyCells rescaled() {
        return new EmptyCells(weights -> Shares.of("counts", toShares.apply(weights)));
    }

    double[] shares(double[] weights) {
        return toShares.apply(weights);
    }

    private static void check(double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share: " + share + " (expected: above 0, below 1)");
        }
    }

    private static double[] map(double[] values, DoubleUnaryOperator function) {
        return Arrays.stream(values).map(function).toArray();
    }
}
