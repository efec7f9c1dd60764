package io.github.plimsoll.validation.profile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A secret with which values are hashed, so that nobody without it can tell by trying whether a value was there: SipHash-2-4
 * (Aumasson and Bernstein, 2012).
 */
record Key(long first, long second, long fingerprint) {

    static Key of(byte[] secret) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(secret));
            return new Key(digest.getLong(), digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: not in this JVM (expected: it is in all)", e);
        }
    }

    long hash(byte[] data) {
        long v0 = first ^ 0x736f_6d65_7073_6575L;
        long v1 = second ^ 0x646f_7261_6e64_6f6dL;
        long v2 = first ^ 0x6c79_6765_6e65_7261L;
        long v3 = second ^ 0x7465_6462_7974_6573L;
        ByteBuffer words = ByteBuffer.wrap(java.util.Arrays.copyOf(data, (data.length / 8 + 1) * 8))
                .order(ByteOrder.LITTLE_ENDIAN);
        words.put(words.capacity() - 1, (byte) data.length);
        int rounds = 2;
        while (rounds > 0) {
            boolean last = !words.hasRemaining();
            long word = last ? 0 : words.getLong();
            v3 ^= word;
            v2 ^= last ? 0xff : 0;
            rounds = last ? 4 : 2;
            for (int r = 0; r < rounds; r++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
            rounds = last ? 0 : rounds;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    @Override
    public String toString() {
        return "key";
    }
}
