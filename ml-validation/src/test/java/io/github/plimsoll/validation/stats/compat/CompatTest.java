package io.github.plimsoll.validation.stats.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.validation.stats.compat.ColumnDrift.Test;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;

class CompatTest {

    @org.junit.jupiter.api.Test
    void theTestFollowsTheSizeAndTheNumberOfValues() {
        assertThat(EvidentlyDefaults.numbers(cycle(1000, 100), cycle(50, 100)).test())
                .isEqualTo(Test.KOLMOGOROV_SMIRNOV);
        assertThat(EvidentlyDefaults.numbers(cycle(1001, 100), cycle(50, 100)).test())
                .isEqualTo(Test.WASSERSTEIN);
        assertThat(EvidentlyDefaults.numbers(cycle(1000, 5), cycle(50, 5)).test())
                .isEqualTo(Test.CHI_SQUARE);
        assertThat(EvidentlyDefaults.numbers(cycle(1000, 2), cycle(50, 2)).test())
                .isEqualTo(Test.PROPORTION_Z);
        assertThat(EvidentlyDefaults.numbers(cycle(1001, 5), cycle(50, 5)).test())
                .isEqualTo(Test.JENSEN_SHANNON);
        assertThat(EvidentlyDefaults.categories(List.of("a", "b", "c"), List.of("a"))
                        .test())
                .isEqualTo(Test.CHI_SQUARE);
    }

    @org.junit.jupiter.api.Test
    void missingValuesAreNotSeen() {
        double[] halfEmpty = cycle(100, 10);
        Arrays.fill(halfEmpty, 0, 50, Double.NaN);

        assertThat(EvidentlyDefaults.numbers(cycle(100, 10), halfEmpty).drifted())
                .isFalse();
        assertThatThrownBy(() -> EvidentlyDefaults.categories(List.of("a"), Collections.singletonList(null)))
                .hasMessage("current is empty (expected: at least one value that is not missing)");
    }

    @org.junit.jupiter.api.Test
    void oneCategoryInBothIsNoDrift() {
        assertThat(EvidentlyDefaults.categories(List.of("a", "a"), List.of("a")).value())
                .isEqualTo(1);
        assertThat(EvidentlyDefaults.categories(Collections.nCopies(60, "a"), Collections.nCopies(60, "b"))
                        .drifted())
                .isTrue();
    }

    @org.junit.jupiter.api.Test
    void halfOfTheColumnsMakeADataSetDrift() {
        ColumnDrift still = new ColumnDrift(Test.WASSERSTEIN, 0.05, 0.1, false);
        ColumnDrift moved = new ColumnDrift(Test.WASSERSTEIN, 0.1, 0.1, true);

        assertThat(EvidentlyDefaults.dataSetDrifted(List.of(still, moved))).isTrue();
        assertThat(EvidentlyDefaults.dataSetDrifted(List.of(still, still, moved)))
                .isFalse();
        assertThat(EvidentlyDefaults.dataSetDrifted(List.of())).isFalse();
    }

    @org.junit.jupiter.api.Test
    void valuesOutsideTheReferenceShareOneCell() {
        double[] reference = cycle(100, 10);

        assertThat(NannyMlDefaults.jensenShannon(reference, new double[] {-50, 70, 900}))
                .isEqualTo(1);
        assertThat(NannyMlDefaults.hellinger(reference, reference)).isZero();
        assertThat(NannyMlDefaults.lInfinity(List.of("a", "b"), List.of("c"))).isEqualTo(1);
    }

    private static double[] cycle(int size, int values) {
        return DoubleStream.iterate(0, i -> i + 1)
                .limit(size)
                .map(i -> i % values)
                .toArray();
    }
}
