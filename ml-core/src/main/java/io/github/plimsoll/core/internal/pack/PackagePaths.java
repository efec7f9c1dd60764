package io.github.plimsoll.core.internal.pack;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which paths a manifest, a signature or an archive may name: relative ones with forward slashes that mean the same file on
 * every system and never leave the folder.
 */
public final class PackagePaths {

    private static final int LONGEST = 512;
    private static final int LONGEST_SEGMENT = 200;
    private static final int DEEPEST = 16;

    /** Names that Windows takes for devices, with any ending. */
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private PackagePaths() {}

    /**
     * Why a path may not be named.
     *
     * @param path the path
     * @return the reason in words, or null if it may be named
     */
    public static @Nullable String objection(String path) {
        if (path.isEmpty() || path.length() > LONGEST) {
            return path.isEmpty() ? "is empty" : "has " + path.length() + " characters";
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' || c == ':' || c == '*' || c == '?' || c == '"' || c == '<' || c == '>' || c == '|') {
                return "has a '" + c + "'";
            }
            if (Character.isISOControl(c)) {
                return "has the control character U+" + String.format(Locale.ROOT, "%04X", (int) c);
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < path.length()
                        && Character.isLowSurrogate(path.charAt(i + 1));
                if (!pair) {
                    return "is not well-formed text";
                }
                i++;
            }
        }
        String[] segments = path.split("/", -1);
        if (segments.length > DEEPEST) {
            return "is " + segments.length + " levels deep";
        }
        for (String segment : segments) {
            if (segment.isEmpty()) {
                return path.startsWith("/") ? "is absolute" : "has an empty segment";
            }
            if (segment.equals("..") || segment.equals(".")) {
                return "has a segment '" + segment + "'";
            }
            if (segment.endsWith(".") || segment.endsWith(" ") || segment.startsWith(" ")) {
                return "has a segment that begins or ends with a space, or ends with a dot";
            }
            if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT) {
                return "has a segment of more than " + LONGEST_SEGMENT + " bytes";
            }
            int dot = segment.indexOf('.');
            if (DEVICES.contains((dot < 0 ? segment : segment.substring(0, dot)).toLowerCase(Locale.ROOT))) {
                return "names a Windows device";
            }
        }
        try {
            return Path.of(path).isAbsolute() ? "is absolute" : null;
        } catch (InvalidPathException e) {
            return "cannot be written in this system's character set";
        }
    }

    /** The rule, for messages. */
    static String expected() {
        return "a path within the folder, such as data/model.onnx";
    }
}
