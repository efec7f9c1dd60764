package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import org.jspecify.annotations.Nullable;

/** Counts numbers, whole numbers, truth values and times. Not thread-safe. */
final class NumberTally implements Tally {

    static final int MOST_KNOWN = 256;
    static final int NUMBER_LEVEL =
            46; // keys of sign, exponent and 6 bits of the fraction: buckets 1/64 of an octave wide
    static final int TIME_LEVEL = 10; // of 1,024 milliseconds

    static final int HOURS = 24 * 7;

    private static final int BLOCK = 256;
    private static final long MILLIS_OF_HOUR = 3_600_000;
    private static final long THURSDAY = 3; // 1970-01-01, Monday being 0

    private final FeatureType type;
    private final double least;
    private final double greatest;
    private final double[] block = new double[BLOCK];
    private final long[] blockIds = new long[BLOCK];
    private int inBlock;

    private long count;
    private long outside;
    private long zeros;
    private long negatives;
    private long wholes;
    private int decimals;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private final PowerSums sums = new PowerSums();
    private final Buckets buckets;
    private final KnownValues known = new KnownValues(MOST_KNOWN, false);
    private final long @Nullable [] hours;

    NumberTally(FeatureType type, double least, double greatest) {
        this.type = type;
        this.least = least;
        this.greatest = greatest;
        buckets = new Buckets(type == FeatureType.TIMESTAMP ? TIME_LEVEL : NUMBER_LEVEL);
        hours = type == FeatureType.TIMESTAMP ? new long[HOURS] : null;
    }

    @Override
    public void add(FeatureRow row, int index) {
        if (type == FeatureType.NUMBER) {
            add(row.number(index));
        } else {
            long whole = row.integer(index);
            add((double) whole, whole);
        }
    }

    /** Counts a finite number of type NUMBER. */
    void add(double number) {
        double x = number + 0.0; // -0.0 is 0
        add(x, Double.doubleToRawLongBits(x));
    }

    private void add(double x, long id) {
        block[inBlock] = x;
        blockIds[inBlock++] = id;
        if (inBlock == BLOCK) {
            flush();
        }
    }

    private void flush() {
        int n = inBlock;
        inBlock = 0;
        count += n;
        for (int i = 0; i < n; i++) {
            double x = block[i];
            min = Math.min(min, x);
            max = Math.max(max, x);
            zeros += x == 0 ? 1 : 0;
            negatives += x < 0 ? 1 : 0;
            outside += x < least || x > greatest ? 1 : 0;
            wholes += x == Math.rint(x) ? 1 : 0;
        }
        sums.add(block, n);
        if (hours == null) {
            for (int i = 0; i < n; i++) {
                double x = block[i];
                if (decimals < Decimals.MANY && !Decimals.fits(x, decimals)) {
                    decimals = Math.max(decimals, Decimals.of(x));
                }
                buckets.add(sortable(x));
                long id = blockIds[i];
                if (!known.count(id, 1)) {
                    if (Decimals.isSurelyBeyond(x, known.limit())) {
                        known.refuse(id);
                    } else {
                        known.add(id, Decimals.rank(x, id), 1, null);
                    }
                }
            }
        } else {
            for (int i = 0; i < n; i++) {
                long millis = blockIds[i];
                long hour = Math.floorDiv(millis, MILLIS_OF_HOUR);
                hours[Math.floorMod(hour + 24 * THURSDAY, HOURS)]++;
                buckets.add(millis);
                if (!known.count(millis, 1)) {
                    known.add(millis, KnownValues.mix(millis), 1, null);
                }
            }
        }
    }

    /** Which values are kept if not all can be: of times any, of numbers those of few digits. */
    static long rank(long id, boolean real, boolean time) {
        return time ? KnownValues.mix(id) : Decimals.rank(real ? Double.longBitsToDouble(id) : (double) id, id);
    }

    /** Bits of a number that are in the order of numbers. */
    private static long sortable(double x) {
        long bits = Double.doubleToRawLongBits(x);
        return bits ^ (bits >> 63 & Long.MAX_VALUE);
    }

    /** The smallest number of a key of {@link #sortable} bits. */
    static double number(long key, int level) {
        long bits = key << level;
        return Double.longBitsToDouble(bits ^ (bits >> 63 & Long.MAX_VALUE));
    }

    @Override
    public void add(Facts other) {
        NumberFacts facts = (NumberFacts) other;
        flush();
        count += facts.count;
        outside += facts.outside;
        zeros += facts.zeros;
        negatives += facts.negatives;
        wholes += facts.wholes;
        decimals = Math.max(decimals, facts.decimals);
        min = Math.min(min, facts.min);
        max = Math.max(max, facts.max);
        sums.add(facts.sums);
        buckets.add(facts.buckets);
        known.add(facts.known);
        for (int i = 0; hours != null && facts.hours != null && i < hours.length; i++) {
            hours[i] += facts.hours[i];
        }
    }

    @Override
    public NumberFacts facts() {
        flush();
        sums.carry();
        return new NumberFacts(
                type == FeatureType.NUMBER,
                count,
                outside,
                zeros,
                negatives,
                wholes,
                decimals,
                min,
                max,
                sums.copy(),
                buckets.sorted(),
                known.sorted(),
                hours == null ? null : hours.clone());
    }
}
