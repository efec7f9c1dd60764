package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.model.TrainingData.DataFile;
import io.github.plimsoll.core.model.TrainingEnvironment;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes {@code plimsoll.json}: the same bytes for the same manifest on every system. */
final class ManifestWriter {

    private ManifestWriter() {}

    static byte[] write(Manifest manifest) {
        ObjectNode root = object();
        root.put("formatVersion", Manifest.FORMAT);
        root.put("name", manifest.id().name());
        root.put("version", manifest.id().version());
        root.putObject("model")
                .put("file", manifest.modelFile())
                .put("engine", manifest.engine())
                .put("engineVersion", manifest.engineVersion());
        ArrayNode features = root.putArray("features");
        manifest.features().forEach(feature -> features.add(describe(feature)));
        ArrayNode outputs = root.putArray("outputs");
        manifest.outputs().forEach(output -> outputs.add(describe(output)));
        ArrayNode files = root.putArray("files");
        Map<String, String> hashes = new HashMap<>();
        for (PackagedFile file : Hashes.sorted(manifest.files())) {
            hashes.put(file.path(), file.sha256());
            files.addObject()
                    .put("path", file.path())
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256());
        }
        root.put("sha256", manifest.sha256());
        if (manifest.training() != null) {
            root.set("trainingData", describe(manifest.training()));
        }
        ObjectNode environment = describe(manifest.environment());
        if (!environment.isEmpty()) {
            root.set("environment", environment);
        }
        if (!manifest.parts().isEmpty()) {
            ObjectNode parts = root.putObject("parts");
            manifest.parts()
                    .forEach((name, path) ->
                            parts.putObject(name).put("path", path).put("sha256", hashes.get(path)));
        }
        put(root, "goldenSamples", manifest.golden());
        if (!manifest.metrics().isEmpty()) {
            ObjectNode metrics = root.putObject("metrics");
            manifest.metrics().forEach(metrics::put);
        }
        put(root, "decisionLog", manifest.decisionLog());
        put(root, "modelCard", manifest.modelCard());
        return SafeJson.bytes(root);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static void put(ObjectNode node, String key, @Nullable String value) {
        if (value != null) {
            node.put(key, value);
        }
    }

    private static ObjectNode describe(Feature feature) {
        ObjectNode node = object();
        node.put("name", feature.name());
        node.put("type", Manifest.word(feature.type()));
        if (feature.isNullable()) {
            node.put("nullable", true);
        }
        if (Double.isFinite(feature.min())) {
            node.put("min", feature.min());
        }
        if (Double.isFinite(feature.max())) {
            node.put("max", feature.max());
        }
        put(node, "unit", feature.unit());
        if (feature.isSensitive()) {
            node.put("sensitive", true);
        }
        if (!feature.categories().isEmpty()) {
            feature.categories().forEach(node.putArray("categories")::add);
        }
        if (feature.shape().length > 0) {
            ArrayNode shape = node.putArray("shape");
            for (long size : feature.shape()) {
                shape.add(size);
            }
        }
        return node;
    }

    private static ObjectNode describe(DescribedOutput described) {
        ObjectNode node = object();
        Output<?> output = described.output();
        node.put("kind", Manifest.word(output.kind()));
        put(node, "class", output.classLabel());
        if (!output.labels().isEmpty()) {
            output.labels().forEach(node.putArray("labels")::add);
        }
        put(node, "source", output.source());
        node.putObject("tolerance").put("absolute", described.absolute()).put("relative", described.relative());
        return node;
    }

    private static ObjectNode describe(TrainingData data) {
        ObjectNode node = object();
        if (!data.files().isEmpty()) {
            ArrayNode files = node.putArray("files");
            for (DataFile file : data.files()) {
                files.addObject()
                        .put("name", file.name())
                        .put("bytes", file.bytes())
                        .put("sha256", file.sha256());
            }
        }
        if (data.rows() != null) {
            node.put("rows", data.rows());
        }
        put(node, "profileSha256", data.profileSha256());
        if (!data.lineage().isEmpty()) {
            ObjectNode lineage = node.putObject("lineage");
            data.lineage().forEach(lineage::put);
        }
        return node;
    }

    private static ObjectNode describe(TrainingEnvironment environment) {
        ObjectNode node = object();
        if (environment.opset() != null) {
            node.put("opset", environment.opset());
        }
        if (environment.randomSeed() != null) {
            node.put("randomSeed", environment.randomSeed());
        }
        if (!environment.libraries().isEmpty()) {
            ObjectNode libraries = node.putObject("libraries");
            environment.libraries().forEach(libraries::put);
        }
        return node;
    }
}
