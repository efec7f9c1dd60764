package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.model.TrainingEnvironment;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes packages. */
public final class PackageWriting {

    private static final String MODEL_CARD = "MODEL_CARD.md";
    private static final String DECISIONS = "DECISIONS.md";

    private PackageWriting() {}

    /**
     * What to write.
     *
     * @param modelFile the model file
     * @param schema what goes in
     * @param outputs what comes out
     * @param tolerances absolute and relative, for each output
     * @param samples the rows to ask for
     * @param synthetic whether the rows are about nobody
     * @param id the model's name and version, or null for what it states of itself
     * @param files further files by their path in the package
     * @param parts the named parts' paths
     * @param metrics how good the model is
     * @param trainingData what it was trained on
     * @param environment what it was made with
     * @param modelCard the model card's text, or null
     * @param decisionLog the decision log's text, or null
     * @param options how to load it
     * @param <I> the type of the rows
     */
    public record Order<I>(
            Path modelFile,
            Schema<I> schema,
            List<Output<?>> outputs,
            List<double[]> tolerances,
            List<? extends I> samples,
            boolean synthetic,
            @Nullable ModelId id,
            Map<String, Path> files,
            Map<String, String> parts,
            Map<String, Double> metrics,
            TrainingData trainingData,
            TrainingEnvironment environment,
            @Nullable String modelCard,
            @Nullable String decisionLog,
            LoadOptions options) {}

    /**
     * Writes a package.
     *
     * @param order what to write
     * @param folder where; must not exist
     * @param <I> the type of the rows
     * @return the package
     */
    public static <I> ModelPackage write(Order<I> order, Path folder) {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalStateException("folder " + target + ": exists (expected: a new folder)");
        }
        if (Files.isDirectory(order.modelFile())) {
            throw new IllegalArgumentException("model " + order.modelFile()
                    + ": is a folder (expected: the model file in it; what else the model needs is added with file)");
        }
        List<FeatureRow> rows = rows(order);
        Map<String, Path> copies = copies(order);
        List<DescribedOutput> outputs = new ArrayList<>();
        for (int i = 0; i < order.outputs().size(); i++) {
            double[] tolerance = order.tolerances().get(i);
            outputs.add(
                    new DescribedOutput(DescribedOutput.unmapped(order.outputs().get(i)), tolerance[0], tolerance[1]));
        }
        byte[] golden = null;
        ModelDescription description;
        LoadOptions options = order.id() == null
                ? order.options()
                : order.options().named(order.id().name(), order.id().version());
        try (Model model = ModelLoading.load(order.modelFile(), options)) {
            description = model.description();
            List<Output<?>> plain =
                    outputs.stream().<Output<?>>map(DescribedOutput::output).toList();
            List<List<Object>> answers = GoldenSamples.answers(model, order.schema(), plain, order.samples());
            golden = rows.isEmpty() ? null : GoldenSamples.write(rows, answers);
        }
        return write(order, target, description, outputs, copies, golden);
    }

    private static <I> List<FeatureRow> rows(Order<I> order) {
        if (order.samples().size() > GoldenSamples.MOST) {
            throw new IllegalArgumentException(
                    "samples: " + order.samples().size() + " (expected: at most " + GoldenSamples.MOST + ")");
        }
        List<FeatureRow> rows = new ArrayList<>();
        for (I sample : order.samples()) {
            FeatureRow row = order.schema().read(sample);
            if (!row.violations().isEmpty()) {
                throw new InvalidInputException(row.violations());
            }
            for (int i = 0; i < row.size() && !order.synthetic(); i++) {
                Feature feature = row.features().get(i);
                if (feature.isSensitive() && !row.isNull(i)) {
                    throw new IllegalStateException("samples: sample " + rows.size() + " has a value for '"
                            + feature.name()
                            + "', which is sensitive and would be written in the clear (expected: null, or made-up rows"
                            + " given by syntheticSamples)");
                }
            }
            rows.add(row);
        }
        return rows;
    }

    private static Map<String, Path> copies(Order<?> order) {
        Map<String, Path> copies = new LinkedHashMap<>();
        copies.put(String.valueOf(order.modelFile().getFileName()), order.modelFile());
        order.files().forEach((path, source) -> {
            if (copies.putIfAbsent(path, source) != null) {
                throw new IllegalArgumentException("file '" + path + "': the model has that name (expected: another)");
            }
        });
        for (String path : copies.keySet()) {
            String objection = PackagePaths.objection(path);
            boolean ours = List.of(Manifest.FILE, FolderFiles.SIGNATURE, GoldenSamples.FILE, MODEL_CARD, DECISIONS)
                    .contains(path);
            if (objection != null || ours || FolderFiles.isIgnored(path)) {
                throw new IllegalArgumentException("file '" + Shown.text(path) + "': "
                        + (objection == null ? "the name is reserved" : objection) + " (expected: "
                        + PackagePaths.expected() + ")");
            }
        }
        return copies;
    }

    private static ModelPackage write(
            Order<?> order,
            Path target,
            ModelDescription description,
            List<DescribedOutput> outputs,
            Map<String, Path> copies,
            byte @Nullable [] golden) {
        try {
            Path parent = Objects.requireNonNull(target.getParent(), "parent");
            Files.createDirectories(parent);
            Path draft = Files.createTempDirectory(parent, ".plimsoll-");
            try {
                List<PackagedFile> files = new ArrayList<>();
                for (Map.Entry<String, Path> copy : copies.entrySet()) {
                    Path file = draft.resolve(copy.getKey());
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.copy(copy.getValue(), file);
                    files.add(Hashes.of(file, copy.getKey()));
                }
                if (golden != null) {
                    GoldenSamples.requireReadable(golden, "package " + target);
                }
                add(draft, GoldenSamples.FILE, golden, files);
                add(draft, MODEL_CARD, bytes(order.modelCard()), files);
                add(draft, DECISIONS, bytes(order.decisionLog()), files);
                Manifest manifest = new Manifest(
                        description.id(),
                        String.valueOf(order.modelFile().getFileName()),
                        description.engine(),
                        description.engineVersion(),
                        order.schema().features(),
                        outputs,
                        files,
                        Hashes.whole(files),
                        order.trainingData().equals(TrainingData.unknown()) ? null : order.trainingData(),
                        order.environment().library(Environments.PLATFORM, Environments.platform()),
                        order.parts(),
                        golden == null ? null : GoldenSamples.FILE,
                        order.metrics(),
                        order.decisionLog() == null ? null : DECISIONS,
                        order.modelCard() == null ? null : MODEL_CARD,
                        List.of());
                byte[] json = ManifestWriter.write(manifest);
                ManifestReader.parse(json, "package " + target); // what could not be read again is not written
                Files.write(draft.resolve(Manifest.FILE), json);
                Folders.publish(draft, target);
            } finally {
                Folders.delete(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("package " + target + ": cannot be written: " + e, e);
        }
        return ModelPackage.open(target);
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static void add(Path draft, String path, byte @Nullable [] content, List<PackagedFile> files)
            throws IOException {
        if (content != null) {
            Path file = draft.resolve(path);
            Files.write(file, content);
            files.add(Hashes.of(file, path));
        }
    }
}
