package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.schema.Output;

/** An output as the manifest describes it, with how far an answer may lie from the golden one. */
public record DescribedOutput(Output<?> output, double absolute, double relative) {

    /** Whether a number is within the tolerance of the golden one. */
    boolean allows(double answer, double golden) {
        return Double.compare(answer, golden) == 0
                || Math.abs(answer - golden) <= absolute + relative * Math.abs(golden);
    }

    /** An output of a kind. */
    static Output<?> of(Output.Kind kind, String classLabel) {
        return switch (kind) {
            case NUMBER -> Output.number();
            case PROBABILITY -> Output.probability();
            case PROBABILITY_OF_CLASS -> Output.probabilityOf(classLabel);
            case CLASSES -> Output.classes();
            case LABEL -> Output.label();
            case VECTOR -> Output.vector();
            case RANKING -> Output.ranking();
        };
    }

    /** The same output without what the host maps it to, which no file can describe. */
    static Output<?> unmapped(Output<?> output) {
        Output<?> plain = of(output.kind(), output.classLabel() == null ? "" : output.classLabel());
        if (!output.labels().isEmpty()) {
            plain = plain.labelled(output.labels().toArray(String[]::new));
        }
        return output.source() == null ? plain : plain.from(output.source());
    }
}
