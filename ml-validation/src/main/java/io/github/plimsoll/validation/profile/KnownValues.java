package io.github.plimsoll.validation.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Exact counts of the values with the lowest ranks, up to a number of them, and once there are more values than that, an estimate of
 * how many there are. A rank belongs to a value, not to its place in the table: a value that is among the lowest ranks of all was
 * among the lowest of every part, so it was never left out, its count is exact, and parts that are merged in any order end alike.
 */
final class KnownValues {

    private final int most;
    private long[] ids = new long[16];
    private long[] ranks = new long[16]; // unsigned
    private long[] counts = new long[16]; // 0 for a free slot
    private @Nullable String @Nullable [] names;
    private int shift = shift(16); // of a hash's highest bits to a slot
    private int size;
    private @Nullable DistinctCount distinct; // of all values; there as soon as there are more than most
    private @Nullable Majorities rest; // of all texts that are not known
    private long limit = -1; // the highest rank that may still be among the lowest

    KnownValues(int most, boolean named) {
        this.most = most;
        names = named ? new @Nullable String[16] : null;
    }

    private static int shift(int slots) {
        return Long.numberOfLeadingZeros(slots) + 1;
    }

    private int slot(long id) {
        int mask = ids.length - 1;
        int slot = (int) ((id * 0x9E37_79B9_7F4A_7C15L) >>> shift);
        while (counts[slot] != 0 && ids[slot] != id) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Counts a value that is known already; false if it is not. */
    boolean count(long id, long more) {
        int slot = slot(id);
        if (counts[slot] == 0) {
            return false;
        }
        counts[slot] += more;
        return true;
    }

    /** The highest rank that has a chance to be among the lowest. */
    long limit() {
        return limit;
    }

    /** Takes notice of a value that is not known and that has a rank beyond the {@link #limit}. */
    void refuse(long id) {
        DistinctCount all = distinct;
        if (all != null) {
            all.add(mix(id));
        }
    }

    /** Adds a value that is not known. */
    void add(long id, long rank, long count, @Nullable String name) {
        DistinctCount all = distinct;
        if (all != null) {
            all.add(mix(id));
            if (refuses(rank)) {
                drop(id, count, name);
                return;
            }
        }
        insert(id, rank, count, name);
        if (all == null && size > most) {
            distinct = distinctOfKnown();
        }
        if (size >= 2 * most) {
            keepLowest();
        } else if (size * 2 > ids.length) {
            rehash(ids.length * 2);
        }
    }

    private boolean refuses(long rank) {
        return Long.compareUnsigned(rank, limit) > 0;
    }

    private void insert(long id, long rank, long count, @Nullable String name) {
        int slot = slot(id);
        ids[slot] = id;
        ranks[slot] = rank;
        counts[slot] = count;
        if (names != null) {
            names[slot] = name;
        }
        size++;
    }

    private void drop(long id, long count, @Nullable String name) {
        if (name != null) {
            Majorities dropped = rest;
            if (dropped == null) {
                dropped = new Majorities();
                rest = dropped;
            }
            dropped.add(id, name, count);
        }
    }

    private DistinctCount distinctOfKnown() {
        DistinctCount all = new DistinctCount();
        for (int i = 0; i < ids.length; i++) {
            if (counts[i] != 0) {
                all.add(mix(ids[i]));
            }
        }
        return all;
    }

    /** Drops what is not among the lowest: rarely, since half of the room becomes free each time. */
    private void keepLowest() {
        if (size > most) {
            long[] sorted = new long[size];
            int n = 0;
            for (int i = 0; i < ids.length; i++) {
                if (counts[i] != 0) {
                    sorted[n++] = ranks[i] ^ Long.MIN_VALUE;
                }
            }
            Arrays.sort(sorted);
            limit = sorted[most - 1] ^ Long.MIN_VALUE;
            rehash(ids.length);
        }
    }

    private void rehash(int slots) {
        long[] oldIds = ids;
        long[] oldRanks = ranks;
        long[] oldCounts = counts;
        @Nullable String[] oldNames = names;
        ids = new long[slots];
        shift = shift(slots);
        ranks = new long[slots];
        counts = new long[slots];
        names = oldNames == null ? null : new @Nullable String[slots];
        size = 0;
        for (int i = 0; i < oldIds.length; i++) {
            if (oldCounts[i] != 0) {
                String name = oldNames == null ? null : oldNames[i];
                if (refuses(oldRanks[i])) {
                    drop(oldIds[i], oldCounts[i], name);
                } else {
                    insert(oldIds[i], oldRanks[i], oldCounts[i], name);
                }
            }
        }
    }

    void add(Sorted other) {
        DistinctCount theirs = other.distinct;
        if (theirs != null) {
            DistinctCount mine = distinct;
            if (mine == null) {
                mine = distinctOfKnown();
                distinct = mine;
            }
            mine.add(theirs);
            long theirLimit = other.ranks[other.ranks.length - 1];
            if (Long.compareUnsigned(theirLimit, limit) < 0) {
                limit = theirLimit;
                rehash(ids.length);
            }
        }
        if (other.rest != null) {
            Majorities dropped = rest;
            if (dropped == null) {
                rest = other.rest.copy();
            } else {
                dropped.add(other.rest);
            }
        }
        for (int i = 0; i < other.ids.length; i++) {
            if (refuses(other.ranks[i]) && theirs != null && names == null) {
                return; // and all that follow; as different values they have been counted
            }
            if (!count(other.ids[i], other.counts[i])) {
                add(other.ids[i], other.ranks[i], other.counts[i], other.names == null ? null : other.names[i]);
            }
        }
    }

    Sorted sorted() {
        keepLowest();
        Integer[] order = new Integer[size];
        int n = 0;
        for (int i = 0; i < ids.length; i++) {
            if (counts[i] != 0) {
                order[n++] = i;
            }
        }
        Arrays.sort(order, (a, b) -> {
            int byRank = Long.compareUnsigned(ranks[a], ranks[b]);
            return byRank != 0 ? byRank : Long.compare(ids[a], ids[b]);
        });
        DistinctCount all = distinct;
        Majorities dropped = rest;
        Sorted sorted = new Sorted(
                all == null ? null : all.copy(),
                dropped == null ? null : dropped.copy(),
                new long[n],
                new long[n],
                new long[n],
                names == null ? null : new String[n]);
        for (int i = 0; i < n; i++) {
            sorted.ids[i] = ids[order[i]];
            sorted.ranks[i] = ranks[order[i]];
            sorted.counts[i] = counts[order[i]];
            if (sorted.names != null && names != null) {
                sorted.names[i] = String.valueOf(names[order[i]]);
            }
        }
        return sorted;
    }

    static long mix(long bits) {
        return Mixer.mix(bits);
    }

    /** Values in the order of their ranks. Immutable by convention. */
    static final class Sorted {

        static final Sorted NO_TEXTS = new Sorted(null, null, new long[0], new long[0], new long[0], new String[0]);
        static final Sorted NONE = new Sorted(null, null, new long[0], new long[0], new long[0], null);

        final @Nullable DistinctCount distinct;
        final @Nullable Majorities rest;
        final long[] ids;
        final long[] ranks;
        final long[] counts;
        final String @Nullable [] names;

        Sorted(
                @Nullable DistinctCount distinct,
                @Nullable Majorities rest,
                long[] ids,
                long[] ranks,
                long[] counts,
                String @Nullable [] names) {
            this.distinct = distinct;
            this.rest = rest;
            this.ids = ids;
            this.ranks = ranks;
            this.counts = counts;
            this.names = names;
        }

        boolean isEmpty() {
            return ids.length == 0;
        }

        // ---- form ---------------------------------------------------------------------------------------------------

        void writeTexts(FieldWriter out) {
            out.texts("values", names == null ? List.of() : List.of(names));
            List<Long> shortened = new ArrayList<>();
            for (int i = 0; names != null && i < ids.length; i++) {
                if (ids[i] != WordTally.id(names[i])) {
                    shortened.add(ids[i]);
                }
            }
            out.wholes(
                    "shortened", shortened.stream().mapToLong(Long::longValue).toArray());
            out.wholes("counts", counts);
            writeDistinct(out);
            out.wholes("rest", rest == null ? new long[0] : rest.counts());
        }

        static Sorted readTexts(FieldReader in, int most) {
            String[] names = in.texts("values").toArray(String[]::new);
            long[] shortened = in.wholes("shortened");
            long[] counts = in.counts("counts", names.length);
            long[] ids = new long[names.length];
            long[] ranks = new long[names.length];
            int next = 0;
            for (int i = 0; i < ids.length; i++) {
                boolean isShortened = WordTally.isShortened(names[i]) && next < shortened.length;
                ids[i] = isShortened ? shortened[next++] : WordTally.id(names[i]);
                ranks[i] = mix(ids[i]);
            }
            if (next < shortened.length) {
                throw in.problem("shortened", shortened.length + " texts", "" + next);
            }
            DistinctCount distinct = readDistinct(in);
            long[] rest = in.wholes("rest");
            if (rest.length != (distinct == null ? 0 : Majorities.SIZE)) {
                throw in.problem(
                        "rest", rest.length + " numbers", distinct == null ? "none" : Majorities.SIZE + " of them");
            }
            Majorities majorities = distinct == null ? null : new Majorities(rest);
            return checked(in, most, new Sorted(distinct, majorities, ids, ranks, counts, names));
        }

        void writeNumbers(FieldWriter out, boolean real) {
            if (real) {
                out.reals(
                        "values",
                        Arrays.stream(ids).mapToDouble(Double::longBitsToDouble).toArray());
            } else {
                out.wholes("values", ids);
            }
            out.wholes("counts", counts);
            writeDistinct(out);
        }

        static Sorted readNumbers(FieldReader in, boolean real, boolean time, int most) {
            long[] ids;
            if (real) {
                double[] values = in.reals("values");
                for (double value : values) {
                    if (!Double.isFinite(value)) {
                        throw in.problem("values", value, "finite numbers");
                    }
                }
                ids = Arrays.stream(values)
                        .mapToLong(Double::doubleToRawLongBits)
                        .toArray();
            } else {
                ids = in.wholes("values");
            }
            long[] counts = in.counts("counts", ids.length);
            long[] ranks = Arrays.stream(ids)
                    .map(id -> NumberTally.rank(id, real, time))
                    .toArray();
            return checked(in, most, new Sorted(readDistinct(in), null, ids, ranks, counts, null));
        }

        private static Sorted checked(FieldReader in, int most, Sorted read) {
            int size = read.ids.length;
            if (size > most || (read.distinct != null && size < most)) {
                throw in.problem("values", size, read.distinct == null ? "at most " + most : most + " of them");
            }
            for (int i = 1; i < size; i++) {
                if (Long.compareUnsigned(read.ranks[i - 1], read.ranks[i]) >= 0) {
                    throw in.problem(
                            "values", "value " + i + " is not in its place", "values in the order of their ranks");
                }
            }
            return read;
        }

        private void writeDistinct(FieldWriter out) {
            out.bytes("registers", distinct == null ? new byte[0] : distinct.registers());
        }

        private static @Nullable DistinctCount readDistinct(FieldReader in) {
            byte[] registers = in.bytes("registers");
            if (registers.length == 0) {
                return null;
            }
            if (registers.length != DistinctCount.REGISTERS) {
                throw in.problem("registers", registers.length, "0 or " + DistinctCount.REGISTERS);
            }
            for (byte register : registers) {
                if (register < 0 || register > DistinctCount.MOST_RANK) {
                    throw in.problem("registers", register, "0 to " + DistinctCount.MOST_RANK);
                }
            }
            return DistinctCount.of(registers);
        }

        /** Whether all values are here. */
        boolean isComplete() {
            return distinct == null;
        }

        /** The known values' names and counts, with those of the others that were found to be frequent. */
        List<ValueCount> frequent(LongFunction<String> shown) {
            List<ValueCount> frequent = new ArrayList<>();
            for (int i = 0; i < ids.length; i++) {
                frequent.add(new ValueCount(names == null ? shown.apply(ids[i]) : names[i], counts[i]));
            }
            if (rest != null) {
                frequent.addAll(rest.found());
            }
            frequent.sort(Comparator.comparingLong(ValueCount::count).reversed().thenComparing(ValueCount::value));
            return List.copyOf(frequent);
        }

        long distinct() {
            return distinct == null ? ids.length : Math.max(ids.length + 1L, Math.round(distinct.estimate()));
        }
    }
}
