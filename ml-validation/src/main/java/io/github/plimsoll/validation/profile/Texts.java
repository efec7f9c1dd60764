package io.github.plimsoll.validation.profile;

import java.util.List;

/** Counts the measures of texts, and knows their tokens. */
final class Texts {

    static final List<String> PARTS =
            List.of("length", "tokens", "letters", "digits", "spaces", "symbols", "emoji", "unseen tokens");

    static final int TOKEN_WORDS = TextMeasures.WORD_HASHES / Long.SIZE;

    private static final int LETTERS = 2;
    private static final int UNSEEN = 7;

    private final long[] seen; // the bits of another profile's tokens, or none
    private final long[] tokens = new long[TOKEN_WORDS];
    private final TextMeasures measures = new TextMeasures(this::addToken);
    private int unseen;

    Texts(long[] seen) {
        this.seen = seen;
    }

    void add(long[] others) {
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] |= others[i];
        }
    }

    long[] tokens() {
        return tokens.clone();
    }

    private void addToken(int bit) {
        tokens[bit >>> 6] |= 1L << bit;
        if (seen.length > 0 && (seen[bit >>> 6] & (1L << bit)) == 0) {
            unseen++;
        }
    }

    /** Adds the parts of a text and the bits of its tokens. */
    void add(String text, Parts parts) {
        unseen = 0;
        measures.read(text);
        parts.add(0, measures.length());
        parts.add(1, measures.words());
        for (int kind = 0; kind < TextMeasures.CLASSES && measures.length() > 0; kind++) {
            parts.add(LETTERS + kind, measures.share(kind));
        }
        if (seen.length > 0 && measures.words() > 0) {
            parts.add(UNSEEN, (double) unseen / measures.words());
        }
    }
}
