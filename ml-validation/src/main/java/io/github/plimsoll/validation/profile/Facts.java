package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;

/** What is known of the values of one feature. Immutable by convention: nobody changes the arrays in it. */
sealed interface Facts permits NumberFacts, WordFacts, TensorFacts, NoFacts {

    /** How many values. */
    long count();

    /** How many of them were outside the declared range or set. */
    long outside();

    void write(FieldWriter out);

    /** Whether a sensitive feature's values are hashed where there is a key: not tensors, of which no two are the same. */
    static boolean areHashed(Feature feature) {
        return feature.type() != FeatureType.TENSOR;
    }

    static Facts read(Feature feature, Basis basis, FieldReader in) {
        if (feature.isSensitive()) {
            return basis.key() != 0 && areHashed(feature) ? WordFacts.read(FeatureType.CATEGORY, in) : NoFacts.read(in);
        }
        return switch (feature.type()) {
            case NUMBER, INTEGER, BOOLEAN, TIMESTAMP -> NumberFacts.read(feature.type(), in);
            case CATEGORY, TEXT -> WordFacts.read(feature.type(), in);
            case TENSOR -> TensorFacts.read(feature.shape(), in);
        };
    }
}
