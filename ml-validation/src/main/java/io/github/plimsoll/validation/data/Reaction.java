package io.github.plimsoll.validation.data;

/**
 * What a guard does with a row that breaks a rule.
 *
 * @since 0.1
 */
public enum Reaction {
    /** Nothing: the rule is not checked. */
    ACCEPT,
    /** Changes the value as the contract says, notes the change as a warning, and rejects the row if there is no such change. */
    REPAIR,
    /** Lets the row pass and notes what is wrong. */
    WARN,
    /** Keeps the row from the model. */
    REJECT
}
