package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns that tell the label better than they should. */
final class Leaks {

    private static final List<Severity> SEVERITIES = List.of(Severity.ERROR, Severity.WARNING, Severity.INFO);
    private static final double[] OF_CLASSES = {0.95, 0.8, 0.5};
    private static final double[] OF_NUMBERS = {0.99, 0.9, Double.POSITIVE_INFINITY};
    private static final double[] OF_PAIRS = {0.95, 0.8, Double.POSITIVE_INFINITY};
    private static final double[] OF_IDENTIFIERS = {0.5, 0.1, Double.POSITIVE_INFINITY};
    private static final int PREFIX = 4;
    private static final int MOST_PAIRED = 24; // features, so 276 pairs
    private static final int PAIR_CELLS = 16; // of each of the two
    private static final double MOST_ALONE = 0.5; // of what both foretell
    private static final int MOST_DIGITS = 15;

    private Leaks() {}

    /** What a feature alone foretells. */
    static double strength(Sample.Column column, Label label) {
        return label.foretoldBy(column.cells(label.cells()));
    }

    static List<Finding> ofFeature(Sample.Column column, Label label, double strength) {
        return finding(
                Kind.LEAK,
                column,
                strength,
                label.isNumber() ? OF_NUMBERS : OF_CLASSES,
                "alone foretells " + ColumnFindings.percent(Math.max(0, strength)) + " of the label");
    }

    /**
     * Pairs of features that foretell what neither does alone.
     *
     * @param strengths what each feature foretells alone
     */
    static List<Finding> ofPairs(List<Map.Entry<Sample.Column, Double>> strengths, Label label) {
        List<Map.Entry<Sample.Column, Double>> tried = strengths.stream()
                .sorted(Map.Entry.<Sample.Column, Double>comparingByValue().reversed())
                .limit(MOST_PAIRED)
                .toList();
        List<int[]> cells =
                tried.stream().map(entry -> entry.getKey().cells(PAIR_CELLS)).toList();
        List<Finding> found = new ArrayList<>();
        for (int i = 0; i < tried.size(); i++) {
            for (int j = i + 1; j < tried.size(); j++) {
                TableScan.checkInterrupt();
                double strength = label.foretoldBy(together(cells.get(i), cells.get(j)));
                double alone = Math.max(tried.get(i).getValue(), tried.get(j).getValue());
                if (alone < MOST_ALONE * strength) {
                    found.addAll(finding(
                            Kind.PAIR_LEAK,
                            List.of(
                                    tried.get(i).getKey().name(),
                                    tried.get(j).getKey().name()),
                            strength,
                            label.isNumber() ? OF_NUMBERS : OF_PAIRS,
                            "together foretell " + ColumnFindings.percent(strength) + " of the label, alone at most "
                                    + ColumnFindings.percent(Math.max(0, alone))));
                }
            }
        }
        return found;
    }

    private static int[] together(int[] first, int[] second) {
        int[] cells = new int[first.length];
        for (int row = 0; row < cells.length; row++) {
            cells[row] = first[row] * (PAIR_CELLS + 1) + second[row];
        }
        return cells;
    }

    /** An identifier as its number, as the number at its end, and as its first characters, whichever tells most. */
    static List<Finding> ofIdentifier(Sample.Column column, Label label) {
        double strength = strength(column, label);
        if (!column.isNumber()) {
            double[] numbers = Arrays.stream(column.codes())
                    .mapToDouble(code -> trailingNumber(text(column, code)))
                    .toArray();
            Sample.Column asNumber = new Sample.Column(column.scan(), true, numbers, List.of(), new int[0]);
            strength = Math.max(strength, strength(asNumber, label));
            Map<String, Integer> prefixes = new HashMap<>();
            int[] cells = Arrays.stream(column.codes())
                    .map(code -> {
                        String text = text(column, code);
                        String prefix = text.substring(0, Math.min(PREFIX, text.length()));
                        return prefixes.computeIfAbsent(prefix, unseen -> prefixes.size());
                    })
                    .toArray();
            strength = Math.max(strength, label.foretoldBy(cells));
        }
        return finding(
                Kind.IDENTIFIER_LEAK,
                column,
                strength,
                OF_IDENTIFIERS,
                "an identifier that foretells " + ColumnFindings.percent(Math.max(0, strength)) + " of the label");
    }

    private static String text(Sample.Column column, int code) {
        return code == Sample.MISSING ? "" : column.categories().get(code - 1).toString();
    }

    private static double trailingNumber(String text) {
        int from = text.length();
        while (from > 0 && text.length() - from < MOST_DIGITS && Character.isDigit(text.charAt(from - 1))) {
            from--;
        }
        return from == text.length() ? Double.NaN : Double.parseDouble(text.substring(from));
    }

    private static List<Finding> finding(
            Kind kind, Sample.Column column, double strength, double[] limits, String sentence) {
        return finding(kind, List.of(column.name()), strength, limits, sentence);
    }

    private static List<Finding> finding(
            Kind kind, List<String> columns, double strength, double[] limits, String sentence) {
        @Nullable Severity severity = null;
        for (int i = 0; i < limits.length && severity == null; i++) {
            severity = strength >= limits[i] ? SEVERITIES.get(i) : null;
        }
        List<Finding> found = new ArrayList<>();
        if (severity != null) {
            found.add(new Finding(kind, severity, columns, 0, 0, strength, sentence, List.of()));
        }
        return found;
    }
}
