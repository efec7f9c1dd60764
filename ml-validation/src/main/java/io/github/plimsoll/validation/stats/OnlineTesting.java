package io.github.plimsoll.validation.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Tests that come one after the other without end, as those of a monitor do: decides each at once, and keeps the share of false
 * rejections among all rejections (false discovery rate) at a level for ever. Each rejection earns more level for later tests.
 *
 * <pre>{@code
 * var testing = OnlineTesting.saffron(0.05);
 * if (testing.reject(pValue)) { ... }
 * }</pre>
 *
 * <p>Equal to the R package onlineFDR. The p-values must be those of independent tests; {@link EValues} need no independence.
 * Mutable and not thread-safe.
 *
 * <p>LORD++ and SAFFRON earn from every rejection for ever, by its age, and no shorter record of the ages gives the same sum. The newest
 * 1,000 rejections are remembered one by one; of older ones 1,000 pairs, then 1,000 fours and so on, each as if all were as old as its
 * oldest. The levels are exact up to 1,000 rejections, and never above the exact ones after them, so the false discovery rate holds; they
 * are within 0.1 % of them if rejections come evenly. Memory and the cost of a test: at most 1,000 for each doubling of the rejections.
 *
 * @since 0.1
 */
public final class OnlineTesting {

    private static final int MOST_OF_A_SIZE = 1_000;

    private final double alpha;
    private final Procedure procedure;
    private final double wealth;
    private final double lambda;
    private final Spending spending;
    private final List<Rejection> rejections = new ArrayList<>(); // the oldest first, so those of most first
    private final int[] ofSize = new int[Double.MAX_EXPONENT]; // how many stand for 2^i rejections
    private double rejected; // a whole number
    private double tests; // a whole number, as the next
    private double candidates;

    private OnlineTesting(double alpha, Procedure procedure, double wealth, double lambda, Spending spending) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha: " + alpha + " (expected: above 0, below 1)");
        }
        if (!(wealth > 0 && wealth <= alpha)) {
            throw new IllegalArgumentException(
                    "initialWealth: " + wealth + " (expected: above 0, at most " + alpha + ")");
        }
        if (!(lambda > 0 && lambda < 1)) {
            throw new IllegalArgumentException("lambda: " + lambda + " (expected: above 0, below 1)");
        }
        this.alpha = alpha;
        this.procedure = procedure;
        this.wealth = wealth;
        this.lambda = lambda;
        this.spending = spending;
    }

    private enum Procedure {
        LORD,
        SAFFRON,
        LOND
    }

    /**
     * A rejected test, or several as if they were the oldest of them: its number from 1, how many candidates there were up to and with
     * it, and what was earned.
     */
    private record Rejection(double test, double candidates, double earned) {}

    /** How the level is spread over tests to come; adds up to 1 over j = 1, 2, ... */
    @FunctionalInterface
    private interface Spending {

        Spending LOGARITHMIC = j -> 0.07720838 * Math.log(Math.max(j, 2)) / (j * Math.exp(Math.sqrt(Math.log(j))));

        Spending POWER = j -> 0.4374901658 / Math.pow(j, 1.6);

        double share(double j);
    }

    /**
     * LORD++ with a tenth of the level as its initial wealth.
     *
     * @param alpha the false discovery rate
     * @return a new sequence of tests
     * @throws IllegalArgumentException if the level is not between 0 and 1
     */
    public static OnlineTesting lordPlusPlus(double alpha) {
        return lordPlusPlus(alpha, alpha / 10);
    }

    /**
     * LORD++ (Ramdas et al. 2017).
     *
     * @param alpha the false discovery rate
     * @param initialWealth what may be spent before the first rejection, at most {@code alpha}
     * @return a new sequence of tests
     * @throws IllegalArgumentException if a number is out of range
     */
    public static OnlineTesting lordPlusPlus(double alpha, double initialWealth) {
        return new OnlineTesting(alpha, Procedure.LORD, initialWealth, 0.5, Spending.LOGARITHMIC);
    }

    /**
     * SAFFRON with candidates up to 0.5 and half the level as its initial wealth. Stronger than LORD++ where many hypotheses are
     * false.
     *
     * @param alpha the false discovery rate
     * @return a new sequence of tests
     * @throws IllegalArgumentException if the level is not between 0 and 1
     */
    public static OnlineTesting saffron(double alpha) {
        return saffron(alpha, alpha / 2, 0.5);
    }

    /**
     * SAFFRON (Ramdas et al. 2018), which spends nothing on tests whose p-value is not even a candidate.
     *
     * @param alpha the false discovery rate
     * @param initialWealth what may be spent before the first rejection, at most {@code alpha}
     * @param lambda p-values up to it are candidates; between 0 and 1
     * @return a new sequence of tests
     * @throws IllegalArgumentException if a number is out of range
     */
    public static OnlineTesting saffron(double alpha, double initialWealth, double lambda) {
        return new OnlineTesting(alpha, Procedure.SAFFRON, initialWealth, lambda, Spending.POWER);
    }

    /**
     * LOND (Javanmard and Montanari 2015): the level of a test grows with the number of rejections before.
     *
     * @param alpha the false discovery rate
     * @return a new sequence of tests
     * @throws IllegalArgumentException if the level is not between 0 and 1
     */
    public static OnlineTesting lond(double alpha) {
        return new OnlineTesting(alpha, Procedure.LOND, alpha, 0.5, Spending.LOGARITHMIC);
    }

    /**
     * The level of the next test.
     *
     * @return the largest p-value that would be rejected
     */
    public double nextLevel() {
        double i = tests + 1;
        return switch (procedure) {
            case LOND -> alpha * spending.share(i) * (rejected + 1);
            case LORD -> spent(i, false);
            case SAFFRON -> Math.min(lambda, (1 - lambda) * spent(i, true));
        };
    }

    /**
     * Decides the next test.
     *
     * @param pValue its p-value
     * @return whether its hypothesis is rejected
     * @throws IllegalArgumentException if the p-value is not in [0, 1]
     */
    public boolean reject(double pValue) {
        PValueAdjustment.probability("pValue", pValue);
        boolean isRejected = pValue <= nextLevel();
        tests++;
        if (pValue <= lambda) {
            candidates++;
        }
        if (isRejected) {
            rejected++;
            if (procedure != Procedure.LOND) {
                remember(new Rejection(tests, candidates, rejected == 1 ? alpha - wealth : alpha));
            }
        }
        return isRejected;
    }

    /** Of too many of one size, the two oldest become one of twice the size. */
    private void remember(Rejection rejection) {
        rejections.add(rejection);
        ofSize[0]++;
        int end = rejections.size();
        for (int size = 0; ofSize[size] > MOST_OF_A_SIZE; size++) {
            int oldest = end - ofSize[size];
            Rejection older = rejections.get(oldest);
            double earned = older.earned() + rejections.remove(oldest + 1).earned();
            rejections.set(oldest, new Rejection(older.test(), older.candidates(), earned));
            ofSize[size] -= 2;
            ofSize[size + 1]++;
            end = oldest + 1;
        }
    }

    /** The initial wealth and what each rejection earned, each spread over the tests that came since. */
    private double spent(double i, boolean skipCandidates) {
        double sum = wealth * spending.share(i - (skipCandidates ? candidates : 0));
        for (Rejection rejection : rejections) {
            double skipped = skipCandidates ? candidates - rejection.candidates() : 0;
            sum += rejection.earned() * spending.share(i - rejection.test() - skipped);
        }
        return sum;
    }
}
