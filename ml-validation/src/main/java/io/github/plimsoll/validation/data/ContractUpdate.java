package io.github.plimsoll.validation.data;

import io.github.plimsoll.validation.data.InferredContract.Rule;
import java.util.List;
import java.util.Objects;

/**
 * A contract that was loosened or brought up to date: what was changed and why, and what was not changed because a person has
 * to decide. {@link #toString} is the page to read.
 *
 * @param contract the changed contract; equal to the earlier one if nothing was changed
 * @param changes what was changed, each with its reason
 * @param open what was found and left as it is
 * @param rules what the rules of new columns rest on
 * @since 0.1
 * @see ContractInference#update
 * @see ContractInference#migrate
 */
public record ContractUpdate(DataContract contract, List<ContractChange> changes, List<Open> open, List<Rule> rules) {

    /**
     * Something that a person has to decide.
     *
     * @param path where: a column, a rule, or {@code table}
     * @param text what was found, and why it was left
     * @since 0.1
     */
    public record Open(String path, String text) {

        /** Something to decide. */
        public Open {
            Objects.requireNonNull(path);
            Objects.requireNonNull(text);
        }

        /** What to decide, as one line. */
        @Override
        public String toString() {
            return path + ": " + text;
        }
    }

    /** An update. */
    public ContractUpdate {
        Objects.requireNonNull(contract);
        changes = List.copyOf(changes);
        open = List.copyOf(open);
        rules = List.copyOf(rules);
    }

    /** The page to read: each change, what the rules of new columns rest on, and what is open. */
    @Override
    public String toString() {
        StringBuilder page = new StringBuilder("contract " + contract.name() + ": " + changes.size()
                + (changes.size() == 1 ? " change, " : " changes, ") + open.size() + " left to you");
        changes.forEach(change -> page.append("\n  ").append(change));
        rules.forEach(rule -> page.append("\n  ").append(rule));
        open.forEach(left -> page.append("\n  ? ").append(left));
        return page.toString();
    }
}
