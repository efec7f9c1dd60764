package io.github.plimsoll.monitoring.drift;

/** How improbable counts are that are as high as seen or higher: negative logarithms to base 10, at least 0. */
final class Tails {

    /** No evidence counts for more: what is certain must not outweigh everything else that is found. */
    static final double CERTAIN = 300;

    private static final double LN_10 = StrictMath.log(10);
    private static final double NEGLIGIBLE = 1e-17;

    private Tails() {}

    /**
     * Of k among n live rows, when the baseline has r among n0: beta-binomial, the unknown share having the law that r and
     * Jeffreys' prior give it.
     */
    static double betaBinomial(long k, long n, long r, long n0) {
        double a = r + 0.5;
        double b = Math.max(0, n0 - r) + 0.5;
        if (k <= 0 || (double) k / n <= a / (a + b)) {
            return 0;
        }
        double log = LogGamma.of(n + 1.0)
                - LogGamma.of(k + 1.0)
                - LogGamma.of(n - k + 1.0)
                + LogGamma.of(k + a)
                + LogGamma.of(n - k + b)
                - LogGamma.of(n + a + b)
                + LogGamma.of(a + b)
                - LogGamma.of(a)
                - LogGamma.of(b);
        double term = 1;
        double sum = 1;
        for (double j = (double) k; j < n && term > NEGLIGIBLE * sum; j++) {
            term *= (n - j) / (j + 1) * ((a + j) / (b + n - j - 1));
            sum += term;
        }
        return surprise(log + StrictMath.log(sum));
    }

    /** Of k or more among n rows, each with probability p in (0, 1). */
    static double binomial(long k, long n, double p) {
        if (k <= 0 || (double) k / n <= p) {
            return 0;
        }
        double log = LogGamma.of(n + 1.0)
                - LogGamma.of(k + 1.0)
                - LogGamma.of(n - k + 1.0)
                + k * StrictMath.log(p)
                + (n - k) * StrictMath.log1p(-p);
        double term = 1;
        double sum = 1;
        for (double j = (double) k; j < n && term > NEGLIGIBLE * sum; j++) {
            term *= (n - j) / (j + 1) * (p / (1 - p));
            sum += term;
        }
        return surprise(log + StrictMath.log(sum));
    }

    /** Of k or more, for a count with a mean above 0 and a variance above the mean. */
    static double negativeBinomial(long k, double mean, double variance) {
        if (k <= mean) {
            return 0;
        }
        double size = mean * mean / (variance - mean);
        double success = mean / variance;
        double log = LogGamma.of(k + size)
                - LogGamma.of(size)
                - LogGamma.of(k + 1.0)
                + size * StrictMath.log(success)
                + k * StrictMath.log1p(-success);
        double term = 1;
        double sum = 1;
        for (double j = (double) k; term > NEGLIGIBLE * sum; j++) {
            term *= (j + size) / (j + 1) * (1 - success);
            sum += term;
        }
        return surprise(log + StrictMath.log(sum));
    }

    private static double surprise(double logProbability) {
        return Math.min(CERTAIN, Math.max(0, -logProbability / LN_10));
    }
}
