package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Texts, tensors and times, which are watched by what is computed of them. */
class MeasureTest {

    private static final int ROWS = 400;
    private static final int DIMENSIONS = 24;
    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.text("review").nullable(),
            Feature.tensor("embedding", DIMENSIONS),
            Feature.tensor("picture", 3, 8, 8),
            Feature.timestamp("at"),
            Feature.timestamp("appointment"),
            Feature.text("diary").sensitive());
    private static final Instant START = Instant.parse("2024-05-06T00:00:00Z");
    private static final Baseline BASELINE = baseline();

    /** Reviews, of words by Zipf's law, whose embeddings lie about a direction; made one after the other in time. */
    private static final class Reviews {

        private final SplittableRandom random;
        private Instant now;

        private Reviews(long seed, Instant from) {
            random = new SplittableRandom(seed);
            now = from;
        }

        private double normal() {
            return NormalScores.of(random.nextDouble(1e-9, 1));
        }

        private static String word(int rank) {
            StringBuilder letters = new StringBuilder();
            for (int rest = rank; letters.length() < 4; rest /= 26) {
                letters.append((char) ('a' + rest % 26));
            }
            return letters.toString();
        }

        private String words(int first, int count) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                words.add(word(first + (int) Math.pow(20_000, random.nextDouble())));
            }
            return String.join(" ", words) + (random.nextInt(3) == 0 ? "!" : ".");
        }

        private Map<String, Object> next() {
            now = now.plusSeconds(random.nextInt(240));
            double[] embedding = new double[DIMENSIONS];
            for (int i = 0; i < DIMENSIONS; i++) {
                embedding[i] = (i % 5) / 4.0 + 0.3 * normal();
            }
            double[] picture = new double[3 * 8 * 8];
            double light = random.nextDouble(0.4, 0.6);
            for (int i = 0; i < picture.length; i++) {
                picture[i] = light + 0.1 * normal();
            }
            Map<String, Object> row = new HashMap<>();
            row.put("review", random.nextInt(10) == 0 ? null : words(0, 8 + random.nextInt(30)));
            row.put("embedding", embedding);
            row.put("picture", picture);
            row.put("at", now.minusMillis(random.nextInt(90_000)));
            row.put(
                    "appointment",
                    now.truncatedTo(ChronoUnit.DAYS)
                            .plus(Duration.ofHours(24L * random.nextInt(70) + 8 + random.nextInt(9))));
            row.put("diary", words(0, 5));
            return row;
        }

        private Window into(Window window, Consumer<Map<String, Object>> change) {
            for (int i = 0; i < ROWS; i++) {
                Map<String, Object> row = next();
                change.accept(row);
                window.add(SCHEMA.read(row), random.nextDouble(), now);
            }
            return window;
        }
    }

    private static Baseline baseline() {
        var reviews = new Reviews(1, START);
        var builder = Baseline.builder(SCHEMA.features()).windowRows(ROWS);
        for (int i = 0; i < 4_000; i++) {
            Map<String, Object> row = reviews.next();
            builder.add(SCHEMA.read(row), (Object) reviews.random.nextDouble(), Double.NaN, reviews.now);
        }
        return builder.build();
    }

    private static List<Incident> incidents(Consumer<Map<String, Object>> change) {
        var monitor = WindowMonitor.against(BASELINE);
        var reviews = new Reviews(2, START.plus(Duration.ofDays(9)));
        return monitor.close(reviews.into(monitor.window(), change)).incidents();
    }

    private static void assertThatItIsFound(Consumer<Map<String, Object>> change, String... columns) {
        assertThat(incidents(change))
                .singleElement()
                .satisfies(incident -> assertThat(incident.columns()).contains(columns));
    }

    private static void times(Map<String, Object> row, String feature, double factor) {
        row.computeIfPresent(feature, (name, elements) -> {
            double[] changed = ((double[]) elements).clone();
            for (int i = 0; i < changed.length; i++) {
                changed[i] *= factor;
            }
            return changed;
        });
    }

    @Test
    void theColumnsAreNamedAfterTheirFeature() {
        var monitor = WindowMonitor.against(BASELINE);

        assertThat(monitor.detectable(ROWS))
                .extracting(Detectable::column)
                .containsExactly(
                        "review",
                        "embedding",
                        "picture",
                        "at",
                        "appointment",
                        "diary",
                        "review.length",
                        "review.words",
                        "review.letters",
                        "review.digits",
                        "review.other",
                        "review.unseen",
                        "embedding.norm",
                        "embedding.mean",
                        "embedding.deviation",
                        "embedding.projection1",
                        "embedding.projection2",
                        "embedding.projection3",
                        "embedding.projection4",
                        "picture.norm",
                        "picture.brightness",
                        "picture.contrast",
                        "picture.sharpness",
                        "picture.projection1",
                        "picture.projection2",
                        "picture.projection3",
                        "picture.projection4",
                        "at.hour",
                        "at.weekday",
                        "appointment.hour",
                        "appointment.weekday",
                        "at.age",
                        "appointment.age",
                        "prediction",
                        "fallback");
        assertThat(BASELINE.features()).containsExactly("review", "embedding", "picture", "at", "appointment", "diary");
    }

    /** Also not because a clock goes on, or because live texts have words that no text of the baseline has. */
    @Test
    void whatIsAsBeforeIsNoIncident() {
        assertThat(BASELINE.isTimeOrdered()).isFalse();
        var monitor = WindowMonitor.against(BASELINE);
        var reviews = new Reviews(3, START.plus(Duration.ofDays(8)));
        for (int i = 0; i < 30; i++) {
            WindowReport report = monitor.close(reviews.into(monitor.window(), row -> {}));
            assertThat(report.incidents()).isEmpty();
            assertThat(report.states().values()).doesNotContain(State.DRIFT);
        }
    }

    @Test
    void textsThatChangeAreFound() {
        assertThatItIsFound(
                row -> row.computeIfPresent(
                        "review", (name, text) -> ((String) text).substring(0, Math.min(60, ((String) text).length()))),
                "review.length");
        assertThatItIsFound(
                row -> row.computeIfPresent("review", (name, text) -> ((String) text).replace(' ', 'z')),
                "review.unseen",
                "review.words");
        assertThatItIsFound(
                row -> row.computeIfPresent("review", (name, text) -> ((String) text).replace('a', 'z')),
                "review.unseen");
        assertThatItIsFound(
                row -> row.computeIfPresent("review", (name, text) -> text + " 0049 30 123456"), "review.digits");
        assertThatItIsFound(row -> row.computeIfPresent("review", (name, text) -> text + " <br/>"), "review.other");
        assertThatItIsFound(row -> row.put("review", null), "review");
    }

    @Test
    void tensorsThatChangeAreFound() {
        assertThatItIsFound(row -> times(row, "embedding", 1.1), "embedding.norm");
        assertThatItIsFound(row -> times(row, "embedding", -1), "embedding.mean");
        assertThatItIsFound(
                row -> row.compute("embedding", (name, elements) -> {
                    double[] turned = new double[DIMENSIONS];
                    for (int i = 0; i < DIMENSIONS; i++) {
                        turned[i] = ((double[]) elements)[(i + 7) % DIMENSIONS];
                    }
                    return turned;
                }),
                "embedding.projection1");
        assertThatItIsFound(row -> times(row, "picture", 0.7), "picture.brightness");
    }

    @Test
    void tensorsWithElementsThatAreNotFiniteAreUnreadable() {
        var random = new SplittableRandom(5);
        assertThat(incidents(row -> {
                    if (random.nextInt(10) == 0) {
                        ((double[]) row.get("embedding"))[3] = Double.NaN;
                    }
                }))
                .singleElement()
                .satisfies(incident -> {
                    assertThat(incident.kind()).isEqualTo(Incident.Kind.TYPE_CHANGE);
                    assertThat(incident.columns()).containsExactly("embedding");
                });
    }

    @Test
    void timesThatChangeAreFound() {
        assertThatItIsFound(
                row -> row.computeIfPresent("at", (name, at) -> ((Instant) at).minus(Duration.ofHours(2))), "at.age");
        assertThatItIsFound(
                row -> row.computeIfPresent("appointment", (name, at) -> ((Instant) at).plus(Duration.ofHours(5))),
                "appointment.hour");
    }

    @Test
    void aFeatureStandsAsTheWorstOfWhatIsComputedOfIt() {
        var monitor = WindowMonitor.against(BASELINE);
        var reviews = new Reviews(2, START.plus(Duration.ofDays(9)));
        Map<String, State> states = monitor.close(reviews.into(monitor.window(), row -> times(row, "embedding", 1.1)))
                .states();

        assertThat(states)
                .containsEntry("embedding", State.DRIFT)
                .containsEntry("embedding.norm", State.DRIFT)
                .containsEntry("review", State.OK);
        assertThat(monitor.score(1))
                .isGreaterThan(5)
                .isEqualTo(IntStream.range(0, states.size())
                        .filter(column -> BASELINE.layout.encoder.featureOf(column) == 1)
                        .mapToDouble(monitor::score)
                        .max()
                        .orElseThrow());
    }

    @Test
    void ofSensitiveFeaturesOnlyThePresenceIsWatched() {
        assertThat(incidents(row -> row.put("diary", "0 1 2 3 4 5 6 7"))).isEmpty();
        assertThat(BASELINE.layout.encoder.isMeasuring()).isTrue();
        assertThat(RowEncoder.of(List.of(Feature.text("diary").sensitive())).isMeasuring())
                .isFalse();
    }

    @Test
    void whatIsComputedIsWhatItsNameSays() {
        var encoder = RowEncoder.of(SCHEMA.features());
        double[] row = new double[encoder.columns()];
        String[] names = new String[row.length];
        Map<String, Object> values = new Reviews(1, START).next();
        values.put("review", "Größe 42, größe!");
        values.put("embedding", new double[DIMENSIONS]);
        ((double[]) values.get("embedding"))[0] = 3;
        ((double[]) values.get("embedding"))[1] = -4;
        values.put("at", Instant.parse("1969-12-28T23:30:00Z"));
        FeatureRow read = SCHEMA.read(values);
        encoder.reader(SCHEMA.features()).read(read, 0, null, 0, row, 0, names);
        new Measures(encoder, false)
                .fill(read, row, Instant.parse("1969-12-29T01:00:00Z").toEpochMilli());
        Map<String, Double> found = new HashMap<>();
        for (int column = 0; column < row.length; column++) {
            found.put(encoder.name(column), row[column]);
        }

        assertThat(found)
                .containsEntry("review.length", 16.0)
                .containsEntry("review.words", 3.0)
                .containsEntry("review.letters", 10 / 16.0)
                .containsEntry("review.digits", 2 / 16.0)
                .containsEntry("review.other", 2 / 16.0)
                .containsEntry("review.unseen", 1.0)
                .containsEntry("embedding.norm", 5.0)
                .containsEntry("embedding.mean", -1.0 / DIMENSIONS)
                .containsEntry("at.hour", 23.0)
                .containsEntry("at.weekday", 7.0)
                .containsEntry("at.age", 1.5);
        double mean = -1.0 / DIMENSIONS;
        assertThat(found.get("embedding.deviation"))
                .isCloseTo(Math.sqrt(25.0 / DIMENSIONS - mean * mean), within(1e-15));
        assertThat(Math.abs(found.get("embedding.projection1")) * Math.sqrt(DIMENSIONS))
                .satisfiesAnyOf(
                        sum -> assertThat(sum).isCloseTo(1, within(1e-12)),
                        sum -> assertThat(sum).isCloseTo(7, within(1e-12)));
    }

    @Test
    void aNameThatIsTakenIsAnotherOne() {
        var encoder =
                RowEncoder.of(List.of(Feature.text("a"), Feature.number("a.length"), Feature.number("prediction")));
        Set<String> names = new HashSet<>();
        for (int column = 0; column < encoder.columns(); column++) {
            assertThat(names.add(encoder.name(column))).isTrue();
        }

        assertThat(names).contains("a.length", "a.length_", "prediction", "prediction_");
    }

    @Test
    void anOutlierMayBeATextOrATensor() {
        var reviews = new Reviews(4, START);
        Map<String, Object> row = reviews.next();
        assertThat(BASELINE.outliers().score(SCHEMA.read(row)).isOutlier(0.001)).isFalse();
        row.put("review", "0123456789 ".repeat(200));
        OutlierScore score = BASELINE.outliers().score(SCHEMA.read(row));

        assertThat(score.isOutlier(0.001)).isTrue();
        assertThat(score.parts()).extracting(OutlierDetector.Part::column).anyMatch(name -> name.startsWith("review."));
    }

    /** A text's own words are those that no other text has, however texts come. */
    @Property(tries = 200)
    void aVocabularyKnowsWhatIsNewInEachText(
            @ForAll @Size(max = 20) List<@Size(max = 6) List<@IntRange(max = 12) Integer>> texts) {
        var vocabulary = new Vocabulary();
        for (List<Integer> text : texts) {
            text.forEach(vocabulary::learn);
            vocabulary.endText();
        }

        int[] own = vocabulary.own();
        assertThat(own).hasSize(texts.size());
        for (int i = 0; i < own.length; i++) {
            Set<Integer> others = new HashSet<>();
            for (int j = 0; j < own.length; j++) {
                others.addAll(i == j ? List.of() : texts.get(j));
            }
            assertThat(own[i]).isEqualTo((int)
                    texts.get(i).stream().filter(word -> !others.contains(word)).count());
            assertThat(texts.get(i)).allMatch(vocabulary::has);
        }
    }

    // ---- what is copied -----------------------------------------------------------------------------------------

    @Test
    void whatIsCopiedIsWhatAWindowCountsItself() {
        Window direct = BASELINE.window();
        Window copied = BASELINE.window();
        var recorder = new RowRecorder(BASELINE.layout.encoder, 10, 1);
        RowReader reader = BASELINE.layout.encoder.reader(SCHEMA.features());
        var reviews = new Reviews(6, START);
        for (int i = 0; i < 60; i++) {
            FeatureRow row = SCHEMA.read(reviews.next());
            direct.add(row, i, reviews.now);
            recorder.record(reader, row, i, null, Double.NaN, reviews.now.toEpochMilli());
        }
        recorder.seal();
        for (int index = recorder.take(); index >= 0; index = recorder.take()) {
            RowBlock block = recorder.block(index);
            for (int i = 0; i < block.size; i++) {
                block.count(i, copied);
            }
            recorder.free(index);
        }

        assertThat(copied.counts()).isDeepEqualTo(direct.counts());
        assertThat(copied.sample()).hasSameSizeAs(direct.sample());
        Window read = BASELINE.window(direct.toBytes());
        assertThat(read.counts()).isDeepEqualTo(direct.counts());
    }

    @Test
    void theTextsThatWaitAreBounded() {
        Schema<Map<String, ?>> schema = Schema.ofMap(Feature.text("a"));
        var encoder = RowEncoder.of(schema.features());
        var recorder = new RowRecorder(encoder, 8, 1);
        RowReader reader = encoder.reader(schema.features());
        FeatureRow row = schema.read(Map.of("a", "x".repeat(RowBlock.MAX_KEPT / 4))); // half of it
        int kept = 0;
        for (int i = 0; i < 200; i++) {
            long before = recorder.dropped();
            assertThat(recorder.record(reader, row, 0, null, 0, i)).isEqualTo(i % 2 == 1 || i >= 128);
            kept += recorder.dropped() == before ? 1 : 0;
        }

        assertThat(kept).isEqualTo(2 * 64);
        int drained = 0;
        for (int index = recorder.take(); index >= 0; index = recorder.take()) {
            drained += recorder.block(index).size;
            recorder.free(index);
            assertThat(recorder.block(index).keptBytes()).isZero();
        }
        assertThat(drained).isEqualTo(kept);
        recorder.record(reader, row, 0, null, 0, 0);
        assertThat(recorder.dropped()).isEqualTo(200 - kept);
    }
}
