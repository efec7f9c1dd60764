package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SchemaTest {

    private enum Housing {
        OWN,
        RENT,
        OTHER
    }

    private record Applicant(double income, int age, Housing housing) {}

    private final Schema<Applicant> schema = Schema.of(Applicant.class);

    @Test
    void featuresAreFoundByName() {
        assertThat(schema.size()).isEqualTo(3);
        assertThat(schema.indexOf("age")).isEqualTo(1);
        assertThat(schema.indexOf("Age")).isEqualTo(-1);
        assertThat(schema.feature("age")).isEqualTo(Feature.integer("age"));
        assertThatThrownBy(() -> schema.feature("agee"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("feature: 'agee' (expected: one of [income, age, housing])");
    }

    @Test
    void textHasOneFeatureALine() {
        assertThat(schema).hasToString("""
                Applicant:
                  income: number
                  age: integer
                  housing: category [OWN, RENT, OTHER]""");
    }

    @Test
    void noFeaturesAreRefused() {
        assertThatThrownBy(Schema::ofMap).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schema.ofJson(Feature.text("a"), Feature.text("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' stands twice");
    }

    // ---- refine -------------------------------------------------------------------------------------------------

    @Test
    void refinedSchemaReadsByTheNewConstraints() {
        Schema<Applicant> refined = schema.refine("age", age -> age.range(18, 120))
                .refine("housing", housing -> Feature.category("housing", "RENT", "OWN"));

        FeatureRow rent = refined.read(new Applicant(1, 2, Housing.RENT));
        FeatureRow other = refined.read(new Applicant(1, 2, Housing.OTHER));

        assertThat(refined.feature("age").min()).isEqualTo(18);
        assertThat(schema.feature("age").min()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(rent.categoryCode(2)).isZero();
        assertThat(rent.text(2)).isEqualTo("RENT");
        assertThat(other.categoryCode(2)).isEqualTo(-1);
        assertThat(other.text(2)).isEqualTo("OTHER");
        assertThat(other.violations()).isEmpty();
        assertThat(schema.read(new Applicant(1, 2, Housing.RENT)).categoryCode(2))
                .isEqualTo(1);
    }

    @Test
    void refinedMapStillIgnoresUnknownFields() {
        Schema<Map<String, ?>> maps =
                Schema.ofMap(Feature.number("x")).ignoringUnknownFields().refine("x", Feature::nullable);

        assertThat(maps.read(Map.of("y", 1)).violations()).isEmpty();
    }

    @Test
    void refiningToAnotherFeatureIsRefused() {
        assertThatThrownBy(() -> schema.refine("age", age -> Feature.number("age")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refined feature: 'age' of type NUMBER (expected: 'age' of type INTEGER)");
        assertThatThrownBy(() -> schema.refine("age", age -> age.named("years")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schema.refine("agee", age -> age)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordsHaveNoUnknownFieldsToIgnore() {
        Applicant applicant = new Applicant(1, 2, Housing.OWN);

        assertThat(schema.ignoringUnknownFields().read(applicant)).isEqualTo(schema.read(applicant));
    }

    // ---- builder ------------------------------------------------------------------------------------------------

    @Test
    void builderReadsWithItsFunctions() {
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");
        Schema<String> texts = Schema.builder(String.class)
                .integer("length", String::length)
                .number("density", text -> text.length() / 4.0)
                .bool("blank", String::isBlank)
                .category(Feature.category("first", "a", "b"), text -> text.substring(0, 1))
                .text(Feature.text("whole"), text -> text)
                .timestamp(Feature.timestamp("when"), text -> noon)
                .tensor(Feature.tensor("embedding", 2), text -> new float[] {1, 2})
                .value(Feature.number("maybe").nullable(), text -> null)
                .build();

        FeatureRow row = texts.read("bc");

        assertThat(row)
                .hasToString("{length=2, density=0.5, blank=false, first=b, whole=bc, "
                        + "when=2026-01-31T12:00:00Z, embedding=[1.0, 2.0], maybe=null}");
        assertThat(row.violations()).isEmpty();
        assertThat(row.categoryCode(3)).isEqualTo(1);
        assertThat(texts.toString()).startsWith("String:\n  length: integer\n");
    }

    @Test
    void builderCopiesTensors() {
        float[] reused = {1, 2};
        Schema<String> texts = Schema.builder(String.class)
                .tensor(Feature.tensor("t", 2), text -> reused)
                .build();
        FeatureRow row = texts.read("");

        reused[0] = 9;

        assertThat(row.tensorElement(0, 0)).isEqualTo(1);
    }

    @Test
    void builderRefusesWhatConflicts() {
        Schema.Builder<String> builder = Schema.builder(String.class).number("a", String::length);

        assertThatThrownBy(() -> builder.number(Feature.text("b"), String::length))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("feature 'b': TEXT (expected: NUMBER)");
        assertThatThrownBy(() -> builder.bool("a", String::isBlank))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("feature 'a': added twice (expected: names that differ)");
        assertThatThrownBy(() -> builder.number("b", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Schema.builder(String.class).build()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void schemaIsNotChangedByItsBuilder() {
        Schema.Builder<String> builder = Schema.builder(String.class).number("a", String::length);
        Schema<String> first = builder.build();

        builder.number("b", String::length);

        assertThat(first.size()).isEqualTo(1);
        assertThat(first.read("xyz").number(0)).isEqualTo(3);
    }

    @Test
    void functionThatThrowsIsNamed() {
        Schema<String> texts = Schema.builder(String.class)
                .number("a", String::length)
                .integer("b", Long::parseLong)
                .build();

        assertThatThrownBy(() -> texts.read("secret"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("feature 'b': its function threw a java.lang.NumberFormatException")
                .hasCauseInstanceOf(NumberFormatException.class);
    }

    @Test
    void moreFeaturesThanOneClassWritesAreReadInOrder() {
        Schema.Builder<double[]> builder = Schema.builder(double[].class);
        double[] input = new double[1000];
        for (int i = 0; i < input.length; i++) {
            int index = i;
            input[i] = i;
            builder.number("f" + i, array -> array[index]);
        }

        FeatureRow row = builder.build().read(input);

        for (int i = 0; i < input.length; i++) {
            assertThat(row.number(i)).isEqualTo(i);
        }
    }

    // ---- bounds -------------------------------------------------------------------------------------------------

    @Test
    void thousandsOfUnknownFieldsAreCounted() {
        ObjectNode json = new JsonMapper().createObjectNode();
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            json.put("unknown" + i, i);
            map.put("unknown" + i, i);
        }
        Feature feature = Feature.number("x");

        for (FeatureRow row :
                List.of(Schema.ofJson(feature).read(json), Schema.ofMap(feature).read(map))) {
            assertThat(row.violations()).hasSize(101);
            assertThat(row.violations().get(0).code()).isEqualTo("missing");
            assertThat(row.violations().get(100))
                    .isEqualTo(new Violation(
                            "unexpected", "input", "4901 more such fields", "no such field", Violation.Severity.ERROR));
            assertThat(row.with(0, 1.0).violations())
                    .hasSize(100)
                    .last()
                    .extracting(Violation::path)
                    .isEqualTo("input");
        }
    }

    @Test
    void longFieldNameIsShortened() {
        FeatureRow row = Schema.ofMap(Feature.number("x").nullable()).read(Map.of("y".repeat(100_000), 1));

        assertThat(row.violations().get(0).path()).hasSize(80).endsWith("...");
    }

    @Test
    void rowWithHundredsOfBrokenFeaturesIsRepairedDownToNone() {
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            features.add(Feature.number("f" + i));
        }
        FeatureRow row = Schema.ofMap(features).read(Map.of());
        assertThat(row.violations()).hasSize(101);
        assertThat(row.violations().get(100).toString())
                .isEqualTo("input: 50 more features that could not be read (expected: none)");

        for (int i = 0; i < 150; i++) {
            assertThat(row.violations()).isNotEmpty();
            row = row.with(i, 0.0);
        }

        assertThat(row.violations()).isEmpty();
    }

    @Test
    void featuresThatWereNotListedAreNotForgottenNextToAFieldNamedInput() {
        Feature[] features = new Feature[150];
        Arrays.setAll(features, i -> Feature.number("f" + i));
        FeatureRow row = Schema.ofMap(features).read(Map.of("input", 1));

        for (int i = 0; i < 100; i++) {
            row = row.with(i, 0.0);
        }

        assertThat(row.violations())
                .extracting(Violation::toString)
                .containsExactly(
                        "input: 1 more such fields (expected: no such field)",
                        "input: 50 more features that could not be read (expected: none)");
    }

    // ---- secrets ------------------------------------------------------------------------------------------------

    @Test
    void sensitiveValuesAreInNoViolationAndNoText() {
        String secret = "4711";
        List<Feature> features = List.of(
                Feature.number("a").sensitive(),
                Feature.integer("b").sensitive(),
                Feature.bool("c").sensitive(),
                Feature.category("d", "x").sensitive(),
                Feature.timestamp("e").sensitive(),
                Feature.tensor("f", 2).sensitive(),
                Feature.tensor("g", 2).sensitive(),
                Feature.text("h").sensitive(),
                Feature.text("i").sensitive());
        Map<String, Object> input = Map.of(
                "a",
                secret,
                "b",
                4711.5,
                "c",
                4711,
                "d",
                4711L,
                "e",
                secret,
                "f",
                List.of(secret, secret),
                "g",
                new float[4711],
                "h",
                4711,
                "i",
                secret);
        JsonNode json = new JsonMapper().valueToTree(input);

        for (FeatureRow row : List.of(
                Schema.ofMap(features).read(input), Schema.ofJson(features).read(json))) {
            assertThat(row.violations())
                    .hasSize(9)
                    .allSatisfy(violation -> assertThat(violation.observed()).isEqualTo("(sensitive)"));
            assertThat(row.violations().toString()).doesNotContain(secret);
            assertThat(row.toString()).doesNotContain(secret).contains("i=(sensitive)");
        }
    }

    // ---- threads ------------------------------------------------------------------------------------------------

    @Test
    void schemaIsReadByManyThreadsAtOnce() throws Exception {
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Long>> wrong = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int seed = t * 100_000;
                Callable<Long> reading = () -> {
                    start.await();
                    long errors = 0;
                    for (int i = seed; i < seed + 20_000; i++) {
                        FeatureRow row = schema.read(new Applicant(i, -i, Housing.values()[i % 3]));
                        boolean right = row.number(0) == i && row.integer(1) == -i && row.categoryCode(2) == i % 3;
                        errors += right ? 0 : 1;
                    }
                    return errors;
                };
                wrong.add(executor.submit(reading));
            }
            for (Future<Long> count : wrong) {
                assertThat(count.get()).isZero();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
