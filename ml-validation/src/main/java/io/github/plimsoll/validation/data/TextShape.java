package io.github.plimsoll.validation.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that texts have in common: runs of capitals, of small letters, of digits, and other characters as they are. Texts
 * whose runs are not of the same kinds in the same order have no form in common. Only ASCII counts as letters and digits.
 */
final class TextShape {

    private static final int LONGEST = 64;

    /** A run: its kind ('A', 'a', '9', or the character itself) and how long it is at least and at most. */
    private static final class Run {

        private final char kind;
        private int least;
        private int most;

        private Run(char kind, int length) {
            this.kind = kind;
            this.least = length;
            this.most = length;
        }
    }

    private @Nullable List<Run> runs;
    private boolean irregular;

    void add(String text) {
        if (irregular) {
            return;
        }
        if (text.isEmpty() || text.length() > LONGEST) {
            irregular = true;
            return;
        }
        List<Run> found = runs(text);
        if (runs == null) {
            runs = found;
            return;
        }
        if (found.size() != runs.size()) {
            irregular = true;
            return;
        }
        for (int i = 0; i < found.size(); i++) {
            Run run = runs.get(i);
            Run other = found.get(i);
            if (run.kind != other.kind) {
                irregular = true;
                return;
            }
            run.least = Math.min(run.least, other.least);
            run.most = Math.max(run.most, other.most);
        }
    }

    private static List<Run> runs(String text) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            char kind = kind(text.charAt(i));
            Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null && last.kind == kind) {
                last.least++;
                last.most++;
            } else {
                runs.add(new Run(kind, 1));
            }
        }
        return runs;
    }

    private static char kind(char c) {
        if (c >= '0' && c <= '9') {
            return '9';
        }
        if (c >= 'A' && c <= 'Z') {
            return 'A';
        }
        return c >= 'a' && c <= 'z' ? 'a' : c;
    }

    /**
     * The form as a regular expression; null if there is none, or if it says nothing: one run of letters alone, which any word
     * has.
     */
    @Nullable
    String regex() {
        if (irregular || runs == null || runs.stream().allMatch(run -> run.kind == 'a' || run.kind == 'A')) {
            return null;
        }
        StringBuilder regex = new StringBuilder();
        for (Run run : runs) {
            regex.append(
                    switch (run.kind) {
                        case '9' -> "[0-9]";
                        case 'A' -> "[A-Z]";
                        case 'a' -> "[a-z]";
                        default -> "\\.[]{}()<>*+-=!?^$|&".indexOf(run.kind) >= 0 ? "\\" + run.kind : "" + run.kind;
                    });
            if (run.least != run.most) {
                regex.append('+');
            } else if (run.least > 1) {
                regex.append('{').append(run.least).append('}');
            }
        }
        return regex.toString();
    }
}
