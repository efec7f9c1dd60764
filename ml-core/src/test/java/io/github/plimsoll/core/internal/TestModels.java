package io.github.plimsoll.core.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The models in the test resources, and their expected answers. */
public final class TestModels {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TestModels() {}

    public static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(TestModels.class.getResource("/models/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    public static Path small(String name) {
        return path("small/" + name + ".onnx");
    }

    public static JsonNode expected(String name) {
        try {
            return JSON.readTree(path(name + "/expected.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The leaves of nested arrays, in order. */
    public static List<JsonNode> leaves(JsonNode node) {
        List<JsonNode> leaves = new ArrayList<>();
        collect(node, leaves);
        return leaves;
    }

    private static void collect(JsonNode node, List<JsonNode> to) {
        if (node.isContainerNode()) {
            node.forEach(child -> collect(child, to));
        } else {
            to.add(node);
        }
    }

    public static void fill(Tensor tensor, List<JsonNode> leaves) {
        for (int i = 0; i < leaves.size(); i++) {
            if (tensor.type() == ElementType.STRING) {
                tensor.text(i, leaves.get(i).asText());
            } else {
                tensor.number(i, leaves.get(i).asDouble());
            }
        }
    }

    public static void fill(Inference inference, int input, double... values) {
        Tensor tensor = inference.input(input);
        for (int i = 0; i < values.length; i++) {
            tensor.number(i, values[i]);
        }
    }

    public static double[] numbers(Tensor tensor) {
        double[] numbers = new double[tensor.length()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = tensor.number(i);
        }
        return numbers;
    }
}
