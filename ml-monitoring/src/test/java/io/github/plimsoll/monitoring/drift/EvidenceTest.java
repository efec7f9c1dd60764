package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.monitoring.profile.FeatureProfile;
import io.github.plimsoll.monitoring.profile.ProfileRecorder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Against an independent computation with NumPy and SciPy (scipy.special.gammaln, scipy.stats.norm.ppf), written from the
 * definition: ml-monitoring/src/test/resources/golden/evidence_reference.py.
 */
class EvidenceTest {

    private static final Schema<Map<String, ?>> NUMBERS =
            Schema.ofMap(Feature.number("x").nullable());
    private static final Schema<Map<String, ?>> NAMES = Schema.ofMap(Feature.category("x", "A", "B", "C"));

    @Test
    void continuousNumbersThatMovedUp() {
        assertThat(score(NUMBERS, oneToHundred(), IntStream.range(0, 50).mapToObj(i -> 60 + 0.7 * i)))
                .isCloseTo(5.057685036701608, within(1e-10));
    }

    @Test
    void continuousNumbersAsBefore() {
        assertThat(score(NUMBERS, oneToHundred(), IntStream.range(0, 50).mapToObj(i -> 1 + 2.0 * i)))
                .isCloseTo(0.14061150544410528, within(1e-10));
    }

    @Test
    void numbersWithAFrequentValueAndNulls() {
        Stream<Object> baseline = concat(
                Collections.nCopies(60, 0.0).stream(),
                Collections.nCopies(20, null).stream(),
                IntStream.range(0, 120).mapToObj(i -> i + 1.5));
        Stream<Object> live = concat(
                Collections.nCopies(45, 0.0).stream(),
                Collections.nCopies(15, null).stream(),
                Collections.nCopies(3, Double.NaN).stream(),
                IntStream.range(0, 37).mapToObj(i -> 3.3 * i % 120 + 1));

        assertThat(score(NUMBERS, baseline, live)).isCloseTo(-0.3543413792204132, within(1e-10));
    }

    @Test
    void categoriesWithANameNeverSeen() {
        Stream<Object> baseline = concat(
                Collections.nCopies(120, "A").stream(),
                Collections.nCopies(70, "B").stream(),
                Collections.nCopies(10, "C").stream());
        Stream<Object> live = concat(
                Stream.of("A", "B", "C").flatMap(name -> Collections.nCopies(20, name).stream()), Stream.of("D", "D"));

        assertThat(score(NAMES, baseline, live)).isCloseTo(4.806823437270923, within(1e-10));
    }

    @Test
    void noRowsAreNoEvidence() {
        assertThat(score(NUMBERS, oneToHundred(), Stream.of())).isZero();
    }

    private static Stream<Object> oneToHundred() {
        return IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i);
    }

    private static Stream<Object> concat(Stream<?>... parts) {
        return Stream.of(parts).flatMap(part -> part);
    }

    private static double score(Schema<Map<String, ?>> schema, Stream<?> before, Stream<?> live) {
        Baseline baseline = Baseline.of(schema.features(), rows(schema, before));
        ProfileRecorder recorder = baseline.recorder();
        rows(schema, live).forEach(recorder::record);
        FeatureProfile profile = recorder.snapshot().features().get(0);
        return new Evidence(new CellSplit(profile.baseline())).score(profile);
    }

    private static List<FeatureRow> rows(Schema<Map<String, ?>> schema, Stream<?> values) {
        List<FeatureRow> rows = new ArrayList<>();
        values.forEach(value -> rows.add(schema.read(Collections.singletonMap("x", value))));
        return rows;
    }
}
