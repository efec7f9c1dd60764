package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A lambda is a predictor; this is what the interface gives it. */
class PredictorTest {

    private final AtomicInteger asked = new AtomicInteger();
    private final PredictionException refusal = new PredictionException("not 13", null);
    private final Predictor<Integer, Integer> next = number -> {
        asked.incrementAndGet();
        if (number == 13) {
            throw refusal;
        }
        return number + 1;
    };

    @Test
    void answersOneAndSaysWhereItCameFrom() {
        Prediction<Integer> prediction = next.prediction(1);

        assertThat(prediction.value()).isEqualTo(2);
        assertThat(prediction.source()).isEqualTo(Prediction.Source.MODEL);
        assertThat(prediction.model()).hasToString("function:unversioned");
        assertThat(prediction.timings().total()).isZero();
        assertThat(prediction.warnings()).isEmpty();
        assertThat(prediction.id())
                .matches("[0-9a-f]+-[0-9a-f]+")
                .isNotEqualTo(next.prediction(1).id());
    }

    @Test
    void answersManyOneByOne() {
        assertThat(next.predictAll(List.of(3, 1, 2))).containsExactly(4, 2, 3);
        assertThat(next.predictAll(List.of())).isEmpty();
        assertThat(asked).hasValue(3);
    }

    @Test
    void aFailureAmongManyLeavesTheOthersTheirAnswers() {
        PartialFailureException partial =
                catchThrowableOfType(PartialFailureException.class, () -> next.predictAll(List.of(1, 13, 3)));

        assertThat(partial).hasCause(refusal).hasMessage("1 of 3 inputs failed, first inputs[1]: not 13");
        assertThat(partial.outcomes().get(1)).isEqualTo(new Outcome.Failed<>(refusal));
        assertThat(((Outcome.Answered<?>) partial.outcomes().get(2))
                        .prediction()
                        .value())
                .isEqualTo(4);
    }

    @Test
    void aNullAmongManyKeepsAllFromBeingAsked() {
        assertThatNullPointerException().isThrownBy(() -> next.predictEach(Arrays.asList(1, null)));
        assertThat(asked).hasValue(0);
    }

    @Test
    void aBugIsNoFailureOfAnInput() {
        RuntimeException bug = new IllegalStateException("bug");
        Predictor<Integer, Integer> broken = number -> {
            throw bug;
        };

        assertThatThrownBy(() -> broken.predictEach(List.of(1))).isSameAs(bug);
        assertThatThrownBy(() -> broken.predictAsync(1)).isSameAs(bug);
    }

    @Test
    void answersAsynchronouslyOnTheCallingThread() {
        assertThat(next.predictAsync(1)).isCompletedWithValue(2);
        assertThat(next.predictAsync(13)).isCompletedExceptionally();
        assertThatNullPointerException().isThrownBy(() -> next.predictAsync(null));
    }

    @Test
    void describesItselfByItsClassAndClosesToNoEffect() {
        next.close();

        assertThat(next.predict(1)).isEqualTo(2);
        assertThat(next.describe()).contains("PredictorTest");
    }
}
