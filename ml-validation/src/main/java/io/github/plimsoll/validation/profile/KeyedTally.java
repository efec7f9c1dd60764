package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureRow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Counts the values of a sensitive feature by their keyed hashes. Not thread-safe. */
final class KeyedTally implements Tally {

    private final Key key;
    private final KnownValues known = new KnownValues(WordTally.MOST_KNOWN, true);
    private long count;

    KeyedTally(Key key) {
        this.key = key;
    }

    @Override
    public void add(FeatureRow row, int index) {
        count++;
        String shown = String.format(
                Locale.ROOT, "#%016x", key.hash(String.valueOf(row.value(index)).getBytes(StandardCharsets.UTF_8)));
        long id = WordTally.id(shown);
        if (!known.count(id, 1)) {
            known.add(id, KnownValues.mix(id), 1, shown);
        }
    }

    @Override
    public void add(Facts other) {
        WordFacts facts = (WordFacts) other;
        count += facts.count;
        known.add(facts.known);
    }

    @Override
    public WordFacts facts() {
        return new WordFacts(count, 0, known.sorted(), List.of(), new long[0]);
    }
}
