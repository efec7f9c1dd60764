package io.github.plimsoll.core.internal.onnx;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.ModelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which file of a folder is the model, and what it is called. The rules are stated at {@link OnnxLoader}. */
public final class OnnxFiles {

    private static final String EXTENSION = ".onnx";
    private static final String USUAL_STEM = "model";

    private OnnxFiles() {}

    static boolean isOnnx(Path file) {
        return nameOf(file).toLowerCase(Locale.ROOT).endsWith(EXTENSION) && Files.isRegularFile(file);
    }

    /** The *.onnx files right in a folder, sorted. */
    static List<Path> in(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(OnnxFiles::isOnnx).sorted().toList();
        } catch (IOException e) {
            throw new ModelLoadException("model " + folder + ": the folder cannot be listed: " + e, e);
        }
    }

    /** The model file that a location stands for. */
    public static Path resolve(Path location) {
        if (!Files.isDirectory(location)) {
            return location;
        }
        List<Path> files = in(location);
        for (String stem : List.of(USUAL_STEM, nameOf(location))) {
            for (Path file : files) {
                if (nameOf(file).equals(stem + EXTENSION)) {
                    return file;
                }
            }
        }
        if (files.size() == 1) {
            return files.get(0);
        }
        throw new ModelLoadException("model " + location + ": "
                + (files.isEmpty()
                        ? "no *.onnx file in the folder"
                        : "several *.onnx files in the folder: "
                                + files.stream().map(OnnxFiles::nameOf).collect(Collectors.joining(", ")))
                + " (expected: " + USUAL_STEM + EXTENSION + ", " + nameOf(location) + EXTENSION
                + " or a single *.onnx file; or the path of the file itself)");
    }

    /** The name of the model in a file. */
    static String modelName(Path file) {
        String name = nameOf(file);
        String stem = name.toLowerCase(Locale.ROOT).endsWith(EXTENSION)
                ? name.substring(0, name.length() - EXTENSION.length())
                : name;
        if (stem.equals(USUAL_STEM)) {
            Path folder = file.toAbsolutePath().normalize().getParent();
            if (folder != null && !nameOf(folder).isBlank()) {
                return nameOf(folder);
            }
        }
        return stem.isBlank() ? USUAL_STEM : stem;
    }

    /** The version that a model states: its custom metadata's, or else the number in its header. */
    static String modelVersion(Map<String, String> customMetadata, long number) {
        String stated = customMetadata.get("version");
        if (stated != null && !stated.isBlank()) {
            return stated.strip();
        }
        // 0 is what a file without the field says; ONNX Runtime gives the largest number when it knows no better.
        return number > 0 && number < Long.MAX_VALUE ? Long.toString(number) : ModelId.UNVERSIONED;
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName()); // "null" for a root, which is neither a file nor holds one named so
    }
}
