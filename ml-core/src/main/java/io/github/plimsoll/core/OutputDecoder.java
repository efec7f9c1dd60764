package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the value of one row from a model's output, as an {@link Output} asks for it. */
final class OutputDecoder<O> {

    /** How far outside 0 to 1 rounding in 32 bits can bring a probability; such a one is put back to the end. */
    private static final double ROUNDING = 1e-6;

    private final Output<O> output;
    private final TensorSpec spec;
    private final List<String> labels; // of the columns; empty if they come with each answer or there are none
    private final int column; // of the class asked for; -1 if its label comes with each answer

    private OutputDecoder(Output<O> output, TensorSpec spec, List<String> labels) {
        this.output = output;
        this.spec = spec;
        this.labels = labels;
        this.column = output.classLabel() == null ? -1 : labels.indexOf(output.classLabel());
    }

    /** The decoder, or null with at least one more mismatch. */
    static <O> @Nullable OutputDecoder<O> of(ModelDescription model, Output<O> output, List<String> mismatches) {
        List<TensorSpec> all = model.signature().outputs();
        List<TensorSpec> candidates = output.source() == null
                ? all.stream().filter(spec -> objection(spec, output) == null).toList()
                : all.stream()
                        .filter(spec -> spec.name().equals(output.source()))
                        .toList();
        if (candidates.size() == 1) {
            TensorSpec spec = candidates.get(0);
            String objection = objection(spec, output);
            if (objection == null) {
                objection = labelObjection(spec, output);
            }
            if (objection == null) {
                return new OutputDecoder<>(output, spec, labels(spec, output));
            }
            mismatches.add("output " + spec + ": " + objection + " (expected: " + output + ")");
        } else if (output.source() != null) {
            mismatches.add("output '" + output.source() + "': not there (the model has " + all + ")");
        } else if (candidates.isEmpty()) {
            List<String> reasons = new ArrayList<>();
            all.forEach(spec -> reasons.add(spec + " " + objection(spec, output)));
            mismatches.add("output: none can be read as " + output + " (" + String.join("; ", reasons) + ")");
        } else {
            mismatches.add(
                    "output: " + candidates.stream().map(TensorSpec::name).toList() + " can all be read as " + output
                            + " (choose one with from)");
        }
        return null;
    }

    /** Why an output cannot be read as the kind wanted, or null if it can. */
    private static @Nullable String objection(TensorSpec spec, Output<?> output) {
        long elements = spec.elementsPerRow();
        boolean text = spec.type() == ElementType.STRING;
        return switch (output.kind()) {
            case NUMBER ->
                text || spec.isLabelled()
                        ? "holds no plain numbers"
                        : elements > 1 ? "has " + elements + " elements a row" : null;
            case PROBABILITY ->
                !spec.type().isFloating() || spec.isLabelled()
                        ? "holds no plain floating-point numbers"
                        : elements > 1 ? "has " + elements + " elements a row" : null;
            case PROBABILITY_OF_CLASS, CLASSES ->
                !spec.type().isFloating()
                        ? "holds no floating-point numbers"
                        : elements == 1 ? "has one element a row" : null;
            case LABEL ->
                !text && !spec.type().isIntegral()
                        ? "holds neither text nor integers"
                        : elements > 1 ? "has " + elements + " elements a row" : null;
            case VECTOR -> text || spec.isLabelled() ? "holds no plain numbers" : null;
            case RANKING -> text ? "holds no numbers" : null;
        };
    }

    private static @Nullable String labelObjection(TensorSpec spec, Output<?> output) {
        long elements = spec.elementsPerRow();
        List<String> given = output.labels();
        if (output.kind() == Output.Kind.LABEL) {
            return !given.isEmpty() && spec.type() == ElementType.STRING
                    ? "names its classes itself, so no labels are wanted"
                    : null;
        }
        if (!given.isEmpty() && spec.isLabelled()) {
            return "names its columns itself, so no labels are wanted";
        }
        if (!given.isEmpty() && elements >= 0 && elements != given.size()) {
            return "has " + elements + " columns, but " + given.size() + " labels were given";
        }
        if (given.isEmpty() && output.kind() == Output.Kind.PROBABILITY_OF_CLASS && !spec.isLabelled()) {
            return "does not name its classes, so they must be given with labelled";
        }
        return null;
    }

