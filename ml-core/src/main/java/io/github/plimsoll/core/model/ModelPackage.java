package io.github.plimsoll.core.model;

import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.internal.pack.PackageFolder;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model with everything that belongs to it: a folder whose {@code plimsoll.json} names each file with its hash, the inputs
 * and outputs with their types, what the model was trained on and with, how good it was, and rows with the answers that it
 * has to give.
 *
 * <pre>{@code
 * ModelPackage risk = ModelPackage.open(Path.of("models/credit-risk"));
 * risk.verify(PackagePolicy.defaults());
 * risk.metrics().get("auc");
 * }</pre>
 *
 * <p>{@link io.github.plimsoll.core.Plimsoll#load} takes such a folder and does all of this by itself. {@link Packager}
 * makes one. The form of the manifest is published as a JSON Schema, {@code docs/schema/plimsoll-manifest-1.json}.
 *
 * <p>Hashes prove that the folder is as it was when it was packaged, not who packaged it: that takes a signature. What
 * somebody changes between the check and the engine's own reading of the file goes unseen, so the folder must not be
 * writable by those whom the host does not trust.
 *
 * <p>Immutable and thread-safe. The manifest is read once, when the package is opened. Not to be implemented by others.
 *
 * @since 0.1
 */
public interface ModelPackage {

    /**
     * Reads the manifest of a package. Reads no other file.
     *
     * @param folder the folder with {@code plimsoll.json}
     * @return the package
     * @throws ModelPackageException if there is no manifest, it is not sound, or it is of a form that is newer than this
     *     version reads; each problem names the JSON path, the value and what was expected
     */
    static ModelPackage open(Path folder) {
        return PackageFolder.open(folder);
    }

    /**
     * Unpacks an archive with a package, at its top or in the only folder at its top. The folder appears whole, with each
     * file's hash checked, or not at all. Only regular files and folders are unpacked, only to paths inside the folder; a
     * link, a path that leads out, or more than the limits allow, is refused.
     *
     * @param archive a zip or a tar.gz, told apart by its first bytes
     * @param folder where the package shall be; must not exist
     * @param limits how much it may hold
     * @return the package
     * @throws ModelPackageException if the archive is damaged, goes beyond the limits or holds no sound package
     * @throws IllegalStateException if the folder exists
     * @throws java.io.UncheckedIOException if the archive cannot be read or the folder cannot be written
     */
    static ModelPackage unpack(Path archive, Path folder, UnpackLimits limits) {
        return PackageFolder.unpack(archive, folder, limits);
    }

    /**
     * Whether a path is a folder with a manifest.
     *
     * @param location a path, which need not exist
     * @return true if {@link #open} should be tried
     */
    static boolean isPackage(Path location) {
        return PackageFolder.isPackage(location);
    }

    /**
     * Checks that each file of the package is there with its size and hash and that no other file is, and whatever else the
     * policy asks for that can be checked without loading the model. Reads every file once, as a stream.
     *
     * @param policy what to ask
     * @throws ModelPackageException if something is wrong, with every problem
     */
    void verify(PackagePolicy policy);

    /**
     * Compares the engine that runs a model with the one that this package was made with.
     *
     * @param running what runs the model
     * @return the verdict with its reasons
     */
    EnvironmentMatch compare(ModelDescription running);

    /**
     * The folder.
     *
     * @return an absolute path
     */
    Path folder();

    /**
     * The model's name and version.
     *
     * @return the name and version
     */
    ModelId id();

    /**
     * The model file.
     *
     * @return an absolute path
     */
    Path modelFile();

    /**
     * The name of the engine that the model was packaged with, such as {@code OnnxRuntime}.
     *
     * @return the name
     */
    String engine();

    /**
     * The version of the engine that the model was packaged with.
     *
     * @return the version
     */
    String engineVersion();

    /**
     * What goes into the model.
     *
     * @return an immutable list in the model's order, empty if the package does not say
     */
    List<Feature> features();

    /**
     * What comes out of the model.
     *
     * @return an immutable list, empty if the package does not say
     */
    List<Output<?>> outputs();

    /**
     * The hash of the whole: the SHA-256 of the listing that {@code sha256sum} prints for the files in order of path. It
     * covers every file but the manifest itself, which only a signature covers.
     *
     * @return 64 hexadecimal digits in lower case
     */
    String sha256();

    /**
     * The files' hashes by path.
     *
     * @return an immutable map from a path with forward slashes to a SHA-256
     */
    Map<String, String> files();

    /**
     * The named parts, such as {@code contract} and {@code baseline}. Core does not read them: the module that owns a form
     * does.
     *
     * @return an immutable map from a part's name to its absolute path
     */
    Map<String, Path> parts();

    /**
     * One named part.
     *
     * @param name the part's name
     * @return its absolute path, or empty if the package has no such part
     */
    Optional<Path> part(String name);

    /**
     * What the model was trained on.
     *
     * @return the fingerprint, empty if the package does not say
     */
    TrainingData trainingData();

    /**
     * What the model was made with.
     *
     * @return the environment, empty if the package does not say
     */
    TrainingEnvironment environment();

    /**
     * How good the model was, by the metrics' names.
     *
     * @return an immutable map, empty if the package does not say
     */
    Map<String, Double> metrics();

    /**
     * The rows with the answers that the model has to give.
     *
     * @return an absolute path, or empty if the package has none
     */
    Optional<Path> goldenSamples();

    /**
     * The decision log: why the model is as it is.
     *
     * @return an absolute path, or empty if the package has none
     */
    Optional<Path> decisionLog();

    /**
     * The model card: what the model is for, and what it is not for.
     *
     * @return an absolute path, or empty if the package has none
     */
    Optional<Path> modelCard();

    /**
     * The keys of the manifest that this version of Plimsoll does not know and has ignored.
     *
     * @return an immutable list of JSON paths such as {@code $.features[2].colour}
     */
    List<String> unknownKeys();
}
