package io.github.plimsoll.core.model;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * A view of a tensor's elements, in row-major order, over memory that someone else owns.
 *
 * <p>Not thread-safe. Reading and writing an element allocates nothing and, for the numeric types, costs about a
 * nanosecond.
 *
 * @since 0.1
 */
public abstract class Tensor {

    private final ElementType type;
    private final long[] shape;
    private final int length;

    private Tensor(ElementType type, long[] shape, int capacity) {
        this.type = type;
        this.shape = shape.clone();
        long product = 1;
        for (long size : shape) {
            product = Math.multiplyExact(product, size);
        }
        if (product < 0 || product > capacity) {
            throw new IllegalArgumentException("shape " + java.util.Arrays.toString(shape) + " over " + capacity
                    + " elements (expected: sizes >= 0 with a product <= " + capacity + ")");
        }
        length = (int) product;
    }

    /**
     * 32-bit floating-point elements.
     *
     * @param elements the memory, from index 0
     * @param shape the sizes; their product is at most the buffer's capacity
     * @return a view
     */
    public static Tensor of(FloatBuffer elements, long... shape) {
        return new Floats(elements, shape);
    }

    /**
     * 64-bit floating-point elements.
     *
     * @param elements the memory, from index 0
     * @param shape the sizes; their product is at most the buffer's capacity
     * @return a view
     */
    public static Tensor of(DoubleBuffer elements, long... shape) {
        return new Doubles(elements, shape);
    }

    /**
     * Signed 64-bit integers.
     *
     * @param elements the memory, from index 0
     * @param shape the sizes; their product is at most the buffer's capacity
     * @return a view
     */
    public static Tensor of(LongBuffer elements, long... shape) {
        return new Longs(elements, shape);
    }

    /**
     * Signed 32-bit integers.
     *
     * @param elements the memory, from index 0
     * @param shape the sizes; their product is at most the buffer's capacity
     * @return a view
     */
    public static Tensor of(IntBuffer elements, long... shape) {
        return new Ints(elements, shape);
    }

    /**
     * Signed 16-bit integers.
     *
     * @param elements the memory, from index 0
     * @param shape the sizes; their product is at most the buffer's capacity
     * @return a view
     */
    public static Tensor of(ShortBuffer elements, long... shape) {
        return new Shorts(elements, shape);
    }

    /**
     * One-byte elements.
     *
     * @param type {@link ElementType#INT8}, {@link ElementType#UINT8} or {@link ElementType#BOOL}
     * @param elements the memory, from index 0
     * @param shape the sizes; their product is at most the buffer's capacity
     * @return a view
     * @throws IllegalArgumentException if the type is another one
     */
    public static Tensor of(ElementType type, ByteBuffer elements, long... shape) {
        if (type != ElementType.INT8 && type != ElementType.UINT8 && type != ElementType.BOOL) {
            throw new IllegalArgumentException("type: " + type + " (expected: a type of one byte)");
        }
        return new Bytes(type, elements, shape);
    }

    /**
     * Text.
     *
     * @param elements the memory, from index 0
     * @param shape the sizes; their product is at most the array's length
     * @return a view
     */
    public static Tensor of(String[] elements, long... shape) {
        return new Strings(elements, shape);
    }

    /**
     * 64-bit floating-point elements whose columns carry labels.
     *
     * @param labels one for each column
     * @param elements the memory, from index 0
     * @param rows the number of rows
     * @return a view of shape {@code [rows, labels]}
     */
    public static Tensor labelled(List<String> labels, DoubleBuffer elements, int rows) {
        return new Labelled(labels, elements, rows);
    }

    /**
     * The elements' type.
     *
     * @return the type
     */
    public final ElementType type() {
        return type;
    }

    /**
     * The sizes, rows first.
     *
     * @return a copy
     */
    public final long[] shape() {
        return shape.clone();
    }

    /**
     * The number of rows.
     *
     * @return the first size, 1 for a scalar
     */
    public final int rows() {
        return shape.length == 0 ? 1 : (int) shape[0];
    }

    /**
     * The number of elements.
     *
     * @return the product of all sizes
     */
    public final int length() {
        return length;
    }

    /**
     * The labels of the columns.
     *
     * @return an immutable list, empty for a tensor without labels
     */
    public List<String> labels() {
        return List.of();
    }

    /**
     * Reads a number.
     *
     * @param index the element's index
     * @return the element as a {@code double}; a 64-bit integer beyond 2<sup>53</sup> is rounded; true is 1
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws UnsupportedOperationException if the elements are text
     */
    public double number(int index) {
        throw unsupported();
    }

    /**
     * Writes a number.
     *
     * @param index the element's index
     * @param value the number; rounded to the nearest 32-bit number, cut to an integer, or true unless 0, as the type asks
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws UnsupportedOperationException if the elements are text
     */
    public void number(int index, double value) {
        throw unsupported();
    }

    /**
     * Reads a whole number.
     *
     * @param index the element's index
     * @return the element as a {@code long}; a floating-point element is cut
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws UnsupportedOperationException if the elements are text
     */
    public long integer(int index) {
        return (long) number(index);
    }

