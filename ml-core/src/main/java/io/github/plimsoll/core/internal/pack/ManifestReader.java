package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.model.TrainingData.DataFile;
import io.github.plimsoll.core.model.TrainingEnvironment;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code plimsoll.json}. The form is published as {@code docs/schema/plimsoll-manifest-1.json}; this is a little stricter,
 * since it also checks what belongs together. Used once.
 */
final class ManifestReader {

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
    private static final String FORMAT_EXPECTED = Manifest.MAJOR + ".x, such as " + Manifest.FORMAT;

    private final String subject;
    private final Problems problems = new Problems();
    private final List<JsonFields> objects = new ArrayList<>();

    private ManifestReader(String subject) {
        this.subject = subject;
    }

    /**
     * Reads the manifest of a folder.
     *
     * @param folder the package's folder
     * @return the manifest
     * @throws ModelPackageException if it is not one, with every problem
     */
    static Manifest read(Path folder) {
        return read(folder, "package " + folder);
    }

    static Manifest read(Path folder, String subject) {
        return new ManifestReader(subject)
                .read(SafeJson.read(folder.resolve(Manifest.FILE), Manifest.LARGEST, subject, Manifest.FILE));
    }

    static Manifest parse(byte[] json, String subject) {
        if (json.length > Manifest.LARGEST) {
            throw Problems.one(
                    subject,
                    Manifest.FILE + ": " + json.length + " bytes (expected: at most " + Manifest.LARGEST + ")");
        }
        return new ManifestReader(subject).read(SafeJson.parse(json, subject, Manifest.FILE));
    }

    private Manifest read(JsonNode document) {
        JsonFields root = known(new JsonFields(document, "$", problems));
        problems.throwIfAny(subject);
        checkFormat(root);
        String name = root.needText("name", "the model's name");
        String version = root.needText("version", "the model's version");
        root.text("$schema", "the address of the JSON Schema");
        JsonFields model = fields(root.needObject("model"));
        String modelFile = model == null ? null : model.needFilePath("file");
        String engine = model == null ? "?" : model.needText("engine", "the engine's name, such as OnnxRuntime");
        String engineVersion = model == null ? "?" : model.needText("engineVersion", "the engine's version");
        List<Feature> features = features(root);
        List<DescribedOutput> outputs = outputs(root);
        Map<String, PackagedFile> files = files(root);
        String sha256 = root.needSha256("sha256");
        TrainingData training = training(root);
        TrainingEnvironment environment = environment(root);
        Map<String, String> parts = parts(root, files);
        String golden = root.filePath("goldenSamples");
        Map<String, Double> metrics = metrics(root);
        String decisionLog = root.filePath("decisionLog");
        String modelCard = root.filePath("modelCard");
        if (modelFile != null) {
            listed("$.model.file", modelFile, files);
        }
        listed("$.goldenSamples", golden, files);
        listed("$.decisionLog", decisionLog, files);
        listed("$.modelCard", modelCard, files);
        if (golden != null && (features.isEmpty() || outputs.isEmpty())) {
            problems.add("$.goldenSamples: '" + Shown.text(golden) + "' (expected: none without features and outputs)");
        }
        problems.throwIfAny(subject);
        String whole = Hashes.whole(List.copyOf(files.values()));
        if (!whole.equals(sha256)) {
            problems.add("$.sha256: " + sha256 + " (expected: " + whole + ", the hash of the files listed)");
        }
        problems.throwIfAny(subject);
        List<String> unknown = new ArrayList<>();
        objects.forEach(object -> unknown.addAll(object.unknown()));
        return new Manifest(
                new ModelId(name, version),
                Objects.requireNonNull(modelFile),
                engine,
                engineVersion,
                features,
                outputs,
                List.copyOf(files.values()),
                sha256,
                training,
                environment,
                parts,
                golden,
                metrics,
                decisionLog,
                modelCard,
                unknown);
    }

