package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.ArrayList;
import java.util.List;

/** Counts tensors: embeddings, images, windows of readings. Not thread-safe. */
final class TensorTally implements Tally {

    static final List<String> PARTS = List.of(
            "size",
            "not finite",
            "norm",
            "distance",
            "brightness",
            "contrast",
            "sharpness",
            "projection 1",
            "projection 2",
            "projection 3",
            "projection 4");
    static final int NORM = 2;

    private static final int MOST_SUMMED = 1024;
    private static final int DISTANCE = 3;
    private static final int BRIGHTNESS = 4;
    private static final int CONTRAST = 5;
    private static final int SHARPNESS = 6;
    private static final int PROJECTION = 7;
    private static final int PROJECTIONS = 4;

    private final long[] shape;
    private final double[] centre;
    private final Parts parts = new Parts(PARTS.size());
    private final List<ExactSum> sums = new ArrayList<>();
    private double[] elements = new double[0];
    private int unCarried;
    private long count;

    TensorTally(Feature feature, double[] centre) {
        shape = feature.shape();
        this.centre = centre;
        for (int i = 0; i < summed(shape); i++) {
            sums.add(new ExactSum());
        }
    }

    /** How many elements are summed: all of tensors of one length that is not too large. */
    static int summed(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements = size < 0 || elements > MOST_SUMMED ? 0 : elements * size;
        }
        return elements > MOST_SUMMED ? 0 : (int) elements;
    }

    @Override
    public void add(FeatureRow row, int index) {
        count++;
        int length = row.tensorLength(index);
        if (elements.length < length) {
            elements = new double[length];
        }
        double squares = 0;
        int notFinite = 0;
        for (int i = 0; i < length; i++) {
            double x = row.tensorElement(index, i);
            elements[i] = x;
            squares += x * x;
            notFinite += Double.isFinite(x) ? 0 : 1;
        }
        parts.add(0, length);
        parts.add(1, notFinite);
        if (notFinite > 0 || !Double.isFinite(squares)) {
            return;
        }
        parts.add(NORM, Math.sqrt(squares));
        if (centre.length == length && length > 0) {
            parts.add(DISTANCE, distance(length));
        }
        for (int p = 0; p < PROJECTIONS; p++) {
            parts.add(PROJECTION + p, projection(p, length));
        }
        for (int i = 0; i < sums.size(); i++) {
            PowerSums.addTo(sums.get(i), elements[i]);
        }
        if (!sums.isEmpty() && ++unCarried == 1 << 30) {
            sums.forEach(ExactSum::carry);
            unCarried = 0;
        }
        if (shape.length == 2 || shape.length == 3) {
            picture(length);
        }
    }

    private double distance(int length) {
        double squares = 0;
        for (int i = 0; i < length; i++) {
            double difference = elements[i] - centre[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }

    /** The sum of the elements with signs that are a fixed function of their places, divided by the root of their number. */
    private double projection(int number, int length) {
        double sum = 0;
        long signs = 0;
        for (int i = 0; i < length; i++) {
            if ((i & 63) == 0) {
                signs = KnownValues.mix(((long) number << 32) | i);
            }
            sum += (signs & 1) == 0 ? elements[i] : -elements[i];
            signs >>>= 1;
        }
        return length == 0 ? 0 : sum / Math.sqrt(length);
    }

    /** An image of rows, columns and possibly channels, the smallest of three sizes being that of the channels if it is at an end. */
    private void picture(int length) {
        int channels = 1;
        boolean channelsFirst = false;
        if (shape.length == 3) {
            channelsFirst = shape[0] > 0 && shape[0] <= 4 && shape[2] > 4;
            channels = (int) (channelsFirst ? shape[0] : shape[2]);
        }
        int width = (int) (channelsFirst ? shape[2] : shape[1]);
        int pixels = length / channels;
        int height = pixels / width;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < pixels; i++) {
            double grey = 0;
            for (int c = 0; c < channels; c++) {
                grey += channelsFirst ? elements[c * pixels + i] : elements[i * channels + c];
            }
            grey /= channels;
            elements[i] = channelsFirst || channels > 1 ? grey : elements[i];
            sum += grey;
        }
        double mean = sum / pixels;
        for (int i = 0; i < pixels; i++) {
            squares += (elements[i] - mean) * (elements[i] - mean);
        }
        if (pixels == 0) {
            return;
        }
        parts.add(BRIGHTNESS, mean);
        parts.add(CONTRAST, Math.sqrt(squares / pixels));
        if (height > 2 && width > 2) {
            parts.add(SHARPNESS, sharpness(height, width));
        }
    }

    /** The variance of the Laplacian, the sum of a pixel's four neighbours less four times itself: low for blurred images. */
    private double sharpness(int height, int width) {
        double sum = 0;
        double squares = 0;
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
                        squares += (laplacian - mean) * (laplacian - mean);
                    }
                }
            }
        }
        return squares / n;
    }

    @Override
    public void add(Facts other) {
        TensorFacts facts = (TensorFacts) other;
        count += facts.count;
        parts.add(facts.parts);
        for (int i = 0; i < sums.size(); i++) {
            sums.get(i).add(facts.sums.get(i));
        }
    }

    @Override
    public TensorFacts facts() {
        sums.forEach(ExactSum::carry);
        return new TensorFacts(
                count, parts.facts(), sums.stream().map(ExactSum::copy).toList());
    }
}
