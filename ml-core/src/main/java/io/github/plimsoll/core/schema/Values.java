package io.github.plimsoll.core.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a value means to a feature: the table in {@link Schema}, in one place for all readers. A method for each form that a
 * value can be given in, each with a case for each type of feature that takes it.
 */
final class Values {

    static final String EXACT_NUMBER = "a whole number that a double holds exactly";
    static final String FINITE_NUMBER = "a number within the range of a double";
    private static final String WHOLE_NUMBER = "a whole number within 64 bits";
    private static final String MILLISECONDS = "a point in time within 292 million years of 1970";

    private static final double TWO_TO_63 = 0x1p63;
    private static final double TWO_TO_53 = 0x1p53;
    private static final int LONGEST_TIMESTAMP = 64;
    private static final int DATE = "2026-01-31".length();

    private Values() {}

    /** A floating-point number. */
    static void number(RowWriter row, int index, double value) {
        switch (row.type(index)) {
            case NUMBER -> row.number(index, value);
            case INTEGER -> {
                if (isWhole(value) && value >= -TWO_TO_63 && value < TWO_TO_63) {
                    row.integer(index, (long) value);
                } else {
                    row.invalid(index, Violation.INEXACT, value, WHOLE_NUMBER);
                }
            }
            default -> row.wrongType(index, value);
        }
    }

    private static boolean isWhole(double value) {
        return value == Math.rint(value); // infinities too, so ask for the range as well
    }

    /** A whole number. */
    static void integer(RowWriter row, int index, long value) {
        switch (row.type(index)) {
            case NUMBER -> {
                if (isExact(value)) {
                    row.number(index, (double) value);
                } else {
                    row.invalid(index, Violation.INEXACT, value, EXACT_NUMBER);
                }
            }
            case INTEGER -> row.integer(index, value);
            default -> row.wrongType(index, value);
        }
    }

    /** Whether a double holds the number exactly. */
    static boolean isExact(long value) {
        // Casting 2^63 back saturates to the largest long, which would then pass for exact.
        double rounded = value;
        return rounded != TWO_TO_63 && (long) rounded == value;
    }

    /** Whether a double holds the number exactly. */
    static boolean isExact(BigInteger value) {
        BigInteger magnitude = value.abs();
        return magnitude.bitLength() <= Double.MAX_EXPONENT + 1
                && magnitude.bitLength() - Math.max(magnitude.getLowestSetBit(), 0) <= 53;
    }

    /** A whole number of any size. */
    static void bigInteger(RowWriter row, int index, BigInteger value) {
        switch (row.type(index)) {
            case NUMBER -> {
                if (isExact(value)) {
                    row.number(index, value.doubleValue());
                } else {
                    row.invalid(index, Violation.INEXACT, value, EXACT_NUMBER);
                }
            }
            case INTEGER -> {
                if (value.bitLength() < Long.SIZE) {
                    row.integer(index, value.longValue());
                } else {
                    row.invalid(index, Violation.INEXACT, value, WHOLE_NUMBER);
                }
            }
            default -> row.wrongType(index, value);
        }
    }

    /** A decimal number. To become a NUMBER it is rounded, as any decimal text is, but not to infinity. */
    static void bigDecimal(RowWriter row, int index, BigDecimal value) {
        switch (row.type(index)) {
            case NUMBER -> {
                double rounded = value.doubleValue();
                if (Double.isFinite(rounded)) {
                    row.number(index, rounded);
                } else {
                    row.invalid(index, Violation.INEXACT, value, FINITE_NUMBER);
                }
            }
            case INTEGER -> {
                try {
                    row.integer(index, value.longValueExact()); // looks at the exponent before it writes digits out
                } catch (ArithmeticException e) {
                    row.invalid(index, Violation.INEXACT, value, WHOLE_NUMBER);
                }
            }
            default -> row.wrongType(index, value);
        }
    }

    /** True or false. */
    static void bool(RowWriter row, int index, boolean value) {
        if (row.type(index) == FeatureType.BOOLEAN) {
            row.bool(index, value);
        } else {
            row.wrongType(index, value);
        }
    }

    /** Text. */
    static void text(RowWriter row, int index, String value) {
        switch (row.type(index)) {
            case CATEGORY -> row.category(index, value);
            case TEXT -> row.text(index, value);
            case TIMESTAMP -> timestamp(row, index, value, null);
            default -> row.wrongType(index, value);
        }
    }

    /**
     * A timestamp in text.
     *
     * @param zone where it is a local time if it has no offset, null if it then is none
     */
    static void timestamp(RowWriter row, int index, String value, @Nullable ZoneId zone) {
        if (value.length() > LONGEST_TIMESTAMP) {
            row.wrongType(index, value);
            return;
        }
        long millis = Timestamps.millis(value);
        if (millis != Timestamps.UNUSUAL) {
            row.integer(index, millis);
            return;
        }
        Instant instant;
        try {
            instant = zone == null
                    ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(value, Instant::from)
                    : inZone(value, zone);
        } catch (DateTimeException e) {
            row.wrongType(index, value);
            return;
        }
        timestamp(row, index, instant, value);
    }

