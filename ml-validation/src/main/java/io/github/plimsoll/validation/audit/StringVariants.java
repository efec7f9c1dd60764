package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.audit.ColumnScan.Occurrences;
import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Anomaly.Example;
import io.github.plimsoll.validation.internal.Characters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts of one column that probably mean the same. */
final class StringVariants {

    private static final int SHOWN = 40;
    private static final int MOST_FREQUENT = 500;
    private static final int FEWEST_LETTERS = 5;
    private static final int TIMES_AS_FREQUENT = 50;

    private record Text(String text, String appearance, long count, long line) {}

    private StringVariants() {}

    static List<Finding> of(ColumnScan column) {
        Map<Object, Occurrences> values = column.values();
        if (values == null) {
            return List.of();
        }
        Map<String, List<Text>> alike = new LinkedHashMap<>();
        for (Map.Entry<Object, Occurrences> value : values.entrySet()) {
            if (value.getKey() instanceof String text) {
                String appearance = Characters.appearance(text);
                alike.computeIfAbsent(appearance, unseen -> new ArrayList<>())
                        .add(new Text(text, appearance, value.getValue().count, value.getValue().line));
            }
        }
        List<Finding> found = new ArrayList<>();
        List<Text> usual = new ArrayList<>(); // the most frequent text of each appearance
        List<Example> examples = new ArrayList<>();
        long count = 0;
        for (List<Text> group : alike.values()) {
            group.sort(Comparator.comparingLong(Text::count).reversed());
            Text most = group.get(0);
            usual.add(most);
            for (Text variant : group.subList(1, group.size())) {
                count += variant.count;
                example(examples, column, variant, most);
            }
        }
        if (count > 0) {
            String sentence = count + (count == 1 ? " value that looks" : " values that look") + " like another";
            found.add(finding(column, Severity.WARNING, count, sentence, examples));
        }
        typos(column, usual, found);
        return found;
    }

    private static void typos(ColumnScan column, List<Text> texts, List<Finding> found) {
        List<Text> ordered = texts.stream()
                .sorted(Comparator.comparingLong(Text::count).reversed())
                .toList();
        List<Text> frequent = ordered.subList(0, Math.min(ordered.size(), MOST_FREQUENT));
        List<Example> examples = new ArrayList<>();
        long count = 0;
        for (Text rare : ordered) {
            if (rare.appearance.length() < FEWEST_LETTERS) {
                continue;
            }
            for (Text usual : frequent) {
                if (usual.count < TIMES_AS_FREQUENT * rare.count) {
                    break; // the rest is rarer still
                }
                if (isOneLetterAway(rare.appearance, usual.appearance)) {
                    count += rare.count;
                    example(examples, column, rare, usual);
                    break;
                }
            }
        }
        if (count > 0) {
            String sentence =
                    count + (count == 1 ? " rare value" : " rare values") + " one letter away from a frequent one";
            found.add(finding(column, Severity.INFO, count, sentence, examples));
        }
    }

    /** Whether two texts differ by one letter that is replaced, left out, put in, or changed over with its neighbour. */
    static boolean isOneLetterAway(String a, String b) {
        if (a.length() > b.length()) {
            return isOneLetterAway(b, a);
        }
        int head = 0;
        while (head < a.length() && a.charAt(head) == b.charAt(head)) {
            head++;
        }
        int tail = 0;
        while (tail < a.length() - head && a.charAt(a.length() - 1 - tail) == b.charAt(b.length() - 1 - tail)) {
            tail++;
        }
        String left = a.substring(head, a.length() - tail);
        String right = b.substring(head, b.length() - tail);
        if (!left.chars().allMatch(Character::isLetter) || !right.chars().allMatch(Character::isLetter)) {
            return false; // "Q1" and "Q2" are two things
        }
        boolean one = right.length() == 1; // replaced, or put in where nothing was
        boolean swapped = left.length() == 2
                && right.length() == 2
                && left.charAt(0) == right.charAt(1)
                && left.charAt(1) == right.charAt(0);
        return one || swapped;
    }

    private static void example(List<Example> examples, ColumnScan column, Text variant, Text usual) {
        if (examples.size() < Anomaly.MOST_EXAMPLES) {
            String shown = column.hidden
                    ? "(sensitive)"
                    : Characters.spelledOut(variant.text, SHOWN) + " for " + Characters.spelledOut(usual.text, SHOWN);
            examples.add(new Example(variant.line, shown));
        }
    }

    private static Finding finding(
            ColumnScan column, Severity severity, long count, String sentence, List<Example> examples) {
        return new Finding(
                Kind.STRING_VARIANTS,
                severity,
                List.of(column.name),
                count,
                (double) count / column.present(),
                Double.NaN,
                sentence,
                examples);
    }
}
