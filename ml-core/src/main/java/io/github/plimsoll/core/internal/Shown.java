package io.github.plimsoll.core.internal;

/** Makes text from a file or a server fit for a message: one line, not long, and nothing that changes how it is shown. */
public final class Shown {

    private static final int LIMIT = 120; // code points

    private Shown() {}

    /**
     * The text, with a question mark for each control and format character and for line ends, cut after 120 characters.
     *
     * @param text any text
     * @return a text for a message
     */
    public static String text(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(LIMIT).forEach(c -> safe.appendCodePoint(isHarmless(c) ? c : '?'));
        return text.codePointCount(0, text.length()) > LIMIT
                ? safe.append("...").toString()
                : safe.toString();
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
