package io.github.plimsoll.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.LoadOptions.ExecutionProvider;
import io.github.plimsoll.core.model.LoadOptions.MemoryArena;
import io.github.plimsoll.core.model.LoadOptions.Optimization;
import io.github.plimsoll.core.model.Model;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SessionOptionsTest {

    private static final LoadOptions DEFAULTS = LoadOptions.defaults();

    @ParameterizedTest
    @CsvSource({
        "1, 0, 8, intra-op threads 1",
        "4, 0, 8, 'intra-op threads 4, at most 2 calls at once'",
        "3, 0, 8, 'intra-op threads 3, at most 2 calls at once'",
        "8, 0, 8, 'intra-op threads 8, at most 1 call at once'",
        "16, 0, 8, 'intra-op threads 8, at most 1 call at once'",
        "16, 0, 1, intra-op threads 1",
        "2, 8, 8, 'intra-op threads 2, at most 8 calls at once'",
        "1, 3, 8, 'intra-op threads 1, at most 3 calls at once'",
    })
    void threadsTimesCallsStayWithinTheProcessorsUnlessTheHostSaysOtherwise(
            int threads, int calls, int processors, String words) {
        LoadOptions options = DEFAULTS.intraOpThreads(threads);
        CpuBudget budget = CpuBudget.of(calls == 0 ? options : options.concurrentCalls(calls), processors);

        assertThat(budget).hasToString(words);
        if (calls == 0) {
            assertThat(budget.intraOpThreads() * Math.max(1, budget.concurrentCalls()))
                    .isLessThanOrEqualTo(processors);
        }
    }

    @Test
    void callsBeyondTheLimitWaitForTheirTurn() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FakeModel fake = FakeModel.ofRows("slow", 1, row -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            return row[0];
        });
        try (Model model = new LeasedModel(fake, 2)) {
            var plan = model.plan(
                    List.of(model.description().signature().outputs().get(0).name()));
            Thread[] threads = new Thread[8];
            for (int t = 0; t < threads.length; t++) {
                threads[t] = new Thread(() -> {
                    for (int i = 0; i < 200; i++) {
                        try (Inference inference = plan.begin(1)) {
                            inference.input(0).number(0, 1);
                            inference.run();
                        }
                    }
                });
                threads[t].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }

        assertThat(most.get()).isBetween(1, 2);
        assertThat(fake.openInferences()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void whatWasChosenIsDescribedAndAnswersAlike(Execution way) {
        LoadOptions options = DEFAULTS.execution(way)
                .optimization(Optimization.BASIC)
                .arena(MemoryArena.OFF)
                .providers(ExecutionProvider.CPU)
                .concurrentCalls(3);
        try (Model model = ModelLoading.load(TestModels.path("credit20-mlp"), options);
                Model plain = ModelLoading.load(TestModels.path("credit20-mlp"), DEFAULTS)) {
            assertThat(model.description().execution())
                    .isEqualTo((way == Execution.DJL ? "through DJL" : "direct")
                            + ", intra-op threads 1, at most 3 calls at once, optimisation BASIC, no arena");
            assertThat(answer(model)).isCloseTo(answer(plain), org.assertj.core.data.Offset.offset(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(Optimization.class)
    void everyLevelOfOptimisationLoads(Optimization level) {
        try (Model model = ModelLoading.load(TestModels.path("digits-cnn"), DEFAULTS.optimization(level))) {
            assertThat(model.description().engine()).isEqualTo("OnnxRuntime");
        }
    }

    private static double answer(Model model) {
        try (Inference inference = model.plan(List.of("probabilities")).begin(1)) {
            TestModels.fill(inference, 0, new double[20]);
            inference.run();
            return inference.output(0).number(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"CUDA, onnxruntime_gpu", "TENSOR_RT, onnxruntime_gpu"})
    void aProviderThatIsNotThereIsNamed(ExecutionProvider provider, String remedy) {
        for (Execution way : List.of(Execution.DIRECT, Execution.DJL)) {
            assertThatThrownBy(() -> ModelLoading.load(
                            TestModels.path("credit20-mlp"),
                            DEFAULTS.execution(way).providers(provider, ExecutionProvider.CPU)))
                    .isInstanceOf(EngineUnavailableException.class)
                    .hasMessageContaining("the provider " + provider + " is not in this ONNX Runtime")
                    .hasMessageContaining(remedy);
        }
    }

    @ParameterizedTest
    @CsvSource({"breastcancer-xgb, XGBoost", "credit20-lgbm, LightGBM"})
    void providersAreForOnnxModels(String name, String engine) {
        assertThatThrownBy(() -> ModelLoading.load(TestModels.path(name), DEFAULTS.providers(ExecutionProvider.CUDA)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("runs in " + engine)
                .hasMessageContaining("expected: CPU");
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> DEFAULTS.intraOpThreads(0)).hasMessageContaining("intraOpThreads: 0");
        assertThatThrownBy(() -> DEFAULTS.concurrentCalls(0)).hasMessageContaining("concurrentCalls: 0");
        assertThatThrownBy(() -> DEFAULTS.providers(ExecutionProvider.CPU, ExecutionProvider.CPU))
                .hasMessageContaining("expected: each once");
    }
}
