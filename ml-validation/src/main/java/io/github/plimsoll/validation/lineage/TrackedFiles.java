package io.github.plimsoll.validation.lineage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A file, or the files of a folder, hashed as DVC does. */
final class TrackedFiles {

    private static final int PROBE = 512; // bytes by which a text is told from other files

    private final Path data;
    private final Map<String, Path>
            files; // by their paths with slashes, in the order of these; empty for a single file
    private final long bytes;

    private TrackedFiles(Path data, Map<String, Path> files, long bytes) {
        this.data = data;
        this.files = files;
        this.bytes = bytes;
    }

    static TrackedFiles at(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            return new TrackedFiles(data, Map.of(), Files.size(data));
        }
        Map<String, Path> files = new TreeMap<>();
        long bytes = 0;
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(data.relativize(file).toString().replace('\\', '/'), file);
                bytes += Files.size(file);
            }
        }
        return new TrackedFiles(data, files, bytes);
    }

    int count() {
        return files.isEmpty() ? 1 : files.size();
    }

    long bytes() {
        return bytes;
    }

    /** The MD5; for a folder that of its list in JSON, as Python writes it. */
    String md5(boolean lineFeeds) throws IOException {
        if (!Files.isDirectory(data)) {
            return md5(data, lineFeeds);
        }
        StringBuilder list = new StringBuilder("[");
        for (Map.Entry<String, Path> file : files.entrySet()) {
            list.append(list.length() == 1 ? "" : ", ")
                    .append("{\"md5\": \"")
                    .append(md5(file.getValue(), lineFeeds))
                    .append("\", \"relpath\": \"")
                    .append(escaped(file.getKey()))
                    .append("\"}");
        }
        MessageDigest md5 = md5();
        md5.update(list.append(']').toString().getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(md5.digest()) + ".dir";
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has MD5", e);
        }
    }

    private static String md5(Path file, boolean lineFeeds) throws IOException {
        MessageDigest md5 = md5();
        try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            in.mark(PROBE);
            boolean convert = lineFeeds && isText(in.readNBytes(PROBE));
            in.reset();
            byte[] block = new byte[1 << 16];
            boolean returned = false; // whether a carriage return is waiting for what follows it
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                if (!convert) {
                    md5.update(block, 0, read);
                    continue;
                }
                byte[] kept = new byte[read + 1];
                int length = 0;
                for (int i = 0; i < read; i++) {
                    if (returned && block[i] != '\n') {
                        kept[length++] = '\r';
                    }
                    returned = block[i] == '\r';
                    if (!returned) {
                        kept[length++] = block[i];
                    }
                }
                md5.update(kept, 0, length);
            }
            if (returned) {
                md5.update((byte) '\r');
            }
        }
        return HexFormat.of().formatHex(md5.digest());
    }

    /** A file without zero bytes at its beginning, and with three in ten at most that are neither ASCII nor white space. */
    private static boolean isText(byte[] beginning) {
        int others = 0;
        for (byte b : beginning) {
            if (b == 0) {
                return false;
            }
            boolean usual = (b >= 32 && b < 127) || b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == '\b';
            others += usual ? 0 : 1;
        }
        return others <= 0.3 * beginning.length;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\b' -> escaped.append("\\b");
                case '\f' -> escaped.append("\\f");
                default -> {
                    if (c < 32 || c > 126) {
                        escaped.append(String.format("\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
