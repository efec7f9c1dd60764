package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.PackagePolicy;
import io.github.plimsoll.core.model.Packager;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.schema.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to load a verified package, over loading the bare model in it?
 *
 * <p>The model is credit20-gbt-v2 with a comment that makes it 1 MiB; the package has 16 golden rows. Loading is opening and closing.
 * {@code first...} is the first time in a process, which loads the classes, too; the package is written by another process.
 *
 * <pre>{@code
 * java -jar samples/benchmarks/target/benchmarks.jar PackageLoadBenchmark
 * }</pre>
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class PackageLoadBenchmark {

    private static final int SIZE = 1 << 20;
    private static final int LARGE = 256 << 20;

    /** The folder with everything, made once for each fork. */
    private Path folder;

    private Path bare;
    private Path packaged;
    private Path large;

    /** Writes a package. Argument: a folder. */
    static final class Write {

        private Write() {}

        public static void main(String[] args) throws IOException {
            Path folder = Path.of(args[0]);
            BenchmarkModel source = BenchmarkModel.of("credit20-gbt-v2");
            Path model = Files.copy(source.file(), folder.resolve("model.onnx"));
            Files.write(model, comment((int) (SIZE - Files.size(model))), StandardOpenOption.APPEND);
            Packager.of(model, source.schema(), Output.classes().from("probabilities"))
                    .samples(source.rows(16))
                    .write(folder.resolve("package"));
            byte[] random = new byte[1 << 20];
            new Random(1).nextBytes(random);
            try (OutputStream out = Files.newOutputStream(folder.resolve("large"))) {
                for (int i = 0; i < LARGE; i += random.length) {
                    out.write(random);
                }
            }
        }

        /** An ONNX model's field 6, its documentation, that takes so many bytes with its head. */
        private static byte[] comment(int size) {
            int length = size - 4;
            byte[] field = " ".repeat(size).getBytes(StandardCharsets.US_ASCII);
            field[0] = (6 << 3) | 2;
            field[1] = (byte) ((length & 0x7f) | 0x80);
            field[2] = (byte) (((length >> 7) & 0x7f) | 0x80);
            field[3] = (byte) (length >> 14);
            return field;
        }
    }

    @Setup(Level.Trial)
    public void write() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("package-load");
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dplimsoll.models="
                                + System.getProperty("plimsoll.models", "ml-core/src/test/resources/models"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Write.class.getName(),
                        folder.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IllegalStateException("the package could not be written: exit " + exit);
        }
        bare = folder.resolve("model.onnx");
        packaged = folder.resolve("package");
        large = folder.resolve("large");
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A process in which the engine runs and no package has been loaded. */
    @State(Scope.Benchmark)
    public static class EngineStarted {

        @Setup(Level.Trial)
        public void start(PackageLoadBenchmark benchmark) {
            benchmark.load(benchmark.bare);
        }
    }

    private ModelDescription load(Path path) {
        try (Model model = Plimsoll.load(path).open()) {
            return model.description();
        }
    }

    @Benchmark
    @Fork(3)
    @Warmup(iterations = 30)
    @Measurement(iterations = 30)
    public ModelDescription bareModel() {
        return load(bare);
    }

    @Benchmark
    @Fork(3)
    @Warmup(iterations = 30)
    @Measurement(iterations = 30)
    public ModelDescription verifiedPackage() {
        return load(packaged);
    }

    @Benchmark
    @Fork(3)
    @Warmup(iterations = 30)
    @Measurement(iterations = 30)
    public List<String> verifyAlone() {
        ModelPackage opened = ModelPackage.open(packaged);
        opened.verify(PackagePolicy.defaults());
        return opened.unknownKeys();
    }

    @Benchmark
    @Fork(10)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public ModelDescription firstBareModel() {
        return load(bare);
    }

    @Benchmark
    @Fork(10)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public ModelDescription firstVerifiedPackage() {
        return load(packaged);
    }

    @Benchmark
    @Fork(10)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public ModelDescription firstVerifiedPackageOnARunningEngine(EngineStarted engine) {
        return load(packaged);
    }

    /** 256 MiB, to set beside {@code sha256sum}. */
    @Benchmark
    @Fork(1)
    @Warmup(iterations = 3)
    @Measurement(iterations = 5)
    public TrainingData hash() {
        return TrainingData.unknown().file(large);
    }
}
