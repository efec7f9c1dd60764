package io.github.plimsoll.validation.stats;

import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Null distributions of the Kolmogorov-Smirnov statistics of one sample of {@code n} values. Which formula answers where is
 * SciPy's choice (kstwo, ksone), so that the numbers agree beyond the formulas' own errors.
 *
 * @see "Simard, R., L'Ecuyer, P. (2011). Computing the Two-Sided Kolmogorov-Smirnov Distribution"
 */
final class KolmogorovDistribution {

    private static final double PI2 = Math.PI * Math.PI;
    private static final double SQRT_2PI = Math.sqrt(2 * Math.PI);

    private KolmogorovDistribution() {}

    /** P(D_n >= d), the two-sided statistic. */
    static double survival(double d, double n) {
        if (n < 1 || Double.isNaN(d)) {
            return Double.NaN;
        }
        double t = n * d;
        if (d >= 1) {
            return 0;
        }
        if (t <= 0.5) {
            return 1;
        }
        if (t <= 1) {
            return 1 - smallest(t, n);
        }
        double nd2 = t * d;
        if (t >= n - 1) {
            return 2 * Math.pow(1 - d, n);
        }
        if (d >= 0.5 || nd2 >= (n <= 140 ? 4 : 2.2)) {
            return nd2 >= 370 && n > 140
                    ? 0
                    : 2 * oneSidedSurvival(d, n); // the two sides exclude each other, or nearly
        }
        boolean exact = n <= 140 || (n <= 100_000 && n * Math.pow(d, 1.5) <= 1.4);
        return Math.min(1, 1 - (exact ? cumulativeByMatrix(d, (int) n) : cumulativeBySeries(d, n)));
    }

    /** P(D_n+ >= d), one-sided, in O(n). */
    static double oneSidedSurvival(double d, double n) {
        if (d <= 0) {
            return 1;
        }
        if (d >= 1) {
            return 0;
        }
        double sum = 0;
        double last = Math.floor(n * (1 - d));
        for (double j = 0; j <= last; j++) {
            double p = d + j / n;
            sum += Binomial.probability(j, n, p) / p;
        }
        return Math.min(1, d * sum);
    }

    /** The limit of P(sqrt(n) D_n >= x) for many values. */
    static double limitSurvival(double x) {
        if (x <= 0) {
            return 1;
        }
        if (x < 0.82) {
            double sum = 0;
            for (int k = 1; k <= 9; k += 2) {
                sum += Math.exp(-k * k * PI2 / (8 * x * x));
            }
            return 1 - SQRT_2PI / x * sum;
        }
        double sum = 0;
        for (int k = 4; k >= 1; k--) {
            sum = Math.exp(-2.0 * k * k * x * x) - sum;
        }
        return 2 * sum;
    }

    /** P(D_n < t / n) for t in (1/2, 1]: n! ((2t - 1) / n)^n. */
    private static double smallest(double t, double n) {
        if (n <= 140) {
            double product = 1;
            for (int i = 1; i <= n; i++) {
                product *= i * (2 * t - 1) / n;
            }
            return product;
        }
        return Math.exp(LogGamma.value(n + 1) + n * (Math.log(2 * t - 1) - Math.log(n)));
    }

