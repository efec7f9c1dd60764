package io.github.plimsoll.monitoring.drift;

/** How often values occurred, those beyond a bound counted together. */
interface Occurrences {

    /** How often a value occurred; 0 of those that are counted together. */
    int count(double value);

    /** How many occurrences there were. */
    long total();

    /** Occurrences that also tell what is not among them. */
    interface Known extends Occurrences {

        /** Whether there were more values than can be told apart. */
        boolean isFull();

        /** How many values occurred exactly once. */
        int singles();
    }
}
