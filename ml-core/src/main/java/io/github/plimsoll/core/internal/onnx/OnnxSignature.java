package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and outputs of an ONNX model, and what they mean for the way to the engine.
 *
 * @param signature what callers see; 16-bit floating point appears as 32-bit
 * @param indirect why the direct way is not possible, empty if it is
 * @param undjl why the way through DJL is not possible, empty if it is
 * @param halves the names of inputs that are 16-bit floating point in truth
 * @param leftOut outputs that no way can read; they are not in the signature and are never asked for
 */
record OnnxSignature(
        ModelSignature signature, List<String> indirect, List<String> undjl, Set<String> halves, List<String> leftOut) {

    private static final String OUTPUT = "output";

    static OnnxSignature read(Path file, OrtSession session) throws OrtException {
        List<TensorSpec> inputs = new ArrayList<>();
        List<TensorSpec> outputs = new ArrayList<>();
        List<String> indirect = new ArrayList<>();
        List<String> undjl = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        Set<String> halves = new HashSet<>();
        for (NodeInfo node : session.getInputInfo().values()) {
            TensorSpec input = tensor("input", node, indirect, undjl);
            if (input == null) {
                throw new ModelLoadException(
                        "model " + file + ": input " + node.getName() + " is of " + typeOf(node.getInfo())
                                + " (expected: a tensor of " + Arrays.toString(ElementType.values()) + " or float16)");
            }
            if (node.getInfo() instanceof TensorInfo info && isHalf(info)) {
                halves.add(node.getName());
            }
            long[] shape = input.shape();
            if (shape.length > 0 && shape[0] >= 0 && shape[0] != 1) {
                throw new ModelLoadException("model " + file + ": input " + input + " takes exactly " + shape[0]
                        + " rows (expected: any number, or one; export it with a dynamic first axis, such as"
                        + " dynamic_axes={'" + input.name() + "': {0: 'batch'}} in torch.onnx.export)");
            }
            inputs.add(input);
        }
        for (NodeInfo node : session.getOutputInfo().values()) {
            TensorSpec output = node.getInfo() instanceof SequenceInfo sequence && sequence.isSequenceOfMaps()
                    ? labelled(node, sequence, undjl)
                    : tensor(OUTPUT, node, indirect, undjl);
            if (output != null) {
                outputs.add(output);
            } else {
                leftOut.add("output " + node.getName() + " is of " + typeOf(node.getInfo()) + ", which cannot be read");
                undjl.add("output " + node.getName() + " is of " + typeOf(node.getInfo())
                        + ", and DJL converts all outputs, wanted or not");
            }
        }
        if (outputs.isEmpty()) {
            throw new ModelLoadException(
                    "model " + file + ": " + (leftOut.isEmpty() ? "no outputs" : String.join("; ", leftOut))
                            + " (expected: an output that is a tensor, or a sequence of maps as ZipMap makes)");
        }
        return new OnnxSignature(
                new ModelSignature(inputs, outputs),
                List.copyOf(indirect),
                List.copyOf(undjl),
                Set.copyOf(halves),
                List.copyOf(leftOut));
    }

    private static @Nullable TensorSpec tensor(String role, NodeInfo node, List<String> indirect, List<String> undjl) {
        if (!(node.getInfo() instanceof TensorInfo info)) {
            return null;
        }
        ElementType type = elementType(info);
        if (type == null) {
            return null;
        }
        if (isHalf(info)) {
            indirect.add(role + " " + node.getName() + " is of float16, which only DJL converts");
        }
        if (type == ElementType.INT16) {
            undjl.add(role + " " + node.getName() + " is of int16, which DJL does not know");
        }
        if (role.equals(OUTPUT) && type == ElementType.STRING && info.getShape().length > 1) {
            undjl.add(role + " " + node.getName() + " is of texts in more than one dimension, which DJL cannot read");
        }
        return TensorSpec.of(node.getName(), type, info.getShape());
    }

    private static @Nullable TensorSpec labelled(NodeInfo node, SequenceInfo sequence, List<String> undjl) {
        undjl.add("output " + node.getName()
                + " maps class labels to numbers, and DJL mixes up their order and leaks memory on each call: use the direct way,"
                + " or export with zipmap=False");
        return switch (sequence.mapInfo.valueType) {
            case FLOAT -> TensorSpec.labelled(node.getName(), ElementType.FLOAT32);
            case DOUBLE -> TensorSpec.labelled(node.getName(), ElementType.FLOAT64);
            case INT64 -> TensorSpec.labelled(node.getName(), ElementType.INT64);
            default -> null;
        };
    }

    private static boolean isHalf(TensorInfo info) {
        return info.onnxType == TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16;
    }

    /** By the exact ONNX type: the Java type that the engine gives beside it takes unsigned integers for signed ones. */
    private static @Nullable ElementType elementType(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> ElementType.FLOAT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> ElementType.FLOAT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> ElementType.INT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> ElementType.UINT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> ElementType.INT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> ElementType.INT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> ElementType.INT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> ElementType.BOOL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> ElementType.STRING;
            default -> null;
        };
    }

    private static String typeOf(ValueInfo info) {
        if (info instanceof TensorInfo tensor) {
            return "type "
                    + tensor.onnxType
                            .name()
                            .replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "")
                            .toLowerCase(Locale.ROOT);
        }
        return "a type that is no tensor (" + info + ")";
    }
}
