package io.github.plimsoll.validation.audit;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What is to be foretold, and how well a column cut into cells foretells it for rows that were left out of the counting: five folds, drawn at
 * random from a seed.
 */
final class Label {

    static final int FOLDS = 5;

    /** The most classes that are told apart. */
    static final int MOST_CLASSES = 200;

    private static final int FEWEST_ROWS = 50;

    private final Sample.Column column;
    private final boolean isNumber;
    private final int[] rows; // of the sample, those that have a label
    private final int[] order; // those in an order drawn at random
    private final int[] folds; // of each of those
    private final int[] classes; // of each of those, if it is no number
    private final int classCount;

    Label(Sample.Column column, long seed) {
        this.column = column;
        isNumber = column.isNumber();
        int size = isNumber ? column.numbers().length : column.codes().length;
        rows = IntStream.range(0, size)
                .filter(row -> isNumber ? !Double.isNaN(column.numbers()[row]) : column.codes()[row] != Sample.MISSING)
                .toArray();
        order = IntStream.range(0, rows.length).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int place = order[i];
            order[i] = order[other];
            order[other] = place;
        }
        folds = Arrays.stream(order).map(place -> place % FOLDS).toArray();
        classes = isNumber
                ? new int[0]
                : Arrays.stream(rows).map(row -> column.codes()[row] - 1).toArray();
        classCount = column.categories().size();
    }

    boolean isNumber() {
        return isNumber;
    }

    int[] rows() {
        return rows;
    }

    int[] order() {
        return order;
    }

    int[] folds() {
        return folds;
    }

    int[] classes() {
        return classes;
    }

    int classCount() {
        return classCount;
    }

    Sample.Column column() {
        return column;
    }

    boolean isEnough() {
        return rows.length >= FEWEST_ROWS
                && (isNumber ? column.distinct() > 1 : classCount > 1 && classCount <= MOST_CLASSES);
    }

    /** How many cells a feature may be cut into. */
    int cells() {
        return isNumber ? 256 : 64;
    }

    /**
     * The share of the label's entropy, or of its variance, that the cells tell for rows they were not counted from; below 0 if they mislead.
     *
     * @param cellOfRow the cell of each row of the sample
     */
    double foretoldBy(int[] cellOfRow) {
        int[] cells = Arrays.stream(rows).map(row -> cellOfRow[row]).toArray();
        int count = Arrays.stream(cells).max().orElse(0) + 1;
        return isNumber ? varianceTold(cells, count) : entropyTold(cells, count);
    }

    private double entropyTold(int[] cells, int cellCount) {
        double told = 0;
        double all = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            double[][] counts = new double[cellCount][classCount];
            double[] totals = new double[cellCount];
            double[] priors = new double[classCount];
            double total = 0;
            for (int i = 0; i < cells.length; i++) {
                if (folds[i] != fold) {
                    counts[cells[i]][classes[i]]++;
                    totals[cells[i]]++;
                    priors[classes[i]]++;
                    total++;
                }
            }
            for (int i = 0; i < cells.length; i++) {
                if (folds[i] == fold) {
                    double prior = (priors[classes[i]] + 1) / (total + classCount);
                    double within = (counts[cells[i]][classes[i]] + prior) / (totals[cells[i]] + 1);
                    all -= Math.log(prior);
                    told -= Math.log(within);
                }
            }
        }
        return 1 - told / all;
    }

    private double varianceTold(int[] cells, int cellCount) {
        double missed = 0;
        double all = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            double[] sums = new double[cellCount];
            double[] totals = new double[cellCount];
            double sum = 0;
            double total = 0;
            for (int i = 0; i < cells.length; i++) {
                if (folds[i] != fold) {
                    double value = column.numbers()[rows[i]];
                    sums[cells[i]] += value;
                    totals[cells[i]]++;
                    sum += value;
                    total++;
                }
            }
            double mean = sum / total;
            for (int i = 0; i < cells.length; i++) {
                if (folds[i] == fold) {
                    double value = column.numbers()[rows[i]];
                    double within = (sums[cells[i]] + mean) / (totals[cells[i]] + 1);
                    missed += (value - within) * (value - within);
                    all += (value - mean) * (value - mean);
                }
            }
        }
        return 1 - missed / all;
    }
}
