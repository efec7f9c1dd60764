package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlierDetectorTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("height"),
            Feature.number("weight"),
            Feature.number("income"),
            Feature.number("children"),
            Feature.category("town"),
            Feature.number("rarely").nullable());
    private static final OutlierDetector DETECTOR = detector(4_000);

    private static double normal(SplittableRandom random) {
        return NormalScores.of(random.nextDouble(1e-12, 1));
    }

    private static Map<String, Object> person(SplittableRandom random) {
        double size = normal(random);
        Map<String, Object> row = new HashMap<>();
        row.put("height", 170 + 10 * size);
        row.put("weight", 70 + 10 * (0.95 * size + 0.31 * normal(random)));
        row.put("income", 30_000 * Math.exp(normal(random)));
        row.put("children", (double) (int) (4 * Math.pow(random.nextDouble(), 2)));
        row.put("town", "town " + (int) (20 * Math.pow(random.nextDouble(), 2)));
        row.put("rarely", random.nextInt(50) == 0 ? (Double) 1.0 : null);
        return row;
    }

    private static FeatureRow row(SplittableRandom random) {
        return SCHEMA.read(person(random));
    }

    private static OutlierDetector detector(int rows) {
        var random = new SplittableRandom(31);
        var builder = Baseline.builder(SCHEMA.features());
        for (int i = 0; i < rows; i++) {
            builder.add(row(random), Double.NaN, Double.NaN);
        }
        return builder.build().outliers();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.05, 0.01, 0.002})
    void theStatedShareOfSoundRowsIsTakenForOutliers(double share) {
        var random = new SplittableRandom(32);
        int outliers = 0;
        int rows = 40_000;
        for (int i = 0; i < rows; i++) {
            outliers += DETECTOR.score(row(random)).isOutlier(share) ? 1 : 0;
        }

        // The share itself is only known from 4,000 rows: four standard deviations of both.
        double error = 4 * Math.sqrt(share * (1 - share) * (1.0 / 4_000 + 1.0 / rows));
        assertThat((double) outliers / rows).isBetween(share - error, share + error);
    }

    /** The score of a usual row with one change. */
    private static OutlierScore score(Consumer<Map<String, Object>> change) {
        Map<String, Object> row = new HashMap<>(
                Map.of("height", 171.0, "weight", 71.0, "income", 31_000.0, "children", 1.0, "town", "town 1"));
        row.put("rarely", null);
        change.accept(row);
        return DETECTOR.score(SCHEMA.read(row));
    }

    @Test
    void whatIsUnlikeTheBaselineIsToldByItsColumns() {
        assertThat(score(row -> {}).pValue()).isGreaterThan(0.2);
        assertThat(score(row -> row.put("income", 9e9)).toString()).matches("p 0\\.000\\d+, surprise .*: income .*");
        assertThat(score(row -> row.put("income", -500.0)).parts().get(0).column())
                .isEqualTo("income");
        assertThat(score(row -> row.put("children", 1.5)).parts().get(0).column())
                .isEqualTo("children");
        assertThat(score(row -> row.put("town", "Atlantis")).parts().get(0).column())
                .isEqualTo("town");
        assertThat(score(row -> row.put("height", null)).parts().get(0).column())
                .isEqualTo("height");
        assertThat(score(row -> row.put("height", "tall")).parts().get(0).column())
                .isEqualTo("height");
        assertThat(score(row -> row.put("rarely", 1.0)).pValue()).isBetween(0.005, 0.15);
        for (var change : java.util.List.<Consumer<Map<String, Object>>>of(
                row -> row.put("income", 9e9),
                row -> row.put("income", -500.0),
                row -> row.put("children", 1.5),
                row -> row.put("town", "Atlantis"),
                row -> row.put("height", null),
                row -> row.put("height", "tall"))) {
            assertThat(score(change).isOutlier(0.001)).isTrue();
        }
    }

    @Test
    void valuesThatDoNotGoTogetherAreToldAsAPair() {
        OutlierScore score = score(row -> {
            row.put("height", 185.0);
            row.put("weight", 55.0);
        });

        assertThat(score.parts().get(0).column()).isEqualTo("height");
        assertThat(score.parts().get(0).partner()).isEqualTo("weight");
        assertThat(score.isOutlier(0.01)).isTrue();
        assertThat(score(row -> {
                            row.put("height", 185.0);
                            row.put("weight", 85.0);
                        })
                        .isOutlier(0.05))
                .isFalse();
    }

    @Test
    void theFartherOutTheMoreSurprising() {
        double before = 1;
        for (double income = 300_000; income < 1e300; income *= 1e3) {
            double now = income;
            double surprise = score(row -> row.put("income", now)).surprise();
            assertThat(surprise).isGreaterThanOrEqualTo(before).isFinite();
            before = surprise;
        }
        assertThat(score(row -> row.put("income", Double.MAX_VALUE)).pValue()).isEqualTo(1.0 / 4_001);
    }

    @Test
    void mistakesAreNamed() {
        var other = Schema.ofDoubles(Feature.number("x"));

        assertThatThrownBy(() -> detector(99))
                .hasMessage("baseline: 99 rows (expected: >= 100 and at least two windows of 500, better ten)");
        assertThatThrownBy(() -> DETECTOR.score(other.read(new double[] {1})))
                .hasMessageStartingWith("features: no feature");
        assertThat(DETECTOR).hasToString("outlier detector of 6 features, from 4000 rows");
    }
}
