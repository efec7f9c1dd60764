package io.github.plimsoll.validation.lineage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A file, or the files of a folder, hashed as DVC does. */
final class TrackedFiles {

    private static final int PROBE = 512; // bytes by which a text is told from other files
    private static final int CHUNK = 1 << 20; // as much as DVC reads at a time; a line end across two is left as it is

    /** What was hashed. */
    enum Form {
        /** The bytes as they are. */
        EXACT,
        /** With line feeds for line ends in files that begin like a text, as the first versions did. */
        TEXT_FILES,
        /** With line feeds for line ends in chunks that begin like a text, as the last versions before 3 did. */
        TEXT_CHUNKS
    }

    private final Path data;
    private final Map<String, Path>
            files; // by their paths with slashes, in the order of these; empty for a single file and an empty folder
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
        Map<String, Path> files = new TreeMap<>(TrackedFiles::compare);
        long bytes = 0;
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(
                        data.relativize(file)
                                .toString()
                                .replace(data.getFileSystem().getSeparator(), "/"),
                        file);
                bytes += Files.size(file);
            }
        }
        return new TrackedFiles(data, files, bytes);
    }

    int count() {
        return Files.isDirectory(data) ? files.size() : 1;
    }

    /** By code points, as Python does. Java compares a letter beyond the first 65,536 by halves, which come before U+E000. */
    private static int compare(String path, String other) {
        return Arrays.compareUnsigned(
                path.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)); // has their order
    }

    long bytes() {
        return bytes;
    }

    /** The MD5; for a folder that of its list in JSON, as Python writes it. */
    String md5(Form form) throws IOException {
        if (!Files.isDirectory(data)) {
            return md5(data, form);
        }
        StringBuilder list = new StringBuilder("[");
        for (Map.Entry<String, Path> file : files.entrySet()) {
            list.append(list.length() == 1 ? "" : ", ")
                    .append("{\"md5\": \"")
                    .append(md5(file.getValue(), form))
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

    private static String md5(Path file, Form form) throws IOException {
        MessageDigest md5 = md5();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] chunk = new byte[CHUNK];
            boolean isText = false;
            boolean isFirst = true;
            for (int read = in.readNBytes(chunk, 0, CHUNK); read > 0; read = in.readNBytes(chunk, 0, CHUNK)) {
                if (isFirst || form == Form.TEXT_CHUNKS) {
                    isText = form != Form.EXACT && isText(chunk, Math.min(read, PROBE));
                }
                isFirst = false;
                md5.update(chunk, 0, isText ? withLineFeeds(chunk, read) : read);
            }
        }
        return HexFormat.of().formatHex(md5.digest());
    }

    /** Leaves out the carriage returns before line feeds; gives how many bytes are left. */
    private static int withLineFeeds(byte[] chunk, int length) {
        int kept = 0;
        for (int i = 0; i < length; i++) {
            boolean isEnd = chunk[i] == '\r' && i + 1 < length && chunk[i + 1] == '\n';
            if (!isEnd) {
                chunk[kept++] = chunk[i];
            }
        }
        return kept;
    }

    /** No zero bytes at the beginning, and three in ten at most that are neither ASCII nor white space. */
    private static boolean isText(byte[] beginning, int length) {
        int others = 0;
        for (int i = 0; i < length; i++) {
            byte b = beginning[i];
            if (b == 0) {
                return false;
            }
            boolean usual = (b >= 32 && b < 127) || b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == '\b';
            others += usual ? 0 : 1;
        }
        return others <= 0.3 * length;
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
