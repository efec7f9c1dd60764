package io.github.plimsoll.validation.junit;

import static io.github.plimsoll.validation.junit.DataAssertions.assertFits;
import static io.github.plimsoll.validation.junit.DataAssertions.assertNoFindings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.audit.DataAudit;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.data.TableValidation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/guide/test-your-data.md, compiled and run; every block of the page stands here word for word. */
class DataTestsGuideTest {

    @DataContractTest(contract = "src/test/data/taxi.yaml", table = "src/test/data/taxi.csv")
    void taxiRides(TableReport report) {
        assertThat(report.rows()).isGreaterThan(2);
    }

    @Test
    void failsAsThePageShows(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(
                folder.resolve("taxi.csv"),
                "fare,payment,tipped\n12.5,CASH,no\n-3,CARD,yes\n7,Prcard,no\n-1,CARD,no\n");

        TableReport report = TableValidation.of(DataContract.read(Path.of("src/test/data/taxi.yaml")))
                .validate(Table.csv(broken));

        String shown = report.anomalies().stream().map(DataAssertions::inFull).collect(Collectors.joining("\n"));
        assertThat(Files.readString(Path.of("..", "docs", "guide", "test-your-data.md")))
                .contains("```text\n" + shown + "\n```");
    }

    @Test
    void assertsAsThePageShows(@TempDir Path folder) throws IOException {
        DataContract contract = DataContract.read(Path.of("src/test/data/taxi.yaml"));
        Path file = Files.writeString(folder.resolve("taxi.csv"), "fare;payment;tipped\n12.5;CASH;no\n7;CARD;yes\n");

        assertFits(contract, Table.csv(file).separator(';'));
        assertFits(contract, List.of(Map.of("fare", 12.5, "payment", "CASH", "tipped", "no")));
        Files.writeString(file, "fare,tipped\n3,no\n4,yes\n");
        assertNoFindings(DataAudit.of(Table.csv(file)).label("tipped").run(), Severity.ERROR);
    }
}
