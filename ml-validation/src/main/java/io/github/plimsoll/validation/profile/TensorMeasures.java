package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureRow;

/**
 * Measures tensors: embeddings, images, windows of readings. For profiles, and for whoever watches live traffic. Reading a tensor
 * and each measure cost some nanoseconds an element; only a tensor longer than those before allocates. Not thread-safe.
 *
 * @since 0.1
 */
public final class TensorMeasures {

    /** How many projections there are. */
    public static final int PROJECTIONS = 4;

    private static final int MOST_CHANNELS = 4;

    private final int channels; // 0 for what is no image
    private final int width;
    private final boolean channelsFirst;
    private double[] elements = new double[0];
    private int length;
    private int notFinite;
    private double squares;
    private double brightness;
    private double contrast;
    private double sharpness;

    /**
     * Measures of tensors of a shape. Those of two or three dimensions are images of rows, columns and possibly channels, the
     * smallest of three sizes being that of the channels if it is at an end.
     *
     * @param shape the sizes, negative where they are not fixed
     */
    public TensorMeasures(long[] shape) {
        channelsFirst = shape.length == 3 && shape[0] > 0 && shape[0] <= MOST_CHANNELS && shape[2] > MOST_CHANNELS;
        long wide = shape.length == 2 || shape.length == 3 ? shape[channelsFirst ? 2 : 1] : 0;
        long deep = shape.length == 3 ? shape[channelsFirst ? 0 : 2] : 1;
        boolean isImage = wide > 0 && wide <= Integer.MAX_VALUE && deep > 0 && deep <= Integer.MAX_VALUE;
        width = isImage ? (int) wide : 0;
        channels = isImage ? (int) deep : 0;
    }

    /**
     * Whether tensors of a shape are images.
     *
     * @return whether {@link #readImage} may find one
     */
    public boolean areImages() {
        return channels > 0;
    }

    /**
     * Measures a tensor.
     *
     * @param row a row
     * @param index the index of its feature that is the tensor
     * @return whether all elements are finite and so is their norm; if not, there is no measure but length and number of others
     */
    public boolean read(FeatureRow row, int index) {
        length = row.tensorLength(index);
        if (elements.length < length) {
            elements = new double[length];
        }
        squares = 0;
        notFinite = 0;
        for (int i = 0; i < length; i++) {
            double x = row.tensorElement(index, i);
            elements[i] = x;
            squares += x * x;
            notFinite += Double.isFinite(x) ? 0 : 1;
        }
        return notFinite == 0 && Double.isFinite(squares);
    }

    /**
     * The number of elements.
     *
     * @return a number >= 0
     */
    public int length() {
        return length;
    }

    /**
     * How many elements are NaN or infinite.
     *
     * @return a number >= 0
     */
    public int notFinite() {
        return notFinite;
    }

    /**
     * An element of the tensor, until an image is read of it.
     *
     * @param index its index
     * @return the element
     */
    public double element(int index) {
        return elements[index];
    }

    /**
     * The root of the sum of the squares.
     *
     * @return a number >= 0
     */
    public double norm() {
        return Math.sqrt(squares);
    }

    /**
     * The mean of the elements.
     *
     * @return a number; NaN if there are none
     */
    public double mean() {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += elements[i];
        }
        return sum / length;
    }

    /**
     * The root of the mean squared distance of the elements from their mean.
     *
     * @return a number >= 0; NaN if there are none
     */
    public double deviation() {
        double mean = mean();
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (elements[i] - mean) * (elements[i] - mean);
        }
        return Math.sqrt(sum / length);
    }

    /**
     * The distance from a tensor of the same length.
     *
     * @param centre its elements
     * @return a number >= 0
     */
    public double distance(double[] centre) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double difference = elements[i] - centre[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /**
     * The sum of the elements with signs that are a fixed function of their places, divided by the root of their number.
     *
     * @param number which one, from 0 to {@link #PROJECTIONS} - 1
     * @return a number; 0 if there are no elements
     */
    public double projection(int number) {
        double sum = 0;
        long signs = 0;
        for (int i = 0; i < length; i++) {
            if ((i & 63) == 0) {
                signs = Mixer.mix(((long) number << 32) | i);
            }
            sum += (signs & 1) == 0 ? elements[i] : -elements[i];
            signs >>>= 1;
        }
        return length == 0 ? 0 : sum / Math.sqrt(length);
    }

    /**
     * Measures the tensor as an image. What was computed of its elements is no longer to be asked for.
     *
     * @return whether it is one with pixels
     */
    public boolean readImage() {
        long ofRow = (long) width * channels;
        if (ofRow == 0 || length < ofRow || length % ofRow != 0) {
            return false;
        }
        int pixels = length / channels;
        int height = pixels / width;
        double sum = 0;
        for (int i = 0; i < pixels; i++) {
            double grey = 0;
            for (int c = 0; c < channels; c++) {
                grey += channelsFirst ? elements[c * pixels + i] : elements[i * channels + c];
            }
            grey /= channels;
            elements[i] = channelsFirst || channels > 1 ? grey : elements[i];
            sum += grey;
        }
        brightness = sum / pixels;
        double distances = 0;
        for (int i = 0; i < pixels; i++) {
            distances += (elements[i] - brightness) * (elements[i] - brightness);
        }
        contrast = Math.sqrt(distances / pixels);
        sharpness = height > 2 && width > 2 ? sharpness(height) : Double.NaN;
        return true;
    }

    /** The variance of the Laplacian, the sum of a pixel's four neighbours less four times itself. */
    private double sharpness(int height) {
        double sum = 0;
        double ofSquares = 0;
        int n = (height - 2) * (width - 2);
        for (int pass = 0; pass < 2; pass++) {
            double mean = sum / n;
            for (int y = 1; y < height - 1; y++) {
                for (int x = 1; x < width - 1; x++) {
                    int at = y * width + x;
                    double laplacian = elements[at - width]
                            + elements[at + width]
                            + elements[at - 1]
                            + elements[at + 1]
                            - 4 * elements[at];
                    if (pass == 0) {
                        sum += laplacian;
                    } else {
                        ofSquares += (laplacian - mean) * (laplacian - mean);
                    }
                }
            }
        }
        return ofSquares / n;
    }

    /**
     * The mean of the image's grey.
     *
     * @return a number
     */
    public double brightness() {
        return brightness;
    }

    /**
     * The standard deviation of the image's grey.
     *
     * @return a number >= 0
     */
    public double contrast() {
        return contrast;
    }

    /**
     * The variance of the image's Laplacian, low for blurred images.
     *
     * @return a number >= 0; NaN for images of less than 3 x 3 pixels
     */
    public double sharpness() {
        return sharpness;
    }
}