    /**
     * Writes a whole number.
     *
     * @param index the element's index
     * @param value the number; its low bits where the type is narrower; for a boolean, true unless 0
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws UnsupportedOperationException if the elements are text
     */
    public void integer(int index, long value) {
        number(index, (double) value);
    }

    /**
     * Reads a text.
     *
     * @param index the element's index
     * @return the element
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws UnsupportedOperationException if the elements are numbers
     */
    public String text(int index) {
        throw unsupported();
    }

    /**
     * Writes a text.
     *
     * @param index the element's index
     * @param value the text
     * @throws IndexOutOfBoundsException if there is no such element
     * @throws UnsupportedOperationException if the elements are numbers
     */
    public void text(int index, String value) {
        throw unsupported();
    }

    private UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("elements are of type " + type);
    }

    private static final class Floats extends Tensor {
        private final FloatBuffer elements;

        private Floats(FloatBuffer elements, long[] shape) {
            super(ElementType.FLOAT32, shape, elements.capacity());
            this.elements = elements;
        }

        @Override
        public double number(int index) {
            return elements.get(index);
        }

        @Override
        public void number(int index, double value) {
            elements.put(index, (float) value);
        }

        @Override
        public void integer(int index, long value) {
            elements.put(index, (float) value); // once rounded, not twice: by way of a double it would be
        }
    }

    private static final class Doubles extends Tensor {
        private final DoubleBuffer elements;

        private Doubles(DoubleBuffer elements, long[] shape) {
            super(ElementType.FLOAT64, shape, elements.capacity());
            this.elements = elements;
        }

        @Override
        public double number(int index) {
            return elements.get(index);
        }

        @Override
        public void number(int index, double value) {
            elements.put(index, value);
        }
    }

    private static final class Labelled extends Tensor {
        private final List<String> labels;
        private final DoubleBuffer elements;

        private Labelled(List<String> labels, DoubleBuffer elements, int rows) {
            super(ElementType.FLOAT64, new long[] {rows, labels.size()}, elements.capacity());
            this.labels = List.copyOf(labels);
            this.elements = elements;
        }

        @Override
        public List<String> labels() {
            return labels;
        }

        @Override
        public double number(int index) {
            return elements.get(index);
        }
    }

    private static final class Longs extends Tensor {
        private final LongBuffer elements;

        private Longs(LongBuffer elements, long[] shape) {
            super(ElementType.INT64, shape, elements.capacity());
            this.elements = elements;
        }

        @Override
        public double number(int index) {
            return elements.get(index);
        }

        @Override
        public void number(int index, double value) {
            elements.put(index, (long) value);
        }

        @Override
        public long integer(int index) {
            return elements.get(index);
        }

        @Override
        public void integer(int index, long value) {
            elements.put(index, value);
        }
    }

    private static final class Ints extends Tensor {
        private final IntBuffer elements;

        private Ints(IntBuffer elements, long[] shape) {
            super(ElementType.INT32, shape, elements.capacity());
            this.elements = elements;
        }

        @Override
        public double number(int index) {
            return elements.get(index);
        }

        @Override
        public void number(int index, double value) {
            elements.put(index, (int) value);
        }

        @Override
        public void integer(int index, long value) {
            elements.put(index, (int) value);
        }
    }

    private static final class Shorts extends Tensor {
        private final ShortBuffer elements;

        private Shorts(ShortBuffer elements, long[] shape) {
            super(ElementType.INT16, shape, elements.capacity());
            this.elements = elements;
        }

        @Override
        public double number(int index) {
            return elements.get(index);
        }

        @Override
        public void number(int index, double value) {
            elements.put(index, (short) value);
        }

        @Override
        public void integer(int index, long value) {
            elements.put(index, (short) value);
        }
    }

    private static final class Bytes extends Tensor {
        private final ByteBuffer elements;

        private Bytes(ElementType type, ByteBuffer elements, long[] shape) {
            super(type, shape, elements.capacity());
            this.elements = elements;
        }

        @Override
        public double number(int index) {
            byte element = elements.get(index);
            return type() == ElementType.UINT8 ? Byte.toUnsignedInt(element) : element;
        }

        @Override
        public void number(int index, double value) {
            elements.put(index, type() == ElementType.BOOL ? truth(value != 0) : (byte) (int) value);
        }

        @Override
        public void integer(int index, long value) {
            elements.put(index, type() == ElementType.BOOL ? truth(value != 0) : (byte) value);
        }

        /** An engine may take any other byte for anything. */
        private static byte truth(boolean value) {
            return (byte) (value ? 1 : 0);
        }
    }

    private static final class Strings extends Tensor {
        private final String[] elements;

        private Strings(String[] elements, long[] shape) {
            super(ElementType.STRING, shape, elements.length);
            this.elements = elements;
        }

        @Override
        public String text(int index) {
            return elements[index];
        }

        @Override
        public void text(int index, String value) {
            elements[index] = value;
        }
    }
}
