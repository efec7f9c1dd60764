package io.github.plimsoll.core;

import io.github.plimsoll.core.schema.Violation;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The input is not one that the model may be asked: a field is missing, surplus or of the wrong type, or a guard found a
 * value that it does not let pass. All violations are listed. It has no stack trace, since under a flood of bad inputs
 * that would cost more than the check.
 *
 * @since 0.1
 */
public final class InvalidInputException extends PredictionException {

    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    /**
     * An exception.
     *
     * @param violations what is wrong, not empty; copied
     * @throws IllegalArgumentException if there are none
     */
    public InvalidInputException(List<Violation> violations) {
        super(message(violations), null, StackTrace.OMITTED);
        this.violations = List.copyOf(violations);
    }

    private static String message(List<Violation> violations) {
        if (violations.isEmpty()) {
            throw new IllegalArgumentException("violations: none (expected: at least one)");
        }
        return "invalid input: " + violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
    }

    /**
     * What is wrong with the input.
     *
     * @return an immutable list, not empty
     */
    public List<Violation> violations() {
        return violations;
    }

    @Override
    public String reason() {
        return "invalid";
    }
}
