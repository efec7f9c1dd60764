package io.github.plimsoll.validation.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the words of a column's name suggest. A name alone makes no rule: the values have to agree with it. */
final class NameHints {

    /** A range that values of a name have by what they are. */
    record Bounds(double min, double max, String what) {}

    private static final Map<String, List<Bounds>> BOUNDS = Map.ofEntries(
            Map.entry("hour", List.of(new Bounds(0, 23, "hours of a day"))),
            Map.entry("hr", List.of(new Bounds(0, 23, "hours of a day"))),
            Map.entry("minute", List.of(new Bounds(0, 59, "minutes of an hour"))),
            Map.entry("second", List.of(new Bounds(0, 59, "seconds of a minute"))),
            Map.entry("month", List.of(new Bounds(1, 12, "months of a year"))),
            Map.entry("mnth", List.of(new Bounds(1, 12, "months of a year"))),
            Map.entry("quarter", List.of(new Bounds(1, 4, "quarters of a year"))),
            Map.entry("weekday", List.of(new Bounds(0, 6, "days of a week"), new Bounds(1, 7, "days of a week"))),
            Map.entry(
                    "day",
                    List.of(
                            new Bounds(0, 6, "days of a week"),
                            new Bounds(1, 7, "days of a week"),
                            new Bounds(1, 31, "days of a month"),
                            new Bounds(1, 366, "days of a year"))),
            Map.entry("latitude", List.of(new Bounds(-90, 90, "degrees of latitude"))),
            Map.entry("lat", List.of(new Bounds(-90, 90, "degrees of latitude"))),
            Map.entry("longitude", List.of(new Bounds(-180, 180, "degrees of longitude"))),
            Map.entry("lon", List.of(new Bounds(-180, 180, "degrees of longitude"))),
            Map.entry("lng", List.of(new Bounds(-180, 180, "degrees of longitude"))),
            Map.entry("percent", List.of(new Bounds(0, 100, "percentages"))),
            Map.entry("percentage", List.of(new Bounds(0, 100, "percentages"))),
            Map.entry("pct", List.of(new Bounds(0, 100, "percentages"))));

    private static final Map<String, String> UNITS = Map.ofEntries(
            Map.entry("ms", "ms"),
            Map.entry("millis", "ms"),
            Map.entry("milliseconds", "ms"),
            Map.entry("sec", "s"),
            Map.entry("secs", "s"),
            Map.entry("seconds", "s"),
            Map.entry("minutes", "min"),
            Map.entry("hours", "h"),
            Map.entry("days", "d"),
            Map.entry("miles", "mi"),
            Map.entry("km", "km"),
            Map.entry("meters", "m"),
            Map.entry("metres", "m"),
            Map.entry("cm", "cm"),
            Map.entry("mm", "mm"),
            Map.entry("feet", "ft"),
            Map.entry("kg", "kg"),
            Map.entry("grams", "g"),
            Map.entry("celsius", "°C"),
            Map.entry("fahrenheit", "°F"),
            Map.entry("usd", "USD"),
            Map.entry("dollars", "USD"),
            Map.entry("eur", "EUR"),
            Map.entry("euro", "EUR"),
            Map.entry("euros", "EUR"),
            Map.entry("percent", "%"),
            Map.entry("percentage", "%"),
            Map.entry("pct", "%"),
            Map.entry("latitude", "°"),
            Map.entry("longitude", "°"),
            Map.entry("bytes", "B"));

    private static final Set<String> KEYS = Set.of("id", "uuid", "guid", "key", "identifier");
    private static final Set<String> TIMES = Set.of("timestamp", "time", "ts", "epoch", "date", "datetime", "at");
    private static final Set<String> PERSONAL = Set.of(
            "email",
            "mail",
            "phone",
            "iban",
            "ssn",
            "passport",
            "surname",
            "firstname",
            "lastname",
            "birthdate",
            "dob");

    private final List<String> words;

    NameHints(String name) {
        words = Arrays.stream(name.replaceAll("([a-z0-9])([A-Z])", "$1 $2")
                        .toLowerCase(Locale.ROOT)
                        .split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The narrowest range by which the last word that has one is bounded and that holds all values; null if none does. */
    @Nullable
    Bounds bounds(double min, double max) {
        for (int i = words.size() - 1; i >= 0; i--) {
            for (Bounds bounds : BOUNDS.getOrDefault(words.get(i), List.of())) {
                if (bounds.min <= min && max <= bounds.max) {
                    return bounds;
                }
            }
        }
        return words.equals(List.of("age")) && min >= 0 && max <= 130 ? new Bounds(0, 130, "ages of people") : null;
    }

    /** The unit that the last word with one suggests; null if none does. */
    @Nullable
    String unit() {
        for (int i = words.size() - 1; i >= 0; i--) {
            String unit = UNITS.get(words.get(i));
            if (unit != null) {
                return unit;
            }
        }
        return null;
    }

    boolean isKey() {
        return !words.isEmpty() && KEYS.contains(words.get(words.size() - 1));
    }

    boolean isTime() {
        return words.stream().anyMatch(TIMES::contains);
    }

    boolean isPersonal() {
        return words.stream().anyMatch(PERSONAL::contains);
    }
}
