package io.github.plimsoll.samples;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests run on the class path; this one proves that the jars are good modules too. */
class ModuleDescriptorsTest {
    private static final Set<String> OURS = Set.of(
            "io.github.plimsoll.core",
            "io.github.plimsoll.validation",
            "io.github.plimsoll.serving",
            "io.github.plimsoll.monitoring");

    private static final Set<String> REQUIRED = Set.of(
            "com.fasterxml.jackson.annotation",
            "com.fasterxml.jackson.core",
            "com.fasterxml.jackson.databind",
            "org.apache.commons.numbers.core",
            "org.apache.commons.numbers.fraction",
            "org.apache.commons.numbers.gamma",
            "org.slf4j",
            "org.snakeyaml.engine.v2");

    private ModuleFinder modulePath;

    @BeforeEach
    void findModules() {
        modulePath =
                ModuleFinder.of(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(Path::of)
                        .filter(ModuleDescriptorsTest::isExplicitModule)
                        .toArray(Path[]::new));
    }

    @Test
    void resolveWithoutAnyOptionalLibrary() {
        var resolved = Configuration.resolve(
                        modulePath, List.of(ModuleLayer.boot().configuration()), ModuleFinder.of(), OURS)
                .modules();

        assertThat(resolved)
                .extracting(module -> module.name())
                .containsAll(OURS)
                .allMatch(name -> OURS.contains(name) || REQUIRED.contains(name));
    }

    @Test
    void hideTheirInternals() {
        for (var name : OURS) {
            assertThat(modulePath.find(name).orElseThrow().descriptor().exports())
                    .as(name)
                    .allSatisfy(export ->
                            assertThat(export.source()).startsWith(name).doesNotContain("internal"));
        }
    }

    @Test
    void letAnotherModuleCompile(@TempDir Path dir) throws Exception {
        var descriptor = Files.writeString(
                dir.resolve("module-info.java"),
                OURS.stream().collect(joining("; requires ", "module consumer { requires ", "; }")));

        var exit = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-Xlint:all",
                        "-Werror",
                        "--module-path",
                        modulePath.findAll().stream()
                                .map(ModuleReference::location)
                                .map(uri -> Path.of(uri.orElseThrow()).toString())
                                .collect(joining(File.pathSeparator)),
                        "-d",
                        dir.toString(),
                        descriptor.toString());

        assertThat(exit).isZero();
    }

    private static boolean isExplicitModule(Path path) {
        return ModuleFinder.of(path).findAll().stream()
                .anyMatch(module -> !module.descriptor().isAutomatic());
    }
}
