package io.github.plimsoll.core.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recognises models that no loader here reads, to say what they are and what to do, by their names. */
final class ForeignFormat {

    private static final int LISTED = 10;

    private ForeignFormat() {}

    /** What the path holds, in words that go on after "model PATH: ". */
    static String describe(Path path) {
        return Files.isDirectory(path) ? describeFolder(path) : describeFile(path);
    }

    private static String describeFolder(Path folder) {
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.sorted().toList();
        } catch (IOException e) {
            return "the folder cannot be listed: " + e;
        }
        if (entries.isEmpty()) {
            return "the folder is empty";
        }
        for (Path entry : entries) {
            String known = name(entry);
            if (known != null) {
                return "holds " + entry.getFileName() + ", " + known;
            }
        }
        StringBuilder names = new StringBuilder("no model in the folder, which holds ");
        for (int i = 0; i < Math.min(LISTED, entries.size()); i++) {
            names.append(i == 0 ? "" : ", ").append(entries.get(i).getFileName());
        }
        return names.append(entries.size() > LISTED ? " and " + (entries.size() - LISTED) + " more" : "")
                .toString();
    }

    private static String describeFile(Path file) {
        String known = name(file);
        return known == null ? "not a known model format" : "is " + known;
    }

    private static @Nullable String name(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        return switch (extension) {
            case "pt", "pth", "torchscript", "ts" ->
                "a PyTorch file, but no whole TorchScript: weights and pickled objects are never unpickled; save"
                        + " torch.jit.script(model) with torch.jit.save, or export with torch.onnx.export";
            case "pb" -> "a TensorFlow model: convert it with tf2onnx";
            case "h5", "hdf5", "keras" -> "a Keras model: convert it with tf2onnx";
            case "tflite" -> "a TensorFlow Lite model: convert it with tf2onnx --tflite";
            case "pkl", "pickle", "joblib" ->
                "a Python pickle: it can run any code while it is read, so it is never unpickled; export a scikit-learn model with"
                        + " skl2onnx";
            case "ubj" -> "named as an XGBoost model, but its content is none: write it again with save_model";
            case "model", "bst" ->
                "probably an XGBoost model in the old binary form: load it in Python and write it again with save_model, as .ubj or"
                        + " .json";
            case "cbm" -> "a CatBoost model: save it with format=\"onnx\"";
            case "safetensors" ->
                "weights without a network (safetensors): export the model they belong to as ONNX, for instance with optimum-cli";
            case "gguf", "ggml" -> "a language model for llama.cpp: this library runs ONNX models";
            case "pmml" -> "a PMML model: export the original as ONNX";
            case "ort" -> "an ONNX Runtime format model: use the .onnx file that it was made from";
            default -> null;
        };
    }
}
