package io.github.plimsoll.core.schema;

/** How one form of input is read. Immutable and thread-safe. */
interface InputReader<I> {

    /** Reads an input that is not null; what is wrong with its values goes into the row. */
    FeatureRow read(SchemaLayout layout, I input);

    /** This reader for features of the same names and types but other constraints. */
    default InputReader<I> over(SchemaLayout layout) {
        return this;
    }

    /** This reader, silent about fields that are in no feature. */
    default InputReader<I> ignoringUnknownFields() {
        return this;
    }
}
