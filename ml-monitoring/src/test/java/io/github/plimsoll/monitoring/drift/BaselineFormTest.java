package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The written form of a baseline: {@code golden/baseline-v1.plb} is what {@link #writeGolden} made. */
class BaselineFormTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("amount"),
            Feature.integer("items").nullable(),
            Feature.category("country"),
            Feature.bool("known"),
            Feature.text("note").nullable(),
            Feature.timestamp("at"),
            Feature.tensor("signal", 4),
            Feature.category("iban").sensitive(),
            Feature.number("salary").sensitive());
    private static final Baseline INDEPENDENT = baseline(1, 0, 1);
    private static final Baseline TIME_ORDERED = baseline(2, 20, 7.5);

    /** Purchases whose amount wanders by some amount from row to row. */
    private static final class Purchases {

        private final SplittableRandom random;
        private final double wandering;
        private double level;
        private long rows;

        private Purchases(long seed, double wandering) {
            random = new SplittableRandom(seed);
            this.wandering = wandering;
        }

        private Map<String, Object> next() {
            level = 0.99 * level + wandering * (random.nextDouble() - 0.5);
            Map<String, Object> row = new HashMap<>();
            row.put("amount", Math.rint(100 * (50 + level + 10 * random.nextDouble())) / 100);
            row.put("items", random.nextInt(10) == 0 ? null : (Object) random.nextLong(1, 6));
            row.put("country", "country " + (int) (1 / random.nextDouble(0.01, 1)));
            row.put("known", random.nextBoolean());
            row.put("note", random.nextBoolean() ? null : "hello " + (char) ('a' + random.nextInt(26)) + '!');
            row.put("signal", random.doubles(4).toArray());
            row.put("at", Instant.EPOCH.plusSeconds(3_600 * rows++));
            row.put("iban", "GB" + random.nextInt(1_000_000));
            row.put("salary", 31_337.25);
            return row;
        }

        private double score(Map<String, Object> row) {
            return (double) row.get("amount") / 100;
        }
    }

    private static Baseline baseline(long seed, double wandering, double outcomeScale) {
        var purchases = new Purchases(seed, wandering);
        var builder = Baseline.builder(SCHEMA.features()).windowRows(100);
        for (int i = 0; i < 1_200; i++) {
            Map<String, Object> row = purchases.next();
            double score = purchases.score(row);
            double outcome = purchases.random.nextDouble() < score ? outcomeScale : 0;
            if (wandering > 0) {
                builder.add(SCHEMA.read(row), score, outcome);
            } else {
                builder.add(SCHEMA.read(row), classes(purchases.random, score), outcome, (Instant) row.get("at"));
            }
        }
        return builder.build();
    }

    private static ClassProbabilities classes(SplittableRandom random, double confidence) {
        double[] probabilities = {(1 - confidence) / 2, (1 - confidence) / 2, (1 - confidence) / 2};
        probabilities[random.nextInt(3)] = confidence;
        return ClassProbabilities.of(List.of("kept", "returned", "lost"), probabilities);
    }

    /** Replays a stream that breaks at the end, with outcomes. */
    private static List<Object> replay(Baseline baseline, double wandering) {
        var monitor = WindowMonitor.against(baseline, 1, 100);
        var purchases = new Purchases(3, wandering);
        List<Object> said = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Window window = monitor.window();
            double[] scores = new double[100];
            double[] outcomes = new double[100];
            for (int j = 0; j < 100; j++) {
                Map<String, Object> row = purchases.next();
                scores[j] = purchases.score(row);
                outcomes[j] = purchases.random.nextDouble() < (i == 15 ? 0.1 : scores[j]) ? 1 : 0;
                if (i == 18) {
                    row.put("amount", (double) row.get("amount") * 100);
                    row.put("country", ((String) row.get("country")).toUpperCase(java.util.Locale.ROOT));
                }
                window.add(SCHEMA.read(row), scores[j], (Instant) row.get("at"));
            }
            WindowReport report = monitor.close(window);
            said.add(report);
            said.add(monitor.outcomes(report.window(), scores, outcomes));
        }
        return said;
    }

    @Test
    void aBaselineThatWasReadDecidesAsTheOneThatWasWritten() {
        assertThat(TIME_ORDERED.isTimeOrdered()).isTrue();
        assertThat(INDEPENDENT.isTimeOrdered()).isFalse();

        for (Baseline baseline : List.of(INDEPENDENT, TIME_ORDERED)) {
            double wandering = baseline.isTimeOrdered() ? 20 : 0;
            Baseline read = Baseline.of(baseline.toBytes());

            assertThat(read).isEqualTo(baseline).hasSameHashCodeAs(baseline);
            assertThat(read.toBytes()).isEqualTo(baseline.toBytes());
            assertThat(read.toString()).isEqualTo(baseline.toString());
            List<Object> said = replay(baseline, wandering);
            assertThat(replay(read, wandering)).isEqualTo(said);
            assertThat(said.toString()).contains("category case in country");
        }
        assertThat(INDEPENDENT).isNotEqualTo(TIME_ORDERED);
    }

    @Test
    void theFormOfVersion1IsReadAndWritten(@TempDir Path folder) throws IOException {
        Path golden = Path.of("src/test/resources/golden/baseline-v1.plb");
        Baseline read = Baseline.read(golden);

        assertThat(read.rows()).isEqualTo(1_200);
        assertThat(read.windowRows()).isEqualTo(100);
        assertThat(read.isTimeOrdered()).isTrue();
        assertThat(read.features())
                .containsExactly("amount", "items", "country", "known", "note", "at", "signal", "iban", "salary");
        assertThat(read).isEqualTo(TIME_ORDERED);

        read.write(folder.resolve("again"));
        assertThat(folder.resolve("again")).hasSameBinaryContentAs(golden);
    }

    /** Made the golden file. */
    static void writeGolden(Path file) {
        TIME_ORDERED.write(file);
    }

    @Test
    void noValueOfASensitiveFeatureIsInTheFile() {
        byte[] bytes = INDEPENDENT.toBytes();

        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                .contains("iban", "country 1")
                .doesNotContain("GB");
        byte[] salary = ByteBuffer.allocate(8).putDouble(31_337.25).array();
        for (int i = 0; i + 8 <= bytes.length; i++) {
            assertThat(Arrays.equals(bytes, i, i + 8, salary, 0, 8)).isFalse();
        }
    }

    @Test
    void whatIsNoBaselineOrANewerOneIsRefused(@TempDir Path folder) throws IOException {
        byte[] newer = INDEPENDENT.toBytes();
        newer[4] = 2;
        Path file = Files.write(folder.resolve("baseline.plb"), newer);

        assertThatThrownBy(() -> Baseline.read(file))
                .isInstanceOf(DriftFormatException.class)
                .hasMessage(file + ": baseline: version 2 (expected: 1)");
        assertThatThrownBy(() -> Baseline.of("{\"format\": 1}".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("baseline: not a baseline (expected: bytes that begin with PLBL)");
        assertThatThrownBy(() -> Baseline.of(new byte[0])).hasMessageContaining("not a baseline");
        assertThatThrownBy(() -> Baseline.read(folder.resolve("none"))).hasMessageContaining("cannot read");
        newer[4] = 1;
        newer[500] ^= 1;
        assertThatThrownBy(() -> Baseline.of(newer)).hasMessageContaining("damaged");
    }

    /** Damage that the checksum does not show, as a faulty or hostile writer would do it. */
    @Property(tries = 300)
    void whateverTheBytesAreTheyAreReadOrRefused(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        byte[] bytes = INDEPENDENT.toBytes();
        int changes = random.nextInt(1, 4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(5, bytes.length - 4)] = (byte) random.nextInt();
        }
        if (random.nextInt(3) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(9, bytes.length));
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());

        Baseline read = null;
        try {
            read = Baseline.of(bytes);
        } catch (DriftFormatException refused) {
            assertThat(refused).hasMessageStartingWith("baseline: ");
        }

        if (read != null) {
            assertThat(read.toBytes()).hasSizeGreaterThan(100);
        }
    }

    @Test
    void aTableIsReadLikeItsRows(@TempDir Path folder) throws IOException {
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.number("a"), Feature.category("b"));
        var ofRows = Baseline.builder(schema.features()).windowRows(50);
        List<String> lines = new ArrayList<>(List.of("id,a,b,score,label"));
        var random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            double a = random.nextInt(1_000) / 8.0;
            String b = "b" + random.nextInt(3);
            String label = random.nextBoolean() ? "yes" : "no";
            lines.add(i + "," + a + ',' + b + ",0.5," + label);
            ofRows.add(schema.read(Map.of("a", a, "b", b)), 0.5, label.equals("yes") ? 1 : 0);
        }
        Path file = Files.write(folder.resolve("history.csv"), lines);

        var ofTable = Baseline.builder(schema.features())
                .windowRows(50)
                .addAll(
                        Table.csv(file),
                        row -> row.number("score"),
                        row -> Objects.equals(row.text("label"), "yes") ? 1 : 0);

        assertThat(ofTable.rows()).isEqualTo(200);
        assertThat(ofTable.build()).isEqualTo(ofRows.build());
    }

    @Test
    void tooLittleIsRefusedAndSaysHowLittle() {
        Schema<double[]> schema = Schema.ofDoubles(1);
        var builder = Baseline.builder(schema.features()).windowRows(60);
        for (int i = 0; i < 119; i++) {
            builder.add(schema.read(new double[] {i}), Double.NaN, Double.NaN);
        }

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("baseline: 119 rows (expected: >= 100 and at least two windows of 60, better ten)");
        assertThatThrownBy(() -> Baseline.builder(List.of())).hasMessageContaining("features: none");
        assertThatThrownBy(() -> Baseline.builder(List.of(Feature.number("a"), Feature.bool("a"))))
                .hasMessageContaining("given twice");
        assertThat(builder.add(schema.read(new double[] {1}), 0, 0).build().toString())
                .isEqualTo("baseline of 120 rows, 1 features, time-ordered");
    }
}
