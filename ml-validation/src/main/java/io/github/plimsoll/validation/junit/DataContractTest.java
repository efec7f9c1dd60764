package io.github.plimsoll.validation.junit;

import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.validation.data.Environment;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit 5 test that holds a table against a contract, with a failed test for each anomaly.
 *
 * <pre>{@code
 * @DataContractTest(contract = "contracts/taxi.yaml", table = "data/taxi.csv.gz")
 * void taxiRides(TableReport report) {
 *     assertThat(report.rows()).isGreaterThan(10_000);
 * }
 * }</pre>
 *
 * <p>If the table keeps to the contract, the method runs once, as one passed test; it may have a parameter of type
 * {@link io.github.plimsoll.validation.data.TableReport} and ask for more. If not, it does not run: instead there is a failed test for each
 * anomaly, the first 100 of them, with the anomaly as its name and all its examples as its message. Anomalies below {@link #failsAt} are
 * published as report entries.
 *
 * <p>A contract or a table that cannot be read fails the test with the reason, file and line.
 *
 * @since 0.1
 * @see DataAssertions
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@TestTemplate
@ExtendWith(DataContractExtension.class)
@SuppressWarnings("exports") // whoever has JUnit reads its module; others must compile without it
public @interface DataContractTest {

    /**
     * The file of the contract, JSON or YAML.
     *
     * @return a path from the working directory, which is the module's folder in builds with Maven and Gradle
     */
    String contract();

    /**
     * The file of the table: {@code .csv}, {@code .jsonl}, {@code .ndjson}, the same with {@code .gz}, or {@code .parquet}. For a table with
     * other separators, or one that does not come from a file, use {@link DataAssertions}.
     *
     * @return a path from the working directory
     */
    String table();

    /**
     * Where the data is from, which decides what columns are to be there.
     *
     * @return the environment
     */
    Environment environment() default Environment.TRAINING;

    /**
     * The least severity that fails.
     *
     * @return {@link Severity#ERROR} for what the contract rejects, {@link Severity#WARNING} for all anomalies
     */
    Severity failsAt() default Severity.ERROR;
}
