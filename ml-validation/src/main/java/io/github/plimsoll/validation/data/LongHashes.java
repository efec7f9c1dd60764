package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;

/**
 * A set of 64-bit hashes, up to a limit. Two values that differ have the same hash in one case of 2<sup>64</sup>: among four
 * million values, a false repeat is there with a chance of less than one in a million.
 */
final class LongHashes {

    static final int MOST = 1 << 22;

    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;

    private long[] table = new long[1 << 4]; // 0 is free; a hash of 0 is held as SEED
    private int size;
    private boolean full;

    /** Adds a hash; false if it was there, or if there is no more room and nothing can be told. */
    boolean add(long hash) {
        long value = hash == 0 ? SEED : hash;
        int mask = table.length - 1;
        int slot = (int) (value ^ (value >>> 32)) & mask;
        while (table[slot] != 0) {
            if (table[slot] == value) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        if (size == MOST) {
            full = true;
            return true;
        }
        table[slot] = value;
        if (++size * 2 > table.length) {
            grow();
        }
        return true;
    }

    private void grow() {
        long[] old = table;
        table = new long[old.length * 2];
        int mask = table.length - 1;
        for (long value : old) {
            if (value != 0) {
                int slot = (int) (value ^ (value >>> 32)) & mask;
                while (table[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                table[slot] = value;
            }
        }
    }

    int size() {
        return size;
    }

    /** Whether there were more different hashes than there is room for. */
    boolean isFull() {
        return full;
    }

    // ---- hashing --------------------------------------------------------------------------------------------------

    /** The hash of one value of a row; rows with equal values have equal hashes, null being a value like others. */
    static long of(FeatureRow row, int index) {
        if (row.isNull(index) || row.isInvalid(index)) {
            return mix(row.isNull(index) ? 1 : 2);
        }
        FeatureType type = row.features().get(index).type();
        return switch (type) {
            case NUMBER -> mix(Double.doubleToLongBits(row.number(index)) + 3);
            case INTEGER, BOOLEAN, TIMESTAMP -> mix(row.integer(index) + 3);
            case CATEGORY, TEXT -> of(String.valueOf(row.text(index)));
            case TENSOR -> {
                long hash = SEED;
                for (int e = 0; e < row.tensorLength(index); e++) {
                    hash = with(hash, mix(Double.doubleToLongBits(row.tensorElement(index, e))));
                }
                yield hash;
            }
        };
    }

    /** The hash of the values of some columns of a row. */
    static long of(FeatureRow row, int[] indexes) {
        long hash = 0;
        for (int index : indexes) {
            hash = with(hash, of(row, index));
        }
        return hash;
    }

    /** The hash of a text. */
    static long of(String text) {
        long hash = SEED + text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
        }
        return mix(hash);
    }

    /** The hash of a sequence with one more hash at its end. */
    static long with(long hash, long next) {
        return mix(hash * 31 + next);
    }

    /** A finaliser that spreads every bit over all others (Stafford's thirteenth variant, as in SplitMix64). */
    private static long mix(long bits) {
        long z = bits;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
