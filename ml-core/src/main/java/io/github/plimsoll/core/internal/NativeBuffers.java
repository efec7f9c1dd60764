package io.github.plimsoll.core.internal;

import ai.onnxruntime.OnnxJavaType;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory outside the heap that engine and Java share. */
public final class NativeBuffers {

    private NativeBuffers() {}

    public static int bytes(ElementType type) {
        return switch (type) {
            case FLOAT64, INT64 -> 8;
            case FLOAT32, INT32 -> 4;
            case INT16 -> 2;
            case INT8, UINT8, BOOL -> 1;
            case STRING -> throw new IllegalArgumentException("type: " + type + " (expected: a type of fixed size)");
        };
    }

    public static ByteBuffer allocate(ElementType type, long elements) {
        return ByteBuffer.allocateDirect(Math.toIntExact(Math.max(1, elements) * bytes(type)))
                .order(ByteOrder.nativeOrder());
    }

    /** The first elements of a buffer. */
    public static ByteBuffer first(ByteBuffer buffer, ElementType type, long elements) {
        return buffer.slice(0, Math.toIntExact(elements * bytes(type))).order(ByteOrder.nativeOrder());
    }

    public static Tensor view(ElementType type, ByteBuffer buffer, long... shape) {
        return switch (type) {
            case FLOAT32 -> Tensor.of(buffer.asFloatBuffer(), shape);
            case FLOAT64 -> Tensor.of(buffer.asDoubleBuffer(), shape);
            case INT64 -> Tensor.of(buffer.asLongBuffer(), shape);
            case INT32 -> Tensor.of(buffer.asIntBuffer(), shape);
            case INT16 -> Tensor.of(buffer.asShortBuffer(), shape);
            case INT8, UINT8, BOOL -> Tensor.of(type, buffer, shape);
            case STRING -> throw new IllegalArgumentException("type: " + type + " (expected: a type of fixed size)");
        };
    }

    public static OnnxJavaType engineType(ElementType type) {
        return switch (type) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            case STRING -> OnnxJavaType.STRING;
        };
    }
}
