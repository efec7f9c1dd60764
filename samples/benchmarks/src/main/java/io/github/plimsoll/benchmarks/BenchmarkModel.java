package io.github.plimsoll.benchmarks;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A model with one floating-point input and an output {@code probabilities}, and rows to ask it.
 *
 * @param file the model file
 * @param description what the model says of itself
 * @param width the number of elements of one row
 * @param classes the number of classes
 */
record BenchmarkModel(Path file, ModelDescription description, int width, int classes) {

    private static final String FOLDER = System.getProperty("plimsoll.models", "ml-core/src/test/resources/models");

    static BenchmarkModel of(String name) {
        Path file = Path.of(FOLDER, name, "model.onnx");
        try (Model model = Plimsoll.load(file).open()) {
            ModelDescription description = model.description();
            TensorSpec output = description.signature().outputs().stream()
                    .filter(spec -> spec.name().equals("probabilities"))
                    .findFirst()
                    .orElseThrow();
            return new BenchmarkModel(
                    file,
                    description,
                    (int) description.signature().inputs().get(0).elementsPerRow(),
                    (int) output.elementsPerRow());
        }
    }

    String inputName() {
        return description.signature().inputs().get(0).name();
    }

    /** The shape of a run, rows first. */
    long[] shape(int rows) {
        long[] shape = description.signature().inputs().get(0).shape();
        shape[0] = rows;
        return shape;
    }

    /** One number feature a column, or one tensor where a row is no list of columns. */
    Schema<float[]> schema() {
        long[] shape = description.signature().inputs().get(0).shape();
        if (shape.length == 2) {
            return Schema.ofFloats(IntStream.range(0, width)
                    .mapToObj(i -> Feature.number("f" + i).range(-1_000, 1_000))
                    .toList());
        }
        return Schema.builder(float[].class)
                .tensor(Feature.tensor(inputName(), Arrays.copyOfRange(shape, 1, shape.length)), row -> row)
                .build();
    }

    Output<Double> output() {
        String[] labels =
                IntStream.range(0, classes).mapToObj(Integer::toString).toArray(String[]::new);
        return Output.probabilityOf("1").labelled(labels).from("probabilities");
    }

    /** Rows of standard normal numbers from a fixed seed. */
    List<float[]> rows(int count) {
        Random random = new Random(20);
        List<float[]> rows = new ArrayList<>(count);
        for (int r = 0; r < count; r++) {
            float[] row = new float[width];
            for (int c = 0; c < width; c++) {
                row[c] = (float) random.nextGaussian();
            }
            rows.add(row);
        }
        return rows;
    }

    /** A session with the options that Plimsoll uses: one thread a call. */
    OrtSession session() throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return OrtEnvironment.getEnvironment().createSession(file.toString(), options);
        }
    }
}
