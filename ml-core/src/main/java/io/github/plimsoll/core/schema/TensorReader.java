package io.github.plimsoll.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one array of numbers, flat or nested, from Java or from JSON, into the flat form of a {@link FeatureRow}. */
final class TensorReader {

    /** The most elements of one tensor whose violations are listed. */
    private static final int LIMIT = 10;

    private final RowWriter row;
    private final int index;
    private final Object given;
    private final long[] shape;
    private final List<Violation> found = new ArrayList<>();
    private int unlisted;
    // Grows with what was read, not with what the shape promises: a few empty arrays must not reserve gigabytes.
    private double[] elements = new double[0];
    private int count;

    TensorReader(RowWriter row, int index, Object given) {
        this.row = row;
        this.index = index;
        this.given = given;
        shape = row.layout().shape(index);
    }

    /** Writes the feature: the array, or what is wrong with it. */
    void read() {
        if (given instanceof float[] array) {
            if (isLengthRight(array.length)) {
                row.tensor(index, array.clone());
            }
        } else if (given instanceof double[] array) {
            if (isLengthRight(array.length)) {
                row.tensor(index, array.clone());
            }
        } else if (shape.length > 1 && sizeOf(given) > 0 && sizeOf(elementOf(given, 0)) >= 0) {
            level(given, 0, "");
        } else if (isLengthRight(sizeOf(given))) {
            numbers(given, "");
        }
        finish();
    }

    private void finish() {
        if (unlisted > 0) {
            add("", Violation.TYPE, unlisted + " more elements that are no numbers", Wording.expected(feature()));
        }
        if (!found.isEmpty()) {
            row.invalid(index, given, found);
        } else if (!(given instanceof float[]) && !(given instanceof double[])) {
            double[] all = Arrays.copyOf(elements, count);
            row.tensor(index, isNestedFloats() ? floats(all) : all);
        }
    }

    private boolean isNestedFloats() {
        Class<?> element = given.getClass();
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element == float.class;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** A flat array may have any shape that its length fits. */
    private boolean isLengthRight(int length) {
        long block = 1;
        for (long size : shape) {
            block = size < 0 ? block : saturatedProduct(block, size);
        }
        boolean right = shape[0] < 0 ? length % block == 0 : length == block;
        if (!right) {
            String elements = (shape[0] < 0 ? "a multiple of " : "") + block + " elements";
            add("", Violation.LENGTH, length + " elements", elements);
        }
        return right;
    }

    private static long saturatedProduct(long a, long b) {
        return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
    }

    /** One level of a nested array; the innermost holds numbers. */
    private void level(Object array, int depth, String path) {
        int size = sizeOf(array);
        if (size < 0) {
            add(path, Violation.TYPE, Wording.observed(array), "an array, as the shape is " + Wording.shape(shape));
        } else if (shape[depth] >= 0 && size != shape[depth]) {
            add(path, Violation.LENGTH, size + " elements", shape[depth] + " elements");
        } else if (depth == shape.length - 1) {
            numbers(array, path);
        } else {
            int i = 0;
            for (Object element : iterable(array)) {
                String elementPath = path + "[" + i++ + "]";
                if (isNull(element)) {
                    add(elementPath, Violation.NULL, "null", "an array");
                } else {
                    level(element, depth + 1, elementPath);
                }
            }
        }
    }

    private void numbers(Object array, String path) {
        int size = sizeOf(array);
        if (count + size > elements.length) {
            elements = Arrays.copyOf(elements, Math.max(count + size, 2 * count));
        }
        if (array instanceof float[] floats) {
            for (float value : floats) {
                elements[count++] = value;
            }
        } else if (array instanceof double[] doubles) {
            System.arraycopy(doubles, 0, elements, count, size);
            count += size;
        } else {
            int i = 0;
            for (Object element : iterable(array)) {
                elements[count++] = number(element, path, i++);
            }
        }
    }

    /** The element as a double, or anything after its violation was noted. */
    private double number(@Nullable Object element, String path, int i) {
        Object value = element instanceof JsonNode node && node.isNumber() ? node.numberValue() : element;
        if (isNull(value)) {
            add(path + "[" + i + "]", Violation.NULL, "null", "a number");
        } else if (!(value instanceof Number number)) {
            add(path + "[" + i + "]", Violation.TYPE, Wording.observed(value), "a number");
        } else if ((value instanceof Long && !Values.isExact(number.longValue()))
                || (value instanceof BigInteger integer && !Values.isExact(integer))) {
            add(path + "[" + i + "]", Violation.INEXACT, Wording.observed(value), Values.EXACT_NUMBER);
        } else {
            double rounded = number.doubleValue();
            // JSON has no infinities: one that comes out of it was a number too large for a double.
            boolean mayBeInfinite = !(element instanceof JsonNode) && !(value instanceof BigDecimal);
            if (Double.isInfinite(rounded) && !mayBeInfinite) {
                add(path + "[" + i + "]", Violation.INEXACT, Wording.observed(value), Values.FINITE_NUMBER);
            }
            return rounded;
        }
        return 0;
    }

    private void add(String path, String code, String observed, String expected) {
        if (found.size() < LIMIT || path.isEmpty()) {
            found.add(row.violationIn(index, path, code, observed, expected));
        } else {
            unlisted++;
        }
    }

    private Feature feature() {
        return row.layout().feature(index);
    }

    // ---- one view of all that holds elements ----------------------------------------------------------------------

    private static boolean isNull(@Nullable Object element) {
        return element == null || (element instanceof JsonNode node && (node.isNull() || node.isMissingNode()));
    }

    /** The number of elements, or -1 for what holds none. */
    private static int sizeOf(@Nullable Object array) {
        if (array instanceof JsonNode node) {
            return node.isArray() ? node.size() : -1;
        }
        if (array instanceof List<?> list) {
            return list.size();
        }
        if (array instanceof Object[] objects) {
            return objects.length;
        }
        if (array instanceof float[] floats) {
            return floats.length;
        }
        return array instanceof double[] doubles ? doubles.length : -1;
    }

    private static @Nullable Object elementOf(Object array, int i) {
        if (array instanceof JsonNode node) {
            return node.get(i);
        }
        return array instanceof List<?> list ? list.get(i) : ((Object[]) array)[i];
    }

    private static Iterable<? extends @Nullable Object> iterable(Object array) {
        if (array instanceof JsonNode node) {
            return node;
        }
        return array instanceof List<?> list ? list : Arrays.asList((Object[]) array);
    }
}