    /** Exact: an entry of a power of a matrix of about 2nd rows (Marsaglia, Tsang and Wang 2003). */
    private static double cumulativeByMatrix(double d, int n) {
        int k = (int) Math.ceil(n * d);
        int m = 2 * k - 1;
        double h = k - n * d;
        double[][] matrix = new double[m][m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                matrix[i][j] = i - j + 1 >= 0 ? 1 : 0;
            }
        }
        for (int i = 0; i < m; i++) {
            matrix[i][0] -= Math.pow(h, i + 1);
            matrix[m - 1][i] -= Math.pow(h, m - i);
        }
        matrix[m - 1][0] += 2 * h > 1 ? Math.pow(2 * h - 1, m) : 0;
        for (int i = 0; i < m; i++) {
            double factorial = 1;
            for (int j = i; j >= 0; j--) {
                factorial *= i - j + 1;
                matrix[i][j] /= factorial;
            }
        }
        double[][] power = identity(m);
        double[][] square = matrix;
        int powerExponent = 0; // of the scale that keeps the entries in range, base 2
        int squareExponent = 0;
        for (int bits = n; bits > 0; bits >>= 1) {
            if ((bits & 1) == 1) {
                power = product(power, square);
                powerExponent += squareExponent;
                powerExponent += rescale(power, k - 1);
            }
            square = product(square, square);
            squareExponent = 2 * squareExponent + rescale(square, k - 1);
        }
        double result = power[k - 1][k - 1];
        for (int i = 1; i <= n; i++) {
            result = result * i / n;
            if (result < 0x1p-900) {
                result *= 0x1p900;
                powerExponent -= 900;
            }
        }
        return Math.scalb(result, powerExponent);
    }

    private static double[][] identity(int m) {
        double[][] identity = new double[m][m];
        for (int i = 0; i < m; i++) {
            identity[i][i] = 1;
        }
        return identity;
    }

    private static double[][] product(double[][] a, double[][] b) {
        int m = a.length;
        double[][] product = new double[m][m];
        for (int i = 0; i < m; i++) {
            for (int l = 0; l < m; l++) {
                double factor = a[i][l];
                for (int j = 0; j < m; j++) {
                    product[i][j] += factor * b[l][j];
                }
            }
        }
        return product;
    }

    /** Brings the middle entry near 1 by a power of two, and returns that power's exponent. */
    private static int rescale(double[][] matrix, int middle) {
        int exponent = Math.getExponent(matrix[middle][middle]);
        for (double[] row : matrix) {
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.scalb(row[j], -exponent);
            }
        }
        return exponent;
    }

    /** The limit with three terms of correction (Pelz and Good 1976): at least seven digits from 140 values on. */
    private static double cumulativeBySeries(double d, double n) {
        double z = Math.sqrt(n) * d;
        double z2 = z * z;
        double z4 = z2 * z2;
        double z6 = z4 * z2;
        double halfStep = PI2 / (8 * z2);
        int terms = (int) Math.ceil(16 * z / Math.PI);
        double k0 = 0;
        double k1 = 0;
        double k2 = 0;
        double k3 = 0;
        for (int k = terms; k >= 1; k--) {
            double odd = 2.0 * k - 1;
            double m2 = odd * odd;
            double weight = Math.exp(-m2 * halfStep);
            double a = PI2 * m2 / 4;
            k0 += weight;
            k1 += weight * (a - z2);
            k2 += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * a + (1 - 2 * z2) * a * a);
            k3 += weight
                    * (-30 * z6
                            - 90 * z4 * z4
                            + (135 * z4 - 96 * z6) * a
                            + (212 * z4 - 60 * z2) * a * a
                            + (5 - 30 * z2) * a * a * a);
        }
        k0 *= SQRT_2PI / z;
        k1 *= SQRT_2PI / (6 * z4);
        k2 *= SQRT_2PI / (72 * z6 * z);
        k3 *= SQRT_2PI / (6480 * z6 * z4);
        double k2Even = 0;
        double k3Even = 0;
        for (int k = terms; k >= 1; k--) {
            double square = (double) k * k;
            double weight = square * Math.exp(-square * 4 * halfStep);
            k2Even += weight;
            k3Even += weight * (3 * z2 - PI2 * square);
        }
        k2 -= k2Even * PI2 * SQRT_2PI / (36 * z2 * z);
        k3 += k3Even * PI2 * SQRT_2PI / (216 * z6);
        double root = Math.sqrt(n);
        return k0 + k1 / root + k2 / n + k3 / (n * root);
    }
}
