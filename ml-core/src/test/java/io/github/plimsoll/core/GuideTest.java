package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.FakePredictor;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.fake.RecordingListener;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the guide pages on loading, testing and extending, compiled and run. */
class GuideTest {

    private static final Path MODELS = Path.of("src/test/resources/models");

    record Flower(
            @FeatureSpec(unit = "cm", min = 0, max = 30) double sepalLength,
            @FeatureSpec(unit = "cm", min = 0, max = 30) double sepalWidth,
            @FeatureSpec(unit = "cm", min = 0, max = 30) double petalLength,
            @FeatureSpec(unit = "cm", min = 0, max = 30) double petalWidth) {}

    @Test
    void loadsAModelAndAsksIt() {
        Path path = MODELS.resolve("iris-logreg");

        try (Predictor<Flower, ClassProbabilities> iris = Plimsoll.load(path)
                .as(Flower.class, Output.classes().labelled("setosa", "versicolor", "virginica"))
                .build()) {
            ClassProbabilities answer = iris.predict(new Flower(5.1, 3.5, 1.4, 0.2));
            String name = answer.top();
            double confidence = answer.confidence();

            assertThat(name).isEqualTo("setosa");
            assertThat(confidence).isBetween(0.5, 1.0);
        }
    }

    record Customer(float age, long tenure, String plan) {}

    @Test
    void feedsNamedInputs() {
        try (Predictor<Customer, Double> churn = Plimsoll.load(MODELS.resolve("churn-multi-input"))
                .as(Customer.class, Output.probability())
                .build()) {
            assertThat(churn.predict(new Customer(22.731113f, 41, "plus"))).isBetween(0.121, 0.122);
        }
    }

    @Test
    void asksSeveralAtOnce() {
        try (Predictor<Flower, ClassProbabilities> iris = Plimsoll.load(MODELS.resolve("iris-logreg"))
                .as(Flower.class, Output.classes())
                .build()) {
            List<Flower> flowers = List.of(new Flower(5.1, 3.5, 1.4, 0.2), new Flower(6.7, 3.0, 5.2, 2.3));

            List<ClassProbabilities> answers = iris.predictAll(flowers);
            for (Outcome<ClassProbabilities> outcome : iris.predictEach(flowers)) {
                if (outcome instanceof Outcome.Failed<ClassProbabilities> failed) {
                    System.getLogger("guide")
                            .log(System.Logger.Level.WARNING, failed.failure().getMessage());
                }
            }

            assertThat(answers).extracting(ClassProbabilities::top).containsExactly("0", "2");
        }
    }

    @Test
    void tellsEveryMismatch() {
        assertThatThrownBy(() -> {
                    Plimsoll.load(MODELS.resolve("credit20-mlp"))
                            .as(Flower.class, Output.probability())
                            .build();
                })
                .isInstanceOfSatisfying(
                        ModelMismatchException.class,
                        mismatch -> assertThat(mismatch.mismatches()).hasSize(2));
    }

    @Test
    void asksWithJson() throws Exception {
        Schema<JsonNode> schema = Schema.ofJson(
                Feature.number("age").unit("years").range(0, 120),
                Feature.integer("tenure"),
                Feature.category("plan", "basic", "plus", "pro"));

        try (Model model = Plimsoll.load(MODELS.resolve("churn-multi-input"))
                        .with(LoadOptions.defaults().named("churn", "2026-03"))
                        .open();
                Predictor<JsonNode, Double> churn =
                        Plimsoll.use(model).as(schema, Output.probability()).build()) {
            JsonNode request = new ObjectMapper().readTree("{\"age\": \"22,7\", \"tenur\": 41, \"plan\": \"plus\"}");
            try {
                churn.predict(request);
            } catch (InvalidInputException refusal) {
                refusal.violations()
                        .forEach(violation ->
                                System.getLogger("guide").log(System.Logger.Level.INFO, violation.toString()));
                assertThat(refusal.violations()).extracting(v -> v.path()).containsOnly("age", "tenure", "tenur");
            }
        }
    }

    /** The host's own code, which a test wants to look at. */
    record Checkout(Predictor<Customer, Double> churn) {

        String offerFor(Customer customer) {
            try {
                return churn.predict(customer) > 0.5 ? "discount" : "none";
            } catch (PredictionException failure) {
                return "none";
            }
        }
    }

    @Test
    void testsAHostWithAFake() {
        var churn = FakePredictor.<Customer, Double>answering(customer -> customer.tenure() < 12 ? 0.9 : 0.1)
                .failingOnCall(3);
        var checkout = new Checkout(churn);

        assertThat(checkout.offerFor(new Customer(30, 2, "basic"))).isEqualTo("discount");
        assertThat(checkout.offerFor(new Customer(30, 40, "basic"))).isEqualTo("none");
        assertThat(checkout.offerFor(new Customer(30, 2, "basic"))).isEqualTo("none"); // the model failed
        assertThat(churn.inputs()).hasSize(3);
    }

    @Test
    void testsWhatStandsAroundAModel() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        RecordingListener<double[], Double> listener = new RecordingListener<>();
        FakeModel model = FakeModel.ofRows("credit", 2, row -> {
            clock.advance(Duration.ofMillis(3));
            return row[1] > 0.5 ? 0.9 : 0.1;
        });

        try (var risk = Plimsoll.use(model)
                .as(Schema.ofDoubles(2), Output.probability())
                .time(clock)
                .with(listener)
                .build()) {
            assertThat(risk.predict(new double[] {52_000, 0.7})).isEqualTo(0.9);
        }

        assertThat(listener.events().get(0).timings().inference()).isEqualTo(Duration.ofMillis(3));
        assertThat(model.openInferences()).isZero();
    }

    /** Answers the small hours by a rule. */
    static final class NightRule implements Interceptor<Customer, Double> {

        @Override
        public Stage.Position position() {
            return Stage.CACHE.before();
        }

        @Override
        public void intercept(CallBatch<Customer, Double> calls, Next<Customer, Double> next) {
            for (Call<Customer, Double> call : calls) {
                if (call.input().tenure() == 0) {
                    call.answer(0.5, Prediction.Source.FALLBACK);
                }
            }
            next.proceed(calls);
        }
    }

    @Test
    void extendsACall() {
        PredictionListener<Object, Object> slow = event -> {
            if (event.totalNanos() > 1_000_000) {
                System.getLogger("slow").log(System.Logger.Level.INFO, event.id());
            }
        };

        try (var churn = Plimsoll.function(new ModelId("rule", "1"), (Customer customer) -> 0.25)
                .with(new NightRule())
                .with(slow)
                .build()) {
            assertThat(churn.predict(new Customer(30, 0, "basic"))).isEqualTo(0.5);
            assertThat(churn.predict(new Customer(30, 1, "basic"))).isEqualTo(0.25);
        }
    }
}