    private @Nullable JsonFields fields(@Nullable JsonFields object) {
        return object == null ? null : known(object);
    }

    /** Remembers the object, to ask it in the end for keys that nobody asked for. */
    private JsonFields known(JsonFields object) {
        objects.add(object);
        return object;
    }

    private void checkFormat(JsonFields root) {
        String stated = root.needText("formatVersion", FORMAT_EXPECTED);
        problems.throwIfAny(subject);
        Matcher format = FORMAT.matcher(stated);
        if (!format.matches()) {
            throw Problems.one(
                    subject, "$.formatVersion: '" + Shown.text(stated) + "' (expected: " + FORMAT_EXPECTED + ")");
        }
        int major = Integer.parseInt(format.group(1));
        if (major > Manifest.MAJOR) {
            throw Problems.one(
                    subject,
                    "$.formatVersion: '" + stated + "' is newer than this version of Plimsoll reads (expected: "
                            + FORMAT_EXPECTED + "; use a newer Plimsoll, or package the model again with this one)");
        }
        if (major < Manifest.MAJOR) {
            throw Problems.one(subject, "$.formatVersion: '" + stated + "' (expected: " + FORMAT_EXPECTED + ")");
        }
    }

    private void listed(String at, @Nullable String path, Map<String, PackagedFile> files) {
        if (path != null && !files.containsKey(path)) {
            problems.add(at + ": '" + Shown.text(path) + "' (expected: one of the paths in $.files)");
        }
    }

    private List<Feature> features(JsonFields root) {
        List<Feature> features = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        int index = 0;
        for (JsonFields each : root.objects("features", Manifest.MOST_FEATURES)) {
            Feature feature = feature(known(each), "$.features[" + index + "]");
            if (feature != null) {
                Integer other = seen.putIfAbsent(feature.name(), index);
                if (other != null) {
                    each.problem(
                            "name",
                            "'" + Shown.text(feature.name()) + "' as in $.features[" + other + "]",
                            "names that differ");
                }
                features.add(feature);
            }
            index++;
        }
        return features;
    }

