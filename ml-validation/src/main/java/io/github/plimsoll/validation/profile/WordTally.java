package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import org.jspecify.annotations.Nullable;

/** Counts categories and texts. Not thread-safe. */
final class WordTally implements Tally {

    static final int MOST_KNOWN = 1024;

    private static final int LONGEST_NAME = 100;

    private final Feature feature;
    private final long[] ofCode; // of declared categories, since they were last added to what is known
    private final KnownValues known = new KnownValues(MOST_KNOWN, true);
    private final @Nullable Texts texts;
    private final Parts parts;
    private long count;
    private long outside;

    WordTally(Feature feature, long[] seenTokens) {
        this.feature = feature;
        ofCode = new long[feature.categories().size()];
        boolean isText = feature.type() == FeatureType.TEXT;
        texts = isText ? new Texts(seenTokens) : null;
        parts = new Parts(isText ? Texts.PARTS.size() : 0);
    }

    @Override
    public void add(FeatureRow row, int index) {
        count++;
        if (ofCode.length > 0) {
            int code = row.categoryCode(index);
            if (code >= 0) {
                ofCode[code]++;
                return;
            }
            outside++;
        }
        String value = row.text(index);
        if (value != null) {
            add(value, 1);
            if (texts != null) {
                texts.add(value, parts);
            }
        }
    }

    private void add(String value, long more) {
        long id = id(value);
        if (!known.count(id, more)) {
            known.add(id, KnownValues.mix(id), more, shown(value));
        }
    }

    static String shown(String value) {
        if (value.length() <= LONGEST_NAME) {
            return value;
        }
        int end = LONGEST_NAME - 1;
        return value.substring(0, Character.isHighSurrogate(value.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /** Whether a text that is shown may be the beginning of another one. */
    static boolean isShortened(String shown) {
        return shown.length() >= LONGEST_NAME - 1 && shown.endsWith("…");
    }

    /** A hash of 64 bits: among a million different texts, two have the same in one case of 30 million. */
    static long id(String text) {
        long hash = 0x9E37_79B9_7F4A_7C15L + text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
            hash ^= hash >>> 29;
        }
        return KnownValues.mix(hash);
    }

    private void flush() {
        for (int code = 0; code < ofCode.length; code++) {
            if (ofCode[code] > 0) {
                add(feature.categories().get(code), ofCode[code]);
                ofCode[code] = 0;
            }
        }
    }

    @Override
    public void add(Facts other) {
        WordFacts facts = (WordFacts) other;
        flush();
        count += facts.count;
        outside += facts.outside;
        known.add(facts.known);
        parts.add(facts.parts);
        if (texts != null) {
            texts.add(facts.tokens);
        }
    }

    @Override
    public WordFacts facts() {
        flush();
        return new WordFacts(
                count, outside, known.sorted(), parts.facts(), texts == null ? new long[0] : texts.tokens());
    }
}
