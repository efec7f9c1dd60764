package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.validation.profile.TensorMeasures;
import io.github.plimsoll.validation.profile.TextMeasures;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes what is watched of texts, tensors and times. Allocates nothing for most rows. Not thread-safe. */
final class Measures {

    private static final double MILLIS_OF_HOUR = 3_600_000;

    private final RowEncoder encoder;
    private final boolean learns;
    private final TextMeasures text = new TextMeasures(this::see);
    private final @Nullable TensorMeasures[] tensors;
    private @Nullable Vocabulary vocabulary; // of the text that is read
    private int unseen;

    /** Measures that learn the words they meet, or not. */
    Measures(RowEncoder encoder, boolean learns) {
        this.encoder = encoder;
        this.learns = learns;
        List<Column> features = encoder.features();
        tensors = new TensorMeasures[features.size()];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] =
                    encoder.isTensor(i) ? new TensorMeasures(features.get(i).sizes()) : null;
        }
    }

    /**
     * Fills in what is derived of a row that a {@link RowReader} has read.
     *
     * @param features the row's texts and tensors; null if there are none that are looked at
     * @param row the row's columns; those of hours hold the time
     * @param millis the time of the row, {@link Window#NO_TIME} if it has none
     */
    void fill(@Nullable FeatureRow features, double[] row, long millis) {
        for (int feature = 0; feature < tensors.length; feature++) {
            if (encoder.isText(feature)) {
                fillText(features, feature, row);
            } else if (encoder.isTensor(feature)) {
                fillTensor(features, feature, row);
            } else if (encoder.isTime(feature)) {
                fillTime(feature, row, millis);
            }
        }
    }

    private void see(int word) {
        Vocabulary known = vocabulary;
        if (known != null && learns) {
            known.learn(word);
        } else if (known != null && !known.has(word)) {
            unseen++;
        }
    }

    private void fillText(@Nullable FeatureRow features, int feature, double[] row) {
        int first = encoder.firstMeasure(feature);
        Vocabulary words = encoder.vocabulary(feature);
        String value = features == null || !Double.isFinite(row[feature])
                ? null
                : features.text(features.indexOf(encoder.name(feature)));
        vocabulary = words;
        unseen = 0;
        text.read(value == null ? "" : value);
        if (learns) {
            words.endText();
        }
        boolean any = value != null && text.length() > 0;
        double letters = text.share(TextMeasures.LETTERS);
        double digits = text.share(TextMeasures.DIGITS);
        row[first] = value == null ? RowEncoder.MISSING : text.length();
        row[first + 1] = value == null ? RowEncoder.MISSING : text.words();
        row[first + 2] = any ? letters : RowEncoder.MISSING;
        row[first + 3] = any ? digits : RowEncoder.MISSING;
        row[first + 4] = any ? text.share(TextMeasures.SYMBOLS) + text.share(TextMeasures.EMOJI) : RowEncoder.MISSING;
        row[first + 5] = text.words() > 0 ? (double) unseen / text.words() : RowEncoder.MISSING;
    }

    /** A tensor with an element that is not finite is one that could not be read. */
    private void fillTensor(@Nullable FeatureRow features, int feature, double[] row) {
        int first = encoder.firstMeasure(feature);
        List<Measure> measures = encoder.measures(feature);
        Arrays.fill(row, first, first + measures.size(), RowEncoder.MISSING);
        TensorMeasures tensor = tensors[feature];
        if (features == null || tensor == null || !Double.isFinite(row[feature])) {
            return;
        }
        if (!tensor.read(features, features.indexOf(encoder.name(feature)))) {
            row[feature] = RowEncoder.INVALID;
            return;
        }
        for (int i = 0; i < measures.size(); i++) {
            if (!isOfImage(measures.get(i))) {
                row[first + i] = value(measures.get(i), tensor);
            }
        }
        boolean isImage = tensor.readImage(); // overwrites the elements
        for (int i = 0; isImage && i < measures.size(); i++) {
            if (isOfImage(measures.get(i))) {
                row[first + i] = value(measures.get(i), tensor);
            }
        }
    }

    private static boolean isOfImage(Measure measure) {
        return measure == Measure.BRIGHTNESS || measure == Measure.CONTRAST || measure == Measure.SHARPNESS;
    }

    private static double value(Measure measure, TensorMeasures tensor) {
        return switch (measure) {
            case NORM -> tensor.norm();
            case MEAN -> tensor.mean();
            case DEVIATION -> tensor.deviation();
            case BRIGHTNESS -> tensor.brightness();
            case CONTRAST -> tensor.contrast();
            case SHARPNESS -> tensor.sharpness();
            case PROJECTION_1 -> tensor.projection(0);
            case PROJECTION_2 -> tensor.projection(1);
            case PROJECTION_3 -> tensor.projection(2);
            case PROJECTION_4 -> tensor.projection(3);
            default -> throw new IllegalStateException(measure + " (expected: one of a tensor)");
        };
    }

    private void fillTime(int feature, double[] row, long millis) {
        int first = encoder.firstMeasure(feature);
        double time = row[first];
        row[first] = Math.floor(time / MILLIS_OF_HOUR) - 24 * Math.floor(time / (24 * MILLIS_OF_HOUR));
        double day = Math.floor(time / (24 * MILLIS_OF_HOUR)) + 3; // 1970-01-01 was a Thursday
        row[first + 1] = day - 7 * Math.floor(day / 7) + 1;
        row[encoder.ageColumn(feature)] =
                millis == Window.NO_TIME ? RowEncoder.MISSING : (millis - time) / MILLIS_OF_HOUR;
    }
}
