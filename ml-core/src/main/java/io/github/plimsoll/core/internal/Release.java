package io.github.plimsoll.core.internal;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of an engine, such as 3.1: what changes within it does not change a file's meaning.
 *
 * @param major its first number
 * @param minor its second number
 */
public record Release(int major, int minor) implements Comparable<Release> {

    private static final Comparator<Release> ORDER =
            Comparator.comparingInt(Release::major).thenComparingInt(Release::minor);
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(\\..*)?");

    /** The release of a version such as {@code 3.0.4}; 0.0 if it is not of that form. */
    public static Release of(String version) {
        Matcher numbers = NUMBERS.matcher(version);
        return numbers.matches()
                ? new Release(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : new Release(0, 0);
    }

    @Override
    public int compareTo(Release other) {
        return ORDER.compare(this, other);
    }
}
