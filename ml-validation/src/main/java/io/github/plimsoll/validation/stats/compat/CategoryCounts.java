package io.github.plimsoll.validation.stats.compat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts of two samples over the categories of either. */
@SuppressWarnings("ArrayRecordComponent") // a carrier inside this package, never compared
record CategoryCounts(long[] reference, long[] current) {

    static CategoryCounts of(List<?> reference, List<?> current) {
        Map<Object, long[]> counts = new LinkedHashMap<>();
        for (Object value : reference) {
            counts.computeIfAbsent(value, unseen -> new long[2])[0]++;
        }
        for (Object value : current) {
            counts.computeIfAbsent(value, unseen -> new long[2])[1]++;
        }
        return new CategoryCounts(
                counts.values().stream().mapToLong(pair -> pair[0]).toArray(),
                counts.values().stream().mapToLong(pair -> pair[1]).toArray());
    }
}