    private @Nullable Feature feature(JsonFields fields, String at) {
        String name = fields.needText("name", "the feature's name");
        FeatureType type = choice(fields, "type", FeatureType.class);
        boolean nullable = fields.flag("nullable");
        boolean sensitive = fields.flag("sensitive");
        Double min = fields.number("min");
        Double max = fields.number("max");
        String unit = fields.text("unit", "the unit's symbol");
        List<String> categories = fields.texts("categories", Manifest.MOST_NAMES);
        long[] shape = fields.integers("shape", 8);
        if (type == null) {
            return null;
        }
        if (!categories.isEmpty() && type != FeatureType.CATEGORY) {
            fields.problem("categories", categories.size() + " names", "none for a " + Manifest.word(type));
        }
        if (shape.length > 0 && type != FeatureType.TENSOR) {
            fields.problem("shape", Arrays.toString(shape), "none for a " + Manifest.word(type));
        }
        try {
            Feature feature = switch (type) {
                case NUMBER -> Feature.number(name);
                case INTEGER -> Feature.integer(name);
                case BOOLEAN -> Feature.bool(name);
                case CATEGORY -> Feature.category(name, categories);
                case TEXT -> Feature.text(name);
                case TIMESTAMP -> Feature.timestamp(name);
                case TENSOR -> Feature.tensor(name, shape);
            };
            feature = nullable ? feature.nullable() : feature;
            feature = sensitive ? feature.sensitive() : feature;
            feature = unit == null ? feature : feature.unit(unit);
            if (min != null || max != null) {
                feature = feature.range(
                        min == null ? Double.NEGATIVE_INFINITY : min, max == null ? Double.POSITIVE_INFINITY : max);
            }
            return feature;
        } catch (IllegalArgumentException | IllegalStateException e) {
            problems.add(at + ": " + Shown.text(String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static <E extends Enum<E>> @Nullable E choice(JsonFields fields, String key, Class<E> type) {
        List<String> names = new ArrayList<>();
        for (E each : type.getEnumConstants()) {
            names.add(Manifest.word(each));
        }
        String expected = "one of " + names;
        if (!fields.has(key)) {
            fields.needText(key, expected);
            return null;
        }
        String text = fields.text(key, expected);
        if (text == null) {
            return null;
        }
        int index = names.indexOf(text);
        if (index < 0) {
            fields.problem(key, "'" + Shown.text(text) + "'", expected);
        }
        return index < 0 ? null : type.getEnumConstants()[index];
    }

    private List<DescribedOutput> outputs(JsonFields root) {
        List<DescribedOutput> outputs = new ArrayList<>();
        int index = 0;
        for (JsonFields each : root.objects("outputs", Manifest.MOST_OUTPUTS)) {
            DescribedOutput output = output(known(each), "$.outputs[" + index++ + "]");
            if (output != null) {
                outputs.add(output);
            }
        }
        return outputs;
    }

    private @Nullable DescribedOutput output(JsonFields fields, String at) {
        Output.Kind kind = choice(fields, "kind", Output.Kind.class);
        String classLabel = fields.text("class", "the class's label");
        List<String> labels = fields.texts("labels", Manifest.MOST_NAMES);
        String source = fields.text("source", "the name of the model's output");
        JsonFields tolerance = fields(fields.object("tolerance"));
        Double absolute = tolerance == null ? null : tolerance.number("absolute");
        Double relative = tolerance == null ? null : tolerance.number("relative");
        if ((absolute != null && absolute < 0) || (relative != null && relative < 0)) {
            fields.problem("tolerance", "a negative number", "numbers >= 0");
        }
        if (kind == null) {
            return null;
        }
        boolean wantsClass = kind == Output.Kind.PROBABILITY_OF_CLASS;
        if (wantsClass != (classLabel != null)) {
            fields.problem(
                    "class",
                    classLabel == null ? "missing" : "'" + Shown.text(classLabel) + "'",
                    wantsClass ? "the label of the class" : "none for " + Manifest.word(kind));
            return null;
        }
        try {
            Output<?> output = DescribedOutput.of(kind, classLabel == null ? "" : classLabel);
            output = labels.isEmpty() ? output : output.labelled(labels.toArray(String[]::new));
            output = source == null ? output : output.from(source);
            return new DescribedOutput(output, absolute == null ? 0 : absolute, relative == null ? 0 : relative);
        } catch (IllegalArgumentException | IllegalStateException e) {
            problems.add(at + ": " + Shown.text(String.valueOf(e.getMessage())));
            return null;
        }
    }

    private Map<String, PackagedFile> files(JsonFields root) {
        Map<String, PackagedFile> files = new LinkedHashMap<>();
        Map<String, String> folded = new HashMap<>();
        if (!root.has("files")) {
            root.problem("files", "missing", "an array with every file of the package");
        }
        for (JsonFields each : root.objects("files", Manifest.MOST_FILES)) {
            known(each);
            String path = each.needFilePath("path");
            long bytes = each.needInteger("bytes", 0);
            String sha256 = each.needSha256("sha256");
            if (path == null) {
                continue;
            }
            if (path.equals(Manifest.FILE) || path.equals(FolderFiles.SIGNATURE)) {
                each.problem("path", "'" + path + "'", "not the manifest or the signature itself");
            }
            String other = folded.put(path.toLowerCase(Locale.ROOT), path);
            if (other != null) {
                each.problem(
                        "path",
                        "'" + Shown.text(path) + "' beside '" + Shown.text(other) + "'",
                        "paths that differ in more than case");
            }
            files.put(path, new PackagedFile(path, bytes, sha256));
        }
        return files;
    }

    private @Nullable TrainingData training(JsonFields root) {
        JsonFields fields = fields(root.object("trainingData"));
        if (fields == null) {
            return null;
        }
        TrainingData data = TrainingData.unknown();
        for (JsonFields each : fields.objects("files", Manifest.MOST_FILES)) {
            known(each);
            String name = each.needText("name", "the file's name");
            long bytes = each.needInteger("bytes", 0);
            String sha256 = each.needSha256("sha256");
            if (!sha256.equals("?")) {
                data = data.file(new DataFile(name, bytes, sha256));
            }
        }
        Long rows = fields.integer("rows", 0);
        data = rows == null ? data : data.rows(rows);
        String profile = fields.sha256("profileSha256");
        data = profile == null ? data : data.profile(profile);
        for (Map.Entry<String, String> each : textMap(fields, "lineage").entrySet()) {
            data = data.lineage(each.getKey(), each.getValue());
        }
        return data;
    }

    private TrainingEnvironment environment(JsonFields root) {
        TrainingEnvironment environment = TrainingEnvironment.unknown();
        JsonFields fields = fields(root.object("environment"));
        if (fields == null) {
            return environment;
        }
        Long opset = fields.integer("opset", 1);
        if (opset != null && opset <= Integer.MAX_VALUE) {
            environment = environment.opset(opset.intValue());
        }
        Long seed = fields.integer("randomSeed", Long.MIN_VALUE);
        environment = seed == null ? environment : environment.randomSeed(seed);
        for (Map.Entry<String, String> each : textMap(fields, "libraries").entrySet()) {
            environment = environment.library(each.getKey(), each.getValue());
        }
        return environment;
    }

    private Map<String, String> textMap(JsonFields fields, String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonFields object = fields.object(key);
        if (object != null && tooMany(fields, key, object)) {
            return texts;
        }
        if (object != null) {
            object.all().forEach((name, value) -> {
                if (name.isBlank() || !value.isTextual() || value.textValue().isBlank()) {
                    object.problem(name, JsonFields.shown(value), "a name and a text that are not blank");
                } else {
                    texts.put(name, value.textValue());
                }
            });
        }
        return texts;
    }

    private static boolean tooMany(JsonFields fields, String key, JsonFields object) {
        int count = object.all().size();
        if (count > Manifest.MOST_NAMES / 10) {
            fields.problem(key, count + " entries", "at most " + Manifest.MOST_NAMES / 10);
            return true;
        }
        return false;
    }

    private Map<String, String> parts(JsonFields root, Map<String, PackagedFile> files) {
        Map<String, String> parts = new LinkedHashMap<>();
        JsonFields object = root.object("parts");
        if (object == null || tooMany(root, "parts", object)) {
            return parts;
        }
        for (Map.Entry<String, JsonNode> each : object.all().entrySet()) {
            if (each.getKey().isBlank()) {
                object.problem(each.getKey(), "a blank name", "a name that is not blank");
                continue;
            }
            JsonFields part = fields(object.needObject(each.getKey()));
            if (part == null) {
                continue;
            }
            String path = part.needFilePath("path");
            String sha256 = part.needSha256("sha256");
            if (path == null) {
                continue;
            }
            PackagedFile file = files.get(path);
            if (file == null) {
                part.problem("path", "'" + Shown.text(path) + "'", "one of the paths in $.files");
            } else if (!file.sha256().equals(sha256) && !sha256.equals("?")) {
                part.problem("sha256", sha256, file.sha256() + ", as in $.files");
            }
            parts.put(each.getKey(), path);
        }
        return parts;
    }

    private static Map<String, Double> metrics(JsonFields root) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        JsonFields object = root.object("metrics");
        if (object != null && !tooMany(root, "metrics", object)) {
            for (String name : object.all().keySet()) {
                Double value = object.number(name);
                if (value == null) {
                    if (!object.has(name)) {
                        object.problem(name, "null", "a finite number");
                    }
                } else {
                    metrics.put(name, value);
                }
            }
        }
        return metrics;
    }
}
