package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that what a guide shows is what a test compiles and runs. */
public final class GuideSnippets {

    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private GuideSnippets() {}

    /** Each Java block of the page stands in the test's source, whatever the white space. */
    public static void assertThatAllAreIn(String page, Class<?> test) throws IOException {
        String source = squeezed(
                Files.readString(Path.of("src/test/java/" + test.getName().replace('.', '/') + ".java")));
        Matcher blocks = JAVA.matcher(Files.readString(Path.of("../docs/guide/" + page)));
        int found = 0;
        while (blocks.find()) {
            found++;
            assertThat(source).contains(squeezed(blocks.group(1)));
        }
        assertThat(found).isPositive();
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
