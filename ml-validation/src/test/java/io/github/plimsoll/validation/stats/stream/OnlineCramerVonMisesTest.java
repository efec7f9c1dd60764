package io.github.plimsoll.validation.stats.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnlineCramerVonMisesTest {

    private static final int WINDOW = 8;

    private static double[] normal(Random random, int size) {
        return IntStream.range(0, size).mapToDouble(i -> random.nextGaussian()).toArray();
    }

    /** How many values were read when a change was told. */
    private static int run(ChangeDetector detector, Random random, double mean, double deviation) {
        int values = 1;
        while (detector.add(mean + deviation * random.nextGaussian()) != Signal.CHANGE) {
            values++;
        }
        return values;
    }

    /** The mean over references: its error is about 5 %, of 1,000 runs that are about as long as their spread, and of what is simulated. */
    @Test
    void falseChangesAreAsFarApartAsAsked() {
        Random random = new Random(1);
        double sum = 0;
        int atOnce = 0;
        for (int i = 0; i < 50; i++) {
            var detector = new OnlineCramerVonMises(normal(random, 2_000), WINDOW, 60, i);
            for (int k = 0; k < 20; k++) {
                int run = run(detector, random, 0, 1) - WINDOW + 1;
                sum += run;
                atOnce += run == 1 ? 1 : 0;
            }
        }

        assertThat(sum / 1_000).isBetween(48.0, 72.0);
        assertThat(atOnce).as("1,000 / 60 at the first full window").isBetween(5, 30);
    }

    @Test
    void changesOfMeanSpreadAndFormAreFoundSoon() {
        Random random = new Random(2);
        double[] reference = normal(random, 1_000);
        var detector = new OnlineCramerVonMises(reference, 20, 1_000, 3);
        for (double[] change : new double[][] {{1.5, 1}, {-1.5, 1}, {0, 5}, {0, 0.1}}) {
            double sum = 0;
            for (int i = 0; i < 50; i++) {
                sum += run(detector, random, change[0], change[1]);
            }
            assertThat(sum / 50).as(Arrays.toString(change)).isLessThan(60);
        }
    }

    @Test
    void equalValuesAreAnOrdinaryLaw() {
        Random random = new Random(4);
        double[] reference =
                IntStream.range(0, 1_000).mapToDouble(i -> random.nextInt(3)).toArray();
        var detector = new OnlineCramerVonMises(reference, WINDOW, 200, 5);
        int changes = 0;
        for (int i = 0; i < 20_000; i++) {
            changes += detector.add(random.nextInt(3)) == Signal.CHANGE ? 1 : 0;
        }

        assertThat(changes).isBetween(40, 160);
    }

    @Test
    void theSameSeedHasTheSameLimitsAndTheReferenceIsNotChanged() {
        Random random = new Random(6);
        double[] reference = normal(random, 100);
        double[] kept = reference.clone();
        double[] values = normal(random, 2_000);

        var one = ChangeDetectorTest.changes(new OnlineCramerVonMises(reference, WINDOW, 50, 7), values);

        assertThat(ChangeDetectorTest.changes(new OnlineCramerVonMises(reference, WINDOW, 50, 7), values))
                .isEqualTo(one)
                .isNotEmpty();
        assertThat(reference).isEqualTo(kept);
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new OnlineCramerVonMises(new double[31], 8, 50, 1))
                .hasMessage("reference: 31 values (expected: >= 32, four times the window)");
        assertThatThrownBy(() -> new OnlineCramerVonMises(new double[31], 1, 50, 1))
                .hasMessage("window 1, average run 50 (expected: two or more)");
        assertThatThrownBy(() -> new OnlineCramerVonMises(new double[31], 2, 1, 1))
                .hasMessage("window 2, average run 1 (expected: two or more)");
        double[] holed = new double[32];
        holed[3] = Double.NaN;
        assertThatThrownBy(() -> new OnlineCramerVonMises(holed, 8, 50, 1))
                .hasMessage("reference[3]: NaN (expected: a finite number)");
        assertThatThrownBy(() -> new OnlineCramerVonMises(new double[32], 8, 50, 1).add(Double.NaN))
                .hasMessage("value: NaN (expected: a finite number)");
    }
}
