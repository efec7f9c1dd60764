package io.github.plimsoll.core.internal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Runs a main class in a JVM of its own, for what could end the process or needs another class path. */
public final class ForkedJvm {

    /** What became of the process: 0 for a normal end, 134 or so for a crash, and all that it printed. */
    public record Result(int exit, String output) {}

    private static final long TIMEOUT_SECONDS = 240;

    private final Class<?> main;
    private final List<String> flags =
            new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:-CreateCoredumpOnCrash"));
    private Predicate<String> jars = jar -> true;
    private boolean nativeAccess = true;

    private ForkedJvm(Class<?> main) {
        this.main = main;
    }

    public static ForkedJvm of(Class<?> main) {
        return new ForkedJvm(main);
    }

    /** Leaves jars out of the class path whose file name contains a word. */
    public ForkedJvm without(String... words) {
        jars = jars.and(jar -> Arrays.stream(words).noneMatch(new File(jar).getName()::contains));
        return this;
    }

    public ForkedJvm flag(String flag) {
        flags.add(flag);
        return this;
    }

    /** A heap that is there whole from the beginning, so that what the process grows by is not the heap. */
    public ForkedJvm heapOfOneSize(String size) {
        return flag("-Xms" + size).flag("-Xmx" + size).flag("-XX:+AlwaysPreTouch");
    }

    /** Does not allow native access. */
    public ForkedJvm withoutNativeAccess() {
        nativeAccess = false;
        return this;
    }

    public Result run(String... arguments) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("forked-jvm");
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A crash leaves what the engine unpacked, and a report: in here they go away with the test.
        command.add("-Djava.io.tmpdir=" + folder);
        command.add("-XX:ErrorFile=" + folder.resolve("crash"));
        command.addAll(flags); // last, so that they win
        if (nativeAccess) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        // Not an argument: ONNX Runtime 1.29.0 dies where the command line is longer than 4,000 bytes or so.
        builder.environment().put("CLASSPATH", classPath());
        Process process = builder.start();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(main.getSimpleName() + ": still running after " + TIMEOUT_SECONDS
                        + " s: " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            delete(folder);
        }
    }

    private String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(jars)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (var entries = Files.list(path)) {
                for (Path entry : entries.toList()) {
                    delete(entry);
                }
            }
        }
        Files.delete(path);
    }
}
