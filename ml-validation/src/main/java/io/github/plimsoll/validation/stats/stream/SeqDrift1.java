package io.github.plimsoll.validation.stats.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * Sequential drift detection by blocks: at the end of a block, the rate of its errors differs from that of as many earlier ones, drawn at
 * random, by more than Bernstein's bound. Where they differ by a lower bound only, nothing is told, and both samples become twice as
 * large. Finds rises and falls, with few false changes and late: at the end of a block of 200. The same seed draws the same values.
 * Memory: one count for each block that is kept, about 1/{@code change}. Time: constant, but for one draw of a block's size in each.
 *
 * <p>Follows MOA's SeqDrift1 but for the generator of the draws, and for earlier values that are fewer than a sample, whose rate MOA
 * divides by the sample's size.
 *
 * @see <a href="https://doi.org/10.1007/978-3-642-37456-2_39">Sakthithasan, Pears, Koh: One pass concept change detection for data streams
 *     (2013)</a>
 * @since 0.1
 */
public final class SeqDrift1 extends BinaryDetector {

    private final int block;
    private final double change;
    private final double warning;
    private final int mostBlocks;
    private final SplittableRandom random;
    private final Blocks earlier = new Blocks();
    private final Blocks newest = new Blocks();
    private int errorsInBlock;
    private int valuesInBlock;
    private long blocksRead;
    private int sample = 1; // in blocks
    private int tests;

    /** How many errors each block has, the oldest first. */
    private static final class Blocks {
        private final Deque<Integer> errors = new ArrayDeque<>();
        private long sum;

        private void add(int count) {
            errors.addLast(count);
            sum += count;
        }

        private void keepNewest(int most) {
            while (errors.size() > most) {
                sum -= errors.removeFirst();
            }
        }
    }

    /**
     * With blocks of 200 values, and probabilities of 0.01 for a change and 0.1 for a larger sample.
     *
     * @param seed of the draws
     */
    public SeqDrift1(long seed) {
        this(200, 0.01, 0.1, seed);
    }

    /**
     * With parameters.
     *
     * @param block how many values a block has, >= 1
     * @param change the probability of a false change of all looks of a window, in (0, 1); so many blocks as its reciprocal are kept
     * @param warning the same at which samples become twice as large, in (0, 1)
     * @param seed of the draws
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public SeqDrift1(int block, double change, double warning, long seed) {
        this.block = count("block", block);
        this.change = share("change", change);
        this.warning = share("warning", warning);
        this.mostBlocks = (int) (1 / change);
        this.random = new SplittableRandom(seed);
    }

    /** Keeps the newest blocks, which are after the change, as the earlier ones. */
    @Override
    void reset() {
        earlier.keepNewest(0);
        accept();
        sample = 1;
        tests = 1;
    }

    @Override
    Signal next(double value, Signal before) {
        errorsInBlock += value == 1 ? 1 : 0;
        if (++valuesInBlock < block) {
            return Signal.STABLE;
        }
        newest.add(errorsInBlock);
        newest.keepNewest(mostBlocks);
        errorsInBlock = 0;
        valuesInBlock = 0;
        return ++blocksRead % sample == 0 ? look() : Signal.STABLE;
    }

    private Signal look() {
        tests++;
        if (!earlier.errors.isEmpty()) {
            int blocks = Math.min(sample, Math.min(earlier.errors.size(), newest.errors.size()));
            double n = (double) blocks * block;
            double distance = Math.abs(draw(earlier, blocks) - draw(newest, blocks)) / n;
            if (distance >= bound(change, n)) {
                return Signal.CHANGE;
            }
            if (distance >= bound(warning, n)) {
                sample = Math.min(2 * sample, mostBlocks);
                return Signal.STABLE;
            }
        }
        accept();
        return Signal.STABLE;
    }

    /** The newest blocks become earlier ones. */
    private void accept() {
        newest.errors.forEach(earlier::add);
        earlier.keepNewest(mostBlocks);
        newest.keepNewest(0);
    }

    /** How many errors are in a sample of so many blocks' size, each value at most once. */
    private long draw(Blocks from, int blocks) {
        if (blocks == from.errors.size()) {
            return from.sum;
        }
        long left = (long) from.errors.size() * block;
        long errors = from.sum;
        for (long needed = (long) blocks * block; needed > 0; needed--) {
            if (random.nextLong(left--) < errors) {
                errors--;
            }
        }
        return from.sum - errors;
    }

    /** Bernstein's bound of two means, with half the probability for the first test and half of what is left for each further. */
    private double bound(double probability, double n) {
        double all = (double) (earlier.errors.size() + newest.errors.size()) * block;
        double rate = (earlier.sum + newest.sum) / all;
        double variance = all * rate * (1 - rate) / (all - 1);
        double logs = Math.log(4 / (probability / (2 * (1 - Math.pow(0.5, tests)))));
        return 2 / (3 * n) * (logs + Math.sqrt(logs * (logs + 18 * variance * n)));
    }
}
