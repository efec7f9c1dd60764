package io.github.plimsoll.validation.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** What holds for every correction, whatever the p-values. */
class PValueAdjustmentTest {

    private static final double ALPHA = 0.05;

    @Provide
    Arbitrary<double[]> pValues() {
        return Arbitraries.doubles()
                .between(0, 1)
                .array(Double[].class)
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(boxed ->
                        Arrays.stream(boxed).mapToDouble(Double::doubleValue).toArray());
    }

    @Property(tries = 300)
    void adjustedPValuesKeepTheirOrderAndStayInRange(
            @ForAll PValueAdjustment adjustment, @ForAll("pValues") double[] p) {
        double[] adjusted = adjustment.adjust(p, ALPHA);

        assertThat(adjusted).hasSameSizeAs(p);
        for (int i = 0; i < p.length; i++) {
            assertThat(adjusted[i]).isBetween(0.0, 1.0);
            for (int j = 0; j < p.length; j++) {
                if (p[i] < p[j]) {
                    assertThat(adjusted[i]).isLessThanOrEqualTo(adjusted[j]);
                }
            }
        }
    }

    @Property(tries = 300)
    void strongerCorrectionsAdjustLess(@ForAll("pValues") double[] p) {
        double[] bonferroni = PValueAdjustment.BONFERRONI.adjust(p, ALPHA);
        double[] holm = PValueAdjustment.HOLM.adjust(p, ALPHA);
        double[] hochberg = PValueAdjustment.HOCHBERG.adjust(p, ALPHA);
        double[] hommel = PValueAdjustment.HOMMEL.adjust(p, ALPHA);
        double[] fdr = PValueAdjustment.BENJAMINI_HOCHBERG.adjust(p, ALPHA);
        double[] anyDependence = PValueAdjustment.BENJAMINI_YEKUTIELI.adjust(p, ALPHA);

        for (int i = 0; i < p.length; i++) {
            assertThat(bonferroni[i]).isGreaterThanOrEqualTo(holm[i]);
            assertThat(holm[i]).isGreaterThanOrEqualTo(hochberg[i]);
            assertThat(hochberg[i]).isGreaterThanOrEqualTo(hommel[i] - 1e-12);
            assertThat(hommel[i]).isGreaterThanOrEqualTo(fdr[i] - 1e-12);
            assertThat(anyDependence[i]).isGreaterThanOrEqualTo(fdr[i]);
        }
    }

    @Property(tries = 300)
    void oneTestNeedsNoCorrection(@ForAll @DoubleRange(min = 0, max = 1) double p) {
        for (PValueAdjustment adjustment : PValueAdjustment.values()) {
            double factor = adjustment == PValueAdjustment.TWO_STAGE_BENJAMINI_KRIEGER_YEKUTIELI ? 1 + ALPHA : 1;

            assertThat(adjustment.adjust(new double[] {p}, ALPHA)[0]).isCloseTo(Math.min(1, p * factor), within(1e-15));
        }
        for (PValueCombination combination : PValueCombination.values()) {
            if (combination != PValueCombination.MUDHOLKAR_GEORGE) { // a t approximation of a logistic variable
                assertThat(combination.combine(p).pValue()).isCloseTo(p, within(1e-12));
            }
        }
    }

    @Property(tries = 300)
    void theOrderOfTheTestsDoesNotMatter(@ForAll PValueAdjustment adjustment, @ForAll("pValues") double[] p) {
        double[] reversed = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            reversed[i] = p[p.length - 1 - i];
        }

        double[] adjusted = adjustment.adjust(p, ALPHA);
        double[] adjustedReversed = adjustment.adjust(reversed, ALPHA);

        assertThat(Arrays.stream(adjustedReversed).sorted().toArray())
                .containsExactly(Arrays.stream(adjusted).sorted().toArray());
    }
}
