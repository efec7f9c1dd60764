package io.github.plimsoll.core.internal.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of files and of whole packages. */
public final class Hashes {

    private static final int BUFFER = 1 << 16;

    private static final Comparator<PackagedFile> BY_PATH =
            Comparator.comparing(file -> file.path().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private Hashes() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * The size and hash of a file, read as a stream.
     *
     * @param file the file
     * @param path the path to record
     * @return what was read
     * @throws IOException if it cannot be read
     */
    public static PackagedFile of(Path file, String path) throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                bytes += buffer.remaining();
                digest.update(buffer);
                buffer.clear();
            }
        }
        return new PackagedFile(path, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    /** The files in the order of their paths' bytes, which is the same in every language and locale. */
    static List<PackagedFile> sorted(List<PackagedFile> files) {
        return files.stream().sorted(BY_PATH).toList();
    }

    /**
     * The hash of the listing that {@code sha256sum} prints for the files in order of path.
     *
     * @param files the files
     * @return 64 hexadecimal digits in lower case
     */
    public static String whole(List<PackagedFile> files) {
        MessageDigest digest = sha256();
        for (PackagedFile file : sorted(files)) {
            digest.update((file.sha256() + "  " + file.path() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
