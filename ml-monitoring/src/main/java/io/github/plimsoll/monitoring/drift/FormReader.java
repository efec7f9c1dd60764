package io.github.plimsoll.monitoring.drift;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Reads what {@link FormWriter} wrote. Whatever the bytes are, it takes no more memory than a small multiple of their number,
 * but for counts, whose number the reader of a form has to know.
 */
final class FormReader {

    private static final long MOST = 1L << 40;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final String what;
    private final byte[] bytes;
    private final int end;
    private int at = FormWriter.HEAD;

    private FormReader(String what, byte[] form) {
        this.what = what;
        bytes = form;
        end = form.length - FormWriter.CHECKSUM;
    }

    /** Moves on by so many bytes; tells where these begin. */
    private int pass(int length) {
        if (length > end - at) {
            throw new BufferUnderflowException();
        }
        at += length;
        return at - length;
    }

    /**
     * Reads a whole form.
     *
     * @throws DriftFormatException if the bytes are not one, or the content contradicts itself
     */
    static <T> T read(String what, String letters, byte[] form, Function<FormReader, T> content) {
        return readHead(what, letters, form, in -> {
            T read = content.apply(in);
            if (in.at < in.end) {
                throw in.wrong("content", in.end - in.at + " bytes too many");
            }
            return read;
        });
    }

    /** Reads what a form begins with. */
    static <T> T readHead(String what, String letters, byte[] form, Function<FormReader, T> content) {
        byte[] expected = letters.getBytes(StandardCharsets.US_ASCII);
        if (form.length < FormWriter.HEAD + FormWriter.CHECKSUM
                || !Arrays.equals(form, 0, expected.length, expected, 0, expected.length)) {
            throw new DriftFormatException(
                    what + ": not a " + what + " (expected: bytes that begin with " + letters + ")", null);
        }
        if (form[expected.length] != FormWriter.VERSION) {
            throw new DriftFormatException(
                    what + ": version " + form[expected.length] + " (expected: " + FormWriter.VERSION + ")", null);
        }
        int body = form.length - FormWriter.CHECKSUM;
        CRC32C checksum = new CRC32C();
        checksum.update(form, 0, body);
        if ((int) checksum.getValue() != ByteBuffer.wrap(form).getInt(body)) {
            throw new DriftFormatException(
                    what + ": damaged (expected: a checksum of 0x" + Long.toHexString(checksum.getValue()) + ")", null);
        }
        FormReader reader = new FormReader(what, form);
        try {
            return content.apply(reader);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException damage) {
            throw new DriftFormatException(what + ": ends too early or contradicts itself", damage);
        }
    }

    DriftFormatException wrong(String where, String found) {
        return new DriftFormatException(what + ": " + where + ": " + found, null);
    }

    byte[] raw(int length) {
        int from = pass(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    long whole() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = bytes[pass(1)];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw wrong("number", "more than ten bytes");
    }

    /** A whole number from 0 to a limit. */
    int whole(int most) {
        long value = whole();
        if (value < 0 || value > most) {
            throw wrong("number", Long.toUnsignedString(value) + " (expected: 0 to " + most + ")");
        }
        return (int) value;
    }

    /** A count: not negative, and not so large that sums overflow or tails are without end. */
    long count() {
        long value = whole();
        if (value < 0 || value > MOST) {
            throw wrong("count", Long.toUnsignedString(value) + " (expected: 0 to " + MOST + ")");
        }
        return value;
    }

    long signed() {
        long value = whole();
        return (value >>> 1) ^ -(value & 1);
    }

    boolean flag() {
        return bytes[pass(1)] != 0;
    }

    double number() {
        return Double.longBitsToDouble((long) LONGS.get(bytes, pass(Double.BYTES)));
    }

    /** The number of things that follow, of which each takes at least some bytes. */
    int length(int bytesOfEach) {
        return whole((end - at) / bytesOfEach);
    }

    String text() {
        return new String(raw(length(1)), StandardCharsets.UTF_8);
    }

    byte[] part() {
        return raw(length(1));
    }

    double[] numbers() {
        double[] values = new double[length(Double.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = number();
        }
        return values;
    }

    int[] integers() {
        int[] values = new int[length(1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.toIntExact(signed());
        }
        return values;
    }

    /** So many counts. */
    long[] counts(int expected) {
        if (whole(Integer.MAX_VALUE) != expected) {
            throw wrong("counts", "of another number (expected: " + expected + ")");
        }
        long[] counts = new long[expected];
        int at = 0;
        while (at < expected) {
            counts[at] = count();
            at += counts[at] == 0 ? 1 + whole(expected - at - 1) : 1;
        }
        return counts;
    }
}