    private static Instant inZone(String value, ZoneId zone) {
        boolean blank = value.length() > DATE && value.charAt(DATE) == ' ';
        String iso = blank ? value.substring(0, DATE) + 'T' + value.substring(DATE + 1) : value;
        TemporalAccessor time =
                DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
        if (time instanceof OffsetDateTime exact) {
            return exact.toInstant();
        }
        LocalDateTime local = (LocalDateTime) time;
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.isEmpty()) {
            throw new DateTimeException("no clock in " + zone + " showed " + local);
        }
        return local.toInstant(offsets.get(0)); // the earlier of two: the offset before clocks were set back
    }

    private static void timestamp(RowWriter row, int index, Instant instant, Object given) {
        if (row.type(index) != FeatureType.TIMESTAMP) {
            row.wrongType(index, given);
            return;
        }
        try {
            row.integer(index, instant.toEpochMilli());
        } catch (ArithmeticException e) {
            row.invalid(index, Violation.INEXACT, given, MILLISECONDS);
        }
    }

    /** A value of any Java type. */
    static void object(RowWriter row, int index, @Nullable Object value) {
        // Ordered by how often each is met; a chain of tests for exact classes costs less than a look-up.
        if (value == null) {
            row.nullValue(index);
        } else if (value instanceof String text) {
            text(row, index, text);
        } else if (value instanceof Number number) {
            numeric(row, index, number);
        } else if (value instanceof Boolean bool) {
            bool(row, index, bool);
        } else if (value instanceof Enum<?> constant) {
            constant(row, index, constant);
        } else if (value instanceof Instant instant) {
            timestamp(row, index, instant, value);
        } else if (value instanceof float[] || value instanceof double[]) {
            array(row, index, value);
        } else {
            other(row, index, value);
        }
    }

    private static void numeric(RowWriter row, int index, Number value) {
        if (value instanceof Double || value instanceof Float) {
            number(row, index, value.doubleValue());
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte
                || value instanceof AtomicInteger
                || value instanceof AtomicLong) {
            integer(row, index, value.longValue());
        } else if (value instanceof BigDecimal decimal) {
            bigDecimal(row, index, decimal);
        } else if (value instanceof BigInteger integer) {
            bigInteger(row, index, integer);
        } else if (row.type(index) == FeatureType.INTEGER && !(Math.abs(value.doubleValue()) <= TWO_TO_53)) {
            // A foreign class gives doubles at best: beyond 2^53 a whole one may have been rounded to become so.
            row.invalid(index, Violation.INEXACT, value, WHOLE_NUMBER);
        } else {
            number(row, index, value.doubleValue());
        }
    }

    private static void constant(RowWriter row, int index, Enum<?> value) {
        if (row.type(index) == FeatureType.CATEGORY) {
            row.category(index, value.name());
        } else {
            row.wrongType(index, value);
        }
    }

    private static void array(RowWriter row, int index, Object value) {
        if (row.type(index) == FeatureType.TENSOR) {
            new TensorReader(row, index, value).read();
        } else {
            row.wrongType(index, value);
        }
    }

    @SuppressWarnings("JavaUtilDate") // hosts still have them
    private static void other(RowWriter row, int index, Object value) {
        if (value instanceof CharSequence text) {
            text(row, index, text.toString());
        } else if (value instanceof OffsetDateTime time) {
            timestamp(row, index, time.toInstant(), value);
        } else if (value instanceof ZonedDateTime time) {
            timestamp(row, index, time.toInstant(), value);
        } else if (value instanceof Date date) {
            timestamp(row, index, Instant.ofEpochMilli(date.getTime()), value); // java.sql.Date refuses toInstant
        } else if (value instanceof OptionalDouble optional) {
            if (optional.isPresent()) {
                number(row, index, optional.getAsDouble());
            } else {
                row.nullValue(index);
            }
        } else if (value instanceof OptionalLong optional) {
            if (optional.isPresent()) {
                integer(row, index, optional.getAsLong());
            } else {
                row.nullValue(index);
            }
        } else if (value instanceof OptionalInt optional) {
            if (optional.isPresent()) {
                integer(row, index, optional.getAsInt());
            } else {
                row.nullValue(index);
            }
        } else if (value instanceof Optional<?> optional) {
            object(row, index, optional.orElse(null));
        } else if (value instanceof List<?> || value instanceof Object[]) {
            array(row, index, value);
        } else {
            row.wrongType(index, value);
        }
    }
}
