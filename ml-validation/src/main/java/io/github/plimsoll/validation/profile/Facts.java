package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;

/** What is known of the values of one feature. Immutable by convention: nobody changes the arrays in it. */
sealed interface Facts permits NumberFacts, WordFacts, NoFacts {

    /** How many values. */
    long count();

    /** How many of them were outside the declared range or set. */
    long outside();

    void write(FieldWriter out);

    static Facts read(Feature feature, FieldReader in) {
        if (feature.isSensitive()) {
            return NoFacts.read(in);
        }
        return switch (feature.type()) {
            case NUMBER, INTEGER, BOOLEAN, TIMESTAMP -> NumberFacts.read(feature.type(), in);
            case CATEGORY, TEXT -> WordFacts.read(in);
            case TENSOR -> NoFacts.read(in);
        };
    }
}
