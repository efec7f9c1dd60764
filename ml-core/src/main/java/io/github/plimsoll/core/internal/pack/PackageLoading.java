package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.internal.DescribedModel;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.model.EnvironmentMatch;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.PackagePolicy;
import io.github.plimsoll.core.model.PackagePolicy.OnDifference;
import io.github.plimsoll.core.model.Translation;
import io.github.plimsoll.core.model.Translation.TranslatedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what a location holds: a package, which is verified before its model is opened and tried before it is handed out, or
 * anything else, which goes straight to the loaders. Thread-safe.
 */
public final class PackageLoading {

    private static final Logger LOG = LoggerFactory.getLogger(PackageLoading.class);

    private PackageLoading() {}

    /**
     * A model with a translation, and the package it came from.
     *
     * @param model the model
     * @param origin the package, or null if it came from none
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     */
    public record Translated<I, O>(
            TranslatedModel<I, O> model, @Nullable ModelPackage origin) {}

    /**
     * Loads a model.
     *
     * @param location a package, or anything that a loader takes
     * @param options how to load and run it
     * @param policy what to ask of a package
     * @return the model, to be closed by the caller
     */
    public static Model load(Path location, LoadOptions options, PackagePolicy policy) {
        Path path = location.toAbsolutePath();
        if (!PackageFolder.isPackage(path)) {
            verifyUnpackaged(path, policy);
            return ModelLoading.load(location, options);
        }
        PackageFolder origin = PackageFolder.open(path);
        Manifest manifest = origin.manifest();
        String subject = subject(path);
        verify(origin, policy);
        GoldenSamples samples = samples(path, manifest, subject);
        report(origin);
        Model model = ModelLoading.load(path.resolve(manifest.modelFile()), named(options, manifest));
        boolean published = false;
        try {
            Problems problems = new Problems();
            checkEnvironment(manifest, model.description(), policy, problems);
            problems.throwIfAny(subject);
            if (samples != null) {
                samples.check(model, manifest, policy.warmUp(), problems);
                problems.throwIfAny(subject);
            }
            published = true;
            return DescribedModel.from(model, origin);
        } finally {
            if (!published) {
                model.close();
            }
        }
    }

    /**
     * Loads a model together with a translation, to which a package is its model file. Golden samples are rows, so they are
     * not run.
     *
     * @param translation how inputs become answers
     * @param location a package, or anything that the translation takes
     * @param options how to load and run it
     * @param policy what to ask of a package
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the model, to be closed by the caller
     */
    public static <I, O> Translated<I, O> open(
            Translation<I, O> translation, Path location, LoadOptions options, PackagePolicy policy) {
        Path path = location.toAbsolutePath();
        if (!PackageFolder.isPackage(path)) {
            verifyUnpackaged(path, policy);
            return new Translated<>(ModelLoading.open(translation, location, options), null);
        }
        PackageFolder origin = PackageFolder.open(path);
        Manifest manifest = origin.manifest();
        verify(origin, policy);
        report(origin);
        TranslatedModel<I, O> model =
                ModelLoading.open(translation, path.resolve(manifest.modelFile()), named(options, manifest));
        boolean published = false;
        try {
            Problems problems = new Problems();
            checkEnvironment(manifest, model.description(), policy, problems);
            problems.throwIfAny(subject(path));
            published = true;
            return new Translated<>(model, origin);
        } finally {
            if (!published) {
                model.close();
            }
        }
    }

    /** Checks what can be checked without loading the model. */
    static void verify(PackageFolder origin, PackagePolicy policy) {
        Problems problems = new Problems();
        FolderFiles.Hashed hashed = new FolderFiles.Hashed();
        if (policy.isSignatureRequired()) {
            Set<String> covered = new HashSet<>(Set.of(Manifest.FILE));
            origin.manifest().files().forEach(file -> covered.add(file.path()));
            new FolderSignature(origin.folder(), policy, hashed, problems).verify(covered);
        }
        FolderFiles.compare(origin.folder(), origin.manifest(), hashed, problems);
        problems.throwIfAny(subject(origin.folder()));
    }

    /** A host that asks for a signature gets nothing without one, whatever the form. */
    private static void verifyUnpackaged(Path path, PackagePolicy policy) {
        if (policy.isSignatureRequired() && Files.exists(path)) {
            Problems problems = new Problems();
            if (Files.isDirectory(path)) {
                new FolderSignature(path, policy, new FolderFiles.Hashed(), problems).verify(Set.of());
            } else {
                problems.add("is a file, which carries no signature (expected: a signed folder)");
            }
            problems.throwIfAny("model " + path);
        }
    }

    private static String subject(Path folder) {
        return "package " + folder;
    }

    private static LoadOptions named(LoadOptions options, Manifest manifest) {
        return options.id() != null
                ? options
                : options.named(manifest.id().name(), manifest.id().version());
    }

    private static void report(ModelPackage origin) {
        if (!origin.unknownKeys().isEmpty()) {
            LOG.info(
                    "package {}: keys of plimsoll.json that this version does not know are ignored: {}",
                    origin.folder(),
                    origin.unknownKeys());
        }
    }

    private static void checkEnvironment(
            Manifest manifest, ModelDescription running, PackagePolicy policy, Problems problems) {
        EnvironmentMatch match = Environments.compare(manifest, running);
        if (match instanceof EnvironmentMatch.Differs differs) {
            if (policy.onDifferentEnvironment() == OnDifference.REFUSE) {
                differs.reasons().forEach(problems::add);
            } else {
                LOG.warn(
                        "model {} runs in another environment than it was packaged in: {}",
                        manifest.id(),
                        differs.reasons());
            }
        } else if (match instanceof EnvironmentMatch.Compatible compatible) {
            LOG.debug("model {} runs in a compatible environment: {}", manifest.id(), compatible.reasons());
        }
    }

    private static @Nullable GoldenSamples samples(Path folder, Manifest manifest, String subject) {
        String file = manifest.golden();
        return file == null
                ? null
                : GoldenSamples.parse(
                        SafeJson.read(folder.resolve(file), GoldenSamples.LARGEST, subject, file), manifest, subject);
    }
}
