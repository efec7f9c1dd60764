package io.github.plimsoll.core.internal.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.RowLimit;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelTest {

    private static Model small(String name, Execution way) {
        return ModelLoading.load(TestModels.small(name), LoadOptions.defaults().execution(way));
    }

    private static InferencePlan planOfAll(Model model) {
        return model.plan(model.description().signature().outputs().stream()
                .map(TensorSpec::name)
                .toList());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void everyNumericTypeGoesInAndComesOutUnchanged(Execution way) {
        try (Model model = small("echo", way)) {
            InferencePlan plan = planOfAll(model);
            for (int rows : new int[] {1, 3, 2, 1}) {
                try (Inference inference = plan.begin(rows)) {
                    for (int i = 0; i < 7; i++) {
                        for (int e = 0; e < 2 * rows; e++) {
                            inference
                                    .input(i)
                                    .number(e, sample(inference.input(i).type(), e));
                        }
                    }
                    inference.run();
                    for (int o = 0; o < 7; o++) {
                        Tensor output = inference.output(o);
                        assertThat(output.shape()).containsExactly(rows, 2);
                        for (int e = 0; e < 2 * rows; e++) {
                            assertThat(output.number(e)).isEqualTo(sample(output.type(), e));
                        }
                    }
                }
            }
        }
    }

    private static double sample(ElementType type, int index) {
        return switch (type) {
            case BOOL -> (index + 1) % 2;
            case UINT8 -> 255 - index;
            case FLOAT32, FLOAT64 -> index + 0.5;
            default -> index % 2 == 0 ? index : -index;
        };
    }

    @Test
    void int16TakesTheDirectWayOnly() {
        try (Model model = small("echo-int16", Execution.AUTOMATIC);
                Inference inference = planOfAll(model).begin(1)) {
            TestModels.fill(inference, 0, -300, 300);
            inference.run();

            assertThat(TestModels.numbers(inference.output(0))).containsExactly(-300, 300);
        }
        assertThatThrownBy(() -> small("echo-int16", Execution.DJL))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("cannot run through DJL")
                .hasMessageContaining("i16")
                .hasMessageContaining("int16");
    }

    @Test
    void sixteenBitFloatsGoThroughDjlAsThirtyTwoBitOnes() {
        try (Model model = small("echo-half", Execution.AUTOMATIC);
                Inference inference = planOfAll(model).begin(2)) {
            assertThat(model.description().execution()).startsWith("through DJL");
            TestModels.fill(inference, 0, 0.5, -2, 1024, 0.25);
            inference.run();

            assertThat(TestModels.numbers(inference.output(0))).containsExactly(0.5, -2, 1024, 0.25);
        }
        assertThatThrownBy(() -> small("echo-half", Execution.DIRECT))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("cannot take the direct way: input x is of float16");
    }

    @Test
    void anInputOfATypeThatNoWayKnowsIsRefusedAtLoad() {
        assertThatThrownBy(() -> small("echo-uint32", Execution.AUTOMATIC))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("input x is of type uint32");
    }

    @Test
    void textsGoInAndComeOut() {
        try (Model model = small("echo-strings", Execution.AUTOMATIC);
                Inference inference = planOfAll(model).begin(2)) {
            String[] texts = {"one", "", "dré\u6f22\ud83d\ude00", "four"};
            for (int i = 0; i < texts.length; i++) {
                inference.input(0).text(i, texts[i]);
            }
            inference.run();

            for (int i = 0; i < texts.length; i++) {
                assertThat(inference.output(0).text(i)).isEqualTo(texts[i]);
            }
        }
    }

    @Test
    void textsInTwoDimensionsAreRefusedThroughDjl() {
        assertThatThrownBy(() -> small("echo-strings", Execution.DJL))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("output text_out is of texts in more than one dimension");
    }

    @Test
    void aTextThatIsNotSetIsNamedAndNeverReachesTheEngine() {
        try (Model model = small("echo-strings", Execution.DIRECT)) {
            InferencePlan plan = planOfAll(model);
            try (Inference first = plan.begin(2)) {
                for (int i = 0; i < 4; i++) {
                    first.input(0).text(i, "left over");
                }
            }
            try (Inference inference = plan.begin(2)) {
                inference.input(0).text(0, "a");
                inference.input(0).text(1, "b");
                inference.input(0).text(2, "c");

                assertThatThrownBy(inference::run)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("input 'text' row 1 element 1: null or not set (expected: a text)");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void aNullTextNeverReachesTheEngine(Execution way) {
        try (Model model = ModelLoading.load(
                        TestModels.path("churn-multi-input"),
                        LoadOptions.defaults().execution(way));
                Inference inference = planOfAll(model).begin(2)) {
            TestModels.fill(inference, 0, 30, 40);
            TestModels.fill(inference, 1, 1, 2);
            inference.input(2).text(0, "basic");
            inference.input(2).text(1, null);

            assertThatThrownBy(inference::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("input 'plan' row 1: null or not set (expected: a text)");
        }
    }

    @Test
    void zipMapLabelsComeInTheOrderOfTheTrainersClasses() {
        assertZipMap("zipmap-numbers", List.of("-1", "9", "10"), 0.3, 0.2, 0.1);
        assertZipMap("zipmap-texts", List.of("a", "b", "c"), 0.2, 0.1, 0.3);
    }

    private static void assertZipMap(String name, List<String> labels, double... values) {
        try (Model model = small(name, Execution.AUTOMATIC);
                Inference inference = planOfAll(model).begin(2)) {
            assertThat(model.description().signature().outputs().get(0).isLabelled())
                    .isTrue();
            TestModels.fill(inference, 0, 0.1, 0.2, 0.3, 1, 2, 3);
            inference.run();

            Tensor output = inference.output(0);
            assertThat(output.labels()).isEqualTo(labels);
            assertThat(output.shape()).containsExactly(2, 3);
            for (int i = 0; i < 3; i++) {
                assertThat((float) output.number(i)).isEqualTo((float) values[i]);
                assertThat((float) output.number(3 + i)).isEqualTo((float) (10 * values[i]));
            }
        }
    }

    @Test
    void zipMapIsRefusedThroughDjlWithTheRemedy() {
        assertThatThrownBy(() -> small("zipmap-texts", Execution.DJL))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("output maps maps class labels to numbers")
                .hasMessageContaining("zipmap=False")
                .hasMessageContaining("direct way");
    }

    @Test
    void aModelOfOneRowTakesOneRow() {
        try (Model model = small("one-row", Execution.AUTOMATIC)) {
            InferencePlan plan = planOfAll(model);

            assertThat(plan.maxRows()).isEqualTo(1);
            assertThatThrownBy(() -> plan.begin(2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("rows: 2 (expected: 1 to 1");
            try (Inference inference = plan.begin(1)) {
                TestModels.fill(inference, 0, 1, 2, 3);
                inference.run();
                assertThat(TestModels.numbers(inference.output(0))).containsExactly(2, 4, 6);
            }
        }
    }

    @Test
    void aModelOfAnotherFixedNumberOfRowsIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> small("four-rows", Execution.AUTOMATIC))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("takes exactly 4 rows")
                .hasMessageContaining("dynamic_axes");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void anInputOfNoFixedSizeIsGivenOne(Execution way) {
        try (Model model = small("any-width", way)) {
            InferencePlan plan = planOfAll(model);
            for (int width : new int[] {2, 5, 0, 5, 1}) {
                try (Inference inference = plan.begin(2)) {
                    assertThatThrownBy(() -> inference.input(0))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("not fixed");
                    assertThatThrownBy(() -> inference.input(0, 3, width))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("2 rows");
                    Tensor input = inference.input(0, 2, width);
                    for (int i = 0; i < 2 * width; i++) {
                        input.number(i, i);
                    }
                    if (width == 0 && way == Execution.DJL) {
                        continue; // DJL makes no empty arrays
                    }
                    inference.run();

                    assertThat(inference.output(0).shape()).containsExactly(2, width);
                    for (int i = 0; i < 2 * width; i++) {
                        assertThat(inference.output(0).number(i)).isEqualTo(2 * i);
                    }
                }
            }
        }
    }

    @Test
    void anInputWhoseSizeWasNotGivenStopsTheRun() {
        try (Model model = small("any-width", Execution.DIRECT);
                Inference inference = planOfAll(model).begin(1)) {
            assertThatThrownBy(inference::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not set");
        }
    }

    @Test
    void aModelThatStatesNoShapesTakesAny() {
        try (Model model = small("no-shape", Execution.DIRECT);
                Inference inference = planOfAll(model).begin(2)) {
            Tensor input = inference.input(0, 2, 1, 2);
            for (int i = 0; i < 4; i++) {
                input.number(i, i);
            }
            inference.run();

            assertThat(inference.output(0).shape()).containsExactly(2, 1, 2);
            assertThat(TestModels.numbers(inference.output(0))).containsExactly(0, 2, 4, 6);
        }
    }

    @Test
    void anOutputThatIsDeclaredTooSmallIsReadAllTheSame() {
        try (Model model = small("output-declared-one-row", Execution.DIRECT)) {
            InferencePlan plan = planOfAll(model);
            for (int rows : new int[] {1, 3, 1, 3}) {
                try (Inference inference = plan.begin(rows)) {
                    TestModels.fill(inference, 0, new double[3 * rows]);
                    inference.input(0).number(3 * rows - 1, 4);
                    inference.run();

                    assertThat(inference.output(0).shape()).containsExactly(rows, 3);
                    assertThat(inference.output(0).number(3 * rows - 1)).isEqualTo(8);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void anOutputWithoutARowForEachRowIsNoAnswer(Execution way) {
        try (Model model = small("rows-summed", way)) {
            InferencePlan plan = planOfAll(model);
            for (int i = 0; i < 3; i++) {
                try (Inference inference = plan.begin(2)) {
                    TestModels.fill(inference, 0, 1, 2, 3, 4, 5, 6);
                    inference.run();

                    assertThatThrownBy(() -> inference.output(0))
                            .isInstanceOf(ModelOutputException.class)
                            .hasMessageContaining("output 'y' has shape [1, 3] for 2 rows");
                }
                try (Inference inference = plan.begin(1)) {
                    TestModels.fill(inference, 0, 1, 2, 3);
                    inference.run();
                    assertThat(TestModels.numbers(inference.output(0))).containsExactly(1, 2, 3);
                }
            }
        }
    }

    @Test
    void anOutputThatCannotBeReadIsLeftOutWhereOthersCan() {
        try (Model model = small("sequence-beside", Execution.AUTOMATIC);
                Inference inference = model.plan(List.of("y")).begin(1)) {
            assertThat(model.description().signature().outputs())
                    .extracting(TensorSpec::name)
                    .containsExactly("y");
            assertThat(model.description().metadata().get("leftOut")).contains("output parts");
            TestModels.fill(inference, 0, 1, 2, 3);
            inference.run();
            assertThat(TestModels.numbers(inference.output(0))).containsExactly(2, 4, 6);
        }
        assertThatThrownBy(() -> small("sequence-only", Execution.AUTOMATIC))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("output parts");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void nanComesOutAsItIs(Execution way) {
        try (Model model = small("square-root", way);
                Inference inference = planOfAll(model).begin(2)) {
            TestModels.fill(inference, 0, -1, 4);
            inference.run();
            assertThat(TestModels.numbers(inference.output(0))).containsExactly(Double.NaN, 2);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void aRunThatFailsSaysWhatTheEngineSaidAndTheNextOneWorks(Execution way) {
        try (Model model = small("look-up", way)) {
            InferencePlan plan = planOfAll(model);
            for (int i = 0; i < 20; i++) {
                try (Inference inference = plan.begin(2)) {
                    TestModels.fill(inference, 0, 1, 99);
                    assertThatThrownBy(inference::run)
                            .isInstanceOf(ModelExecutionException.class)
                            .hasMessageContaining("look-up:unversioned failed on 2 rows")
                            .hasMessageContaining("99")
                            .hasRootCauseInstanceOf(OrtException.class);
                    assertThatThrownBy(() -> inference.output(0)).isInstanceOf(IllegalStateException.class);
                }
                try (Inference inference = plan.begin(2)) {
                    TestModels.fill(inference, 0, 1, 2);
                    inference.run();
                    assertThat(TestModels.numbers(inference.output(0))).containsExactly(20, 30);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void anInferenceKeepsItsOrder(Execution way) {
        try (Model model = small("square-root", way)) {
            InferencePlan plan = planOfAll(model);
            assertThatThrownBy(() -> plan.begin(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> plan.begin(plan.maxRows() + 1)).isInstanceOf(IllegalArgumentException.class);
            Inference inference = plan.begin(1);
            assertThatThrownBy(() -> inference.output(0)).isInstanceOf(IllegalStateException.class);
            inference.input(0).number(0, 9);
            inference.run();
            assertThatThrownBy(inference::run).isInstanceOf(IllegalStateException.class);
            assertThat(inference.output(0).number(0)).isEqualTo(3);
            inference.close();
            inference.close();
            assertThatThrownBy(() -> inference.input(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void aSecondCloseOfAnInferenceDoesNotTouchTheNext(Execution way) {
        try (Model model = small("square-root", way)) {
            InferencePlan plan = planOfAll(model);
            Inference stale = plan.begin(1);
            stale.close();
            try (Inference current = plan.begin(1)) {
                stale.close();
                current.input(0).number(0, 16);
                try (Inference another = plan.begin(1)) {
                    another.input(0).number(0, 25);
                    another.run();
                    current.run();
                    assertThat(current.output(0).number(0)).isEqualTo(4);
                    assertThat(another.output(0).number(0)).isEqualTo(5);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void anInferenceOutlivesTheCloseOfItsModel(Execution way) {
        Model model = small("square-root", way);
        InferencePlan plan = planOfAll(model);
        try (Inference inference = plan.begin(1)) {
            model.close();
            model.close();
            inference.input(0).number(0, 9);
            inference.run();
            assertThat(inference.output(0).number(0)).isEqualTo(3);
            assertThatThrownBy(() -> plan.begin(1))
                    .isInstanceOf(ModelClosedException.class)
                    .hasMessageContaining("square-root:unversioned");
        }
        model.close();
        assertThatThrownBy(() -> planOfAll(model)).isInstanceOf(ModelClosedException.class);
    }

    @Test
    void outputsAreAskedForByName() {
        try (Model model = ModelLoading.load(TestModels.path("credit20-mlp"), LoadOptions.defaults())) {
            assertThatThrownBy(() -> model.plan(List.of("nope")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'nope'")
                    .hasMessageContaining("[label, probabilities]");
            assertThatThrownBy(() -> model.plan(List.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> model.plan(List.of("label", "label")))
                    .isInstanceOf(IllegalArgumentException.class);
            try (Inference inference =
                    model.plan(List.of("probabilities", "label")).begin(1)) {
                TestModels.fill(inference, 0, new double[20]);
                inference.run();
                assertThat(inference.output(0).type()).isEqualTo(ElementType.FLOAT32);
                assertThat(inference.output(1).type()).isEqualTo(ElementType.INT64);
            }
        }
    }

    @Test
    void theLargestBatchIsBoundedByMemory() {
        try (Model narrow = small("square-root", Execution.AUTOMATIC);
                Model image = ModelLoading.load(TestModels.path("digits-cnn"), LoadOptions.defaults())) {
            assertThat(planOfAll(narrow).maxRows()).isEqualTo(1024);
            assertThat(planOfAll(image).maxRows()).isEqualTo(1024);
        }
        TensorSpec photograph = TensorSpec.of("image", ElementType.FLOAT32, -1, 3, 224, 224);
        assertThat(RowLimit.of(List.of(photograph), List.of()))
                .isEqualTo(new RowLimit((16 << 20) / (3 * 224 * 224 * 4), 3 * 224 * 224 * 4));
        TensorSpec huge = TensorSpec.of("huge", ElementType.FLOAT32, -1, 1 << 24);
        assertThat(RowLimit.of(List.of(huge), List.of()).max()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DIRECT", "DJL"})
    void noTwoCallsShareBuffers(String way) throws Exception {
        int threads = 8;
        int calls = way.equals("DJL") ? 500 : 5_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Model model = ModelLoading.load(
                TestModels.small("square-root"), LoadOptions.defaults().execution(Execution.valueOf(way)))) {
            InferencePlan plan = planOfAll(model);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int mine = t;
                results.add(pool.submit(() -> {
                    start.await();
                    int wrong = 0;
                    for (int c = 0; c < calls; c++) {
                        int rows = 1 + (c * (mine + 1)) % 5;
                        double root = mine * calls + c;
                        try (Inference inference = plan.begin(rows)) {
                            for (int r = 0; r < rows; r++) {
                                inference.input(0).number(r, (float) ((root + r) * (root + r)));
                            }
                            inference.run();
                            for (int r = 0; r < rows; r++) {
                                wrong += Math.abs(inference.output(0).number(r) - root - r) > 0.01 ? 1 : 0;
                            }
                        }
                    }
                    return wrong;
                }));
            }
            start.countDown();
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
