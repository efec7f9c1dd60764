package io.github.plimsoll.validation.profile;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sum of whole multiples of a tiny power of two that is never rounded, so that its order does not matter. A fixed-point number in
 * chunks of 32 bits, each in a {@code long} whose upper half takes the carries of two thousand million additions before they have
 * to be passed on (Radford Neal, Fast Exact Summation Using Small and Large Superaccumulators, 2015). Only the chunks that were
 * ever touched are there.
 */
final class ExactSum {

    private static final long LOW = 0xffff_ffffL;
    private static final int SPARE = 2;
    private static final int MOST_CHUNKS = 272; // fourth powers of 2^-1074 to 2^1024, and room for 2^63 of them

    private long[] chunks;
    private int base; // the index of chunks[0]; chunk i counts for 2^(32 i)

    ExactSum() {
        chunks = new long[0];
    }

    private ExactSum(int base, long[] chunks) {
        this.base = base;
        this.chunks = chunks;
    }

    /** Makes room for chunks from an index on, and returns where it is in {@link #chunks}. */
    private int room(int index, int count) {
        int at = index - base;
        if (at < 0 || at + count > chunks.length) {
            grow(index, count);
            at = index - base;
        }
        return at;
    }

    private void grow(int index, int count) {
        if (chunks.length == 0) {
            base = index;
            chunks = new long[count + SPARE];
            return;
        }
        int from = Math.min(base, index);
        int to = Math.max(base + chunks.length, index + count + SPARE);
        long[] wider = new long[to - from];
        System.arraycopy(chunks, 0, wider, base - from, chunks.length);
        base = from;
        chunks = wider;
    }

    /** Adds a number of up to 64 bits. {@code sign} is 0 for plus and -1 for minus. */
    void add(int bit, long a, long sign) {
        int s = bit & 31;
        int at = room(bit >>> 5, 3);
        long[] c = chunks;
        long low = a << s;
        long high = a >>> 1 >>> (63 - s);
        c[at] += ((low & LOW) ^ sign) - sign;
        c[at + 1] += ((low >>> 32) ^ sign) - sign;
        c[at + 2] += (high ^ sign) - sign;
    }

    /** Adds a number of up to 128 bits. */
    void add(int bit, long b, long a, long sign) {
        int s = bit & 31;
        int at = room(bit >>> 5, 5);
        long[] c = chunks;
        long low = a << s;
        long mid = (b << s) | (a >>> 1 >>> (63 - s));
        long high = b >>> 1 >>> (63 - s);
        c[at] += ((low & LOW) ^ sign) - sign;
        c[at + 1] += ((low >>> 32) ^ sign) - sign;
        c[at + 2] += ((mid & LOW) ^ sign) - sign;
        c[at + 3] += ((mid >>> 32) ^ sign) - sign;
        c[at + 4] += (high ^ sign) - sign;
    }

    /** Adds a number of up to 160 bits. */
    void add(int bit, long c, long b, long a, long sign) {
        int s = bit & 31;
        int at = room(bit >>> 5, 6);
        long[] to = chunks;
        long mid = (b << s) | (a >>> 1 >>> (63 - s));
        long high = (c << s) | (b >>> 1 >>> (63 - s));
        add(to, at, a << s, sign);
        add(to, at + 2, mid, sign);
        add(to, at + 4, high, sign);
    }

    /** Adds a number of up to 224 bits. */
    void add(int bit, long d, long c, long b, long a, long sign) {
        int s = bit & 31;
        int at = room(bit >>> 5, 8);
        long[] to = chunks;
        add(to, at, a << s, sign);
        add(to, at + 2, (b << s) | (a >>> 1 >>> (63 - s)), sign);
        add(to, at + 4, (c << s) | (b >>> 1 >>> (63 - s)), sign);
        add(to, at + 6, (d << s) | (c >>> 1 >>> (63 - s)), sign);
    }

    private static void add(long[] to, int at, long word, long sign) {
        to[at] += ((word & LOW) ^ sign) - sign;
        to[at + 1] += ((word >>> 32) ^ sign) - sign;
    }

    /** Adds another sum, which has to be {@linkplain #carry carried}. */
    void add(ExactSum other) {
        if (other.chunks.length > 0) {
            int at = room(other.base, other.chunks.length);
            for (int i = 0; i < other.chunks.length; i++) {
                chunks[at + i] += other.chunks[i];
            }
        }
    }

    /**
     * Passes the carries on, which gives equal sums equal chunks: all between 0 and 2<sup>32</sup> - 1 but the highest, which
     * is -1 for a sum below 0; none that says nothing.
     */
    void carry() {
        long carry = 0;
        for (int i = 0; i < chunks.length; i++) {
            long sum = chunks[i] + carry;
            chunks[i] = sum & LOW;
            carry = sum >> 32;
        }
        int length = chunks.length;
        if (carry != 0) {
            chunks = Arrays.copyOf(chunks, length + 2);
            while (carry != 0 && carry != -1) {
                chunks[length++] = carry & LOW;
                carry >>= 32;
            }
            if (carry == -1) {
                chunks[length++] = -1;
            }
        }
        trim(length);
    }

    private void trim(int used) {
        int to = used;
        if (to > 0 && chunks[to - 1] == -1) {
            while (to > 1 && chunks[to - 2] == LOW) {
                chunks[--to - 1] = -1;
            }
        } else {
            while (to > 0 && chunks[to - 1] == 0) {
                to--;
            }
        }
        int from = 0;
        while (from < to && chunks[from] == 0) {
            from++;
        }
        if (from == to) {
            base = 0;
            chunks = new long[0];
        } else {
            chunks = Arrays.copyOfRange(chunks, from, to);
            base += from;
        }
    }

    ExactSum copy() {
        return new ExactSum(base, chunks.clone());
    }

    /** The sum as a whole number times a power of two: 2^(32 * {@link #base()}). */
    BigInteger chunksValue() {
        BigInteger value = BigInteger.ZERO;
        for (int i = chunks.length - 1; i >= 0; i--) {
            value = value.shiftLeft(32).add(BigInteger.valueOf(chunks[i]));
        }
        return value;
    }

    int base() {
        return base;
    }

    boolean isZero() {
        return chunks.length == 0; // once carried
    }

    static void write(ExactSum sum, FieldWriter out) {
        out.whole("base", sum.base);
        out.wholes("chunks", sum.chunks);
    }

    static ExactSum read(FieldReader in) {
        long base = in.whole("base");
        long[] chunks = in.wholes("chunks");
        ExactSum sum = new ExactSum((int) base, chunks);
        ExactSum canonical = sum.copy();
        if (base < 0 || base + chunks.length > MOST_CHUNKS) {
            throw in.problem("chunks", chunks.length + " from " + base + " on", "at most " + MOST_CHUNKS + " in all");
        }
        canonical.carry();
        if (!canonical.equals(sum)) {
            throw in.problem("chunks", Arrays.toString(chunks), "chunks whose carries were passed on");
        }
        return sum;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExactSum that && base == that.base && Arrays.equals(chunks, that.chunks);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(chunks);
    }
}
