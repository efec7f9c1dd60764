package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/data-contract.md, compiled and run; every block of the page stands here word for word. */
class DataContractGuideTest {

    record Ride(double temperature, int hour, String season, int registered, int casual) {}

    private final List<String> log = new ArrayList<>();

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "guide", "data-contract.md"));
    }

    private String logged() {
        return "```text\n" + String.join("\n", log) + "\n```";
    }

    @Test
    void guardsWithTheContractOfThePage(@TempDir Path folder) throws IOException {
        Matcher yaml = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page());
        assertThat(yaml.find()).isTrue();
        Path file = Files.writeString(folder.resolve("rides.yaml"), yaml.group(1));

        DataContract contract = DataContract.read(file);

        var demand = Plimsoll.function(new ModelId("bike", "1"), (Ride ride) -> 40 + ride.temperature())
                .features(Schema.of(Ride.class))
                .with(Guard.rejecting().by(contract))
                .build();
        Prediction<Double> answer = demand.prediction(new Ride(75.5, 3, "summer ", 600, 20));
        for (Violation warning : answer.warnings()) {
            log.add(warning.toString());
        }

        assertThat(page()).contains(logged());
    }

    @Test
    void statesRulesBetweenColumns() {
        DataContract contract = DataContract.of(
                        "payments",
                        ColumnContract.of(Feature.number("total")),
                        ColumnContract.of(Feature.number("net")),
                        ColumnContract.of(Feature.number("tax")),
                        ColumnContract.of(Feature.number("discount")),
                        ColumnContract.of(Feature.text("payment")),
                        ColumnContract.of(Feature.text("card_type")),
                        ColumnContract.of(Feature.text("region")),
                        ColumnContract.of(Feature.timestamp("first day")),
                        ColumnContract.of(Feature.timestamp("last day")))
                .with(
                        RowRule.of("total = net + tax within 0.01"),
                        RowRule.of("if payment = 'CARD' then card_type is not null"),
                        RowRule.of("discount <= 0.3 * net or region in ('EU', 'UK')")
                                .reaction(Reaction.WARN),
                        RowRule.of("\"first day\" <= \"last day\"").named("days-in-order"));

        assertThat(contract.rowRules()).hasSize(4);
    }

    @Test
    void tellsWhatChanged() throws IOException {
        DataContract rides = DataContract.of(
                        "rides",
                        ColumnContract.of(
                                        Feature.number("temperature").unit("°C").range(-40, 60))
                                .on(Check.RANGE, Reaction.REPAIR),
                        ColumnContract.of(Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER"))
                                .mass(0.99),
                        ColumnContract.of(Feature.integer("count")).onlyIn(Environment.TRAINING))
                .rowCount(1_000, 1_000_000);
        String yaml = rides.toYaml();
        assertThat(DataContract.parse(yaml)).isEqualTo(rides);
        DataContract changed = rides.with(rides.column("temperature")
                        .feature(Feature.number("temperature").unit("°C").range(-40, 50)))
                .with(ColumnContract.of(Feature.number("windspeed").range(0, 100)));
        for (ContractChange change : changed.changesSince(rides)) {
            log.add(change.toString());
        }

        assertThat(page()).contains(logged());
    }
}
