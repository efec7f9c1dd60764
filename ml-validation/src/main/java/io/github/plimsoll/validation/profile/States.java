package io.github.plimsoll.validation.profile;

/** How many rows had no value, and why. */
record States(long missing, long unreadable, long notANumber, long positiveInfinity, long negativeInfinity) {

    static final States NONE = new States(0, 0, 0, 0, 0);
}
