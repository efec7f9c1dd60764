package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.schema.ClassProbabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class BatchEquivalenceTest {

    private static final List<Integer> ROWS = List.of(1, 2, 3, 4, 5);

    private final List<Integer> sizes = new ArrayList<>();

    /** A predictor whose answers may depend on how many rows it is given. */
    private <O> Predictor<Integer, O> answering(BiFunction<Integer, Integer, O> answer) {
        return new Predictor<>() {
            @Override
            public O predict(Integer input) {
                return answer.apply(input, 1);
            }

            @Override
            public List<Outcome<O>> predictEach(List<? extends Integer> inputs) {
                sizes.add(inputs.size());
                List<Outcome<O>> outcomes = new ArrayList<>();
                for (Integer input : inputs) {
                    try {
                        outcomes.add(new Outcome.Answered<>(Prediction.of(answer.apply(input, inputs.size()))));
                    } catch (ModelExecutionException failure) {
                        outcomes.add(new Outcome.Failed<>(failure));
                    }
                }
                return outcomes;
            }
        };
    }

    @Test
    void equalAnswersHoldInBatchesOfManySizes() {
        BatchEquivalence found = BatchEquivalence.check(answering((x, size) -> 2.0 * x), ROWS, 0);

        assertThat(found.holds()).isTrue();
        assertThat(found).hasToString("15 answers in batches compared, largest difference 0.0");
        assertThat(sizes).containsExactly(1, 1, 1, 1, 1, 2, 2, 1, 4, 1, 5);
    }

    @Test
    void aDifferenceIsToldWithItsRowAndBatch() {
        BatchEquivalence found =
                BatchEquivalence.check(answering((x, size) -> size == 4 && x == 3 ? 6.25 : 2.0 * x), ROWS, 0.01);

        assertThat(found.holds()).isFalse();
        assertThat(found.differences()).containsExactly(new BatchEquivalence.Difference(2, 4, "6.0", "6.25", 0.25 / 6));
        assertThat(found)
                .hasToString("15 answers in batches compared, largest difference " + 0.25 / 6
                        + "\n  row 2 in a batch of 4: 6.25 (expected: 6.0, as alone)");
    }

    @Test
    void theToleranceIsAbsoluteForSmallNumbersAndRelativeForLarge() {
        assertThat(BatchEquivalence.check(answering((x, size) -> x * 1e-3 + size * 1e-7), ROWS, 1e-6)
                        .holds())
                .isTrue();
        assertThat(BatchEquivalence.check(answering((x, size) -> 1e6 + (size > 1 ? 1 : 0)), ROWS, 1e-6)
                        .holds())
                .isTrue();
        assertThat(BatchEquivalence.check(answering((x, size) -> 1e6 + (size > 1 ? 2 : 0)), ROWS, 1e-6)
                        .holds())
                .isFalse();
    }

    @Test
    void vectorsAndProbabilitiesAreComparedElementByElement() {
        BatchEquivalence vectors =
                BatchEquivalence.check(answering((x, size) -> new double[] {1, x, size == 2 ? 0.5 : 0}), ROWS, 0.1);
        BatchEquivalence classes = BatchEquivalence.check(
                answering((x, size) ->
                        ClassProbabilities.of(List.of("a", "b"), size == 2 ? 0.25 : 0.5, size == 2 ? 0.75 : 0.5)),
                ROWS,
                0.1);
        BatchEquivalence lengths = BatchEquivalence.check(answering((x, size) -> new double[size]), ROWS, 0.1);

        assertThat(vectors.largestDifference()).isEqualTo(0.5);
        assertThat(classes.largestDifference()).isEqualTo(0.25);
        assertThat(lengths.largestDifference()).isInfinite();
    }

    @Test
    void otherAnswersAreEqualOrNot() {
        assertThat(BatchEquivalence.check(answering((x, size) -> "label" + x), ROWS, 0)
                        .holds())
                .isTrue();
        assertThat(BatchEquivalence.check(answering((x, size) -> "label" + size), ROWS, 100)
                        .holds())
                .isFalse();
    }

    @Test
    void whatFailsAloneMustFailInTheBatch() {
        assertThat(BatchEquivalence.check(failing(false), ROWS, 0).holds()).isTrue();
        BatchEquivalence found = BatchEquivalence.check(failing(true), ROWS, 100);
        assertThat(found.largestDifference()).isInfinite();
        assertThat(found.differences())
                .allSatisfy(difference -> assertThat(difference.row()).isEqualTo(1));
    }

    private Predictor<Integer, Double> failing(boolean onlyAlone) {
        return answering((x, size) -> {
            if (x == 2 && (size == 1 || !onlyAlone)) {
                throw new ModelExecutionException("no", null);
            }
            return 2.0 * x;
        });
    }

    @Test
    void noMoreThanTwentyDifferencesAreListed() {
        List<Integer> many = java.util.stream.IntStream.range(0, 100).boxed().toList();

        BatchEquivalence found = BatchEquivalence.check(answering((x, size) -> 1.0 * size), many, 0);

        assertThat(found.differences()).hasSize(BatchEquivalence.LISTED);
        assertThat(found.largestDifference()).isEqualTo(99);
    }

    @Test
    void notANumberIsADifferenceUnlessItIsOneAlone() {
        assertThat(BatchEquivalence.check(answering((x, size) -> Double.NaN), ROWS, 0)
                        .holds())
                .isTrue();
        assertThat(BatchEquivalence.check(answering((x, size) -> size > 1 ? Double.NaN : x), ROWS, 1e9)
                        .holds())
                .isFalse();
    }

    @Test
    void whatCannotBeCheckedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchEquivalence.check(answering((x, size) -> 1.0), List.of(1), 0))
                .withMessage("rows: 1 (expected: at least 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchEquivalence.check(answering((x, size) -> 1.0), ROWS, Double.NaN))
                .withMessage("tolerance: NaN (expected: >= 0)");
    }
}
