package io.github.plimsoll.core.internal.booster;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads Universal Binary JSON, value by value, without building anything. Lengths are believed only as far as there are bytes, and
 * nesting ends at {@value #MAX_DEPTH}.
 */
final class UbjsonReader {

    /** Told what is read, in order. */
    interface Events {
        void beginObject();

        void endObject();

        /** An array, with the type that all its elements have, or 0 where each has its own. */
        void beginArray(char type);

        void endArray();

        void key(String name);

        void text(String value);

        void number(double value);
    }

    static final int MAX_DEPTH = 64;
    private static final int MAX_KEY = 1024;

    private final ByteBuffer bytes; // big-endian, as the format is
    private final Events events;

    private UbjsonReader(byte[] bytes, Events events) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.events = events;
    }

    /** Reads one value that fills the bytes. */
    static void read(byte[] bytes, Events events) throws IOException {
        UbjsonReader reader = new UbjsonReader(bytes, events);
        try {
            reader.value(reader.marker(), 0);
        } catch (BufferUnderflowException e) {
            throw new IOException("ends in the middle, after " + bytes.length + " bytes", e);
        }
        if (reader.bytes.hasRemaining()) {
            throw new IOException("goes on after its end, at byte " + reader.bytes.position());
        }
    }

    private char marker() {
        char marker;
        do {
            marker = (char) (bytes.get() & 0xFF);
        } while (marker == 'N'); // no-op
        return marker;
    }

    private void value(char marker, int depth) throws IOException {
        switch (marker) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case 'S', 'H' -> events.text(string(length()));
            case 'C' -> events.text(string(1));
            default -> scalar(marker);
        }
    }

    private void scalar(char marker) throws IOException {
        switch (marker) {
            case 'i' -> events.number(bytes.get());
            case 'U' -> events.number(bytes.get() & 0xFF);
            case 'I' -> events.number(bytes.getShort());
            case 'l' -> events.number(bytes.getInt());
            case 'L' -> events.number((double) bytes.getLong());
            case 'd' -> events.number(bytes.getFloat());
            case 'D' -> events.number(bytes.getDouble());
            case 'T' -> events.number(1);
            case 'F' -> events.number(0);
            case 'Z' -> events.number(Double.NaN);
            default -> throw new IOException("no value begins with byte " + (int) marker + ", at " + bytes.position());
        }
    }

    private void object(int depth) throws IOException {
        check(depth);
        events.beginObject();
        for (; ; ) {
            char next = marker();
            if (next == '}') {
                break;
            }
            int length = length(next);
            if (length > MAX_KEY) {
                throw new IOException("a name of " + length + " bytes, at " + bytes.position());
            }
            events.key(string(length));
            value(marker(), depth);
        }
        events.endObject();
    }

    private void array(int depth) throws IOException {
        check(depth);
        char next = marker();
        char type = 0;
        if (next == '$') {
            type = (char) (bytes.get() & 0xFF);
            next = marker();
            if (next != '#' || "iUIlLdD".indexOf(type) < 0) {
                throw new IOException("an array of type " + (int) type + " without a count, at " + bytes.position());
            }
        }
        events.beginArray(type);
        if (next == '#') {
            int count = length();
            for (int i = 0; i < count; i++) {
                if (type == 0) {
                    value(marker(), depth);
                } else {
                    scalar(type);
                }
            }
        } else {
            for (; next != ']'; next = marker()) {
                value(next, depth);
            }
        }
        events.endArray();
    }

    private void check(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("more than " + MAX_DEPTH + " levels, at byte " + bytes.position());
        }
    }

    private int length() throws IOException {
        return length(marker());
    }

    private int length(char marker) throws IOException {
        long length = switch (marker) {
            case 'i' -> bytes.get();
            case 'U' -> bytes.get() & 0xFF;
            case 'I' -> bytes.getShort();
            case 'l' -> bytes.getInt();
            case 'L' -> bytes.getLong();
            default -> throw new IOException("no length begins with byte " + (int) marker + ", at " + bytes.position());
        };
        // Whatever is counted takes at least a byte each.
        if (length < 0 || length > bytes.remaining()) {
            throw new IOException(
                    "a length of " + length + " with " + bytes.remaining() + " bytes left, at " + bytes.position());
        }
        return (int) length;
    }

    private String string(int length) {
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        String text = new String(bytes.array(), bytes.position(), length, StandardCharsets.UTF_8);
        bytes.position(bytes.position() + length);
        return text;
    }
}
