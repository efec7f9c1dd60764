package io.github.plimsoll.core.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.PartialFailureException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.FeatureSpec;
import io.github.plimsoll.core.schema.Output;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project with ml-core and what it always brings, SLF4J and Jackson, can use the fakes: no engine, no native code. */
class FakesWithoutEngineTest {

    /** What a host's own test would do. Runs in a process of its own, whose class path this class must not outgrow. */
    static final class HostsTest {

        enum Housing {
            RENT,
            OWN
        }

        record Applicant(@FeatureSpec(min = 0) double income, int age, double debtRatio) {}

        private HostsTest() {}

        public static void main(String[] args) {
            for (String absent : List.of(
                    "ai.djl.Model",
                    "ai.onnxruntime.OrtEnvironment",
                    "com.github.benmanes.caffeine.cache.Cache",
                    "io.micrometer.core.instrument.MeterRegistry",
                    "org.junit.jupiter.api.Test",
                    "org.assertj.core.api.Assertions")) {
                try {
                    Class.forName(absent);
                    throw new AssertionError(absent + " is there");
                } catch (ClassNotFoundException expected) {
                    // that is the point
                }
            }

            ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
            FakePredictor<Applicant, Double> fake = FakePredictor.<Applicant, Double>answering(
                            a -> a.debtRatio() > 0.5 ? 0.9 : 0.1)
                    .failingOnCall(3)
                    .taking(Duration.ofMillis(40), clock);
            check(fake.predict(new Applicant(1, 2, 0.6)) == 0.9);
            check(fake.predict(new Applicant(1, 2, 0.4)) == 0.1);
            try {
                fake.predict(new Applicant(1, 2, 0.4));
                throw new AssertionError("no failure");
            } catch (PredictionException expected) {
                check(clock.nanoTime() == 120_000_000);
            }

            FakeModel model = FakeModel.ofRows("credit", 3, row -> row[2] > 0.5 ? 0.9 : 0.1);
            RecordingListener<Applicant, Double> listener = new RecordingListener<>();
            try (Predictor<Applicant, Double> risk = Plimsoll.use(model)
                    .as(Applicant.class, Output.probability())
                    .time(clock)
                    .with(listener)
                    .build()) {
                check(risk.predict(new Applicant(52_000, 41, 0.31)) == 0.1);
                check(risk.predictAll(List.of(new Applicant(1, 2, 0.6), new Applicant(1, 2, 0.4)))
                        .equals(List.of(0.9, 0.1)));
                check(risk.describe().contains("credit:1 (Fake 1, in Java)"));
            }
            check(listener.events().size() == 3);
            check(listener.events().get(0).outcome() instanceof Outcome.Answered);
            check(model.runs() == 2 && model.openInferences() == 0);

            FakeModel housing = FakeModel.of(
                    new ModelId("housing", "1"),
                    new ModelSignature(
                            List.of(TensorSpec.of("housing", ElementType.STRING, -1)),
                            List.of(TensorSpec.of("y", ElementType.FLOAT64, -1))),
                    (in, out) -> out.get(0).number(0, in.get(0).text(0).length()));
            try (Predictor<Housing, Double> length =
                    Plimsoll.use(housing).as(Housing.class, Output.number()).build()) {
                check(length.predict(Housing.RENT) == 4);
                try {
                    length.predictAll(Arrays.asList(Housing.OWN, null));
                    throw new AssertionError("no failure");
                } catch (NullPointerException expected) {
                    check(housing.runs() == 1);
                } catch (PartialFailureException unexpected) {
                    throw new AssertionError(unexpected);
                }
            }
            System.out.println("all is well");
        }

        private static void check(boolean condition) {
            if (!condition) {
                throw new AssertionError("see the line");
            }
        }
    }

    @Test
    void theFakesAndAWholePredictorRunWithoutAnEngineOnTheClassPath(@TempDir Path folder) throws Exception {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> plain = Stream.of(all.split(File.pathSeparator))
                .filter(entry -> Files.isDirectory(Path.of(entry)) || isPlainDependency(Path.of(entry)))
                .toList();
        assertThat(plain).as("of " + all).hasSize(6); // classes, test classes, slf4j-api, three of Jackson
        Path output = folder.resolve("output");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        String.join(File.pathSeparator, plain),
                        HostsTest.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ended in time").isTrue();
        } finally {
            process.destroyForcibly();
        }

        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed.lines().filter(line -> !line.startsWith("SLF4J")).collect(Collectors.joining("\n")))
                .isEqualTo("all is well");
    }

    private static boolean isPlainDependency(Path jar) {
        String name = jar.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.startsWith("slf4j-api-")
                || name.startsWith("jackson-core-2.") // a tool for tests brings Jackson 3 as well
                || name.startsWith("jackson-databind-2.")
                || name.startsWith("jackson-annotations-2.");
    }
}
