package io.github.plimsoll.monitoring.drift;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** A week in parts: which of them each hour belongs to, by the clock of some place. Immutable. */
final class Week {

    static final int DAYS = 7;
    static final int HOURS_OF_DAY = 24;
    static final int HOURS = DAYS * HOURS_OF_DAY;
    static final int MAX_PARTS = 8;

    private static final int SECONDS_OF_HOUR = 3_600;
    private static final int FIRST_HOUR = 3 * HOURS_OF_DAY; // 1970-01-01 was a Thursday

    private final ZoneId zone;
    private final byte[] partOf; // of each hour, from Monday 0 to 1 o'clock on
    final int parts;

    Week(ZoneId zone, byte[] partOf, int parts) {
        this.zone = zone;
        this.partOf = partOf;
        this.parts = parts;
    }

    Week(FormReader in) {
        String name = in.text();
        try {
            zone = ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw in.wrong("time zone", "'" + name + "' (expected: one that this JVM knows)");
        }
        parts = in.whole(MAX_PARTS);
        partOf = in.raw(HOURS);
        for (byte part : partOf) {
            if (part < 0 || part >= parts) {
                throw in.wrong("part of the week", part + " (expected: 0 to " + (parts - 1) + ")");
            }
        }
    }

    void write(FormWriter out) {
        out.text(zone.getId()).whole(parts).raw(partOf);
    }

    /** The hours since 1970-01-01T00:00 by the clock of a place. */
    static long localHours(ZoneId zone, long millis) {
        int offset = zone.getRules().getOffset(Instant.ofEpochMilli(millis)).getTotalSeconds();
        return Math.floorDiv(Math.floorDiv(millis, 1_000L) + offset, SECONDS_OF_HOUR);
    }

    /** The hour of the week, from 0 on Monday at midnight. */
    static int hourOfWeek(long localHours) {
        return Math.floorMod(localHours + FIRST_HOUR, HOURS);
    }

    /** The part that a time belongs to. */
    int part(long millis) {
        return partOf[hourOfWeek(localHours(zone, millis))];
    }

    ZoneId zone() {
        return zone;
    }

    /** The hours of a part, such as {@code Mon-Fri 08-18, Sat 10-14}. */
    String words(int part) {
        Map<BitSet, List<Integer>> daysOf = new LinkedHashMap<>(); // which have the same hours
        for (int day = 0; day < DAYS; day++) {
            BitSet hours = new BitSet(HOURS_OF_DAY);
            for (int hour = 0; hour < HOURS_OF_DAY; hour++) {
                hours.set(hour, partOf[day * HOURS_OF_DAY + hour] == part);
            }
            if (!hours.isEmpty()) {
                daysOf.computeIfAbsent(hours, key -> new ArrayList<>()).add(day);
            }
        }
        StringJoiner words = new StringJoiner(", ");
        daysOf.forEach((hours, days) -> words.add(dayWords(days) + hourWords(hours)));
        return words.toString();
    }

    private static String dayWords(List<Integer> days) {
        StringJoiner words = new StringJoiner("+");
        for (int i = 0; i < days.size(); i++) {
            int first = i;
            while (i + 1 < days.size() && days.get(i + 1) == days.get(i) + 1) {
                i++;
            }
            words.add(first == i ? name(days.get(i)) : name(days.get(first)) + '-' + name(days.get(i)));
        }
        return words.toString();
    }

    private static String name(int day) {
        return DayOfWeek.of(day + 1).getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
    }

    /** The hours as ranges, of which one may go over midnight; nothing for all of them. */
    private static String hourWords(BitSet hours) {
        if (hours.cardinality() == HOURS_OF_DAY) {
            return "";
        }
        StringJoiner words = new StringJoiner("+", " ", "");
        for (int hour = 0; hour < HOURS_OF_DAY; hour++) {
            if (hours.get(hour) && !hours.get(Math.floorMod(hour - 1, HOURS_OF_DAY))) {
                int end = hour + 1;
                while (hours.get(end % HOURS_OF_DAY)) {
                    end++;
                }
                words.add(twoDigits(hour) + '-' + twoDigits(end % HOURS_OF_DAY));
            }
        }
        return words.toString();
    }

    private static String twoDigits(int hour) {
        return hour < 10 ? "0" + hour : Integer.toString(hour);
    }

    @Override
    public String toString() {
        return "week of " + parts + " parts in " + zone;
    }
}
