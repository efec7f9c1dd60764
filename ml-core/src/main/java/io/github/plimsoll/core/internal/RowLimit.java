package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many rows one inference of a model may have: one where the model takes one, else what fits in {@value #BATCH_BYTES} bytes, but
 * at most {@value #MAX_ROWS}.
 *
 * @param max a number >= 1
 * @param rowBytes what a row takes in the inputs and outputs together, 1 at least; a guess where sizes are not known before the call
 */
public record RowLimit(int max, long rowBytes) {

    public static final int MAX_ROWS = 1024;
    static final int BATCH_BYTES = 16 << 20;

    private static final int STRING_BYTES = 64;
    private static final int UNKNOWN_ROW_BYTES = 4096;

    /** The limit for runs that compute the outputs. */
    public static RowLimit of(List<TensorSpec> inputs, List<TensorSpec> outputs) {
        long rowBytes = Math.max(
                1,
                Stream.concat(inputs.stream(), outputs.stream())
                        .mapToLong(RowLimit::rowBytes)
                        .sum());
        int max = takesOneRow(inputs) ? 1 : (int) Math.max(1, Math.min(MAX_ROWS, BATCH_BYTES / rowBytes));
        return new RowLimit(max, rowBytes);
    }

    public static boolean takesOneRow(List<TensorSpec> inputs) {
        return inputs.stream().anyMatch(input -> input.shape().length > 0 && input.shape()[0] == 1);
    }

    private static long rowBytes(TensorSpec tensor) {
        long elements = tensor.elementsPerRow();
        if (elements < 0) {
            return UNKNOWN_ROW_BYTES;
        }
        return elements * (tensor.type() == ElementType.STRING ? STRING_BYTES : NativeBuffers.bytes(tensor.type()));
    }

    /** Refuses a number of rows outside the limit. */
    public void check(int rows, ModelId model) {
        if (rows < 1 || rows > max) {
            throw new IllegalArgumentException(
                    "rows: " + rows + " (expected: 1 to " + max + " for model " + model + ")");
        }
    }
}
