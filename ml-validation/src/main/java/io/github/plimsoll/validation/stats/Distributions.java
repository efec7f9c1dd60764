package io.github.plimsoll.validation.stats;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.numbers.gamma.RegularizedGamma;

/** Tail probabilities and quantiles of the null distributions. Tails keep their relative precision. */
final class Distributions {

    private static final double SQRT2 = Math.sqrt(2);

    private Distributions() {}

    static double normalSurvival(double z) {
        return 0.5 * Erfc.value(z / SQRT2);
    }

    /** The value that a standard normal variable exceeds with a probability. */
    static double normalUpperQuantile(double p) {
        return SQRT2 * InverseErfc.value(2 * p);
    }

    static double chiSquareSurvival(double x, double degreesOfFreedom) {
        if (x == Double.POSITIVE_INFINITY) {
            return 0;
        }
        return RegularizedGamma.Q.value(degreesOfFreedom / 2, x / 2);
    }

    static double chiSquareCumulative(double x, double degreesOfFreedom) {
        return x == Double.POSITIVE_INFINITY ? 1 : RegularizedGamma.P.value(degreesOfFreedom / 2, x / 2);
    }

    static double chiSquareUpperQuantile(double p, double degreesOfFreedom) {
        return falling(x -> chiSquareSurvival(x, degreesOfFreedom), p, Double.MAX_VALUE);
    }

    static double tSurvival(double t, double degreesOfFreedom) {
        if (Double.isNaN(t) || !(degreesOfFreedom > 0)) {
            return Double.NaN;
        }
        double square = t * t;
        double tail = 0.5
                * (square < degreesOfFreedom
                        ? RegularizedBeta.complement(square / (square + degreesOfFreedom), 0.5, degreesOfFreedom / 2)
                        : RegularizedBeta.value(
                                degreesOfFreedom / (square + degreesOfFreedom), degreesOfFreedom / 2, 0.5));
        return t >= 0 ? tail : 1 - tail;
    }

    static double tTwoSided(double t, double degreesOfFreedom) {
        return 2 * tSurvival(Math.abs(t), degreesOfFreedom);
    }

    static double fSurvival(double f, double numerator, double denominator) {
        if (Double.isNaN(f)) {
            return Double.NaN;
        }
        double x = numerator * f;
        return x < denominator
                ? RegularizedBeta.complement(x / (x + denominator), numerator / 2, denominator / 2)
                : RegularizedBeta.value(denominator / (x + denominator), denominator / 2, numerator / 2);
    }

    static double betaQuantile(double p, double a, double b) {
        return falling(x -> RegularizedBeta.complement(x, a, b), 1 - p, 1);
    }

    /**
     * The x in [0, {@code upper}] at which a falling function crosses {@code p}, to the last bit: halves the range of the
     * doubles' bits, so that 64 steps do whatever the scale.
     */
    static double falling(DoubleUnaryOperator survival, double p, double upper) {
        long low = 0;
        long high = Double.doubleToRawLongBits(upper);
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (survival.applyAsDouble(Double.longBitsToDouble(middle)) > p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Double.longBitsToDouble(high);
    }
}
