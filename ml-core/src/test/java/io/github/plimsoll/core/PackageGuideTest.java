package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.PackagePolicy;
import io.github.plimsoll.core.model.Packager;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.model.TrainingEnvironment;
import io.github.plimsoll.core.model.UnpackLimits;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide page on packages, compiled and run. */
class PackageGuideTest {

    private static final Path RESOURCES = Path.of("src/test/resources");

    @TempDir
    Path temp;

    record Customer(float age, long tenure, String plan) {}

    @Test
    void packagesAndLoads() {
        Path modelFile = RESOURCES.resolve("models/churn-multi-input/model.onnx");
        Path folder = temp.resolve("churn");
        List<Customer> customers = List.of(new Customer(22.7f, 41, "plus"), new Customer(60, 3, "basic"));

        ModelPackage churn = Packager.of(modelFile, Schema.of(Customer.class), Output.probability())
                .named("churn", "2026-03")
                .samples(customers)
                .write(folder);

        assertThat(churn.goldenSamples()).isPresent();
        try (Predictor<Customer, Double> risk =
                Plimsoll.load(folder).as(Customer.class, Output.probability()).build()) {
            double p = risk.predict(new Customer(22.7f, 41, "plus"));

            assertThat(p).isBetween(0.0, 1.0);
        }
    }

    @Test
    void recordsTheOrigin() throws IOException {
        Path trainingFile = Files.writeString(temp.resolve("train.csv"), "age,tenure,plan\n");
        Path contractFile = Files.writeString(temp.resolve("contract.json"), "{}");
        Packager<Customer> packager = Packager.of(
                RESOURCES.resolve("models/churn-multi-input/model.onnx"),
                Schema.of(Customer.class),
                Output.probability());

        packager.trainingData(TrainingData.unknown()
                        .file(trainingFile)
                        .rows(48_000)
                        .lineage("git", "1f3c9e2")
                        .lineage("mlflow-run", "0cc175b9"))
                .environment(
                        TrainingEnvironment.unknown().opset(15).randomSeed(42).library("scikit-learn", "1.5.2"))
                .metric("auc", 0.91)
                .part("contract", contractFile)
                .modelCard("# Churn\nFor customers of the shop. Not for pricing.\n")
                .decisionLog("# Decisions\n2026-03: one threshold for all plans.\n");

        assertThat(packager.write(temp.resolve("churn")).trainingData().rows()).isEqualTo(48_000);
    }

    @Test
    void asksForMore() {
        PackagePolicy strict = PackagePolicy.defaults()
                .onDifferentEnvironment(PackagePolicy.OnDifference.REFUSE)
                .warmUp(8, 64);

        assertThat(strict.warmUp()).containsExactly(8, 64);
    }

    @Test
    void asksForASignature() {
        Path publicKey = RESOURCES.resolve("signed/keys/p256.pub");
        Path signedFolder = RESOURCES.resolve("signed/package-p256");

        PackagePolicy signed = PackagePolicy.defaults().signedBy(publicKey);
        try (Model model = Plimsoll.load(signedFolder).with(signed).open()) {
            assertThat(model.origin()).isPresent();
        }
    }

    @Test
    void unpacks() throws IOException {
        Path archive = temp.resolve("churn.zip");
        Path target = temp.resolve("unpacked");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive));
                Stream<Path> files = Files.list(RESOURCES.resolve("packages/churn-1.0"))) {
            for (Path file : files.toList()) {
                out.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, out);
            }
        }

        ModelPackage unpacked = ModelPackage.unpack(archive, target, UnpackLimits.defaults());

        assertThat(unpacked.folder()).isEqualTo(target);
    }

    /** Each Java block of the page stands in this class, but for its indentation. */
    @Test
    void showsOnlyCodeThatStandsHere() throws IOException {
        String code =
                squeezed(Files.readString(Path.of("src/test/java/io/github/plimsoll/core/PackageGuideTest.java")));
        Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/guide/package-a-model.md")));
        int count = 0;
        while (blocks.find()) {
            count++;
            assertThat(code).contains(squeezed(blocks.group(1)));
        }
        assertThat(count).isEqualTo(6);
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
