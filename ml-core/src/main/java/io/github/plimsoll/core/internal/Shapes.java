package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.TensorSpec;
import java.util.Arrays;

/** Sizes of tensors. */
public final class Shapes {

    private Shapes() {}

    /** A declared shape with a number of rows. */
    public static long[] withRows(long[] declared, int rows) {
        long[] whole = declared.clone();
        if (whole.length > 0) {
            whole[0] = rows;
        }
        return whole;
    }

    public static long elements(long[] shape) {
        long product = 1;
        for (long size : shape) {
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    /** Checks a shape that a caller wants for an input; a model that states no dimensions takes any. */
    public static void check(TensorSpec input, long[] wanted, int rows) {
        long[] declared = input.shape();
        boolean fits = declared.length == 0 || (wanted.length == declared.length && wanted[0] == rows);
        for (int d = 0; fits && d < wanted.length; d++) {
            fits = wanted[d] >= 0 && (declared.length == 0 || d == 0 || declared[d] < 0 || wanted[d] == declared[d]);
        }
        if (!fits) {
            throw new IllegalArgumentException("input " + input + ": shape " + Arrays.toString(wanted) + " (expected: "
                    + rows + (rows == 1 ? " row" : " rows") + " and the sizes that the model states)");
        }
    }
}
