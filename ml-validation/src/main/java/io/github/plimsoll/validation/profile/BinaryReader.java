package io.github.plimsoll.validation.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads the compact form. No length is believed that the bytes left could not hold. */
final class BinaryReader implements FieldReader {

    private final byte[] bytes;
    private final int end;
    private int at;

    BinaryReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.end = end;
        at = from;
    }

    @Override
    public ProfileException problem(String key, Object found, String expected) {
        return new ProfileException(
                "profile, byte " + at + ", " + key + ": " + found + " (expected: " + expected + ")", null);
    }

    private int take(String key) {
        if (at == end) {
            throw problem(key, "no more bytes", "a complete profile");
        }
        return bytes[at++] & 0xff;
    }

    private long varint(String key) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = take(key);
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw problem(key, "a number of more than 64 bits", "fewer");
    }

    private int length(String key, int bytesEach) {
        long length = varint(key);
        if (length < 0 || length > (end - at) / bytesEach) {
            throw problem(key, length + " elements", "as many as " + (end - at) + " bytes can hold");
        }
        return (int) length;
    }

    @Override
    public long whole(String key) {
        return varint(key);
    }

    @Override
    public boolean flag(String key) {
        int value = take(key);
        if (value > 1) {
            throw problem(key, value, "0 or 1");
        }
        return value == 1;
    }

    private double real(String key) {
        long bits = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            bits |= (long) take(key) << shift;
        }
        return Double.longBitsToDouble(bits);
    }

    @Override
    public String text(String key) {
        char[] chars = new char[length(key, 1)];
        for (int i = 0; i < chars.length; i++) {
            long value = varint(key);
            if (value < 0 || value > Character.MAX_VALUE) {
                throw problem(key, value, "a character");
            }
            chars[i] = (char) value;
        }
        return new String(chars);
    }

    @Override
    public long[] wholes(String key) {
        long[] values = new long[length(key, 1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = varint(key);
        }
        return values;
    }

    @Override
    public long[] ascending(String key) {
        long[] values = new long[length(key, 1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = varint(key) + (i == 0 ? 0 : values[i - 1]);
            if (i > 0 && values[i] <= values[i - 1]) {
                throw problem(key, values[i] + " after " + values[i - 1], "ascending numbers");
            }
        }
        return values;
    }

    @Override
    public double[] reals(String key) {
        double[] values = new double[length(key, 8)];
        for (int i = 0; i < values.length; i++) {
            values[i] = real(key);
        }
        return values;
    }

    @Override
    public List<String> texts(String key) {
        int length = length(key, 1);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            texts.add(text(key));
        }
        return texts;
    }

    @Override
    public byte[] bytes(String key) {
        byte[] value = new byte[length(key, 1)];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) take(key);
        }
        return value;
    }

    @Override
    public <T> List<T> objects(String key, Function<FieldReader, T> read) {
        int length = length(key, 1);
        List<T> objects = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            objects.add(read.apply(this));
        }
        return objects;
    }

    /** That nothing is left. */
    void end() {
        if (at != end) {
            throw problem("end", (end - at) + " more bytes", "none");
        }
    }
}
