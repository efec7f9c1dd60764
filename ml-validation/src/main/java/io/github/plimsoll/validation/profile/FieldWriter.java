package io.github.plimsoll.validation.profile;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes the fields of a profile, each once and in the same order for every form. What is written depends on nothing but what was
 * counted, so profiles are equal if and only if they are written alike.
 */
interface FieldWriter {

    void whole(String key, long value);

    void flag(String key, boolean value);

    void text(String key, String value);

    void wholes(String key, long[] values);

    /** Whole numbers, each greater than the one before. */
    void ascending(String key, long[] values);

    void reals(String key, double[] values);

    void texts(String key, List<String> values);

    void bytes(String key, byte[] value);

    /** A list of objects. */
    <T> void objects(String key, List<T> objects, BiConsumer<? super T, FieldWriter> write);
}
