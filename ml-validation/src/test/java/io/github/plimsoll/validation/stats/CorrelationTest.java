package io.github.plimsoll.validation.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CorrelationTest {

    private static final double[] X = {1, 2.5, 3, 3, 7, -2, 0.125};
    private static final double[] Y = {2, 2, 9, 4, 30, -1, 2.5};

    @Test
    void equalsSciPy() { // scipy.stats 1.17.1: pearsonr(X, Y), spearmanr(X, Y)
        assertThat(Correlation.pearson(X, Y)).isCloseTo(0.8739854181753176, within(1e-15));
        assertThat(Correlation.spearman(X, Y)).isCloseTo(0.8727272727272728, within(1e-15));
    }

    @Test
    void theRatioIsTheShareOfVarianceBetweenGroups() {
        // Means 2, 4 and 9 of two values each, around 5: between 2 * (9 + 1 + 16) = 52, within 3 * 2 = 6.
        double ratio =
                Correlation.ratio(new double[] {1, 3}, new double[] {3, 5}, new double[] {}, new double[] {8, 10});

        assertThat(ratio).isCloseTo(Math.sqrt(52.0 / 58), within(1e-15));
        assertThat(Correlation.ratio(new double[] {1, 1}, new double[] {2})).isEqualTo(1);
        assertThat(Correlation.ratio(new double[] {1, 2}, new double[] {2, 1})).isZero();
    }

    @Test
    void aConstantColumnGoesTogetherWithNothing() {
        assertThat(Correlation.pearson(new double[] {2, 2, 2}, new double[] {1, 2, 3}))
                .isNaN();
        assertThat(Correlation.spearman(new double[] {2}, new double[] {1})).isNaN();
        assertThat(Correlation.ratio(new double[] {0.1, 0.1}, new double[] {0.1}))
                .isNaN();
    }

    @Test
    void hugeAndTinyValuesNeitherOverflowNorVanish() {
        double[] huge = {1e300, -1e300, 1e299};
        double[] tiny = {1e-300, -1e-300, 1e-301};

        assertThat(Correlation.pearson(huge, tiny)).isCloseTo(1, within(1e-15));
    }

    @Test
    void refusesWhatIsNoPairOfColumns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.pearson(new double[2], new double[3]))
                .withMessage("y has 3 values (expected: 2, as many as x)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.pearson(new double[] {1, Double.POSITIVE_INFINITY}, new double[] {1, 2}))
                .withMessageContaining("x[1]: Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.spearman(new double[] {}, new double[] {}))
                .withMessageContaining("x is empty");
        assertThat(Correlation.spearman(new double[] {1, Double.POSITIVE_INFINITY}, new double[] {3, 2}))
                .isEqualTo(-1);
    }

    @Property
    void isSymmetricAndSeesNoScaleAndSpearmanNoShape(
            @ForAll @Size(min = 3, max = 30) List<@DoubleRange(min = -9, max = 9) Double> values) {
        double[] x = values.stream().mapToDouble(Double::doubleValue).toArray();
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> x[(i * 7 + 1) % x.length]);
        double[] scaled = Arrays.stream(x).map(v -> -3 * v + 5).toArray();
        double[] cubed = Arrays.stream(x).map(v -> v * v * v).toArray();
        double pearson = Correlation.pearson(x, y);

        assertThat(Correlation.pearson(y, x)).isEqualTo(Double.valueOf(pearson));
        if (!Double.isNaN(pearson)) {
            assertThat(Correlation.pearson(scaled, y)).isCloseTo(-pearson, within(1e-6));
            assertThat(Correlation.spearman(cubed, y)).isCloseTo(Correlation.spearman(x, y), within(1e-12));
        }
    }
}
