package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.Correlation;
import io.github.plimsoll.validation.stats.CramersV;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How strongly two features tell each other. */
final class Association {

    /** The most columns whose pairs are looked at. */
    static final int MOST_COLUMNS = 150;

    private static final int MOST_ROWS = 5_000;
    private static final int MOST_CATEGORIES = 50;
    private static final int FEWEST_ROWS = 30;
    private static final double STRONG = 0.9;
    private static final double REDUNDANT = 0.99;

    private Association() {}

    /** Compares a column with those after it. */
    static List<Finding> of(List<Sample.Column> columns, int first, int rows) {
        List<Finding> found = new ArrayList<>();
        Sample.Column a = columns.get(first);
        for (int second = first + 1; second < columns.size(); second++) {
            Sample.Column b = columns.get(second);
            Finding finding = pair(a, b, rows);
            if (finding != null) {
                found.add(finding);
            }
        }
        return found;
    }

    private static @Nullable Finding pair(Sample.Column a, Sample.Column b, int rows) {
        // Every so-manieth row: the sample is in the table's order, which a cut at its head would prefer.
        int step = (rows + MOST_ROWS - 1) / MOST_ROWS;
        IntPredicate both = row -> row % step == 0 && isPresent(a, row) && isPresent(b, row);
        int[] at = IntStream.range(0, rows).filter(both).toArray();
        if (at.length < FEWEST_ROWS) {
            return null;
        }
        String words;
        double strength;
        if (a.isNumber() && b.isNumber()) {
            double[] x = Arrays.stream(at).mapToDouble(row -> a.numbers()[row]).toArray();
            double[] y = Arrays.stream(at).mapToDouble(row -> b.numbers()[row]).toArray();
            double pearson = Correlation.pearson(x, y);
            double spearman = Correlation.spearman(x, y);
            words = "Pearson's correlation " + shown(pearson) + ", Spearman's " + shown(spearman);
            strength = Math.max(Math.abs(pearson), Math.abs(spearman));
        } else if (a.isNumber() || b.isNumber()) {
            strength = a.isNumber() ? ratio(b, a, at) : ratio(a, b, at);
            words = "correlation ratio " + shown(strength);
        } else {
            strength = cramer(a, b, at);
            words = "Cramer's V " + shown(strength);
        }
        if (!(strength >= STRONG)) { // NaN for constant columns
            return null;
        }
        return new Finding(
                Kind.CORRELATED,
                strength >= REDUNDANT ? Severity.WARNING : Severity.INFO,
                List.of(a.name(), b.name()),
                0,
                0,
                strength,
                words,
                List.of());
    }

    private static String shown(double strength) {
        return String.valueOf(Math.round(strength * 1000) / 1000.0);
    }

    private static boolean isPresent(Sample.Column column, int row) {
        return column.isNumber() ? !Double.isNaN(column.numbers()[row]) : column.codes()[row] != Sample.MISSING;
    }

    /** NaN if there are too many categories for the rows to tell anything. */
    private static double ratio(Sample.Column category, Sample.Column number, int[] at) {
        int groups = category.categories().size();
        if (groups > MOST_CATEGORIES) {
            return Double.NaN;
        }
        double[][] values = new double[groups][];
        for (int code = 1; code <= groups; code++) {
            int group = code;
            values[code - 1] = Arrays.stream(at)
                    .filter(row -> category.codes()[row] == group)
                    .mapToDouble(row -> number.numbers()[row])
                    .toArray();
        }
        return Correlation.ratio(values);
    }

    private static double cramer(Sample.Column a, Sample.Column b, int[] at) {
        int rows = a.categories().size();
        int columns = b.categories().size();
        if (rows > MOST_CATEGORIES || columns > MOST_CATEGORIES) {
            return Double.NaN;
        }
        long[][] counts = new long[rows][columns];
        for (int row : at) {
            counts[a.codes()[row] - 1][b.codes()[row] - 1]++;
        }
        long[][] filled = withoutEmpty(counts);
        return filled.length < 2 || filled[0].length < 2 ? Double.NaN : CramersV.biasCorrected(filled, Correction.NONE);
    }

    private static long[][] withoutEmpty(long[][] counts) {
        int[] columns = IntStream.range(0, counts[0].length)
                .filter(column -> Arrays.stream(counts).anyMatch(row -> row[column] > 0))
                .toArray();
        return Arrays.stream(counts)
                .filter(row -> Arrays.stream(row).anyMatch(count -> count > 0))
                .map(row ->
                        Arrays.stream(columns).mapToLong(column -> row[column]).toArray())
                .toArray(long[][]::new);
    }
}
