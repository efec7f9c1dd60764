package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CostModelTest {

    private final CostModel costs = new CostModel(1e-9);

    private void add(double... rowsAndTimes) {
        for (int i = 0; i < rowsAndTimes.length; i += 2) {
            costs.add((int) rowsAndTimes[i], rowsAndTimes[i + 1]);
        }
    }

    @Property(tries = 200)
    void aLineIsFound(
            @ForAll @DoubleRange(min = 0.01, max = 1) double a,
            @ForAll @DoubleRange(max = 1) double b,
            @ForAll @IntRange(min = 1, max = 100) int n,
            @ForAll @IntRange(min = 1, max = 100) int more) {
        CostModel fresh = new CostModel(1e-9);

        for (int i = 0; i < 60; i++) {
            fresh.add(n + i % 2 * more, a * (n + i % 2 * more) + b);
        }

        assertThat(fresh.slope()).isCloseTo(a, within(1e-9));
        assertThat(fresh.intercept()).isCloseTo(b, within(1e-6));
    }

    @Test
    void nothingIsKnownAtTheBeginning() {
        assertThat(costs.of(10)).isZero();
        assertThat(costs.rowsWithin(1)).isEqualTo(1);
    }

    @Test
    void aModelThatIsFasterForMoreRowsStillCostsSomethingARow() {
        add(1, 10, 2, 5);

        assertThat(costs.slope()).isEqualTo(1e-9);
        assertThat(costs.intercept()).isCloseTo(15, within(1e-9));
    }

    @Test
    void timeThatIsAllInTheRowsLeavesNothingForTheRun() {
        add(1, 1, 2, 3);

        assertThat(costs.slope()).isEqualTo(2);
        assertThat(costs.intercept()).isZero();
    }

    @Test
    void oldRunsAreForgotten() {
        add(1, 100, 2, 200);
        for (int i = 0; i < CostModel.WINDOW / 2; i++) {
            add(1, 3, 2, 5);
        }

        assertThat(costs.slope()).isCloseTo(2, within(1e-9));
        assertThat(costs.intercept()).isCloseTo(1, within(1e-9));
    }

    @Test
    void runsOfOneSizeMoveTheLineAndKeepItsProportion() {
        add(1, 3, 2, 5, 8, 17);
        for (int i = 0; i < CostModel.WINDOW; i++) {
            add(4, 18);
        }
        double slope = costs.slope();
        double intercept = costs.intercept();

        for (int i = 0; i < CostModel.WINDOW; i++) {
            add(4, 36); // everything takes twice as long
        }

        assertThat(costs.slope()).isCloseTo(2 * slope, within(1e-6));
        assertThat(costs.intercept()).isCloseTo(2 * intercept, within(1e-6));
        assertThat(costs.of(4)).isCloseTo(36, within(1e-6));
    }

    @Test
    void theSizeDoublesAtMostFromWhatWasTried() {
        add(1, 8.125);
        assertThat(costs.rowsWithin(10.6)).isEqualTo(2);
        add(2, 8.25);
        assertThat(costs.rowsWithin(10.6)).isEqualTo(4); // the line says 20
        add(4, 8.5, 8, 9, 16, 10);
        assertThat(costs.rowsWithin(10.6)).isEqualTo(20);
    }

    @Test
    void aSizeThatTakesTooLongIsLeft() {
        for (int i = 0; i < CostModel.WINDOW; i++) {
            add(64, 64);
        }

        assertThat(costs.rowsWithin(16)).isEqualTo(16);
    }

    @Test
    void whereNotEvenOneRowIsQuickEnoughARunCostsDoubleAtMost() {
        add(1, 13, 2, 14, 4, 16, 8, 20); // n + 12

        assertThat(costs.rowsWithin(10)).isEqualTo(12);
        assertThat(costs.of(12)).isCloseTo(2 * 12, within(1e-9));
    }
}
