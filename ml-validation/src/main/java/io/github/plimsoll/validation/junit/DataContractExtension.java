package io.github.plimsoll.validation.junit;

import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.data.TableValidation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What makes {@link DataContractTest} a test; public because JUnit has to make one.
 *
 * @since 0.1
 */
@SuppressWarnings("exports") // whoever has JUnit reads its module; others must compile without it
public final class DataContractExtension implements TestTemplateInvocationContextProvider {

    private static final int MOST_TESTS = 100;

    /** Makes the extension. */
    public DataContractExtension() {}

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getTestMethod()
                .filter(method -> AnnotationSupport.isAnnotated(method, DataContractTest.class))
                .isPresent();
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        DataContractTest test = AnnotationSupport.findAnnotation(
                        context.getRequiredTestMethod(), DataContractTest.class)
                .orElseThrow();
        DataContract contract = DataContract.read(Path.of(test.contract()));
        TableReport report = TableValidation.of(contract).in(test.environment()).validate(table(test.table()));
        List<Anomaly> failed = report.anomalies().stream()
                .filter(anomaly -> anomaly.severity() == Severity.ERROR || test.failsAt() == Severity.WARNING)
                .toList();
        report.anomalies().stream()
                .filter(anomaly -> !failed.contains(anomaly))
                .forEach(anomaly -> context.publishReportEntry("anomaly", anomaly.toString()));
        if (failed.isEmpty()) {
            String name = report.rows() + " rows of " + test.table() + " keep to " + contract.name();
            return Stream.of(new Run(name, report, ""));
        }
        Stream<TestTemplateInvocationContext> shown = failed.stream()
                .limit(MOST_TESTS)
                .map(anomaly -> new Run(anomaly.toString(), report, DataAssertions.inFull(anomaly)));
        String more = failed.size() - MOST_TESTS + " more anomalies";
        return failed.size() > MOST_TESTS ? Stream.concat(shown, Stream.of(new Run(more, report, more))) : shown;
    }

    private static Table table(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        Path path = Path.of(file);
        if (plain.endsWith(".csv")) {
            return Table.csv(path);
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            return Table.jsonLines(path);
        }
        if (name.endsWith(".parquet")) {
            return Table.parquet(path);
        }
        throw new ExtensionConfigurationException("table: '" + file
                + "' (expected: a name that ends with .csv, .jsonl or .ndjson, also with .gz, or with .parquet)");
    }

    /** One test: the method itself, or an anomaly in its place. */
    private record Run(String name, TableReport report, String failure) implements TestTemplateInvocationContext {

        @Override
        public String getDisplayName(int index) {
            return name;
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Report(report), (BeforeEachCallback) context -> {
                if (!failure.isEmpty()) {
                    throw new AssertionError(failure);
                }
            });
        }
    }

    /** Hands the report to the method. */
    private record Report(TableReport report) implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TableReport.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return report;
        }
    }
}
