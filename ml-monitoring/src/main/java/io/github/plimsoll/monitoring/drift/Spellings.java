package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.drift.Finding.Spelling.Change;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells names that are known ones written in another way. Each way is a form in which the differences it makes are gone; what
 * differs in the least of them is named. Immutable.
 */
final class Spellings {

    private static final int EXAMPLES = 3;
    private static final Pattern SPACES = Pattern.compile("[\\p{Z}\\s]+");
    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{N}]");
    private static final Pattern UNWRITTEN = Pattern.compile("[\\uFFFD?]+|[^\\x00-\\x7F]+");
    private static final Charset[] SINGLE_BYTE = singleByte();

    private final Map<String, String> known = new HashMap<>();
    private final Map<Change, Map<String, String>> byForm = new EnumMap<>(Change.class);

    /** For the names of the baseline. */
    Spellings(Collection<String> names) {
        names.forEach(name -> known.put(name, name));
        for (Change change : new Change[] {Change.CASE, Change.WHITESPACE, Change.NORMALIZATION, Change.PUNCTUATION}) {
            Map<String, String> forms = new HashMap<>();
            names.stream()
                    .sorted()
                    .forEach(name -> forms.putIfAbsent(form(change).apply(name), name));
            byForm.put(change, forms);
        }
        Map<String, String> masked = new HashMap<>();
        names.stream()
                .sorted()
                .filter(name -> !name.chars().allMatch(c -> c < 128))
                .forEach(name -> masked.putIfAbsent(masked(name), name));
        byForm.put(Change.ENCODING, masked);
    }

    private static Charset[] singleByte() {
        return Charset.isSupported("windows-1252") // which a JDK may be built without
                ? new Charset[] {StandardCharsets.ISO_8859_1, Charset.forName("windows-1252")}
                : new Charset[] {StandardCharsets.ISO_8859_1};
    }

    private static UnaryOperator<String> form(Change change) {
        return switch (change) {
            case CASE -> name -> name.toLowerCase(Locale.ROOT);
            case WHITESPACE -> name -> SPACES.matcher(name).replaceAll("");
            case NORMALIZATION -> name -> Normalizer.normalize(name, Normalizer.Form.NFKC);
            case ENCODING, PUNCTUATION ->
                name -> NO_LETTERS
                        .matcher(
                                Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT))
                        .replaceAll("");
        };
    }

    /** A known name, and in what another differs from it. */
    private record Match(Change change, String name) {}

    /**
     * The way in which most of some unknown names, given with how often each occurred, are written, if more than half of their
     * occurrences are known names; else null.
     */
    Finding.@Nullable Spelling of(String column, Map<String, Integer> unknown) {
        Map<Change, Integer> occurrences = new EnumMap<>(Change.class);
        Map<Change, Map<String, String>> examples = new EnumMap<>(Change.class);
        int all = 0;
        int matched = 0;
        for (Map.Entry<String, Integer> entry : unknown.entrySet()) {
            Match match = match(entry.getKey());
            all += entry.getValue();
            if (match != null) {
                matched += entry.getValue();
                occurrences.merge(match.change, entry.getValue(), Integer::sum);
                Map<String, String> shown = examples.computeIfAbsent(match.change, unused -> new LinkedHashMap<>());
                if (shown.size() < EXAMPLES) {
                    shown.put(entry.getKey(), match.name);
                }
            }
        }
        if (matched * 2 <= all) {
            return null;
        }
        Change most = occurrences.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        return new Finding.Spelling(column, most, examples.getOrDefault(most, Map.of()));
    }

    private @Nullable Match match(String name) {
        String decoded = decoded(name);
        if (decoded != null) {
            return new Match(Change.ENCODING, decoded);
        }
        for (Change change : new Change[] {Change.CASE, Change.WHITESPACE, Change.NORMALIZATION, Change.PUNCTUATION}) {
            String found = matched(change, form(change).apply(name));
            if (found != null) {
                return new Match(change, found);
            }
        }
        String found =
                name.indexOf('?') < 0 && name.indexOf('\uFFFD') < 0 ? null : matched(Change.ENCODING, masked(name));
        return found == null ? null : new Match(Change.ENCODING, found);
    }

    private @Nullable String matched(Change change, String form) {
        Map<String, String> forms = byForm.get(change);
        return form.isEmpty() || forms == null ? null : forms.get(form);
    }

    /** The known name whose bytes in UTF-8 were read as single-byte characters, or the other way round. */
    private @Nullable String decoded(String name) {
        for (Charset singleByte : SINGLE_BYTE) {
            for (String other : new String[] {
                new String(name.getBytes(singleByte), StandardCharsets.UTF_8),
                new String(name.getBytes(StandardCharsets.UTF_8), singleByte)
            }) {
                if (!other.equals(name) && known.containsKey(other)) {
                    return other;
                }
            }
        }
        return null;
    }

    /** A name with one question mark for each run of characters that ASCII has not. */
    private static String masked(String name) {
        return UNWRITTEN.matcher(name).replaceAll("?");
    }
}
