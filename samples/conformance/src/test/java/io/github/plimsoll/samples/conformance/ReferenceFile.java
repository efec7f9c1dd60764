package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A file of reference answers that the product can be held against. To add one, write a class and name it in {@link #ALL}. */
interface ReferenceFile {

    /** The files that are understood; any other is reported as unsupported. */
    List<ReferenceFile> ALL = List.of(
            new CategoricalReference(),
            new DecisionsReference(),
            new DetectorsReference(),
            new InferenceReference(),
            new NumericReference(),
            new SketchReference(),
            new ValidationReference());

    /** Where it is in the reference folder, as in {@code expected/metrics.json}. */
    String path();

    /** The comparisons in it. Their names begin with the entry's. */
    List<Check> checks(JsonNode content, Tables tables) throws Exception;
}
