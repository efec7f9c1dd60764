package io.github.plimsoll.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the documentation shows is code that is compiled and run, and what it links to is there. */
class DocumentationTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(#[^)]*)?\\)");

    @TestFactory
    Stream<DynamicTest> everySnippetStandsInASourceFile() throws IOException {
        String sources = sources();
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages()) {
            if (page.endsWith("CONTRIBUTING.md")) {
                continue; // it shows how to write, not how to use
            }
            Matcher block = JAVA_BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                String snippet = block.group(1);
                tests.add(DynamicTest.dynamicTest(
                        ROOT.relativize(page) + ": "
                                + snippet.lines().findFirst().orElse(""),
                        () -> assertThat(sources.contains(withoutSpace(snippet)))
                                .as("in a compiled source, word for word:%n%s", snippet)
                                .isTrue()));
            }
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path page : pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    dead.add(ROOT.relativize(page) + " -> " + link.group(1));
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages =
                    docs.filter(file -> file.toString().endsWith(".md")).collect(Collectors.toList());
            pages.add(ROOT.resolve("README.md"));
            pages.add(ROOT.resolve("CONTRIBUTING.md"));
            return pages;
        }
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String module : List.of("ml-core", "ml-validation", "ml-serving", "ml-monitoring", "samples")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    all.append(withoutSpace(Files.readString(file)));
                }
            }
        }
        return all.toString();
    }

    /** The formatter may break lines elsewhere than a page does. */
    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
