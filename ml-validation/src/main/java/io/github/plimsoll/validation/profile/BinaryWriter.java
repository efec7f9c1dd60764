package io.github.plimsoll.validation.profile;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** The compact form: no keys, whole numbers with as many bytes as they need. */
final class BinaryWriter implements FieldWriter {

    private byte[] bytes = new byte[256];
    private int size;

    private void put(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = (byte) value;
    }

    /** Seven bits a byte, the lowest first; small numbers of either sign are short. */
    private void varint(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            put(((int) rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        put((int) rest);
    }

    private void fixed(long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            put((int) (value >>> shift));
        }
    }

    @Override
    public void whole(String key, long value) {
        varint(value);
    }

    @Override
    public void flag(String key, boolean value) {
        put(value ? 1 : 0);
    }

    @Override
    public void text(String key, String value) {
        varint(value.length());
        for (int i = 0; i < value.length(); i++) {
            varint(value.charAt(i)); // not UTF-8, which has no form for half of a surrogate pair
        }
    }

    @Override
    public void wholes(String key, long[] values) {
        varint(values.length);
        for (long value : values) {
            varint(value);
        }
    }

    @Override
    public void ascending(String key, long[] values) {
        varint(values.length);
        long before = 0;
        for (long value : values) {
            varint(value - before);
            before = value;
        }
    }

    @Override
    public void reals(String key, double[] values) {
        varint(values.length);
        for (double value : values) {
            fixed(Double.doubleToLongBits(value));
        }
    }

    @Override
    public void texts(String key, List<String> values) {
        varint(values.size());
        values.forEach(value -> text(key, value));
    }

    @Override
    public void bytes(String key, byte[] value) {
        varint(value.length);
        for (byte each : value) {
            put(each);
        }
    }

    @Override
    public <T> void objects(String key, List<T> objects, BiConsumer<? super T, FieldWriter> write) {
        varint(objects.size());
        objects.forEach(object -> write.accept(object, this));
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
