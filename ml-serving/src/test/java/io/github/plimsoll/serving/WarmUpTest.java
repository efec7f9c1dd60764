package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpTest {

    private final ManualClock clock = ManualClock.at(Instant.EPOCH);
    private final List<List<Double>> runs = new ArrayList<>();

    /** Takes a second a run, fails on negative numbers. */
    private final FakeModel model = FakeModel.of(
            new ModelId("same", "1"),
            new ModelSignature(
                    List.of(TensorSpec.of("features", ElementType.FLOAT64, -1, 1)),
                    List.of(TensorSpec.of("prediction", ElementType.FLOAT64, -1, 1))),
            (inputs, outputs) -> {
                List<Double> run = new ArrayList<>();
                for (int i = 0; i < inputs.get(0).rows(); i++) {
                    double x = inputs.get(0).number(i);
                    run.add(x);
                    if (x < 0) {
                        throw new IllegalArgumentException("negative");
                    }
                    outputs.get(0).number(i, x);
                }
                runs.add(run);
                clock.advance(Duration.ofSeconds(1));
            });

    private PredictorBuilder<Map<String, ?>, Double> predictor(WarmUp<Map<String, ?>> warmUp) {
        return Plimsoll.use(model)
                .as(Schema.ofMap(Feature.number("x")), Output.number())
                .time(clock)
                .with(warmUp);
    }

    private static WarmUp<Map<String, ?>> samples(double... xs) {
        return WarmUp.of(Arrays.stream(xs).mapToObj(x -> Map.of("x", x)).toList());
    }

    @Test
    void everySampleGoesThroughEveryBatchSizeBeforeTheFirstCall() {
        Predictor<Map<String, ?>, Double> predictor =
                predictor(samples(1, 2, 3).batchSizes(1, 2, 4).rounds(1)).build();

        assertThat(runs)
                .containsExactly(
                        List.of(1.0),
                        List.of(2.0),
                        List.of(3.0),
                        List.of(1.0, 2.0),
                        List.of(3.0, 1.0),
                        List.of(1.0, 2.0, 3.0, 1.0));
        assertThat(predictor.describe()).contains("ml.warmup.duration 6.0");
    }

    @Test
    void withoutMoreWordsItIsTenTimesOneAtATime() {
        predictor(samples(1, 2)).build();

        assertThat(runs).hasSize(20).allSatisfy(run -> assertThat(run).hasSize(1));
        assertThat(samples(1, 2)).hasToString("warm-up with 2 samples in batches of [1], 10 rounds");
    }

    @Test
    void samplesAreInNoCacheAndNoListenerIsTold() {
        RecordingListener<Map<String, ?>, Double> listener = new RecordingListener<>();
        Caching caching = Caching.entries(10);
        Predictor<Map<String, ?>, Double> predictor =
                predictor(samples(1)).with(listener).with(caching).build();

        assertThat(listener.events()).isEmpty();
        assertThat(caching.stats().misses()).isZero();
        assertThat(predictor.prediction(Map.of("x", 1.0)).source()).hasToString("MODEL");
    }

    @Test
    void aSampleThatIsNotAnsweredFailsTheBuild() {
        PredictorBuilder<Map<String, ?>, Double> failing =
                predictor(samples(1, -1, 2).batchSizes(2));

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(failing::build)
                .withMessageStartingWith("model same:1: warm-up failed at sample 0 in a batch of 2: ")
                .withMessageContaining("negative")
                .withMessageEndingWith("(expected: an answer to every sample)");
    }

    @Test
    void aSampleThatIsNoInputFailsTheBuildWithWhatIsWrong() {
        PredictorBuilder<Map<String, ?>, Double> failing = predictor(WarmUp.of(List.of(Map.of("y", 1.0))));

        assertThatExceptionOfType(ModelLoadException.class)
                .isThrownBy(failing::build)
                .withMessageContaining("sample 0 in a batch of 1")
                .withMessageContaining("x");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        WarmUp<Map<String, ?>> warmUp = samples(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> WarmUp.of(List.of()))
                .withMessage("samples: none (expected: at least one)");
        assertThatNullPointerException().isThrownBy(() -> WarmUp.of(Arrays.asList(1, null)));
        assertThatIllegalArgumentException().isThrownBy(warmUp::batchSizes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> warmUp.batchSizes(1, 0))
                .withMessage("batch sizes: [1, 0] (expected: from 1 to 65536)");
        assertThatIllegalArgumentException().isThrownBy(() -> warmUp.batchSizes(65_537));
        assertThatIllegalArgumentException().isThrownBy(() -> warmUp.rounds(0));
    }
}
