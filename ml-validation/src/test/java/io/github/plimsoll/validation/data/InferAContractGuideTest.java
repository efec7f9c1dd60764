package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/infer-a-contract.md, compiled and run; every block of the page stands here word for word. */
class InferAContractGuideTest {

    @TempDir
    Path folder;

    /** Two thousand rides that are the same on every machine. */
    private Path rides(String name, boolean withWind, double fastest) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("ride_id,pickup_hour,speed_km,season,plate,promo,wait,tips" + (withWind ? ",windspeed" : ""));
        for (int i = 0; i < 2_000; i++) {
            double even = (i * 7_919L % 2_003 + 0.5) / 2_003; // each of them once
            double other = (i * 6_131L % 2_011 + 0.5) / 2_011;
            double speed = i == 17 ? fastest : 24 + 6 * (even + other - 1);
            lines.add(String.join(
                            ",",
                            "" + (100_000 + i),
                            "" + i * 13 % 24,
                            rounded(speed),
                            List.of("SPRING", "SUMMER", "FALL", "WINTER").get((int) (4 * other)),
                            "B-XY " + (1_000 + i * 37 % 9_000),
                            i % 4 == 0 ? "promo " + i / 4 % 5 : "",
                            i % 100 == 3 ? "-999.0" : rounded(-3 * Math.log(even)),
                            rounded(Math.max(0, 8 * (other - 0.5))))
                    + (withWind ? "," + rounded(9 * Math.sqrt(-Math.log(other))) : ""));
        }
        return Files.write(folder.resolve(name), lines);
    }

    private static String rounded(double value) {
        return "" + Math.round(value * 100) / 100.0;
    }

    @Test
    @SuppressWarnings("SystemOut")
    void infersWhatThePageShows() throws IOException {
        Path training = rides("rides.csv", false, 29);
        Path file = folder.resolve("contract.yaml");

        InferredContract rides = ContractInference.of("rides").label("tips").infer(Table.csv(training));
        System.out.println(rides);
        Files.writeString(file, rides.contract().toYaml());

        assertThat(DataContract.read(file)).isEqualTo(rides.contract());
        assertShown(rides.toString());
        assertThat(TableValidation.of(rides.contract())
                        .validate(Table.csv(training))
                        .anomalies())
                .isEmpty();

        for (InferredContract.Rule rule : rides.rules()) {
            if (rule.risk() > 0.01) {
                System.out.println(rule);
            }
        }
        DataContract fromProfile = ContractInference.of("rides")
                .falseAlarms(0.001)
                .tables(500, 1_000_000)
                .infer(Profile.of(Table.csv(training)))
                .contract();
        assertThat(fromProfile.columns()).hasSize(8);
    }

    @Test
    @SuppressWarnings("SystemOut")
    void updatesAndMigratesAsThePageShows() throws IOException {
        DataContract contract = ContractInference.of("rides")
                .label("tips")
                .infer(Table.csv(rides("rides.csv", false, 29)))
                .contract();
        Path newer = rides("newer.csv", false, 34.5);
        Path wider = rides("wider.csv", true, 29);

        ContractUpdate update = ContractInference.of("rides").update(contract, Table.csv(newer));
        System.out.println(update);
        contract = update.contract();

        assertShown(update.toString());

        ContractUpdate migration =
                ContractInference.of("rides").introducing(Lifecycle.BETA).migrate(contract, Table.csv(wider));
        System.out.println(migration);

        assertShown(migration.toString());
    }

    private void assertShown(String text) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "guide", "infer-a-contract.md"));
        assertThat(page)
                .contains(
                        "```text\n" + text.replace(folder.toString() + "/", "").strip() + "\n```");
    }
}
