package io.github.plimsoll.monitoring.drift;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Writes one of the binary forms: four letters, a version, the content, and a checksum of all of it. Whole numbers take seven
 * bits a byte, zeros in a row are counted; the same content gives the same bytes. Not thread-safe.
 */
final class FormWriter {

    static final int VERSION = 1;
    static final int HEAD = 5;
    static final int CHECKSUM = 4;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    FormWriter(String letters) {
        raw(letters.getBytes(StandardCharsets.US_ASCII));
        bytes.write(VERSION);
    }

    /** All that was written, with its checksum. */
    byte[] finish() {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.toByteArray());
        raw(ByteBuffer.allocate(CHECKSUM).putInt((int) checksum.getValue()).array());
        return bytes.toByteArray();
    }

    FormWriter raw(byte[] some) {
        bytes.write(some, 0, some.length);
        return this;
    }

    /** 64 bits as a number without a sign. */
    FormWriter whole(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return this;
    }

    /** A whole number that may be negative. */
    FormWriter signed(long value) {
        return whole((value << 1) ^ (value >> 63));
    }

    FormWriter flag(boolean value) {
        bytes.write(value ? 1 : 0);
        return this;
    }

    FormWriter number(double value) {
        return raw(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
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
