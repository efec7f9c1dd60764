package io.github.plimsoll.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model package is not sound: its manifest cannot be read, a file is missing, changed or not listed, its signature does
 * not hold, or the model does not answer as it did when it was packaged. All problems are listed, not only the first.
 *
 * @since 0.1
 */
public final class ModelPackageException extends ModelLoadException {

    private static final long serialVersionUID = 1L;

    private static final int IN_MESSAGE = 20;

    private final transient List<String> problems;

    /**
     * An exception.
     *
     * @param subject what is not sound, such as {@code package /models/risk}
     * @param problems what is wrong, each with what was found and what was expected; copied, not empty
     */
    public ModelPackageException(String subject, List<String> problems) {
        this(subject, problems, null);
    }

    /**
     * An exception with a cause.
     *
     * @param subject what is not sound, such as {@code package /models/risk}
     * @param problems what is wrong, each with what was found and what was expected; copied, not empty
     * @param cause what was thrown beneath, or null
     */
    public ModelPackageException(String subject, List<String> problems, @Nullable Throwable cause) {
        super(message(subject, problems), cause);
        this.problems = List.copyOf(problems);
    }

    private static String message(String subject, List<String> problems) {
        int more = problems.size() - IN_MESSAGE;
        return subject + ": " + String.join("; ", problems.subList(0, Math.min(IN_MESSAGE, problems.size())))
                + (more > 0 ? "; and " + more + " more" : "");
    }

    /**
     * What is wrong.
     *
     * @return an immutable list, not empty
     */
    public List<String> problems() {
        return problems;
    }
}
