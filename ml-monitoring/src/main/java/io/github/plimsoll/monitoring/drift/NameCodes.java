package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of one column that the baseline has, as numbers in the order in which they were first met. Any other name has a
 * number of its own as well, the same in every process. Not thread-safe while names are learned, then read only.
 */
final class NameCodes {

    /** Further names share one code. */
    static final int MAX_NAMES = 100_000;

    private static final double UNKNOWN = 0x1p32; // above all codes; with 48 bits of a hash still exact

    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    NameCodes() {}

    /** With the names that another one has by now. */
    NameCodes(NameCodes learned) {
        codes.putAll(learned.codes);
        names.addAll(learned.names);
    }

    double learn(String name) {
        Integer code = codes.get(name);
        if (code != null) {
            return code;
        }
        if (names.size() == MAX_NAMES) {
            return MAX_NAMES;
        }
        codes.put(name, names.size());
        names.add(name);
        return names.size() - 1;
    }

    double code(String name) {
        Integer code = codes.get(name);
        if (code != null) {
            return code;
        }
        return names.size() == MAX_NAMES ? MAX_NAMES : UNKNOWN + (hash(name) >>> 16);
    }

    private static long hash(String name) {
        long hash = name.length();
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        return Window.mix(hash);
    }

    static boolean isKnown(double code) {
        return code < UNKNOWN;
    }

    int size() {
        return names.size();
    }

    /** The name that a code of the baseline stands for. */
    String name(double code) {
        return code < names.size() ? names.get((int) code) : "(one of more than " + names.size() + " names)";
    }

    void write(FormWriter out) {
        out.whole(names.size());
        names.forEach(out::text);
    }

    static NameCodes read(FormReader in) {
        NameCodes read = new NameCodes();
        int size = in.length(1);
        for (int i = 0; i < size; i++) {
            String name = in.text();
            if (read.learn(name) != i) {
                throw in.wrong("name", "stands twice, or is one of more than " + MAX_NAMES);
            }
        }
        return read;
    }
}
