package io.github.plimsoll.validation.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.displayName;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.validation.data.Environment;
import io.github.plimsoll.validation.data.TableReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs tests of a host's that are annotated with {@link DataContractTest}, and looks at what its build would show. */
class DataContractTestTest {

    private static final String FOLDER = "target/data-contract-test/";
    private static final String CONTRACT = FOLDER + "rides.yaml";

    private static int ran;

    @BeforeEach
    void writeFiles() throws IOException {
        ran = 0;
        Path folder = Files.createDirectories(Path.of(FOLDER));
        Files.writeString(folder.resolve("rides.yaml"), """
            plimsoll-contract: 1
            name: rides
            columns:
            - {name: hour, type: integer, min: 0, max: 23}
            - {name: count, type: integer, environments: [training]}
            rows:
            - {name: hour-at-most-count, rule: hour <= count, reaction: warn}
            """);
        Files.writeString(folder.resolve("good.csv"), "hour,count\n3,7\n4,9\n");
        Files.writeString(folder.resolve("bad.csv"), "hour,count\n24,30\n4,x\n99,100\n");
        Files.writeString(folder.resolve("odd.csv"), "hour,count\n3,2\n");
        Files.writeString(folder.resolve("serving.jsonl"), "{\"hour\": 3}\n");
        Files.writeString(folder.resolve("ragged.csv"), "hour,count\n3\n");
        Files.writeString(
                folder.resolve("wide.csv"),
                IntStream.range(0, 150).mapToObj(i -> "c" + i).collect(Collectors.joining(",")) + "\n");
    }

    /** The host's tests. Not found by the build itself, since the class is no test class by name. */
    static class Rides {

        @DataContractTest(contract = CONTRACT, table = FOLDER + "good.csv")
        void good(TableReport report) {
            ran++;
            assertThat(report.rows()).isEqualTo(2);
        }

        @DataContractTest(contract = CONTRACT, table = FOLDER + "good.csv")
        void tooFew(TableReport report) {
            assertThat(report.rows()).as("rows").isGreaterThan(10);
        }

        @DataContractTest(contract = CONTRACT, table = FOLDER + "bad.csv")
        void bad() {
            ran++;
        }

        @DataContractTest(contract = CONTRACT, table = FOLDER + "odd.csv")
        void odd() {
            ran++;
        }

        @DataContractTest(contract = CONTRACT, table = FOLDER + "odd.csv", failsAt = Severity.WARNING)
        void strict() {
            ran++;
        }

        @DataContractTest(contract = CONTRACT, table = FOLDER + "serving.jsonl", environment = Environment.SERVING)
        void serving() {
            ran++;
        }

        @DataContractTest(contract = CONTRACT, table = FOLDER + "ragged.csv")
        void ragged() {
            ran++;
        }

        @DataContractTest(contract = CONTRACT, table = FOLDER + "wide.csv")
        void wide() {
            ran++;
        }

        @DataContractTest(contract = CONTRACT, table = "rides.xls")
        void spreadsheet() {
            ran++;
        }
    }

    private static Events run(String method, Class<?>... parameters) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(
                        Rides.class,
                        method,
                        IntStream.range(0, parameters.length)
                                .mapToObj(i -> parameters[i].getName())
                                .collect(Collectors.joining(","))))
                .execute()
                .allEvents();
    }

    @Test
    void aTableThatFitsIsOnePassedTestThatRunsTheMethod() {
        Events events = run("good", TableReport.class);

        events.assertThatEvents()
                .haveExactly(
                        1,
                        event(displayName("2 rows of " + FOLDER + "good.csv keep to rides"), finishedSuccessfully()));
        assertThat(ran).isEqualTo(1);
        run("tooFew", TableReport.class)
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(text -> text.contains("[rows]")))));
    }

    @Test
    void eachAnomalyIsAFailedTest() {
        Events events = run("bad");

        events.assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                displayName("hour: range: 2 rows, such as 24 in line 2 (expected: 0 to 23)"),
                                finishedWithFailure(instanceOf(AssertionError.class), message("""
                                    error hour: range: 2 rows, such as 24 in line 2 (expected: 0 to 23)
                                      line 2: 24
                                      line 4: 99\
                                    """))))
                .haveExactly(
                        1,
                        event(
                                displayName("count: type: 1 row, such as 'x' in line 3 (expected: a whole number)"),
                                finishedWithFailure()));
        assertThat(events.failed().count()).isEqualTo(2);
        assertThat(ran).isZero();
    }

    @Test
    void warningsFailOnlyWhereTheyAreToldTo() {
        Events events = run("odd");

        assertThat(events.failed().count()).isZero();
        assertThat(events.reportingEntryPublished().count()).isEqualTo(1);
        assertThat(ran).isEqualTo(1);
        assertThat(run("strict").failed().count()).isEqualTo(1);
    }

    @Test
    void theEnvironmentDecidesWhatColumnsAreThere() {
        assertThat(run("serving").failed().count()).isZero();
        assertThat(ran).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadFailsWithTheReason() {
        run("ragged")
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                instanceOf(TableException.class),
                                message(text -> text.contains("ragged.csv: line 2")))));
        run("spreadsheet")
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(text -> text.contains("'rides.xls' (expected: ")))));
        assertThat(ran).isZero();
    }

    @Test
    void theNumberOfTestsIsBounded() {
        Events events = run("wide");

        events.assertThatEvents().haveExactly(1, event(displayName("52 more anomalies"), finishedWithFailure()));
        assertThat(events.failed().count()).isEqualTo(101);
    }
}
