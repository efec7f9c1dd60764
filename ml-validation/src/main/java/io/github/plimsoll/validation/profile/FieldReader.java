package io.github.plimsoll.validation.profile;

import java.util.List;
import java.util.function.Function;

/** Reads what a {@link FieldWriter} wrote, in the same order. Every problem is a {@link ProfileException} that says where. */
interface FieldReader {

    long whole(String key);

    boolean flag(String key);

    String text(String key);

    long[] wholes(String key);

    long[] ascending(String key);

    double[] reals(String key);

    List<String> texts(String key);

    byte[] bytes(String key);

    <T> List<T> objects(String key, Function<FieldReader, T> read);

    ProfileException problem(String key, Object found, String expected);

    /** A whole number that is not negative. */
    default long count(String key) {
        long count = whole(key);
        if (count < 0) {
            throw problem(key, count, "a number >= 0");
        }
        return count;
    }

    /** Whole numbers that are all greater than 0, a given number of them. */
    default long[] counts(String key, int number) {
        long[] counts = wholes(key);
        if (counts.length != number) {
            throw problem(key, counts.length + " numbers", number + " of them");
        }
        for (long count : counts) {
            if (count <= 0) {
                throw problem(key, count, "numbers > 0");
            }
        }
        return counts;
    }

    /** One of the constants of a type, written as its name in lower case. */
    default <E extends Enum<E>> E constant(String key, Class<E> type) {
        String name = text(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(java.util.Locale.ROOT).equals(name)) {
                return constant;
            }
        }
        throw problem(key, "'" + name + "'", "one of " + List.of(type.getEnumConstants()) + " in lower case");
    }
}
