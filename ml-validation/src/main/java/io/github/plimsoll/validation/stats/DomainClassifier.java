package io.github.plimsoll.validation.stats;

import java.util.Arrays;
import java.util.Random;

/**
 * How well a classifier tells the rows of two samples apart, as the area under its ROC curve: 0.5 if it cannot, 1 if it always
 * can. Sees changes in how columns go together. The area is that of Mann-Whitney's test of the scores, so its p-value comes with it.
 *
 * <p>The classifier is a ridge-regularised logistic regression on the standardised columns, their squares and their products of
 * two, fitted and scored by cross-validation, so that every row is scored by a model that has not seen it. It sees shifts, spreads
 * and correlations; it does not see what only a deep tree would. Up to about 30 columns of a few thousand rows are meant: it costs
 * O(folds rows features^2), with features = columns (columns + 3) / 2.
 *
 * @since 0.1
 */
public final class DomainClassifier {

    private static final int FOLDS = 5;
    private static final double RIDGE = 1;
    private static final int STEPS = 25; // of Newton's method; about seven are usual
    private static final double CONVERGED = 1e-8;

    private DomainClassifier() {}

    /**
     * Tells two samples of rows apart.
     *
     * @param x rows of the reference, five or more, of finite numbers
     * @param y rows of what is compared with it, five or more, of as many columns
     * @param seed of the folds; the same seed gives the same answer
     * @return the area under the ROC curve as the statistic, and the one-sided p-value of "above 0.5". Scores of one fold share a
     *     model, so the p-value is approximate: read it as a rank, not as a promise
     * @throws IllegalArgumentException if a sample has fewer than five rows, or if rows differ in length or hold a value that is not
     *     finite
     */
    public static TestResult auc(double[][] x, double[][] y, long seed) {
        if (x.length < FOLDS || y.length < FOLDS) {
            throw new IllegalArgumentException(
                    "samples of " + x.length + " and " + y.length + " rows (expected: " + FOLDS + " or more)");
        }
        MaximumMeanDiscrepancy.check("x", x, x[0].length);
        MaximumMeanDiscrepancy.check("y", y, x[0].length);
        double[][] features = features(standardised(x, y));
        int[] folds = folds(x.length, y.length, seed);
        double[] scores = new double[features.length];
        for (int fold = 0; fold < FOLDS; fold++) {
            double[] weights = fit(features, x.length, folds, fold);
            for (int row = 0; row < features.length; row++) {
                if (folds[row] == fold) {
                    scores[row] = dot(weights, features[row]);
                }
            }
        }
        double[] scoresX = Arrays.copyOfRange(scores, 0, x.length);
        double[] scoresY = Arrays.copyOfRange(scores, x.length, scores.length);
        TestResult u = MannWhitney.twoSample(
                scoresY, scoresX, Alternative.GREATER, PValueMethod.ASYMPTOTIC, Correction.CONTINUITY);
        return TestResult.of(u.statistic() / x.length / y.length, u.pValue());
    }

    /** Each sample is spread over the folds by itself. */
    private static int[] folds(int m, int n, long seed) {
        Random random = new Random(seed);
        int[] folds = new int[m + n];
        int[] order = new int[m];
        for (int i = 0; i < m; i++) {
            order[i] = i;
        }
        MaximumMeanDiscrepancy.shuffle(order, random);
        for (int i = 0; i < m; i++) {
            folds[order[i]] = i % FOLDS;
        }
        order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = m + i;
        }
        MaximumMeanDiscrepancy.shuffle(order, random);
        for (int i = 0; i < n; i++) {
            folds[order[i]] = i % FOLDS;
        }
        return folds;
    }

    private static double[][] standardised(double[][] x, double[][] y) {
        int columns = x[0].length;
        double[][] rows = new double[x.length + y.length][columns];
        double[] column = new double[rows.length];
        for (int c = 0; c < columns; c++) {
            for (int i = 0; i < rows.length; i++) {
                column[i] = i < x.length ? x[i][c] : y[i - x.length][c];
            }
            double mean = Samples.mean(column);
            double deviation = Math.sqrt(Samples.squaredDeviations(column) / column.length);
            for (int i = 0; i < rows.length; i++) {
                rows[i][c] = deviation > 0 ? (column[i] - mean) / deviation : 0;
            }
        }
        return rows;
    }

    /** One, the columns, and all products of two of them. */
    private static double[][] features(double[][] rows) {
        int columns = rows[0].length;
        double[][] features = new double[rows.length][1 + columns + columns * (columns + 1) / 2];
        for (int i = 0; i < rows.length; i++) {
            int at = 0;
            features[i][at++] = 1;
            for (int a = 0; a < columns; a++) {
                features[i][at++] = rows[i][a];
            }
            for (int a = 0; a < columns; a++) {
                for (int b = a; b < columns; b++) {
                    features[i][at++] = rows[i][a] * rows[i][b];
                }
            }
        }
        return features;
    }

    /** Newton's method on the rows outside a fold; the first {@code m} rows are class 0. */
    private static double[] fit(double[][] features, int m, int[] folds, int fold) {
        int size = features[0].length;
        double[] weights = new double[size];
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = new double[size];
            double[][] hessian = new double[size][size];
            for (int j = 0; j < size; j++) {
                gradient[j] = -RIDGE * weights[j];
                hessian[j][j] = RIDGE;
            }
            for (int row = 0; row < features.length; row++) {
                if (folds[row] == fold) {
                    continue;
                }
                double p = 1 / (1 + Math.exp(-dot(weights, features[row])));
                double residual = (row < m ? 0 : 1) - p;
                double curvature = p * (1 - p);
                for (int j = 0; j < size; j++) {
                    gradient[j] += residual * features[row][j];
                    for (int k = 0; k <= j; k++) {
                        hessian[j][k] += curvature * features[row][j] * features[row][k];
                    }
                }
            }
            double change = 0;
            double[] move = solve(hessian, gradient);
            for (int j = 0; j < size; j++) {
                weights[j] += move[j];
                change = Math.max(change, Math.abs(move[j]));
            }
            if (change < CONVERGED) {
                break;
            }
        }
        return weights;
    }

    /** Cholesky's method for a positive definite matrix, of which the lower triangle is given and overwritten. */
    private static double[] solve(double[][] a, double[] b) {
        int n = b.length;
        double[] x = b.clone();
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < j; k++) {
                for (int i = j; i < n; i++) {
                    a[i][j] -= a[i][k] * a[j][k];
                }
            }
            double root = Math.sqrt(a[j][j]);
            for (int i = j; i < n; i++) {
                a[i][j] /= root;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= a[i][k] * x[k];
            }
            x[i] /= a[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= a[k][i] * x[k];
            }
            x[i] /= a[i][i];
        }
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
