package io.github.plimsoll.validation.internal;

import java.text.Normalizer;
import java.util.Locale;

/** What a text looks like to a reader, and what in it no reader sees. */
public final class Characters {

    // Letters that are drawn as Latin ones in usual fonts: Cyrillic, Greek and Armenian of Unicode's list of
    // confusables (UTS 39), lower-case after folding; what NFKC folds already (full width, mathematical) is not here.
    private static final String LOOKING =
            "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d"
                    + "\u04bb\u04cf\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u0570\u0578\u057d\u0585"
                    + "\u0131\u0261";
    private static final String LIKE = "abekmhopctyxsijdqw" + "hlaeikvoptux" + "hnuo" + "ig";

    private static final int MOST_ACCENTS = 30;

    private Characters() {}

    /**
     * What a text looks like: two texts of one appearance are, to a reader, the same. Case, width, composed or decomposed accents, hidden
     * characters, look-alike letters of other scripts, runs of spaces, and a hyphen or underscore between letters or digits for a space make no
     * difference; other punctuation does.
     */
    public static String appearance(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isHidden(c)).forEach(visible::appendCodePoint);
        String folded = Normalizer.normalize(visible, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT) // down, up and down: some letters have two forms in one of the cases
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT)
                .replace('\u03c2', '\u03c3'); // the sigma that ends a word has a form of its own
        folded = Normalizer.normalize(folded, Normalizer.Form.NFKC); // changing case may have taken letters apart
        StringBuilder seen = new StringBuilder(folded.length());
        for (int i = 0; i < folded.length(); ) {
            int c = folded.codePointAt(i);
            int width = Character.charCount(c);
            int like = LOOKING.indexOf(c);
            boolean joins = (c == '-' || c == '_')
                    && i > 0
                    && i + width < folded.length()
                    && Character.isLetterOrDigit(folded.codePointBefore(i))
                    && Character.isLetterOrDigit(folded.codePointAt(i + width));
            if (joins || Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                if (!seen.isEmpty() && seen.charAt(seen.length() - 1) != ' ') {
                    seen.append(' ');
                }
            } else if (like >= 0) {
                seen.append(LIKE.charAt(like));
            } else {
                seen.appendCodePoint(c);
            }
            i += width;
        }
        int end = seen.length();
        String trimmed = seen.substring(0, end > 0 && seen.charAt(end - 1) == ' ' ? end - 1 : end);
        return Normalizer.normalize(trimmed, Normalizer.Form.NFC); // accents may have got letters that take them
    }

    /**
     * Whether a character is not seen, or changes how others are seen: controls but for tab and line breaks, format characters such as those of
     * zero width or of direction, half a surrogate pair, and what Unicode says is no character.
     */
    public static boolean isHidden(int c) {
        if (c < 0x7f) {
            return c < ' ' && c != '\t' && c != '\n' && c != '\r';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> true;
            case Character.UNASSIGNED -> (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
            default -> false;
        };
    }

    /**
     * Where a text stops being sound: at half a surrogate pair, which no encoding has; at a control other than white space, or what Unicode says
     * is no character; at the thirty-first accent in a row, where text ends that is safe for streams (Unicode Standard Annex 15).
     *
     * @param plain whether it also stops at any character that is hidden, and at a letter of another script that looks like a Latin one in a word
     *     with Latin letters
     * @return an index, or -1 if all is sound
     */
    public static int firstUnsound(String text, boolean plain) {
        int accents = 0;
        boolean latin = false; // since the word began
        int lookAlike = -1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean ascii = c >= ' ' && c < 0x7f;
            accents = !ascii && isAccent(c) ? accents + 1 : 0;
            if (accents > MOST_ACCENTS || (!ascii && isUnsound(c, plain))) {
                return i;
            }
            if (plain) {
                boolean letter = ascii ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : Character.isLetter(c) || accents > 0;
                latin = letter && (latin || ascii);
                boolean foreign = !ascii && LOOKING.indexOf(Character.toLowerCase(c)) >= 0 && !isLatin(c);
                lookAlike = !letter ? -1 : foreign && lookAlike < 0 ? i : lookAlike;
                if (latin && lookAlike >= 0) {
                    return lookAlike;
                }
            }
            i += Character.charCount(c);
        }
        return -1;
    }

    private static boolean isUnsound(int c, boolean plain) {
        boolean space = Character.isWhitespace(c) || c == 0x85;
        return !space && isHidden(c) && (plain || Character.getType(c) != Character.FORMAT);
    }

    private static boolean isAccent(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean isLatin(int c) {
        return Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN;
    }

    /** A text on one line in quotes, shortened, with what cannot be seen, or looks like a letter of the script around it, as its code. */
    public static String shown(String text, int most) {
        boolean latin = text.chars().anyMatch(c -> (c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        return quoted(text, most, latin);
    }

    /** As {@link #shown}, with every letter that looks like a Latin one as its code, to be told from a text of Latin ones. */
    public static String spelledOut(String text, int most) {
        return quoted(text, most, true);
    }

    private static String quoted(String text, int most, boolean lookAlikes) {
        StringBuilder shown = new StringBuilder("'");
        int i = 0;
        while (i < text.length() && shown.length() <= most) {
            int c = text.codePointAt(i);
            boolean space = c != ' ' && (Character.isWhitespace(c) || Character.isSpaceChar(c));
            boolean lookAlike = lookAlikes && LOOKING.indexOf(Character.toLowerCase(c)) >= 0;
            if (isHidden(c) || space || lookAlike) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return shown.append(i < text.length() ? "...'" : "'").toString();
    }
}
