package io.github.plimsoll.validation.lineage;

import io.github.plimsoll.core.table.TableRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sum, modulo 2<sup>256</sup>, of the SHA-256 of each row, and a 64-bit sum a column. */
final class RowSum {

    private final MessageDigest sha256 = sha256();
    private final long[] sum = new long[4]; // the least significant first
    private final Map<String, Long> columns = new TreeMap<>();
    private long rows;

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** A column that may be without a value in all rows. */
    void column(String name) {
        columns.putIfAbsent(name, 0L);
    }

    /** Adds a row; {@code sorted} are its columns' names in order. */
    void add(TableRow row, List<String> sorted) {
        for (String column : sorted) {
            String value = Cells.canonical(row, column);
            if (value != null) {
                byte[] cell = value.getBytes(StandardCharsets.UTF_8);
                part(column.getBytes(StandardCharsets.UTF_8));
                part(cell);
                columns.merge(column, hash(cell), Long::sum);
            }
        }
        add(ByteBuffer.wrap(sha256.digest()));
        rows++;
    }

    /** With its length before it, so that no two sequences of parts are the same bytes. */
    private void part(byte[] bytes) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        sha256.update(bytes);
    }

    private void add(ByteBuffer hash) {
        long carry = 0;
        for (int i = 0; i < 4; i++) {
            long term = hash.getLong(24 - 8 * i);
            long half = sum[i] + term;
            long whole = half + carry;
            carry = Long.compareUnsigned(half, term) < 0 || (carry == 1 && whole == 0) ? 1 : 0;
            sum[i] = whole;
        }
    }

    /** FNV-1a with a finaliser that spreads every bit over all others: to say where tables differ, not whether. */
    private static long hash(byte[] bytes) {
        long z = 0xCBF2_9CE4_8422_2325L;
        for (byte b : bytes) {
            z = (z ^ (b & 0xFF)) * 0x100_0000_01B3L;
        }
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    long rows() {
        return rows;
    }

    DataFingerprint fingerprint() {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        for (int i = 3; i >= 0; i--) {
            bytes.putLong(sum[i]);
        }
        Map<String, String> hashes = new TreeMap<>();
        columns.forEach((name, hash) -> hashes.put(name, HexFormat.of().toHexDigits(hash)));
        return new DataFingerprint(rows, HexFormat.of().formatHex(bytes.array()), hashes);
    }
}
