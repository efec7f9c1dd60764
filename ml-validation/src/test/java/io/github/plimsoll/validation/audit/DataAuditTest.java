package io.github.plimsoll.validation.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.Anomaly.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataAuditTest {

    private static final String[] CITIES = {"Lisbon", "Porto", "Braga", "Coimbra", "Faro"};

    /** Loans without a fault: 4,000 rows, of which a model could tell nearly every label. */
    private static List<Map<String, Object>> loans(long seed) {
        Random random = new Random(seed);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            double income = Math.exp(10 + 0.5 * random.nextGaussian());
            double debt = random.nextDouble();
            String city = CITIES[random.nextInt(CITIES.length)];
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("income", income);
            row.put("debt", debt);
            row.put("city", city);
            row.put("employed", random.nextInt(5) > 0);
            row.put("age", 18 + random.nextInt(60));
            row.put("defaulted", random.nextDouble() < 1 / (1 + Math.exp(-risk(row))) ? "yes" : "no");
            rows.add(row);
        }
        return rows;
    }

    private static double risk(Map<String, Object> row) {
        return 40 * ((double) row.get("debt") - 0.5)
                + (row.get("city").equals("Faro") ? 4 : 0)
                - 6 * (Math.log((double) row.get("income")) - 10);
    }

    private static DataAudit audit(List<Map<String, Object>> rows) {
        return DataAudit.of(Table.rows(rows)).label("defaulted");
    }

    private static List<Finding> found(AuditReport report, Kind kind) {
        return report.findings().stream()
                .filter(finding -> finding.kind() == kind)
                .toList();
    }

    private static Finding only(AuditReport report, Kind kind) {
        List<Finding> found = found(report, kind);
        assertThat(found).as(report.toString()).hasSize(1);
        return found.get(0);
    }

    @Test
    void aRowThatIsWrittenInAnotherWayIsANearDuplicate() {
        List<Map<String, Object>> rows = loans(1);
        Map<String, Object> written = new LinkedHashMap<>(rows.get(6));
        written.put("city", " " + rows.get(6).get("city").toString().toUpperCase(Locale.ROOT));
        written.put("income", (double) ((Double) rows.get(6).get("income")).floatValue());
        rows.add(written);
        rows.add(rows.get(7)); // a duplicate, and no near one
        Map<String, Object> older = new LinkedHashMap<>(rows.get(8));
        older.merge("age", 1, (age, more) -> (int) age + (int) more);
        rows.add(older);
        Map<String, Object> other = new LinkedHashMap<>(rows.get(9));
        other.merge("income", 1e-5, (income, more) -> (double) income * (1 + (double) more));
        rows.add(other);

        AuditReport report = audit(rows).run();

        Finding near = only(report, Kind.NEAR_DUPLICATES);
        assertThat(near.count()).isEqualTo(1);
        assertThat(near.severity()).isEqualTo(Severity.INFO);
        assertThat(near.examples())
                .containsExactly(new Example(4_001, "the row of line 7 but for case, spaces or last digits"));
        assertThat(only(report, Kind.DUPLICATES).count()).isEqualTo(1);
        assertThat(found(audit(loans(1)).run(), Kind.NEAR_DUPLICATES)).isEmpty();
    }

    @Test
    void twoFeaturesThatTellTheLabelOnlyTogetherAreALeak() {
        Random random = new Random(5);
        List<Map<String, Object>> rows = loans(1);
        for (Map<String, Object> row : rows) {
            boolean key = random.nextBoolean();
            row.put("key", key ? "a" : "b");
            row.put("lock", key == row.get("defaulted").equals("yes") ? "c" : "d");
        }

        Finding leak = only(audit(rows).run(), Kind.PAIR_LEAK);

        assertThat(leak.columns()).containsExactlyInAnyOrder("key", "lock");
        assertThat(leak.severity()).isEqualTo(Severity.ERROR);
        assertThat(leak.strength()).isGreaterThan(0.99);
        assertThat(found(audit(loans(1)).run(), Kind.PAIR_LEAK)).isEmpty();
    }

    @Test
    void twoFeaturesWhoseSumIsTheNumberToBeForetoldAreALeakOfBoth() {
        Random random = new Random(6);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            int first = random.nextInt(8);
            int second = random.nextInt(8);
            rows.add(Map.of("first", first, "second", second, "distance", Math.abs(first - second) + 0.5));
        }

        Finding leak = only(
                DataAudit.of(Table.rows(rows)).label(Feature.number("distance")).run(), Kind.PAIR_LEAK);

        assertThat(leak.columns()).containsExactlyInAnyOrder("first", "second");
        assertThat(leak.severity()).isEqualTo(Severity.ERROR);
    }

    @Test
    void findsNothingAboveInformationInACleanTable() {
        for (long seed = 1; seed <= 3; seed++) {
            AuditReport report =
                    audit(loans(seed)).testing(Table.rows(loans(seed + 100))).run();

            assertThat(report.findings(Severity.WARNING)).isEmpty();
            assertThat(report.rows()).isEqualTo(4_000);
            assertThat(report.limits()).isEmpty();
        }
    }

    @Test
    void countsMissingValues() {
        List<Map<String, Object>> rows = loans(1);
        rows.get(10).put("city", null);
        rows.get(20).remove("city");
        for (int i = 0; i < 400; i++) {
            rows.get(i).put("debt", Double.NaN);
        }
        rows.forEach(row -> row.put("fax", null));

        List<Finding> missing = found(audit(rows).run(), Kind.MISSING);

        assertThat(missing)
                .extracting(finding -> finding.columns().get(0) + " " + finding.severity() + " " + finding.count())
                .containsExactly("fax ERROR 4000", "debt WARNING 400", "city INFO 2");
        assertThat(missing.get(2).examples()).extracting(Example::line).containsExactly(11L, 21L);
        assertThat(missing.get(1).sentence()).isEqualTo("10 % of the cells have no value, 400 of them are NaN");
        assertThat(missing.get(1).examples()).hasSize(10);
    }

    @Test
    void findsRepeatsWhateverTheirIdentifiers() {
        List<Map<String, Object>> rows = loans(1);
        for (int i = 0; i < 60; i++) {
            rows.set(3_000 + i, new LinkedHashMap<>(rows.get(i)));
        }
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).put("id", "L" + (i * 7919 % 100_003));
        }

        Finding repeats = only(audit(rows).identifier("id").run(), Kind.DUPLICATES);

        assertThat(repeats.count()).isEqualTo(60);
        assertThat(repeats.severity()).isEqualTo(Severity.WARNING);
        assertThat(repeats.examples().get(0)).isEqualTo(new Example(3_001, "the row of line 1 again"));
        assertThat(found(audit(rows).run(), Kind.DUPLICATES)).isEmpty();
        assertThat(only(audit(rows).run(), Kind.IDENTIFIER).columns()).containsExactly("id");
    }

    @Test
    void findsEqualRowsWithOtherLabels() {
        List<Map<String, Object>> rows = loans(1);
        for (int i = 0; i < 30; i++) {
            Map<String, Object> twin = new LinkedHashMap<>(rows.get(i));
            twin.put("defaulted", twin.get("defaulted").equals("yes") ? "no" : "yes");
            rows.set(3_000 + i, twin);
        }

        Finding conflicts = only(audit(rows).run(), Kind.CONFLICTS);

        assertThat(conflicts.count()).isEqualTo(60);
        assertThat(conflicts.share()).isEqualTo(0.015);
        assertThat(conflicts.examples().get(0).line()).isEqualTo(3_001);
        assertThat(conflicts.examples().get(0).observed()).matches("label '(yes|no)' for the features of line 1");
    }

    @Test
    void findsAFeatureThatIsNearlyTheLabel() {
        List<Map<String, Object>> rows = loans(1);
        Random random = new Random(9);
        for (Map<String, Object> row : rows) {
            boolean yes = row.get("defaulted").equals("yes");
            row.put("sent_to_collection", random.nextInt(200) == 0 ? !yes : yes);
            row.put("collected", yes ? random.nextDouble() * 500 : null); // that it is there at all tells
        }

        AuditReport report = audit(rows).run();

        assertThat(found(report, Kind.LEAK))
                .extracting(finding -> finding.severity() + " " + finding.columns())
                .containsExactly("ERROR [sent_to_collection]", "ERROR [collected]", "INFO [debt]");
        assertThat(found(report, Kind.LEAK).get(1).strength()).isGreaterThan(0.98);
    }

    @Test
    void findsAFeatureThatIsNearlyANumberToForetell() {
        List<Map<String, Object>> rows = loans(1);
        Random random = new Random(9);
        rows.forEach(row -> row.put("salary", (double) row.get("income") * (12 + random.nextGaussian() / 10)));

        AuditReport report = DataAudit.of(Table.rows(rows)).label("income").run();

        assertThat(only(report, Kind.LEAK).columns()).containsExactly("salary");
        assertThat(only(report, Kind.LEAK).severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void findsAnIdentifierThatTellsTheLabel() {
        List<Map<String, Object>> rows = loans(1);
        for (int i = 0; i < rows.size(); i++) {
            boolean yes = rows.get(i).get("defaulted").equals("yes");
            rows.get(i).put("clean", i * 7919L % 100_003);
            rows.get(i).put("sorted", (yes ? "A-" : "B-") + (yes ? 10_000 + i : 90_000 + i));
        }

        Finding leak = only(audit(rows).identifier("clean", "sorted").run(), Kind.IDENTIFIER_LEAK);

        assertThat(leak.columns()).containsExactly("sorted");
        assertThat(leak.severity()).isEqualTo(Severity.ERROR);
    }

    @Test
    void findsTestRowsAmongTrainingRows() {
        List<Map<String, Object>> rows = loans(1);
        List<Map<String, Object>> testing = loans(2).subList(0, 1_000);
        for (int i = 0; i < 50; i++) {
            Map<String, Object> copy = new LinkedHashMap<>(rows.get(i));
            copy.remove("defaulted");
            testing.set(100 + i, copy);
        }

        Finding overlap = only(audit(rows).testing(Table.rows(testing)).run(), Kind.OVERLAP);

        assertThat(overlap.severity()).isEqualTo(Severity.WARNING);
        assertThat(overlap.count()).isEqualTo(50);
        assertThat(overlap.examples().get(0))
                .isEqualTo(new Example(101, "the features of line 1 of the training rows"));
    }

    @Test
    void tellsColumnsThatOnlyOneTableHas() {
        List<Map<String, Object>> testing = loans(2);
        testing.forEach(row -> {
            row.remove("age");
            row.put("years", 40);
        });

        assertThat(found(audit(loans(1)).testing(Table.rows(testing)).run(), Kind.COLUMNS))
                .extracting(Finding::toString)
                .containsExactly(
                        "age: columns: only among the training rows", "years: columns: only among the test rows");
    }

    @Test
    void findsWhatCouldNotBeKnownInTime() {
        List<Map<String, Object>> rows = loans(1);
        List<Map<String, Object>> testing = loans(2);
        for (int i = 0; i < 4_000; i++) {
            rows.get(i).put("applied", "2024-01-%02dT12:%02d:%02dZ".formatted(1 + i / 200, i / 60 % 60, i % 60));
            rows.get(i).put("born", "1980-01-%02d".formatted(1 + i % 28));
            rows.get(i).put("closed", "2024-02-01");
            testing.get(i).putAll(rows.get(i));
            testing.get(i).put("applied", i < 40 ? "2024-01-05T00:00:00Z" : "2024-03-01T00:00:00Z");
        }

        List<Finding> leaks =
                found(audit(rows).time("applied").testing(Table.rows(testing)).run(), Kind.TIME_LEAK);

        assertThat(leaks).extracting(Finding::columns).containsExactly(List.of("closed"), List.of("applied"));
        assertThat(leaks.get(0).count()).isEqualTo(4_000);
        assertThat(leaks.get(1).count()).isEqualTo(40);
        assertThat(leaks.get(1).examples().get(0)).isEqualTo(new Example(1, "2024-01-05T00:00:00Z"));
    }

    @Test
    void findsARareClass() {
        List<Map<String, Object>> rows = loans(1);
        rows.forEach(row -> row.put("defaulted", "no"));

        assertThat(only(audit(rows).run(), Kind.CLASS_BALANCE).severity()).isEqualTo(Severity.ERROR);

        for (int i = 0; i < 100; i++) {
            rows.get(i * 17).put("defaulted", "yes");
        }

        assertThat(only(audit(rows).run(), Kind.CLASS_BALANCE).toString())
                .isEqualTo(
                        "defaulted: class-balance: 100 rows of the rarest of 2 classes, 'yes', against 3900 of 'no', "
                                + "such as 'yes' in line 1");
    }

    @Test
    void findsOutliersFarBeyondTheTail() {
        List<Map<String, Object>> rows = loans(1);
        rows.get(7).put("income", 9e7);
        rows.get(8).put("age", -999);

        List<Finding> outliers = found(audit(rows).run(), Kind.OUTLIERS);

        assertThat(outliers)
                .extracting(finding -> finding.columns().get(0) + " " + finding.severity() + " " + finding.examples())
                .containsExactly(
                        "income WARNING [Example[line=8, observed=90000000]]",
                        "age WARNING [Example[line=9, observed=-999]]");
        rows.get(9).put("debt", Double.POSITIVE_INFINITY);
        assertThat(found(audit(rows).run(), Kind.OUTLIERS)).hasSize(3);
    }

    @Test
    void findsMixedTypes() {
        List<Map<String, Object>> rows = loans(1);
        rows.get(5).put("age", "about 40");
        rows.get(6).put("age", "2024-01-05");
        rows.get(7).put("city", 4710);

        List<Finding> mixed = found(audit(rows).run(), Kind.MIXED_TYPES);

        assertThat(mixed)
                .extracting(Finding::toString)
                .containsExactly(
                        "age: mixed-types: 1 time among 3998 numbers, such as 2024-01-05T00:00:00Z in line 7",
                        "age: mixed-types: 1 text among 3998 numbers, such as 'about 40' in line 6",
                        "city: mixed-types: 1 number among 3999 texts, such as 4710 in line 8");
        assertThat(mixed)
                .extracting(Finding::severity)
                .containsExactly(Severity.WARNING, Severity.WARNING, Severity.INFO);
    }

    @Test
    void findsTextsThatLookAlikeAndRareOnesThatAreNearlyFrequentOnes() {
        String[] variants = {"LISBON", " Lisbon", "Li\u200bsbon", "Lisb\u043en", "\uff2cisbon", "Lisbon\u00a0"};
        List<Map<String, Object>> rows = loans(1);
        for (int i = 0; i < variants.length; i++) {
            rows.get(i).put("city", variants[i]);
        }
        rows.get(50).put("city", "Coimbar");
        rows.get(51).put("city", "Porto 2");

        List<Finding> found = found(audit(rows).run(), Kind.STRING_VARIANTS);

        assertThat(found).extracting(Finding::severity).containsExactly(Severity.WARNING, Severity.INFO);
        assertThat(found.get(0).count()).isEqualTo(variants.length);
        assertThat(found.get(0).examples())
                .extracting(Example::observed)
                .contains("'Li\\u200bsbon' for 'Lisbon'", "'Lisb\\u043en' for 'Lisbon'", "'LISBON' for 'Lisbon'");
        assertThat(found.get(1).examples()).containsExactly(new Example(51, "'Coimbar' for 'Coimbra'"));
    }

    @Test
    void findsPairsThatTellEachOther() {
        List<Map<String, Object>> rows = loans(1);
        for (Map<String, Object> row : rows) {
            row.put("born", 2024 - (int) row.get("age"));
            row.put("district", "D-" + row.get("city"));
            row.put(
                    "latitude",
                    ((String) row.get("city")).length() * 1.5 + row.get("city").hashCode() % 7);
        }

        assertThat(found(audit(rows).run(), Kind.CORRELATED))
                .extracting(finding -> finding.columns() + " " + finding.sentence() + " " + finding.severity())
                .containsExactly(
                        "[city, district] Cramer's V 1.0 WARNING",
                        "[city, latitude] correlation ratio 1.0 WARNING",
                        "[age, born] Pearson's correlation -1.0, Spearman's -1.0 WARNING",
                        "[district, latitude] correlation ratio 1.0 WARNING");
    }

    @Test
    void findsConstants() {
        List<Map<String, Object>> rows = loans(1);
        rows.forEach(row -> {
            row.put("country", "PT");
            row.put("version", 1);
        });
        rows.get(3).put("version", 2);

        assertThat(found(audit(rows).run(), Kind.CONSTANT))
                .extracting(finding -> finding.severity() + " " + finding)
                .containsExactly(
                        "WARNING country: constant: every value is 'PT'",
                        "INFO version: constant: 100 % of the values are 1");
    }

    @Test
    void suspectsLabelsThatWereFlipped() {
        List<Map<String, Object>> rows = loans(1);
        List<Integer> flipped = new ArrayList<>();
        for (int i = 0; i < rows.size(); i += 20) { // where the truth is plain
            double risk = risk(rows.get(i));
            if (Math.abs(risk) > 9) {
                rows.get(i).put("defaulted", risk < 0 ? "yes" : "no");
                flipped.add(i + 1);
            }
        }

        Finding errors = only(audit(rows).run(), Kind.LABEL_ERRORS);

        assertThat(errors.examples())
                .hasSize(10)
                .allSatisfy(example -> assertThat(flipped).contains((int) example.line()));
        assertThat(errors.examples().get(0).observed())
                .matches("'(yes|no)', rather '(yes|no)' with probability (1.0|0.9\\d)");
        assertThat(errors.count()).isBetween((long) (0.9 * flipped.size()), 8L * flipped.size());
    }

    @Test
    void warnsOfFlippedLabelsWhereTheFeaturesTellTheClassesApart() {
        Random random = new Random(4);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            double x = random.nextDouble();
            boolean flip = i % 60 == 0;
            rows.add(Map.of("x", x, "y", random.nextInt(7), "label", x > 0.5 != flip ? "up" : "down"));
        }

        Finding errors = only(DataAudit.of(Table.rows(rows)).label("label").run(), Kind.LABEL_ERRORS);

        assertThat(errors.severity()).isEqualTo(Severity.WARNING);
        assertThat(errors.count()).isBetween(45L, 55L);
    }

    @Test
    void hidesSensitiveValues() {
        List<Map<String, Object>> rows = loans(1);
        rows.get(3).put("age", "secret-1");
        rows.get(4).put("income", 8.7654e9);
        rows.get(5).put("city", "secret-2");
        rows.get(6).put("city", "LISBON");
        rows.forEach(row -> row.put("iban", "secret-3"));
        rows.get(7).put("defaulted", "secret-4");

        AuditReport report = DataAudit.of(Table.rows(rows))
                .label(Feature.category("defaulted").sensitive())
                .sensitive("age", "income", "city", "iban")
                .run();

        assertThat(report.findings()).hasSizeGreaterThan(4);
        assertThat(report.toString() + report.toJson())
                .doesNotContain("secret", "876", "LISBON", "'yes'")
                .contains("(sensitive)");
    }

    @Test
    void saysTheSameOnSeveralThreadsAndInAnyRun() {
        List<Map<String, Object>> rows = loans(1);
        rows.forEach(row -> row.put("double", 2 * (double) row.get("debt")));
        rows.get(7).put("income", 9e7);
        DataAudit audit = audit(rows).sampling(1_000, 42);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            AuditReport report = audit.run();

            assertThat(audit.on(executor).run().toJson()).isEqualTo(report.toJson());
            assertThat(report.sampled()).isEqualTo(1_000);
            assertThat(found(report, Kind.OUTLIERS)).hasSize(1); // wherever the sample falls
            assertThat(audit(rows).sampling(1_000, 43).run().toJson()).isNotEqualTo(report.toJson());
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void reportsForMachinesAndForPeople(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "a,b\n" + "1,x\n2,\n3,z\n3,z\n" + "ragged\n");

        AuditReport report = DataAudit.of(Table.csv(file).skipping(1)).run();

        assertThat(report.toString().replace(folder + "/", "")).isEqualTo("""
            t.csv: 4 rows, 1 unreadable, 2 findings
              warning b: missing: 25 % of the cells have no value, such as null in line 3
              warning rows: duplicates: 1 row was there before, such as the row of line 4 again in line 5\
            """);
        JsonNode json = JsonMapper.builder().build().readTree(report.toJson());
        assertThat(json.at("/findings/1/kind").asText()).isEqualTo("duplicates");
        assertThat(json.at("/findings/1/examples/0/line").asInt()).isEqualTo(5);
        assertThat(json.at("/findings/0/columns/0").asText()).isEqualTo("b");
        assertThat(json.at("/findings/0/share").asDouble()).isEqualTo(0.25, within(0.0));
        assertThat(json.at("/findings/0").has("strength")).isFalse();
        assertThat(json.at("/unreadable").asInt()).isEqualTo(1);
    }

    @Test
    void saysWhatWasBounded() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < ColumnScan.MOST_VALUES + 1; i++) {
            rows.add(Map.of("note", "note " + Integer.toHexString(i * 7919)));
        }

        assertThat(DataAudit.of(Table.rows(rows)).run().limits())
                .containsExactly("too many or too long texts to look for variants in note");
    }

    @Test
    void keepsOfLongTextsOnlyWhatTellsThemApart() {
        String book = "x".repeat(500_000);
        List<Map<String, Object>> rows =
                List.of(Map.of("book", book + "a"), Map.of("book", book + "b"), Map.of("book", book + "a"));

        AuditReport report = DataAudit.of(Table.rows(rows)).run();

        assertThat(only(report, Kind.DUPLICATES).count()).isEqualTo(1);
        assertThat(report.toJson()).hasSizeLessThan(2_000);
    }

    @Test
    void saysWhenALabelHasTooManyClassesAndATableTooManyColumns() {
        List<Map<String, Object>> rows = loans(1);
        for (int i = 0; i < 300; i++) {
            rows.get(i).put("defaulted", "class " + i);
        }
        for (int i = 0; i < 160; i++) {
            rows.get(0).put("extra" + i, "x");
        }

        assertThat(audit(rows).run().limits())
                .containsExactly(
                        "pairs were compared of the first 150 features",
                        "the label has more than 200 classes: nothing was looked for that foretells them");
    }

    @Test
    void copesWithTablesThatHoldNextToNothing(@TempDir Path folder) throws IOException {
        Path header = Files.writeString(folder.resolve("h.csv"), "a,y\n");
        Path one = Files.writeString(folder.resolve("one.csv"), "a,y\n1,2\n");

        assertThat(DataAudit.of(Table.csv(header)).label("y").run().findings()).isEmpty();
        assertThat(DataAudit.of(Table.csv(one)).label("y").run().findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.CLASS_BALANCE);
        assertThat(DataAudit.of(Table.rows(List.of())).label("y").run().rows()).isZero();
    }

    @Test
    void refusesWhatCannotBeMeant() {
        DataAudit audit = DataAudit.of(Table.rows(loans(1)));

        assertThatIllegalStateException()
                .isThrownBy(() -> audit.label("default").run())
                .withMessageStartingWith("label: 'default' is no column of ")
                .withMessageContaining("(expected: one of [income, debt,");
        assertThatIllegalStateException()
                .isThrownBy(() -> audit.label("age").identifier("age").run())
                .withMessage("label: 'age' (expected: no column that is something else)");
        assertThatIllegalStateException()
                .isThrownBy(() -> audit.identifier("nr").run())
                .withMessageStartingWith("identifier: 'nr'");
        assertThatIllegalArgumentException().isThrownBy(() -> audit.label(Feature.text("age")));
        assertThatIllegalArgumentException().isThrownBy(() -> audit.sampling(99, 0));
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> audit(loans(1)).run());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void doesNotDependOnTheOrderOfColumns() {
        List<Map<String, Object>> rows = loans(1);
        rows.get(7).put("income", 9e7);
        List<Map<String, Object>> turned = rows.stream()
                .map(row -> {
                    List<String> names = new ArrayList<>(row.keySet());
                    Collections.reverse(names);
                    Map<String, Object> other = new LinkedHashMap<>();
                    names.forEach(name -> other.put(name, row.get(name)));
                    return other;
                })
                .toList();

        assertThat(audit(rows).testing(Table.rows(turned)).run().findings(Severity.ERROR))
                .extracting(Finding::kind)
                .containsExactly(Kind.OVERLAP);
        assertThat(Stream.of(rows, turned)
                        .map(table -> only(audit(table).run(), Kind.OUTLIERS))
                        .distinct())
                .hasSize(1);
    }
}
