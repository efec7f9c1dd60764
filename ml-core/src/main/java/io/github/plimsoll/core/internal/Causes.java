package io.github.plimsoll.core.internal;

/** What lies beneath an exception. */
public final class Causes {

    private static final int MAX_DEPTH = 20; // causes may form a ring

    private Causes() {}

    /** The words of the innermost cause, which are the engine's; DJL wraps twice. */
    public static String words(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at.getCause() != null && depth < MAX_DEPTH; depth++) {
            at = at.getCause();
        }
        String message = at.getMessage();
        return message == null ? at.toString() : message;
    }

    /** Whether a type of exception is among the causes. */
    public static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            if (type.isInstance(at)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
