package io.github.plimsoll.validation.stats;

import java.util.function.DoubleUnaryOperator;

/**
 * Boundaries in closed form that hold at all times at once, put together from bounds over ever longer epochs. They grow no faster
 * than the law of the iterated logarithm demands, which {@link MixtureBoundary} pays for far from its best time.
 *
 * <p>Equal to the package confseq with its default shape: epochs double in length and share the level by j to the power of 1.4.
 *
 * @see "Howard, S. R., Ramdas, A. (2022). Sequential estimation of quantiles with applications to A/B testing and best-arm identification"
 * @since 0.1
 */
public final class StitchedBoundary {

    private static final double S = 1.4;
    private static final double ZETA = 3.1055472779775806; // Riemann's zeta function at S
    private static final double ETA = 2;
    private static final double DELTA = 0.5;
    private static final double K1 = (Math.pow(ETA, 0.25) + Math.pow(ETA, -0.25)) / Math.sqrt(2);
    private static final double K2 = (Math.sqrt(ETA) + 1) / 2;

    private StitchedBoundary() {}

    /**
     * For sums that are sub-gamma on their upper side.
     *
     * @param v the intrinsic time of the sum
     * @param alpha the probability of ever crossing
     * @param from the v at which the boundary begins; it is constant before
     * @param scale the scale c of the tail; 0 for sub-Gaussian sums, negative for lighter tails
     * @return the boundary for the sum
     * @throws IllegalArgumentException if {@code v} or {@code from} is not positive or {@code alpha} not between 0 and 1
     */
    public static double polynomial(double v, double alpha, double from, double scale) {
        MixtureBoundary.checkPositive("v", v);
        MixtureBoundary.checkPositive("from", from);
        MixtureBoundary.checkLevel(alpha, 1);
        double time = Math.max(v, from);
        double ell = S * Math.log(Math.log(ETA * time / from))
                + Math.log(ZETA / Math.pow(Math.log(ETA), S))
                - Math.log(alpha);
        return combined(time, ell, scale);
    }

    /**
     * For all quantiles at once: how far the empirical distribution function of t values ever strays from the true one.
     *
     * @param t how many values there are
     * @param alpha the probability of ever crossing
     * @param from the number of values at which the boundary begins, one or more
     * @param a the constant before the root, above 0.7072; 0.85 is the usual one
     * @return the boundary for the difference of the distribution functions; infinite before {@code from}
     * @throws IllegalArgumentException if a number is out of range
     */
    public static double empiricalProcess(double t, double alpha, double from, double a) {
        MixtureBoundary.checkLevel(alpha, 1);
        if (!(from >= 1) || !(a > Math.sqrt(0.5))) {
            throw new IllegalArgumentException(
                    "from " + from + ", a " + a + " (expected: from 1 on, and above the root of 1/2)");
        }
        return t < from
                ? Double.POSITIVE_INFINITY
                : a * Math.sqrt((Math.log1p(Math.log(t / from)) + constant(alpha, a)) / t);
    }

    /**
     * For one quantile: how far the number of values below it among t strays from its mean.
     *
     * @param p the quantile's level
     * @param t how many values there are
     * @param alpha the probability of ever crossing
     * @param tightestAt the number of values at which the boundary begins to be tight, one or more
     * @return the boundary for the number of values
     * @throws IllegalArgumentException if a number is out of range
     */
    public static double quantile(double p, double t, double alpha, double tightestAt) {
        MixtureBoundary.checkLevel(alpha, 1);
        if (!(p > 0 && p < 1) || !(tightestAt >= 1)) {
            throw new IllegalArgumentException(
                    "p " + p + ", tightestAt " + tightestAt + " (expected: between 0 and 1, and from 1 on)");
        }
        double time = Math.max(t, tightestAt);
        double logit = Math.log(p / (1 - p));
        double nearer = 1 / (1 + Math.exp(-logit - 2 * DELTA * Math.sqrt(tightestAt * ETA / time)));
        double r = p >= 0.5 ? p : Math.min(0.5, nearer);
        double variance = r * (1 - r);
        double j = Math.sqrt(time / tightestAt) * Math.abs(logit) / (2 * DELTA) + 1;
        double ell = S * Math.log(Math.log(ETA * time / tightestAt))
                + S * Math.log(j)
                + Math.log(2 * ZETA * (2 * ZETA + 1) / (alpha * Math.pow(Math.log(ETA), S)));
        return DELTA * Math.sqrt(ETA * time * variance / tightestAt) + combined(variance * time, ell, (1 - 2 * p) / 3);
    }

    private static double combined(double v, double ell, double scale) {
        double linear = K2 * scale * ell;
        return Math.sqrt(K1 * K1 * v * ell + linear * linear) + linear;
    }

    /** The smallest constant whose error probability, over the best epochs, is the level. */
    private static double constant(double alpha, double a) {
        DoubleUnaryOperator excess = c -> leastError(c, a) - alpha;
        double upper = 5;
        while (excess.applyAsDouble(upper) > 0) {
            upper *= 2;
        }
        return Search.root(excess, 0, upper);
    }

    private static double leastError(double c, double a) {
        double longest = Search.root(eta -> Math.sqrt(eta / 2) + Math.sqrt(2 * (eta - 1) / c) - a, 1, 2 * a * a);
        DoubleUnaryOperator error = eta -> {
            double root = a - Math.sqrt(2 * (eta - 1) / c);
            double gamma2 = 2 / eta * root * root;
            return gamma2 <= 1
                    ? Double.POSITIVE_INFINITY
                    : 4 * Math.exp(-gamma2 * c) * (1 + 1 / ((gamma2 - 1) * Math.log(eta)));
        };
        return error.applyAsDouble(Search.minimum(error, 1, longest));
    }
}
