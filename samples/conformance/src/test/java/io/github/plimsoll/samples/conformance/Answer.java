package io.github.plimsoll.samples.conformance;

/** How one method is computed from a case's inputs and parameters. */
@FunctionalInterface
interface Answer {

    /**
     * Gives a number, a text, an array, a list, a map or a JSON node. A bare value stands for {@code {"value": ...}}. An input
     * that the product refuses is answered by the product's own exception.
     *
     * @throws Unsupported if the product cannot do what the case asks
     */
    Object to(Case given) throws Exception;
}
