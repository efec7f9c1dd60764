package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.model.EnvironmentMatch;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.PackagePolicy;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.model.TrainingEnvironment;
import io.github.plimsoll.core.model.UnpackLimits;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder with the manifest that was read from it once. */
public final class PackageFolder implements ModelPackage {

    private final Path folder;
    private final Manifest manifest;

    private PackageFolder(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Reads the manifest of a package.
     *
     * @param folder the folder
     * @return the package
     */
    public static PackageFolder open(Path folder) {
        Path path = folder.toAbsolutePath();
        if (!isPackage(path)) {
            throw Problems.one(
                    "package " + path, "no " + Manifest.FILE + " in it (expected: a folder that Packager has written)");
        }
        return new PackageFolder(path, ManifestReader.read(path));
    }

    /**
     * Unpacks an archive.
     *
     * @param archive a zip or a tar.gz
     * @param folder where the package shall be
     * @param limits how much it may hold
     * @return the package
     */
    public static PackageFolder unpack(Path archive, Path folder, UnpackLimits limits) {
        return Unpacking.unpack(archive, folder, limits);
    }

    /**
     * Whether a path is a folder with a manifest.
     *
     * @param location a path
     * @return true if it is
     */
    public static boolean isPackage(Path location) {
        return Files.isRegularFile(location.resolve(Manifest.FILE));
    }

    @Override
    public void verify(PackagePolicy policy) {
        PackageLoading.verify(this, policy);
    }

    @Override
    public EnvironmentMatch compare(ModelDescription running) {
        return Environments.compare(manifest, running);
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public ModelId id() {
        return manifest.id();
    }

    @Override
    public Path modelFile() {
        return resolve(manifest.modelFile());
    }

    @Override
    public String engine() {
        return manifest.engine();
    }

    @Override
    public String engineVersion() {
        return manifest.engineVersion();
    }

    @Override
    public List<Feature> features() {
        return manifest.features();
    }

    @Override
    public List<Output<?>> outputs() {
        return manifest.outputs().stream()
                .<Output<?>>map(DescribedOutput::output)
                .toList();
    }

    @Override
    public String sha256() {
        return manifest.sha256();
    }

    @Override
    public Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        manifest.files().forEach(file -> files.put(file.path(), file.sha256()));
        return Collections.unmodifiableMap(files);
    }

    @Override
    public Map<String, Path> parts() {
        Map<String, Path> parts = new LinkedHashMap<>();
        manifest.parts().forEach((name, path) -> parts.put(name, resolve(path)));
        return Collections.unmodifiableMap(parts);
    }

    @Override
    public Optional<Path> part(String name) {
        return optional(manifest.parts().get(name));
    }

    @Override
    public TrainingData trainingData() {
        TrainingData data = manifest.training();
        return data == null ? TrainingData.unknown() : data;
    }

    @Override
    public TrainingEnvironment environment() {
        return manifest.environment();
    }

    @Override
    public Map<String, Double> metrics() {
        return manifest.metrics();
    }

    @Override
    public Optional<Path> goldenSamples() {
        return optional(manifest.golden());
    }

    @Override
    public Optional<Path> decisionLog() {
        return optional(manifest.decisionLog());
    }

    @Override
    public Optional<Path> modelCard() {
        return optional(manifest.modelCard());
    }

    @Override
    public List<String> unknownKeys() {
        return manifest.unknown();
    }

    /** The package as one line. */
    @Override
    public String toString() {
        return manifest.id() + " in " + folder;
    }

    Manifest manifest() {
        return manifest;
    }

    private Path resolve(String path) {
        return folder.resolve(path);
    }

    private Optional<Path> optional(@Nullable String path) {
        return path == null ? Optional.empty() : Optional.of(resolve(path));
    }
}
