package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.ModelId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which file is the model, for formats whose file names do not tell enough: the ending says which files are looked at, their first
 * bytes say which are models.
 *
 * <p>Of a folder it is the file {@code model} with the first ending of the list that is there, or else the one that is named as the
 * folder, or else the only one.
 */
public final class ModelFiles {

    /** How much of a file is read to recognise it. */
    static final int HEAD = 4096;

    /** The largest file that is read into memory whole. */
    static final long MAX_BYTES = 1L << 30;

    private static final String USUAL_STEM = "model";

    private final List<String> endings;
    private final Predicate<byte[]> isModel;

    /** Files with one of the endings, such as {@code .json}, whose first bytes are those of a model. */
    public ModelFiles(List<String> endings, Predicate<byte[]> isModel) {
        this.endings = endings;
        this.isModel = isModel;
    }

    public boolean accepts(Path location) {
        return Files.isDirectory(location) ? !in(location).isEmpty() : isModelFile(location);
    }

    private boolean isModelFile(Path file) {
        if (ending(file) == null || !Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return isModel.test(in.readNBytes(HEAD));
        } catch (IOException e) {
            return false; // whoever is asked last says what is wrong with it
        }
    }

    private @Nullable String ending(Path file) {
        String name = name(file).toLowerCase(Locale.ROOT);
        return endings.stream().filter(name::endsWith).findFirst().orElse(null);
    }

    private List<Path> in(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(this::isModelFile).sorted().toList();
        } catch (IOException e) {
            throw new ModelLoadException("model " + folder + ": the folder cannot be listed: " + e, e);
        }
    }

    /** The model file that an accepted location stands for. */
    public Path resolve(Path location) {
        if (!Files.isDirectory(location)) {
            return location;
        }
        List<Path> files = in(location);
        for (String stem : List.of(USUAL_STEM, name(location))) {
            for (String ending : endings) {
                for (Path file : files) {
                    if (name(file).equals(stem + ending)) {
                        return file;
                    }
                }
            }
        }
        if (files.size() == 1) {
            return files.get(0);
        }
        throw new ModelLoadException("model " + location + ": several models in the folder: "
                + files.stream().map(ModelFiles::name).collect(Collectors.joining(", ")) + " (expected: one of "
                + endings.stream().map(USUAL_STEM::concat).toList() + ", or the path of the file itself)");
    }

    /** The host's name and version for a model, or else the file's name, or the folder's if that is {@code model}. */
    public ModelId id(Path file, LoadOptions options) {
        ModelId given = options.id();
        if (given != null) {
            return given;
        }
        String ending = ending(file);
        String name = name(file);
        String stem = ending == null ? name : name.substring(0, name.length() - ending.length());
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (stem.equals(USUAL_STEM) && folder != null && !name(folder).isBlank()) {
            stem = name(folder);
        }
        return new ModelId(stem.isBlank() ? USUAL_STEM : stem, ModelId.UNVERSIONED);
    }

    /** All bytes of a file: what is checked is then what the engine gets, whatever happens to the file meanwhile. */
    public static byte[] read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new ModelLoadException(
                        "model " + file + ": " + size + " bytes (expected: at most " + MAX_BYTES + ")");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ModelLoadException("model " + file + ": cannot be read: " + e, e);
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
