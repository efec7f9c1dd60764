package io.github.plimsoll.validation.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Walks along two empirical distribution functions at once. */
final class EmpiricalDistributions {

    private EmpiricalDistributions() {}

    /** The integral of a function of F_x - F_y over the line, by equal weights. */
    static double integral(double[] x, double[] y, DoubleUnaryOperator ofDifference) {
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        return integralSorted(Samples.sorted("x", x), null, Samples.sorted("y", y), null, ofDifference);
    }

    /** The same by weights that need not add up to 1. */
    static double integral(
            double[] x, double[] weightsX, double[] y, double[] weightsY, DoubleUnaryOperator ofDifference) {
        Samples.checkFinite("x", x);
        Samples.checkFinite("y", y);
        int[] orderX = order(x);
        int[] orderY = order(y);
        return integralSorted(
                permuted(x, orderX),
                permuted(Shares.of("weightsX", weightsX, x.length), orderX),
                permuted(y, orderY),
                permuted(Shares.of("weightsY", weightsY, y.length), orderY),
                ofDifference);
    }

    private static double integralSorted(
            double[] x,
            double @Nullable [] sharesX,
            double[] y,
            double @Nullable [] sharesY,
            DoubleUnaryOperator ofDifference) {
        double sum = 0;
        double cumulativeX = 0;
        double cumulativeY = 0;
        double at = Math.min(x[0], y[0]);
        int i = 0;
        int j = 0;
        while (i < x.length || j < y.length) {
            double next = Math.min(i < x.length ? x[i] : Double.MAX_VALUE, j < y.length ? y[j] : Double.MAX_VALUE);
            if (next > at) {
                sum += ofDifference.applyAsDouble(cumulativeX - cumulativeY) * (next - at);
                at = next;
            }
            for (; i < x.length && x[i] == next; i++) {
                cumulativeX = sharesX == null ? (i + 1.0) / x.length : cumulativeX + sharesX[i];
            }
            for (; j < y.length && y[j] == next; j++) {
                cumulativeY = sharesY == null ? (j + 1.0) / y.length : cumulativeY + sharesY[j];
            }
        }
        return sum;
    }

    private static int[] order(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static double[] permuted(double[] values, int[] order) {
        return Arrays.stream(order).mapToDouble(i -> values[i]).toArray();
    }
}
