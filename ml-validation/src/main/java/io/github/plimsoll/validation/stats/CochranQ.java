package io.github.plimsoll.validation.stats;

/**
 * Cochran's Q: on the same cases, is any of several classifiers right more often than the others? McNemar's test for more than
 * two.
 *
 * <p>Equal to statsmodels' {@code cochrans_q}.
 *
 * @since 0.1
 */
public final class CochranQ {

    private CochranQ() {}

    /**
     * Compares classifiers. O(cases).
     *
     * @param right for each case, whether each classifier is right, in one order of two or more
     * @return Q and its p-value by the chi-square limit; {@code NaN} if every case has all right or all wrong
     * @throws IllegalArgumentException if there is no case, fewer than two classifiers, or a case of another length
     */
    public static TestResult test(boolean[][] right) {
        int classifiers = right.length == 0 ? 0 : right[0].length;
        if (classifiers < 2) {
            throw new IllegalArgumentException(right.length + " cases of " + classifiers
                    + " classifiers (expected: one case or more, two classifiers or more)");
        }
        double[] perClassifier = new double[classifiers];
        double sum = 0;
        double squaredCases = 0;
        for (int i = 0; i < right.length; i++) {
            if (right[i].length != classifiers) {
                throw new IllegalArgumentException("right[" + i + "] has " + right[i].length
                        + " classifiers (expected: " + classifiers + ", as the first case)");
            }
            double count = 0;
            for (int j = 0; j < classifiers; j++) {
                if (right[i][j]) {
                    perClassifier[j]++;
                    count++;
                }
            }
            sum += count;
            squaredCases += count * count;
        }
        double squaredClassifiers = 0;
        for (double count : perClassifier) {
            squaredClassifiers += count * count;
        }
        double q = (classifiers - 1.0)
                * (classifiers * squaredClassifiers - sum * sum)
                / (classifiers * sum - squaredCases);
        return new TestResult(
                q, Double.isNaN(q) ? q : Distributions.chiSquareSurvival(q, classifiers - 1.0), classifiers - 1.0);
    }
}
