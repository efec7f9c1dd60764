package io.github.plimsoll.monitoring.drift;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes one of the binary forms: four letters, a version, the content, and a checksum of all of it. Whole numbers take seven
 * bits a byte, zeros in a row are counted; the same content gives the same bytes. Not thread-safe.
 */
final class FormWriter {

    static final int VERSION = 1;
    static final int HEAD = 5;
    static final int CHECKSUM = 4;

    private static final int FEW = 256;
    private static final int MOST_OF_WHOLE = 10;
    private static final int SEVEN_BITS = 0x7F;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[FEW];
    private int size;

    FormWriter(String letters) {
        raw(letters.getBytes(StandardCharsets.US_ASCII));
        room(1);
        bytes[size++] = VERSION;
    }

    /** Makes room for so many bytes more. */
    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * size, Integer.MAX_VALUE - FEW)));
        }
    }

    /** All that was written, with its checksum. */
    byte[] finish() {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, size);
        int sum = (int) checksum.getValue();
        byte[] form = Arrays.copyOf(bytes, size + CHECKSUM);
        ByteBuffer.wrap(form).putInt(size, sum);
        return form;
    }

    FormWriter raw(byte[] some) {
        room(some.length);
        System.arraycopy(some, 0, bytes, size, some.length);
        size += some.length;
        return this;
    }

    /** 64 bits as a number without a sign. */
    FormWriter whole(long value) {
        room(MOST_OF_WHOLE);
        long rest = value;
        while ((rest & ~SEVEN_BITS) != 0) {
            bytes[size++] = (byte) (rest | ~SEVEN_BITS);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** A whole number that may be negative. */
    FormWriter signed(long value) {
        return whole((value << 1) ^ (value >> 63));
    }

    FormWriter flag(boolean value) {
        room(1);
        bytes[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    FormWriter number(double value) {
        room(Double.BYTES);
        LONGS.set(bytes, size, Double.doubleToRawLongBits(value));
        size += Double.BYTES;
        return this;
    }

    FormWriter text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return whole(encoded.length).raw(encoded);
    }

    FormWriter part(byte[] part) {
        return whole(part.length).raw(part);
    }

    FormWriter numbers(double[] values) {
        whole(values.length);
        for (double value : values) {
            number(value);
        }
        return this;
    }

    FormWriter integers(int[] values) {
        whole(values.length);
        for (int value : values) {
            signed(value);
        }
        return this;
    }

    /** Counts that are mostly zero or small. */
    FormWriter counts(long[] counts) {
        whole(counts.length);
        int at = 0;
        while (at < counts.length) {
            whole(counts[at]);
            int next = at + 1;
            if (counts[at] == 0) {
                while (next < counts.length && counts[next] == 0) {
                    next++;
                }
                whole(next - at - 1);
            }
            at = next;
        }
        return this;
    }
}
