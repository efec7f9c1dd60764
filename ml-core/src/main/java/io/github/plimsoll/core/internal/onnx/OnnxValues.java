package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.internal.NativeBuffers;
import io.github.plimsoll.core.internal.Outputs;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Copies values that the engine made into the heap. The caller closes the values themselves. */
final class OnnxValues {

    private OnnxValues() {}

    static Tensor read(ModelId model, TensorSpec spec, OnnxValue value, int rows) throws OrtException {
        if (value instanceof OnnxSequence sequence) {
            return labelled(model, spec, sequence, rows);
        }
        if (value instanceof OnnxTensor tensor) {
            TensorInfo info = tensor.getInfo();
            long[] shape = info.getShape();
            Outputs.checkRows(model, spec, shape, rows);
            if (info.getNumElements() == 0) {
                return empty(spec, shape);
            }
            return switch (spec.type()) {
                case FLOAT32 -> Tensor.of(tensor.getFloatBuffer(), shape);
                case FLOAT64 -> Tensor.of(tensor.getDoubleBuffer(), shape);
                case INT64 -> Tensor.of(tensor.getLongBuffer(), shape);
                case INT32 -> Tensor.of(tensor.getIntBuffer(), shape);
                case INT16 -> Tensor.of(tensor.getShortBuffer(), shape);
                case INT8, UINT8, BOOL -> Tensor.of(spec.type(), tensor.getByteBuffer(), shape);
                case STRING -> Tensor.of(strings(tensor.getValue()), shape);
            };
        }
        throw new ModelOutputException(
                "model " + model + ": output '" + spec.name() + "' is " + value + " (expected: " + spec + ")", null);
    }

    private static Tensor empty(TensorSpec spec, long[] shape) {
        return switch (spec.type()) {
            case STRING -> Tensor.of(new String[0], shape);
            default -> NativeBuffers.view(spec.type(), java.nio.ByteBuffer.allocate(0), shape);
        };
    }

    /** The texts of an array of arrays of whatever depth, in row-major order. */
    private static String[] strings(Object value) {
        List<String> flat = new ArrayList<>();
        flatten(value, flat);
        return flat.toArray(String[]::new);
    }

    private static void flatten(Object value, List<String> to) {
        if (value instanceof Object[] array) {
            for (Object element : array) {
                flatten(element, to);
            }
        } else {
            to.add(String.valueOf(value));
        }
    }

    /**
     * Reads what ZipMap makes: a map from class label to number for each row. Labels are put in order, numbers ascending
     * and texts in natural order, which is the order of scikit-learn's {@code classes_}; the maps themselves have none.
     */
    private static Tensor labelled(ModelId model, TensorSpec spec, OnnxSequence sequence, int rows)
            throws OrtException {
        List<? extends OnnxValue> maps = sequence.getValue();
        try {
            Outputs.checkRows(model, spec, new long[] {maps.size()}, rows);
            Object[] keys = {};
            double[] numbers = {};
            for (int row = 0; row < rows; row++) {
                Map<?, ?> map = ((OnnxMap) maps.get(row)).getValue();
                if (row == 0) {
                    keys = map.keySet().toArray();
                    Arrays.sort(keys); // all Long or all String
                    numbers = new double[rows * keys.length];
                }
                if (map.size() != keys.length) {
                    throw differs(model, spec, row, map, keys);
                }
                for (int column = 0; column < keys.length; column++) {
                    if (!(map.get(keys[column]) instanceof Number number)) {
                        throw differs(model, spec, row, map, keys);
                    }
                    numbers[row * keys.length + column] = number.doubleValue();
                }
            }
            List<String> labels = Arrays.stream(keys).map(String::valueOf).toList();
            return Tensor.labelled(labels, DoubleBuffer.wrap(numbers), rows);
        } finally {
            for (OnnxValue map : maps) {
                map.close(); // each is a copy of its own, which closing the sequence does not free
            }
        }
    }

    private static ModelOutputException differs(ModelId model, TensorSpec spec, int row, Map<?, ?> map, Object[] keys) {
        return new ModelOutputException(
                "model " + model + ": output '" + spec.name() + "' row " + row + " has the " + map.size() + " labels "
                        + shorten(map.keySet().toString()) + " (expected: the labels of row 0, "
                        + shorten(Arrays.toString(keys)) + ")",
                null);
    }

    private static String shorten(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
