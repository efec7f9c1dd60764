package io.github.plimsoll.serving.batch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells one input file from another without reading all of it.
 *
 * @param size its size in bytes
 * @param sha256 the hash of its first and its last MiB, which may overlap
 */
record Fingerprint(long size, String sha256) {

    private static final int PART = 1 << 20;

    static Fingerprint of(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            long size = channel.size();
            for (long from : new long[] {0, Math.max(0, size - PART)}) {
                ByteBuffer part = ByteBuffer.allocate(PART);
                channel.position(from);
                while (part.hasRemaining() && channel.read(part) >= 0) {}
                hash.update(part.flip());
            }
            return new Fingerprint(size, HexFormat.of().formatHex(hash.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every JDK", e);
        }
    }
}
