package io.github.plimsoll.validation.profile;

import java.util.Arrays;
import java.util.List;

/** Takes texts apart: tokens, and characters by their class. */
final class Texts {

    static final List<String> PARTS =
            List.of("length", "tokens", "letters", "digits", "spaces", "symbols", "emoji", "unseen tokens");

    private static final int TOKEN_BITS = 16;
    static final int TOKEN_WORDS = 1 << (TOKEN_BITS - 6);

    private static final int LETTERS = 2;
    private static final int CLASSES = 5;
    private static final int UNSEEN = 7;

    private final long[] seen; // the bits of another profile's tokens, or none
    private final long[] tokens = new long[TOKEN_WORDS];
    private final long[] inText = new long[CLASSES];

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

    /** Adds the parts of a text and the bits of its tokens. */
    void add(String text, Parts parts) {
        Arrays.fill(inText, 0);
        int length = 0;
        int found = 0;
        int unseen = 0;
        long token = 0; // the hash so far, 0 between tokens
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            length++;
            int kind = kind(c);
            inText[kind]++;
            if (kind < 2) {
                token = ((token == 0 ? 1 : token) ^ Character.toLowerCase(c)) * 0x100_0000_01B3L;
            }
            if (token != 0 && (kind >= 2 || i == text.length())) {
                int bit = (int) (KnownValues.mix(token) >>> (64 - TOKEN_BITS));
                token = 0;
                found++;
                tokens[bit >>> 6] |= 1L << bit;
                if (seen.length > 0 && (seen[bit >>> 6] & (1L << bit)) == 0) {
                    unseen++;
                }
            }
        }
        parts.add(0, length);
        parts.add(1, found);
        for (int kind = 0; kind < CLASSES && length > 0; kind++) {
            parts.add(LETTERS + kind, (double) inText[kind] / length);
        }
        if (seen.length > 0 && found > 0) {
            parts.add(UNSEEN, (double) unseen / found);
        }
    }

    private static int kind(int c) {
        if (c < 0x80) {
            int lower = c | 0x20;
            if (lower >= 'a' && lower <= 'z') {
                return 0;
            }
            return c >= '0' && c <= '9' ? 1 : c == ' ' || (c >= 9 && c <= 13) ? 2 : 3;
        }
        if (Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK) {
            return isEmoji(c) ? 4 : 0;
        }
        if (Character.isDigit(c)) {
            return 1;
        }
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            return 2;
        }
        return isEmoji(c) ? 4 : 3;
    }

    /** The blocks of pictures, and the symbols that are shown as pictures by default; joiners and selectors do not count. */
    private static boolean isEmoji(int c) {
        return (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x1F1E6 && c <= 0x1F1FF) || (c >= 0x2600 && c <= 0x27BF);
    }
}
