package io.github.plimsoll.validation.profile;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;

/**
 * The exact sums of numbers, their squares, cubes and fourth powers, and what follows from them. As nothing is rounded before the end,
 * there is no cancellation, whatever the mean, and no order.
 */
final class PowerSums {

    static final int LOWEST = 1074; // a double is a whole multiple of 2^-1074
    private static final long FRACTION = (1L << 52) - 1;
    private static final long HIDDEN = 1L << 52;
    private static final int MOST_ADDED = 1 << 30; // before the carries have to be passed on
    private static final double SMALL = 1 << 13; // whole numbers whose fourth powers add up in a long, 2^11 of them

    private final ExactSum first;
    private final ExactSum second;
    private final ExactSum third;
    private final ExactSum fourth;
    private int added;

    PowerSums() {
        this(new ExactSum(), new ExactSum(), new ExactSum(), new ExactSum());
    }

    PowerSums(ExactSum first, ExactSum second, ExactSum third, ExactSum fourth) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
    }

    /** Adds finite numbers, at most 2,048. */
    void add(double[] values, int count) {
        long a1 = 0;
        long a2 = 0;
        long a3 = 0;
        long a4 = 0;
        for (int i = 0; i < count; i++) {
            double x = values[i];
            int whole = (int) x;
            if (whole == x && Math.abs(x) < SMALL) {
                long square = (long) whole * whole;
                a1 += whole;
                a2 += square;
                a3 += square * whole;
                a4 += square * square;
            } else {
                add(x);
            }
        }
        if (a2 != 0) {
            first.add(LOWEST, Math.abs(a1), a1 >> 63);
            second.add(2 * LOWEST, a2, 0);
            third.add(3 * LOWEST, Math.abs(a3), a3 >> 63);
            fourth.add(4 * LOWEST, a4, 0);
            count(1);
        }
    }

    private void count(int more) {
        added += more;
        if (added >= MOST_ADDED) {
            carry();
        }
    }

    /** Adds a finite number to a sum of first powers. */
    static void addTo(ExactSum sum, double x) {
        long bits = Double.doubleToRawLongBits(x);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        long m = exponent == 0 ? bits & FRACTION : (bits & FRACTION) | HIDDEN;
        sum.add(Math.max(exponent, 1) - 1, m, bits >> 63);
    }

    /** Adds the product of two finite numbers to a sum of products. */
    static void addProduct(ExactSum sum, double a, double b) {
        long ofA = Double.doubleToRawLongBits(a);
        long ofB = Double.doubleToRawLongBits(b);
        int exponentOfA = (int) (ofA >>> 52) & 0x7ff;
        int exponentOfB = (int) (ofB >>> 52) & 0x7ff;
        long m = exponentOfA == 0 ? ofA & FRACTION : (ofA & FRACTION) | HIDDEN;
        long n = exponentOfB == 0 ? ofB & FRACTION : (ofB & FRACTION) | HIDDEN;
        int bit = Math.max(exponentOfA, 1) + Math.max(exponentOfB, 1) - 2;
        sum.add(bit, Math.multiplyHigh(m, n), m * n, (ofA ^ ofB) >> 63);
    }

    private void add(double x) {
        long bits = Double.doubleToRawLongBits(x);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        long m = exponent == 0 ? bits & FRACTION : (bits & FRACTION) | HIDDEN;
        int bit = Math.max(exponent, 1) - 1; // x = m 2^(bit - 1074)
        long sign = bits >> 63;
        first.add(bit, m, sign);

        long squareHigh = Math.multiplyHigh(m, m); // at most 42 bits
        long squareLow = m * m;
        second.add(2 * bit, squareHigh, squareLow, 0);

        long cubeHigh = unsignedHigh(squareLow, m);
        long product = squareHigh * m;
        long cubeMid = product + cubeHigh;
        long cubeTop = Math.multiplyHigh(squareHigh, m) + carried(cubeMid, product);
        third.add(3 * bit, cubeTop, cubeMid, squareLow * m, sign);

        long crossLow = squareHigh * squareLow; // (h 2^64 + l)^2 = h^2 2^128 + 2 h l 2^64 + l^2
        long crossHigh = unsignedHigh(squareLow, squareHigh);
        long twiceHigh = (crossHigh << 1) | (crossLow >>> 63);
        long twiceLow = crossLow << 1;
        long lowHigh = unsignedHigh(squareLow, squareLow);
        long word1 = lowHigh + twiceLow;
        long carry1 = carried(word1, twiceLow);
        long highLow = squareHigh * squareHigh;
        long sum2 = highLow + twiceHigh;
        long carry2 = carried(sum2, highLow);
        long word2 = sum2 + carry1;
        carry2 += carried(word2, sum2);
        long word3 = Math.multiplyHigh(squareHigh, squareHigh) + carry2;
        fourth.add(4 * bit, word3, word2, word1, squareLow * squareLow, 0);
        count(2);
    }

    /** The upper half of the product of two unsigned numbers. */
    private static long unsignedHigh(long a, long b) {
        return Math.multiplyHigh(a, b) + (a & (b >> 63)) + (b & (a >> 63));
    }

    private static long carried(long sum, long part) {
        return Long.compareUnsigned(sum, part) < 0 ? 1 : 0;
    }

    /** Adds other sums, which have to be {@linkplain #carry carried}. */
    void add(PowerSums other) {
        first.add(other.first);
        second.add(other.second);
        third.add(other.third);
        fourth.add(other.fourth);
        count(1);
    }

    /** Passes all carries on: equal sums are then held alike. */
    void carry() {
        first.carry();
        second.carry();
        third.carry();
        fourth.carry();
        added = 0;
    }

    PowerSums copy() {
        return new PowerSums(first.copy(), second.copy(), third.copy(), fourth.copy());
    }

    ExactSum power(int exponent) {
        return switch (exponent) {
            case 1 -> first;
            case 2 -> second;
            case 3 -> third;
            default -> fourth;
        };
    }

    void write(FieldWriter out) {
        out.objects("powerSums", List.of(first, second, third, fourth), ExactSum::write);
    }

    static PowerSums read(FieldReader in) {
        List<ExactSum> sums = in.objects("powerSums", ExactSum::read);
        if (sums.size() != 4) {
            throw in.problem("powerSums", sums.size() + " sums", "4");
        }
        return new PowerSums(sums.get(0), sums.get(1), sums.get(2), sums.get(3));
    }

    // ---- what follows -----------------------------------------------------------------------------------------------

    double sum() {
        return ratio(first.chunksValue(), BigInteger.ONE, 32 * first.base() - LOWEST);
    }

    double mean(long n) {
        return ratio(first.chunksValue(), BigInteger.valueOf(n), 32 * first.base() - LOWEST);
    }

    /** The sum of squared differences from the mean, divided by a number. */
    double secondMoment(long n, long divisor) {
        int scale = scale();
        return ratio(
                centralSquares(n, scale),
                BigInteger.valueOf(n).multiply(BigInteger.valueOf(divisor)),
                2 * (scale - LOWEST));
    }

    /** Such that the sum of powers p is a whole multiple of 2^(p (scale - 1074)). */
    private int scale() {
        int scale = Integer.MAX_VALUE;
        for (int power = 1; power <= 4; power++) {
            ExactSum sum = power(power);
            if (!sum.isZero()) {
                scale = Math.min(scale, Math.floorDiv(32 * sum.base(), power));
            }
        }
        return scale;
    }

    private BigInteger scaled(int power, int scale) {
        ExactSum sum = power(power);
        return sum.isZero() ? BigInteger.ZERO : sum.chunksValue().shiftLeft(32 * sum.base() - power * scale);
    }

    /** n^2 times the second central moment. */
    private BigInteger centralSquares(long n, int scale) {
        BigInteger s1 = scaled(1, scale);
        return scaled(2, scale).multiply(BigInteger.valueOf(n)).subtract(s1.multiply(s1));
    }

    /** The third standardised moment; NaN if all numbers are the same. */
    double skewness(long n) {
        BigInteger count = BigInteger.valueOf(n);
        int scale = scale();
        BigInteger s1 = scaled(1, scale);
        BigInteger s2 = scaled(2, scale);
        BigInteger third3 = scaled(3, scale)
                .multiply(count.pow(2)) // n^3 times the third central moment
                .subtract(s1.multiply(s2).multiply(count).multiply(BigInteger.valueOf(3)))
                .add(s1.pow(3).shiftLeft(1));
        BigInteger squares = centralSquares(n, scale);
        if (squares.signum() == 0) {
            return Double.NaN;
        }
        BigDecimal cubed = new BigDecimal(squares).sqrt(MathContext.DECIMAL128).pow(3);
        return new BigDecimal(third3).divide(cubed, MathContext.DECIMAL64).doubleValue();
    }

    /** The fourth standardised moment minus 3, which is what a normal distribution has; NaN if all numbers are the same. */
    double excessKurtosis(long n) {
        BigInteger count = BigInteger.valueOf(n);
        int scale = scale();
        BigInteger s1 = scaled(1, scale);
        BigInteger s2 = scaled(2, scale);
        BigInteger fourth4 = scaled(4, scale)
                .multiply(count.pow(3)) // n^4 times the fourth central moment
                .subtract(s1.multiply(scaled(3, scale)).multiply(count.pow(2)).shiftLeft(2))
                .add(s1.pow(2).multiply(s2).multiply(count).multiply(BigInteger.valueOf(6)))
                .subtract(s1.pow(4).multiply(BigInteger.valueOf(3)));
        BigInteger squares = centralSquares(n, scale);
        if (squares.signum() == 0) {
            return Double.NaN;
        }
        BigInteger squared = squares.pow(2);
        return ratio(fourth4.subtract(squared.multiply(BigInteger.valueOf(3))), squared, 0);
    }

    /** The double nearest to {@code a / b * 2^exponent}, {@code b > 0}. */
    static double ratio(BigInteger a, BigInteger b, int exponent) {
        if (a.signum() == 0) {
            return 0;
        }
        int shift = Math.max(0, 66 + b.bitLength() - a.bitLength());
        BigInteger[] parts = a.abs().shiftLeft(shift).divideAndRemainder(b);
        BigInteger quotient = parts[0];
        if (parts[1].signum() != 0) {
            quotient = quotient.setBit(0); // of 66 bits or more: it only says which side of a tie this is
        }
        int drop = Math.max(0, quotient.bitLength() - 1000);
        BigInteger top = quotient.shiftRight(drop);
        if (drop > 0 && quotient.getLowestSetBit() < drop) {
            top = top.setBit(0);
        }
        return Math.copySign(scalb(top.doubleValue(), exponent - shift + drop), a.signum());
    }

    private static double scalb(double value, int exponent) {
        return Math.scalb(value, exponent); // rounds once more if the result is subnormal
    }
}
