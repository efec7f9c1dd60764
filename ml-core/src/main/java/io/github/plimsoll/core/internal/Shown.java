package io.github.plimsoll.core.internal;

/** Makes text from a file or a server fit for a message: one line, not long. */
final class Shown {

    private static final int LIMIT = 120;

    private Shown() {}

    static String text(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), LIMIT); i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return text.length() > LIMIT ? safe.append("...").toString() : safe.toString();
    }
}
