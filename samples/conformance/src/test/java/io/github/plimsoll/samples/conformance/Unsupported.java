package io.github.plimsoll.samples.conformance;

/** The product has no answer for what a case asks. Reported apart from a wrong answer, and no less a failure. */
final class Unsupported extends AssertionError {

    private static final long serialVersionUID = 1L;

    Unsupported(String what) {
        super("unsupported: " + what);
    }
}
