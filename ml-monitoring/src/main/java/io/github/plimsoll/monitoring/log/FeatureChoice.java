package io.github.plimsoll.monitoring.log;

import io.github.plimsoll.core.schema.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Which features a line has. Immutable. */
sealed interface FeatureChoice {

    FeatureChoice NONE = new Named(List.of());

    FeatureChoice ALL = new All();

    /** The indexes of the features in the predictor's schema. */
    int[] resolve(List<Feature> schema);

    record Named(List<String> names) implements FeatureChoice {

        @Override
        public int[] resolve(List<Feature> schema) {
            List<String> known = schema.stream().map(Feature::name).toList();
            List<String> unknown = new ArrayList<>(names);
            unknown.removeAll(known);
            if (!unknown.isEmpty()) {
                throw new IllegalStateException(
                        "prediction log: no features " + unknown + " (expected: of " + known + ")");
            }
            return names.stream().distinct().mapToInt(known::indexOf).toArray();
        }
    }

    record All() implements FeatureChoice {

        @Override
        public int[] resolve(List<Feature> schema) {
            if (schema.isEmpty()) {
                throw new IllegalStateException("prediction log: all features, but the predictor has no schema");
            }
            return IntStream.range(0, schema.size()).toArray();
        }
    }
}
