package io.github.plimsoll.validation.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.audit.Finding.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class DataAuditPropertiesTest {

    /** Rows of few values, so that many are equal. */
    @Provide
    Arbitrary<List<Map<String, Object>>> tables() {
        Arbitrary<Object> cells = Arbitraries.of(1, 2.5, "x", "X ", "2024-01-05", -0.0, 0, Double.POSITIVE_INFINITY);
        return Combinators.combine(cells.injectNull(0.2), cells.injectNull(0.2), Arbitraries.of("yes", "no"))
                .as((a, b, label) -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("a", a);
                    row.put("b", b);
                    row.put("label", label);
                    return row;
                })
                .list()
                .ofMaxSize(60);
    }

    private static long count(AuditReport report, Kind kind) {
        return report.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .mapToLong(Finding::count)
                .sum();
    }

    private static String text(Map<String, Object> row, boolean withLabel) {
        Object a = row.get("a");
        Object b = row.get("b");
        return number(a) + "|" + number(b) + (withLabel ? "|" + row.get("label") : "");
    }

    private static Object number(Object value) {
        return value instanceof Number number ? (Object) (number.doubleValue() + 0.0) : value;
    }

    @Property(tries = 300)
    void countsRepeatsAndConflictsAsTheSlowWayDoes(@ForAll("tables") List<Map<String, Object>> rows) {
        Set<String> different = new HashSet<>();
        Map<String, Set<Object>> labels = new HashMap<>();
        for (Map<String, Object> row : rows) {
            different.add(text(row, true));
            labels.computeIfAbsent(text(row, false), features -> new HashSet<>())
                    .add(row.get("label"));
        }
        long conflicting = rows.stream()
                .filter(row -> labels.get(text(row, false)).size() > 1)
                .count();

        AuditReport report = DataAudit.of(Table.rows(rows)).label("label").run();

        assertThat(count(report, Kind.DUPLICATES)).isEqualTo(rows.size() - different.size());
        assertThat(count(report, Kind.CONFLICTS)).isEqualTo(conflicting);
        assertThat(count(report, Kind.MISSING))
                .isEqualTo(rows.stream()
                        .mapToLong(row -> (row.get("a") == null ? 1 : 0) + (row.get("b") == null ? 1 : 0))
                        .sum());
    }

    @Property(tries = 300)
    void everyRowOfTheTrainingTableIsFoundAmongTheTestRows(@ForAll("tables") List<Map<String, Object>> rows) {
        AuditReport report = DataAudit.of(Table.rows(rows))
                .label("label")
                .testing(Table.rows(rows))
                .run();

        assertThat(count(report, Kind.OVERLAP)).isEqualTo(rows.size());
        assertThat(report.findings()).isSortedAccordingTo((x, y) -> x.severity().compareTo(y.severity()));
        assertThat(report.findings()).allSatisfy(finding -> {
            assertThat(finding.share()).isBetween(0.0, 1.0);
            assertThat(finding.examples()).hasSizeLessThanOrEqualTo(10);
        });
    }

    @Property
    void oneLetterAwayIsADistanceOfOne(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 6) String a,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 6) String b) {
        assertThat(StringVariants.isOneLetterAway(a, b)).isEqualTo(distance(a, b) == 1);
        assertThat(StringVariants.isOneLetterAway(b, a)).isEqualTo(distance(a, b) == 1);
    }

    @Property
    void aDigitMoreOrLessIsAnotherThing(@ForAll @AlphaChars @StringLength(min = 1, max = 6) String name) {
        assertThat(StringVariants.isOneLetterAway(name + "1", name + "2")).isFalse();
        assertThat(StringVariants.isOneLetterAway(name, name + "2")).isFalse();
    }

    /** Damerau and Levenshtein's distance, restricted to edits that do not overlap. */
    private static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        IntStream.rangeClosed(0, a.length()).forEach(i -> edits[i][0] = i);
        IntStream.rangeClosed(0, b.length()).forEach(j -> edits[0][j] = j);
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
