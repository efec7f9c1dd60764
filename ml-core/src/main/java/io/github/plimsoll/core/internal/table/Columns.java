package io.github.plimsoll.core.internal.table;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of one CSV file and how its cells are to be understood. Immutable. */
final class Columns {

    final List<String> names;
    final byte quote;
    final byte decimal;
    final @Nullable ZoneId zone;
    private final byte[][] nulls;
    private final long nullLengths; // a bit for each length that a word for null has, the last for all from 63 on
    private final Map<String, Integer> indexes;

    Columns(List<String> names, CsvDialect dialect) {
        this.names = List.copyOf(names);
        quote = (byte) dialect.quote();
        decimal = (byte) dialect.decimal();
        zone = dialect.zone();
        nulls = dialect.nullWords();
        long lengths = 0;
        for (byte[] word : nulls) {
            lengths |= 1L << Math.min(word.length, 63);
        }
        nullLengths = lengths;
        indexes = new HashMap<>();
        for (String name : names) {
            indexes.put(name, indexes.size());
        }
    }

    int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    boolean isNull(byte[] bytes, int from, int to) {
        if (((nullLengths >>> Math.min(to - from, 63)) & 1) == 0) {
            return false;
        }
        for (byte[] word : nulls) {
            if (word.length == to - from && matches(word, bytes, from)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] word, byte[] bytes, int from) {
        for (int i = 0; i < word.length; i++) {
            if (word[i] != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }
}
