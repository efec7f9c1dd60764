package io.github.plimsoll.core.internal.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What a file {@code MLmodel} says, read with nothing taken for granted: every key but the one of the flavors may be absent or null,
 * and unknown ones are skipped.
 *
 * @param folder the folder, absolute
 * @param content the whole file
 * @param flavor the flavor that will be loaded
 * @param data its file
 */
record MlflowFolder(Path folder, ObjectNode content, String flavor, Path data) {

    private static final List<String> LOADABLE = List.of("onnx", "xgboost", "lightgbm", "pytorch");
    private static final int MAX_ZIP_ENTRIES = 200_000;

    /** Reads a folder and chooses the flavor. */
    static MlflowFolder read(Path folder) {
        String where = "model " + folder;
        ObjectNode content = MlflowYaml.read(where + ": " + MlflowLoader.FILE, folder.resolve(MlflowLoader.FILE));
        if (!(content.get("flavors") instanceof ObjectNode flavors)) {
            throw new ModelLoadException(where + ": " + MlflowLoader.FILE
                    + " has no mapping 'flavors' (expected: a model folder as MLflow writes it)");
        }
        List<String> refusals = new ArrayList<>();
        for (String flavor : LOADABLE) {
            if (flavors.has(flavor)) {
                Path data = data(where, folder, flavor, flavors.get(flavor));
                String refusal = refusal(folder, flavor, data);
                if (refusal == null) {
                    return new MlflowFolder(folder, content, flavor, data);
                }
                refusals.add("flavor " + flavor + ": " + refusal);
            }
        }
        if (refusals.isEmpty()) {
            refusals.add(none(folder, flavors));
        }
        throw new ModelLoadException(where + ": " + String.join("; ", refusals));
    }

    private static Path data(String where, Path folder, String flavor, JsonNode keys) {
        String name = null;
        for (String key : List.of("data", "model_data")) {
            if (keys.path(key).isTextual()) {
                name = keys.get(key).asText();
                break;
            }
        }
        if (name == null) {
            name = switch (flavor) {
                case "onnx" -> "model.onnx";
                case "xgboost" -> "model.xgb";
                case "lightgbm" -> "model.lgb";
                default -> "data";
            };
        }
        Path data = confined(where, folder, "flavor " + flavor + ": data", name);
        if (flavor.equals("pytorch") && Files.isDirectory(data)) {
            for (String file : List.of("model.pth", "model.pt", "model.pt2")) {
                if (Files.exists(data.resolve(file))) {
                    return confined(where, folder, "flavor " + flavor + ": data", name + "/" + file);
                }
            }
            throw new ModelLoadException(where + ": flavor pytorch: no model.pth in folder '" + Shown.text(name)
                    + "' (expected: the folder as MLflow wrote it)");
        }
        return data;
    }

    /** A file of the folder; refuses whatever lies outside, by its name or by a link. */
    static Path confined(String where, Path folder, String what, String name) {
        Path file;
        try {
            file = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new ModelLoadException(where + ": " + what + ": '" + Shown.text(name) + "' is no path", e);
        }
        boolean inside = file.startsWith(folder.normalize()) && !file.equals(folder.normalize());
        try {
            if (inside && Files.exists(file)) {
                Path real = file.toRealPath();
                Path root = folder.toRealPath();
                // Never the folder itself: a folder that is its own part would be opened without end.
                inside = real.startsWith(root) && !real.equals(root);
            } else if (inside) {
                throw new ModelLoadException(where + ": " + what + ": no file '" + Shown.text(name)
                        + "' in the folder (expected: the folder as MLflow wrote it, with all its files)");
            }
        } catch (IOException e) {
            throw new ModelLoadException(where + ": " + what + ": '" + Shown.text(name) + "' cannot be read: " + e, e);
        }
        if (!inside) {
            throw new ModelLoadException(where + ": " + what + ": '" + Shown.text(name)
                    + "' leads out of the folder (expected: a path inside it)");
        }
        return file;
    }

    /** Why only Python can read the data, and the line of it that helps; null if it may be loaded. */
    private static @Nullable String refusal(Path folder, String flavor, Path data) {
        if (!Files.isRegularFile(data)) {
            return null;
        }
        byte[] start = startOf(data);
        boolean zip = start.length > 1 && start[0] == 'P' && start[1] == 'K';
        // A pickle begins with the opcode PROTO and the number of its protocol, 2 to 5.
        boolean pickle = start.length > 1 && (start[0] & 0xFF) == 0x80 && start[1] >= 2 && start[1] <= 5;
        String source = quoted(folder.toString());
        String target = quoted(folder + "-for-java");
        switch (flavor) {
            case "lightgbm" -> {
                if (pickle || zip) {
                    return neverRead(data, pickle ? "a Python pickle" : "a skops archive")
                            + "; save its booster instead: import mlflow; mlflow.lightgbm.save_model("
                            + "mlflow.lightgbm.load_model(" + source + ").booster_, " + target + ")";
                }
            }
            case "pytorch" -> {
                String name = String.valueOf(data.getFileName());
                if (name.endsWith(".pt2")) {
                    return "'" + name + "' is a torch.export program, which no engine for Java runs; export it as ONNX:"
                            + " import torch; torch.onnx.export(torch.export.load(" + quoted(data.toString())
                            + "), f=\"model.onnx\", dynamo=True)";
                }
                if (!zip || !isTorchScript(data)) {
                    return neverRead(data, "a Python pickle")
                            + "; save it as TorchScript instead: import mlflow, torch; mlflow.pytorch.save_model("
                            + "torch.jit.script(mlflow.pytorch.load_model(" + source + ").eval()), " + target + ")";
                }
            }
            default -> {
                if (pickle) {
                    return neverRead(data, "a Python pickle") + "; save the model in the flavor's own format";
                }
            }
        }
        return null;
    }

    private static String neverRead(Path data, String what) {
        return "'" + data.getFileName() + "' is " + what + ", which could run any code while it is read";
    }

    private static String none(Path folder, ObjectNode flavors) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> each = flavors.fieldNames(); each.hasNext() && names.size() < 20; ) {
            names.add(Shown.text(each.next()));
        }
        String found = "flavors " + names + " are for Python only, and python_function is never executed";
        if (flavors.has("sklearn")) {
            return found + "; save the model as ONNX: import mlflow, skl2onnx; m = mlflow.sklearn.load_model("
                    + quoted(folder.toString())
                    + "); mlflow.onnx.save_model(skl2onnx.to_onnx(m, initial_types=[(\"X\","
                    + " skl2onnx.common.data_types.FloatTensorType([None, m.n_features_in_]))]), "
                    + quoted(folder + "-for-java") + ")";
        }
        return found + " (expected: one of " + LOADABLE + ")";
    }

    private static byte[] startOf(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(16);
        } catch (IOException e) {
            return new byte[0]; // the loader will say it better
        }
    }

    /** By content: only TorchScript keeps its constants and its code. Reads names, unpacks nothing. */
    private static boolean isTorchScript(Path file) {
        boolean constants = false;
        boolean code = false;
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > MAX_ZIP_ENTRIES) {
                return false;
            }
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                constants |= name.endsWith("/constants.pkl");
                code |= name.contains("/code/");
            }
        } catch (IOException | IllegalArgumentException e) {
            return false; // damaged, or names that are no text
        }
        return constants && code;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A key of the chosen flavor. */
    JsonNode flavorKey(String key) {
        return content.path("flavors").path(flavor).path(key);
    }

    /** A key of the file. */
    JsonNode key(String key) {
        JsonNode value = content.get(key);
        return value == null ? MissingNode.getInstance() : value;
    }
}
