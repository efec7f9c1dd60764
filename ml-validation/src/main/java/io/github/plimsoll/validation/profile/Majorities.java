package io.github.plimsoll.validation.profile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frequent ones among many texts by counting bits. A text belongs to one of {@value #GROUPS} groups by its hash; of its first
 * {@value #PREFIX} bytes and 32 bits of its hash, a group counts how often each bit was set. Where one text outnumbers the others of
 * its group, the majority of each bit is its bit, and so the counts spell it (Cormode and Muthukrishnan, What's Hot and What's Not,
 * 2003). Counts add, so parts merge in any order to the same bits, with no list of candidates that an order could have decided.
 */
final class Majorities {

    static final int GROUPS = 64;

    private static final int PREFIX = 24;
    private static final int CHECK = 4;
    private static final int COUNTERS = 1 + 8 * (PREFIX + CHECK);
    static final int SIZE = GROUPS * COUNTERS;

    private final long[] counts;

    Majorities() {
        this(new long[SIZE]);
    }

    Majorities(long[] counts) {
        this.counts = counts;
    }

    void add(long id, String name, long more) {
        int at = group(id) * COUNTERS;
        counts[at++] += more;
        int bytes = 0;
        for (int i = 0; i < name.length() && bytes < PREFIX; i++) {
            char c = name.charAt(i);
            if (c < 0x80) {
                addBits(at, c, more);
                at += 8;
                bytes++;
            } else {
                byte[] rest =
                        name.substring(i, Math.min(name.length(), i + PREFIX)).getBytes(StandardCharsets.UTF_8);
                for (int b = 0; b < rest.length && bytes < PREFIX; b++, bytes++, at += 8) {
                    addBits(at, rest[b], more);
                }
                break;
            }
        }
        at += 8 * (PREFIX - bytes);
        for (int b = 0; b < CHECK; b++, at += 8) {
            addBits(at, (int) (id >>> (8 * b)), more);
        }
    }

    private static int group(long id) {
        return (int) (KnownValues.mix(id) >>> 58);
    }

    private void addBits(int at, int bits, long more) {
        for (int bit = 0; bit < 8; bit++) {
            counts[at + bit] += more & -(bits >>> bit & 1);
        }
    }

    void add(Majorities other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }

    Majorities copy() {
        return new Majorities(counts.clone());
    }

    long[] counts() {
        return counts;
    }

    /** The texts that outnumber the others of their groups, with estimates of their counts. */
    List<ValueCount> found() {
        List<ValueCount> found = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            int at = group * COUNTERS;
            long total = counts[at];
            if (total > 0) {
                byte[] bytes = new byte[PREFIX + CHECK];
                long others = 0; // each differs from the majority in about half of the 32 bits of the hash
                for (int i = 0; i < 8 * bytes.length; i++) {
                    long set = counts[at + 1 + i];
                    if (set > total - set) {
                        bytes[i >> 3] |= (byte) (1 << (i & 7));
                    }
                    if (i >= 8 * PREFIX) {
                        others += Math.min(set, total - set);
                    }
                }
                long estimate = total - Math.round(others / (4.0 * CHECK));
                String name = name(bytes, group);
                if (2 * estimate > total && name != null) {
                    found.add(new ValueCount(name, estimate));
                }
            }
        }
        return found;
    }

    /** The text, or null if its hash is not the one that the group has counted: then there is no majority. */
    private static @Nullable String name(byte[] bytes, int group) {
        int length = 0;
        while (length < PREFIX && bytes[length] != 0) {
            length++;
        }
        if (length == PREFIX) {
            String beginning = new String(bytes, 0, PREFIX, StandardCharsets.UTF_8);
            return beginning.replaceFirst("\uFFFD+$", "") + "…"; // the end may be in the middle of a character
        }
        String name = new String(bytes, 0, length, StandardCharsets.UTF_8);
        long id = WordTally.id(name);
        byte[] check = new byte[CHECK];
        for (int b = 0; b < CHECK; b++) {
            check[b] = (byte) (id >>> (8 * b));
        }
        return group(id) == group && Arrays.equals(check, 0, CHECK, bytes, PREFIX, PREFIX + CHECK) ? name : null;
    }
}
