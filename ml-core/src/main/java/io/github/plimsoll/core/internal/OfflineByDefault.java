package io.github.plimsoll.core.internal;

/** Keeps DJL from downloading anything and from reporting its use, unless the host has said otherwise. */
public final class OfflineByDefault {

    private OfflineByDefault() {}

    /** To be called before the first class of DJL is touched: it reads these when it starts. */
    public static void apply() {
        unlessSet("ai.djl.offline", "DJL_OFFLINE");
        unlessSet("OPT_OUT_TRACKING", "OPT_OUT_TRACKING");
    }

    private static void unlessSet(String property, String variable) {
        if (System.getProperty(property) == null && System.getenv(variable) == null) {
            System.setProperty(property, "true");
        }
    }
}
