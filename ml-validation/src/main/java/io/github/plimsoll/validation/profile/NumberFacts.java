package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureType;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What is known of the numbers of one feature. */
final class NumberFacts implements Facts {

    final long count;
    final long outside;
    final long zeros;
    final long negatives;
    final long wholes;
    final int decimals;
    final double min;
    final double max;
    final PowerSums sums;
    final Buckets.Sorted buckets;
    final KnownValues.Sorted known;
    final long @Nullable [] hours; // of the week, Monday 00:00 UTC first; of times only
    private final boolean real;
    private @Nullable Exact exact; // made when asked for; threads may race here: each makes the same

    /** All values in ascending order. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Exact(double[] values, long[] counts) {

        private static Exact of(KnownValues.Sorted known, boolean real) {
            Integer[] order = new Integer[known.ids.length];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, Comparator.comparingDouble(i -> value(known.ids[i], real)));
            double[] values = new double[order.length];
            long[] counts = new long[order.length];
            for (int i = 0; i < order.length; i++) {
                values[i] = value(known.ids[order[i]], real);
                counts[i] = known.counts[order[i]];
            }
            return new Exact(values, counts);
        }

        private static double value(long id, boolean real) {
            return real ? Double.longBitsToDouble(id) : (double) id;
        }

        private long countAtMost(double x) {
            long at = 0;
            for (int i = 0; i < values.length && values[i] <= x; i++) {
                at += counts[i];
            }
            return at;
        }
    }

    NumberFacts(
            boolean real,
            long count,
            long outside,
            long zeros,
            long negatives,
            long wholes,
            int decimals,
            double min,
            double max,
            PowerSums sums,
            Buckets.Sorted buckets,
            KnownValues.Sorted known,
            long @Nullable [] hours) {
        this.count = count;
        this.outside = outside;
        this.zeros = zeros;
        this.negatives = negatives;
        this.wholes = wholes;
        this.decimals = decimals;
        this.min = min;
        this.max = max;
        this.sums = sums;
        this.buckets = buckets;
        this.known = known;
        this.hours = hours;
        this.real = real;
    }

    @Override
    public void write(FieldWriter out) {
        out.whole("count", count);
        out.whole("outside", outside);
        out.whole("zeros", zeros);
        out.whole("negatives", negatives);
        out.whole("wholes", wholes);
        out.whole("decimals", decimals);
        out.reals("ends", count == 0 ? new double[0] : new double[] {min, max});
        sums.write(out);
        out.whole("level", buckets.level);
        out.ascending("buckets", buckets.keys);
        out.wholes("bucketCounts", buckets.counts);
        known.writeNumbers(out, real);
        out.wholes("hours", hours == null ? new long[0] : hours);
    }

    static NumberFacts read(FeatureType type, FieldReader in) {
        boolean real = type == FeatureType.NUMBER;
        boolean time = type == FeatureType.TIMESTAMP;
        long count = in.count("count");
        long outside = in.count("outside");
        long zeros = in.count("zeros");
        long negatives = in.count("negatives");
        long wholes = in.count("wholes");
        long decimals = in.count("decimals");
        if (decimals > Decimals.MANY) {
            throw in.problem("decimals", decimals, "0 to " + Decimals.MANY);
        }
        double[] ends = in.reals("ends");
        if (ends.length != (count == 0 ? 0 : 2) || (ends.length == 2 && !(ends[0] <= ends[1]))) {
            throw in.problem("ends", Arrays.toString(ends), "the smallest and the largest of " + count + " values");
        }
        PowerSums sums = PowerSums.read(in);
        int firstLevel = time ? NumberTally.TIME_LEVEL : NumberTally.NUMBER_LEVEL;
        long level = in.whole("level");
        if (level < firstLevel || level > 63) {
            throw in.problem("level", level, firstLevel + " to 63");
        }
        long[] keys = in.ascending("buckets");
        long[] counts = in.counts("bucketCounts", keys.length);
        if (keys.length > Buckets.MOST || Arrays.stream(counts).sum() != count) {
            throw in.problem(
                    "buckets",
                    keys.length + " of " + Arrays.stream(counts).sum() + " values",
                    "at most " + Buckets.MOST + " of " + count);
        }
        for (long key : keys) {
            if (key << level >> level != key) {
                throw in.problem("buckets", key, "at most " + (64 - level) + " bits");
            }
        }
        KnownValues.Sorted known = KnownValues.Sorted.readNumbers(in, real, time, NumberTally.MOST_KNOWN);
        long[] hours = in.wholes("hours");
        if (hours.length != (time ? NumberTally.HOURS : 0)
                || Arrays.stream(hours).anyMatch(hour -> hour < 0)) {
            throw in.problem("hours", Arrays.toString(hours), "a count for each hour of the week, for times only");
        }
        return new NumberFacts(
                real,
                count,
                outside,
                zeros,
                negatives,
                wholes,
                (int) decimals,
                count == 0 ? Double.POSITIVE_INFINITY : ends[0],
                count == 0 ? Double.NEGATIVE_INFINITY : ends[1],
                sums,
                new Buckets.Sorted((int) level, keys, counts),
                known,
                time ? hours : null);
    }

    /** All values, or null if they are not known. */
    private @Nullable Exact exact() {
        Exact made = exact;
        if (made == null && known.isComplete()) {
            made = Exact.of(known, real);
            exact = made;
        }
        return made;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long outside() {
        return outside;
    }

    /** The value of a rank from 1 to the count: exact at the ends and if all are known, else off by at most half its bucket. */
    double valueOfRank(long rank) {
        if (rank <= 1) {
            return min;
        }
        if (rank >= count) {
            return max;
        }
        Exact all = exact();
        if (all != null) {
            return all.values[Buckets.indexOfRank(all.counts, rank)];
        }
        int bucket = Buckets.indexOfRank(buckets.counts, rank);
        double low = low(buckets.keys[bucket]);
        double high = low(buckets.keys[bucket] + 1);
        double middle;
        if (hours != null) {
            middle = low + (high - low) / 2;
        } else if (low < 0) { // as far, relatively, from both ends
            middle = -between(-high, -low);
        } else {
            middle = between(low, high);
        }
        return Math.max(min, Math.min(max, middle));
    }

    /** How far a value of a rank may be from the exact one: relatively for numbers, in milliseconds for times. */
    double quantileError() {
        if (known.isComplete()) {
            return 0;
        }
        return Math.scalb(1.0, hours != null ? buckets.level - 1 : buckets.level - 53); // half a bucket
    }

    private static double between(double near, double far) {
        double end = Math.min(far, Double.MAX_VALUE);
        return near + (end - near) * (near / 2 / (near / 2 + end / 2));
    }

    private double low(long key) {
        return hours != null ? (double) (key << buckets.level) : NumberTally.number(key, buckets.level);
    }

    /** How many values are at most a number. */
    double countAtMost(double x) {
        if (x < min || count == 0) {
            return 0;
        }
        if (x >= max) {
            return count;
        }
        Exact all = exact();
        if (all != null) {
            return all.countAtMost(x);
        }
        double at = 0;
        int bucket = 0;
        while (low(buckets.keys[bucket] + 1) <= x) {
            at += buckets.counts[bucket++];
        }
        return at + countAtMost(x, bucket);
    }

    /** The same of one bucket: the values in it that are known are counted, the others spread evenly. */
    private double countAtMost(double x, int bucket) {
        double low = low(buckets.keys[bucket]);
        double high = low(buckets.keys[bucket] + 1);
        long rest = buckets.counts[bucket];
        long at = 0;
        for (int i = 0; i < known.ids.length; i++) {
            double value = Exact.value(known.ids[i], real);
            if (value >= low && value < high) {
                rest -= known.counts[i];
                at += value <= x ? known.counts[i] : 0;
            }
        }
        double from = Math.max(min, low);
        double to = Math.min(max, high);
        return x <= from ? at : at + rest * ((x - from) / (to - from));
    }
}