    private static List<String> labels(TensorSpec spec, Output<?> output) {
        long elements = spec.elementsPerRow();
        boolean columns = output.kind() == Output.Kind.CLASSES || output.kind() == Output.Kind.RANKING;
        return !output.labels().isEmpty() || !columns || elements < 0 ? output.labels() : numbered((int) elements);
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** The name of the model's output that is read. */
    String source() {
        return spec.name();
    }

    /** The tensor itself, if it has a row for each row asked. */
    Tensor check(Tensor tensor, int rows) {
        if (tensor.rows() != rows || tensor.length() % rows != 0) {
            throw broken(java.util.Arrays.toString(tensor.shape()), rows + " rows", null);
        }
        return tensor;
    }

    /**
     * The value of one row.
     *
     * @throws ModelOutputException if it is no answer
     */
    O value(Tensor tensor, int row) {
        int columns = tensor.length() / tensor.rows();
        int first = row * columns;
        Object value = switch (output.kind()) {
            case NUMBER -> finite(single(tensor, first, columns));
            case PROBABILITY -> probability(single(tensor, first, columns));
            case PROBABILITY_OF_CLASS -> probability(tensor.number(first + classColumn(tensor, columns)));
            case CLASSES -> classes(tensor, first, columns);
            case LABEL -> label(tensor, first, columns);
            case VECTOR -> vector(tensor, first, columns);
            case RANKING -> Ranking.of(labels(tensor, columns), vector(tensor, first, columns));
        };
        O mapped;
        try {
            mapped = output.mapped(value);
        } catch (RuntimeException failure) {
            throw broken(
                    value + ", which the mapping refused: " + failure, "an answer that the mapping takes", failure);
        }
        if (mapped == null) {
            throw broken(value + ", which the mapping turned into null", "a value", null);
        }
        return mapped;
    }

    private double single(Tensor tensor, int first, int columns) {
        if (columns != 1) {
            throw broken(columns + " elements a row", "1", null);
        }
        return tensor.number(first);
    }

    private double finite(double value) {
        if (!Double.isFinite(value)) {
            throw broken(Double.toString(value), "a finite number", null);
        }
        return value;
    }

    private double probability(double value) {
        if (!(value >= -ROUNDING && value <= 1 + ROUNDING)) {
            throw broken(Double.toString(value), "a probability from 0 to 1", null);
        }
        return Math.min(1, Math.max(0, value));
    }

    private int classColumn(Tensor tensor, int columns) {
        int index = column >= 0 ? column : tensor.labels().indexOf(output.classLabel());
        if (index < 0 || index >= columns) {
            throw broken(
                    columns + " columns" + (tensor.labels().isEmpty() ? "" : " for the classes " + tensor.labels()),
                    "one for class '" + output.classLabel() + "'",
                    null);
        }
        return index;
    }

    private ClassProbabilities classes(Tensor tensor, int first, int columns) {
        double[] probabilities = new double[columns];
        for (int c = 0; c < columns; c++) {
            probabilities[c] = probability(tensor.number(first + c));
        }
        return ClassProbabilities.of(labels(tensor, columns), probabilities);
    }

    private double[] vector(Tensor tensor, int first, int columns) {
        double[] values = new double[columns];
        for (int c = 0; c < columns; c++) {
            values[c] = finite(tensor.number(first + c));
        }
        return values;
    }

    private String label(Tensor tensor, int first, int columns) {
        if (columns != 1) {
            throw broken(columns + " elements a row", "1", null);
        }
        if (tensor.type() == ElementType.STRING) {
            return tensor.text(first);
        }
        long number = tensor.integer(first);
        if (labels.isEmpty()) {
            return Long.toString(number);
        }
        if (number < 0 || number >= labels.size()) {
            throw broken(Long.toString(number), "an index into " + labels, null);
        }
        return labels.get((int) number);
    }

    private List<String> labels(Tensor tensor, int columns) {
        List<String> names =
                !labels.isEmpty() ? labels : !tensor.labels().isEmpty() ? tensor.labels() : numbered(columns);
        if (names.size() != columns) {
            throw broken(columns + " columns", "one for each of " + names, null);
        }
        return names;
    }

    private ModelOutputException broken(String observed, String expected, @Nullable Throwable cause) {
        return new ModelOutputException(
                "output '" + spec.name() + "': " + observed + " (expected: " + expected + ")", cause);
    }

    @Override
    public String toString() {
        return output.source() == null ? output + " from '" + spec.name() + "'" : output.toString();
    }
}
