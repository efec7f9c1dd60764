package io.github.plimsoll.core.table;

import io.github.plimsoll.core.PlimsollException;
import org.jspecify.annotations.Nullable;

/**
 * A table cannot be read, or not any further.
 *
 * @since 0.1
 */
public final class TableException extends PlimsollException {

    private static final long serialVersionUID = 1L;

    private final transient TableProblem problem;

    /**
     * An exception.
     *
     * @param table what the table is called, such as its path
     * @param problem what is wrong with it
     * @param cause what was thrown underneath, or null
     */
    public TableException(String table, TableProblem problem, @Nullable Throwable cause) {
        super(table + ": " + problem, cause);
        this.problem = problem;
    }

    /**
     * What is wrong, and where.
     *
     * @return the problem
     */
    public TableProblem problem() {
        return problem;
    }
}
