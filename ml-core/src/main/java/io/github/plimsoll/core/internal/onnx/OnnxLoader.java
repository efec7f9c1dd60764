package io.github.plimsoll.core.internal.onnx;

import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads ONNX models.
 *
 * <p><b>Which file.</b> A path to a {@code *.onnx} file is that file. Of a folder it is {@code model.onnx}, or else the file
 * that is named as the folder, or else the only {@code *.onnx} file right in it; anything else is an error that lists them.
 * Links are followed. Weights that the model keeps in files of their own are found beside it.
 *
 * <p><b>Which name and version.</b> {@link LoadOptions#id()} if the host gave one. Otherwise the name is the file's name
 * without its ending, or the folder's name if that is {@code model}; the version is the model's custom metadata
 * {@code version}, or else the model version in the file's header if it is above 0, or else
 * {@link io.github.plimsoll.core.model.ModelId#UNVERSIONED}.
 *
 * <p><b>Which way.</b> Straight to ONNX Runtime, unless the options ask for DJL or an input or output is of a type that only
 * DJL converts (16-bit floating point).
 */
public final class OnnxLoader implements ModelLoader {

    /** For {@link java.util.ServiceLoader}. */
    public OnnxLoader() {}

    @Override
    public String format() {
        return "ONNX (*.onnx, or a folder with one)";
    }

    @Override
    public boolean accepts(Path location) {
        return Files.isDirectory(location) ? !OnnxFiles.in(location).isEmpty() : OnnxFiles.isOnnx(location);
    }

    @Override
    public Model load(Path location, LoadOptions options) {
        return OnnxOpening.open(
                OnnxFiles.resolve(location), options); // its own class: this one links without the engine
    }
}
