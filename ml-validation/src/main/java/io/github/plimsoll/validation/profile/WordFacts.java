package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureType;
import java.util.List;

/** What is known of the categories or texts of one feature. */
final class WordFacts implements Facts {

    final long count;
    final long outside;
    final KnownValues.Sorted known;
    final List<NumberFacts> parts; // of texts only
    final long[] tokens; // a bit for each hash of a token

    WordFacts(long count, long outside, KnownValues.Sorted known, List<NumberFacts> parts, long[] tokens) {
        this.count = count;
        this.outside = outside;
        this.known = known;
        this.parts = parts;
        this.tokens = tokens;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long outside() {
        return outside;
    }

    @Override
    public void write(FieldWriter out) {
        out.whole("count", count);
        out.whole("outside", outside);
        known.writeTexts(out);
        Parts.write(parts, out);
        out.wholes("tokens", tokens);
    }

    static WordFacts read(FeatureType type, FieldReader in) {
        long count = in.count("count");
        long outside = in.count("outside");
        KnownValues.Sorted known = KnownValues.Sorted.readTexts(in, WordTally.MOST_KNOWN);
        boolean text = type == FeatureType.TEXT;
        List<NumberFacts> parts = Parts.read(in, text ? Texts.PARTS.size() : 0);
        long[] tokens = in.wholes("tokens");
        if (tokens.length != (text ? Texts.TOKEN_WORDS : 0)) {
            throw in.problem("tokens", tokens.length, text ? Texts.TOKEN_WORDS + " numbers" : "none");
        }
        return new WordFacts(count, outside, known, parts, tokens);
    }
}
