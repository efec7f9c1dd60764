package io.github.plimsoll.core.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ModelId;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecordingListenerTest {

    private final RecordingListener<Integer, Integer> listener = new RecordingListener<>();
    private final Predictor<Integer, Integer> predictor = Plimsoll.<Integer, Integer>function(
                    new ModelId("next", "1"), number -> number + 1)
            .with(listener)
            .build();

    @Test
    void keepsWhatItIsToldInOrder() {
        predictor.predictAll(List.of(3, 1, 2));

        assertThat(listener.events()).extracting(PredictionEvent::input).containsExactly(3, 1, 2);
        assertThat(listener.events()).extracting(PredictionEvent::value).containsExactly(4, 2, 3);
    }

    @Test
    void whatItGaveOutDoesNotChange() {
        predictor.predict(1);
        List<PredictionEvent<Integer, Integer>> before = listener.events();

        predictor.predict(2);
        listener.clear();

        assertThat(before).hasSize(1).isUnmodifiable();
        assertThat(listener.events()).isEmpty();
    }

    @Test
    void losesNothingThatManyThreadsTellIt() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        for (int thread = 0; thread < 8; thread++) {
            pool.execute(() -> {
                try {
                    gate.await();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
                for (int i = 0; i < 1000; i++) {
                    predictor.predict(i);
                }
            });
        }
        gate.countDown();
        pool.shutdown();

        assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(listener.events()).hasSize(8000);
        assertThat(listener.events().stream().map(PredictionEvent::id).distinct())
                .hasSize(8000);
    }
}
