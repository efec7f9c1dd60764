package io.github.plimsoll.validation.stats;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.numbers.gamma.RegularizedGamma;

/**
 * Boundaries that a sum crosses at any time with a small probability only, so that one may look as often as one likes. Made by
 * the method of mixtures: the evidence against "the sum has mean 0" is a mixture of likelihood ratios, whose logarithm passes
 * ln(1/alpha) with a probability of at most alpha, ever.
 *
 * <p>s is the sum of deviations from the hypothesis, v its intrinsic time: the variance it has gathered, such as n / 4 for n values in
 * [0, 1] at most. A boundary is tightest near one v, which is chosen beforehand, and valid at all.
 *
 * <p>Equal to the package confseq. Immutable.
 *
 * @see "Howard, S. R., Ramdas, A., McAuliffe, J., Sekhon, J. (2021). Time-uniform, nonparametric, nonasymptotic confidence sequences"
 * @since 0.1
 */
public final class MixtureBoundary {

    private final LogEvidence logEvidence;
    private final DoubleUnaryOperator largestSum;

    private MixtureBoundary(LogEvidence logEvidence, DoubleUnaryOperator largestSum) {
        this.logEvidence = logEvidence;
        this.largestSum = largestSum;
    }

    @FunctionalInterface
    private interface LogEvidence {
        double of(double s, double v);
    }

    /**
     * For sums that are sub-Gaussian on both sides; the boundary is for |s|.
     *
     * @param tightestAt the v at which the boundary is tightest
     * @param alpha the level at which it is
     * @return the boundary
     * @throws IllegalArgumentException if {@code tightestAt} is not positive or {@code alpha} not between 0 and 1
     */
    public static MixtureBoundary normal(double tightestAt, double alpha) {
        double rho = twoSidedRho(tightestAt, alpha);
        return unlimited((s, v) -> 0.5 * Math.log(rho / (v + rho)) + s * s / (2 * (v + rho)));
    }

    /**
     * For sums that are sub-Gaussian on their upper side.
     *
     * @param tightestAt the v at which the boundary is tightest
     * @param alpha the level at which it is, below 1/2
     * @return the boundary
     * @throws IllegalArgumentException if {@code tightestAt} is not positive or {@code alpha} not between 0 and 1/2
     */
    public static MixtureBoundary oneSidedNormal(double tightestAt, double alpha) {
        double rho = oneSidedRho(tightestAt, alpha);
        return unlimited((s, v) -> 0.5 * Math.log(4 * rho / (v + rho))
                + s * s / (2 * (v + rho))
                + Math.log(Distributions.normalSurvival(-s / Math.sqrt(v + rho))));
    }

    /**
     * For sums that are sub-exponential on their upper side.
     *
     * @param tightestAt the v at which the boundary is tightest
     * @param alpha the level at which it is, below 1/2
     * @param scale the scale c of the tail, positive
     * @return the boundary
     * @throws IllegalArgumentException if a number is out of range
     */
    public static MixtureBoundary gammaExponential(double tightestAt, double alpha, double scale) {
        double rho = oneSidedRho(tightestAt, alpha) / square(scale);
        double constant = rho * Math.log(rho) - LogGamma.value(rho) - Math.log(RegularizedGamma.P.value(rho, rho));
        return unlimited((s, v) -> {
            double sum = (scale * s + v) / square(scale);
            double shape = v / square(scale) + rho;
            return constant
                    + LogGamma.value(shape)
                    + Math.log(RegularizedGamma.P.value(shape, sum + rho))
                    - shape * Math.log(sum + rho)
                    + sum;
        });
    }

    /**
     * For sums that are sub-Poisson on their upper side, such as sums of values bounded from above.
     *
     * @param tightestAt the v at which the boundary is tightest
     * @param alpha the level at which it is, below 1/2
     * @param scale the scale c of the steps, positive
     * @return the boundary
     * @throws IllegalArgumentException if a number is out of range
     */
    public static MixtureBoundary gammaPoisson(double tightestAt, double alpha, double scale) {
        double rho = oneSidedRho(tightestAt, alpha) / square(scale);
        double constant = rho * Math.log(rho) - LogGamma.value(rho) - Math.log(RegularizedGamma.Q.value(rho, rho));
        return unlimited((s, v) -> {
            double rate = v / square(scale) + rho;
            double shape = s / scale + rate;
            return constant
                    + LogGamma.value(shape)
                    + Math.log(RegularizedGamma.Q.value(shape, rate))
                    - shape * Math.log(rate)
                    + v / square(scale);
        });
    }

