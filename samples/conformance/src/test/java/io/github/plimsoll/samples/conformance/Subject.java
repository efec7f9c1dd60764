package io.github.plimsoll.samples.conformance;

import java.util.List;
import java.util.Map;

/**
 * A part of the product that cases ask. To add one, write a class and name it in {@link #ALL}.
 */
interface Subject {

    /** The parts that answer. */
    List<Subject> ALL = List.of(
            new Batches(),
            new Columns(),
            new Comparisons(),
            new CountTests(),
            new Detectors(),
            new Limits(),
            new MultipleTests(),
            new SequentialTests(),
            new Signatures(),
            new TwoSampleTests());

    /** The answers by method, or by area for cases that have an area. */
    Map<String, Answer> answers();
}
