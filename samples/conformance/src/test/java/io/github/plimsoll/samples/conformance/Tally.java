package io.github.plimsoll.samples.conformance;

import java.util.ArrayList;
import java.util.List;

/** How the cases of one form went. Not thread-safe: the tests of a class run one after the other. */
final class Tally {

    private final String form;
    private final List<String> troubles = new ArrayList<>();
    private int passed;
    private int failed;
    private int unsupported;

    Tally(String form) {
        this.form = form;
    }

    /** Runs a check, counts how it went, and lets a failure through under the check's name. */
    void run(String file, Check check) {
        try {
            check.run();
            passed++;
        } catch (Unsupported nothing) {
            unsupported++;
            throw named(file, check, nothing.getMessage());
        } catch (AssertionError wrong) {
            failed++;
            throw named(file, check, wrong.getMessage());
        }
    }

    private AssertionError named(String file, Check check, String what) {
        String trouble = file + ": " + check.name() + ": " + what;
        troubles.add(trouble);
        AssertionError error = new AssertionError(trouble);
        error.setStackTrace(
                new StackTraceElement[0]); // it would show this class only, once for each of thousands of cases
        return error;
    }

    List<String> troubles() {
        return troubles;
    }

    @Override
    public String toString() {
        return form + ": " + passed + " passed, " + failed + " failed, " + unsupported + " unsupported";
    }
}
