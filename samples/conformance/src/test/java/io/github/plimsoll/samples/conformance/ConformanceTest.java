package io.github.plimsoll.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Published cases, reference answers and model folders, a test each. A plain build runs the small set that is committed;
 * {@code mvn -Pconformance verify} with {@code -Dplimsoll.cases=DIR}, {@code -Dplimsoll.reference=DIR} and
 * {@code -Dplimsoll.models=DIR} runs whatever is in those folders. The last lines printed are the count of each form.
 */
class ConformanceTest {

    /** Under which PyTorch, 112 MB, is there too. */
    private static final boolean PROFILE = Boolean.getBoolean("plimsoll.conformance");

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Tally CASES = new Tally("cases");
    private static final Tally REFERENCE = new Tally("reference");
    private static final Tally MODELS = new Tally("models");

    @Test
    void theProfileIsGivenAtLeastOneFolder() {
        if (PROFILE) {
            assertThat(Stream.of("cases", "reference", "models").map(form -> System.getProperty("plimsoll." + form)))
                    .as("one of -Dplimsoll.cases, -Dplimsoll.reference, -Dplimsoll.models")
                    .anyMatch(folder -> folder != null);
        }
    }

    @TestFactory
    Stream<DynamicContainer> cases() throws Exception {
        return tests(CASES, CaseFiles.in(folder("cases", RESOURCES.resolve("cases")), Subject.ALL));
    }

    @TestFactory
    Stream<DynamicContainer> reference() throws Exception {
        return tests(REFERENCE, ReferenceFiles.in(folder("reference", RESOURCES.resolve("reference"))));
    }

    @TestFactory
    Stream<DynamicContainer> models() throws Exception {
        return tests(
                MODELS, ModelFolders.in(folder("models", Path.of("../../ml-core/src/test/resources/models")), PROFILE));
    }

    @AfterAll
    static void report() {
        for (Tally tally : List.of(CASES, REFERENCE, MODELS)) {
            tally.troubles().forEach(System.out::println);
        }
        for (Tally tally : List.of(CASES, REFERENCE, MODELS)) {
            System.out.println(tally);
        }
    }

    private static Path folder(String form, Path committed) {
        String given = System.getProperty("plimsoll." + form);
        Path folder = given == null ? committed : Path.of(given);
        assertThat(Files.isDirectory(folder))
                .as("folder of -Dplimsoll.%s: %s", form, folder.toAbsolutePath())
                .isTrue();
        return folder;
    }

    private static Stream<DynamicContainer> tests(Tally tally, Map<String, List<Check>> files) {
        assertThat(files.values())
                .as("something to check in the folder of %s", tally)
                .anyMatch(checks -> !checks.isEmpty());
        return files.entrySet().stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file.getKey(),
                        file.getValue().stream()
                                .map(check ->
                                        DynamicTest.dynamicTest(check.name(), () -> tally.run(file.getKey(), check)))));
    }
}