    /**
     * For sums of values between -g and h with mean 0, on both sides. Success rates are the prominent case: g is the rate and h one
     * less it.
     *
     * @param tightestAt the v at which the boundary is tightest
     * @param alpha the level at which it is
     * @param below how far a value may be below 0, g
     * @param above how far a value may be above 0, h
     * @return the boundary
     * @throws IllegalArgumentException if a number is out of range
     */
    public static MixtureBoundary betaBinomial(double tightestAt, double alpha, double below, double above) {
        return ofBoundedSteps(twoSidedRho(tightestAt, alpha), below, above, 1);
    }

    /**
     * For sums of values between -g and h with mean 0, on their upper side.
     *
     * @param tightestAt the v at which the boundary is tightest
     * @param alpha the level at which it is, below 1/2
     * @param below how far a value may be below 0, g
     * @param above how far a value may be above 0, h
     * @return the boundary
     * @throws IllegalArgumentException if a number is out of range
     */
    public static MixtureBoundary oneSidedBetaBinomial(double tightestAt, double alpha, double below, double above) {
        return ofBoundedSteps(oneSidedRho(tightestAt, alpha), below, above, above / (below + above));
    }

    private static MixtureBoundary ofBoundedSteps(double rho, double g, double h, double upTo) {
        checkPositive("below", g);
        checkPositive("above", h);
        double r = Math.max(rho - g * h, 1e-3 * g * h);
        double forG = g * (g + h);
        double forH = h * (g + h);
        double constant = logIncompleteBeta(r / forG, r / forH, upTo);
        return new MixtureBoundary(
                (s, v) -> v / (g * h) * Math.log(g + h)
                        - (v + h * s) / forH * Math.log(g)
                        - (v - g * s) / forG * Math.log(h)
                        + logIncompleteBeta((r + v - g * s) / forG, (r + v + h * s) / forH, upTo)
                        - constant,
                v -> v / g);
    }

    private static MixtureBoundary unlimited(LogEvidence logEvidence) {
        return new MixtureBoundary(logEvidence, v -> Double.POSITIVE_INFINITY);
    }

    /**
     * The evidence against "the mean is 0".
     *
     * @param s the sum
     * @param v its intrinsic time, not negative
     * @return the natural logarithm of an e-value: it ever reaches ln(1/alpha) with a probability of at most alpha
     */
    public double logEvidence(double s, double v) {
        return logEvidence.of(s, v);
    }

    /**
     * The boundary.
     *
     * @param v the intrinsic time, positive
     * @param alpha the probability of ever crossing
     * @return the sum at which the evidence reaches 1/alpha; the largest sum there can be if even that does not
     * @throws IllegalArgumentException if {@code v} is not positive or {@code alpha} not between 0 and 1
     */
    public double at(double v, double alpha) {
        checkPositive("v", v);
        checkLevel(alpha, 1);
        double threshold = Math.log(1 / alpha);
        double upper = largestSum.applyAsDouble(v);
        if (upper == Double.POSITIVE_INFINITY) {
            for (upper = v; logEvidence(upper, v) <= threshold; ) {
                upper *= 2;
            }
        }
        return logEvidence(upper, v) < threshold ? upper : Search.root(s -> logEvidence(s, v) - threshold, 0, upper);
    }

    /**
     * The parameter rho of the two-sided normal mixture, as much variance as is put before the first value.
     *
     * @param tightestAt the v at which the boundary is tightest
     * @param alpha the level at which it is
     * @return rho
     * @throws IllegalArgumentException if {@code tightestAt} is not positive or {@code alpha} not between 0 and 1
     */
    public static double twoSidedRho(double tightestAt, double alpha) {
        checkPositive("tightestAt", tightestAt);
        checkLevel(alpha, 1);
        double log = 2 * Math.log(1 / alpha);
        return tightestAt / (log + Math.log1p(log));
    }

    private static double oneSidedRho(double tightestAt, double alpha) {
        checkLevel(alpha, 0.5);
        return twoSidedRho(tightestAt, 2 * alpha);
    }

    static void checkPositive(String name, double value) {
        if (!(value > 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a positive number)");
        }
    }

    static void checkLevel(double alpha, double below) {
        if (!(alpha > 0 && alpha < below)) {
            throw new IllegalArgumentException("alpha: " + alpha + " (expected: above 0, below " + below + ")");
        }
    }

    private static double logIncompleteBeta(double a, double b, double upTo) {
        double log = LogBeta.value(a, b);
        return upTo == 1 ? log : log + Math.log(RegularizedBeta.value(upTo, a, b));
    }

    private static double square(double scale) {
        checkPositive("scale", scale);
        return scale * scale;
    }
}
