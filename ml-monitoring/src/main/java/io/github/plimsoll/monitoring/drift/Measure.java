package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.validation.profile.TensorMeasures;
import java.util.List;

/** What is computed of a text, a tensor or a time, to be watched like a number of its own. */
enum Measure {
    /** The length of a text in code points. */
    LENGTH("length"),
    /** The number of its words. */
    WORDS("words"),
    /** The share of its code points that are letters. */
    LETTERS("letters"),
    /** The share of its code points that are digits. */
    DIGITS("digits"),
    /** The share of its code points that are neither letters, digits nor spaces. */
    OTHER("other"),
    /** The share of its words that no other text of the baseline has. */
    UNSEEN("unseen"),
    /** The root of the sum of a tensor's squares. */
    NORM("norm"),
    /** The mean of its elements. */
    MEAN("mean"),
    /** The standard deviation of its elements. */
    DEVIATION("deviation"),
    /** The mean of an image's grey. */
    BRIGHTNESS("brightness"),
    /** The standard deviation of its grey. */
    CONTRAST("contrast"),
    /** The variance of its Laplacian. */
    SHARPNESS("sharpness"),
    /** A sum of a tensor's elements with fixed random signs. */
    PROJECTION_1("projection1"),
    /** Another one. */
    PROJECTION_2("projection2"),
    /** Another one. */
    PROJECTION_3("projection3"),
    /** Another one. */
    PROJECTION_4("projection4"),
    /** The hour of a time, by UTC. */
    HOUR("hour"),
    /** The day of its week, by UTC, 1 for Monday. */
    WEEKDAY("weekday"),
    /** How many hours before the row it was. */
    AGE("age");

    private static final List<Measure> OF_TEXT = List.of(LENGTH, WORDS, LETTERS, DIGITS, OTHER, UNSEEN);
    private static final List<Measure> OF_TENSOR =
            List.of(NORM, MEAN, DEVIATION, PROJECTION_1, PROJECTION_2, PROJECTION_3, PROJECTION_4);
    private static final List<Measure> OF_IMAGE =
            List.of(NORM, BRIGHTNESS, CONTRAST, SHARPNESS, PROJECTION_1, PROJECTION_2, PROJECTION_3, PROJECTION_4);
    private static final List<Measure> OF_TIME = List.of(HOUR, WEEKDAY, AGE);

    private final String suffix;

    Measure(String suffix) {
        this.suffix = suffix;
    }

    /** What is computed of a feature; nothing of one that is sensitive. */
    static List<Measure> of(Column feature) {
        if (feature.isSensitive()) {
            return List.of();
        }
        return switch (feature.type()) {
            case TEXT -> OF_TEXT;
            case TENSOR -> new TensorMeasures(feature.sizes()).areImages() ? OF_IMAGE : OF_TENSOR;
            case TIMESTAMP -> OF_TIME;
            case NUMBER, INTEGER, CATEGORY, BOOLEAN -> List.of();
        };
    }

    /** The column of this measure of a feature. */
    Column column(Column feature) {
        return new Column(feature.name() + '.' + suffix, FeatureType.NUMBER, false, List.of());
    }

    /** Whether it depends on when the row is, too, and not on the row alone. */
    boolean isOfRowTime() {
        return this == AGE;
    }

    /** Whether it may follow the clock, as the hour of what has just happened does. */
    boolean mayFollowClock() {
        return this == HOUR || this == WEEKDAY;
    }
}
