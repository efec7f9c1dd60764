package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/guard.md, compiled and run; every block of the page stands here word for word. */
class GuardGuideTest {

    enum Season {
        SPRING,
        SUMMER,
        AUTUMN,
        WINTER
    }

    record Ride(
            @FeatureSpec(unit = "°C", min = -30, max = 50) double temperature,
            @FeatureSpec(min = 0, max = 1) double humidity,
            @FeatureSpec(min = 0, max = 23) int hour,
            Season season) {}

    private final FakeModel model = FakeModel.of(
            new ModelId("bike", "1"),
            new ModelSignature(
                    List.of(
                            TensorSpec.of("temperature", ElementType.FLOAT32, -1, 1),
                            TensorSpec.of("humidity", ElementType.FLOAT32, -1, 1),
                            TensorSpec.of("hour", ElementType.INT64, -1, 1),
                            TensorSpec.of("season", ElementType.STRING, -1, 1)),
                    List.of(TensorSpec.of("rentals", ElementType.FLOAT32, -1, 1))),
            (inputs, outputs) -> outputs.get(0).number(0, 40 + inputs.get(0).number(0)));

    @Test
    void refusesWithEverythingThatIsWrong() throws IOException {
        List<String> log = new ArrayList<>();

        var demand = Plimsoll.use(model)
                .as(Ride.class, Output.number())
                .with(Guard.rejecting())
                .build();
        try {
            demand.predict(new Ride(451, Double.NaN, 24, Season.SUMMER));
        } catch (InvalidInputException refusal) {
            for (Violation violation : refusal.violations()) {
                log.add(violation.code() + ": " + violation);
            }
        }

        assertThat(page()).contains("```text\n" + String.join("\n", log) + "\n```");
        assertThat(demand.predict(new Ride(20, 0.4, 12, Season.SUMMER))).isEqualTo(60);
    }

    @Test
    void warns() {
        var lenient = Plimsoll.use(model)
                .as(Ride.class, Output.number())
                .with(Guard.warning())
                .build();
        List<Violation> warnings =
                lenient.prediction(new Ride(451, 0.4, 12, Season.SUMMER)).warnings();

        assertThat(warnings).extracting(Violation::path).containsExactly("temperature");
    }

    @Test
    void checksByHand() {
        Schema<Ride> rides = Schema.of(Ride.class);
        Guard guard = Guard.rejecting();

        List<Violation> wrong = guard.check(rides.read(new Ride(21.5, 0.4, 24, Season.SUMMER)));

        assertThat(wrong).extracting(Violation::path).containsExactly("hour");
        Guard lenient = Guard.rejecting().allowingNotFinite("humidity");
        assertThat(lenient.check(rides.read(new Ride(21.5, Double.NaN, 23, Season.SUMMER))))
                .isEmpty();
    }

    @Test
    void everyBlockOfThePageIsInThisClass() throws IOException {
        String source = withoutIndent(
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java")));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map(block -> withoutIndent(block.group(1)).strip())
                .toList();

        assertThat(blocks)
                .hasSizeGreaterThan(4)
                .allSatisfy(block -> assertThat(source).contains(block));
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/guide/guard.md"));
    }

    private static String withoutIndent(String code) {
        return Pattern.compile("^ +", Pattern.MULTILINE).matcher(code).replaceAll("");
    }

    @Test
    void asksForPlainText() {
        ColumnContract account =
                ColumnContract.of(Feature.text("account")).length(3, 40).plain();

        assertThat(Guard.rejecting()
                        .by(DataContract.of("accounts", account))
                        .check(Schema.ofMap(Feature.text("account")).read(java.util.Map.of("account", "p\u0430ypal"))))
                .extracting(Violation::code)
                .containsExactly("characters");
    }
}
