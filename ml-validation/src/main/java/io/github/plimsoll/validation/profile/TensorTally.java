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

    private final TensorMeasures measures;
    private final double[] centre;
    private final Parts parts = new Parts(PARTS.size());
    private final List<ExactSum> sums = new ArrayList<>();
    private int unCarried;
    private long count;

    TensorTally(Feature feature, double[] centre) {
        long[] shape = feature.shape();
        measures = new TensorMeasures(shape);
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
        boolean finite = measures.read(row, index);
        parts.add(0, measures.length());
        parts.add(1, measures.notFinite());
        if (!finite) {
            return;
        }
        parts.add(NORM, measures.norm());
        if (centre.length == measures.length() && centre.length > 0) {
            parts.add(DISTANCE, measures.distance(centre));
        }
        for (int p = 0; p < TensorMeasures.PROJECTIONS; p++) {
            parts.add(PROJECTION + p, measures.projection(p));
        }
        for (int i = 0; i < sums.size(); i++) {
            PowerSums.addTo(sums.get(i), measures.element(i));
        }
        if (!sums.isEmpty() && ++unCarried == 1 << 30) {
            sums.forEach(ExactSum::carry);
            unCarried = 0;
        }
        if (measures.readImage()) {
            parts.add(BRIGHTNESS, measures.brightness());
            parts.add(CONTRAST, measures.contrast());
            if (!Double.isNaN(measures.sharpness())) {
                parts.add(SHARPNESS, measures.sharpness());
            }
        }
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
