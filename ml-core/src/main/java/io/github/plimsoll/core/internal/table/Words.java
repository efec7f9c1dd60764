package io.github.plimsoll.core.internal.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of text at a time, the first of them lowest. What is found is marked by the sign bit of its byte; nothing else is, whatever
 * the other bytes are (Warren, Hacker's Delight, 2nd edition, section 6-1).
 */
final class Words {

    /** The sign bit of each byte. */
    static final long SIGNS = 0x8080_8080_8080_8080L;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ZEROS = 0x3030_3030_3030_3030L;
    private static final long ONES = 0x0101_0101_0101_0101L;

    private Words() {}

    /** Eight times a byte. */
    static long of(byte b) {
        return (b & 0xFF) * ONES;
    }

    /** The bytes that are zero. */
    static long zeros(long word) {
        return ~(((word & ~SIGNS) + ~SIGNS) | word) & SIGNS;
    }

    /** The bytes from 0 to 13, among them both line breaks and the tab. */
    static long controls(long word) {
        return ~(((word & ~SIGNS) + Words.of((byte) (0x80 - 14))) | word) & SIGNS;
    }

    /** The eight bytes from a place on, of which there have to be as many. */
    static long at(byte[] bytes, int place) {
        return (long) WORDS.get(bytes, place);
    }

    /** Which byte is the first that was found. */
    static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }

    /** The first bytes, as many as stated from 1 to 8, behind as many zeros (the digit) as make it eight. */
    static long padded(long word, int count) {
        int bits = Long.SIZE - Byte.SIZE * count;
        return (word << bits) | ((ZEROS >>> 1) >>> (Long.SIZE - 1 - bits));
    }

    /** All but one byte, behind a zero (the digit) that makes up for it. */
    static long without(long word, int index) {
        int bits = Byte.SIZE * index;
        long before = word & ((1L << bits) - 1);
        long after = ((word >>> bits) >>> Byte.SIZE << Byte.SIZE) << bits;
        return after | (before << Byte.SIZE) | '0';
    }

    /** Whether all bytes are digits. */
    static boolean areDigits(long word) {
        return (((word + 0x4646_4646_4646_4646L) | (word - ZEROS)) & SIGNS) == 0;
    }

    /** The number that eight digits are: pairs, then fours, then all of them, each in one multiplication. */
    static long number(long digits) {
        long pairs = (digits - ZEROS) * 10 + ((digits - ZEROS) >>> 8);
        return (((pairs & 0x0000_00FF_0000_00FFL) * 0x000F_4240_0000_0064L)
                        + (((pairs >>> 16) & 0x0000_00FF_0000_00FFL) * 0x0000_2710_0000_0001L))
                >>> 32;
    }
}
