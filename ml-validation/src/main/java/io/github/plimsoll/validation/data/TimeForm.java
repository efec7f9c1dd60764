package io.github.plimsoll.validation.data;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The usual ways of writing a date, or a date and a time, without saying in which zone: such a text is no moment yet. */
enum TimeForm {
    ISO_DATE("year-month-day", "uuuu-MM-dd", "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    ISO_DATE_TIME(
            "year-month-day and time of day",
            "uuuu-MM-dd['T'][ ]HH:mm[:ss[.SSSSSSSSS][.SSSSSSSS][.SSSSSSS][.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S]]",
            "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?"),
    DAY_MONTH_YEAR("day.month.year", "d.M.uuuu", "[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{4}"),
    DAY_SLASH_MONTH("day/month/year", "d/M/uuuu", "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"),
    MONTH_SLASH_DAY("month/day/year", "M/d/uuuu", "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"),
    YEAR_SLASH_MONTH("year/month/day", "uuuu/M/d", "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}");

    private static final int LONGEST = 32;

    private final String words;
    private final DateTimeFormatter formatter;
    private final String regex;

    TimeForm(String words, String pattern, String regex) {
        this.words = words;
        this.formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT)
                .withChronology(IsoChronology.INSTANCE);
        this.regex = regex;
    }

    /** The moment that a text means, were it in UTC; null if it is not of this form. */
    @Nullable
    LocalDateTime read(String text) {
        if (text.length() < 6 || text.length() > LONGEST || !Character.isDigit(text.charAt(0))) {
            return null;
        }
        try {
            TemporalAccessor read = formatter.parse(text);
            LocalDate date = read.query(TemporalQueries.localDate());
            var time = read.query(TemporalQueries.localTime());
            return date == null ? null : time == null ? date.atStartOfDay() : date.atTime(time);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The form as a regular expression. */
    String regex() {
        return regex;
    }

    @Override
    public String toString() {
        return words;
    }
}
