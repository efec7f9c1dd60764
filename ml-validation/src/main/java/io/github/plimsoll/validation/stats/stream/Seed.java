package io.github.plimsoll.validation.stats.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * SEED: a window of blocks, of which the older ones are dropped where the means before and after a block differ by more than
 * {@link Adwin}'s bound. Blocks grow as {@code Adwin}'s buckets do, but only where neighbours are alike, so that a cut is found nearer to
 * the change. Made for numbers in [0, 1], of which it keeps about 200 blocks; of others at most 1,024. Finds rises and falls of the mean.
 * What is left of the window is kept after a change. Time of a value: one look at all blocks in {@code block} values.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2014.50">Huang and others: Detecting volatility shift in data streams (2014)</a>
 * @since 0.1
 */
public final class Seed extends ChangeDetector {

    private static final int MOST_BLOCKS = 1_024;
    private static final int BLOCKS_TO_COMPRESSION = 76;
    private static final double ALIKE = 0.01 * 0.8; // more for each block of age

    private final double delta;
    private final int block;
    private final boolean asMoa;
    private final List<Block> blocks = new ArrayList<>(); // the oldest first; the newest is being filled
    private int sinceCompression;
    private long width;
    private double total;

    /** How many values, their sum, and the sum of their squared distances from their mean. */
    private static final class Block {
        private long n;
        private double total;
        private double squares;

        private double mean() {
            return total / n;
        }
    }

    /** With a delta of 0.05 and blocks of 32 values. */
    public Seed() {
        this(0.05, 32);
    }

    /**
     * With parameters.
     *
     * @param delta the probability of a false change of one look, in (0, 1)
     * @param block how many values a block begins with, >= 1: every so many values all cuts are looked at
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Seed(double delta, int block) {
        this(delta, block, false);
    }

    /** As MOA does it: distances are from the mean of the window, a little shifted, and stay what they were when they were read. */
    Seed(double delta, int block, boolean asMoa) {
        this.delta = share("delta", delta);
        this.block = count("block", block);
        this.asMoa = asMoa;
        blocks.add(new Block());
    }

    /**
     * How many values the window has.
     *
     * @return a number >= 0
     */
    public long width() {
        return width;
    }

    /**
     * The mean of the window.
     *
     * @return the mean, NaN of an empty window
     */
    public double mean() {
        return total / width;
    }

    @Override
    void reset() {
        // the window is kept
    }

    @Override
    Signal next(double value, Signal before) {
        Block newest = blocks.get(blocks.size() - 1);
        if (newest.n >= block) {
            newest = beginBlock();
        }
        width++;
        total += value;
        newest.squares += asMoa ? squareAsMoa(value) : square(newest, value);
        newest.n++;
        newest.total += value;
        return newest.n % block == 0 && isCut() ? Signal.CHANGE : Signal.STABLE;
    }

    private Block beginBlock() {
        if (sinceCompression >= BLOCKS_TO_COMPRESSION && blocks.size() > 1) {
            compress();
            sinceCompression = 0;
        }
        if (blocks.size() == MOST_BLOCKS) {
            join(1);
        }
        Block newest = new Block();
        blocks.add(newest);
        sinceCompression++;
        return newest;
    }

    /** From the newest on, joins each to the one before it if their means are alike: the older, the less must they be. */
    private void compress() {
        double alike = 0;
        for (int i = blocks.size() - 1; i > 0; i--) {
            alike += ALIKE;
            if (Math.abs(blocks.get(i).mean() - blocks.get(i - 1).mean()) < alike) {
                join(i);
            }
        }
    }

    /** Adds a block to the one before it. */
    private void join(int index) {
        add(blocks.get(index - 1), blocks.remove(index));
    }

    private void add(Block sum, Block part) {
        double distance = asMoa || sum.n == 0 ? 0 : sum.mean() - part.mean();
        sum.squares += part.squares + distance * distance * sum.n * part.n / (sum.n + part.n);
        sum.n += part.n;
        sum.total += part.total;
    }

    private static double square(Block newest, double value) {
        double distance = newest.n == 0 ? 0 : value - newest.mean();
        return distance * distance * newest.n / (newest.n + 1);
    }

    private double squareAsMoa(double value) {
        double distance = width == 1 ? 0 : value - total / (width - 1);
        return distance * distance * (width - 1) / width;
    }

    /** Drops what is before the newest cut at which the means differ by more than chance. */
    private boolean isCut() {
        Block all = new Block();
        blocks.forEach(part -> add(all, part));
        double logs = Math.log(2 * Math.log((double) width) / delta);
        double newer = 0;
        double ofNewer = 0;
        for (int i = blocks.size() - 1; i > 0; i--) {
            newer += blocks.get(i).n;
            ofNewer += blocks.get(i).total;
            double older = width - newer;
            double parts = 1 / older + 1 / newer;
            double bound = Math.sqrt(2 * parts * (all.squares / width) * logs) + 2.0 / 3 * logs * parts;
            if (Math.abs(ofNewer / newer - (total - ofNewer) / older) > bound) {
                blocks.subList(0, i).clear();
                width = (long) newer;
                total = ofNewer;
                return true;
            }
        }
        return false;
    }

    /** The window in a few words. */
    @Override
    public String toString() {
        return "window of " + width + " values in " + blocks.size() + " blocks";
    }
}
