package io.github.plimsoll.validation.audit;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.internal.Characters;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a cell holds, when nobody has said what it should hold. */
final class Cells {

    /** The longest text that is kept as it is. */
    static final int LONGEST_KEPT = 200;

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final int SHOWN = 40;
    private static final int LONGEST_TIME = 35;

    private Cells() {}

    /** A cell's value: a {@code Double}, an {@code Instant}, a {@code String}, or null. */
    static @Nullable Object read(TableRow row, String column) {
        String text = row.isNull(column) ? null : row.text(column);
        if (text == null) {
            return null;
        }
        if (mayBeNumber(text)) {
            try {
                return row.number(column) + 0.0; // one zero, whatever its sign
            } catch (InvalidInputException e) {
                return text; // such as an address of the internet, or a JSON text of digits
            }
        }
        Instant time = time(text);
        return time == null ? shortened(text) : time;
    }

    /** Rows that are kept must not keep books: the beginning of a long text and the hash of all of it tell it from others. */
    private static String shortened(String text) {
        return text.length() <= LONGEST_KEPT
                ? text
                : text.substring(0, LONGEST_KEPT) + "#" + Long.toHexString(text(text));
    }

    /** A quick look, so that texts, which are no numbers, cost no exception. */
    private static boolean mayBeNumber(String text) {
        String bare = text.strip();
        if (bare.isEmpty()) {
            return false;
        }
        boolean digit = false;
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            boolean sign = (c == '-' || c == '+') && (i == 0 || (bare.charAt(i - 1) | 0x20) == 'e');
            boolean exponent = (c | 0x20) == 'e' && digit;
            digit |= c >= '0' && c <= '9';
            if (!(sign || exponent || c == '.' || c == ',' || (c >= '0' && c <= '9'))) {
                return i <= 1 && (bare.endsWith("NaN") || bare.endsWith("Infinity"));
            }
        }
        return digit;
    }

    private static @Nullable Instant time(String text) {
        if (text.length() < 10 || text.length() > LONGEST_TIME || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return null;
        }
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
            return time instanceof OffsetDateTime offset
                    ? offset.toInstant()
                    : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The value on the number line: a number, milliseconds of a time; NaN if it is neither or not finite. */
    static double number(@Nullable Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number : Double.NaN;
        }
        return value instanceof Instant time ? (double) time.toEpochMilli() : Double.NaN;
    }

    /** A hash of a value in a column; the hashes of a row's cells are added up, so that their order does not matter. */
    static long hash(String column, Object value) {
        long content = value instanceof Double number
                ? Double.doubleToLongBits(number)
                : value instanceof Instant time ? ~time.toEpochMilli() : text((String) value);
        return mix(mix(content) + text(column));
    }

    /**
     * What is the same of values that differ by their writing only: texts without case and with single spaces, and numbers with the digits
     * that a {@code float} holds. Whole numbers stay as they are, since they may be names.
     */
    static Object loose(Object value) {
        if (value instanceof String text) {
            return SPACES.matcher(text.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
        }
        if (value instanceof Double number && number != Math.rint(number)) {
            float rounded = number.floatValue();
            return rounded == 0 || Float.isInfinite(rounded) ? value : (Object) (double) rounded;
        }
        return value;
    }

    static long text(String text) {
        long hash = 0xcbf2_9ce4_8422_2325L; // FNV-1a
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100_0000_01b3L;
        }
        return mix(hash);
    }

    /** Stafford's thirteenth finaliser, as in SplitMix64. */
    private static long mix(long bits) {
        long z = bits;
        z = (z ^ (z >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d0_49bb_1331_11ebL;
        return z ^ (z >>> 31);
    }

    /** A value for people. */
    static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return Characters.shown(text, SHOWN);
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString(number.longValue());
        }
        return String.valueOf(value);
    }
}
