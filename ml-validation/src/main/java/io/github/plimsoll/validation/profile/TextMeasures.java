package io.github.plimsoll.validation.profile;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Takes texts apart: words, and characters by their class. For profiles, and for whoever watches live traffic. Reading a text costs
 * some nanoseconds a character and allocates nothing. Not thread-safe.
 *
 * @since 0.1
 */
public final class TextMeasures {

    /** The class of letters and of the marks on them. */
    public static final int LETTERS = 0;

    /** The class of digits. */
    public static final int DIGITS = 1;

    /** The class of spaces and line ends. */
    public static final int SPACES = 2;

    /** The class of all others but emoji. */
    public static final int SYMBOLS = 3;

    /** The class of emoji. */
    public static final int EMOJI = 4;

    /** How many classes there are. */
    public static final int CLASSES = 5;

    private static final int WORD_BITS = 16;

    /** How many different hashes words have. */
    public static final int WORD_HASHES = 1 << WORD_BITS;

    private final IntConsumer onWord;
    private final long[] inText = new long[CLASSES];
    private int length;
    private int words;

    /**
     * Measures that tell of each word.
     *
     * @param onWord called with a hash of each word, from 0 to {@link #WORD_HASHES} - 1, whatever its case
     */
    public TextMeasures(IntConsumer onWord) {
        this.onWord = onWord;
    }

    /**
     * Measures a text.
     *
     * @param text the text
     */
    public void read(String text) {
        Arrays.fill(inText, 0);
        length = 0;
        words = 0;
        long word = 0; // the hash so far, 0 between words
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            length++;
            int kind = kind(c);
            inText[kind]++;
            if (kind <= DIGITS) {
                word = ((word == 0 ? 1 : word) ^ Character.toLowerCase(c)) * 0x100_0000_01B3L;
            }
            if (word != 0 && (kind > DIGITS || i == text.length())) {
                onWord.accept((int) (Mixer.mix(word) >>> (64 - WORD_BITS)));
                word = 0;
                words++;
            }
        }
    }

    /**
     * The length of the text.
     *
     * @return a number of code points
     */
    public int length() {
        return length;
    }

    /**
     * How many words the text has: runs of letters and digits.
     *
     * @return a number >= 0
     */
    public int words() {
        return words;
    }

    /**
     * The share of the text's code points that are of a class.
     *
     * @param kind a number from 0 to {@link #CLASSES} - 1
     * @return a number from 0 to 1; NaN for an empty text
     */
    public double share(int kind) {
        return (double) inText[kind] / length;
    }

    private static int kind(int c) {
        if (c < 0x80) {
            int lower = c | 0x20;
            if (lower >= 'a' && lower <= 'z') {
                return LETTERS;
            }
            return c >= '0' && c <= '9' ? DIGITS : c == ' ' || (c >= 9 && c <= 13) ? SPACES : SYMBOLS;
        }
        if (Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK) {
            return isEmoji(c) ? EMOJI : LETTERS;
        }
        if (Character.isDigit(c)) {
            return DIGITS;
        }
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            return SPACES;
        }
        return isEmoji(c) ? EMOJI : SYMBOLS;
    }

    /** The blocks of pictures, and the symbols that are shown as pictures by default; joiners and selectors do not count. */
    private static boolean isEmoji(int c) {
        return (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x1F1E6 && c <= 0x1F1FF) || (c >= 0x2600 && c <= 0x27BF);
    }
}
