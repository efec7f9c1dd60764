package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.internal.Shown;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code tar} writes today: ustar headers, GNU long names and pax paths; regular files and folders only. A link
 * or a device is refused. Used once.
 */
final class TarReader {

    private static final int BLOCK = 512;
    private static final int LONGEST_HEADER = 1 << 16;

    private final InputStream in;
    private final Unpacking to;

    TarReader(InputStream in, Unpacking to) {
        this.in = in;
        this.to = to;
    }

    void read() throws IOException {
        String longName = null;
        for (byte[] header = header(); header != null; header = header()) {
            long size = size(header);
            char type = (char) (header[156] & 0xFF);
            switch (type) {
                case 'L' -> longName = text(content(size));
                case 'x' -> {
                    String path = paxPath(content(size));
                    longName = path == null ? longName : path;
                }
                case 'g' -> content(size);
                case '0', '\0', '5' -> {
                    String name = longName == null ? name(header) : longName;
                    longName = null;
                    Entry entry = new Entry(size);
                    if (type == '5' || name.endsWith("/")) {
                        to.folder(name.endsWith("/") ? name : name + "/");
                    } else {
                        to.file(name, entry);
                    }
                    entry.finish();
                    skip((BLOCK - size % BLOCK) % BLOCK);
                }
                default ->
                    throw to.refused(
                            "entry '" + Shown.text(name(header)) + "' is of type '" + Shown.text("" + type) + "'",
                            "files and folders only");
            }
        }
    }

    private byte @Nullable [] header() throws IOException {
        byte[] header = in.readNBytes(BLOCK);
        if (header.length == 0) {
            return null;
        }
        if (header.length < BLOCK) {
            throw new EOFException("a tar header is cut short");
        }
        to.count(BLOCK);
        long sum = 0;
        boolean zero = true;
        for (int i = 0; i < BLOCK; i++) {
            zero &= header[i] == 0;
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
        }
        if (zero) {
            return null; // the end mark; what follows is padding
        }
        if (sum != octal(header, 148, 8)) {
            throw new IOException("a tar header has a wrong checksum");
        }
        return header;
    }

    private static long size(byte[] header) throws IOException {
        return octal(header, 124, 12);
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        long value = 0;
        boolean digits = false;
        for (int i = from; i < from + length; i++) {
            int c = header[i];
            if (c >= '0' && c <= '7') {
                value = value * 8 + c - '0'; // at most 12 digits
                digits = true;
            } else if ((c == ' ' || c == 0) && digits) {
                break;
            } else if (c != ' ' && c != 0) {
                throw new IOException("a tar header has a number that is not octal");
            }
        }
        return value;
    }

    private static String name(byte[] header) {
        String name = text(header, 0, 100);
        boolean ustar = text(header, 257, 5).equals("ustar") && header[262] == 0; // GNU's own form has a space there
        String prefix = ustar ? text(header, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] bytes) {
        return text(bytes, 0, bytes.length);
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    private byte[] content(long size) throws IOException {
        if (size > LONGEST_HEADER) {
            throw new IOException("a tar header of " + size + " bytes");
        }
        byte[] content = in.readNBytes((int) size);
        if (content.length < size) {
            throw new EOFException("a tar header is cut short");
        }
        to.count(size);
        skip((BLOCK - size % BLOCK) % BLOCK);
        return content;
    }

    /** The path of a pax header: records of the form {@code "length key=value\n"}. */
    private static @Nullable String paxPath(byte[] content) throws IOException {
        String path = null;
        int at = 0;
        while (at < content.length) {
            int space = at;
            long length = 0;
            while (space < content.length && content[space] >= '0' && content[space] <= '9' && space - at < 7) {
                length = length * 10 + content[space++] - '0';
            }
            if (space == at
                    || space >= content.length
                    || content[space] != ' '
                    || length <= space - at + 1
                    || at + length > content.length) {
                throw new IOException("a pax header is malformed");
            }
            String entry = new String(content, space + 1, (int) (at + length - space - 2), StandardCharsets.UTF_8);
            if (entry.startsWith("path=")) {
                path = entry.substring("path=".length());
            } else if (entry.startsWith("size=")) {
                throw new IOException("a file of 8 GiB or more");
            }
            at += (int) length;
        }
        return path;
    }

    private void skip(long bytes) throws IOException {
        if (in.readNBytes((int) bytes).length < bytes) {
            throw new EOFException("the tar is cut short");
        }
    }

    /** The content of one entry. */
    private final class Entry extends InputStream {
        private long left;

        private Entry(long size) {
            left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("the tar is cut short");
            }
            left -= read;
            return read;
        }

        private void finish() throws IOException {
            if (left > 0) {
                throw new IOException("a folder in the tar has content");
            }
        }
    }
}
